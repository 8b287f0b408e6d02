"""What half-typed words may become, and how searches of others get there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.models import PopularSearch, Search
from catalog.popular_searches import KEPT, MIN_SHOPPERS, note_search, recount_searches
from catalog.suggesting import suggest
from catalog.vocabulary import recount_words
from tests.factories import BrandFactory, CategoryFactory, ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf():
    ProductFactory(name="Sailor tee", category=CategoryFactory(name="Tops"), colour="Blue", pictures=0)
    ProductFactory(
        name="Canvas plimsolls", category=CategoryFactory(name="Summer shoes"), brand=BrandFactory(name="Orso"),
        colour="Red", pictures=0,
    )  # fmt: skip
    recount_words()


def lines(words: str) -> set[tuple[str, str]]:
    return {(line.kind, line.text) for line in suggest(words)}


def searched(words: str, n_shoppers: int, n_found: int = 1) -> None:
    for number in range(n_shoppers):
        note_search(words, f"shopper {number}", n_found)
    recount_searches()


def test_half_typed_words_become_searches_shelves_brands_and_products(shelf):
    assert {("category", "Summer shoes"), ("search", "shoes")} <= lines("sho")
    assert {("product", "Sailor tee"), ("search", "sailor")} <= lines("sail")
    assert {("brand", "Orso"), ("search", "orso")} <= lines("Ors")
    assert suggest("s") == []


def test_the_last_word_is_completed_with_what_finds_something_together(shelf):
    assert ("search", "blue sailor") in lines("blue sa")
    assert ("search", "red sailor") not in lines("red sa")


def test_a_misspelt_word_suggests_what_was_meant(shelf):
    assert {("search", "plimsolls"), ("product", "Canvas plimsolls")} <= lines("plismolls")


def test_what_several_others_searched_for_is_suggested(shelf):
    searched("blue tee", MIN_SHOPPERS)
    assert ("search", "blue tee") in lines("blu")


def test_what_fewer_searched_for_is_not_however_often(shelf):
    for _ in range(5):
        searched("blue tee", MIN_SHOPPERS - 1)
    assert ("search", "blue tee") not in lines("blu")
    assert not PopularSearch.objects.exists()


def test_two_searches_of_one_shopper_cannot_be_put_together(shelf):
    note_search("blue tee", "ada", 1)
    note_search("red shoes", "ada", 1)
    first, second = Search.objects.values_list("shopper", flat=True)
    assert bytes(first) != bytes(second)


@pytest.mark.parametrize(
    ("words", "n_found"), [("blue fool", 0), ("ada@example.com", 3), ("tee 12345", 3), ("ada example", 3)]
)
def test_only_words_of_the_shop_that_find_something_are_shown_to_others(shelf, words, n_found):
    searched(words, 10, n_found)
    assert PopularSearch.objects.get(words=words).is_suggested is False
    assert ("search", words) not in lines(words[:3])


def test_old_searches_are_forgotten(shelf):
    searched("blue tee", MIN_SHOPPERS)
    Search.objects.update(made_at=timezone.now() - KEPT - timedelta(days=1))
    assert recount_searches() == 0
    assert not Search.objects.exists()
