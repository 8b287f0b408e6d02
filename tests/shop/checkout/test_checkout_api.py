"""The bag, orders and payments over REST."""

from decimal import Decimal

import pytest

from accounts.shopper import Shopper
from recommendations.models import Interaction
from shop.checkout import idempotency
from shop.checkout.carts import add, cart_of
from shop.checkout.models import CartLine, Order, Payment
from shop.checkout.placing import Delivery, place_order
from tests.factories import ProductFactory
from tests.rest import V1, assert_problem, program

ADDRESS = {
    "name": "Ada Example",
    "street": "1 Loom Lane",
    "postcode": "1010",
    "city": "Vienna",
    "country": "AT",
}


@pytest.fixture
def device(shopper):
    """A program of the shopper's."""
    return program(shopper)


@pytest.fixture
def buyer(device, tee):
    """The same, with one tee in the bag."""
    device.post(V1 + "cart/items/", {"variant": tee.pk})
    return device


def order(client, key: str = "order-1", **changes):
    return client.post(V1 + "orders/", ADDRESS | changes, headers={"Idempotency-Key": key})


# --- The bag ------------------------------------------------------------------------------------------------------


def test_a_piece_is_put_in_changed_and_taken_out(device, tee):
    added = device.post(V1 + "cart/items/", {"variant": tee.pk, "quantity": 2})
    assert added.status_code == 201
    (item,) = added.json()["items"]
    assert (item["quantity"], item["problem"]) == (2, "")
    assert item["product"]["name"] == "Breton tee"
    assert item["variant"]["size"] == "M"
    assert item["total"] == {"amount": "40.00", "currency": "EUR"}
    assert added.json()["total"] == {"amount": "44.90", "currency": "EUR"}  # with delivery

    line = f"{V1}cart/items/{item['id']}/"
    assert device.patch(line, {"quantity": 1}).json()["pieces"] == 1
    assert device.get(V1 + "cart/items/").json()["results"][0]["quantity"] == 1
    assert device.delete(line).status_code == 204
    assert device.get(V1 + "cart/").json()["items"] == []
    assert [i.kind for i in Interaction.objects.all()] == ["cart"]


def test_an_empty_bag_costs_nothing(device):
    bag = device.get(V1 + "cart/").json()
    assert bag["items"] == []
    assert bag["total"] == bag["shipping"] == {"amount": "0.00", "currency": "EUR"}


def test_a_product_of_one_size_needs_no_variant_and_one_of_several_does(device, tee):
    assert device.post(V1 + "cart/items/", {"product": tee.product_id}).status_code == 201
    several = ProductFactory(variants=[("S", 1), ("M", 1)])
    body = assert_problem(device.post(V1 + "cart/items/", {"product": several.pk}), 400)
    assert "several sizes" in body["errors"]["variant"][0]


def test_fewer_come_when_stock_is_short_and_the_answer_says_so(device, tee):
    bag = device.post(V1 + "cart/items/", {"variant": tee.pk, "quantity": 9}).json()
    assert bag["pieces"] == 3
    assert "only 3" in bag["message"]
    line = f"{V1}cart/items/{bag['items'][0]['id']}/"
    assert "3 is the most" in device.patch(line, {"quantity": 9}).json()["message"]
    assert "All 3" in assert_problem(device.post(V1 + "cart/items/", {"variant": tee.pk}), 409)["detail"]


def test_a_sold_out_piece_stays_out(device):
    sold_out = ProductFactory(variants__stock=0).variants.get()
    assert (
        "sold out" in assert_problem(device.post(V1 + "cart/items/", {"variant": sold_out.pk}), 409)["detail"]
    )


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"variant": 10**30},
        {"variant": "x"},
        {"product": 0},
        {"variant": [1]},
        {"variant": 1, "product": 1},
        [],
        None,
    ],
)
def test_a_piece_that_makes_no_sense_is_refused_by_field(device, body):
    assert assert_problem(device.post(V1 + "cart/items/", body), 400)["errors"]


