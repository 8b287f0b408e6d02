"""For those who have not looked at anything yet: what is popular, varied, and what is new."""

from collections.abc import Sequence
from datetime import timedelta

from django.core.cache import cache
from django.db.models import Case, Count, FloatField, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from catalog.models import Product
from recommendations.hydration import Answer, Found, hydrate, one_per_style
from recommendations.models import Interaction
from recommendations.profiles import WEIGHTS

POPULAR_DAYS = 14
# Nothing is called popular because of fewer shoppers: a list must not tell what one person did.
MINIMUM_SHOPPERS = 3
CACHE_SECONDS = 60
POPULAR, NEW = "popular", "new"


def popular(n: int) -> list[Answer]:
    """The products that shoppers did most with in the last days, one category after the other; then new ones."""
    return one_per_style(hydrate(popular_products(2 * n)))[:n]


def popular_products(n: int) -> list[Found]:
    """The ids behind ``popular``; they are looked for once a minute, not for every newcomer."""
    key = f"popular-{n}"
    known = cache.get(key)
    if known is None:
        known = [[found.product_id, found.score, found.reason_code] for found in popular_now(n)]
        cache.set(key, known, CACHE_SECONDS)
    return [Found(*line) for line in known]


def popular_now(n: int) -> list[Found]:
    """The same, counted anew."""
    products = Product.objects.visible().in_stock()
    strength = Case(
        *(When(kind=kind, then=Value(weight)) for kind, weight in WEIGHTS.items()), output_field=FloatField()
    )
    counted = (
        Interaction.objects.filter(
            created_at__gte=timezone.now() - timedelta(days=POPULAR_DAYS), product__in=products
        )
        .values("product_id", "product__category_id")
        .annotate(
            strength=Sum(strength),
            shoppers=Count(Coalesce("user_id", Value(None)), distinct=True)
            + Count("session_key", distinct=True),
        )
        .filter(shoppers__gt=MINIMUM_SHOPPERS, strength__gt=0)
        .order_by("-strength", "product_id")
    )
    ranked = [(row["product_id"], row["product__category_id"]) for row in counted[: 10 * n]]
    ids = round_robin(ranked, n)
    found = [Found(pk, 1 - place / (2 * n), POPULAR) for place, pk in enumerate(ids)]
    if len(found) < n:
        newest = products.exclude(pk__in=ids).order_by("-created_at", "-pk").values_list("pk", "category_id")
        fresh = round_robin(list(newest[: 20 * n]), n - len(found))
        found += [Found(pk, 0.4 * (1 - place / (2 * n)), NEW) for place, pk in enumerate(fresh)]
    return found


def round_robin(ranked: Sequence[tuple[int, int]], n: int) -> list[int]:
    """From (id, category) pairs, best first: the best of every category, then the second of every one, and so on."""
    shelves: dict[int, list[int]] = {}
    for pk, category in ranked:
        shelves.setdefault(category, []).append(pk)
    picked: list[int] = []
    row = 0
    while len(picked) < n and any(len(shelf) > row for shelf in shelves.values()):
        picked += [shelf[row] for shelf in shelves.values() if len(shelf) > row]
        row += 1
    return picked[:n]
