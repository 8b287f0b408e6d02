"""Pages of many products: a shelf, everything, and what a search finds."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from accounts.shopper import shopper_of
from catalog.dictionary import spoken
from catalog.listing_query import ListingQuery
from catalog.models import Category
from catalog.popular_searches import note_search
from catalog.search import Listing, listing
from catalog.suggesting import suggest
from recommendations.newcomers import popular
from recommendations.taste import taste_score
from shop.storefront.absent import absent_shelf
from shop.storefront.shelves import shelf_plan
from shop.storefront.structured_data import as_json_ld, breadcrumb_data
from shop.storefront.templatetags.storefront import money

SORT_TITLES = {
    "relevance": gettext_lazy("Best match"),
    "for-you": gettext_lazy("For you"),
    "new": gettext_lazy("New"),
    "price": gettext_lazy("Price, low to high"),
    "-price": gettext_lazy("Price, high to low"),
}

SUGGESTED = {
    "search": pgettext_lazy("a suggestion", "search"),
    "category": pgettext_lazy("a suggestion", "category"),
    "brand": pgettext_lazy("a suggestion", "brand"),
    "product": pgettext_lazy("a suggestion", "product"),
}


@dataclass(frozen=True)
class Chip:
    """A filter in force; following ``query_string`` takes it away."""

    text: str
    query_string: str


@require_safe
def shelf(request: HttpRequest, slug: str) -> HttpResponse:
    """One category and those below it."""
    category = Category.objects.filter(slug=slug).first()
    if category is None:
        return absent_shelf(request, slug)
    path = shelf_plan().path_to(category.pk)
    context = {
        "title": spoken(category.name),
        "path": path,
        "shelves_below": shelf_plan().below(category.pk),
        "structured_data": as_json_ld(breadcrumb_data(request, [(s.name, s.url) for s in path])),
    }
    return _page(request, ListingQuery.parse(request.GET, shelf=slug), category, context)


@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """All products."""
    query = ListingQuery.parse(request.GET)
    return _page(request, query, None, {"title": _("New") if query.sort == "new" else _("Everything")})


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What the words of the search field find; without words, everything."""
    query = ListingQuery.parse(request.GET)
    context = {"title": _("“%(words)s”") % {"words": query.q} if query.q else _("Search"), "is_search": True}
    answer = _page(request, query, None, context)
    if query.q and not query.is_filtered and query.cursor is None:
        _note(request, context["listing"])
    return answer


def _note(request: HttpRequest, found: Listing) -> None:
    """Count the search among others', unless this shopper wants nothing recorded or has no number yet."""
    shopper = shopper_of(request)
    if shopper.is_known and shopper.personalised:
        found_as_asked = found.count if not (found.is_corrected or found.is_partial) else 0
        note_search(found.query.q, f"{shopper.user_id}-{shopper.visitor}", found_as_asked)


@require_safe
def suggestions(request: HttpRequest) -> JsonResponse:
    """What half-typed words may become, for the search field's script."""
    found = suggest(request.GET.get("q", ""))
    return JsonResponse(
        {"results": [{"kind": str(SUGGESTED[s.kind]), "text": s.text, "url": s.url} for s in found]}
    )


def _page(
    request: HttpRequest, query: ListingQuery, category: Category | None, context: dict[str, Any]
) -> HttpResponse:
    taste = taste_score(shopper_of(request))
    found = listing(query, shelf=category, taste=taste)
    sorts = {
        value: title
        for value, title in SORT_TITLES.items()
        if (value != "relevance" or query.q) and (value != "for-you" or taste is not None)
    }
    context |= {
        "listing": found,
        "query": query,
        "chips": chips_of(found),
        "as_written": ListingQuery(q=query.q, exact=True).query_string(),
        "as_meant": ListingQuery(q=found.did_you_mean).query_string(),
        "sorts": sorts,
        "cleared_query_string": _cleared(query).query_string(),
        "instead": [] if found.products else popular(8),
        "shelves_instead": [] if found.products or query.is_filtered else shelf_plan().top,
    }
    return render(request, "storefront/listing.html", context)


def _cleared(query: ListingQuery) -> ListingQuery:
    return ListingQuery(q=query.q, exact=query.exact, shelf=query.shelf, sort=query.sort)


def chips_of(found: Listing) -> list[Chip]:
    """The filters in force, as chips that can be taken away one by one."""
    query = found.query
    chips = []
    for facet in found.facets:
        for option in facet.selected:
            without = (
                query.without_choice("in_stock").query_string()
                if facet.name == "in_stock"
                else option.query_string
            )
            chips.append(Chip(option.label, without))
    if query.has_price_limit:
        chips.append(Chip(price_words(query), query.without_choice("price").query_string()))
    return chips


def price_words(query: ListingQuery) -> str:
    """The price limits in words: "€ 20 to € 50"."""
    low, high = (money(limit, settings.DEFAULT_CURRENCY) for limit in (query.min_price, query.max_price))
    if low and high:
        return _("%(low)s to %(high)s") % {"low": low, "high": high}
    return _("from %(low)s") % {"low": low} if low else _("up to %(high)s") % {"high": high}