@pytest.mark.parametrize("quantity", [0, -1, 21, 10**30, "many", 1.5, None, [1]])
def test_a_quantity_that_makes_no_sense_is_refused(buyer, tee, quantity):
    line = CartLine.objects.get()
    for answer in (
        buyer.post(V1 + "cart/items/", {"variant": tee.pk, "quantity": quantity}),
        buyer.patch(f"{V1}cart/items/{line.pk}/", {"quantity": quantity}),
    ):
        assert list(assert_problem(answer, 400)["errors"]) == ["quantity"]


def test_what_is_not_sold_cannot_be_put_in(device):
    hidden = ProductFactory(status="draft")
    for body in ({"variant": hidden.variants.get().pk}, {"product": hidden.pk}):
        assert_problem(device.post(V1 + "cart/items/", body), 400)


def test_a_bag_is_the_shoppers_own(buyer, stranger):
    line = f"{V1}cart/items/{CartLine.objects.get().pk}/"
    other = program(stranger)
    assert other.get(V1 + "cart/").json()["items"] == []
    assert_problem(other.patch(line, {"quantity": 2}), 404)
    assert_problem(other.delete(line), 404)
    assert CartLine.objects.get().quantity == 1


def test_a_browsers_header_counts_along_and_a_device_gets_no_session(shopper, tee, client):
    client.force_login(shopper)
    client.get("/bag/")
    client.post(V1 + "cart/items/", {"variant": tee.pk}, content_type="application/json")
    assert client.session["cart_count"] == 1
    device = program(shopper)
    device.get(V1 + "cart/")
    assert not device.cookies


def test_a_full_bag_needs_no_more_queries_than_a_small_one(device, shopper, django_assert_max_num_queries):
    cart = cart_of(Shopper(user_id=shopper.pk), create=True)
    for _ in range(8):
        add(cart, ProductFactory().variants.get())
    with django_assert_max_num_queries(7):
        device.get(V1 + "cart/")


# --- Orders -------------------------------------------------------------------------------------------------------


def test_what_is_in_the_bag_is_ordered(buyer, shopper, tee):
    answer = order(buyer)
    assert answer.status_code == 201
    placed = answer.json()
    assert answer["Location"] == f"{V1}orders/{placed['number']}/"
    assert placed["status"] == "awaiting_payment"
    assert placed["email"] == shopper.email
    assert placed["deliver_to"]["city"] == "Vienna"
    assert placed["total"] == {"amount": "24.90", "currency": "EUR"}
    assert placed["pay_until"] > placed["created_at"]
    assert [(line["sku"], line["quantity"]) for line in placed["lines"]] == [(tee.sku, 1)]
    tee.refresh_from_db()
    assert tee.stock == 2
    assert buyer.get(V1 + "cart/").json()["items"] == []
    assert buyer.get(answer["Location"]).json() == placed
    assert buyer.get(V1 + "orders/").json() == {"next": None, "previous": None, "results": [placed]}


def test_the_same_key_orders_once_and_gets_the_same_answer(buyer, tee):
    first = order(buyer)
    buyer.post(V1 + "cart/items/", {"variant": tee.pk})
    second = order(buyer)
    assert (second.status_code, second.json()) == (201, first.json())
    assert "Idempotent-Replayed" not in first
    assert second["Idempotent-Replayed"] == "true"
    assert Order.objects.count() == 1
    assert order(buyer, "order-2").status_code == 201  # a new key is a new order
    assert Order.objects.count() == 2


def test_a_key_used_for_another_request_is_refused(buyer):
    order(buyer)
    assert "Choose a new one" in assert_problem(order(buyer, city="Graz"), 422)["detail"]


def test_the_key_of_one_shopper_is_no_key_of_another(buyer, stranger, tee):
    mine = order(buyer).json()
    other = program(stranger)
    other.post(V1 + "cart/items/", {"variant": tee.pk})
    assert order(other).json()["number"] != mine["number"]


def test_a_request_that_is_still_running_is_not_started_again(buyer, monkeypatch):
    monkeypatch.setattr(idempotency, "_claim", lambda name, wait: False)
    answer = order(buyer)
    assert_problem(answer, 409)
    assert answer["Retry-After"] == "1"
    assert not Order.objects.exists()


@pytest.mark.parametrize("key", ["", "  ", "x" * 101, "naïve"])
def test_an_order_needs_a_key(buyer, key):
    assert list(assert_problem(order(buyer, key), 400)["errors"]) == ["Idempotency-Key"]
    assert not Order.objects.exists()


