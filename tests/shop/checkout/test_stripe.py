"""Stripe, played by a server of our own that speaks the same JSON."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.test import Client

from shop.checkout import delivering, payments
from shop.checkout.models import Order, OutboxMessage, Payment, Refund
from shop.checkout.placing import cancel_order
from shop.checkout.providers import PROVIDERS, signatures, till_provider
from shop.checkout.providers.stripe import Stripe, in_units
from shop.checkout.refunding import refund

SECRET = "whsec_test"


class FakeStripe(HTTPServer):
    """Keeps sessions and refunds, answers a known idempotency key as before, and fails when told to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.sessions: dict[str, dict[str, Any]] = {}
        self.refunds: list[dict[str, str]] = []
        self.answered: dict[str, dict[str, Any]] = {}
        self.seen: list[dict[str, str]] = []
        self.fails: tuple[int, dict[str, Any]] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def answer(self, method: str, path: str, form: dict[str, str]) -> dict[str, Any]:
        if method == "POST" and path == "/v1/checkout/sessions":
            name = f"cs_test_{len(self.sessions)}"
            self.sessions[name] = {
                "id": name,
                "object": "checkout.session",
                "url": f"https://checkout.stripe.com/c/pay/{name}",
                "client_reference_id": form["client_reference_id"],
                "status": "open",
                "payment_status": "unpaid",
                "payment_intent": None,
                "amount_total": int(form["line_items[0][price_data][unit_amount]"]),
                "currency": form["line_items[0][price_data][currency]"],
            }
            return self.sessions[name]
        if method == "POST" and path == "/v1/refunds":
            self.refunds.append(form)
            return {"id": f"re_{len(self.refunds)}", "object": "refund", "status": "succeeded"}
        return self.sessions[path.rpartition("/")[2]]

    def pay(self) -> dict[str, Any]:
        """The shopper pays on the last page."""
        session = list(self.sessions.values())[-1]
        session.update(status="complete", payment_status="paid", payment_intent="pi_1")
        return session


class _Handler(BaseHTTPRequestHandler):
    server: FakeStripe

    def do_GET(self) -> None:
        self._answer("GET", {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._answer("POST", dict(parse_qsl(body)))

    def _answer(self, method: str, form: dict[str, str]) -> None:
        self.server.seen.append({"path": self.path, "authorization": self.headers["Authorization"], **form})
        key = self.headers.get("Idempotency-Key", "")
        if self.server.fails:
            status, answer = self.server.fails
        else:
            status, answer = 200, self.server.answered.get(key) or self.server.answer(method, self.path, form)
            if key:
                self.server.answered[key] = answer
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the tests' output quiet."""


@pytest.fixture
def stripe(monkeypatch) -> Iterator[FakeStripe]:
    server = FakeStripe()
    thread = Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setitem(PROVIDERS, "stripe", Stripe("sk_test_1", SECRET, api=server.url))
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def asked(stripe, buyer, place, pay) -> Payment:
    """A shopper on the page of Stripe."""
    order = place(buyer)
    response = pay(buyer, order, "card")
    assert response.url == "https://checkout.stripe.com/c/pay/cs_test_0"
    return order.payments.get()


def tell(kind: str, about: dict[str, Any], *, secret: str = SECRET, event: str = "evt_1") -> Any:
    body = json.dumps({"id": event, "type": kind, "data": {"object": about}}).encode()
    header = signatures.signed(secret, body)
    return Client().generic("POST", "/payments/stripe/webhook/", body, headers={"Stripe-Signature": header})


def state(payment: Payment) -> tuple[str, str]:
    payment.refresh_from_db()
    return Order.objects.get(pk=payment.order_id).status, payment.status


def test_without_a_key_the_test_provider_is_at_the_till():
    assert "stripe" not in PROVIDERS
    assert till_provider().name == "test"


def test_a_session_is_opened_for_the_whole_sum_and_leads_back_to_the_shop(stripe, asked):
    seen = stripe.seen[0]
    assert seen["authorization"] == "Bearer sk_test_1"
    assert seen["line_items[0][price_data][unit_amount]"] == "2490"
    assert seen["customer_email"] == "guest@example.com"
    assert seen["success_url"].endswith(f"/checkout/{asked.order.number}/return/{asked.reference}/")
    assert asked.provider_reference == "cs_test_0"


def test_the_message_of_stripe_pays_the_order_once(stripe, asked):
    session = stripe.pay()
    for _ in range(2):
        assert tell("checkout.session.completed", session).status_code == 200
    assert state(asked) == ("paid", "paid")
    assert asked.order.events.filter(kind="paid").count() == 1


def test_who_comes_back_before_the_message_is_looked_up(stripe, asked, buyer):
    back = f"/checkout/{asked.order.number}/return/{asked.reference}/"
    buyer.get(back)
    assert state(asked) == ("awaiting_payment", "pending")
    stripe.pay()
    buyer.get(back)
    assert state(asked) == ("paid", "paid")
    assert tell("checkout.session.completed", stripe.pay()).status_code == 200
    assert asked.order.events.filter(kind="paid").count() == 1


def test_a_message_with_another_signature_or_another_sum_pays_nothing(stripe, asked):
    session = stripe.pay()
    assert tell("checkout.session.completed", session, secret="whsec_guess").status_code == 400
    assert tell("checkout.session.completed", {**session, "amount_total": 1}).status_code == 200
    assert state(asked) == ("awaiting_payment", "pending")


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("checkout.session.expired", {"status": "expired"}),
        ("checkout.session.async_payment_failed", {"status": "complete"}),
    ],
)
def test_a_session_that_comes_to_nothing_lets_the_shopper_try_again(stripe, asked, kind, change):
    tell(kind, {**stripe.sessions["cs_test_0"], **change})
    assert state(asked) == ("awaiting_payment", "declined")


