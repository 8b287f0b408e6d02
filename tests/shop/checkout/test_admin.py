"""Orders in the admin: read, and moved along."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from shop.checkout.models import Order
from tests import factories

ORDERS = "/admin/checkout/order/"


@pytest.fixture
def desk(curator) -> Client:
    client = Client()
    client.force_login(curator)
    return client


@pytest.fixture
def paid(buyer, place, pay) -> Order:
    order = place(buyer)
    pay(buyer, order)
    order.refresh_from_db()
    return order


def do(desk: Client, order: Order, step: str, **form: str) -> str:
    page = desk.post(f"{ORDERS}{order.pk}/step/{step}/", form, follow=True).content.decode()
    order.refresh_from_db()
    return page


def test_the_page_shows_lines_address_and_payment(desk, paid):
    page = desk.get(f"{ORDERS}{paid.pk}/change/").content.decode()
    for expected in ("Breton tee", "7 Bobbin Street", "1010 Vienna", "Austria", "test"):
        assert expected in page
    for expected in ("We have your order.", "Your payment has arrived."):
        assert expected in page


def test_an_order_is_packed_sent_and_delivered_and_its_timeline_says_who_did_it(desk, paid, curator):
    do(desk, paid, "pack")
    assert paid.status == "packed"
    do(desk, paid, "ship", carrier="Post", tracking="RR123", tracking_url="https://post.example/RR123")
    assert paid.status == "shipped"
    page = do(desk, paid, "deliver")
    assert paid.status == "delivered"
    assert f"On its way with Post, parcel RR123. ({curator})" in page
    assert f"Delivered. ({curator})" in page


def test_a_link_that_is_none_is_refused_and_nothing_is_sent(desk, paid):
    do(desk, paid, "pack")
    page = do(desk, paid, "ship", tracking_url="javascript:alert(1)")
    assert "Nothing was changed. Link to follow it: Enter a valid URL." in page
    assert paid.status == "packed"


def test_cancelling_a_paid_order_gives_pieces_and_money_back(desk, paid, tee):
    page = do(desk, paid, "refund")
    tee.refresh_from_db()
    assert (paid.status, tee.stock) == ("cancelled", 3)
    assert paid.payments.get().status == "refunded"
    assert "Cancelled; its pieces and the money went back." in page


def test_cancelling_an_unpaid_order_gives_its_pieces_back(desk, buyer, place, tee):
    order = place(buyer)
    do(desk, order, "cancel")
    tee.refresh_from_db()
    assert (order.status, tee.stock) == ("cancelled", 3)


def test_the_page_offers_only_the_steps_that_are_next(desk, paid):
    page = desk.get(f"{ORDERS}{paid.pk}/change/").content.decode()
    assert "Mark as packed" in page
    assert "Mark as shipped" not in page


def test_a_step_that_somebody_else_took_first_changes_nothing(desk, paid):
    do(desk, paid, "pack")
    do(desk, paid, "ship")
    page = do(desk, paid, "refund")
    assert "is shipped by now; somebody was faster." in page
    assert paid.status == "shipped"


def test_orders_are_not_made_edited_or_deleted_by_hand(desk, paid):
    assert desk.get(f"{ORDERS}add/").status_code == 403
    assert desk.post(f"{ORDERS}{paid.pk}/change/", {"name": "Mallory"}).status_code == 403
    assert desk.post(f"{ORDERS}{paid.pk}/delete/", {"post": "yes"}).status_code == 403
    assert desk.get(f"{ORDERS}{paid.pk}/step/ship/").status_code == 405
    assert desk.post(f"{ORDERS}{paid.pk}/step/explode/").status_code == 404


def test_who_may_only_look_moves_nothing(paid):
    user = factories.UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_order", "view_orderline"]))
    looking = Client()
    looking.force_login(user)
    page = looking.get(f"{ORDERS}{paid.pk}/change/").content.decode()
    assert "7 Bobbin Street" in page
    assert "Mark as packed" not in page
    assert looking.post(f"{ORDERS}{paid.pk}/step/pack/").status_code == 403
    paid.refresh_from_db()
    assert paid.status == "paid"


@pytest.mark.parametrize("words", ["guest@example.com", "Gwen"])
def test_an_order_is_found_by_its_customer(desk, paid, words):
    assert paid.number in desk.get(ORDERS, {"q": words}).content.decode()
    assert paid.number not in desk.get(ORDERS, {"q": "nobody"}).content.decode()
