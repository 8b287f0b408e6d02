"""What may be struck beside a price, told by the log of what was asked before (``PriceChange``).

A reduction is announced with the lowest price of the thirty days before it, as Article 6a of Directive 98/6/EC asks,
and only where that is higher. So a price that rose first, or was as low a week ago, strikes nothing; and neither does
one whose thirty days before are not known: new, hidden in between, or in another currency.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone

from catalog.offers import refresh_offers

BEFORE = timedelta(days=30)
NEWS = timedelta(days=90)  # what has cost the same for a season is not reduced any more: the law names no end
KEPT = timedelta(days=365)  # longer than NEWS and BEFORE together

_STRIKE = """
UPDATE catalog_variant AS variant SET was_price = struck.was_price
FROM (
    SELECT sold.id, newest.price, newest.currency,
        CASE WHEN earlier.is_known AND earlier.lowest > newest.price AND newest.since > %(news)s
             THEN earlier.lowest END AS was_price
    FROM catalog_variant AS sold
    LEFT JOIN LATERAL (
        SELECT id, price, currency, since FROM catalog_pricechange
        WHERE variant_id = sold.id ORDER BY since DESC, id DESC LIMIT 1
    ) AS newest ON TRUE
    LEFT JOIN LATERAL (  -- the price in force thirty days before, and every one since
        SELECT min(price) AS lowest,
            min(since) <= newest.since - %(before)s
            AND bool_and(price IS NOT NULL AND currency = newest.currency) AS is_known
        FROM catalog_pricechange
        WHERE variant_id = sold.id AND (since, id) < (newest.since, newest.id) AND since >= COALESCE((
            SELECT max(since) FROM catalog_pricechange
            WHERE variant_id = sold.id AND since <= newest.since - %(before)s
        ), newest.since)
    ) AS earlier ON TRUE
    WHERE sold.product_id = ANY(%(ids)s)
    ORDER BY sold.id
) AS struck
WHERE variant.id = struck.id AND variant.was_price IS DISTINCT FROM struck.was_price
  -- Somebody who changes the price at this moment strikes it again, by a log that has that change.
  AND (struck.was_price IS NULL OR (variant.price, variant.currency) = (struck.price, struck.currency))
"""
_ENDED = """
SELECT product_id, array_agg(id ORDER BY id) FROM catalog_variant
WHERE was_price IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM catalog_pricechange WHERE variant_id = catalog_variant.id AND since > %(news)s
)
GROUP BY product_id
"""
_LOCK = "SELECT id FROM catalog_variant WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE"
_PRUNE = """
DELETE FROM catalog_pricechange AS old WHERE EXISTS (
    SELECT 1 FROM catalog_pricechange AS next
    WHERE next.variant_id = old.variant_id AND (next.since, next.id) > (old.since, old.id) AND next.since < %(kept)s
)
"""


def strike_prices(product_ids: Iterable[int]) -> None:
    """Strike on each variant what its log allows, and repeat price and stock on the products.

    Call it after changing prices, or what is visible, in bulk; saving a single variant calls it by itself. Until then
    the variants changed have nothing struck.
    """
    ids = list(product_ids)
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(_STRIKE, {"ids": ids, "before": BEFORE, "news": timezone.now() - NEWS})
    refresh_offers(ids)


def end_reductions(now: datetime) -> int:
    """Strike nothing any more where the price has stood for ``NEWS``; returns of how many products."""
    with connection.cursor() as cursor:
        cursor.execute(_ENDED, {"news": now - NEWS})
        ended = cursor.fetchall()
        for product_id, variant_ids in ended:
            with transaction.atomic():
                cursor.execute(_LOCK, {"ids": variant_ids})  # by ascending id, as orders do
                strike_prices([product_id])
    return len(ended)


def prune_price_log(now: datetime) -> int:
    """Delete the prices that were last in force ``KEPT`` ago or earlier; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_PRUNE, {"kept": now - KEPT})
        return cursor.rowcount


def percent_off(price: Decimal, was_price: Decimal | None) -> int | None:
    """How many whole percent ``price`` is below ``was_price``, rounded down; None where that is not even one."""
    if not was_price:
        return None
    return int((was_price - price) * 100 / was_price) or None
