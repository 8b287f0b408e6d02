"""The sizes of a product as its page offers them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import Product
from catalog.prices import percent_off

FEW = 3  # pieces left from which the page says so


@dataclass(frozen=True)
class SizeOption:
    """One size to choose, with its own price. ``size`` is empty where there is but one."""

    id: int
    size: str
    stock: int
    price: Decimal
    was_price: Decimal | None
    currency: str

    @property
    def percent_off(self) -> int | None:
        return percent_off(self.price, self.was_price)

    @property
    def is_low(self) -> bool:
        return self.stock <= FEW

    @property
    def stock_words(self) -> str:
        """How many are left, as far as a shopper should know."""
        size = self.size or _("One size")
        if not self.stock:
            return _("%(size)s is sold out at the moment.") % {"size": size}
        if self.is_low:
            words = ngettext("The last one in %(size)s.", "Only %(count)s left in %(size)s.", self.stock)
            return words % {"size": size, "count": self.stock}
        return _("%(size)s is in stock, sent within one working day.") % {"size": size}


@dataclass(frozen=True)
class Sizes:
    """All sizes of a product; ``chosen`` by the address (``?size=M``), or because there is no other."""

    options: Sequence[SizeOption]
    chosen: SizeOption | None

    @property
    def named(self) -> list[str]:
        return [option.size for option in self.options if option.size]

    @property
    def prices_differ(self) -> bool:
        return len({option.price for option in self.options}) > 1

    @property
    def sold_out(self) -> list[SizeOption]:
        return [option for option in self.options if not option.stock]

    @property
    def are_few(self) -> bool:
        """Whether few pieces are left over all sizes."""
        return sum(option.stock for option in self.options) <= FEW


def sizes_of(product: Product, asked: str) -> Sizes:
    """The sizes of a product that came ``with_sizes``, of which ``asked`` names one, perhaps."""
    options = [
        SizeOption(
            option["id"],
            option["size"],
            option["stock"],
            Decimal(option["price"]),
            Decimal(option["was_price"]) if option["was_price"] else None,
            product.currency,
        )
        for option in product.options
    ]
    if len(options) == 1:
        return Sizes(options, options[0])
    return Sizes(options, next((option for option in options if option.size and option.size == asked), None))
