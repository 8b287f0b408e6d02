"""The outbox: what has to reach others is written with the change it tells of, and handed over afterwards.

This module writes and keeps count. ``delivering`` hands over.
"""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from shop.checkout.models import OrderEvent, OutboxMessage, WebhookEndpoint
from shop.checkout.signals import message_written

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=6)
MOST_ATTEMPTS = 18  # with these waits a little over two days
KEPT_FOR = timedelta(days=30)
_SWEEP = 200

# The events that the shopper is told of by mail. Placing is not among them: the confirmation follows the payment, and
# packing and delivery are seen on the order's page and at the door.
MAILED = frozenset(
    {
        OrderEvent.Kind.PAID,
        OrderEvent.Kind.SHIPPED,
        OrderEvent.Kind.CANCELLED,
        OrderEvent.Kind.RETURN_ASKED,
        OrderEvent.Kind.RETURN_ACCEPTED,
        OrderEvent.Kind.RETURN_REFUSED,
        OrderEvent.Kind.RETURN_RECEIVED,
        OrderEvent.Kind.REFUNDED,
    }
)


def put(kind: str, **fields: Any) -> OutboxMessage:
    """Write a message into the outbox, in the caller's transaction."""
    message = OutboxMessage.objects.create(kind=kind, **fields)
    message_written.send(OutboxMessage, message=message)
    return message


def announce(event: OrderEvent) -> None:
    """Everything that tells of an event: the shopper's mail and the owner's webhooks."""
    if event.kind in MAILED and event.order.email:
        put(OutboxMessage.Kind.MAIL, event=event)
    for endpoint in WebhookEndpoint.objects.filter(is_active=True):
        if endpoint.wants(event.kind):
            put(OutboxMessage.Kind.WEBHOOK, event=event, endpoint=endpoint)


def due_messages() -> list[int]:
    """The ids of messages whose time has come, the longest due first."""
    due = OutboxMessage.objects.filter(state=OutboxMessage.State.WAITING, due_at__lte=timezone.now())
    return list(due.order_by("due_at").values_list("pk", flat=True)[:_SWEEP])


def postpone(message: OutboxMessage, why: str) -> None:
    """Count a failed attempt and try again later, each time after twice as long; give up after ``MOST_ATTEMPTS``."""
    message.attempts += 1
    message.error = why[:300]
    if message.attempts >= MOST_ATTEMPTS:
        message.state = OutboxMessage.State.FAILED
    message.due_at = timezone.now() + min(FIRST_WAIT * 2 ** (message.attempts - 1), LONGEST_WAIT)
    message.save(update_fields=["attempts", "error", "state", "due_at"])


def try_again(messages: QuerySet[OutboxMessage]) -> int:
    """Let a query's messages that wait or were given up be handed over at once. Returns how many."""
    ids = list(messages.exclude(state=OutboxMessage.State.DONE).values_list("pk", flat=True))
    OutboxMessage.objects.filter(pk__in=ids).update(
        state=OutboxMessage.State.WAITING, due_at=timezone.now(), attempts=0
    )
    for message in OutboxMessage.objects.filter(pk__in=ids):
        message_written.send(OutboxMessage, message=message)
    return len(ids)


def forget_delivered() -> int:
    """Delete what was handed over long ago. Returns how many."""
    old = OutboxMessage.objects.filter(state=OutboxMessage.State.DONE, done_at__lt=timezone.now() - KEPT_FOR)
    return old.delete()[0]
