"""Saving things for later."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import WishList, WishlistItem
from accounts.signals import wish_added, wish_removed
from accounts.wishing import forget_visitors_lists
from recommendations.models import Interaction
from tests.factories import PASSWORD, ProductFactory, WishlistItemFactory


@pytest.fixture
def tee(db):
    return ProductFactory(name="Breton tee")


@pytest.fixture
def heard():
    """The news that the wish list sends."""
    news = []

    def listen(signal, word):
        def receiver(sender, shopper, product_id, **kwargs):
            news.append((word, shopper.user_id, product_id))

        signal.connect(receiver, weak=False)
        return signal, receiver

    connected = [listen(wish_added, "added"), listen(wish_removed, "removed")]
    yield news
    for signal, receiver in connected:
        signal.disconnect(receiver)


def saved(user) -> list[int]:
    return list(user.wishlist_items.values_list("product_id", flat=True))


def test_a_heart_saves_and_the_same_heart_takes_away(client, shopper, tee, heard):
    client.force_login(shopper)
    client.post(f"/wishlist/{tee.pk}/")
    assert saved(shopper) == [tee.pk]
    assert "Breton tee" in client.get("/wishlist/").content.decode()
    client.post(f"/wishlist/{tee.pk}/")
    assert saved(shopper) == []
    assert heard == [("added", shopper.pk, tee.pk), ("removed", shopper.pk, tee.pk)]


def test_a_wish_is_an_interaction(client, shopper, tee):
    client.force_login(shopper)
    client.post(f"/wishlist/{tee.pk}/")
    assert Interaction.objects.get().kind == "wish"


# --- Visitors -----------------------------------------------------------------------------------------------------


def test_a_visitor_keeps_a_list_without_an_account(client, tee):
    client.post(f"/wishlist/{tee.pk}/")
    page = client.get("/wishlist/").content.decode()
    assert "Breton tee" in page
    assert "to keep the list on all your devices" in page
    assert f'data-wish="{tee.pk}" aria-pressed="true"' in client.get("/all/").content.decode()
    client.post(f"/wishlist/{tee.pk}/")
    assert not WishlistItem.objects.exists()


def test_a_visitors_wish_counts_at_once_and_not_twice_at_sign_in(client, shopper, tee):
    client.post(f"/wishlist/{tee.pk}/")
    assert Interaction.objects.get().kind == "wish"
    client.force_login(shopper)
    assert [(i.user, i.kind) for i in Interaction.objects.all()] == [(shopper, "wish")]


def test_a_visitor_signs_in_and_the_list_joins_without_doubles(client, shopper, tee):
    hat = ProductFactory(name="Straw hat")
    WishlistItemFactory(user=shopper, product=tee)
    for product in (tee, hat):
        client.post(f"/wishlist/{product.pk}/")
    page = client.post(
        "/account/login/", {"login": shopper.email, "password": PASSWORD}, follow=True
    ).content.decode()
    assert sorted(saved(shopper)) == sorted([tee.pk, hat.pk])
    assert "The piece that you saved before you signed in is on your wish list now." in page
    assert [(one.user, one.is_default) for one in WishList.objects.all()] == [(shopper, True)]


def test_a_visitor_signs_up_and_finds_the_wish_there(client, tee):
    client.post(f"/wishlist/{tee.pk}/")
    client.post("/account/signup/", {"email": "new@example.com", "password1": "another-good-password"})
    assert WishlistItem.objects.get().user.email == "new@example.com"


def test_hearts_are_full_right_after_the_lists_were_merged(client, shopper, tee):
    client.force_login(shopper)
    assert f'data-wish="{tee.pk}" aria-pressed="false"' in client.get("/all/").content.decode()
    visitor = Client()
    visitor.post(f"/wishlist/{tee.pk}/")
    visitor.force_login(shopper)
    assert f'data-wish="{tee.pk}" aria-pressed="true"' in client.get("/all/").content.decode()


def test_two_visitors_see_their_own_list_each(client, tee):
    client.post(f"/wishlist/{tee.pk}/")
    other = Client()
    other.post(f"/wishlist/{ProductFactory(name='Straw hat').pk}/")
    assert "Breton tee" not in other.get("/wishlist/").content.decode()


def test_the_list_of_a_visitor_is_forgotten_with_the_session(client, shopper, tee):
    client.post(f"/wishlist/{tee.pk}/")
    WishlistItemFactory(user=shopper, product=tee)
    assert forget_visitors_lists() == 0
    WishList.objects.update(used_at=timezone.now() - timedelta(days=61))
    assert forget_visitors_lists() == 1
    assert WishList.objects.get().user == shopper


def test_a_script_gets_json_also_as_a_visitor(client, shopper, tee):
    asks = {"accept": "application/json"}
    assert client.post(f"/wishlist/{tee.pk}/", headers=asks).json() == {"saved": True, "count": 1}
    assert client.post(f"/wishlist/{tee.pk}/", headers=asks).json() == {"saved": False, "count": 0}
    client.force_login(shopper)
    assert client.post(f"/wishlist/{tee.pk}/", headers=asks).json() == {"saved": True, "count": 1}


# --- The page -----------------------------------------------------------------------------------------------------


def test_taken_off_on_the_wish_list_offers_an_undo(client, shopper, tee):
    client.force_login(shopper)
    client.post(f"/wishlist/{tee.pk}/")
    page = client.post(f"/wishlist/{tee.pk}/", {"next": "/wishlist/"}, follow=True).content.decode()
    assert "Breton tee is off your wish list." in page
    assert ">Undo<" in page


def test_the_list_shows_the_shoppers_own_things_newest_first(client, shopper, stranger):
    old, new = ProductFactory(name="Old hat"), ProductFactory(name="New hat")
    for product in (old, new):
        WishlistItemFactory(user=shopper, product=product)
    WishlistItemFactory(user=stranger, product=ProductFactory(name="Secret hat"))
    client.force_login(shopper)
    page = client.get("/wishlist/").content.decode()
    assert page.index("New hat") < page.index("Old hat")
    assert "Secret hat" not in page


def test_what_is_no_longer_sold_is_not_shown(client, shopper):
    WishlistItemFactory(user=shopper, product=ProductFactory(name="Gone hat", status="archived"))
    client.force_login(shopper)
    assert "Gone hat" not in client.get("/wishlist/").content.decode()


def test_a_long_list_needs_no_more_queries_than_a_short_one(client, shopper, django_assert_max_num_queries):
    for _ in range(8):
        WishlistItemFactory(user=shopper, product=ProductFactory())
    client.force_login(shopper)
    client.get("/delivery/")  # the header's counts are kept from page to page
    with django_assert_max_num_queries(8):
        client.get("/wishlist/")


def test_hidden_things_cannot_be_saved_and_looking_saves_nothing(client, shopper, tee):
    client.force_login(shopper)
    assert client.post(f"/wishlist/{ProductFactory(status='draft').pk}/").status_code == 404
    assert client.get(f"/wishlist/{tee.pk}/").status_code == 405
    assert saved(shopper) == []


@pytest.mark.parametrize("number", ["", "1' OR 1=1", "999999999999999999999", "-1"])
def test_a_strange_undo_link_does_no_harm(client, shopper, number):
    client.force_login(shopper)
    assert client.get("/wishlist/", {"removed": number}).status_code == 200


def test_the_way_back_never_leaves_the_shop(client, shopper, tee):
    client.force_login(shopper)
    assert client.post(f"/wishlist/{tee.pk}/", {"next": "/all/?sort=new"}).url == "/all/?sort=new"
    assert (
        client.post(f"/wishlist/{tee.pk}/", {"next": "https://evil.example/"}).url == tee.get_absolute_url()
    )
