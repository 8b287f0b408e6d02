"""What becomes of an order after it is placed, as staff decide it: sent, delivered, or cancelled.

Each function locks the order, so that two members of staff (or the shopper's late payment) cannot both move it.
"""

from functools import partial

import structlog
from django.db import transaction

from shop.checkout.models import Order, Payment
from shop.checkout.payments import PROVIDERS
from shop.checkout.placing import cancel_order, give_stock_back

logger = structlog.get_logger(__name__)


class CannotMove(Exception):
    """An order that is not where the step begins; the text says where it is. Nothing was changed."""


def ship(order: Order) -> None:
    """Note that a paid order is on its way.

    Raises:
        CannotMove: when it is not paid, or sent already.
    """
    _move(order, Order.Status.PAID, Order.Status.SHIPPED)


def deliver(order: Order) -> None:
    """Note that an order has arrived.

    Raises:
        CannotMove: when it is not on its way.
    """
    _move(order, Order.Status.SHIPPED, Order.Status.DELIVERED)


def cancel(order: Order) -> None:
    """Cancel an order that has not been sent: its pieces go back on the shelf, and what was paid goes back too.

    Raises:
        CannotMove: when it is on its way, delivered or cancelled.
    """
    if cancel_order(order):
        return
    with transaction.atomic():
        locked = _locked(order, Order.Status.PAID)
        locked.status = Order.Status.CANCELLED
        locked.save(update_fields=["status"])
        for payment in locked.payments.filter(status=Payment.Status.PAID):
            payment.status = Payment.Status.REFUNDED
            payment.message = "The order was cancelled: the money goes back."
            payment.save(update_fields=["status", "message"])
            transaction.on_commit(partial(PROVIDERS[payment.provider].refund, payment))
        give_stock_back(dict(locked.lines.exclude(variant=None).values_list("variant_id", "quantity")))
    logger.info("paid_order_cancelled", order=order.number)


def _move(order: Order, before: Order.Status, after: Order.Status) -> None:
    with transaction.atomic():
        locked = _locked(order, before)
        locked.status = after
        locked.save(update_fields=["status"])
    logger.info("order_moved", order=order.number, status=after.value)


def _locked(order: Order, expected: Order.Status) -> Order:
    locked = Order.objects.select_for_update().get(pk=order.pk)
    if locked.status != expected:
        raise CannotMove(
            f"{locked} is {locked.get_status_display().lower()}, not {expected.label.lower()}. Nothing was changed."
        )
    return locked
