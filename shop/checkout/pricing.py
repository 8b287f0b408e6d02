"""What a bag costs with discounts, delivery and tax: exact arithmetic on decimals, without a database.

The order of the sums is always the same. Each line is price times quantity, rounded. Promotions take their part of the
lines, by priority. Delivery is priced by what is left of the goods, or by weight. Tax is told of each line and of the
delivery, and rounded each time. So the lines of an order add up to its total, to the cent.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

from shop.checkout.cart import PricedLine, rounded

NOTHING = Decimal("0.00")
_CENT = Decimal("0.01")


def split(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """``amount`` (whole cents) in parts that are proportional to ``weights`` and add up exactly.

    The cents that rounding down leaves go to the largest remainders, earlier parts first. No part exceeds its weight as
    long as ``amount`` does not exceed their sum.

    Raises:
        ValueError: for a negative amount, or weights without a sum to divide by.
    """
    whole = sum(weights, NOTHING)
    if amount < 0 or min(weights, default=NOTHING) < 0 or (amount and not whole):
        raise ValueError(f"{amount} cannot be split over {', '.join(map(str, weights)) or 'nothing'}.")
    if not amount:
        return [NOTHING for _ in weights]
    cents, bases = int(amount / _CENT), [int(weight / _CENT) for weight in weights]
    total = sum(bases)
    parts = [cents * base // total for base in bases]
    by_remainder = sorted(range(len(bases)), key=lambda i: (-(cents * bases[i] % total), i))
    for i in by_remainder[: cents - sum(parts)]:
        parts[i] += 1
    return [part * _CENT for part in parts]


def tax_of(amount: Decimal, percent: Decimal, *, included: bool) -> Decimal:
    """The tax in ``amount`` (``included``) or on top of it, in whole cents."""
    return rounded(amount * percent / (100 + percent if included else 100))


# --- Promotions ---------------------------------------------------------------------------------------------------


class Kind(StrEnum):
    """What a promotion gives."""

    PERCENT = "percent"
    AMOUNT = "amount"
    FREE_DELIVERY = "free_delivery"
    BUY_X_GET_Y = "buy_x_get_y"


@dataclass(frozen=True)
class Offer:
    """A promotion as the arithmetic needs it.

    Each set of ids that is not empty must hold what a line is: of these shelves *and* of these brands *and* one of
    these products. ``minimum`` is what the whole bag must cost before any discount.
    """

    id: int
    name: str
    kind: Kind
    percent: Decimal = NOTHING
    amount: Decimal = NOTHING
    buy: int = 0
    get: int = 0
    minimum: Decimal = NOTHING
    categories: frozenset[int] = frozenset()
    brands: frozenset[int] = frozenset()
    products: frozenset[int] = frozenset()
    priority: int = 0
    is_exclusive: bool = False
    code: str = ""

    def covers(self, line: PricedLine) -> bool:
        """Whether the promotion is about this line."""
        return (
            (not self.categories or line.category in self.categories)
            and (not self.brands or line.brand in self.brands)
            and (not self.products or line.product in self.products)
        )


class Why(StrEnum):
    """Why a promotion takes nothing off a bag."""

    MINIMUM = "minimum"
    NOTHING_COVERED = "nothing covered"
    NOT_COMBINED = "not combined"


@dataclass(frozen=True)
class Applied:
    """A promotion that takes ``amount`` off: off the goods, or off the delivery."""

    offer: Offer
    amount: Decimal


@dataclass(frozen=True)
class Unused:
    """A promotion that takes nothing off; ``missing`` is what the bag lacks to its minimum."""

    offer: Offer
    why: Why
    missing: Decimal = NOTHING


def _taken(offer: Offer, lines: Sequence[PricedLine], left: Sequence[Decimal]) -> list[Decimal]:
    """What ``offer`` takes off each line of which ``left`` is still to be paid."""
    covered = [amount if offer.covers(line) else NOTHING for line, amount in zip(lines, left, strict=True)]
    match offer.kind:
        case Kind.PERCENT:
            return [min(rounded(amount * offer.percent / 100), amount) for amount in covered]
        case Kind.AMOUNT:
            return split(min(offer.amount, sum(covered, NOTHING)), covered)
        case Kind.BUY_X_GET_Y:
            return _given(offer, lines, covered)
    return [NOTHING for _ in lines]


def _given(offer: Offer, lines: Sequence[PricedLine], covered: Sequence[Decimal]) -> list[Decimal]:
    """The cheapest pieces of buy-x-get-y: for every ``buy + get`` pieces that are covered, ``get`` cost nothing."""
    pieces = sorted(
        (line.price, i)
        for i, (line, amount) in enumerate(zip(lines, covered, strict=True))
        if offer.covers(line) and amount
        for _ in range(line.quantity)
    )
    free = len(pieces) // (offer.buy + offer.get) * offer.get
    taken = [NOTHING for _ in lines]
    for price, i in pieces[:free]:
        taken[i] += price
    return [min(rounded(amount), most) for amount, most in zip(taken, covered, strict=True)]


def _discounts(
    lines: Sequence[PricedLine], offers: Iterable[Offer], delivery_costs: bool
) -> tuple[list[Decimal], list[Applied], list[Unused]]:
    """What is taken off each line, by whom, and who takes nothing.

    Offers come by priority (small numbers first). An exclusive one counts only where none came before it, and then no
    other comes after it.
    """
    left = [line.total for line in lines]
    subtotal = sum(left, NOTHING)
    applied: list[Applied] = []
    unused: list[Unused] = []
    for offer in sorted(offers, key=lambda offer: (offer.priority, offer.id)):
        if not any(offer.covers(line) for line in lines):
            unused.append(Unused(offer, Why.NOTHING_COVERED))
        elif subtotal < offer.minimum:
            unused.append(Unused(offer, Why.MINIMUM, offer.minimum - subtotal))
        elif applied and (offer.is_exclusive or applied[0].offer.is_exclusive):
            unused.append(Unused(offer, Why.NOT_COMBINED))
        else:
            taken = _taken(offer, lines, left)
            amount = sum(taken, NOTHING)
            if not amount and not (offer.kind == Kind.FREE_DELIVERY and delivery_costs):
                unused.append(Unused(offer, Why.NOTHING_COVERED))
                continue
            left = [before - off for before, off in zip(left, taken, strict=True)]
            applied.append(Applied(offer, amount))
    return [line.total - rest for line, rest in zip(lines, left, strict=True)], applied, unused


# --- Delivery -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Band:
    """What delivery costs from ``lower`` up to, but not with, ``upper`` (None: without end): grams, or money."""

    lower: Decimal
    upper: Decimal | None
    price: Decimal
    free_from: Decimal | None = None

    def holds(self, measure: Decimal) -> bool:
        return self.lower <= measure and (self.upper is None or measure < self.upper)


def overlapping(bands: Iterable[Band]) -> tuple[Band, Band] | None:
    """Two bands that share a value, if there are such."""
    ordered = sorted(bands, key=lambda band: band.lower)
    for before, after in pairwise(ordered):
        if before.upper is None or after.lower < before.upper:
            return before, after
    return None


@dataclass(frozen=True)
class Tariff:
    """What one way of delivery costs to one zone, by weight or by the price of the goods."""

    bands: tuple[Band, ...]
    by_weight: bool = False
    tax_percent: Decimal = NOTHING

    def band_for(self, goods: Decimal, grams: int) -> Band | None:
        """The band of a bag; None: nothing this heavy, or this dear, goes this way."""
        measure = Decimal(grams) if self.by_weight else goods
        return next((band for band in self.bands if band.holds(measure)), None)

    def price_for(self, goods: Decimal, grams: int) -> Decimal | None:
        """What delivery costs; None: the bag does not go this way."""
        band = self.band_for(goods, grams)
        if band is None:
            return None
        is_free = band.free_from is not None and goods >= band.free_from
        return NOTHING if is_free else rounded(band.price)


# --- The bill -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class BilledLine:
    """A line with what is taken off it, and the tax of what is left."""

    line: PricedLine
    discount: Decimal
    tax: Decimal

    @property
    def paid(self) -> Decimal:
        return self.line.total - self.discount


@dataclass(frozen=True)
class Bill:
    """The sums under a bag. ``shipping`` is what delivery costs after promotions; ``is_deliverable`` tells whether
    the way of delivery takes the bag at all. ``tax`` is part of ``total`` either way: within the prices, or added to
    them where ``prices_include_tax`` is off."""

    currency: str
    lines: tuple[BilledLine, ...]
    shipping: Decimal
    shipping_tax: Decimal
    until_free_shipping: Decimal
    is_deliverable: bool
    prices_include_tax: bool
    applied: tuple[Applied, ...] = ()
    unused: tuple[Unused, ...] = ()

    @cached_property
    def subtotal(self) -> Decimal:
        return sum((billed.line.total for billed in self.lines), NOTHING)

    @cached_property
    def discount(self) -> Decimal:
        return sum((billed.discount for billed in self.lines), NOTHING)

    @cached_property
    def tax(self) -> Decimal:
        return sum((billed.tax for billed in self.lines), NOTHING) + self.shipping_tax

    @cached_property
    def goods(self) -> Decimal:
        """What is to be paid for the pieces alone, without tax that comes on top."""
        return self.subtotal - self.discount

    @cached_property
    def total(self) -> Decimal:
        return self.goods + self.shipping + (NOTHING if self.prices_include_tax else self.tax)

    @property
    def grams(self) -> int:
        return sum(billed.line.grams * billed.line.quantity for billed in self.lines)


def bill(
    lines: Iterable[PricedLine],
    *,
    currency: str,
    tariff: Tariff | None,
    offers: Iterable[Offer] = (),
    prices_include_tax: bool = True,
) -> Bill:
    """Add up ``lines``. An empty bag costs nothing, not even delivery; without a ``tariff`` it cannot be delivered.

    Raises:
        ValueError: when a line is in another currency than ``currency``.
    """
    lines = list(lines)
    strange = {line.currency for line in lines} - {currency}
    if strange:
        raise ValueError(f"A bag in {currency} cannot hold prices in {', '.join(sorted(strange))}.")
    if not lines:
        return Bill(currency, (), NOTHING, NOTHING, NOTHING, True, prices_include_tax)
    discounts, applied, unused = _discounts(lines, offers, delivery_costs=tariff is not None)
    goods = sum((line.total for line in lines), NOTHING) - sum(discounts, NOTHING)
    grams = sum(line.grams * line.quantity for line in lines)
    band = tariff.band_for(goods, grams) if tariff else None
    price = (tariff.price_for(goods, grams) if tariff else None) or NOTHING
    if any(one.offer.kind == Kind.FREE_DELIVERY for one in applied):
        gives = next(i for i, one in enumerate(applied) if one.offer.kind == Kind.FREE_DELIVERY)
        applied[gives] = Applied(applied[gives].offer, price)
        price = NOTHING
    missing = (
        max(rounded(band.free_from) - goods, NOTHING) if band and band.free_from is not None else NOTHING
    )
    return Bill(
        currency,
        tuple(
            BilledLine(line, off, tax_of(line.total - off, line.tax_percent, included=prices_include_tax))
            for line, off in zip(lines, discounts, strict=True)
        ),
        price,
        tax_of(price, tariff.tax_percent, included=prices_include_tax) if tariff else NOTHING,
        missing if price else NOTHING,
        band is not None,
        prices_include_tax,
        tuple(applied),
        tuple(unused),
    )
