"""What takes something off a bag: promotions, their codes, and who has used them."""

import secrets
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from catalog.models import Brand, Category, Product
from shop.checkout.models.order import Order
from shop.checkout.pricing import Kind

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that looks like another
CODE_LENGTH = 10


def normal_code(text: str) -> str:
    """A code as it is kept: capital letters, without the spaces that copying brings along."""
    return "".join(text.split()).upper()


def new_code() -> str:
    """A code that nobody guesses: 31 letters, ten times."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


class Promotion(models.Model):
    """A discount, with its conditions and limits."""

    name = models.CharField(max_length=80, help_text="Shoppers read it under their bag.")
    kind = models.CharField(
        max_length=20,
        choices=[
            (Kind.PERCENT, "a percentage off"),
            (Kind.AMOUNT, "an amount off"),
            (Kind.FREE_DELIVERY, "free delivery"),
            (Kind.BUY_X_GET_Y, "pieces for nothing (the cheapest)"),
        ],
    )
    percent = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal(100))],
    )
    amount = models.DecimalField(
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
        help_text="In the shop's currency, off all that the promotion is about.",
    )
    buy = models.PositiveSmallIntegerField("pieces to pay", null=True, blank=True)
    get = models.PositiveSmallIntegerField("pieces for nothing", null=True, blank=True)

    is_by_code = models.BooleanField("only with a code", default=False)
    minimum = models.DecimalField(
        max_digits=10,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
        help_text="What the whole bag must cost before discounts.",
    )
    categories = models.ManyToManyField(
        Category, blank=True, related_name="+", help_text="With all that stand below them. None: all."
    )
    brands = models.ManyToManyField(Brand, blank=True, related_name="+")
    products = models.ManyToManyField(Product, blank=True, related_name="+")
    is_first_order = models.BooleanField("for a first order only", default=False)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    limit = models.PositiveIntegerField(
        "times in all",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Empty: without limit.",
    )
    limit_per_shopper = models.PositiveIntegerField(
        "times per shopper", null=True, blank=True, validators=[MinValueValidator(1)]
    )

    priority = models.IntegerField(
        default=0, help_text="Small numbers come first; each takes from what is left."
    )
    is_exclusive = models.BooleanField(
        "stands alone",
        default=False,
        help_text="Counts only where none came before it, and then none comes after it.",
    )
    is_active = models.BooleanField("on", default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["priority", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=Kind.PERCENT, percent__gt=0, percent__lte=100)
                | Q(kind=Kind.AMOUNT, amount__gt=0)
                | Q(kind=Kind.FREE_DELIVERY)
                | Q(kind=Kind.BUY_X_GET_Y, buy__gte=1, get__gte=1),
                name="promotion_says_what_it_gives",
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="promotion_ends_after_it_starts",
                violation_error_message="A promotion ends after it starts.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """What it gives must be told."""
        needs = {Kind.PERCENT: ["percent"], Kind.AMOUNT: ["amount"], Kind.BUY_X_GET_Y: ["buy", "get"]}
        missing = (
            [name for name in needs.get(Kind(self.kind), []) if not getattr(self, name)] if self.kind else []
        )
        if missing:
            raise ValidationError(dict.fromkeys(missing, "Say how much this kind of promotion gives."))


class PromotionCode(models.Model):
    """What a shopper types to get a promotion."""

    promotion = models.ForeignKey(Promotion, on_delete=models.CASCADE, related_name="codes")
    code = models.CharField(max_length=40, unique=True, default=new_code)
    limit = models.PositiveIntegerField(
        "times",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Empty: without limit of its own.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.code

    def save(self, *args: object, **kwargs: object) -> None:
        self.code = normal_code(self.code)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        self.code = normal_code(self.code)


class Redemption(models.Model):
    """A promotion that counted for an order. That of a cancelled order counts no more."""

    promotion = models.ForeignKey(Promotion, on_delete=models.PROTECT, related_name="redemptions")
    code = models.ForeignKey(
        PromotionCode, on_delete=models.PROTECT, null=True, blank=True, related_name="redemptions"
    )
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="redemptions")
    name = models.CharField(max_length=80, help_text="As it was called then.")
    amount = models.DecimalField(max_digits=10, decimal_places=2)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["promotion", "order"], name="promotion_once_per_order")
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.amount}"
