"""The first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.shopper import shopper_of
from recommendations.serving import home_for
from shop.storefront.shelves import shelf_plan

ANSWERS = 24


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The photo search as the first invitation, then what this shopper looked at and may like."""
    answers = home_for(shopper_of(request), n=ANSWERS)
    with_pictures = [answer.product for answer in answers.for_you if answer.product.cover]
    return render(
        request,
        "storefront/home.html",
        {"answers": answers, "hero": with_pictures[:2], "tiles": [s for s in shelf_plan().top if s.image]},
    )
