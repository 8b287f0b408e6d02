"""After the payment: sending an order, its arrival, or its way back."""

from functools import partial

import structlog
from django.db import transaction

from shop.checkout.models import Order, Payment
from shop.checkout.payments import PROVIDERS
from shop.checkout.placing import give_stock_back

logger = structlog.get_logger(__name__)

_NEXT = {Order.Status.PAID: Order.Status.SHIPPED, Order.Status.SHIPPED: Order.Status.DELIVERED}


def advance(order: Order, to: str) -> bool:
    """Move a paid order on: to shipped, then to delivered. False: it is not at the step before."""
    with transaction.atomic():
        locked = Order.objects.select_for_update().get(pk=order.pk)
        if _NEXT.get(locked.status) != to:
            return False
        locked.status = to
        locked.save(update_fields=["status"])
    logger.info("order_advanced", order=order.number, status=to)
    return True


def cancel_and_refund(order: Order) -> bool:
    """Cancel an order that is paid and not sent: the money goes back, the pieces too. False: it is not at that step."""
    with transaction.atomic():
        locked = Order.objects.select_for_update().get(pk=order.pk)
        if locked.status != Order.Status.PAID:
            return False
        locked.status = Order.Status.CANCELLED
        locked.save(update_fields=["status"])
        for payment in locked.payments.filter(status=Payment.Status.PAID):
            payment.status, payment.message = Payment.Status.REFUNDED, "The order was cancelled."
            payment.save(update_fields=["status", "message"])
            transaction.on_commit(partial(PROVIDERS[payment.provider].refund, payment))
        give_stock_back(dict(locked.lines.exclude(variant=None).values_list("variant_id", "quantity")))
    logger.info("order_refunded", order=order.number)
    return True
