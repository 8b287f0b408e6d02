"""What is told to others: handed over once, again after a failure, and never lost."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from shop.checkout import delivering, outbox
from shop.checkout.models import OutboxMessage, WebhookEndpoint
from shop.checkout.placing import cancel_order
from shop.checkout.tasks import deliver_waiting_messages, tidy_up

ENDPOINTS = "/admin/checkout/webhookendpoint/"


class Listener(HTTPServer):
    """One of the owner's systems: keeps what it hears and answers ``status``."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.status = 204

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


class _Handler(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Keep the tests' output quiet."""


@pytest.fixture
def listener(settings) -> Iterator[Listener]:
    settings.WEBHOOKS_ALLOW_PRIVATE = True
    server = Listener()
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def endpoint(db, listener) -> WebhookEndpoint:
    return WebhookEndpoint.objects.create(url=listener.url, events=["cancelled"])


def message_about(order) -> OutboxMessage:
    cancel_order(order)
    return OutboxMessage.objects.get(kind="webhook")


# --- Webhooks -----------------------------------------------------------------------------------------------------


def test_an_endpoint_hears_of_what_it_wants_in_signed_words(buyer, place, listener, endpoint):
    order = place(buyer)  # nobody wants to hear of that
    assert delivering.deliver(message_about(order).pk) is True
    ((headers, body),) = listener.heard
    told = json.loads(body)
    assert told["type"] == "order.cancelled"
    assert told["data"]["order"]["number"] == order.number
    assert told["data"]["order"]["total"] == "24.90"
    assert told["data"]["order"]["lines"][0]["name"] == "Breton tee"
    key = base64.b64decode(endpoint.secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"


def test_a_message_is_handed_over_once(buyer, place, listener, endpoint):
    message = message_about(place(buyer))
    assert delivering.deliver(message.pk) is True
    assert delivering.deliver(message.pk) is False
    assert len(listener.heard) == 1


def test_a_message_that_fails_comes_again_later_under_the_same_id(buyer, place, listener, endpoint):
    message = message_about(place(buyer))
    listener.status = 500
    assert delivering.deliver(message.pk) is False
    assert delivering.deliver(message.pk) is False  # not yet due again
    message.refresh_from_db()
    assert (message.attempts, message.error) == (1, "The endpoint answered 500.")
    listener.status = 204
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        assert message.pk in outbox.due_messages()
        assert delivering.deliver(message.pk) is True
    assert listener.heard[0][0]["webhook-id"] == listener.heard[1][0]["webhook-id"]


def test_waits_double_and_in_the_end_the_message_is_given_up(buyer, place, listener, endpoint):
    message = message_about(place(buyer))
    waits = []
    for _ in range(outbox.MOST_ATTEMPTS):
        before = timezone.now()
        outbox.postpone(message, "away")
        waits.append(round((message.due_at - before).total_seconds()))
    assert waits[:4] == [30, 60, 120, 240]
    assert max(waits) == 6 * 60 * 60
    assert timedelta(days=1) < timedelta(seconds=sum(waits)) < timedelta(days=3)
    assert message.state == "failed"
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert message.pk not in outbox.due_messages()


def test_an_endpoint_that_fails_for_three_days_is_switched_off(buyer, place, listener, endpoint):
    message = message_about(place(buyer))
    listener.status = 500
    start = timezone.now()
    for days in (0, 2.9):
        with time_machine.travel(start + timedelta(days=days)):
            delivering.deliver(message.pk)
        endpoint.refresh_from_db()
        assert endpoint.is_active
    with time_machine.travel(start + timedelta(days=3, minutes=5)):
        OutboxMessage.objects.update(due_at=start)
        delivering.deliver(message.pk)
    endpoint.refresh_from_db()
    assert not endpoint.is_active


def test_one_message_that_gets_through_forgives_the_failures(buyer, place, listener, endpoint):
    endpoint.failing_since = timezone.now() - timedelta(days=2)
    endpoint.save()
    delivering.deliver(message_about(place(buyer)).pk)
    endpoint.refresh_from_db()
    assert endpoint.failing_since is None


def test_a_private_address_hears_nothing(buyer, place, listener, endpoint, settings):
    settings.WEBHOOKS_ALLOW_PRIVATE = False
    message = message_about(place(buyer))
    assert delivering.deliver(message.pk) is False
    message.refresh_from_db()
    assert "not on the public internet" in message.error
    assert listener.heard == []


# --- The owner's pages ----------------------------------------------------------------------------------------------


@pytest.fixture
def desk(curator) -> Client:
    client = Client()
    client.force_login(curator)
    return client


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://127.0.0.1/hook", "give an address with https://"),
        ("https://127.0.0.1/hook", "not on the public internet"),
        ("https://[::ffff:10.0.0.1]/hook", "not on the public internet"),
        ("https://user:word@shop.example/", "holds a user name"),
    ],
)
def test_an_address_that_must_not_hear_is_refused_when_it_is_typed(desk, url, sentence):
    page = desk.post(f"{ENDPOINTS}add/", {"url": url, "secret": "s", "is_active": "on"}).content.decode()
    assert sentence in page
    assert not WebhookEndpoint.objects.exists()


