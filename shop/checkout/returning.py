"""Sending pieces back: asked for, accepted or refused, received, paid back.

Every step locks the order first, as all that changes an order does, and is one transaction.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from shop.checkout import refunding
from shop.checkout.models import Order, OrderEvent, Return, ReturnLine
from shop.checkout.placing import give_stock_back
from shop.checkout.timeline import happened

logger = structlog.get_logger(__name__)

# Their pieces are on the way, or may be. What was paid back is counted by its refund.
_OPEN = (Return.State.ASKED, Return.State.ACCEPTED, Return.State.RECEIVED)


@dataclass(frozen=True)
class Wanted:
    """So many pieces of a line (its id) that shall go back, and why (a ``ReturnLine.Reason``)."""

    line: int
    quantity: int
    reason: str


class NotReturnable(Exception):
    """Nothing was changed; ``str(error)`` is a sentence for the shopper."""


def last_moment(order: Order) -> datetime | None:
    """Until when pieces may be sent back; None for an order that has not arrived."""
    if order.status != Order.Status.DELIVERED:
        return None
    # Told from all of them, which a page may have loaded already.
    arrivals = [event.at for event in order.events.all() if event.kind == OrderEvent.Kind.DELIVERED]
    return max(arrivals, default=order.created_at) + timedelta(days=settings.RETURN_DAYS)


def is_in_time(arrived_at: datetime) -> bool:
    """Whether pieces that arrived then may still be sent back."""
    return timezone.now() <= arrived_at + timedelta(days=settings.RETURN_DAYS)


def pieces_returnable(order: Order) -> dict[int, int]:
    """How many pieces of each line (by id) may still be asked back: neither paid back nor on their way."""
    coming = ReturnLine.objects.filter(asked__order=order, asked__state__in=_OPEN)
    on_the_way = {row["line"]: row["n"] for row in coming.values("line").annotate(n=Sum("quantity"))}
    left = refunding.pieces_left(order)
    return {line: max(n - on_the_way.get(line, 0), 0) for line, n in left.items()}


def why_not(order: Order) -> str:
    """A sentence that says why nothing of the order can be sent back now; empty when something can."""
    until = last_moment(order)
    if until is None:
        return _("You can send pieces back once the order has arrived.")
    if timezone.now() > until:
        return _(
            "The time to send something back ended on %(date)s. Write to us if something is wrong with a piece."
        ) % {"date": date_format(until, "j F Y")}
    if not any(pieces_returnable(order).values()):
        return _("All pieces of this order are on their way back already, or paid back.")
    return ""


def ask(order: Order, wanted: Sequence[Wanted], words: str = "", *, by: User | None = None) -> Return:
    """Ask to send pieces back.

    Raises:
        NotReturnable: too early, too late, nothing chosen, or more pieces than there are.
    """
    with transaction.atomic():
        locked = Order.objects.select_for_update().get(pk=order.pk)
        if sentence := why_not(locked):
            raise NotReturnable(sentence)
        if not wanted:
            raise NotReturnable(_("Choose at least one piece to send back."))
        left = pieces_returnable(locked)
        for one in wanted:
            if not 1 <= one.quantity <= left.get(one.line, 0):
                raise NotReturnable(
                    _("So many pieces are not there to be sent back. Load the page again and choose fewer.")
                )
            left[one.line] -= one.quantity
        asked = Return.objects.create(order=locked, words=words)
        ReturnLine.objects.bulk_create(
            ReturnLine(asked=asked, line_id=one.line, quantity=one.quantity, reason=one.reason)
            for one in wanted
        )
        pieces = sum(one.quantity for one in wanted)
        happened(locked, OrderEvent.Kind.RETURN_ASKED, by=by, pieces=pieces)
    logger.info("return_asked", order=order.number, pieces=pieces)
    return asked


def accept(asked: Return, *, by: User | None = None) -> bool:
    """Say that the pieces may come. False: it is not waiting for an answer any more."""
    return _move(asked, Return.State.ASKED, Return.State.ACCEPTED, OrderEvent.Kind.RETURN_ACCEPTED, by)


def refuse(asked: Return, why: str, *, by: User | None = None) -> bool:
    """Say that the pieces may not come, and why. False: it is not waiting for an answer any more."""
    return _move(asked, Return.State.ASKED, Return.State.REFUSED, OrderEvent.Kind.RETURN_REFUSED, by, why)


def _move(asked: Return, before: str, after: str, kind: str, by: User | None, why: str = "") -> bool:
    with transaction.atomic():
        locked = _locked(asked)
        if locked.state != before:
            return False
        locked.state, locked.answer = after, why
        locked.save(update_fields=["state", "answer"])
        happened(locked.order, kind, by=by, **({"why": why} if why else {}))
    logger.info("return_moved", order=locked.order.number, state=after)
    return True


def receive(asked: Return, restock: Collection[int] = (), *, by: User | None = None) -> bool:
    """Take the parcel in; the pieces of the return's lines ``restock`` (ids) go back on the shelf. False: no such
    parcel is expected."""
    with transaction.atomic():
        locked = _locked(asked)
        if locked.state != Return.State.ACCEPTED:
            return False
        locked.state = Return.State.RECEIVED
        locked.save(update_fields=["state"])
        pieces: dict[int, int] = {}
        for line in locked.lines.select_related("line"):
            line.is_restocked = line.pk in restock and line.line.variant_id is not None
            line.save(update_fields=["is_restocked"])
            if line.is_restocked:
                pieces[line.line.variant_id] = pieces.get(line.line.variant_id, 0) + line.quantity
        give_stock_back(pieces)
        happened(locked.order, OrderEvent.Kind.RETURN_RECEIVED, by=by)
    logger.info("return_received", order=locked.order.number, restocked=sum(pieces.values()))
    return True


def pay_back(asked: Return, *, by: User | None = None) -> bool:
    """Give back what the pieces cost. False: they have not come, or are paid back.

    Raises:
        NotRefundable: when less than that is left of the payment.
    """
    with transaction.atomic():
        locked = _locked(asked)
        if locked.state != Return.State.RECEIVED:
            return False
        pieces: dict[int, int] = {}
        for line in locked.lines.all():
            pieces[line.line_id] = pieces.get(line.line_id, 0) + line.quantity
        locked.state = Return.State.REFUNDED
        locked.refund = refunding.refund(locked.order, pieces=pieces, reason=str(locked), by=by)
        locked.save(update_fields=["state", "refund"])
    logger.info("return_paid_back", order=locked.order.number)
    return True


def _locked(asked: Return) -> Return:
    """The return, with its order locked."""
    order = Order.objects.select_for_update().get(pk=asked.order_id)
    locked = Return.objects.get(pk=asked.pk)
    locked.order = order
    return locked
