"""How an order was paid."""

from django.db import models
from django.db.models import Q

from shop.checkout.models.order import Order


class Payment(models.Model):
    """One attempt to pay an order."""

    class Status(models.TextChoices):
        PENDING = "pending"
        PAID = "paid"
        DECLINED = "declined"
        REFUNDED = "refunded"

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="payments")
    provider = models.CharField(max_length=30)
    reference = models.CharField(max_length=100, unique=True)
    amount = models.DecimalField(max_digits=10, decimal_places=2)
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    message = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(status__in=["pending", "paid"]),
                name="one_open_payment_per_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} by {self.provider} ({self.status})"
