"""After the payment: packing an order, sending it, its arrival, or its way back."""

from typing import Any

import pghistory
import structlog
from django.db import transaction

from accounts.models import User
from shop.checkout.models import Order, OrderEvent
from shop.checkout.placing import give_stock_back
from shop.checkout.refunding import give_back, paid_payment
from shop.checkout.timeline import happened

logger = structlog.get_logger(__name__)

# A paid order moves on step by step; each step's event is named like the status it leads to.
_NEXT = {
    Order.Status.PAID: Order.Status.PACKED,
    Order.Status.PACKED: Order.Status.SHIPPED,
    Order.Status.SHIPPED: Order.Status.DELIVERED,
}
NOT_SENT = (Order.Status.PAID, Order.Status.PACKED)


def advance(order: Order, to: str, *, by: User | None = None, **details: Any) -> bool:
    """Move a paid order on: to packed, to shipped, to delivered. False: it is not at the step before.

    ``details`` go onto the timeline; for a shipment ``carrier``, ``tracking`` and ``tracking_url``.
    """
    with transaction.atomic():
        locked = Order.objects.select_for_update().get(pk=order.pk)
        if _NEXT.get(locked.status) != to:
            return False
        locked.status = to
        locked.save(update_fields=["status"])
        happened(locked, to, by=by, **details)
    logger.info("order_advanced", order=order.number, status=to)
    return True


def cancel_and_refund(order: Order, *, by: User | None = None) -> bool:
    """Cancel an order that is paid and not sent: the money goes back, the pieces too. False: it is not at that step."""
    with transaction.atomic():
        locked = Order.objects.select_for_update().get(pk=order.pk)
        if locked.status not in NOT_SENT:
            return False
        locked.status = Order.Status.CANCELLED
        locked.save(update_fields=["status"])
        with pghistory.context(why=f"{locked}, cancelled"):
            give_stock_back(dict(locked.lines.exclude(variant=None).values_list("variant_id", "quantity")))
        happened(locked, OrderEvent.Kind.CANCELLED, by=by)
        payment = paid_payment(locked)
        if payment and payment.refundable:
            give_back(payment, payment.refundable, by=by)
    logger.info("order_refunded", order=order.number)
    return True
