"""What a bag costs: exact arithmetic on decimals, without a database.

Every amount is a ``Decimal`` in the unit of the currency and is rounded to cents line by line, so that what the
lines say always adds up to what is charged.
"""

from collections.abc import Mapping
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
    """So many of one thing at one price; ``grams`` is the weight of one. The ids of its product, shelf and brand tell
    which promotions are about it.

    Raises:
        ValueError: for a negative price or a quantity below one.
    """

    price: Decimal
    quantity: int
    currency: str
    grams: int = 0
    tax_percent: Decimal = _NOTHING
    product: int | None = None
    category: int | None = None
    brand: int | None = None

    def __post_init__(self) -> None:
        if self.price < 0 or self.quantity < 1:
            raise ValueError(
                f"A line needs a price from 0 and a quantity from 1, not {self.quantity} × {self.price}."
            )

    @property
    def total(self) -> Decimal:
        return rounded(self.price * self.quantity)


# --- What the shopper has seen ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Seen:
    """What a page showed: variant id -> (quantity, price of one), and what all of it costs with delivery."""

    lines: Mapping[int, tuple[int, Decimal]]
    total: Decimal


def write_seen(seen: Seen) -> str:
    """One line of text for a hidden field: ``12*1*39.00 15*2*9.90 =63.70``."""
    lines = (f"{variant}*{quantity}*{price}" for variant, (quantity, price) in sorted(seen.lines.items()))
    return " ".join([*lines, f"={seen.total}"])


def read_seen(text: str) -> Seen:
    """The opposite of ``write_seen``.

    Raises:
        ValueError: for a text that ``write_seen`` cannot have written.
    """
    *parts, end = text.split() or [""]
    if not end.startswith("="):
        raise ValueError(f"{text!r} does not end with =total")
    lines: dict[int, tuple[int, Decimal]] = {}
    for part in parts:
        try:
            variant, quantity, price = part.split("*")
            lines[int(variant)] = (int(quantity), _amount(price))
        except (ValueError, ArithmeticError) as error:
            raise ValueError(f"{part!r} is not variant*quantity*price") from error
    try:
        return Seen(lines, _amount(end[1:]))
    except ArithmeticError as error:
        raise ValueError(f"{end!r} is not =total") from error


def _amount(text: str) -> Decimal:
    amount = Decimal(text)
    if not amount.is_finite():  # "sNaN" cannot even be compared
        raise ValueError(f"{text!r} is no amount")
    return amount


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
