"""Find my order: the mail comes to the order's address, and who asks learns nothing."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from shop.checkout import delivering, finding
from shop.checkout.models import Order, OutboxMessage

FIND = "/orders/find/"


@pytest.fixture
def order(buyer, place) -> Order:
    return place(buyer)


def ask(email: str, number: str, client: Client | None = None) -> str:
    return (client or Client()).post(FIND, {"email": email, "number": number}, follow=True).content.decode()


def letters() -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(kind="mail", event=None))


def test_the_mail_opens_the_order_anywhere(order):
    ask("Guest@Example.com", f" {order.number.lower()} ")
    (letter,) = letters()
    assert delivering.deliver(letter.pk) is True
    (message,) = mail.outbox
    assert message.to == ["guest@example.com"]
    link = next(line for line in message.body.splitlines() if "?key=" in line)
    assert Client().get("/" + link.split("/", 3)[3]).status_code == 200


@pytest.mark.parametrize("email", ["eve@example.com", "guest@example.org"])
def test_who_guesses_gets_the_same_answer_and_no_mail(order, email):
    right = ask("guest@example.com", order.number)
    OutboxMessage.objects.all().delete()
    assert _words(ask(email, order.number)) == _words(right)
    assert _words(ask("guest@example.com", "23456789AB")) == _words(right)
    assert "If there is such an order" in right
    assert letters() == []


def _words(page: str) -> str:
    """The page's main part, without what differs on every page (tokens)."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return "\n".join(line for line in main.splitlines() if "csrfmiddlewaretoken" not in line)


def test_a_form_that_is_not_filled_in_is_shown_again(order):
    response = Client().post(FIND, {"email": "nobody", "number": ""})
    assert response.status_code == 422
    assert letters() == []


def test_one_mailbox_is_not_flooded_and_one_sender_asks_no_hundred_times(order):
    for _ in range(finding.MAILS_PER_HOUR + 2):
        ask("guest@example.com", order.number)
    assert len(letters()) == finding.MAILS_PER_HOUR
    for _ in range(finding.ASKS_PER_HOUR):
        response = Client().post(FIND, {"email": "guest@example.com", "number": order.number})
    assert response.status_code == 429
    assert "Come back in an hour" in response.content.decode()
    cache.clear()  # the hour is over
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        ask("guest@example.com", order.number)
    assert len(letters()) == finding.MAILS_PER_HOUR + 1


def test_who_has_an_account_gets_a_link_that_asks_to_sign_in(order, shopper):
    order.user = shopper
    order.save()
    ask("guest@example.com", order.number)
    delivering.deliver(letters()[0].pk)
    assert f"/orders/{order.number}/\n" in mail.outbox[0].body
    assert "key=" not in mail.outbox[0].body
