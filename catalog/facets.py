"""The filters of a listing, with how many products each choice would give."""

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from catalog.dictionary import spoken
from catalog.listing_query import ListingQuery
from catalog.models import Brand, Product

TITLES = {
    "category": gettext_lazy("Category"),
    "type": gettext_lazy("Type"),
    "colour": gettext_lazy("Colour"),
    "size": gettext_lazy("Size"),
    "brand": gettext_lazy("Brand"),
    "gender": pgettext_lazy("whom", "For"),
    "in_stock": gettext_lazy("In stock"),
}
SIZE_ORDER = ("XXS", "XS", "S", "M", "L", "XL", "XXL", "3XL", "One size")
# Many products take a while to be counted, and a minute changes little of it; few are counted anew each time.
MANY = 1_000
KEPT_SECONDS = 60
COLUMNS = (
    "category_id",
    "article_type",
    "colour",
    "colour_hex",
    "brand_id",
    "gender",
    "price",
    "in_stock",
    "sizes_in_stock",
)


@dataclass(frozen=True)
class Option:
    """One choice inside a facet, with the number of products it would give."""

    value: str
    label: str
    count: int
    selected: bool
    hex: str = ""
    query_string: str = ""


@dataclass(frozen=True)
class Facet:
    """One filter with its options; each is counted as if this filter were untouched."""

    name: str
    title: str
    options: list[Option]

    @property
    def selected(self) -> list[Option]:
        return [option for option in self.options if option.selected]


@dataclass(frozen=True)
class Facets:
    """All filters of a listing, the number of products that pass them, and the prices there are to choose from."""

    facets: list[Facet]
    count: int
    lowest_price: Decimal | None
    highest_price: Decimal | None


class Count(NamedTuple):
    """A line of the count: ``n`` products have ``value`` (shown as ``label``) for the filter ``facet``.

    "total" is the number of all products; of "price", ``value`` and ``label`` are the lowest and the highest, not
    counted: an index knows them.
    """

    facet: str
    value: str
    label: str
    hex: str
    n: int


def chosen(query: ListingQuery, below: list[int]) -> dict[str, Q]:
    """The filters in force, by name: what a product must be. ``below``: the ids of the chosen categories' shelves."""
    conditions: dict[str, Q] = {}
    if query.category:
        conditions["category"] = Q(category_id__in=below or [0])  # a filter by a category that is not there
    if query.type:
        conditions["type"] = Q(article_type__in=query.type)
    if query.colour:
        conditions["colour"] = Q(colour__in=query.colour)
    if query.size:
        conditions["size"] = Q(sizes_in_stock__overlap=list(query.size))
    if query.brand:
        conditions["brand"] = Q(brand_id__in=Brand.objects.filter(slug__in=query.brand).values("pk"))
    if query.gender:
        conditions["gender"] = Q(gender__in=query.gender)
    if query.has_price_limit:
        price = Q()
        if query.min_price is not None:
            price &= Q(price__gte=query.min_price)
        if query.max_price is not None:
            price &= Q(price__lte=query.max_price)
        conditions["price"] = price
    if query.in_stock:
        conditions["in_stock"] = Q(in_stock=True)
    return conditions


def filtered(products: QuerySet[Product], query: ListingQuery, below: list[int]) -> QuerySet[Product]:
    """Keep the products that pass the filters in force. ``below`` is as for ``chosen``."""
    return products.filter(*chosen(query, below).values())


def count_facets(base: QuerySet[Product], query: ListingQuery, below: list[int]) -> Facets:
    """Count what each choice would give among ``base``: one query. ``below`` is as for ``chosen``."""
    options: dict[str, list[Option]] = {name: [] for name in TITLES}
    total, lowest, highest = 0, None, None
    for line in _count(base, chosen(query, below), searched=bool(query.q)):
        if line.facet == "total":
            total = line.n
        elif line.facet == "price":
            lowest, highest = (Decimal(line.value), Decimal(line.label)) if line.value else (None, None)
        elif line.facet == "in_stock":
            options["in_stock"] += [Option("1", _("In stock"), line.n, query.in_stock)] if line.n else []
        elif line.value:
            options[line.facet].append(
                Option(
                    line.value,
                    line.label if line.facet == "brand" else spoken(line.label),
                    line.n,
                    selected=line.value in getattr(query, line.facet),
                    hex=line.hex,
                    query_string=query.toggled(line.facet, line.value).query_string(),
                )
            )
    facets = [
        Facet(name, str(TITLES[name]), _ordered(name, found))
        for name, found in options.items()
        if len(found) > 1 or any(option.selected for option in found) or (name == "in_stock" and found)
    ]
    return Facets(facets, total, lowest, highest)


