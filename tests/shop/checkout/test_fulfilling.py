"""Packing, sending, arriving, and giving the money back."""

import pytest
from django.core import mail
from django.db import transaction

from catalog.history import names_of, stock_changes
from shop.checkout.fulfilling import advance, cancel_and_refund
from shop.checkout.models import OrderEvent
from shop.checkout.timeline import happened


@pytest.fixture
def paid(buyer, place, pay):
    order = place(buyer)
    pay(buyer, order)
    order.refresh_from_db()
    return order


def test_the_log_of_stock_names_the_order_that_took_the_pieces_and_gave_them_back(paid, tee):
    cancel_and_refund(paid)
    changes = list(stock_changes())
    who = names_of(change.pgh_context for change in changes)
    assert [(change.stock, change.after, who(change.pgh_context)) for change in changes] == [
        (2, 3, f"Order {paid.number}, cancelled"),
        (3, 2, f"Order {paid.number}"),
    ]


def kinds(order) -> list[str]:
    return list(order.events.values_list("kind", flat=True))


def test_a_paid_order_is_packed_and_sent_and_arrives_and_skips_no_step(buyer, paid, curator):
    assert advance(paid, "shipped") is False
    assert advance(paid, "packed", by=curator) is True
    assert "is packed." in buyer.get(f"/orders/{paid.number}/").content.decode()
    assert advance(paid, "delivered") is False
    assert advance(paid, "shipped") is True
    assert advance(paid, "shipped") is False
    assert "is shipped." in buyer.get(f"/orders/{paid.number}/").content.decode()
    assert advance(paid, "delivered") is True
    assert advance(paid, "paid") is False
    assert kinds(paid) == ["placed", "paid", "packed", "shipped", "delivered"]
    assert paid.events.get(kind="packed").by == curator


def test_the_order_page_tells_what_has_happened_and_leads_to_the_parcel(buyer, paid):
    advance(paid, "packed")
    advance(paid, "shipped", carrier="Post", tracking="RR123", tracking_url="https://post.example/RR123")
    response = buyer.get(f"/orders/{paid.number}/")
    page = response.content.decode()
    for words in ("We have your order.", "Your payment has arrived.", "On its way with Post, parcel RR123."):
        assert words in page
    assert 'href="https://post.example/RR123"' in page
    assert [step.words for step in response.context["steps"] if step.is_now] == ["On its way"]


def test_an_unpaid_order_is_neither_sent_nor_refunded(buyer, place):
    order = place(buyer)
    assert advance(order, "packed") is False
    assert cancel_and_refund(order) is False


@pytest.mark.parametrize("is_packed", [False, True])
def test_a_refund_gives_money_and_pieces_back_once(buyer, paid, tee, is_packed):
    if is_packed:
        advance(paid, "packed")
    assert cancel_and_refund(paid) is True
    assert cancel_and_refund(paid) is False
    tee.refresh_from_db()
    assert tee.stock == 3
    assert paid.payments.get().status == "refunded"
    page = buyer.get(f"/orders/{paid.number}/").content.decode()
    assert "Your payment goes back to you." in page


def test_what_is_on_its_way_is_not_refunded_here(paid):
    advance(paid, "packed")
    advance(paid, "shipped")
    assert cancel_and_refund(paid) is False
    assert paid.payments.get().status == "paid"


def test_the_shopper_is_told_by_mail_when_it_is_sent(eager_tasks, paid, django_capture_on_commit_callbacks):
    mail.outbox.clear()
    advance(paid, "packed")
    with django_capture_on_commit_callbacks(execute=True):
        advance(paid, "shipped", carrier="Post", tracking_url="https://post.example/RR123")
    (message,) = mail.outbox
    html, _ = message.alternatives[0]
    assert message.subject == f"Your order {paid.number} is on its way"
    for body in (message.body, html):
        assert "On its way with Post." in body
        assert "https://post.example/RR123" in body
        assert f"/orders/{paid.number}/?key=" in body


@pytest.mark.django_db(transaction=True)
def test_an_event_belongs_into_the_transaction_of_its_change(buyer, place):
    order = place(buyer)
    with pytest.raises(transaction.TransactionManagementError):
        happened(order, OrderEvent.Kind.PAID)
    assert kinds(order) == ["placed"]
