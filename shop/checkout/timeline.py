"""Writing down what happens to an order, and telling those who want to know."""

from typing import Any

from django.db import transaction

from accounts.models import User
from shop.checkout import outbox
from shop.checkout.models import Order, OrderEvent


def happened(order: Order, kind: str, *, by: User | None = None, **details: Any) -> OrderEvent:
    """Add an event to the order's timeline, with the mails and webhooks that tell of it.

    Everything is written in the caller's transaction: what is rolled back did not happen and nobody hears of it.
    ``details`` are plain JSON values; see ``OrderEvent``.

    Raises:
        TransactionManagementError: outside of a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("An event belongs into the transaction of its change.")
    event = OrderEvent.objects.create(order=order, kind=kind, by=by, details=details)
    outbox.announce(event)
    return event
