"""Orders are seen by whoever placed them, and by nobody else."""

import pytest
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.test import Client

from shop.checkout.access import key_of, link_to


@pytest.fixture
def guests_order(buyer, place):
    return place(buyer)


@pytest.fixture
def shoppers_order(client, shopper, tee, place):
    client.force_login(shopper)
    client.post("/bag/add/", {"variant": tee.pk})
    order = place(client)
    client.logout()
    return order


PAGES = ["/orders/{}/", "/checkout/{}/pay/"]
BUTTONS = ["/orders/{}/cancel/", "/orders/{}/again/"]


def test_a_strangers_browser_sees_no_order(client, shoppers_order, stranger):
    for someone in (None, stranger):
        if someone:
            client.force_login(someone)
        for page in PAGES:
            assert client.get(page.format(shoppers_order.number)).status_code == 404
        for button in BUTTONS:
            assert client.post(button.format(shoppers_order.number)).status_code == 404
    shoppers_order.refresh_from_db()
    assert shoppers_order.status == "awaiting_payment"


def test_a_guests_order_is_closed_to_others_and_its_number_opens_nothing(guests_order, stranger):
    other = Client()
    other.force_login(stranger)
    for page in PAGES:
        assert other.get(page.format(guests_order.number)).status_code == 404
        assert other.get(page.format(guests_order.number), {"key": "guess"}).status_code == 404


def test_the_key_of_one_order_does_not_open_another(client, buyer, tee, place):
    first = place(buyer)
    buyer.post("/bag/add/", {"variant": tee.pk})
    second = place(buyer)
    assert Client().get(f"/orders/{second.number}/", {"key": key_of(first)}).status_code == 404


def test_a_stolen_link_of_an_account_order_opens_nothing(client, shoppers_order):
    assert "key" not in link_to(shoppers_order)
    page = client.get(f"/orders/{shoppers_order.number}/", {"key": key_of(shoppers_order)})
    assert page.status_code == 404


def test_a_guest_pays_from_the_link_in_another_browser(guests_order, pay):
    other = Client()
    pay(other, guests_order, key=key_of(guests_order))
    guests_order.refresh_from_db()
    assert guests_order.status == "paid"


def test_the_history_lists_the_shoppers_own_orders_newest_first(client, shopper, shoppers_order, stranger):
    client.force_login(shopper)
    page = client.get("/account/orders/").content.decode()
    assert shoppers_order.number in page
    client.force_login(stranger)
    page = client.get("/account/orders/").content.decode()
    assert shoppers_order.number not in page
    assert "No orders yet" in page


def test_the_history_asks_a_visitor_to_sign_in(client, db):
    assert client.get("/account/orders/").url == "/account/login/?next=/account/orders/"


def test_a_bank_question_of_another_order_is_not_found(client, buyer, guests_order, pay):
    pay(buyer, guests_order, "ask")
    reference = guests_order.payments.get().reference
    url = f"/checkout/{guests_order.number}/bank/{reference}/"
    assert Client().post(url, {"answer": "yes"}).status_code == 404
    assert buyer.get(f"/checkout/{guests_order.number}/bank/nonsense/").status_code == 404


def test_guest_orders_join_the_account_when_the_address_is_confirmed_not_before(
    client, buyer, place, pay, shopper
):
    order = place(buyer, email="Ada@Example.com")
    buyer.force_login(shopper)
    assert order.number not in buyer.get("/account/orders/").content.decode()
    address = EmailAddress.objects.create(user=shopper, email=shopper.email, verified=True, primary=True)
    email_confirmed.send(EmailAddress, request=None, email_address=address)
    assert order.number in buyer.get("/account/orders/").content.decode()


def test_looking_at_an_order_changes_nothing(guests_order, buyer):
    for button in BUTTONS:
        assert buyer.get(button.format(guests_order.number)).status_code == 405
