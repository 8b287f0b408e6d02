"""A dozen pictures to tap: the home page turns to what was tapped, without an account, and only if one wants."""

import pytest

from accounts.shopper import VISITOR_KEY, Shopper
from recommendations import recording, serving
from recommendations.models import Interaction
from tests.factories import CategoryFactory, ProductFactory
from tests.recommendations.test_serving import names, network_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelves():
    """Three products of five categories, with pictures."""
    return [
        ProductFactory(name=f"{shelf} {n}", category=CategoryFactory(name=shelf), pictures=1)
        for n in range(3)
        for shelf in ("Tops", "Shoes", "Bags", "Hats", "Coats")
    ]


def test_the_pictures_are_a_dozen_from_several_categories(client, shelves):
    shown = client.get("/taste/").context["products"]
    assert len(shown) == 12
    assert len({product.category_id for product in shown}) == 5


def test_what_a_visitor_taps_turns_the_home_page(client, shelves):
    tapped, near = shelves[0], ProductFactory(name="Near")
    network_of(tapped, related=[near])
    answer = client.post("/taste/", {"liked": [tapped.pk]}, follow=True)
    assert answer.redirect_chain == [("/", 302)]
    visitor = Shopper(visitor=client.session[VISITOR_KEY])
    assert [event.kind for event in recording.recent_events(visitor)] == ["quiz"]
    home = serving.home_for(visitor)
    assert names(home.for_you)[0] == "Near"
    assert home.for_you[0].reason == f"Because you like {tapped.name}"
    assert home.recent == []  # it was never looked at


def test_tapping_nothing_or_nonsense_records_nobody(client, shelves):
    for liked in ([], ["all"], ["-1"], ["99999999"]):
        assert "Nothing was tapped" in client.post("/taste/", {"liked": liked}, follow=True).content.decode()
    assert VISITOR_KEY not in client.session
    assert not Interaction.objects.exists()


def test_nothing_is_noted_where_personal_pages_are_off(client, shopper, shelves):
    shopper.personalised = False
    shopper.save()
    client.force_login(shopper)
    page = client.post("/taste/", {"liked": [shelves[0].pk]}, follow=True).content.decode()
    assert "Personal pages are switched off" in page
    assert not Interaction.objects.exists()


def test_the_home_page_offers_it_to_newcomers_only(client, shelves):
    assert 'href="/taste/"' in client.get("/").content.decode()
    client.post("/taste/", {"liked": [shelves[0].pk]})
    assert 'href="/taste/"' not in client.get("/").content.decode()


def test_an_empty_shop_has_nothing_to_choose_from(client):
    assert "The shelves are being filled." in client.get("/taste/").content.decode()
