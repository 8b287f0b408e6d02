"""What words find: first what the catalogue says, then what was only seen on pictures."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.listing_query import Cursor, ListingQuery
from catalog.matching import matching
from catalog.models import Product
from catalog.search import listing
from catalog.suggesting import suggest
from catalog.vocabulary import recount_words
from tests.factories import CategoryFactory, ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def silent():
    """Makes a product whose own text says nothing of what it is, but on which ``seen`` was seen."""
    shelf = CategoryFactory(name="New in")

    def make(name: str, seen: str = "", **fields) -> Product:
        fields = {"colour": "", "article_type": "", "search_terms": "", "gender": "", "pictures": 0} | fields
        return ProductFactory(name=name, category=shelf, brand=None, seen_words=seen, **fields)

    return make


def found(words: str) -> list[str]:
    return [product.name for product in listing(ListingQuery(q=words)).products]


@pytest.mark.parametrize(
    "words", ["red dress", "dress", "Dresses red", '"red dress"', "red or green", "dress -blue"]
)
def test_a_product_is_found_by_what_was_only_seen(silent, words):
    silent("Amber", "red dress dresses")
    silent("Birch", "blue jeans")
    assert found(words) == ["Amber"]


def test_a_typing_error_is_forgiven_in_what_was_seen_too(silent):
    silent("Amber", "red dress dresses")
    recount_words()
    assert found("red drses") == ["Amber"]


def test_even_a_description_comes_before_what_was_seen_however_often(silent):
    silent("Amber", description="Goes with any shoe, and with a dress that is as red as wine.")
    silent("Birch", "red dress dresses red dress")
    assert found("red dress") == ["Amber", "Birch"]


def test_half_said_comes_before_only_seen(silent):
    said = "A long story of linen, of summers by the sea and of the people who wove it. A dress."
    silent("Amber", "red", description=said)
    silent("Birch", "red dress dresses")
    assert found("red dress") == ["Amber", "Birch"]


def test_a_shirt_comes_before_a_t_shirt_where_both_were_only_seen(silent):
    silent("Amber", "shirt shirts")
    silent("Birch", "t-shirt tshirts tee")
    assert found("shirt") == ["Amber", "Birch"]


def test_a_sighting_does_not_move_what_the_catalogue_says(silent):
    silent("Red dress")
    product = silent("Summer dress", search_terms="Red")

    def relevance() -> dict[str, float]:
        return dict(matching(Product.objects.all(), "red dress").products.values_list("name", "relevance"))

    before = relevance()
    Product.objects.note_seen({product.pk: "red dress"})
    assert relevance() == before


def test_a_misspelt_word_finds_what_says_it_before_what_was_only_seen(silent):
    silent("Amber", "red dress dresses")
    silent("Summer dress")
    recount_words()
    assert found("drses") == ["Summer dress", "Amber"]


def test_pages_cross_from_said_to_seen_without_loss(silent):
    for number in range(5):
        silent(f"Red dress {number}")
        silent(f"Article {number}", "red dress dresses")
    query = ListingQuery(q="red dress")
    page = listing(query, page_size=3)
    pages = [page]
    while page.next_cursor:
        page = listing(query.at(Cursor.decode(page.next_cursor.encode())), page_size=3)
        pages.append(page)
    names = [product.name for page in pages for product in page.products]
    assert len(names) == len(set(names)) == 10
    assert all(name.startswith("Red dress") for name in names[:5])


def test_a_search_costs_few_queries(silent, django_assert_max_num_queries):
    silent("Amber", "red dress dresses")
    with django_assert_max_num_queries(5):
        found("red dress")


def test_half_typed_words_suggest_what_was_seen_after_what_is_said(silent):
    silent("Amber", "red dress dresses")
    silent("Dream of summer", search_terms="Red")
    silent("Red dress", in_stock=False)
    assert [s.text for s in suggest("red dr")] == ["Red dress", "Dream of summer", "Amber"]


@pytest.mark.parametrize("words", ["&|!:*()<->'\\", "''", "red & !", "__", "½ ²"])
def test_no_signs_break_a_suggestion(silent, words):
    silent("Amber", "red dress")
    assert all(s.kind == "product" for s in suggest(words))


def test_noting_the_same_words_again_writes_nothing(silent):
    amber, birch = silent("Amber"), silent("Birch", "blue jeans")
    assert Product.objects.note_seen({amber.pk: "red dress", birch.pk: "blue jeans"}) == 1
    with CaptureQueriesContext(connection) as queries:
        assert Product.objects.note_seen({amber.pk: "red dress", birch.pk: "blue jeans"}) == 0
    assert not any("UPDATE" in query["sql"] for query in queries)
    assert found("jeans") == ["Birch"]
