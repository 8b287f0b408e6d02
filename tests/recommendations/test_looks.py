"""Which pieces of a stored look are shown, and how swapping goes round."""

from urllib.parse import parse_qs

import pytest

from recommendations.hydration import Found, hydrate
from recommendations.looks import look_from, offered, swapped_ids
from tests.factories import CategoryFactory, ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tee():
    return ProductFactory(name="Tee", variants__price=20)


def shelf(name: str, *names: str, **fields):
    return [ProductFactory(name=each, category=CategoryFactory(name=name), **fields) for each in names]


@pytest.fixture
def wardrobe():
    return {
        "bottom": shelf("Bottoms", "Jeans", "Chinos", "Shorts", variants__price=50),
        "feet": shelf("Shoes", "Boots", "Sneakers", variants__price=90),
        "bag": shelf("Bags", "Tote", variants__price=30),
    }


def stored(wardrobe) -> dict:
    return {
        place: [[p.pk, 0.9 - i / 10, "complement"] for i, p in enumerate(products)]
        for place, products in wardrobe.items()
    }


def shown(wardrobe, *swapped: int, own=None, never=()):
    look = stored(wardrobe)
    return look_from(look, hydrate(offered(look, swapped, never)), swapped, own)


def names(look) -> list[str]:
    return [piece.product.name for piece in look.pieces]


def follow(look, place: str) -> list[int]:
    """The swaps of the address behind the swap of ``place``."""
    (address,) = [piece.swap for piece in look.pieces if piece.place == place]
    return swapped_ids(parse_qs(address)["swap"])


def test_the_first_of_every_place_is_shown_with_the_price_of_all(wardrobe, tee):
    look = shown(wardrobe, own=tee)
    assert names(look) == ["Jeans", "Boots", "Tote"]
    assert look.products[0] == tee
    assert (look.total, look.currency) == (190, "EUR")


def test_swapping_goes_through_a_place_and_round_again_while_the_others_stay(wardrobe):
    look, seen = shown(wardrobe), []
    for _ in range(4):
        look = shown(wardrobe, *follow(look, "bottom"))
        seen.append(names(look)[0])
        assert names(look)[1:] == ["Boots", "Tote"]
    assert seen == ["Chinos", "Shorts", "Jeans", "Chinos"]


def test_swapping_shows_another_model_before_another_colour(wardrobe):
    wardrobe["bottom"][1:1] = shelf("Bottoms", "Blue jeans", style_code="jeans")
    type(wardrobe["bottom"][0]).objects.filter(pk=wardrobe["bottom"][0].pk).update(style_code="jeans")
    look, seen = shown(wardrobe), []
    for _ in range(4):
        look = shown(wardrobe, *follow(look, "bottom"))
        seen.append(names(look)[0])
    assert seen == ["Chinos", "Shorts", "Jeans", "Chinos"]


def test_two_places_are_swapped_one_after_the_other(wardrobe):
    once = follow(shown(wardrobe), "feet")
    assert names(shown(wardrobe, *follow(shown(wardrobe, *once), "bottom"))) == ["Chinos", "Sneakers", "Tote"]


def test_where_there_is_nothing_else_no_swap_is_offered(wardrobe):
    assert [bool(piece.swap) for piece in shown(wardrobe).pieces] == [True, True, False]


def test_what_is_sold_out_hidden_or_forbidden_makes_room_for_the_next(wardrobe):
    jeans, chinos, _ = wardrobe["bottom"]
    boots = wardrobe["feet"][0]
    type(jeans).objects.filter(pk=jeans.pk).update(in_stock=False)
    type(boots).objects.filter(pk=boots.pk).update(status="archived")
    assert names(shown(wardrobe)) == ["Chinos", "Sneakers", "Tote"]
    assert names(shown(wardrobe, never=[chinos.pk])) == ["Shorts", "Sneakers", "Tote"]


def test_a_product_that_cannot_be_bought_is_no_part_of_its_look(wardrobe):
    sold_out = ProductFactory(variants__stock=0)
    look = shown(wardrobe, own=sold_out)
    assert look.own is None
    assert look.total == 170


def test_one_piece_alone_is_no_look(wardrobe):
    assert shown({"bag": wardrobe["bag"]}) is None
    assert shown({}) is None


def test_a_look_is_of_one_currency(wardrobe, tee):
    wardrobe["feet"][:0] = shelf("Shoes", "Swiss boots", variants__currency="CHF")
    assert names(shown(wardrobe, own=tee)) == ["Jeans", "Boots", "Tote"]


def test_few_products_are_looked_up_however_many_are_stored():
    many = {"feet": [[pk, 0.5, "complement"] for pk in range(1, 9)]}
    assert [found.product_id for found in offered(many, [2])] == [1, 3, 4, 5]
    assert offered(many, [])[0] == Found(1, 0.5, "complement")


@pytest.mark.parametrize(
    ("texts", "ids"),
    [(["12", "45", "12"], [45, 12]), (["x", "-1", "", "²", "9" * 30, "7"], [7]), ([], [])],
)
def test_an_address_says_what_was_swapped_away_and_nonsense_is_passed_over(texts, ids):
    assert swapped_ids(texts) == ids