def test_an_empty_bag_orders_nothing_and_the_key_may_be_used_again(device, tee):
    assert "empty" in assert_problem(order(device), 409)["detail"]
    device.post(V1 + "cart/items/", {"variant": tee.pk})
    assert order(device).status_code == 201


def test_what_was_sold_meanwhile_is_not_ordered(buyer, tee):
    tee.stock = 0
    tee.save()
    assert "sold out" in assert_problem(order(buyer), 409)["detail"]
    assert CartLine.objects.exists()


def test_an_order_is_refused_when_the_price_is_not_what_was_seen(buyer, tee):
    seen = buyer.get(V1 + "cart/").json()["seen"]
    tee.price = Decimal("25.00")
    tee.save()
    assert "now costs 25.00" in assert_problem(order(buyer, seen=seen), 409)["detail"]
    again = buyer.get(V1 + "cart/").json()["seen"]
    assert order(buyer, "order-2", seen=again).status_code == 201


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "x" * 500), ("street", None), ("city", "\x00"), ("country", "Narnia"), ("country", ["AT"]),
     ("email", "nobody"), ("seen", "nonsense"), ("seen", "1*2"), ("seen", "1*1*sNaN"), ("seen", "1*1*1e999 x")],
)  # fmt: skip
def test_an_order_that_makes_no_sense_is_refused_by_field(buyer, field, value):
    assert list(assert_problem(order(buyer, **{field: value}), 400)["errors"]) == [field]
    assert not Order.objects.exists()


def test_orders_are_the_shoppers_own(buyer, stranger):
    number = order(buyer).json()["number"]
    other = program(stranger)
    assert other.get(V1 + "orders/").json()["results"] == []
    assert_problem(other.get(f"{V1}orders/{number}/"), 404)
    assert_problem(pay(other, number), 404)
    assert_problem(program().get(f"{V1}orders/{number}/"), 401)


def test_orders_come_in_pages_with_no_more_queries_for_many(
    device, shopper, tee, django_assert_max_num_queries
):
    known = Shopper(user_id=shopper.pk)
    for _ in range(3):
        cart = cart_of(known, create=True)
        add(cart, tee)
        place_order(cart, known, Delivery(email=shopper.email, **ADDRESS))
    first = device.get(V1 + "orders/", {"limit": 2}).json()
    assert len(first["results"]) == 2
    assert len(device.get(first["next"]).json()["results"]) == 1
    with django_assert_max_num_queries(6):
        device.get(V1 + "orders/")


# --- Paying -------------------------------------------------------------------------------------------------------


def pay(client, number: str, choice: str = "approve", key: str = "pay-1"):
    return client.post(f"{V1}orders/{number}/payments/", {"choice": choice}, headers={"Idempotency-Key": key})


def test_an_order_is_paid_once_however_often_it_is_sent(buyer):
    number = order(buyer).json()["number"]
    for _ in range(2):
        answer = pay(buyer, number)
        assert (answer.status_code, answer.json()) == (201, {"state": "paid", "message": "", "url": ""})
    assert Payment.objects.count() == 1
    assert buyer.get(f"{V1}orders/{number}/").json()["status"] == "paid"
    assert "paid already" in assert_problem(pay(buyer, number, key="pay-2"), 409)["detail"]


def test_a_declined_card_leaves_the_order_to_be_paid_with_another(buyer):
    number = order(buyer).json()["number"]
    declined = pay(buyer, number, "decline").json()
    assert declined["state"] == "declined"
    assert "Nothing was charged" in declined["message"]
    assert pay(buyer, number, key="pay-2").json()["state"] == "paid"


def test_a_bank_that_asks_is_reached_by_the_address_in_the_answer(buyer):
    number = order(buyer).json()["number"]
    asked = pay(buyer, number, "ask").json()
    assert asked["state"] == "redirect"
    assert asked["url"].startswith(f"http://testserver/checkout/{number}/bank/")


def test_a_payment_needs_a_key_and_a_choice_that_exists(buyer):
    number = order(buyer).json()["number"]
    assert_problem(pay(buyer, number, key=""), 400)
    assert list(assert_problem(pay(buyer, number, "gold"), 400)["errors"]) == ["choice"]
    assert not Payment.objects.exists()
