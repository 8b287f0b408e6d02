"""The page of one product."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.crawlers import is_crawler
from accounts.shopper import shopper_of
from catalog.models import Product
from recommendations.recording import record
from recommendations.serving import around
from shop.storefront.shelves import shelf_plan
from shop.storefront.structured_data import as_json_ld, breadcrumb_data, product_data

# A link that carries where it stood (?from=home) was chosen from a row of ours: a click says more than a view.
PLACES = {"home", "related", "complete", "photo", "recent", "listing"}
NEIGHBOURS = 6


@require_safe
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """One product with its sizes, its other colours, what goes with it and what is like it."""
    shown = get_object_or_404(Product.objects.visible().with_page_data(), slug=slug)
    record_visit(request, shown)
    path = shelf_plan().path_to(shown.category_id)
    steps = [*((shelf.name, shelf.url) for shelf in path), (shown.name, shown.get_absolute_url())]
    images = list(shown.images.all())
    variants = list(shown.variants.all())
    neighbours = around(shown, shopper_of(request), n=NEIGHBOURS)
    context = {
        "product": shown,
        "images": images,
        "variants": variants,
        "has_sizes": any(variant.size for variant in variants),
        "last_ones": shown.in_stock and sum(variant.stock for variant in variants) <= 3,
        "path": path,
        "neighbours": neighbours,
        "canonical": request.build_absolute_uri(shown.get_absolute_url()),
        "social_picture": request.build_absolute_uri(images[0].url) if images else "",
        "structured_data": as_json_ld(product_data(request, shown, images), breadcrumb_data(request, steps)),
    }
    return render(request, "storefront/product.html", context)


def record_visit(request: HttpRequest, shown: Product) -> None:
    """Remember that a person looked at ``shown``; crawlers, HEAD requests and prefetches are no interest."""
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    if request.method != "GET" or "prefetch" in purpose or is_crawler(request.headers.get("User-Agent", "")):
        return
    kind = "click" if request.GET.get("from") in PLACES else "view"
    record(shopper_of(request, create=True), shown.pk, kind)
