"""What delivery costs where, as the owner's tables say it: for the page about it and the line on product pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.core.cache import cache
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from accounts.countries import country_name
from catalog.dictionary import spoken
from shop.checkout.models import ShippingMethod, ShippingRate, ShippingZone
from shop.checkout.terms import ways_to
from shop.storefront.templatetags.storefront import money

USUAL_WAY_KEY, USUAL_WAY_SECONDS = "usual-way-{}", 60


@dataclass(frozen=True)
class ZoneTerms:
    """The ways of delivery to one zone: (name, how long it takes, what it costs as sentences) each."""

    name: str
    ways: Sequence[tuple[str, str, list[str]]]


def delivery_terms() -> list[ZoneTerms]:
    """All zones that something goes to, the rest of the world last; two queries."""
    rates = ShippingRate.objects.filter(method__is_active=True).select_related("method")
    by_zone: dict[int, dict[ShippingMethod, list[ShippingRate]]] = {}
    for rate in rates.order_by("method__position", "method_id", "lower"):
        by_zone.setdefault(rate.zone_id, {}).setdefault(rate.method, []).append(rate)
    zones = [zone for zone in ShippingZone.objects.all() if zone.pk in by_zone]
    return [
        ZoneTerms(
            _zone_name(zone, is_alone=len(zones) == 1),
            [
                (spoken(way.name), spoken(way.words), _prices(bands))
                for way, bands in by_zone[zone.pk].items()
            ],
        )
        for zone in zones
    ]


def _zone_name(zone: ShippingZone, *, is_alone: bool) -> str:
    if not zone.is_rest_of_world:
        return ", ".join(sorted(str(country_name(code)) for code in zone.countries))
    return _("Everywhere") if is_alone else _("Everywhere else")


def _prices(rates: Sequence[ShippingRate]) -> list[str]:
    return [_price(rate, len(rates)) for rate in rates]


def _price(rate: ShippingRate, n_bands: int) -> str:
    """What one band costs: "€ 4.90, free from € 100"."""
    words = money(rate.price, settings.DEFAULT_CURRENCY) if rate.price else _("Free")
    if n_bands > 1:
        words = f"{_band(rate)}: {words}"
    if rate.price and rate.free_from is not None:
        limit = money(rate.free_from, settings.DEFAULT_CURRENCY)
        words = _("%(price)s, free from %(limit)s") % {"price": words, "limit": limit}
    return words


def _band(rate: ShippingRate) -> str:
    def measure(amount: Decimal) -> str:
        if rate.method.charged_by == ShippingMethod.ChargedBy.WEIGHT:
            return f"{number_format(amount / 1000, 1)} kg"
        return money(amount, settings.DEFAULT_CURRENCY)

    if rate.upper is None:
        return _("From %(lower)s") % {"lower": measure(rate.lower)}
    if not rate.lower:
        return _("Up to %(upper)s") % {"upper": measure(rate.upper)}
    return _("From %(lower)s to %(upper)s") % {"lower": measure(rate.lower), "upper": measure(rate.upper)}


@dataclass(frozen=True)
class UsualWay:
    """The first way of delivery to a country, as a product's page tells of it. ``free_from`` is what goods must cost to
    be delivered free; None: never, or it depends on the bag."""

    words: str = ""
    free_from: Decimal | None = None


def usual_way(country: str) -> UsualWay:
    """What most orders to ``country`` will go by; nothing where none goes there. Looked for once a minute."""
    key = USUAL_WAY_KEY.format(country)
    known = cache.get(key)
    if known is None:
        ways, _percents = ways_to(country)
        limits = {band.free_from for band in ways[0].tariff.bands} if ways else set()
        limit = limits.pop() if len(limits) == 1 else None
        known = [ways[0].words if ways else "", None if limit is None else str(limit)]
        cache.set(key, known, USUAL_WAY_SECONDS)
    words, limit = known
    return UsualWay(words, None if limit is None else Decimal(limit))
