"""What a search costs, right and misspelt, and the suggestions and filter counts beside it."""

from collections.abc import Callable, Iterator

from django.core.cache import cache
from django.db.models import Count

from catalog.facets import count_facets
from catalog.listing_query import ListingQuery
from catalog.models import Product
from catalog.search import listing
from catalog.suggesting import suggest
from catalog.vocabulary import recount_words
from shop.benchmarks.timing import Row, compare

SEARCH_TARGET_MS = 60
SUGGEST_TARGET_MS = 20
FACETS_TARGET_MS = 30
FACET_FIELDS = ("category", "article_type", "colour", "brand", "gender", "in_stock", "variants__size")


def rows(products: list[Product]) -> Iterator[Row]:
    """Searches of the whole shop, each against the plainest that could be written."""
    Product.objects.filter(pk__in=[p.pk for p in products[::4]]).update(search_terms="Linen shirt blue")
    recount_words()
    everything = Product.objects.visible()
    size = f"{everything.count()} products"

    def searched(words: str) -> Callable[[], object]:
        return lambda: _anew(lambda: listing(ListingQuery(q=words)))

    def scanned(words: str) -> Callable[[], object]:
        return lambda: list(everything.filter(search_terms__icontains=words)[:24])

    for name, words, plain in (
        ("search_right", "blue shirt", "shirt"),
        ("search_misspelt", "bleu shrit", "shrit"),
        ("search_nothing", "zzyzx", "zzyzx"),
    ):
        yield compare(
            name,
            searched(words),
            scanned(plain),
            target=SEARCH_TARGET_MS,
            unit="ms",
            what=f"a page of “{words}” with its filters against a scan for “{plain}”, {size}",
        )
    yield compare(
        "suggest",
        lambda: suggest("blue sh"),
        lambda: list(everything.filter(search_terms__icontains="blue sh")[:8]),
        target=SUGGEST_TARGET_MS,
        unit="ms",
        what=f"suggestions for “blue sh” against a scan, {size}",
    )
    yield compare(
        "facets",
        lambda: _anew(lambda: count_facets(everything, ListingQuery(), [])),
        lambda: [list(everything.order_by().values(name).annotate(n=Count("pk"))) for name in FACET_FIELDS],
        target=FACETS_TARGET_MS,
        unit="ms",
        what=f"counts of all filters, none of it cached, against a query for each, {size}",
    )


def _anew(run: Callable[[], object]) -> object:
    """``run``, with nothing cached."""
    cache.clear()
    return run()
