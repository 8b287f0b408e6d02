"""What a bag holds, what is wrong with it, and what it costs where."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.conf import settings
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from catalog.models import ProductImage, Variant
from shop.checkout import cart as arithmetic
from shop.checkout.models import Cart, CartLine
from shop.checkout.pricing import Bill, BilledLine
from shop.checkout.promotions import Buyer, Promotions, promotions_for, why_unused
from shop.checkout.terms import Destination, Quote
from shop.checkout.terms import quote as quote_of


@dataclass(frozen=True)
class BagLine:
    """A line as the bag (in ``currency``) shows it, with what is wrong with it (``problem``, empty: nothing)."""

    line: CartLine
    currency: str

    @property
    def variant(self) -> Variant:
        return self.line.variant

    @cached_property
    def problem(self) -> str:
        variant, wanted = self.variant, self.line.quantity
        if not variant.product.is_visible:
            return _("%(piece)s is no longer sold. Please take it out.") % {"piece": variant.product}
        if variant.stock == 0:
            return _("%(piece)s is sold out. Please take it out.") % {"piece": variant}
        if wanted > variant.stock:
            return _("Only %(n)d of %(piece)s left. Please take fewer.") % {
                "n": variant.stock,
                "piece": variant,
            }
        if variant.currency != self.currency:
            return other_currency(variant, self.currency)
        return ""

    @property
    def total(self) -> Decimal:
        return arithmetic.rounded(self.variant.price * self.line.quantity)

    @property
    def choices(self) -> range:
        """The quantities to choose from; what the bag holds is always among them."""
        return range(
            1, max(arithmetic.fit_to_stock(self.variant.stock, self.variant.stock), self.line.quantity) + 1
        )


@dataclass(frozen=True)
class Bag:
    """All that the bag page and the checkout draw."""

    cart: Cart | None
    lines: list[BagLine]
    saved: list[CartLine]  # for later
    quote: Quote
    promotions: Promotions

    @property
    def totals(self) -> Bill:
        return self.quote.bill

    @cached_property
    def billed(self) -> dict[int, BilledLine]:
        """Variant id -> its line of the bill. A line in another currency has none."""
        return dict(
            zip((line.line.variant_id for line in _payable(self.lines)), self.totals.lines, strict=True)
        )

    @property
    def problems(self) -> list[str]:
        """What keeps the pieces from being ordered; where they go is another question (``quote.problem``)."""
        return [line.problem for line in self.lines if line.problem]

    @property
    def code_problem(self) -> str:
        """Why the code in the bag takes nothing off it; empty: it does, or there is none."""
        unused = next((one for one in self.totals.unused if one.offer.code), None)
        if unused and self.lines:
            return why_unused(unused, self.totals.currency)
        return self.promotions.code_problem

    @property
    def pieces(self) -> int:
        return sum(line.line.quantity for line in self.lines)

    @property
    def seen(self) -> str:
        """What the shopper is shown, for the hidden field that goes with the order."""
        lines = {b.line.variant_id: (b.line.quantity, b.variant.price) for b in self.lines}
        return arithmetic.write_seen(arithmetic.Seen(lines, self.totals.total))


def look_into(cart: Cart | None, destination: Destination | None = None, email: str = "") -> Bag:
    """The bag with variants, products, their pictures and prices, in four queries.

    Unless told where it goes, it is reckoned to go to the shop's own country. Limits per shopper count by the account
    and, where it is told, by ``email``.
    """
    lines: list[BagLine] = []
    saved: list[CartLine] = []
    if cart is not None:
        pictures = ProductImage.objects.filter(state=ProductImage.State.READY).order_by("position", "id")
        all_lines = list(
            cart.lines.select_related(
                "variant__product__brand", "variant__product__category"
            ).prefetch_related(Prefetch("variant__product__images", queryset=pictures))
        )
        saved = [line for line in all_lines if line.is_saved]
        lines = bag_lines(line for line in all_lines if not line.is_saved)
    promotions = promotions_for(Buyer(cart.user_id, email, cart.code)) if cart and lines else Promotions()
    quote = quote_for(lines, destination or Destination(settings.DEFAULT_COUNTRY), promotions)
    return Bag(cart, lines, saved, quote, promotions)


def quote_for(lines: Iterable[BagLine], destination: Destination, promotions: Promotions) -> Quote:
    """What the lines cost; one in another currency is no part of it: its ``problem`` keeps it from being ordered."""
    pieces = [(line.variant, line.line.quantity) for line in _payable(lines)]
    return quote_of(pieces, destination, promotions.offers)


def _payable(lines: Iterable[BagLine]) -> list[BagLine]:
    return [line for line in lines if line.variant.currency == line.currency]


def bag_lines(lines: Iterable[CartLine]) -> list[BagLine]:
    """The lines of one bag; the first one says in which currency it is."""
    lines = list(lines)
    return [BagLine(line, lines[0].variant.currency) for line in lines]


def other_currency(variant: Variant, currency: str) -> str:
    """Why a piece cannot join a bag in ``currency``, and what to do."""
    return _(
        "%(piece)s is priced in %(currency)s, the rest of your bag in %(other)s. Please order it apart."
    ) % {"piece": variant, "currency": variant.currency, "other": currency}
