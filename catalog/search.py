"""Finds products by words and filters, counts what each filter would give, and completes half-typed words."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import CharField as TextColumn
from django.db.models import (
    Count,
    DecimalField,
    Exists,
    Expression,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Round
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from catalog.listing_query import Cursor, ListingQuery
from catalog.matching import SIMILAR_WORD, beginning, matching
from catalog.models import Brand, Category, Product, Variant

PAGE_SIZE = 24
COUNT_CAP = 10_000
SIZE_ORDER = ("XXS", "XS", "S", "M", "L", "XL", "XXL", "3XL", "One size")


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
class Listing:
    """One page of products. ``sort`` is the order in force; cursors are None at the ends."""

    query: ListingQuery
    products: list[Product]
    count: int
    sort: str
    next_cursor: Cursor | None
    previous_cursor: Cursor | None
    facets: list[Facet] = field(default_factory=list)
    lowest_price: Decimal | None = None
    highest_price: Decimal | None = None
    corrected: bool = False  # nothing matched the words as written: these are near them

    @property
    def next_query_string(self) -> str:
        return self.query.at(self.next_cursor).query_string() if self.next_cursor else ""

    @property
    def previous_query_string(self) -> str:
        return self.query.at(self.previous_cursor).query_string() if self.previous_cursor else ""


def filtered(products: QuerySet[Product], query: ListingQuery, below: list[int]) -> QuerySet[Product]:
    """Keep the products that pass the chosen filters; ``below``: the ids of the chosen categories' shelves."""
    if query.category:
        products = products.filter(category_id__in=below)
    for name, lookup in {
        "type": "article_type__in",
        "colour": "colour__in",
        "brand": "brand__slug__in",
        "gender": "gender__in",
    }.items():
        if values := getattr(query, name):
            products = products.filter(**{lookup: values})
    if query.size:
        wanted = Variant.objects.filter(product=OuterRef("pk"), size__in=query.size, stock__gt=0)
        products = products.filter(Exists(wanted))
    if query.min_price is not None:
        products = products.filter(price__gte=query.min_price)
    if query.max_price is not None:
        products = products.filter(price__lte=query.max_price)
    if query.in_stock:
        products = products.in_stock()
    return products


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
    this shopper will like more; it is the order where none was chosen ("for you"). Pages follow each other by
    keyset, so that a product that arrives or goes meanwhile neither repeats nor hides another.
    """
    base = Product.objects.visible()
    if shelf is not None:
        base = base.in_category(shelf)
    corrected = False
    if query.q:
        base, corrected = matching(base, query.q)
    sort = _sort_in_force(query, taste)
    below = Category.objects.ids_below(query.category) if query.category else []
    products = filtered(base, query, below)
    page, next_cursor, previous_cursor = _page(products, query, sort, taste, page_size)
    facets, count, prices = _facets(base, query, below) if with_facets else ([], 0, (None, None))
    return Listing(
        query=query,
        products=page,
        count=count,
        sort=sort,
        next_cursor=next_cursor,
        previous_cursor=previous_cursor,
        facets=facets,
        lowest_price=prices[0],
        highest_price=prices[1],
        corrected=corrected,
    )


def _sort_in_force(query: ListingQuery, taste: Expression | None) -> str:
    sort = query.sort or ("relevance" if query.q else "for-you" if taste is not None else "new")
    if (sort == "for-you" and taste is None) or (sort == "relevance" and not query.q):
        return "new"
    return sort


def _page(
    products: QuerySet[Product], query: ListingQuery, sort: str, taste: Expression | None, page_size: int
) -> tuple[list[Product], Cursor | None, Cursor | None]:
    """The products of one page with all that their cards draw, and the cursors around them."""
    number = DecimalField(max_digits=20, decimal_places=6)
    key: Expression | F
    if sort == "relevance":
        key = Round(Cast(F("relevance"), number), 6)
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
        beyond = Q(sort_key__lt=value) if below else Q(sort_key__gt=value)
        tie = Q(sort_key=value) & (Q(pk__lt=cursor.pk) if below else Q(pk__gt=cursor.pk))
        products = products.filter(beyond | tie)
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
        return [], None, None
    first, last = found[0], found[-1]
    has_next = more or backwards
    has_previous = (cursor is not None and not backwards) or (backwards and more)
    return (
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


_TITLES = {
    "category": "Category",
    "type": "Type",
    "colour": "Colour",
    "size": "Size",
    "brand": "Brand",
    "gender": "For",
    "in_stock": "In stock",
}


def _facets(
    base: QuerySet[Product], query: ListingQuery, below: list[int]
) -> tuple[list[Facet], int, tuple[Decimal | None, Decimal | None]]:
    """All facets, the number of products and the price range, in one query."""
    text = TextColumn()

    def narrowed(name: str) -> QuerySet[Product]:
        return filtered(base, query if name == "total" else query.without_choice(name), below).order_by()

    columns = ("facet", "value", "label", "extra", "count")

    def counted(
        name: str, value: str, label: str, extra: str | None = None, only: Q | None = None
    ) -> QuerySet:
        return (
            narrowed(name)
            .values(facet=Value(name, text), value=Cast(value, text), label=Cast(label, text))
            .annotate(
                extra=Cast(Max(extra), text) if extra else Value("", text),
                count=Count("pk", distinct=True, filter=only),
            )
            .values_list(*columns)
        )

    def summed_up(name: str, value: Expression, label: Expression) -> QuerySet:
        return (
            narrowed(name)
            .values(facet=Value(name, text))
            .annotate(value=value, label=label, extra=Value("", text), count=Count("pk"))
            .values_list(*columns)
        )

    stocked = counted("in_stock", "in_stock", "in_stock")
    sized = counted("size", "variants__size", "variants__size", only=Q(variants__stock__gt=0))
    rows = summed_up("total", Value("", text), Value("", text)).union(
        summed_up("price", Cast(Min("price"), text), Cast(Max("price"), text)),
        counted("category", "category__slug", "category__name"),
        counted("type", "article_type", "article_type"),
        counted("colour", "colour", "colour", "colour_hex"),
        sized,
        counted("brand", "brand__slug", "brand__name"),
        counted("gender", "gender", "gender"),
        stocked,
        all=True,
    )
    options: dict[str, list[Option]] = {name: [] for name in _TITLES}
    count, prices = 0, (None, None)
    for facet, value, label, extra, number in rows:
        if facet == "total":
            count = number
        elif facet == "price":
            prices = (Decimal(value), Decimal(label)) if value else (None, None)
        elif facet == "in_stock":
            if value == "true":
                options[facet].append(Option("1", "In stock", number, query.in_stock))
        elif value and number:
            selected = value in getattr(query, facet)
            options[facet].append(
                Option(
                    value, label, number, selected, extra or "", query.toggled(facet, value).query_string()
                )
            )
    facets = [
        Facet(name, _TITLES[name], _ordered(name, found))
        for name, found in options.items()
        if len(found) > 1 or any(option.selected for option in found) or (name == "in_stock" and found)
    ]
    return facets, count, prices


def _ordered(name: str, options: list[Option]) -> list[Option]:
    if name == "size":
        ranks = {size: rank for rank, size in enumerate(SIZE_ORDER)}
        return sorted(options, key=lambda o: (ranks.get(o.value, 50), o.value.zfill(6)))
    return sorted(options, key=lambda o: (-o.count, o.label))


@dataclass(frozen=True)
class Suggestion:
    """One line under the search field."""

    kind: str  # "category", "brand" or "product"
    text: str
    url: str


def suggest(words: str, limit: int = 8) -> list[Suggestion]:
    """What the half-typed ``words`` may become: categories, brands, then products. Tolerates typing errors."""
    words = words.replace("\x00", "").strip()[:60]
    if len(words) < 2:
        return []

    def near(model: type, url) -> Iterable[tuple[str, str]]:
        rows = (
            model.objects.annotate(nearness=TrigramWordSimilarity(words, "name"))
            .filter(Q(name__istartswith=words) | Q(nearness__gte=SIMILAR_WORD))
            .order_by("-nearness", "name")[:3]
        )
        return [(row.name, url(row)) for row in rows]

    found = [Suggestion("category", *pair) for pair in near(Category, Category.get_absolute_url)]
    found += [
        Suggestion("brand", *pair)
        for pair in near(Brand, lambda brand: f"{reverse('all')}?brand={brand.slug}")
    ]
    room = max(0, limit - len(found))
    products = list(
        Product.objects.visible()
        .annotate(nearness=TrigramWordSimilarity(words, "name"))
        .filter(Q(name__icontains=words) | Q(name__trigram_word_similar=words))
        .order_by("-in_stock", "-nearness", "name")[:room]
    )
    if len(products) < room:  # what no name says, other words may, or what was seen
        others = beginning(Product.objects.visible(), words).without(product.pk for product in products)
        products += others.order_by("-is_said", "-in_stock", "-pk")[: room - len(products)]
    return found + [Suggestion("product", product.name, product.get_absolute_url()) for product in products]
