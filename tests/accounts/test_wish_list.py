"""Saving things for later."""

import pytest

from accounts.models import WishlistItem
from accounts.signals import wish_added, wish_removed
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
        def receiver(sender, user, product_id, **kwargs):
            news.append((word, user.email, product_id))

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
    assert heard == [("added", shopper.email, tee.pk), ("removed", shopper.email, tee.pk)]


def test_a_wish_is_an_interaction(client, shopper, tee):
    client.force_login(shopper)
    client.post(f"/wishlist/{tee.pk}/")
    assert Interaction.objects.get().kind == "wish"


def test_a_visitor_signs_in_and_finds_the_wish_there(client, shopper, tee):
    response = client.post(f"/wishlist/{tee.pk}/")
    assert response.url == "/account/login/?next=/wishlist/"
    page = client.post(
        response.url, {"login": shopper.email, "password": PASSWORD}, follow=True
    ).content.decode()
    assert saved(shopper) == [tee.pk]
    assert "Breton tee is on your wish list." in page


def test_a_visitor_signs_up_and_finds_the_wish_there(client, tee):
    client.post(f"/wishlist/{tee.pk}/")
    client.post("/account/signup/", {"email": "new@example.com", "password1": "another-good-password"})
    assert WishlistItem.objects.get().user.email == "new@example.com"


def test_what_was_wished_is_forgotten_when_it_is_no_longer_sold(client, shopper, tee):
    client.post(f"/wishlist/{tee.pk}/")
    tee.status = "archived"
    tee.save()
    client.force_login(shopper)
    assert saved(shopper) == []


def test_a_script_gets_json_and_a_visitors_script_the_way_to_sign_in(client, shopper, tee):
    asks = {"accept": "application/json"}
    answer = client.post(f"/wishlist/{tee.pk}/", headers=asks)
    assert (answer.status_code, answer.json()) == (401, {"sign_in": "/account/login/?next=/wishlist/"})
    client.force_login(shopper)
    assert shopper.wishlist_items.count() == 1
    assert client.post(f"/wishlist/{tee.pk}/", headers=asks).json() == {"saved": False, "count": 0}
    assert client.post(f"/wishlist/{tee.pk}/", headers=asks).json() == {"saved": True, "count": 1}


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