# By name: the table that the lines are counted in, and what is written of each.
_GROUPED = {
    "category": """SELECT '{facet}', category.slug, category.name, '', counted.n
        FROM (SELECT category_id, count(*) AS n FROM matched WHERE {passes} GROUP BY 1) AS counted
        JOIN catalog_category AS category ON category.id = counted.category_id""",
    "type": """SELECT '{facet}', article_type, article_type, '', count(*)
        FROM matched WHERE {passes} GROUP BY article_type""",
    "colour": """SELECT '{facet}', colour, colour, max(colour_hex), count(*)
        FROM matched WHERE {passes} GROUP BY colour""",
    "size": """SELECT '{facet}', size, size, '', count(*)
        FROM matched CROSS JOIN unnest(sizes_in_stock) AS size WHERE {passes} GROUP BY size""",
    "brand": """SELECT '{facet}', brand.slug, brand.name, '', counted.n
        FROM (SELECT brand_id, count(*) AS n FROM matched WHERE {passes} GROUP BY 1) AS counted
        JOIN catalog_brand AS brand ON brand.id = counted.brand_id""",
    "gender": """SELECT '{facet}', gender, gender, '', count(*) FROM matched WHERE {passes} GROUP BY gender""",
    "in_stock": "SELECT '{facet}', '', '', '', count(*) FROM matched WHERE in_stock AND {passes}",
    "price": """SELECT '{facet}', coalesce(min(price)::text, ''), coalesce(max(price)::text, ''), '', 0
        FROM matched WHERE {passes}""",
    "total": "SELECT '{facet}', '', '', '', count(*) FROM matched WHERE {passes}",
}


def _count(base: QuerySet[Product], conditions: dict[str, Q], *, searched: bool) -> list[Count]:
    """The lines of all facets, from the cache where many products were counted a moment ago.

    A product's columns, and for each filter in force whether it passes, are looked up once (``MATERIALIZED``). Without
    words and filters each facet is counted straight from the index ``product_facets``, which is faster.
    """
    passes = {
        f"passes_{name}": ExpressionWrapper(condition, BooleanField())
        for name, condition in conditions.items()
    }
    rows = base.annotate(**passes).order_by().values_list(*COLUMNS, *passes)
    try:
        matched, parameters = rows.query.sql_with_params()
    except EmptyResultSet:  # nothing can be among ``base``, says Django without asking
        return []
    key = "facets-" + hashlib.sha256(repr((matched, parameters)).encode()).hexdigest()
    if (kept := cache.get(key)) is not None:
        return [Count(*line) for line in kept]

    def branch(facet: str, sql: str) -> str:
        others = [f"passes_{name}" for name in conditions if name != facet]
        return sql.format(facet=facet, passes=" AND ".join(others) or "true")

    branches = " UNION ALL ".join(branch(facet, sql) for facet, sql in _GROUPED.items())
    columns = ", ".join((*COLUMNS, *passes))
    how = "MATERIALIZED" if searched or conditions else "NOT MATERIALIZED"
    with connection.cursor() as cursor:
        # Only names of our own are put together here; what was asked for is in the parameters.
        cursor.execute(f"WITH matched ({columns}) AS {how} ({matched}) {branches}", parameters)
        lines = [Count(*row) for row in cursor.fetchall()]
    if any(line.n >= MANY for line in lines):
        cache.set(key, lines, KEPT_SECONDS)
    return lines


def _ordered(name: str, options: list[Option]) -> list[Option]:
    if name == "size":
        ranks = {size: rank for rank, size in enumerate(SIZE_ORDER)}
        return sorted(options, key=lambda o: (ranks.get(o.value, 50), o.value.zfill(6)))
    return sorted(options, key=lambda o: (-o.count, o.label))
