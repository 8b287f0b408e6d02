"""The shopper's addresses."""

import pytest

from accounts.models import Address
from accounts.views import MOST_ADDRESSES
from tests.factories import AddressFactory

HOME = {"name": "Ada Example", "street": "1 Loom Lane", "postcode": "1010", "city": "Vienna", "country": "AT"}


@pytest.fixture
def signed_in(client, shopper):
    client.force_login(shopper)
    return client


def test_the_first_address_is_where_orders_go(signed_in, shopper):
    signed_in.post("/account/addresses/add/", HOME)
    assert shopper.addresses.get().is_default


def test_there_is_one_default_and_a_button_moves_it(signed_in, shopper):
    signed_in.post("/account/addresses/add/", HOME)
    signed_in.post("/account/addresses/add/", HOME | {"street": "2 Shuttle Street"})
    second = shopper.addresses.get(street="2 Shuttle Street")
    assert not second.is_default
    signed_in.post(f"/account/addresses/{second.pk}/default/")
    assert [a.street for a in shopper.addresses.filter(is_default=True)] == ["2 Shuttle Street"]
    signed_in.post("/account/addresses/add/", HOME | {"street": "3 Reed Road", "is_default": "on"})
    assert [a.street for a in shopper.addresses.filter(is_default=True)] == ["3 Reed Road"]


def test_an_address_is_changed_and_deleted(signed_in, shopper):
    address = AddressFactory(user=shopper)
    signed_in.post(f"/account/addresses/{address.pk}/", HOME | {"street": "9 Warp Way"})
    assert "9 Warp Way" in signed_in.get("/account/addresses/").content.decode()
    signed_in.post(f"/account/addresses/{address.pk}/delete/")
    assert not shopper.addresses.exists()


def test_an_address_without_a_street_is_asked_for_it(signed_in, shopper):
    page = signed_in.post("/account/addresses/add/", HOME | {"street": ""}).content.decode()
    assert "This field is required." in page
    assert not shopper.addresses.exists()


def test_an_address_book_is_no_warehouse(signed_in, shopper):
    AddressFactory.create_batch(MOST_ADDRESSES, user=shopper)
    page = signed_in.post("/account/addresses/add/", HOME, follow=True).content.decode()
    assert "Delete one to add another" in page
    assert shopper.addresses.count() == MOST_ADDRESSES


def test_nobody_sees_or_touches_the_address_of_somebody_else(signed_in, stranger):
    theirs = AddressFactory(user=stranger, street="13 Secret Street")
    assert "13 Secret Street" not in signed_in.get("/account/addresses/").content.decode()
    assert signed_in.get(f"/account/addresses/{theirs.pk}/").status_code == 404
    for button in ("", "delete/", "default/"):
        assert signed_in.post(f"/account/addresses/{theirs.pk}/{button}", HOME).status_code == 404
    assert Address.objects.get().street == "13 Secret Street"


def test_looking_deletes_and_moves_nothing(signed_in, shopper):
    address = AddressFactory(user=shopper)
    for button in ("delete/", "default/"):
        assert signed_in.get(f"/account/addresses/{address.pk}/{button}").status_code == 405
    assert shopper.addresses.count() == 1


def test_a_script_in_an_address_stays_text(signed_in, shopper):
    signed_in.post("/account/addresses/add/", HOME | {"street": "<script>alert(1)</script>"})
    page = signed_in.get("/account/addresses/").content.decode()
    assert "<script>alert(1)" not in page


def test_a_deleted_address_comes_back_once_with_the_undo(signed_in, shopper):
    address = AddressFactory(user=shopper, street="9 Warp Way", is_default=True)
    page = signed_in.post(f"/account/addresses/{address.pk}/delete/", follow=True).content.decode()
    assert "The address is deleted. Orders that went there keep it." in page
    assert ">Undo<" in page
    for _ in range(2):
        signed_in.post("/account/addresses/undo/")
    back = shopper.addresses.get()
    assert (back.street, back.is_default) == ("9 Warp Way", True)
    assert ">Undo<" not in signed_in.get("/account/addresses/").content.decode()


def test_there_is_nothing_to_bring_back_for_somebody_else(signed_in, shopper, stranger):
    address = AddressFactory(user=shopper)
    signed_in.post(f"/account/addresses/{address.pk}/delete/")
    signed_in.force_login(stranger)
    signed_in.post("/account/addresses/undo/")
    assert not stranger.addresses.exists()
