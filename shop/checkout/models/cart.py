"""The bag."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from catalog.models import Variant


class Cart(models.Model):
    """What a shopper means to buy. It belongs to a user or, before sign-in, to a session."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="cart"
    )
    session_key = models.CharField(
        max_length=64, null=True, blank=True, unique=True
    )  # null: it belongs to a user
    code = models.CharField("promotion code", max_length=40, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False) | Q(session_key__isnull=False), name="cart_has_an_owner"
            )
        ]

    def __str__(self) -> str:
        return f"Cart of {self.user or 'a visitor'}"

    @property
    def pieces(self) -> models.QuerySet["CartLine"]:
        """The lines that are ordered; the others are saved for later."""
        return self.lines.filter(is_saved=False)


class CartLine(models.Model):
    """So many of one variant, to be ordered or saved for later."""

    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="lines")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField(default=1)
    is_saved = models.BooleanField("saved for later", default=False, db_default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["cart", "variant"], name="variant_once_per_cart"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="cart_quantity_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.variant}"
