"""The same thing sent several times at once happens once."""

import threading

import pytest
from django.db import transaction

from accounts.shopper import Shopper
from shop.checkout import payments
from shop.checkout.carts import add, cart_of, merge_visitors_cart
from shop.checkout.idempotency import StillRunning, answer_once
from shop.checkout.models import Cart, IdempotencyKey, Order, Payment
from shop.checkout.placing import Delivery, cancel_order, place_order
from tests.factories import ProductFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
HOME = Delivery("guest@example.com", "Gwen Guest", "7 Bobbin Street", "1010", "Vienna", "AT")


def full_cart(visitor: str = "visitor", stock: int = 50):
    shopper = Shopper(visitor=visitor)
    cart = cart_of(shopper, create=True)
    add(cart, ProductFactory(variants__stock=stock).variants.get())
    return cart, shopper


def order_once(cart: Cart, shopper: Shopper, *, wait: bool):
    def write():
        return 201, {"order": place_order(cart, shopper, HOME).pk}

    return answer_once("key", "visitor", "print", write, wait=wait)


def test_a_form_sent_ten_times_at_once_places_one_order_and_all_learn_of_it(at_once):
    cart, shopper = full_cart()
    answers = at_once(*(lambda: order_once(cart, shopper, wait=True) for _ in range(10)))
    assert {answer.body["order"] for answer in answers} == {Order.objects.get().pk}
    assert sum(not answer.is_replay for answer in answers) == 1


def test_a_call_that_comes_while_the_first_still_runs_is_told_so(at_once):
    first_is_inside, second_was_told = threading.Event(), threading.Event()

    def slow_write():
        first_is_inside.set()
        assert second_was_told.wait(timeout=30)
        return 201, {}

    def second():
        assert first_is_inside.wait(timeout=30)
        try:
            return answer_once("key", "user:1", "print", lambda: (201, {}))
        finally:
            second_was_told.set()

    first, told = at_once(lambda: answer_once("key", "user:1", "print", slow_write), second)
    assert first.status_code == 201
    assert isinstance(told, StillRunning)
    assert answer_once("key", "user:1", "print", slow_write).is_replay


def test_without_the_key_the_same_race_orders_twice(at_once):
    """The failing twin: two sends that both read the bag before either writes."""
    cart, _ = full_cart()
    both_have_looked = threading.Barrier(2)

    def naive():
        with transaction.atomic():
            lines = list(cart.lines.all())
            both_have_looked.wait(timeout=30)
            if lines:
                Order.objects.create(email="x@example.com", currency="EUR", subtotal=1, shipping=0, total=1)
                cart.lines.all().delete()

    at_once(naive, naive)
    assert Order.objects.count() == 2


def test_a_key_whose_process_died_is_free_again():
    cart, shopper = full_cart()

    def killed_at_the_end() -> tuple[int, None]:
        place_order(cart, shopper, HOME)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        answer_once("key", "visitor", "print", killed_at_the_end)
    assert not Order.objects.exists()
    assert not IdempotencyKey.objects.exists()
    assert order_once(cart, shopper, wait=False).status_code == 201


def test_the_return_page_and_the_provider_settle_a_payment_together_and_it_is_paid_once(at_once):
    order = place_order(*full_cart(), HOME)
    payments.pay(order, "ask", "token")
    reference = order.payments.get().reference
    at_once(*(lambda: payments.settle(reference, is_paid=True) for _ in range(8)))
    assert list(Payment.objects.values_list("status", flat=True)) == ["paid"]
    order.refresh_from_db()
    assert order.status == "paid"


def test_paying_and_cancelling_at_once_ends_in_one_of_the_two(at_once):
    order = place_order(*full_cart(), HOME)
    payments.pay(order, "ask", "token")
    reference = order.payments.get().reference
    at_once(lambda: payments.settle(reference, is_paid=True), lambda: cancel_order(order))
    order.refresh_from_db()
    assert (order.status, order.payments.get().status) in {("paid", "paid"), ("cancelled", "refunded")}


def test_two_attempts_to_pay_at_once_charge_once(at_once):
    order = place_order(*full_cart(), HOME)
    at_once(*(lambda t=token: payments.pay(order, "approve", t) for token in ("one", "two")))
    assert Payment.objects.filter(status="paid").count() == 1


def test_two_sign_ins_at_once_merge_a_bag_once(at_once):
    full_cart("visitor")
    user = UserFactory()
    answers = at_once(*(lambda: merge_visitors_cart("visitor", user) for _ in range(4)))
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert Cart.objects.get().lines.get().quantity == 1


def test_two_tabs_that_add_at_once_lose_nothing(at_once):
    cart, _ = full_cart()
    variant = cart.lines.get().variant
    at_once(*(lambda: add(cart, variant) for _ in range(6)))
    assert cart.lines.get().quantity == 7
