"""What was bought."""

import secrets
import uuid
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.countries import country_name
from catalog.models import Variant


def new_order_number() -> str:
    """Ten characters that are easy to read over the phone and say nothing about how many orders there are."""
    return "".join(secrets.choice("23456789ABCDEFGHJKMNPQRSTUVWXYZ") for _ in range(10))


class Order(models.Model):
    """What was bought, as it was at that moment. Prices, names and the address are copies."""

    class Status(models.TextChoices):
        AWAITING_PAYMENT = "awaiting_payment", "awaiting payment"
        PAID = "paid"
        PACKED = "packed"
        SHIPPED = "shipped"
        DELIVERED = "delivered"
        CANCELLED = "cancelled"

    number = models.CharField(max_length=20, unique=True, default=new_order_number, editable=False)
    secret = models.UUIDField(
        default=uuid.uuid4, unique=True, editable=False, help_text="Opens the order page for a guest."
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="orders"
    )
    session_key = models.CharField(
        max_length=64, blank=True, editable=False, help_text="The visitor who ordered without an account."
    )
    cart = models.ForeignKey(
        "checkout.Cart",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text="The bag it came from: so that nobody holds more unpaid orders than is fair.",
    )
    email = models.EmailField()
    status = models.CharField(max_length=20, choices=Status, default=Status.AWAITING_PAYMENT)
    name = models.CharField("full name", max_length=120)
    street = models.CharField("street and number", max_length=200)
    extra = models.CharField("flat, floor, company", max_length=200, blank=True)
    postcode = models.CharField(max_length=20)
    city = models.CharField(max_length=100)
    country = models.CharField(max_length=2)
    phone = models.CharField(max_length=40, blank=True)
    currency = models.CharField(max_length=3)
    subtotal = models.DecimalField(max_digits=10, decimal_places=2)
    discount = models.DecimalField(
        max_digits=10, decimal_places=2, default=Decimal(0), help_text="Of all lines together."
    )
    shipping = models.DecimalField(max_digits=10, decimal_places=2)
    shipping_method = models.CharField("way of delivery", max_length=80, blank=True)
    shipping_tax = models.DecimalField(max_digits=10, decimal_places=2, default=Decimal(0))
    tax = models.DecimalField(
        max_digits=10, decimal_places=2, default=Decimal(0), help_text="Of all lines and the delivery."
    )
    prices_include_tax = models.BooleanField(default=True)
    total = models.DecimalField(max_digits=10, decimal_places=2)
    created_at = models.DateTimeField(auto_now_add=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    language = models.CharField(
        max_length=10, blank=True, editable=False, help_text="In which it was placed: that of its mails."
    )

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(
                fields=["created_at"], condition=Q(status="awaiting_payment"), name="order_awaiting_payment"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(prices_include_tax=True, total=F("subtotal") - F("discount") + F("shipping"))
                | Q(
                    prices_include_tax=False,
                    total=F("subtotal") - F("discount") + F("shipping") + F("tax"),
                ),
                name="order_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(total__gte=0, discount__gte=0, discount__lte=F("subtotal")),
                name="order_total_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"Order {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("order", args=[self.number])

    @property
    def country_name(self) -> str:
        return country_name(self.country)

    @property
    def awaits_payment(self) -> bool:
        return self.status == self.Status.AWAITING_PAYMENT


class OrderLine(models.Model):
    """One line of an order."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey("catalog.Product", on_delete=models.SET_NULL, null=True, related_name="+")
    variant = models.ForeignKey(Variant, on_delete=models.SET_NULL, null=True, related_name="+")
    sku = models.CharField(max_length=120)
    name = models.CharField(max_length=200)
    size = models.CharField(max_length=20, blank=True)
    colour = models.CharField(max_length=40, blank=True)
    quantity = models.PositiveIntegerField()
    price = models.DecimalField(max_digits=10, decimal_places=2, help_text="Of one.")
    discount = models.DecimalField(
        max_digits=10, decimal_places=2, default=Decimal(0), help_text="This line's share of all discounts."
    )
    tax = models.DecimalField(
        max_digits=10, decimal_places=2, default=Decimal(0), help_text="Of the line after its discount."
    )
    tax_percent = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(0))

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.name}"

    @property
    def total(self) -> Decimal:
        """What the pieces cost before any discount."""
        return self.price * self.quantity

    @property
    def paid(self) -> Decimal:
        """What the shopper paid for the line, after discounts and with its tax: what goes back with its pieces."""
        return self.total - self.discount + (0 if self.order.prices_include_tax else self.tax)
