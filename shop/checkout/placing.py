"""Placing an order, and letting it go again.

``place_order`` is the one function that makes orders. Rows are locked in a fixed order (bag, then variants by
ascending id, then products by ascending id), so that two orders never wait for each other, and everything is one
transaction: there is a whole order or none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import pghistory
import structlog
from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.shopper import Shopper
from catalog.models import Product, Variant
from catalog.offers import refresh_offers
from shop.checkout.cart import PricedLine, Seen
from shop.checkout.carts import bag_lines, totals_of
from shop.checkout.models import Cart, CartLine, Order, OrderEvent, OrderLine, Payment
from shop.checkout.timeline import happened

logger = structlog.get_logger(__name__)

TIME_TO_PAY = timedelta(minutes=30)
_LOCK_TIMEOUT = "5s"
_EMPTY = gettext_lazy("Your bag is empty. If you have just ordered, the order is among your orders.")


@dataclass(frozen=True)
class Delivery:
    """Whom an order is for and where it goes."""

    email: str
    name: str
    street: str
    postcode: str
    city: str
    country: str
    extra: str = ""
    phone: str = ""


class NotPlaced(Exception):
    """Nothing was ordered, nothing is lost; ``sentences`` tell the shopper why and what to do."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


class BagEmpty(NotPlaced):
    """There is nothing to order."""


class NotEnough(NotPlaced):
    """Something in the bag is sold out, or no longer sold."""


class BagChanged(NotPlaced):
    """The bag or a price is not what the shopper was shown."""


class Busy(NotPlaced):
    """Others hold the locks for longer than a shopper should wait."""


def place_order(
    cart: Cart | None, shopper: Shopper, delivery: Delivery, *, seen: Seen | None = None
) -> Order:
    """Turn the bag into an order that awaits payment, and set its pieces aside.

    ``seen`` is what the shopper was shown (variant id -> quantity and price): the order is only placed when it
    still holds. The bag is empty afterwards.

    Raises:
        BagEmpty, NotEnough, BagChanged, Busy: nothing was changed.
    """
    if cart is None:
        raise BagEmpty(str(_EMPTY))
    try:
        with transaction.atomic():
            _wait_at_most(_LOCK_TIMEOUT)
            lines = _locked_lines(cart)
            _check(lines, seen)
            order = _create(lines, shopper, delivery)
            with pghistory.context(why=str(order)):  # what the log of stock tells
                _take_stock(lines)
            cart.lines.all().delete()
            happened(order, OrderEvent.Kind.PLACED)
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", None) != "55P03":  # lock_not_available
            raise
        raise Busy(
            _("Many shoppers are ordering at this moment. Nothing was ordered: please try again.")
        ) from error
    logger.info(
        "order_placed", order=order.number, total=str(order.total), pieces=sum(li.quantity for li in lines)
    )
    return order


def _wait_at_most(duration: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [duration])


def _locked_lines(cart: Cart) -> list[CartLine]:
    """The bag's lines, with the bag and their variants locked until the transaction ends."""
    Cart.objects.select_for_update().filter(pk=cart.pk).first()
    lines = list(cart.lines.all())
    variants = {
        variant.pk: variant
        # FOR NO KEY UPDATE: others may still put the variant into a bag meanwhile.
        for variant in Variant.objects.select_for_update(of=("self",), no_key=True)
        .select_related("product")
        .filter(pk__in=[line.variant_id for line in lines])
        .order_by("pk")
    }
    for line in lines:
        line.variant = variants[line.variant_id]
    return lines


def _check(lines: list[CartLine], seen: Seen | None) -> None:
    if not lines:
        raise BagEmpty(str(_EMPTY))
    problems = [line.problem for line in bag_lines(lines) if line.problem]
    if problems:
        raise NotEnough(*problems)
    if seen is None:
        return
    now = {line.variant_id: (line.quantity, line.variant.price) for line in lines}
    prices = [
        _("%(piece)s now costs %(price)s %(currency)s, not %(seen)s.")
        % {
            "piece": line.variant,
            "price": line.variant.price,
            "currency": line.variant.currency,
            "seen": seen.lines[line.variant_id][1],
        }
        for line in lines
        if line.variant_id in seen.lines and seen.lines[line.variant_id][1] != line.variant.price
    ]
    if prices:
        raise BagChanged(*prices, _("Nothing was ordered. Please look at the new total and order again."))
    if now != dict(seen.lines):
        raise BagChanged(
            _("Your bag has changed since this page was opened. Please look at it and order again.")
        )


