"""What a bag costs: exact arithmetic on decimals, without a database.

Every amount is a ``Decimal`` in the unit of the currency and is rounded to cents line by line, so that what the
lines say always adds up to what is charged.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

MAX_PER_LINE = 20
_CENT = Decimal("0.01")
_NOTHING = Decimal("0.00")


def rounded(amount: Decimal) -> Decimal:
    """``amount`` in whole cents, halves up, as receipts are rounded."""
    return amount.quantize(_CENT, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class PricedLine:
    """So many of one thing at one price.

    Raises:
        ValueError: for a negative price or a quantity below one.
    """

    price: Decimal
    quantity: int
    currency: str

    def __post_init__(self) -> None:
        if self.price < 0 or self.quantity < 1:
            raise ValueError(
                f"A line needs a price from 0 and a quantity from 1, not {self.quantity} × {self.price}."
            )

    @property
    def total(self) -> Decimal:
        return rounded(self.price * self.quantity)


@dataclass(frozen=True)
class Totals:
    """The sums under a bag. ``until_free_shipping`` is what is missing for free delivery; zero: it is free."""

    currency: str
    subtotal: Decimal
    shipping: Decimal
    total: Decimal
    until_free_shipping: Decimal


def totals(
    lines: Iterable[PricedLine], *, currency: str, shipping_price: Decimal, free_shipping_from: Decimal
) -> Totals:
    """Add up ``lines``. An empty bag costs nothing, not even delivery.

    Raises:
        ValueError: when a line is in another currency than ``currency``.
    """
    lines = list(lines)
    strange = {line.currency for line in lines} - {currency}
    if strange:
        raise ValueError(f"A bag in {currency} cannot hold prices in {', '.join(sorted(strange))}.")
    subtotal = sum((line.total for line in lines), _NOTHING)
    missing = max(rounded(free_shipping_from) - subtotal, _NOTHING) if lines else _NOTHING
    shipping = rounded(shipping_price) if missing else _NOTHING
    return Totals(currency, subtotal, shipping, subtotal + shipping, missing)


# --- What the shopper has seen ------------------------------------------------------------------------------------

Seen = Mapping[int, tuple[int, Decimal]]
"""Variant id -> (quantity, price of one), as a page showed them."""


def write_seen(seen: Seen) -> str:
    """One line of text for a hidden field: ``12*1*39.00 15*2*9.90``."""
    return " ".join(f"{variant}*{quantity}*{price}" for variant, (quantity, price) in sorted(seen.items()))


def read_seen(text: str) -> Seen:
    """The opposite of ``write_seen``.

    Raises:
        ValueError: for a text that ``write_seen`` cannot have written.
    """
    seen: dict[int, tuple[int, Decimal]] = {}
    for part in text.split():
        try:
            variant, quantity, price = part.split("*")
            amount = Decimal(price)
            if not amount.is_finite():  # "sNaN" cannot even be compared
                raise ValueError(price)
            seen[int(variant)] = (int(quantity), amount)
        except (ValueError, ArithmeticError) as error:
            raise ValueError(f"{part!r} is not variant*quantity*price") from error
    return seen


def fit_to_stock(wanted: int, stock: int) -> int:
    """How many of ``wanted`` pieces a bag may hold when ``stock`` are there."""
    return max(0, min(wanted, stock, MAX_PER_LINE))


def merged(mine: Mapping[int, int], visitors: Mapping[int, int], stock: Mapping[int, int]) -> dict[int, int]:
    """Two bags poured into one: variant id -> quantity, summed and held to ``stock``.

    What stood in ``mine`` already is never lowered: the bag page itself tells when stock has shrunk.
    """
    together = dict(mine)
    for variant, quantity in visitors.items():
        before = mine.get(variant, 0)
        fitting = max(before, fit_to_stock(before + quantity, stock.get(variant, 0)))
        if fitting:
            together[variant] = fitting
    return together