def test_an_endpoint_is_added_tried_out_and_retried(desk, listener):
    form = {"url": listener.url, "secret": "word", "is_active": "on", "events": ["paid", "shipped"]}
    assert desk.post(f"{ENDPOINTS}add/", form).status_code == 302
    endpoint = WebhookEndpoint.objects.get()
    assert endpoint.events == ["paid", "shipped"]
    desk.post(ENDPOINTS, {"action": "try_out", "_selected_action": [endpoint.pk]})
    message = OutboxMessage.objects.get()
    listener.status = 404
    delivering.deliver(message.pk)
    page = desk.get("/admin/checkout/outboxmessage/").content.decode()
    assert "The endpoint answered 404." in page
    OutboxMessage.objects.update(state="failed", attempts=18)
    desk.post("/admin/checkout/outboxmessage/", {"action": "try_again", "_selected_action": [message.pk]})
    listener.status = 200
    assert delivering.deliver(message.pk) is True
    assert json.loads(listener.heard[-1][1])["type"] == "ping"


# --- Mails ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def paid(buyer, place, pay):
    order = place(buyer)
    pay(buyer, order)
    return order


def test_a_mail_server_that_is_away_leaves_the_mail_to_be_sent_later(paid, monkeypatch):
    message = OutboxMessage.objects.get(kind="mail")

    def away(self):
        raise ConnectionRefusedError("no mail server")

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMultiAlternatives.send", away)
        assert delivering.deliver(message.pk) is False
    message.refresh_from_db()
    assert (message.state, message.error) == ("waiting", "no mail server")
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        assert delivering.deliver(message.pk) is True
        assert delivering.deliver(message.pk) is False
    assert len(mail.outbox) == 1


def test_a_mistake_of_ours_is_raised_and_the_mail_comes_again(paid, monkeypatch):
    message = OutboxMessage.objects.get(kind="mail")
    monkeypatch.setitem(delivering.CARRIERS, "mail", lambda message: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        delivering.deliver(message.pk)
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("waiting", 1)
    assert message.due_at > timezone.now()


def test_a_mail_that_was_lost_on_the_way_to_the_worker_is_found(
    eager_tasks, paid, django_capture_on_commit_callbacks
):
    mail.outbox.clear()
    OutboxMessage.objects.update(state="waiting")
    with django_capture_on_commit_callbacks(execute=True):
        deliver_waiting_messages()
        deliver_waiting_messages()
    assert len(mail.outbox) == 1


def test_who_was_erased_meanwhile_gets_no_mail(paid):
    type(paid).objects.update(email="")
    assert delivering.deliver(OutboxMessage.objects.get(kind="mail").pk) is True
    assert not mail.outbox


def test_what_was_handed_over_is_forgotten_after_a_month(paid):
    message = OutboxMessage.objects.get(kind="mail")
    delivering.deliver(message.pk)
    tidy_up()
    assert OutboxMessage.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        tidy_up()
    assert not OutboxMessage.objects.exists()
