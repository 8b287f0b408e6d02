"""The first page."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.crawlers import is_looked_at
from accounts.shopper import shopper_of
from catalog.models import Product
from recommendations.body_slots import slot_of
from recommendations.experiments import arranged_home
from shop.storefront.shelves import shelf_plan

ANSWERS = 24
TALL_SLOTS = ("full body", "outer", "top", "bottom")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The photo search as the first invitation, then what this shopper looked at and may like."""
    answers = arranged_home(shopper_of(request), ANSWERS, is_person=is_looked_at(request))
    context = {
        "answers": answers,
        "hero": hero_pieces([answer.product for answer in answers.for_you]),
        "tiles": [shelf for shelf in shelf_plan().top if shelf.image],
    }
    return render(request, "storefront/home.html", context)


def hero_pieces(products: Sequence[Product]) -> list[Product]:
    """The two that stand beside the invitation: garments that fill a tall picture, worn in different places."""
    by_slot = {slot_of(product.article_type): product for product in reversed(products) if product.cover}
    tall = [by_slot[slot] for slot in TALL_SLOTS if slot in by_slot][:2]
    others = [product for product in products if product.cover and product not in tall]
    return [*tall, *others][:2]
