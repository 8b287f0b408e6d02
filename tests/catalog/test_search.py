"""Listings: words, filters with counts, orders and pages that lose nothing."""

from decimal import Decimal

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from catalog.listing_query import Cursor, ListingQuery
from catalog.models import Product
from catalog.search import listing
from tests.factories import BrandFactory, CategoryFactory, ProductFactory


def ask(text: str = "", **kwargs):
    return listing(ListingQuery.parse(QueryDict(text)), **kwargs)


def names(found):
    return [product.name for product in found.products]


def counts(found, name):
    return {o.value: o.count for facet in found.facets if facet.name == name for o in facet.options}


@pytest.fixture
def shelf(db):
    """Two blue tops, a red one, and blue shoes."""
    tops, shoes = CategoryFactory(name="Tops"), CategoryFactory(name="Shoes")
    return {
        "blue tee": ProductFactory(name="Sailor tee", category=tops, colour="Blue", variants__price=Decimal(20)),
        "blue knit": ProductFactory(name="Harbour knit", category=tops, colour="Blue", variants__price=Decimal(60)),
        "red tee": ProductFactory(name="Poppy tee", category=tops, colour="Red", variants__price=Decimal(40)),
        "shoes": ProductFactory(
            name="Canvas plimsolls", category=shoes, colour="Blue", brand=BrandFactory(name="Orso"),
            variants=[("38", 2), ("39", 0)],
        ),
    }  # fmt: skip


def test_drafts_and_archived_products_are_not_listed(shelf):
    Product.objects.filter(name="Poppy tee").update(status="draft")
    Product.objects.filter(name="Sailor tee").update(status="archived")
    assert set(names(ask())) == {"Harbour knit", "Canvas plimsolls"}


def test_choices_of_one_filter_add_up_and_filters_narrow_each_other(shelf):
    assert set(names(ask("colour=Blue&colour=Red"))) == set(names(ask()))
    assert set(names(ask("colour=Blue&category=tops"))) == {"Sailor tee", "Harbour knit"}


def test_each_filter_is_counted_without_its_own_choice(shelf):
    found = ask("colour=Red")
    assert counts(found, "colour") == {"Blue": 3, "Red": 1}
    assert found.count == 1


def test_a_size_counts_only_where_it_is_in_stock(shelf):
    assert names(ask("size=38")) == ["Canvas plimsolls"]
    assert names(ask("size=39")) == []
    assert "39" not in counts(ask(), "size")


def test_price_limits_include_their_ends(shelf):
    assert set(names(ask("min_price=20&max_price=40"))) == {"Sailor tee", "Poppy tee", "Canvas plimsolls"}
    assert ask("max_price=40").highest_price == Decimal("60.00")


def test_a_parent_category_holds_what_stands_below_it(shelf):
    clothes = CategoryFactory(name="Clothes")
    tops = shelf["red tee"].category
    tops.parent = clothes
    tops.save()
    assert set(names(ask(shelf=clothes))) == {"Sailor tee", "Harbour knit", "Poppy tee"}


@pytest.mark.parametrize("words", ["sailor", "SAILOR tee", "tops blue sailor", "orso", "plimsol"])
def test_words_find_names_brands_categories_and_colours(shelf, words):
    assert names(ask(f"q={words}"))


@pytest.mark.parametrize("sort", ["new", "price", "-price"])
def test_pages_lose_and_repeat_nothing_in_either_direction(db, sort):
    for number in range(11):
        ProductFactory(variants__price=Decimal(number % 3 + 1), pictures=0)
    query = ListingQuery.parse(QueryDict(f"sort={sort}"))
    page = listing(query, page_size=4)
    forward = [page]
    while page.next_cursor:
        page = listing(query.at(Cursor.decode(page.next_cursor.encode())), page_size=4)
        forward.append(page)
    ids = [product.pk for page in forward for product in page.products]
    assert len(ids) == len(set(ids)) == 11
    back = [page.products]
    while page.previous_cursor:
        page = listing(query.at(page.previous_cursor), page_size=4)
        back.insert(0, page.products)
    assert [p.pk for products in back for p in products] == ids


def test_a_page_of_products_costs_few_queries(shelf, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        ask("colour=Blue&category=tops&sort=price")


def test_a_filter_by_a_category_that_is_not_there_shows_nothing_and_counts_the_others(shelf):
    found = ask("category=hats")
    assert (found.products, found.count) == ([], 0)
    assert counts(found, "category") == {"tops": 3, "shoes": 1}


def test_a_size_that_sells_out_is_counted_no_more(shelf):
    size = shelf["shoes"].variants.get(size="38")
    size.stock = 0
    size.save()
    assert names(ask("size=38")) == []
    assert "38" not in counts(ask(), "size")


def test_many_products_are_counted_once_a_minute_for_everybody(shelf, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr("catalog.facets.MANY", 4)
    first = ask()
    with django_assert_num_queries(2):  # the products and their pictures
        again = ask()
    assert (again.facets, again.count) == (first.facets, 4)
    assert ask("colour=Red").count == 1


@given(st.text(max_size=60))
def test_no_text_breaks_a_cursor(text):
    cursor = Cursor.decode(text)
    assert cursor is None or isinstance(cursor, Cursor)


@given(st.text(max_size=40), st.integers(0, 2**62), st.booleans())
def test_a_cursor_survives_its_way_through_an_address(value, pk, backwards):
    value = value.replace("\x00", "").encode("utf-8", "ignore").decode()
    cursor = Cursor(value, pk, backwards)
    assert Cursor.decode(cursor.encode()) == cursor


@given(
    st.dictionaries(
        st.sampled_from(["q", "exact", "colour", "min_price", "sort", "cursor", "size"]), st.text(max_size=20)
    )
)
def test_any_query_can_be_written_back_and_read_again(data):
    query_dict = QueryDict(mutable=True)
    query_dict.update(data)
    query = ListingQuery.parse(query_dict)
    assert ListingQuery.parse(QueryDict(query.query_string())) == query
