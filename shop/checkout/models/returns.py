"""What comes back."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.checkout.models.order import Order, OrderLine
from shop.checkout.models.payment import Refund


class Return(models.Model):
    """A shopper's wish to send pieces of a delivered order back, and what became of it."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked for")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        RECEIVED = "received", _("received")
        REFUNDED = "refunded", _("paid back")

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="returns")
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    words = models.TextField(max_length=1000, blank=True, help_text="What the shopper says.")
    answer = models.CharField(max_length=300, blank=True, help_text="Why it was refused.")
    refund = models.OneToOneField(
        Refund, on_delete=models.SET_NULL, null=True, blank=True, related_name="for_return"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"Return {self.pk} of {self.order}"


class ReturnLine(models.Model):
    """So many pieces of a line, and why."""

    class Reason(models.TextChoices):
        TOO_SMALL = "too_small", _("It is too small")
        TOO_LARGE = "too_large", _("It is too large")
        LOOKS_DIFFERENT = "looks_different", _("It looks different from the pictures")
        DAMAGED = "damaged", _("It is damaged or has a fault")
        WRONG_PIECE = "wrong_piece", _("It is not what I ordered")
        CHANGED_MIND = "changed_mind", _("I do not like it after all")

    asked = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="returns")
    quantity = models.PositiveIntegerField()
    reason = models.CharField(max_length=20, choices=Reason)
    is_restocked = models.BooleanField(null=True, help_text="Whether the pieces are on the shelf again.")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line.name}"
