"""How an order was paid, and what went back."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from shop.checkout.models.order import Order, OrderLine


class Payment(models.Model):
    """One attempt to pay an order. What was refunded of it is counted on the row, under a constraint."""

    class Status(models.TextChoices):
        PENDING = "pending"
        PAID = "paid"
        DECLINED = "declined"
        REFUNDED = "refunded"

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="payments")
    provider = models.CharField(max_length=30)
    reference = models.CharField(max_length=100, unique=True)
    provider_reference = models.CharField(
        max_length=200, blank=True, editable=False, help_text="What the provider calls it."
    )
    url = models.URLField(
        max_length=2000,
        blank=True,
        editable=False,
        help_text="Where the shopper answers while it is pending.",
    )
    amount = models.DecimalField(max_digits=10, decimal_places=2)
    refunded = models.DecimalField(max_digits=10, decimal_places=2, default=Decimal("0.00"))
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
            ),
            models.CheckConstraint(
                condition=Q(refunded__gte=0) & Q(refunded__lte=F("amount")), name="refunds_within_payment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} by {self.provider} ({self.status})"

    @property
    def refundable(self) -> Decimal:
        return self.amount - self.refunded


class Refund(models.Model):
    """Money that goes back: decided and counted at once, handed to the provider through the outbox."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        FAILED = "failed"

    payment = models.ForeignKey(Payment, on_delete=models.CASCADE, related_name="refunds")
    amount = models.DecimalField(max_digits=10, decimal_places=2)
    reason = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=1, editable=False)
    message = models.CharField(max_length=300, blank=True, help_text="Why the provider refused it.")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="refund_of_something")]

    def __str__(self) -> str:
        return f"{self.amount} {self.payment.currency} back ({self.state})"

    @property
    def key(self) -> str:
        """The same however often it is sent, so that the provider pays it once; another after it was refused."""
        return f"refund-{self.pk}-{self.tries}-{self.payment.reference}"


class RefundLine(models.Model):
    """Pieces of a line that a refund is for."""

    refund = models.ForeignKey(Refund, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="refunds")
    quantity = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line.name}"


class ProviderEvent(models.Model):
    """A message of a payment provider that was heard. Each is heard once."""

    provider = models.CharField(max_length=30)
    event_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=100, blank=True)
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-received_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["provider", "event_id"], name="provider_event_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"
