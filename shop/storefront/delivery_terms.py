"""What delivery costs where, as the owner's tables say it: for the page about it and the line on product pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.core.cache import cache
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from accounts.countries import country_name
from shop.checkout.models import ShippingMethod, ShippingRate, ShippingZone
from shop.checkout.terms import ways_to
from shop.storefront.templatetags.storefront import money

FREE_FROM_KEY, FREE_FROM_SECONDS = "free-delivery-from-{}", 60
_NEVER = "never"


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
            [(m.name, m.words, [_price(rate, len(rs)) for rate in rs]) for m, rs in by_zone[zone.pk].items()],
        )
        for zone in zones
    ]


def _zone_name(zone: ShippingZone, *, is_alone: bool) -> str:
    if not zone.is_rest_of_world:
        return ", ".join(sorted(str(country_name(code)) for code in zone.countries))
    return _("Everywhere") if is_alone else _("Everywhere else")


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


def free_delivery_from(country: str) -> Decimal | None:
    """What goods must cost to be delivered free to ``country`` by the first way there; None: never, or it depends on
    the bag. Looked for once a minute."""
    key = FREE_FROM_KEY.format(country)
    known = cache.get(key)
    if known is None:
        ways, _percents = ways_to(country)
        limits = {band.free_from for band in ways[0].tariff.bands} if ways else set()
        known = str(limits.pop()) if len(limits) == 1 and None not in limits else _NEVER
        cache.set(key, known, FREE_FROM_SECONDS)
    return None if known == _NEVER else Decimal(known)
