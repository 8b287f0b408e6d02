"""What pages show of recommendations, counted without shoppers: by day, place and reason, and by day and product.

A page adds to counters in the cache, in one round trip and no query. A task writes them into the database every few
minutes. Counters are lost with the cache, or with a worker that dies between taking and writing: they are tallies, no
accounts.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from accounts.shopper import Shopper
from recommendations.hydration import Answer
from recommendations.tallies import ListsProof, ProductTally, RowTally

COUNTERS = "recommendations-shown"
VISITS = "visits"
PHOTO_SEARCHES = "photo_searches"
NOT_CARDS = (VISITS, PHOTO_SEARCHES)  # places whose counters count something else than cards
ROW, PRODUCT = "row", "product"
ROWS_KEPT = timedelta(days=400)  # last season beside this one
PRODUCTS_KEPT = timedelta(days=60)
PROOFS_KEPT = timedelta(days=90)

_ADD_ROWS = """
INSERT INTO recommendations_rowtally AS tally (day, place, reason, shown)
SELECT * FROM unnest(%s::date[], %s::text[], %s::text[], %s::bigint[])
ON CONFLICT (day, place, reason) DO UPDATE SET shown = tally.shown + EXCLUDED.shown
"""
_ADD_PRODUCTS = """
INSERT INTO recommendations_producttally AS tally (day, product_id, shown)
SELECT * FROM unnest(%s::date[], %s::bigint[], %s::bigint[])
ON CONFLICT (day, product_id) DO UPDATE SET shown = tally.shown + EXCLUDED.shown
"""


def note_shown(shopper: Shopper, rows: Mapping[str, Iterable[Answer]], *, bucket: str = "") -> None:
    """Count the cards that a page shows to a person, by the place that their links name; ``bucket``, on the home page,
    is how well the shopper is known. Nothing is counted of those who want nothing recorded."""
    if not shopper.personalised:
        return
    today = timezone.localdate().isoformat()
    amounts: Counter[str] = Counter()
    if bucket:
        amounts[f"{ROW} {today} {VISITS} {bucket}"] += 1
    for place, answers in rows.items():
        for answer in answers:
            amounts[f"{ROW} {today} {place} {answer.reason_code}"] += 1
            amounts[f"{PRODUCT} {today} {answer.product.pk}"] += 1
    cache.count(COUNTERS, amounts)


def note_photo_search(shopper: Shopper) -> None:
    """Count a photo that somebody searches with, unless they want nothing recorded."""
    if shopper.personalised:
        cache.count(COUNTERS, {f"{ROW} {timezone.localdate().isoformat()} {PHOTO_SEARCHES} asked": 1})


def store_tallies() -> int:
    """Write what has been counted since the last time into the database; returns how many counters there were."""
    counted = cache.take_counts(COUNTERS)
    rows, products = [], []
    for name, amount in sorted(counted.items()):  # always in one order: two writers never wait for each other
        kind, day, *key = name.split(" ")
        if kind == ROW:
            rows.append((date.fromisoformat(day), *key, amount))
        else:
            products.append((date.fromisoformat(day), int(key[0]), amount))
    with connection.cursor() as cursor:
        for statement, lines in ((_ADD_ROWS, rows), (_ADD_PRODUCTS, products)):
            if lines:
                cursor.execute(statement, [list(column) for column in zip(*lines, strict=True)])
    return len(counted)


def prune_tallies() -> None:
    """Forget what is too old to be looked at."""
    today = timezone.localdate()
    RowTally.objects.filter(day__lt=today - ROWS_KEPT).delete()
    ProductTally.objects.filter(day__lt=today - PRODUCTS_KEPT).delete()
    ListsProof.objects.filter(made_at__lt=timezone.now() - PROOFS_KEPT).delete()
