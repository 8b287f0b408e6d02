"""What is not where a link points: moved, no longer sold, or never there."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render

from catalog.former_addresses import former_category, former_product
from recommendations.look_alikes import look_alikes
from recommendations.newcomers import popular
from recommendations.serving import related_to

N_INSTEAD = 8


def absent_product(request: HttpRequest, slug: str) -> HttpResponse:
    """The answer to a product's address where no product is for sale: its new address (301), or that it is no longer
    sold and what is like it (410: search engines forget the page).

    Raises:
        Http404: when shoppers have never seen anything there.
    """
    product = former_product(slug)
    if product is None:
        raise Http404
    if product.is_visible:
        return _moved(request, product.get_absolute_url())
    answers = look_alikes(product, "both", N_INSTEAD) or related_to(product, N_INSTEAD)
    context = {"product": product, "answers": answers}
    return render(request, "storefront/gone.html", context, status=410)


def absent_shelf(request: HttpRequest, slug: str) -> HttpResponse:
    """The answer to a shelf's address that no shelf has: the one that it has now (301).

    Raises:
        Http404: when no shelf ever had it.
    """
    category = former_category(slug)
    if category is None:
        raise Http404
    return _moved(request, category.get_absolute_url())


def _moved(request: HttpRequest, address: str) -> HttpResponse:
    question = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"{address}?{question}" if question else address)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """``handler404``: the page says so and shows what others like. What asks for no page, such as a picture that is
    gone, gets no page."""
    if "text/html" not in request.headers.get("Accept", "text/html"):
        return HttpResponse("Not found", status=404, content_type="text/plain")
    return render(request, "404.html", {"answers": popular(N_INSTEAD)}, status=404)
