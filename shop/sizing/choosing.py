"""Which table of the size guide is meant for a product."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache

from catalog.models import Product
from shop.sizing.measures import in_inches
from shop.sizing.models import SizeTable

CACHE_KEY = "size-tables"
CACHE_SECONDS = 300


@dataclass(frozen=True)
class Row:
    """One size with its measures. ``is_offered``: the product comes in it."""

    size: str
    other_size: str
    measures: list[str]
    is_offered: bool

    @property
    def both(self) -> list[tuple[str, str]]:
        """Each measure in centimetres and in inches."""
        return [(measure, in_inches(measure)) for measure in self.measures]


@dataclass(frozen=True)
class Guide:
    """A table as a page draws it; measures in centimetres."""

    name: str
    columns: list[str]
    other_sizes: str
    advice: str
    rows: list[Row]


def guide_for(product: Product, shelves: Collection[int], sizes: Collection[str]) -> Guide | None:
    """The table for a product on these shelves (its category and those above it) that comes in these sizes.

    A table made for another shelf, brand or gender is out. Of the others the brand's own wins, then the one of the
    nearest shelf, then the one for the gender, then the one that knows most of the sizes. Each
    must know one of the sizes. None where there is no such table: no guide is better than a wrong one.
    """
    order = list(shelves)
    best, best_rank = None, None
    for table in _tables():
        if table["brand"] not in (None, product.brand_id) or table["gender"] not in ("", product.gender):
            continue
        if table["category"] is not None and table["category"] not in order:
            continue
        known = len({row["size"] for row in table["rows"]} & set(sizes))
        if not known:
            continue
        shelf = order.index(table["category"]) + 1 if table["category"] is not None else 0
        rank = (table["brand"] is not None, shelf, bool(table["gender"]), known)
        if best_rank is None or rank > best_rank:
            best, best_rank = table, rank
    if best is None:
        return None
    rows = [Row(**row, is_offered=row["size"] in sizes) for row in best["rows"]]
    return Guide(best["name"], best["columns"], best["other_sizes"], best["advice"], rows)


def forget_tables(**signal: Any) -> None:
    """Read them again at the next page: one was changed."""
    cache.delete(CACHE_KEY)


def _tables() -> list[dict[str, Any]]:
    """All tables as plain values, from the cache where they are known already. There are few."""
    known = cache.get(CACHE_KEY)
    if known is None:
        known = [
            {
                "name": table.name,
                "category": table.category_id,
                "brand": table.brand_id,
                "gender": table.gender,
                "columns": table.columns,
                "other_sizes": table.other_sizes,
                "advice": table.advice,
                "rows": [
                    {"size": row.size, "other_size": row.other_size, "measures": row.measures}
                    for row in table.rows.all()
                ],
            }
            for table in SizeTable.objects.prefetch_related("rows")
        ]
        cache.set(CACHE_KEY, known, CACHE_SECONDS)
    return known
