"""A product's price and stock as its cards show them, repeated from its variants."""

from collections.abc import Iterable

from django.db import connection

_REFRESH = """
UPDATE catalog_product AS product
SET price = offer.price, was_price = offer.was_price, currency = offer.currency, in_stock = offer.in_stock,
    sizes_in_stock = offer.sizes_in_stock
FROM (
    SELECT DISTINCT ON (product_id)
        product_id, price, was_price, currency,
        bool_or(stock > 0) OVER (PARTITION BY product_id) AS in_stock,
        ARRAY(
            SELECT DISTINCT available.size FROM catalog_variant AS available
            WHERE available.product_id = variant.product_id AND available.stock > 0 AND available.size <> ''
            ORDER BY available.size
            LIMIT 100  -- an index row holds no more than 2.7 kB
        ) AS sizes_in_stock
    FROM catalog_variant AS variant
    WHERE product_id = ANY(%(ids)s)
    ORDER BY product_id, stock = 0, price, id
) AS offer
WHERE product.id = offer.product_id
  AND (product.price, product.was_price, product.currency, product.in_stock, product.sizes_in_stock)
      IS DISTINCT FROM (offer.price, offer.was_price, offer.currency, offer.in_stock, offer.sizes_in_stock)
"""
_WITHOUT_VARIANTS = """
UPDATE catalog_product SET in_stock = FALSE, sizes_in_stock = '{}'
WHERE id = ANY(%(ids)s) AND in_stock
  AND NOT EXISTS (SELECT 1 FROM catalog_variant WHERE product_id = catalog_product.id)
"""


def refresh_offers(product_ids: Iterable[int]) -> None:
    """Repeat the cheapest available variant's price, and which sizes are in stock, on the products.

    Call it after changing stock in bulk (after changing prices ``catalog.prices.strike_prices``, which calls it);
    saving or deleting a single variant calls it by itself. Rows that say the right thing already are not written.
    """
    ids = list(product_ids)
    with connection.cursor() as cursor:
        cursor.execute(_REFRESH, {"ids": ids})
        cursor.execute(_WITHOUT_VARIANTS, {"ids": ids})
