"""Messages of payment providers: believed with their signature alone, and counted once."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from shop.checkout import delivering, payments, placing
from shop.checkout.models import (
    Invoice,
    InvoiceCounter,
    Order,
    OrderEvent,
    OrderLine,
    OutboxMessage,
    Payment,
    ProviderEvent,
)
from shop.checkout.provider_events import receive
from shop.checkout.providers import offline_bank
from tests.power_cuts import cut_everywhere

WEBHOOK = "/payments/test/webhook/"


@pytest.fixture
def asked(buyer, place, pay) -> Payment:
    """A payment for which the bank still has to answer."""
    order = place(buyer)
    pay(buyer, order, "later")
    return order.payments.get()


def tell(payment: Payment, *, is_paid: bool = True):
    body, headers = offline_bank.message_about(payment, is_paid=is_paid)
    return Client().generic("POST", WEBHOOK, body, headers={"Test-Signature": headers["Test-Signature"]})


def state(payment: Payment) -> tuple[str, str]:
    payment.refresh_from_db()
    return Order.objects.get(pk=payment.order_id).status, payment.status


def test_the_page_waits_for_the_bank_until_its_message_comes(buyer, asked):
    page = buyer.get(f"/orders/{asked.order.number}/").content.decode()
    assert "We wait for your bank." in page
    assert tell(asked).status_code == 200
    assert state(asked) == ("paid", "paid")
    assert "Thank you, Gwen Guest." in buyer.get(f"/orders/{asked.order.number}/").content.decode()


def test_a_message_that_comes_again_is_thanked_for_and_changes_nothing(asked):
    for _ in range(3):
        assert tell(asked).status_code == 200
    assert ProviderEvent.objects.count() == 1
    assert OrderEvent.objects.filter(kind="paid").count() == 1


@pytest.mark.parametrize(
    "signature",
    ["", "v1=00", "t=1,v1=00", "t=x,v1=00", "t=99999999999,v1=ünsinn", "t=1"],
)
def test_a_forged_message_is_refused(asked, signature):
    body, _ = offline_bank.message_about(asked)
    response = Client().generic("POST", WEBHOOK, body, headers={"Test-Signature": signature})
    assert response.status_code == 400
    assert state(asked) == ("awaiting_payment", "pending")
    assert not ProviderEvent.objects.exists()


def test_a_message_whose_words_were_changed_is_refused(asked):
    body, headers = offline_bank.message_about(asked, is_paid=False)
    body = body.replace(b"false", b"true")
    response = Client().generic("POST", WEBHOOK, body, headers={"Test-Signature": headers["Test-Signature"]})
    assert response.status_code == 400
    assert state(asked) == ("awaiting_payment", "pending")


def test_a_message_that_somebody_kept_is_refused(asked):
    body, headers = offline_bank.message_about(asked)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        response = Client().generic(
            "POST", WEBHOOK, body, headers={"Test-Signature": headers["Test-Signature"]}
        )
    assert response.status_code == 400
    assert b"too old" in response.content


def test_a_signed_message_of_a_payment_that_is_not_ours_is_heard_and_changes_nothing(asked):
    stranger = Payment(pk=0, reference="another-shop")
    assert tell(stranger).status_code == 200
    assert state(asked) == ("awaiting_payment", "pending")


def test_a_provider_that_the_shop_does_not_use_is_not_there(db):
    assert (
        Client().post("/payments/stripe/webhook/", b"{}", content_type="application/json").status_code == 404
    )


def test_a_bank_that_declines_leaves_the_order_waiting(buyer, asked):
    tell(asked, is_paid=False)
    assert state(asked) == ("awaiting_payment", "declined")
    assert "Almost there." in buyer.get(f"/orders/{asked.order.number}/").content.decode()


def test_a_yes_that_comes_after_the_order_has_expired_is_paid_back(asked):
    placing.cancel_order(asked.order, why="unpaid")
    tell(asked)
    assert state(asked) == ("cancelled", "refunded")
    assert asked.refunds.get().amount == Decimal("24.90")


def test_a_yes_that_comes_after_another_attempt_has_paid_is_paid_back(buyer, asked, pay):
    pay(buyer, asked.order, "approve")
    tell(asked)
    assert state(asked) == ("paid", "refunded")


def test_the_amount_must_be_the_one_that_was_asked_for(asked):
    with pytest.raises(payments.WrongAmount):
        payments.settle(asked.reference, is_paid=True, amount=Decimal("1.00"))
    assert state(asked) == ("awaiting_payment", "pending")


def test_the_test_bank_tells_the_shop_over_http_after_some_seconds_and_twice(asked, monkeypatch):
    heard = []

    class Answer:
        def raise_for_status(self):
            """It went well."""

    def post(url, data, headers, timeout):
        heard.append(url)
        tell_response = Client().generic(
            "POST", WEBHOOK, data, headers={"Test-Signature": headers["Test-Signature"]}
        )
        assert tell_response.status_code == 200
        return Answer()

    monkeypatch.setattr(offline_bank.requests, "post", post)
    message = OutboxMessage.objects.get(kind="bank")
    assert delivering.deliver(message.pk) is False  # the bank takes its time
    with time_machine.travel(timezone.now() + timedelta(seconds=6)):
        assert delivering.deliver(message.pk) is True
    assert heard == ["http://127.0.0.1:8000/payments/test/webhook/"] * 2
    assert state(asked) == ("paid", "paid")


def test_who_comes_back_from_the_bank_sees_the_order(buyer, asked):
    url = f"/checkout/{asked.order.number}/return/{asked.reference}/"
    assert buyer.get(url).url == f"/orders/{asked.order.number}/"
    payments.settle(asked.reference, is_paid=False, message="Your bank did not agree.")
    assert "Your bank did not agree." in buyer.get(url, follow=True).content.decode()
    assert buyer.get(f"/checkout/{asked.order.number}/return/nonsense/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_power_cut_while_a_payment_is_settled_leaves_no_half_payment(asked):
    def books():
        return (
            list(Order.objects.values_list("status", "paid_at")),
            list(Payment.objects.values_list("status", "refunded")),
            OrderLine.objects.count(),
            OrderEvent.objects.count(),
            OutboxMessage.objects.count(),
            ProviderEvent.objects.count(),
            list(Invoice.objects.values_list("number")),
            list(InvoiceCounter.objects.values_list("last")),
        )

    def settle():
        body, headers = offline_bank.message_about(asked)
        receive("test", body, headers)

    assert cut_everywhere(settle, books) > 6
    assert state(asked) == ("paid", "paid")
