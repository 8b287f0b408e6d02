"""Money, numbers and messages when several are at it at the same moment."""

from decimal import Decimal

import pytest

from accounts.shopper import Shopper
from shop.checkout import delivering, payments, provider_events, refunding, returning
from shop.checkout.carts import add, cart_of
from shop.checkout.fulfilling import advance, cancel_and_refund
from shop.checkout.models import Invoice, Order, OutboxMessage, Payment, ProviderEvent, Refund, Return
from shop.checkout.placing import Delivery, place_order
from shop.checkout.providers import offline_bank
from shop.checkout.refunding import NotRefundable
from shop.checkout.returning import NotReturnable, Wanted
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db(transaction=True)
HOME = Delivery("guest@example.com", "Gwen Guest", "7 Bobbin Street", "1010", "Vienna", "AT")


def placed(visitor: str = "visitor", pieces: int = 1) -> Order:
    shopper = Shopper(visitor=visitor)
    cart = cart_of(shopper, create=True)
    product = ProductFactory(variants__stock=50, variants__price=Decimal("100.00"))
    add(cart, product.variants.get(), pieces)
    return place_order(cart, shopper, HOME)


def paid(pieces: int = 1) -> Order:
    order = placed(pieces=pieces)
    payments.pay(order, "approve", "token")
    return order


def test_eight_orders_paid_at_once_get_eight_numbers_without_a_gap(at_once):
    orders = [placed(f"visitor-{number}") for number in range(8)]
    at_once(*(lambda o=order: payments.pay(o, "approve", "token") for order in orders))
    assert sorted(Invoice.objects.values_list("number", flat=True)) == list(range(1, 9))


def test_eight_refunds_of_sixty_per_cent_at_once_give_back_one(at_once):
    order = paid()
    answers = at_once(*(lambda: refunding.refund(order, amount=Decimal("60.00")) for _ in range(8)))
    assert {type(answer) for answer in answers} == {NotRefundable, Refund}
    assert Payment.objects.get().refunded == sum(Refund.objects.values_list("amount", flat=True))
    assert Refund.objects.count() == 1


def test_a_refund_and_a_cancellation_at_once_give_back_all_of_it_and_no_more(at_once):
    order = paid()
    at_once(lambda: refunding.refund(order, amount=Decimal("60.00")), lambda: cancel_and_refund(order))
    payment = Payment.objects.get()
    assert (payment.status, payment.refunded) == ("refunded", Decimal("100.00"))
    assert sum(Refund.objects.values_list("amount", flat=True)) == Decimal("100.00")


def test_a_message_of_the_provider_that_comes_eight_times_at_once_counts_once(at_once):
    order = placed()
    payments.pay(order, "later", "token")
    body, headers = offline_bank.message_about(order.payments.get())
    answers = at_once(*(lambda: provider_events.receive("test", body, headers) for _ in range(8)))
    assert sorted(answers) == [False] * 7 + [True]
    assert ProviderEvent.objects.count() == 1
    assert order.events.filter(kind="paid").count() == 1


def test_eight_workers_hand_one_message_over_once(at_once, monkeypatch):
    paid()
    message = OutboxMessage.objects.get(kind="mail")
    handed_over = []
    monkeypatch.setitem(delivering.CARRIERS, "mail", lambda message: handed_over.append(message.pk))
    answers = at_once(*(lambda: delivering.deliver(message.pk) for _ in range(8)))
    assert sum(answer is True for answer in answers) == 1
    assert handed_over == [message.pk]


def test_two_wishes_for_the_last_piece_at_once_are_one_return(at_once):
    order = paid()
    for status in ("packed", "shipped", "delivered"):
        advance(order, status)
    wish = [Wanted(order.lines.get().pk, 1, "damaged")]
    answers = at_once(*(lambda: returning.ask(order, wish) for _ in range(4)))
    assert sum(isinstance(answer, Return) for answer in answers) == 1
    assert sum(isinstance(answer, NotReturnable) for answer in answers) == 3


def test_a_return_that_two_people_pay_back_at_once_is_paid_once(at_once):
    order = paid(pieces=2)
    for status in ("packed", "shipped", "delivered"):
        advance(order, status)
    asked = returning.ask(order, [Wanted(order.lines.get().pk, 1, "damaged")])
    returning.accept(asked)
    returning.receive(asked)
    answers = at_once(*(lambda: returning.pay_back(asked) for _ in range(4)))
    assert sorted(answers) == [False, False, False, True]
    assert Refund.objects.get().amount == Decimal("100.00")
