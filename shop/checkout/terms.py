"""On what terms a bag is sold: which ways of delivery go to a country and which taxes are due there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db.models import Exists, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.countries import country_name
from catalog.models import TaxClass, Variant
from shop.checkout.cart import PricedLine
from shop.checkout.models import ShippingMethod, ShippingRate, ShippingZone, TaxRate
from shop.checkout.pricing import NOTHING, Bill, Offer, Tariff, bill


@dataclass(frozen=True)
class Destination:
    """Where a bag goes, and by which way of delivery (None: the first one that takes it)."""

    country: str
    method: int | None = None


@dataclass(frozen=True)
class Way:
    """A way of delivery to one country; ``price`` is what it costs for the bag in question."""

    id: int
    name: str
    words: str
    tariff: Tariff
    price: Decimal = NOTHING


@dataclass(frozen=True)
class Quote:
    """What a bag costs at one destination. ``ways`` are those that take it, ``way`` is the one that is reckoned with;
    ``problem`` tells the shopper why there is none."""

    destination: Destination
    bill: Bill
    ways: tuple[Way, ...] = ()
    way: Way | None = None
    problem: str = ""

    @property
    def country_name(self) -> str:
        return country_name(self.destination.country)


# --- The tables ---------------------------------------------------------------------------------------------------


def percent_of(variant: Variant, percents: Mapping[str, Decimal]) -> Decimal:
    """The tax on a variant: of its product's class, else its category's; without a rate the standard one counts."""
    product = variant.product
    standard = percents.get(TaxClass.STANDARD, NOTHING)
    return percents.get(product.tax_class or product.category.tax_class, standard)


def ways_to(country: str, day: date | None = None) -> tuple[list[Way], dict[str, Decimal]]:
    """The ways of delivery that go to ``country``, in the owner's order, and tax class -> percent there on ``day``
    (today); one query for both. A class without a rate is missing.

    A country that a zone names is served by that zone alone; any other by the rest of the world.
    """
    named = ShippingZone.objects.filter(countries__contains=[country])
    taxes = TaxRate.objects.filter(country=country, valid_from__lte=day or timezone.localdate())
    rates = (
        ShippingRate.objects.filter(method__is_active=True)
        .filter(Q(zone__countries__contains=[country]) | Q(zone__is_rest_of_world=True) & ~Exists(named))
        .select_related("method")
        .annotate(**{name: _newest(taxes.filter(tax_class=name)) for name in TaxClass.values})
        .order_by("method__position", "method_id", "lower")
    )
    by_method: dict[ShippingMethod, list[ShippingRate]] = {}
    percents: dict[str, Decimal] = {}
    for rate in rates:
        by_method.setdefault(rate.method, []).append(rate)
        known = {name: getattr(rate, name) for name in TaxClass.values}
        percents = {name: percent for name, percent in known.items() if percent is not None}
    ways = [
        Way(
            method.pk,
            method.name,
            method.words,
            Tariff(
                tuple(rate.band for rate in rates),
                by_weight=method.charged_by == ShippingMethod.ChargedBy.WEIGHT,
                tax_percent=percents.get(TaxClass.STANDARD, NOTHING),
            ),
        )
        for method, rates in by_method.items()
    ]
    return ways, percents


def _newest(taxes: QuerySet[TaxRate]) -> Subquery:
    return Subquery(taxes.order_by("-valid_from").values("percent")[:1])


# --- The quote ----------------------------------------------------------------------------------------------------


def priced(variant: Variant, quantity: int, percents: Mapping[str, Decimal]) -> PricedLine:
    """So many of ``variant`` as the arithmetic needs them."""
    return PricedLine(
        variant.price,
        quantity,
        variant.currency,
        grams=settings.DEFAULT_WEIGHT if variant.weight is None else variant.weight,
        tax_percent=percent_of(variant, percents),
        product=variant.product_id,
        category=variant.product.category_id,
        brand=variant.product.brand_id,
    )


def quote(
    pieces: Sequence[tuple[Variant, int]], destination: Destination, offers: Sequence[Offer] = ()
) -> Quote:
    """What ``pieces`` (each variant with its product and category, all in one currency) cost at ``destination``.

    One query, and none for an empty bag.
    """
    currency = pieces[0][0].currency if pieces else settings.DEFAULT_CURRENCY
    included = settings.PRICES_INCLUDE_TAX
    if not pieces:
        return Quote(destination, bill((), currency=currency, tariff=None, prices_include_tax=included))
    all_ways, percents = ways_to(destination.country)
    lines = [priced(variant, quantity, percents) for variant, quantity in pieces]

    def with_way(way: Way | None) -> Bill:
        tariff = way.tariff if way else None
        return bill(lines, currency=currency, tariff=tariff, offers=offers, prices_include_tax=included)

    ways = [replace(way, price=sums.shipping) for way in all_ways if (sums := with_way(way)).is_deliverable]
    chosen = next((way for way in ways if way.id == destination.method), ways[0] if ways else None)
    sums = with_way(chosen)
    return Quote(
        destination, sums, tuple(ways), chosen, "" if chosen else _why_not(destination, sums, bool(all_ways))
    )


def _why_not(destination: Destination, sums: Bill, goes_there: bool) -> str:
    names = {"country": country_name(destination.country), "kilos": f"{Decimal(sums.grams) / 1000:.1f}"}
    if goes_there:
        return (
            _(
                "This bag cannot go to %(country)s in one parcel: it weighs %(kilos)s kg. Please order it in two, "
                "or write to us."
            )
            % names
        )
    return (
        _(
            "We do not deliver to %(country)s yet. Please choose an address in another country, or write to us."
        )
        % names
    )
