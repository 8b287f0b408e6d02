"""Sending, arriving, and giving the money back."""

import pytest

from shop.checkout.fulfilling import advance, cancel_and_refund


@pytest.fixture
def paid(buyer, place, pay):
    order = place(buyer)
    pay(buyer, order)
    order.refresh_from_db()
    return order


def test_a_paid_order_is_sent_and_arrives_and_skips_no_step(buyer, paid):
    assert advance(paid, "delivered") is False
    assert advance(paid, "shipped") is True
    assert advance(paid, "shipped") is False
    assert "is shipped." in buyer.get(f"/orders/{paid.number}/").content.decode()
    assert advance(paid, "delivered") is True
    assert advance(paid, "paid") is False


def test_an_unpaid_order_is_neither_sent_nor_refunded(buyer, place):
    order = place(buyer)
    assert advance(order, "shipped") is False
    assert cancel_and_refund(order) is False


def test_a_refund_gives_money_and_pieces_back_once(buyer, paid, tee):
    assert cancel_and_refund(paid) is True
    assert cancel_and_refund(paid) is False
    tee.refresh_from_db()
    assert tee.stock == 3
    assert paid.payments.get().status == "refunded"
    page = buyer.get(f"/orders/{paid.number}/").content.decode()
    assert "Your payment goes back to you." in page


def test_what_is_on_its_way_is_not_refunded_here(paid):
    advance(paid, "shipped")
    assert cancel_and_refund(paid) is False
    assert paid.payments.get().status == "paid"