def _create(lines: list[CartLine], shopper: Shopper, delivery: Delivery) -> Order:
    priced = [PricedLine(line.variant.price, line.quantity, line.variant.currency) for line in lines]
    sums = totals_of(priced)
    order = Order.objects.create(
        user_id=shopper.user_id,
        session_key=shopper.visitor if shopper.personalised else "",
        language=get_language() or "",
        email=delivery.email,
        name=delivery.name,
        street=delivery.street,
        extra=delivery.extra,
        postcode=delivery.postcode,
        city=delivery.city,
        country=delivery.country,
        phone=delivery.phone,
        currency=sums.currency,
        subtotal=sums.subtotal,
        shipping=sums.shipping,
        total=sums.total,
    )
    OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            product=line.variant.product,
            variant=line.variant,
            sku=line.variant.sku,
            name=line.variant.product.name,
            size=line.variant.size,
            colour=line.variant.colour,
            quantity=line.quantity,
            price=line.variant.price,
        )
        for line in lines
    )
    return order


def _take_stock(lines: list[CartLine]) -> None:
    """Set the pieces aside. The condition holds even where a lock was forgotten."""
    sold_out = []
    for line in sorted(lines, key=lambda line: line.variant_id):
        taken = Variant.objects.filter(pk=line.variant_id, stock__gte=line.quantity).update(
            stock=F("stock") - line.quantity
        )
        if not taken:
            raise NotEnough(_("%(piece)s was sold just now. Nothing was ordered.") % {"piece": line.variant})
        if line.variant.stock == line.quantity:
            sold_out.append(line.variant.product_id)
    refresh_product_offers(sold_out)


def refresh_product_offers(product_ids: Iterable[int]) -> None:
    """``refresh_offers``, with the products locked by ascending id first: two orders must not deadlock."""
    ids = sorted(set(product_ids))
    if ids:
        list(
            Product.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk")
        )
        refresh_offers(ids)


# --- Letting it go ------------------------------------------------------------------------------------------------


def cancel_order(order: Order, *, by: User | None = None, why: str = "") -> bool:
    """Cancel an order that is not paid and give its pieces back. False: it was not awaiting payment any more.

    ``why`` is "unpaid" when its time ran out.
    """
    with transaction.atomic():
        locked = Order.objects.select_for_update().get(pk=order.pk)
        if locked.status != Order.Status.AWAITING_PAYMENT:
            return False
        locked.status = Order.Status.CANCELLED
        locked.save(update_fields=["status"])
        locked.payments.filter(status=Payment.Status.PENDING).update(
            status=Payment.Status.DECLINED, message="The order was cancelled before it was paid."
        )
        with pghistory.context(why=f"{locked}, cancelled"):
            give_stock_back(dict(locked.lines.exclude(variant=None).values_list("variant_id", "quantity")))
        happened(locked, OrderEvent.Kind.CANCELLED, by=by, why=why)
    logger.info("order_cancelled", order=order.number)
    return True


def give_stock_back(quantities: Mapping[int, int]) -> None:
    """Put pieces (variant id -> quantity) back on the shelf."""
    returning = []
    variants = Variant.objects.select_for_update(no_key=True).filter(pk__in=quantities).order_by("pk")
    for variant in variants:
        Variant.objects.filter(pk=variant.pk).update(stock=F("stock") + quantities[variant.pk])
        if variant.stock == 0:
            returning.append(variant.product_id)
    refresh_product_offers(returning)


def expire_unpaid_orders() -> int:
    """Cancel the orders that nobody paid in time. Returns how many."""
    late = Order.objects.filter(
        status=Order.Status.AWAITING_PAYMENT, created_at__lt=timezone.now() - TIME_TO_PAY
    ).order_by("created_at")
    return sum(cancel_order(order, why="unpaid") for order in late)
