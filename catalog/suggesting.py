"""Completes half-typed words: what others searched for, categories, brands and products."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Case, Q, QuerySet, Value, When
from django.urls import reverse

from catalog.matching import own_text_matches
from catalog.models import Brand, Category, PopularSearch, Product
from catalog.querysets import begun
from catalog.vocabulary import completions, corrected, words_of

N_SEARCHES = 3
N_SHELVES = 3
N_BRANDS = 2
SAMPLE = 200  # products that are put in order: of "s" there are tens of thousands, and eight are shown


@dataclass(frozen=True)
class Suggestion:
    """One line under the search field."""

    kind: str  # "search", "category", "brand" or "product"
    text: str
    url: str


def suggest(words: str, limit: int = 8) -> list[Suggestion]:
    """What the half-typed ``words`` may become; where nothing begins like them, the words put right."""
    words = " ".join(words.replace("\x00", "").lower().split())[:60]
    if len(words) < 2:
        return []
    found = _begun(words, limit)
    if any(line.kind == "search" for line in found):
        return found
    better = corrected(words)
    if better == words:
        return found
    if not found:
        found = _begun(better, limit)
    line = _search(better)
    return [line, *(other for other in found if other != line)][:limit]


def _begun(words: str, limit: int) -> list[Suggestion]:
    begins = Q(name__istartswith=words) | Q(name__icontains=f" {words}")
    found = [_search(text) for text in _searches(words)]
    found += [
        Suggestion("category", category.name, category.get_absolute_url())
        for category in Category.objects.filter(begins).order_by("name")[:N_SHELVES]
    ]
    found += [
        Suggestion("brand", brand.name, f"{reverse('all')}?{urlencode({'brand': brand.slug})}")
        for brand in Brand.objects.filter(begins).order_by("name")[:N_BRANDS]
    ]
    products = _products(words, limit - len(found))
    return found + [Suggestion("product", product.name, product.get_absolute_url()) for product in products]


def _search(words: str) -> Suggestion:
    return Suggestion("search", words, f"{reverse('search')}?{urlencode({'q': words})}")


def _searches(words: str) -> list[str]:
    """What several others searched for and found; then, as far as there is room, the last word completed."""
    found = list(
        PopularSearch.objects.filter(words__startswith=words, is_suggested=True)
        .order_by("-n_shoppers", "words")
        .values_list("words", flat=True)[:N_SEARCHES]
    )
    before, _, last = words.rpartition(" ")
    if len(found) >= N_SEARCHES or [last] != words_of(last):
        return found
    for word in completions(last):
        text = f"{before} {word}".strip()
        if text not in found and (not before or Product.objects.visible().beginning(text).exists()):
            found.append(text)
    return found[:N_SEARCHES]


def _products(words: str, n: int) -> list[Product]:
    """Products whose name has the words; then those whose other text says it, or on whose picture it was seen."""
    if n <= 0:
        return []
    named = _sample(Product.objects.visible().beginning(words, only_name=True))
    at_start = Case(When(name__istartswith=words, then=Value(0)), default=Value(1))
    products = list(named.order_by(at_start, "-in_stock", "-pk")[:n])
    if len(products) < n:
        others = _sample(Product.objects.visible().beginning(words)).without(p.pk for p in products)
        said = own_text_matches(begun(words))
        products += others.annotate(is_said=said).order_by("-is_said", "-in_stock", "-pk")[
            : n - len(products)
        ]
    return products


def _sample(products: QuerySet[Product]) -> QuerySet[Product]:
    return Product.objects.only("name", "slug").filter(pk__in=products.order_by().values("pk")[:SAMPLE])
