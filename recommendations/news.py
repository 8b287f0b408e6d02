"""What is new about products that a shopper met: sold out then and back now, or cheaper than it was.

Told by the shop's own logs, of stock (``catalog.models.history``) and of prices (``PriceChange``), from the last time
that the shopper met the product: whoever has looked again knows.
"""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from django.core.cache import cache
from django.db import connection

BACK_IN_STOCK, PRICE_DROP = "back_in_stock", "price_drop"
MOST_ASKED = 24  # of what was met last

CACHE_SECONDS = 60

# Cheaper: a size that can be bought costs less than it did then, also where it was not offered for a while. Back: a
# size that can be bought was sold out at some moment since.
_NEWS = """
SELECT met.product_id,
    EXISTS (
        SELECT 1 FROM catalog_variant AS variant
        JOIN catalog_stockbefore AS before ON before.pgh_obj_id = variant.id
        WHERE variant.product_id = met.product_id AND variant.stock > 0
            AND before.stock = 0 AND before.pgh_created_at > met.at
    ),
    EXISTS (
        SELECT 1 FROM catalog_variant AS variant
        CROSS JOIN LATERAL (
            SELECT price, currency FROM catalog_pricechange
            WHERE variant_id = variant.id AND since <= met.at AND price IS NOT NULL
            ORDER BY since DESC, id DESC LIMIT 1
        ) AS asked
        WHERE variant.product_id = met.product_id AND variant.stock > 0
            AND asked.currency = variant.currency AND asked.price > variant.price
    )
FROM unnest(%s::bigint[], %s::timestamptz[]) WITH ORDINALITY AS met (product_id, at, place)
ORDER BY met.place
"""


def news_of(met: Iterable[tuple[int, datetime]]) -> dict[int, str]:
    """What is new about the products of ``met``, (id, when it was met last), newest first: id -> reason code.

    What is both is back. One query a minute for one history, none for an empty one; of more than ``MOST_ASKED``
    products the last ones are asked about.
    """
    asked = list(met)[:MOST_ASKED]
    if not asked:
        return {}
    ids, moments = [pk for pk, _ in asked], [at for _, at in asked]
    key = f"news-{sha256(repr(asked).encode()).hexdigest()}"
    told = cache.get(key)
    if told is None:
        with connection.cursor() as cursor:
            cursor.execute(_NEWS, [ids, moments])
            rows = cursor.fetchall()
        told = [[pk, BACK_IN_STOCK if back else PRICE_DROP] for pk, back, cheaper in rows if back or cheaper]
        cache.set(key, told, CACHE_SECONDS)
    return dict(told)
