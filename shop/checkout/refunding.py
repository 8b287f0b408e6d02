"""Giving money back: all of a payment, part of it, or the price of some pieces.

A refund is decided and counted in one transaction, under the order's lock and the constraint that what goes back never
exceeds what was paid. The provider hears of it from the outbox, under a key that stays the same.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import structlog
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from shop.checkout import invoicing, outbox
from shop.checkout.cart import rounded
from shop.checkout.models import (
    Order,
    OrderEvent,
    OrderLine,
    OutboxMessage,
    Payment,
    Refund,
    RefundLine,
)
from shop.checkout.providers import PROVIDERS, ProviderRefused
from shop.checkout.timeline import happened

logger = structlog.get_logger(__name__)


class NotRefundable(Exception):
    """Nothing was changed; ``str(error)`` says why and what is possible."""


def price_of_pieces(paid: Decimal, quantity: int, before: int, pieces: int) -> Decimal:
    """What ``pieces`` of a line's ``quantity`` cost, when ``before`` of them were given back earlier.

    Shares of what was paid for the whole line, in cents, that add up to it however the pieces come.

    Raises:
        ValueError: for no pieces, or more than are left.
    """
    if pieces < 1 or before < 0 or before + pieces > quantity:
        raise ValueError(f"{pieces} of {quantity} pieces, {before} of them given back already.")
    return rounded(paid * (before + pieces) / quantity) - rounded(paid * before / quantity)


def refund(
    order: Order,
    *,
    amount: Decimal | None = None,
    pieces: Mapping[int, int] | None = None,
    reason: str = "",
    by: User | None = None,
) -> Refund:
    """Give back ``amount``, or what ``pieces`` (id of a line -> how many) cost, or, with neither, all that is left.

    Raises:
        NotRefundable: when that is more than is left, nothing at all, or pieces that were given back before.
    """
    with transaction.atomic():
        locked = Order.objects.select_for_update().get(pk=order.pk)
        payment = paid_payment(locked)
        if payment is None or not payment.refundable:
            raise NotRefundable(_("Nothing of this order is left to give back."))
        if pieces:
            wanted, lines = _price(locked, pieces)
        else:
            wanted, lines = payment.refundable if amount is None else rounded(amount), []
        if wanted <= 0:
            raise NotRefundable(_("Say how much goes back, or for which pieces."))
        if wanted > payment.refundable:
            raise NotRefundable(
                _("%(wanted)s is more than the %(left)s that are left of the payment. Nothing was changed.")
                % {"wanted": wanted, "left": payment.refundable}
            )
        written = give_back(payment, wanted, pieces=lines, reason=reason, by=by)
    logger.info("order_refunded", order=order.number, amount=str(wanted))
    return written


def paid_payment(order: Order) -> Payment | None:
    """The payment that paid the order, as long as something of it is left."""
    return order.payments.filter(status=Payment.Status.PAID).first()


def pieces_left(order: Order) -> dict[int, int]:
    """How many pieces of each line (by id) have not been paid back."""
    back = RefundLine.objects.filter(line__order=order).values("line").annotate(n=Sum("quantity"))
    gone = {row["line"]: row["n"] for row in back}
    return {line.pk: line.quantity - gone.get(line.pk, 0) for line in order.lines.all()}


def _price(order: Order, pieces: Mapping[int, int]) -> tuple[Decimal, list[tuple[OrderLine, int, Decimal]]]:
    left = pieces_left(order)
    lines = {line.pk: line for line in order.lines.all()}
    if any(n < 1 or n > left.get(pk, 0) for pk, n in pieces.items()):
        raise NotRefundable(
            _("So many pieces are not left to pay back. Load the page again and choose fewer.")
        )
    priced = [
        (line, n, price_of_pieces(line.paid, line.quantity, line.quantity - left[line.pk], n))
        for line, n in ((lines[pk], n) for pk, n in pieces.items())
    ]
    return sum((price for _line, _n, price in priced), Decimal("0.00")), priced


def give_back(
    payment: Payment,
    amount: Decimal,
    *,
    pieces: Sequence[tuple[OrderLine, int, Decimal]] = (),
    reason: str = "",
    by: User | None = None,
    is_stray: bool = False,
) -> Refund:
    """Write a refund down, with its credit note, in a transaction that holds the order's lock.

    ``is_stray``: the money never paid the order, so that there is no invoice to correct.
    """
    payment.refunded += amount
    if payment.refunded == payment.amount:
        payment.status = Payment.Status.REFUNDED
    payment.save(update_fields=["refunded", "status"])
    written = Refund.objects.create(payment=payment, amount=amount, reason=reason[:200], by=by)
    RefundLine.objects.bulk_create(
        RefundLine(refund=written, line=line, quantity=quantity) for line, quantity, _price in pieces
    )
    happened(payment.order, OrderEvent.Kind.REFUNDED, by=by, amount=str(amount), reason=reason)
    outbox.put(OutboxMessage.Kind.REFUND, refund=written)
    if not is_stray:
        invoicing.issue_credit_note(written, pieces)
    return written


# --- The provider's part ------------------------------------------------------------------------------------------


def hand_over(message: OutboxMessage) -> None:
    """Have the provider give the money back. What it refuses for good is told to the owner, who can try again later.

    Raises:
        OSError: when the provider is away.
    """
    asked = message.refund
    if asked.state == Refund.State.DONE:
        return
    try:
        PROVIDERS[asked.payment.provider].refund(asked)
    except ProviderRefused as error:
        note_failure(asked.pk, str(error))
        return
    asked.state, asked.done_at, asked.message = Refund.State.DONE, timezone.now(), ""
    asked.save(update_fields=["state", "done_at", "message"])


def note_failure(refund_id: int, why: str) -> None:
    """Write down that a refund did not get through. The money is still owed: the refund keeps counting."""
    with transaction.atomic():
        failed = (
            Refund.objects.select_for_update(of=("self",))
            .select_related("payment__order")
            .filter(pk=refund_id)
            .first()
        )
        if failed is None or failed.state == Refund.State.FAILED:
            return
        failed.state, failed.message = Refund.State.FAILED, why[:300]
        failed.save(update_fields=["state", "message"])
        happened(
            failed.payment.order, OrderEvent.Kind.REFUND_FAILED, amount=str(failed.amount), why=why[:200]
        )
    logger.error("refund_failed", refund=refund_id, error=why)


def try_again(refund: Refund) -> None:
    """Ask the provider once more for a refund that it refused."""
    with transaction.atomic():
        locked = Refund.objects.select_for_update().get(pk=refund.pk)
        if locked.state == Refund.State.FAILED:
            locked.state = Refund.State.WAITING
            locked.tries += 1
            locked.save(update_fields=["state", "tries"])
            outbox.put(OutboxMessage.Kind.REFUND, refund=locked)
