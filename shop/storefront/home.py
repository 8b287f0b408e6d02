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
from recommendations.serving import LEADING_ROW, Answer, Home
from recommendations.showing import note_shown
from shop.storefront.shelves import shelf_plan

ANSWERS = 24
TALL_SLOTS = ("full body", "outer", "top", "bottom")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The photo search as the first invitation, then what this shopper looked at and may like."""
    shopper, is_person = shopper_of(request), is_looked_at(request)
    answers = arranged_home(shopper, ANSWERS, is_person=is_person)
    if is_person:
        note_shown(shopper, {"home": shown_of(answers)}, bucket=answers.bucket)
    context = {
        "answers": answers,
        "hero": hero_pieces([answer.product for answer in answers.for_you]),
        "tiles": [shelf for shelf in shelf_plan().top if shelf.image],
    }
    return render(request, "storefront/home.html", context)


def shown_of(home: Home) -> list[Answer]:
    """The cards that the page draws."""
    rows = home.rails if home.is_personal else []
    chosen = home.for_you[:LEADING_ROW] if home.is_personal else home.for_you
    return [*home.recent, *chosen, *(answer for rail in (*home.news, *rows) for answer in rail.answers)]


def hero_pieces(products: Sequence[Product]) -> list[Product]:
    """The two that stand beside the invitation: garments that fill a tall picture, worn in different places."""
    by_slot = {slot_of(product.article_type): product for product in reversed(products) if product.cover}
    tall = [by_slot[slot] for slot in TALL_SLOTS if slot in by_slot][:2]
    others = [product for product in products if product.cover and product not in tall]
    return [*tall, *others][:2]
