"""Several wish lists, what is noted on them, and showing them to others."""

from decimal import Decimal

import pytest
from django.test import Client

from accounts import wishing
from accounts.models import WishList, WishlistItem
from recommendations.models import Interaction
from shop.checkout.models import CartLine
from tests.factories import ProductFactory, WishListFactory, WishlistItemFactory


@pytest.fixture
def signed_in(client, shopper):
    client.force_login(shopper)
    return client


@pytest.fixture
def tee(db):
    return ProductFactory(name="Breton tee", variants=[("S", 2), ("M", 0)], variants__price=Decimal("39.00"))


@pytest.fixture
def wish(shopper, tee):
    return WishlistItemFactory(user=shopper, product=tee)


def begin(client: Client, name: str) -> WishList:
    client.post("/wishlist/lists/", {"name": name})
    return WishList.objects.get(name=name)


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


# --- Lists --------------------------------------------------------------------------------------------------------


def test_a_further_list_is_begun_renamed_and_deleted_and_its_pieces_stay(signed_in, shopper, wish):
    summer = begin(signed_in, "Summer")
    signed_in.post(f"/wishlist/pieces/{wish.pk}/", {"list": summer.pk})
    assert "Breton tee" in text(signed_in, f"/wishlist/lists/{summer.pk}/")
    assert "Nothing saved yet" in text(signed_in, "/wishlist/")
    signed_in.post(f"/wishlist/lists/{summer.pk}/change/", {"name": "Sea"})
    assert ">Sea</h1>" in text(signed_in, f"/wishlist/lists/{summer.pk}/")
    signed_in.post(f"/wishlist/lists/{summer.pk}/delete/")
    assert [one.name for one in shopper.wish_lists.all()] == ["Wish list"]
    assert "Breton tee" in text(signed_in, "/wishlist/")


def test_the_list_that_hearts_fill_cannot_be_deleted(signed_in, shopper, wish):
    page = signed_in.post(f"/wishlist/lists/{wish.list_id}/delete/", follow=True).content.decode()
    assert "This list stays: the hearts fill it." in page
    assert shopper.wish_lists.count() == 1


def test_a_heart_fills_the_default_list_and_empties_any(signed_in, shopper, wish):
    summer = begin(signed_in, "Summer")
    signed_in.post(f"/wishlist/pieces/{wish.pk}/", {"list": summer.pk})
    signed_in.post(f"/wishlist/{wish.product_id}/")
    assert not WishlistItem.objects.exists()
    hat = ProductFactory()
    signed_in.post(f"/wishlist/{hat.pk}/")
    assert WishlistItem.objects.get().list.is_default


def test_moving_is_no_new_wish(signed_in, wish):
    summer = begin(signed_in, "Summer")
    signed_in.post(f"/wishlist/pieces/{wish.pk}/", {"list": summer.pk})
    assert not Interaction.objects.exists()


def test_an_undo_brings_the_piece_back_as_it_was(signed_in, shopper, wish, tee):
    summer = begin(signed_in, "Summer")
    size = tee.variants.get(size="M")
    signed_in.post(f"/wishlist/pieces/{wish.pk}/", {"list": summer.pk, "note": "for Mum", "variant": size.pk})
    WishlistItem.objects.update(saved_price=Decimal("49.00"))
    back = {"next": f"/wishlist/lists/{summer.pk}/"}
    page = signed_in.post(f"/wishlist/{tee.pk}/", back, follow=True).content.decode()
    assert ">Undo<" in page
    signed_in.post(f"/wishlist/{tee.pk}/", back)
    item = WishlistItem.objects.get()
    assert (item.list, item.note, item.variant, item.saved_price) == (
        summer,
        "for Mum",
        size,
        Decimal("49.00"),
    )


def test_there_is_an_end_to_lists_and_to_pieces(signed_in, shopper, wish, monkeypatch):
    monkeypatch.setattr(wishing, "MOST_LISTS", 2)
    monkeypatch.setattr(wishing, "MOST_PIECES", 1)
    begin(signed_in, "Summer")
    page = signed_in.post("/wishlist/lists/", {"name": "Autumn"}, follow=True).content.decode()
    assert "2 lists are the most." in page
    hat = ProductFactory()
    page = signed_in.post(f"/wishlist/{hat.pk}/", follow=True).content.decode()
    assert "A list holds 1 pieces." in page
    answer = signed_in.post(f"/wishlist/{hat.pk}/", headers={"accept": "application/json"}).json()
    assert "A list holds 1 pieces." in answer["message"]
    assert shopper.wishlist_items.count() == 1


@pytest.mark.parametrize("name", ["", "x" * 61])
def test_a_list_needs_a_name_of_some_letters(signed_in, shopper, name):
    page = signed_in.post("/wishlist/lists/", {"name": name}, follow=True).content.decode()
    assert "Give the new list a name" in page
    assert not shopper.wish_lists.exists()


def test_a_name_that_is_too_long_is_answered_beside_the_field(signed_in, wish):
    answer = signed_in.post(f"/wishlist/lists/{wish.list_id}/change/", {"name": "x" * 61})
    assert answer.status_code == 422
    assert "at most 60 characters" in answer.content.decode()


