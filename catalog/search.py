"""Finds products by words and filters, page by page."""

import math
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from django.db.models import DecimalField, Expression, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Round
from django.utils.dateparse import parse_datetime

from catalog.facets import Facet, Facets, count_facets, filtered
from catalog.listing_query import Cursor, ListingQuery
from catalog.matching import as_written, better_words, meant
from catalog.models import Category, Product

PAGE_SIZE = 24
FEW = 5  # so few products make it likely that other words were meant


@dataclass(frozen=True)
class Listing:
    """One page of products. ``sort`` is the order in force; cursors are None at the ends.

    ``searched``: the words that the products match. ``is_partial``: none has all of them, these have some.
    ``did_you_mean``: other words that find something, where these find little. ``is_sorted_for_you``: of what matches
    alike, this shopper's taste put some first.
    """

    query: ListingQuery
    products: list[Product]
    count: int
    sort: str
    next_cursor: Cursor | None
    previous_cursor: Cursor | None
    facets: list[Facet] = field(default_factory=list)
    lowest_price: Decimal | None = None
    highest_price: Decimal | None = None
    searched: str = ""
    is_partial: bool = False
    did_you_mean: str = ""
    is_sorted_for_you: bool = False

    @property
    def is_corrected(self) -> bool:
        """Whether nothing matched the words as they were written, and other words were searched for."""
        return self.searched != self.query.q

    @property
    def next_query_string(self) -> str:
        return self.query.at(self.next_cursor).query_string() if self.next_cursor else ""

    @property
    def previous_query_string(self) -> str:
        return self.query.at(self.previous_cursor).query_string() if self.previous_cursor else ""


def listing(
    query: ListingQuery,
    *,
    shelf: Category | None = None,
    taste: Expression | None = None,
    page_size: int = PAGE_SIZE,
    with_facets: bool = True,
) -> Listing:
    """One page of what ``query`` asks for.

    ``shelf`` limits it to a category and those below. ``taste`` is an expression that is larger for products which
    this shopper will like more; it is the order where none was chosen ("for you"), and in a search that of the products
    of one page that match alike. Pages follow each other by
    keyset, so that a product that arrives or goes meanwhile neither repeats nor hides another.
    """
    base = Product.objects.visible()
    if shelf is not None:
        base = base.in_category(shelf)
    sort = _sort_in_force(query, taste)
    below = Category.objects.ids_below(query.category) if query.category else []

    def page_of(products: QuerySet[Product]) -> _Page:
        return _page(filtered(products, query, below), query, sort, taste, page_size)

    if not query.q:
        page, match, wanted = page_of(base), None, base
    else:
        match = as_written(base, query.q)
        page = page_of(match.products)
        if not page.products and not match.products.exists():
            if query.exact:
                better = better_words(base, query.q)
                return Listing(query, [], 0, sort, None, None, searched=query.q, did_you_mean=better)
            match = meant(base, query.q)
            page = _NOTHING if match.is_empty else page_of(match.products)
        wanted = match.products
    counted = count_facets(wanted, query, below) if with_facets else Facets([], 0, None, None)
    finds_little = counted.count < FEW and query.cursor is None and not query.is_filtered
    may_be_misspelt = match and with_facets and finds_little and page.products and match.words == query.q
    products = page.products
    if sort == "relevance" and taste is not None and match is not None:
        products = liked_first(products, match.words)
    return Listing(
        query=query,
        products=products,
        count=counted.count,
        sort=sort,
        next_cursor=page.next_cursor,
        previous_cursor=page.previous_cursor,
        facets=counted.facets,
        lowest_price=counted.lowest_price,
        highest_price=counted.highest_price,
        searched=match.words if match else "",
        is_partial=match is not None and match.is_partial,
        did_you_mean=better_words(base, query.q) if may_be_misspelt else "",
        is_sorted_for_you=products != page.products,
    )


def liked_first(products: list[Product], words: str) -> list[Product]:
    """Order the products of one page by taste where they match the words alike, to the hundredth of relevance.

    None comes or goes, and what is called exactly by the words stays before all that match as well.
    """
    return sorted(
        products,
        key=lambda product: (
            -math.floor(100 * product.relevance),
            product.name.casefold() != words.casefold(),
            -product.taste,
        ),
    )


class _Page(NamedTuple):
    products: list[Product]
    next_cursor: Cursor | None
    previous_cursor: Cursor | None


_NOTHING = _Page([], None, None)


def _sort_in_force(query: ListingQuery, taste: Expression | None) -> str:
    sort = query.sort or ("relevance" if query.q else "for-you" if taste is not None else "new")
    if (sort == "for-you" and taste is None) or (sort == "relevance" and not query.q):
        return "new"
    return sort


def _page(
    products: QuerySet[Product], query: ListingQuery, sort: str, taste: Expression | None, page_size: int
) -> _Page:
    """The products of one page with all that their cards draw, and the cursors around them."""
    number = DecimalField(max_digits=20, decimal_places=6)
    key: Expression | F
    if sort == "relevance":
        key = Round(Cast(F("relevance"), number), 6)
        if taste is not None:  # of the page's products alone: PostgreSQL works it out after the limit
            products = products.annotate(taste=Coalesce(taste, Value(0.0)))
    elif sort == "for-you":
        key = Round(Cast(Coalesce(taste, Value(0.0)), number), 6)
    else:
        key = F("price") if sort in {"price", "-price"} else F("created_at")
    products = products.annotate(sort_key=key)
    descending = sort != "price"
    cursor = query.cursor
    backwards = cursor is not None and cursor.backwards
    if cursor is not None and (value := _cursor_value(cursor, sort)) is not None:
        below = descending != backwards
        # The first half says nothing new, but an index can begin there.
        if below:
            products = products.filter(Q(sort_key__lte=value), Q(sort_key__lt=value) | Q(pk__lt=cursor.pk))
        else:
            products = products.filter(Q(sort_key__gte=value), Q(sort_key__gt=value) | Q(pk__gt=cursor.pk))
    else:
        cursor = None
        backwards = False
    direction = "" if descending == backwards else "-"
    found = list(
        products.with_card_data().order_by(f"{direction}sort_key", f"{direction}pk")[: page_size + 1]
    )
    more = len(found) > page_size
    found = found[:page_size]
    if backwards:
        found.reverse()
    if not found:
        return _NOTHING
    first, last = found[0], found[-1]
    has_next = more or backwards
    has_previous = (cursor is not None and not backwards) or (backwards and more)
    return _Page(
        found,
        Cursor(_key_text(last), last.pk) if has_next else None,
        Cursor(_key_text(first), first.pk, backwards=True) if has_previous else None,
    )


def _key_text(product: Product) -> str:
    key = product.sort_key
    return key.isoformat() if hasattr(key, "isoformat") else str(key)


def _cursor_value(cursor: Cursor, sort: str) -> object | None:
    """The sort value inside a cursor, or None when it belongs to another order or was made up."""
    if sort == "new":
        try:
            return parse_datetime(cursor.value)
        except ValueError:
            return None
    try:
        value = Decimal(cursor.value)
    except ArithmeticError:
        return None
    return value if value.is_finite() and abs(value) < 10**12 else None
