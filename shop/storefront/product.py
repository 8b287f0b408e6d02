"""The page of one product."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.crawlers import is_looked_at
from accounts.shopper import shopper_of
from catalog.models import Product
from recommendations.look_alikes import look_alikes
from recommendations.looks import SWAP, swapped_ids
from recommendations.photo_matching import Wish
from recommendations.recording import looked_at_by, record
from recommendations.serving import page_of
from recommendations.showing import note_shown
from shop.reviews.reading import voices_of, with_voices
from shop.sizing.choosing import guide_for
from shop.storefront.absent import absent_product
from shop.storefront.delivery_terms import usual_way
from shop.storefront.photo_wishes import positions
from shop.storefront.shelves import shelf_plan
from shop.storefront.sizes import sizes_of
from shop.storefront.structured_data import as_json_ld, breadcrumb_data, product_data

# A link that carries where it stood (?from=home) was chosen from a row of ours: a click says more than a view.
PLACES = {"home", "related", "complete", "look", "photo", "recent", "listing"}
NEIGHBOURS = 6


@require_safe
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """One product with its sizes, its other colours, what goes with it and what is like it."""
    shopper = shopper_of(request)
    found = with_voices(Product.objects.visible().with_page_data(), shopper)
    shown = found.annotate(recent=looked_at_by(shopper)).filter(slug=slug).first()
    if shown is None:
        return absent_product(request, slug)
    record_visit(request, shown)
    path = shelf_plan().path_to(shown.category_id)
    steps = [*((shelf.name, shelf.url) for shelf in path), (shown.name, shown.get_absolute_url())]
    images = list(shown.images.all())
    voices = voices_of(shown)
    sizes = sizes_of(shown, request.GET.get("size", ""))
    recent = [pk for pk in dict.fromkeys(shown.recent) if pk != shown.pk]
    around = page_of(shown, NEIGHBOURS, swapped_ids(request.GET.getlist(SWAP)), recent)
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
        "sizes": sizes,
        "offer": sizes.chosen or shown,
        "guide": guide_for(shown, [shelf.id for shelf in path], sizes.named),
        "path": path,
        "related": related,
        "match": wish.match,
        "positions": positions(Wish(wish.match)),
        "complementary": around.complementary,
        "look": around.look,
        "recent": around.recent,
        "voices": voices,
        "canonical": request.build_absolute_uri(shown.get_absolute_url()),
        "social_picture": request.build_absolute_uri(images[0].url) if images else "",
        "usual_way": usual_way(settings.DEFAULT_COUNTRY),
        "structured_data": as_json_ld(
            product_data(request, shown, images, voices), breadcrumb_data(request, steps)
        ),
    }
    return render(request, "storefront/product.html", context)


@require_safe
def size_guide(request: HttpRequest, slug: str) -> HttpResponse:
    """The measures of a product's sizes on a page of their own: the product's page shows them in a dialog."""
    shown = get_object_or_404(Product.objects.visible().with_sizes().select_related("brand"), slug=slug)
    path = shelf_plan().path_to(shown.category_id)
    guide = guide_for(shown, [shelf.id for shelf in path], sizes_of(shown, "").named)
    return render(request, "storefront/size_guide.html", {"product": shown, "guide": guide, "path": path})


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