def test_lists_and_pieces_of_somebody_else_are_not_there(signed_in, stranger, tee):
    theirs = WishListFactory(user=stranger, name="Secret", is_default=False)
    item = WishlistItemFactory(user=stranger, product=tee, note="mine")
    assert signed_in.get(f"/wishlist/lists/{theirs.pk}/").status_code == 404
    for button in ("change", "delete", "share"):
        assert signed_in.post(f"/wishlist/lists/{theirs.pk}/{button}/", {"name": "x"}).status_code == 404
    assert signed_in.post(f"/wishlist/pieces/{item.pk}/", {"note": "yours"}).status_code == 404


def test_a_piece_is_moved_onto_ones_own_lists_alone(signed_in, stranger, wish):
    theirs = WishListFactory(user=stranger)
    signed_in.post(f"/wishlist/pieces/{wish.pk}/", {"list": theirs.pk, "note": "x"})
    wish.refresh_from_db()
    assert (wish.list.user, wish.note) == (wish.user, "")


# --- Notes, sizes, prices -----------------------------------------------------------------------------------------


def test_a_note_and_a_size_are_kept_with_the_piece(signed_in, wish, tee):
    size = tee.variants.get(size="S")
    signed_in.post(f"/wishlist/pieces/{wish.pk}/", {"variant": size.pk, "note": "<b>for Mum</b>"})
    page = text(signed_in, "/wishlist/")
    assert "&lt;b&gt;for Mum" in page
    assert "Size S" in page


def test_a_size_of_another_product_is_refused(signed_in, wish):
    other = ProductFactory().variants.get()
    signed_in.post(f"/wishlist/pieces/{wish.pk}/", {"variant": other.pk})
    wish.refresh_from_db()
    assert wish.variant is None


@pytest.mark.parametrize(
    ("then", "words"),
    [("49.00", "€\u00a010 less than when you saved it"), ("29.00", "€\u00a010 more than when you saved it")],
)
def test_the_price_is_compared_with_what_it_was_when_saved(signed_in, wish, then, words):
    WishlistItem.objects.update(saved_price=Decimal(then))
    assert words in text(signed_in, "/wishlist/")


@pytest.mark.parametrize(("then", "currency"), [("39.00", "EUR"), ("49.00", "USD"), (None, "")])
def test_nothing_is_said_where_there_is_nothing_to_compare(signed_in, wish, then, currency):
    WishlistItem.objects.update(saved_price=then and Decimal(then), saved_currency=currency)
    assert "when you saved it" not in text(signed_in, "/wishlist/")


def test_the_price_is_noted_when_a_heart_is_pressed(signed_in, tee):
    signed_in.post(f"/wishlist/{tee.pk}/")
    item = WishlistItem.objects.get()
    assert (item.saved_price, item.saved_currency) == (Decimal("39.00"), "EUR")


# --- Sharing ------------------------------------------------------------------------------------------------------


@pytest.fixture
def link(signed_in, wish) -> str:
    signed_in.post(f"/wishlist/lists/{wish.list_id}/share/")
    return WishList.objects.get().shared_url


def test_a_secret_link_shows_the_list_to_a_visitor_who_buys_from_it(link, tee):
    visitor = Client()
    answer = visitor.get(link)
    page = answer.content.decode()
    assert "Breton tee" in page
    assert answer["X-Robots-Tag"] == "noindex"
    assert 'name="robots" content="noindex"' in page
    assert "Size, note, list" not in page
    size = tee.variants.get(size="S")
    assert visitor.post("/bag/add/", {"variant": size.pk, "next": link}).url == link
    assert CartLine.objects.get().variant == size


def test_who_it_belongs_to_is_told_only_if_the_owner_says_so(signed_in, shopper, link):
    assert "Ada" not in text(Client(), link)
    wish_list = WishList.objects.get()
    signed_in.post(f"/wishlist/lists/{wish_list.pk}/change/", {"name": "Wish list", "shows_name": "on"})
    page = text(Client(), link)
    assert "What Ada likes." in page
    assert shopper.email not in page


def test_a_new_link_ends_the_old_one_and_a_switch_ends_both(signed_in, link):
    wish_list = WishList.objects.get()
    signed_in.post(f"/wishlist/lists/{wish_list.pk}/share/")
    renewed = WishList.objects.get().shared_url
    assert renewed != link
    assert Client().get(link).status_code == 404
    assert Client().get(renewed).status_code == 200
    signed_in.post(f"/wishlist/lists/{wish_list.pk}/share/", {"off": "1"})
    assert Client().get(renewed).status_code == 404


def test_a_link_is_nothing_to_guess(link):
    secret = link.rstrip("/").rpartition("/")[2]
    assert len(secret) == 43
    for guess in ("None", "x", secret[:-1], secret.swapcase()):
        assert Client().get(f"/wishlist/shared/{guess}/").status_code == 404


def test_a_shared_list_has_one_page_for_many_pieces(link, shopper, signed_in, django_assert_max_num_queries):
    for _ in range(8):
        WishlistItemFactory(user=shopper, product=ProductFactory(variants=[("S", 1), ("M", 1)]))
    for client, address in ((Client(), link), (signed_in, "/wishlist/")):
        client.get(address)
        with django_assert_max_num_queries(8):
            client.get(address)
