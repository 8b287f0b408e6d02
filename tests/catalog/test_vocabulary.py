"""Searches put right by the shop's own words, and widened by its synonyms."""

import pytest
from django.http import QueryDict

from catalog.listing_query import ListingQuery
from catalog.models import Category, Product, Synonym, Word
from catalog.search import listing
from catalog.signals import products_changed
from catalog.vocabulary import corrected, learn_words, recount_words
from tests.factories import CategoryFactory, ProductFactory

pytestmark = pytest.mark.django_db


def ask(text: str):
    return listing(ListingQuery.parse(QueryDict(text)))


def names(found) -> set[str]:
    return {product.name for product in found.products}


@pytest.fixture
def shelf():
    """A blue shirt and a red dress, whose words the shop knows."""
    tops = CategoryFactory(name="Clothes")
    for name, colour in [("Linen shirt", "Blue"), ("Silk dress", "Red")]:
        ProductFactory(name=name, colour=colour, category=tops, brand=None, article_type="", pictures=0)
    recount_words()


def test_a_typing_error_is_put_right_and_said(shelf):
    found = ask("q=bleu+shrit")
    assert (names(found), found.searched, found.is_corrected) == ({"Linen shirt"}, "blue shirt", True)


def test_right_words_are_searched_as_they_are(shelf):
    found = ask("q=Blue+shirts")
    assert (names(found), found.is_corrected, found.did_you_mean) == ({"Linen shirt"}, False, "")


def test_a_shopper_may_insist_on_what_was_written_and_is_told_what_would_be_found(shelf):
    found = ask("q=blue+shrt&exact=1")
    assert (names(found), found.did_you_mean) == (set(), "blue shirt")


def test_a_rare_word_beside_a_very_common_one_is_asked_about(shelf):
    ProductFactory(name="Adna Shrt", pictures=0)
    recount_words()
    Word.objects.filter(text="shirt").update(n_products=8000)
    found = ask("q=shrt")
    assert (names(found), found.did_you_mean) == ({"Adna Shrt"}, "shirt")


def test_what_things_are_called_counts_more_than_what_is_told_of_them(shelf):
    for n in range(5):
        ProductFactory(
            name=f"Tunic {n}", description="Has short sleeves.", category=Category.objects.get(), pictures=0
        )
    recount_words()
    found = ask("q=blue+shrt")
    assert (names(found), found.searched) == ({"Linen shirt"}, "blue shirt")


def test_products_that_have_some_of_the_words_come_where_none_has_all(shelf):
    found = ask("q=green+shirt")
    assert (names(found), found.is_partial) == ({"Linen shirt"}, True)


def test_nothing_near_finds_nothing(shelf):
    found = ask("q=umbrella")
    assert (names(found), found.count, found.did_you_mean) == (set(), 0, "")


def test_excluded_words_and_signs_stay_as_they_are(shelf):
    assert corrected('"silk drss" -shrit or linne') == '"silk dress" -shrit or linen'


def test_a_synonym_finds_what_the_shop_calls_otherwise(shelf):
    Synonym.objects.create(word="kaftan", also="tunic, silk dress")
    assert names(ask("q=kaftan")) == {"Silk dress"}
    assert names(ask("q=red+kaftan")) == {"Silk dress"}
    assert names(ask("q=blue+kaftan")) != {"Silk dress"}
    assert names(ask("q=silk+-kaftan")) == set()


def test_a_synonym_is_a_word_to_be_misspelt(shelf):
    Synonym.objects.create(word="kaftan", also="dress")
    recount_words()
    assert names(ask("q=kaftna")) == {"Silk dress"}


@pytest.mark.parametrize("word", ["&|!:*()<->'\\", "or", "''", "$$; DROP TABLE x --"])
def test_no_signs_in_a_synonym_break_the_search(shelf, word):
    Synonym.objects.create(word=word, also=word)
    assert names(ask("q=linen")) == {"Linen shirt"}


def test_words_of_new_products_are_known_once_they_are_saved(shelf, django_capture_on_commit_callbacks):
    hat = ProductFactory(name="Straw hat", pictures=0)
    with django_capture_on_commit_callbacks(execute=True):
        products_changed.send(Product, product_ids=[hat.pk])
    assert names(ask("q=strwa")) == {"Straw hat"}
    assert learn_words([hat.pk]) == 0


def test_a_draft_teaches_no_word_and_an_archived_product_takes_its_own_along(shelf):
    hat = ProductFactory(name="Straw hat", status=Product.Status.DRAFT, pictures=0)
    assert learn_words([hat.pk]) == 0
    Product.objects.filter(name="Silk dress").update(status=Product.Status.ARCHIVED)
    recount_words()
    assert not Word.objects.filter(text__in=["straw", "silk"]).exists()
    assert Word.objects.get(text="linen").n_products == 1


def test_pages_of_a_search_that_was_put_right_lose_nothing(shelf):
    for number in range(5):
        ProductFactory(name=f"Linen shirt {number}", pictures=0)
    query = ListingQuery(q="linne shrit")
    first = listing(query, page_size=4)
    second = listing(query.at(first.next_cursor), page_size=4)
    assert len(names(first) | names(second)) == 6
    assert second.is_corrected
