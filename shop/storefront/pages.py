"""Pages that only say something, and the one for robots."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from shop.storefront.delivery_terms import delivery_terms
from shop.storefront.models import PageText
from shop.storefront.texts import as_html, own_text

# Nothing private and nothing endless is for robots.
CLOSED_TO_ROBOTS = (
    "/account/",
    "/admin/",
    "/api/",
    "/bag/",
    "/checkout/",
    "/orders/",
    "/photo/*/",
    "/search/",
    "/wishlist/",
)


@require_safe
def page(request: HttpRequest, name: str) -> HttpResponse:
    """One of the short pages: in the owner's words, else the one in ``templates/storefront/pages/``."""
    text = own_text(name)
    if text:
        return render(request, "storefront/pages/own.html", {"text": text, "body": as_html(text.body)})
    context = {"terms": delivery_terms()} if name == PageText.Name.DELIVERY else {}
    return render(request, f"storefront/pages/{name}.html", context)


@require_safe
@cache_control(public=True, max_age=86_400)
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED_TO_ROBOTS), ""]
    lines.append(f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