def test_a_session_that_is_complete_and_not_yet_paid_waits(stripe, asked):
    tell("checkout.session.completed", {**stripe.sessions["cs_test_0"], "status": "complete"})
    assert state(asked) == ("awaiting_payment", "pending")


def test_part_of_it_goes_back_once_however_often_stripe_is_asked(stripe, asked):
    tell("checkout.session.completed", stripe.pay())
    written = refund(asked.order, amount=Decimal("4.90"))
    message = OutboxMessage.objects.get(refund=written)
    PROVIDERS["stripe"].refund(written)  # the answer is lost on its way back
    assert delivering.deliver(message.pk) is True
    assert stripe.refunds == [
        {"payment_intent": "pi_1", "amount": "490", "metadata[refund]": str(written.pk)}
    ]


def test_money_for_an_order_that_was_cancelled_meanwhile_goes_back(stripe, asked):
    cancel_order(asked.order)
    tell("checkout.session.completed", stripe.pay())
    assert state(asked) == ("cancelled", "refunded")
    delivering.deliver(OutboxMessage.objects.get(kind="refund").pk)
    assert [one["amount"] for one in stripe.refunds] == ["2490"]


def test_a_refund_that_fails_days_later_is_told_to_the_owner(stripe, asked):
    tell("checkout.session.completed", stripe.pay())
    written = refund(asked.order)
    delivering.deliver(OutboxMessage.objects.get(refund=written).pk)
    about = {
        "status": "failed",
        "failure_reason": "expired_or_canceled_card",
        "metadata": {"refund": str(written.pk)},
    }
    assert tell("refund.failed", about, event="evt_2").status_code == 200
    written.refresh_from_db()
    assert (written.state, written.message) == (Refund.State.FAILED, "expired_or_canceled_card")


@pytest.mark.parametrize(
    "failure", [(500, {}), (429, {}), (400, {"error": {"message": "No such currency."}}), (302, {})]
)
def test_when_stripe_fails_nothing_is_charged_and_the_shopper_may_try_again(
    stripe, buyer, place, pay, failure
):
    order = place(buyer)
    stripe.fails = failure
    response = pay(buyer, order, "card")
    assert "The payment service does not answer." in buyer.get(response.url).content.decode()
    stripe.fails = None
    assert pay(buyer, order, "card").url.startswith("https://checkout.stripe.com/")


def test_a_signed_message_that_makes_no_sense_is_refused(stripe, db):
    for body in (b"nonsense", b"{}", b"[]", b'{"id": "e", "type": "checkout.session.completed", "data": {}}'):
        header = signatures.signed(SECRET, body)
        response = Client().generic(
            "POST", "/payments/stripe/webhook/", body, headers={"Stripe-Signature": header}
        )
        assert response.status_code == 400


def test_a_message_about_something_else_is_heard(stripe, db):
    assert tell("customer.created", {"id": "cus_1"}).status_code == 200


def test_currencies_without_cents_are_counted_in_whole_units():
    assert in_units(Decimal("1200.00"), "JPY") == 1200
    assert in_units(Decimal("24.90"), "EUR") == 2490


def test_a_double_click_opens_one_session(stripe, buyer, place):
    order = place(buyer)
    outcomes = [payments.pay(order, "card", "token") for _ in range(2)]
    assert outcomes[0].url == outcomes[1].url
    assert len([one for one in stripe.seen if re.fullmatch("/v1/checkout/sessions", one["path"])]) == 1
