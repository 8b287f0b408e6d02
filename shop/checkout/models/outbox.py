"""What still has to be told to others, and who wants to be told."""

import base64
import secrets

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from shop.checkout.models.event import OrderEvent
from shop.checkout.models.order import Order
from shop.checkout.models.payment import Payment, Refund


def new_webhook_secret() -> str:
    """A key for signatures, written as the Standard Webhooks specification has it."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"


class WebhookEndpoint(models.Model):
    """An address of the owner's own systems that hears what happens to orders."""

    url = models.URLField("address", max_length=500, help_text="https://…; private addresses are refused.")
    description = models.CharField(max_length=120, blank=True)
    secret = models.CharField(
        max_length=120,
        default=new_webhook_secret,
        help_text="Signs every message (Standard Webhooks: HMAC-SHA256 of id, time and body).",
    )
    events = ArrayField(
        models.CharField(max_length=20, choices=OrderEvent.Kind),
        default=list,
        blank=True,
        help_text="None chosen: all of them.",
    )
    is_active = models.BooleanField(default=True)
    failing_since = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Since when nothing has got through."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.description or self.url

    def wants(self, kind: str) -> bool:
        return self.is_active and (not self.events or kind in self.events)


class OutboxMessage(models.Model):
    """Something to hand over to others, written in the transaction that makes it due.

    A worker locks the row, hands it over and marks it before the lock goes: no two workers hand it over, and none is
    forgotten. Who receives it knows it by an id that stays the same, should a worker die between the two.
    """

    class Kind(models.TextChoices):
        MAIL = "mail"
        WEBHOOK = "webhook"
        REFUND = "refund"
        BANK = "bank", "answer of the test bank"

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done", "handed over"
        FAILED = "failed", "given up"

    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    order = models.ForeignKey(
        Order,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whose link is mailed, where no event is told of.",
    )
    event = models.ForeignKey(
        OrderEvent, on_delete=models.CASCADE, null=True, blank=True, related_name="messages"
    )
    endpoint = models.ForeignKey(
        WebhookEndpoint, on_delete=models.CASCADE, null=True, blank=True, related_name="messages"
    )
    refund = models.ForeignKey(
        Refund, on_delete=models.CASCADE, null=True, blank=True, related_name="messages"
    )
    payment = models.ForeignKey(Payment, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField("last failure", max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField("handed over", null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="waiting"), name="outbox_waiting")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"
