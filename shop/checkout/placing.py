"""Placing an order, and letting it go again.

``place_order`` is the one function that makes orders. Rows are locked in a fixed order (bag, then variants, promotions
and products, each by ascending id), so that two orders never wait for each other, and everything is one transaction:
there is a whole order or none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import pghistory
import structlog
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.shopper import Shopper
from catalog.models import Product, Variant
from catalog.offers import refresh_offers
from shop.checkout.bags import bag_lines, quote_for
from shop.checkout.cart import Seen
from shop.checkout.models import (
    Cart,
    CartLine,
    Order,
    OrderEvent,
    OrderLine,
    Payment,
    PromotionCode,
    Redemption,
)
from shop.checkout.promotions import Buyer, promotions_for
from shop.checkout.terms import Destination, Quote
from shop.checkout.timeline import happened

logger = structlog.get_logger(__name__)

TIME_TO_PAY = timedelta(minutes=30)
_LOCK_TIMEOUT = "5s"
_EMPTY = gettext_lazy("Your bag is empty. If you have just ordered, the order is among your orders.")
_LOOK_AGAIN = gettext_lazy("Nothing was ordered. Please look at the new total and order again.")


@dataclass(frozen=True)
class Delivery:
    """Whom an order is for, where it goes, and by which way of delivery (None: the first one that takes it)."""

    email: str
    name: str
    street: str
    postcode: str
    city: str
    country: str
    extra: str = ""
    phone: str = ""
    method: int | None = None


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
    """The bag, a price or the total is not what the shopper was shown."""


class NotDelivered(NotPlaced):
    """The bag does not go where it should."""


class TooManyUnpaid(NotPlaced):
    """The shopper holds as many unpaid ``orders`` as one may."""

    def __init__(self, orders: list[Order]) -> None:
        self.orders = orders
        sentence = ngettext(
            "You have %(n)s order that waits for its payment. Pay or cancel it first: until then its pieces are kept "
            "for you, for 30 minutes at most.",
            "You have %(n)s orders that wait for their payment. Pay or cancel one of them first: until then their "
            "pieces are kept for you, for 30 minutes at most.",
            len(orders),
        )
        super().__init__(sentence % {"n": len(orders)})


class Busy(NotPlaced):
    """Others hold the locks for longer than a shopper should wait."""


def place_order(
    cart: Cart | None, shopper: Shopper, delivery: Delivery, *, seen: Seen | None = None
) -> Order:
    """Turn the bag into an order that awaits payment, and set its pieces aside.

    ``seen`` is what the shopper was shown: the order is only placed when pieces, prices and the total still hold. The
    bag is empty afterwards.

    Raises:
        BagEmpty, NotEnough, TooManyUnpaid, NotDelivered, BagChanged, Busy: nothing was changed.
    """
    if cart is None:
        raise BagEmpty(str(_EMPTY))
    try:
        with transaction.atomic():
            _wait_at_most(_LOCK_TIMEOUT)
            lines = _locked_lines(cart)
            _check(lines, seen)
            _check_unpaid(cart, shopper)
            quote = _quote(cart, lines, delivery, seen)
            order = _create(cart, lines, quote, shopper, delivery)
            with pghistory.context(why=str(order)):  # what the log of stock tells
                _take_stock(lines)
            _redeem(quote, order)
            cart.pieces.delete()
            Cart.objects.filter(pk=cart.pk).update(code="")
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
    lines = list(cart.pieces)
    variants = {
        variant.pk: variant
        # FOR NO KEY UPDATE: others may still put the variant into a bag meanwhile.
        for variant in Variant.objects.select_for_update(of=("self",), no_key=True)
        .select_related("product__category")
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
        raise BagChanged(*prices, str(_LOOK_AGAIN))
    if now != dict(seen.lines):
        raise BagChanged(
            _("Your bag has changed since this page was opened. Please look at it and order again.")
        )


def _check_unpaid(cart: Cart, shopper: Shopper) -> None:
    """Hold nobody's pieces without end: an unpaid order takes them off the shelf. The bag is locked, so that two tabs
    are counted one after another."""
    own = Q(cart=cart) | Q(user_id=shopper.user_id) if shopper.user_id else Q(cart=cart)
    unpaid = list(Order.objects.filter(own, status=Order.Status.AWAITING_PAYMENT))
    if len(unpaid) >= settings.MAX_UNPAID_ORDERS:
        raise TooManyUnpaid(unpaid)


def _quote(cart: Cart, lines: list[CartLine], delivery: Delivery, seen: Seen | None) -> Quote:
    """What the lines cost on their way to the shopper. Promotions whose use is counted are locked from here on.

    Raises:
        NotDelivered: when they do not go there, or not that way.
        BagChanged: when the total is not the one that the shopper was shown.
    """
    promotions = promotions_for(Buyer(cart.user_id, delivery.email, _code_in(cart)), lock=True)
    quote = quote_for(bag_lines(lines), Destination(delivery.country, delivery.method), promotions)
    if quote.way is None:
        raise NotDelivered(quote.problem)
    if seen is not None and seen.total != quote.bill.total:
        sentence = _(
            "Delivery, a discount or the tax has changed: the total is now %(total)s %(currency)s, not %(before)s."
        )
        values = {"total": quote.bill.total, "currency": quote.bill.currency, "before": seen.total}
        reasons = [promotions.code_problem] if promotions.code_problem else []
        raise BagChanged(*reasons, sentence % values, str(_LOOK_AGAIN))
    if delivery.method not in (None, quote.way.id):
        sentence = _(
            "The way of delivery that you chose does not take this bag to %(country)s. Choose another one."
        )
        raise NotDelivered(sentence % {"country": quote.country_name})
    return quote


def _code_in(cart: Cart) -> str:
    """The code that the bag holds now: ``cart`` was read before the bag was locked."""
    return Cart.objects.values_list("code", flat=True).filter(pk=cart.pk).first() or ""


def _redeem(quote: Quote, order: Order) -> None:
    """Write down which promotions counted for ``order``."""
    codes = {one.offer.code for one in quote.bill.applied} - {""}
    ids = dict(PromotionCode.objects.filter(code__in=codes).values_list("code", "pk")) if codes else {}
    Redemption.objects.bulk_create(
        Redemption(
            promotion_id=one.offer.id,
            code_id=ids.get(one.offer.code),
            order=order,
            name=one.offer.name,
            amount=one.amount,
        )
        for one in quote.bill.applied
    )


def _create(cart: Cart, lines: list[CartLine], quote: Quote, shopper: Shopper, delivery: Delivery) -> Order:
    sums = quote.bill
    order = Order.objects.create(
        user_id=shopper.user_id,
        cart=cart,
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
        discount=sums.discount,
        shipping=sums.shipping,
        shipping_method=quote.way.name if quote.way else "",
        shipping_tax=sums.shipping_tax,
        tax=sums.tax,
        prices_include_tax=sums.prices_include_tax,
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
            discount=billed.discount,
            tax=billed.tax,
            tax_percent=billed.line.tax_percent,
        )
        for line, billed in zip(lines, sums.lines, strict=True)
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
