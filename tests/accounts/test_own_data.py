"""Seeing, exporting and erasing what the shop knows."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from axes.models import AccessLog
from django.utils import timezone

from accounts import privacy
from accounts.models import Address, User, WishlistItem
from accounts.shopper import Shopper
from accounts.tasks import forget_sign_ins
from recommendations.models import Interaction
from recommendations.recording import record
from shop.checkout.carts import add, cart_of
from shop.checkout.models import Cart, Order
from shop.checkout.placing import Delivery, place_order
from shop.storefront.models import ContactMessage
from tests.factories import PASSWORD, AddressFactory, ProductFactory, WishlistItemFactory

HOME = Delivery("ada@example.com", "Ada Example", "1 Loom Lane", "1010", "Vienna", "AT", phone="0660 123")


@pytest.fixture
def busy_shopper(shopper):
    """Someone with an address, a wish, a bag, an order, a history and a sign-in."""
    tee = ProductFactory(name="Breton tee", variants__price=Decimal("20.00"))
    known = Shopper(user_id=shopper.pk)
    AddressFactory(user=shopper)
    WishlistItemFactory(user=shopper, product=tee)
    record(known, tee.pk, "view")
    cart = cart_of(known, create=True)
    add(cart, tee.variants.get())
    place_order(cart, known, HOME)
    add(cart, tee.variants.get())
    AccessLog.objects.create(username=shopper.email, ip_address="10.0.0.1")
    ContactMessage.objects.create(
        user=shopper, name="Ada", email=shopper.email, subject="Sizes", message="Which?"
    )
    return shopper


def test_the_export_holds_everything_in_one_json_file(client, busy_shopper):
    client.force_login(busy_shopper)
    response = client.get("/account/privacy/export/")
    data = json.loads(response.content)
    assert "attachment" in response["Content-Disposition"]
    assert data["account"]["email"] == "ada@example.com"
    assert data["addresses"][0]["street"] == "1 Loom Lane"
    assert data["wish_list"][0]["product__name"] == "Breton tee"
    assert data["bag"] == [
        {"sku": data["bag"][0]["sku"], "name": "Breton tee", "pieces": 1, "saved_for_later": False}
    ]
    assert data["orders"][0]["lines"][0]["price"] == "20.00"
    assert data["history"][0]["kind"] == "view"
    assert data["messages"][0]["message"] == "Which?"
    assert data["sign_ins"][0]["ip_address"] == "10.0.0.1"


def test_the_export_holds_nothing_of_somebody_else(client, busy_shopper, stranger):
    client.force_login(stranger)
    text = client.get("/account/privacy/export/").content.decode()
    assert "ada@example.com" not in text
    assert "Breton tee" not in text


def test_erasing_leaves_the_figures_of_orders_and_nothing_else(client, busy_shopper):
    client.force_login(busy_shopper)
    client.post("/account/privacy/erase/", {"password": PASSWORD})
    for model in (User, Address, WishlistItem, Interaction, Cart, AccessLog, ContactMessage):
        assert not model.objects.exists(), model
    order = Order.objects.get()
    assert (order.user, order.email, order.name, order.street, order.phone) == (None, "", "Erased", "", "")
    assert order.subtotal == Decimal("20.00")
    assert order.status == "cancelled"  # it was not paid
    assert "_auth_user_id" not in client.session


def test_erasing_needs_the_password(client, busy_shopper):
    client.force_login(busy_shopper)
    response = client.post("/account/privacy/erase/", {"password": "guess"})
    assert response.status_code == 422
    assert "Nothing was erased." in response.content.decode()
    assert User.objects.filter(pk=busy_shopper.pk).exists()


def test_an_order_that_is_paid_and_not_sent_keeps_the_account_for_now(client, busy_shopper):
    Order.objects.update(status=Order.Status.PAID)
    client.force_login(busy_shopper)
    page = client.post("/account/privacy/erase/", {"password": PASSWORD}).content.decode()
    assert f"Order {Order.objects.get().number} is paid and not sent yet" in page
    assert User.objects.filter(pk=busy_shopper.pk).exists()
    Order.objects.update(status=Order.Status.SHIPPED)
    client.post("/account/privacy/erase/", {"password": PASSWORD})
    assert not User.objects.exists()


def test_the_log_of_sign_ins_is_forgotten_after_a_while(busy_shopper):
    AccessLog.objects.update(attempt_time=timezone.now() - timedelta(days=91))
    AccessLog.objects.create(username="eve@example.com")
    forget_sign_ins()
    assert AccessLog.objects.get().username == "eve@example.com"


def test_an_erasure_that_fails_half_way_erases_nothing(busy_shopper, monkeypatch):
    def fail(self):
        raise RuntimeError("the database went away")

    monkeypatch.setattr(User, "delete", fail)
    with pytest.raises(RuntimeError):
        privacy.erase(busy_shopper)
    assert Order.objects.get().name == "Ada Example"


def test_personal_pages_are_switched_off_and_on_by_a_shopper(client, shopper):
    client.force_login(shopper)
    assert "They are <strong>on</strong>" in client.get("/account/privacy/").content.decode()
    client.post("/account/privacy/consent/")
    shopper.refresh_from_db()
    assert shopper.personalised is False
    assert "They are <strong>off</strong>" in client.get("/account/privacy/").content.decode()
    client.post("/account/privacy/consent/", {"personalised": "on"})
    shopper.refresh_from_db()
    assert shopper.personalised is True


def test_a_visitor_may_switch_them_off_too(client, db):
    client.post("/account/privacy/consent/")
    page = client.get("/account/privacy/").content.decode()
    assert "They are <strong>off</strong>" in page
    assert "Sign in" in page


def test_looking_switches_and_erases_nothing(client, shopper):
    client.force_login(shopper)
    assert client.get("/account/privacy/consent/").status_code == 405
    assert client.get("/account/privacy/erase/", {"password": PASSWORD}).status_code == 405
    shopper.refresh_from_db()
    assert shopper.personalised is True


def test_the_privacy_page_warns_of_orders_that_are_not_over(client, busy_shopper):
    number = Order.objects.get().number
    client.force_login(busy_shopper)
    assert f"Order {number} is not paid: it is cancelled." in client.get("/account/privacy/").content.decode()
    Order.objects.update(status=Order.Status.SHIPPED)
    assert f"Order {number} is on its way to you." in client.get("/account/privacy/").content.decode()
    Order.objects.update(status=Order.Status.DELIVERED)
    assert f"Order {number}" not in client.get("/account/privacy/").content.decode()


def test_the_export_tells_of_lists_alerts_and_second_steps(client, busy_shopper):
    size = ProductFactory(name="Straw hat", variants=[("S", 0)]).variants.get()
    client.force_login(busy_shopper)
    client.post("/back-in-stock/", {"variant": size.pk})
    data = json.loads(client.get("/account/privacy/export/").content)
    assert data["wish_lists"][0]["name"] == "Wish list"
    assert data["stock_alerts"][0]["variant__product__name"] == "Straw hat"
    assert data["second_steps"] == []
    assert len(data["browsers"]) <= 1


def test_the_overview_shows_the_last_orders(client, busy_shopper):
    client.force_login(busy_shopper)
    page = client.get("/account/").content.decode()
    assert Order.objects.get().number in page
    assert "Your last orders" in page


def test_what_a_visitor_looked_at_is_told_of_at_sign_in(client, shopper):
    tee = ProductFactory()
    client.post(f"/wishlist/{tee.pk}/")
    page = client.post("/account/login/", {"login": shopper.email, "password": PASSWORD}, follow=True)
    assert "is part of your history now." in page.content.decode()
