"""Looks are built by a refresh and for what is attached, keep the hard rules, and are taken over with all the rest."""

from types import SimpleNamespace

import pytest

from catalog.models import Product
from recommendations.attaching import attach_products
from recommendations.models import Membership
from recommendations.photo_answers import look_around
from recommendations.refreshing_clusters import begin_network, build_block, finish_network
from tests.factories import CategoryFactory
from tests.recommendations.seen import seen_product

pytestmark = pytest.mark.django_db

SHELVES = {"Tops": "Tshirts", "Bottoms": "Jeans", "Shoes": "Casual Shoes", "Bags": "Handbags"}


@pytest.fixture
def wardrobe() -> dict[str, list[Product]]:
    """Two pieces of each kind for women, and shoes for men."""
    shelves = {
        shelf: [
            seen_product(10 * number + i, category=CategoryFactory(name=shelf), article_type=kind)
            for i in range(2)
        ]
        for number, (shelf, kind) in enumerate(SHELVES.items())
    }
    seen_product(50, category=CategoryFactory(name="Shoes"), article_type="Casual Shoes", gender="Men")
    return shelves


def refresh():
    network, category_ids = begin_network()
    for category_id in category_ids:
        build_block(network, category_id)
    return finish_network(network)


def look_of(product: Product) -> dict[str, list[int]]:
    """The ids by place of the look around a product in the network that is served."""
    place = Membership.objects.get(product=product, network__status="active")
    return {slot: [pk for pk, _, _ in pieces] for slot, pieces in place.look.items()}


def pks(products) -> set[int]:
    return {product.pk for product in products}


def test_a_refresh_gives_every_product_a_look_of_other_places_for_the_same_people(wardrobe):
    refresh()
    for shelf, places in (("Tops", {"bottom", "feet", "bag"}), ("Bags", {"top", "bottom", "feet"})):
        for product in wardrobe[shelf]:
            look = look_of(product)
            assert set(look) == places
            assert set(look["feet"]) == pks(wardrobe["Shoes"])  # the men's are not among them
    (_, score, reason) = Membership.objects.get(product=wardrobe["Tops"][0]).look["bottom"][0]
    assert 0 < score <= 1
    assert reason.startswith("complement")


def test_a_new_product_has_a_look_as_soon_as_it_is_attached(wardrobe):
    refresh()
    new = seen_product(60, category=wardrobe["Tops"][0].category, article_type="Tshirts")
    attach_products([new.pk])
    assert set(look_of(new)["bottom"]) == pks(wardrobe["Bottoms"])


def test_what_did_not_change_keeps_its_look_and_what_comes_gets_one(wardrobe):
    refresh()
    before = {product.pk: look_of(product) for product in Product.objects.filter(gender="Women")}
    refresh()
    assert {product.pk: look_of(product) for product in Product.objects.filter(pk__in=before)} == before
    new = seen_product(61, category=wardrobe["Bags"][0].category, article_type="Handbags")
    refresh()
    assert set(look_of(new)) == {"top", "bottom", "feet"}
    assert set(look_of(wardrobe["Tops"][0])) == {"bottom", "feet", "bag"}


def test_the_look_around_a_photographed_piece_has_the_product_itself_where_it_is_sold(wardrobe):
    jeans, shoes = wardrobe["Bottoms"], wardrobe["Shoes"]
    stored = {
        "feet": [[product.pk, 0.8, "complement"] for product in shoes],
        "bottom": [[product.pk, 0.8, "complement_kind"] for product in jeans],
    }
    tee = wardrobe["Tops"][0]
    exact = {"product": tee.pk, "score": 1.0, "reason": "same_picture"}
    photo = SimpleNamespace(
        answer=[{"exact": exact, "look": stored}, {"exact": None, "look": stored}, {"exact": None}]
    )
    look = look_around(photo, 0)
    assert look.products == [tee, jeans[0], shoes[0]]
    assert look_around(photo, 1, [jeans[0].pk]).products == [jeans[1], shoes[0]]
    assert look_around(photo, 2) is None  # an answer from before there were looks
