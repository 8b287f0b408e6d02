"""The page of one product."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.crawlers import is_looked_at
from accounts.shopper import Shopper, shopper_of
from catalog.models import Product
from recommendations.hydration import Found, hydrate
from recommendations.look_alikes import look_alikes
from recommendations.looks import SWAP, swapped_ids
from recommendations.photo_matching import Wish
from recommendations.recording import recent_events, record
from recommendations.serving import page_of
from recommendations.showing import note_shown
from shop.reviews.reading import voices_of, with_voices
from shop.storefront.absent import absent_product
from shop.storefront.photo_wishes import positions
from shop.storefront.shelves import shelf_plan
from shop.storefront.structured_data import as_json_ld, breadcrumb_data, product_data

# A link that carries where it stood (?from=home) was chosen from a row of ours: a click says more than a view.
PLACES = {"home", "related", "complete", "look", "photo", "recent", "listing"}
NEIGHBOURS = 6
FEW = 3  # pieces left over all sizes from which the page says so


@require_safe
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """One product with its sizes, its other colours, what goes with it and what is like it."""
    found = with_voices(Product.objects.visible().with_page_data(), shopper_of(request))
    shown = found.filter(slug=slug).first()
    if shown is None:
        return absent_product(request, slug)
    record_visit(request, shown)
    path = shelf_plan().path_to(shown.category_id)
    steps = [*((shelf.name, shelf.url) for shelf in path), (shown.name, shown.get_absolute_url())]
    images = list(shown.images.all())
    voices = voices_of(shown)
    around = page_of(shown, NEIGHBOURS, swapped_ids(request.GET.getlist(SWAP)))
    related = around.related
    wish = Wish.parse(request.GET)
    if wish.match != "both":
        related = look_alikes(shown, wish.match, n=NEIGHBOURS)
    if is_looked_at(request):
        pieces = [piece.answer for piece in around.look.pieces] if around.look else []
        rows = {"related": related, "complete": around.complementary, "look": pieces}
        note_shown(shopper_of(request), rows)
    context = {
        "product": shown,
        "images": images,
        "has_sizes": any(option["size"] for option in shown.options),
        "last_ones": sum(option["stock"] for option in shown.options) <= FEW,
        "path": path,
        "related": related,
        "match": wish.match,
        "positions": positions(Wish(wish.match)),
        "complementary": around.complementary,
        "look": around.look,
        "voices": voices,
        "canonical": request.build_absolute_uri(shown.get_absolute_url()),
        "social_picture": request.build_absolute_uri(images[0].url) if images else "",
        "structured_data": as_json_ld(
            product_data(request, shown, images, voices), breadcrumb_data(request, steps)
        ),
    }
    return render(request, "storefront/product.html", context)


@require_safe
@cache_control(private=True, no_cache=True)
def seen(request: HttpRequest) -> HttpResponse:
    """The row of products that this shopper looked at lately, for the end of a product page.

    A request of its own: the page is there before it, and does without it where scripts do not run.
    """
    here = request.GET.get("not", "")
    ids = [pk for pk in recently_seen(shopper_of(request)) if str(pk) != here][:NEIGHBOURS]
    answers = hydrate([Found(pk, 1.0, "recent") for pk in ids], in_stock_only=False)
    return render(request, "storefront/_seen.html", {"answers": answers})


def recently_seen(shopper: Shopper) -> list[int]:
    """Ids of the products that ``shopper`` looked at, newest first, each once."""
    looked = (event.product_id for event in recent_events(shopper) if event.kind in {"view", "click"})
    return list(dict.fromkeys(looked))


def record_visit(request: HttpRequest, shown: Product) -> None:
    """Remember that a person looked at ``shown``."""
    if not is_looked_at(request):
        return
    if "match" in request.GET or SWAP in request.GET:
        return  # the same visit goes on
    shopper, place = shopper_of(request, create=True), request.GET.get("from", "")
    if place in PLACES:
        record(shopper, shown.pk, "click", place=place, reason=request.GET.get("why", ""))
    else:
        record(shopper, shown.pk, "view")
