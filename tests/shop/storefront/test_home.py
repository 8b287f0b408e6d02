"""The first page."""

import pytest
from pytest_django import DjangoAssertNumQueries

from recommendations.models import Interaction, RecommendationList, RecommendationVersion
from shop.storefront.home import hero_pieces
from tests import factories


def test_home_invites_to_show_a_photo(visitor):
    page = visitor.get("/").content.decode()
    assert "Show us what you like." in page
    assert 'action="/photo/"' in page
    assert 'enctype="multipart/form-data"' in page


def test_an_empty_shop_says_so_instead_of_showing_nothing(visitor):
    assert "The shelves are being filled." in visitor.get("/").content.decode()


def test_a_newcomer_sees_what_is_popular(visitor):
    factories.ProductFactory(name="Market tote")
    page = visitor.get("/").content.decode()
    assert "Popular this week" in page
    assert "Market tote" in page
    assert "For you" not in page


def test_the_page_after_a_look_begins_where_the_shopper_left_off(visitor):
    tote = factories.ProductFactory(name="Market tote")
    factories.ProductFactory(name="Linen blazer")
    visitor.get(tote.get_absolute_url())
    page = visitor.get("/").content.decode()
    row = page[page.index("Where you left off") :]
    assert row.index("Market tote") < row.index("Linen blazer")


def test_drafts_are_nowhere_on_the_page(visitor):
    factories.ProductFactory(name="Secret coat", status="draft")
    assert "Secret coat" not in visitor.get("/").content.decode()


def test_categories_are_shown_as_pictures(visitor, tops):
    factories.ProductFactory(category=tops)
    page = visitor.get("/").content.decode()
    assert 'class="tile" href="/c/tops/"' in page


def test_a_category_without_anything_to_show_is_not_in_the_header(visitor, tops, shoes):
    factories.ProductFactory(category=tops)
    page = visitor.get("/").content.decode()
    assert 'href="/c/tops/"' in page
    assert 'href="/c/shoes/"' not in page


def test_the_hero_prefers_garments_that_fill_a_tall_picture(db):
    mug, dress, boots, coat = (
        factories.ProductFactory(article_type=kind) for kind in ("Umbrellas", "Dresses", "Boots", "Coats")
    )
    assert hero_pieces([mug, dress, boots, coat]) == [dress, coat]
    assert hero_pieces([mug, boots]) == [mug, boots]


def test_what_is_not_for_me_goes_and_can_be_called_back(visitor):
    tote = factories.ProductFactory(name="Market tote")
    blazer = factories.ProductFactory(name="Linen blazer")
    visitor.get(tote.get_absolute_url())
    page = visitor.post(f"/not-for-me/{blazer.pk}/", {"next": "/"}, follow=True).content.decode()
    assert f'formaction="/not-for-me/{blazer.pk}/" name="undo" value="1">Undo' in page
    assert f'href="{blazer.get_absolute_url()}' not in page
    page = visitor.post(f"/not-for-me/{blazer.pk}/", {"next": "/", "undo": "1"}, follow=True).content.decode()
    assert f'href="{blazer.get_absolute_url()}' in page


@pytest.mark.parametrize("who", ["visitor", "signed_in"])
def test_home_needs_at_most_eight_queries(
    who, request, django_assert_max_num_queries: DjangoAssertNumQueries, shopper
):
    client = request.getfixturevalue(who)
    products = [factories.ProductFactory() for _ in range(12)]
    client.get(products[0].get_absolute_url())
    version = RecommendationVersion.objects.create(status="active")
    RecommendationList.objects.create(
        version=version,
        products=[p.pk for p in products],
        scores=[0.5] * 12,
        reasons=["popular"] * 12,
        because=[0] * 12,
    )
    client.get("/")  # the shelves are in the cache from now on
    with django_assert_max_num_queries(8):
        client.get("/")
    assert Interaction.objects.count() == 1
