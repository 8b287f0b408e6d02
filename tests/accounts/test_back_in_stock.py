"""Waiting for a size that is sold out."""

import re
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import StockAlert
from accounts.stock_alerts import forget_alerts, send_alerts
from accounts.tasks import confirm_alert
from catalog.models import Variant
from tests.factories import ProductFactory, UserFactory

ASK = "/back-in-stock/"


@pytest.fixture
def gone(db) -> Variant:
    """A size that is sold out."""
    return ProductFactory(name="Breton tee", variants=[("S", 0), ("M", 3)]).variants.get(size="S")


def waits(variant: Variant, n: int = 1) -> list[StockAlert]:
    """``n`` shoppers who wait for ``variant``, one after another."""
    start = timezone.now() - timedelta(days=2)
    return [
        StockAlert.objects.create(
            variant=variant, user=UserFactory(), confirmed_at=start + timedelta(minutes=number)
        )
        for number in range(n)
    ]


def restock(variant: Variant, pieces: int = 1) -> None:
    Variant.objects.filter(pk=variant.pk).update(stock=pieces)


def mailed() -> list[str]:
    return [message.to[0] for message in mail.outbox]


# --- Asking -------------------------------------------------------------------------------------------------------


def test_a_shopper_asks_with_one_tap_and_hears_of_it_once(client, shopper, gone):
    client.force_login(shopper)
    page = client.post(ASK, {"variant": gone.pk}, follow=True).content.decode()
    assert "We write to you as soon as Breton tee S is back." in page
    assert send_alerts() == 0
    restock(gone)
    assert send_alerts() == 1
    assert mailed() == [shopper.email]
    assert mail.outbox[0].subject == "Breton tee S is back"
    assert gone.product.get_absolute_url() in mail.outbox[0].body
    assert send_alerts() == 0


def test_who_has_had_the_mail_may_ask_again(client, shopper, gone):
    client.force_login(shopper)
    for _ in range(2):
        client.post(ASK, {"variant": gone.pk})
        client.post(ASK, {"variant": gone.pk})  # twice is once
        restock(gone)
        send_alerts(timezone.now() + timedelta(days=2 * len(mail.outbox)))
        restock(gone, 0)
    assert mailed() == [shopper.email] * 2


def test_a_guest_gives_an_address_and_confirms_it_first(client, gone, django_capture_on_commit_callbacks):
    page = client.post(ASK, {"variant": gone.pk, "next": "/all/"}).content.decode()
    assert "Where may we write to?" in page
    with django_capture_on_commit_callbacks() as queued:
        answer = client.post(ASK, {"variant": gone.pk, "email": "Guest@Example.com", "next": "/all/"})
    assert answer.url == "/all/"
    assert len(queued) == 1
    alert = StockAlert.objects.get()
    confirm_alert(alert.pk)
    assert mailed() == ["guest@example.com"]
    restock(gone)
    assert send_alerts() == 0  # nobody has confirmed it
    restock(gone, 0)
    link = re.search(r"/back-in-stock/\S+/confirm/", mail.outbox[0].body).group()
    assert "Yes, write to me" in client.get(link).content.decode()
    assert StockAlert.objects.get().confirmed_at is None  # looking confirms nothing
    client.post(link)
    restock(gone)
    assert send_alerts() == 1
    assert mailed() == ["guest@example.com"] * 2


def test_a_size_that_is_back_before_the_guest_confirms_is_shown_at_once(client, gone):
    client.post(ASK, {"variant": gone.pk, "email": "guest@example.com"})
    restock(gone)
    page = client.post(StockAlert.objects.get().confirm_path, follow=True).content.decode()
    assert "Breton tee S is back already" in page
    assert not StockAlert.objects.exists()


def test_the_answer_does_not_tell_whether_an_address_waits(client, gone):
    def answer() -> str:
        page = client.post(ASK, {"variant": gone.pk, "email": "guest@example.com"}, follow=True)
        return re.search(r'class="notice good">([^<]*)', page.content.decode()).group(1)

    first = answer()
    StockAlert.objects.update(confirmed_at=timezone.now())
    assert answer() == first


def test_nobody_waits_for_what_is_there(client, shopper, gone):
    client.force_login(shopper)
    there = gone.product.variants.get(size="M")
    page = client.post(ASK, {"variant": there.pk}, follow=True).content.decode()
    assert "Breton tee M is in stock" in page
    assert not StockAlert.objects.exists()


@pytest.mark.parametrize("variant", ["", "x", "999999", "\x00"])
def test_a_size_has_to_be_chosen(client, shopper, gone, variant):
    client.force_login(shopper)
    page = client.post(ASK, {"variant": variant}, follow=True).content.decode()
    assert "Choose" in page
    assert not StockAlert.objects.exists()


def test_an_address_that_is_none_is_answered_beside_the_field(client, gone):
    answer = client.post(ASK, {"variant": gone.pk, "email": "no address"})
    assert answer.status_code == 422
    assert "Enter a valid email address." in answer.content.decode()


def test_a_program_that_fills_in_everything_gets_nothing_kept(client, gone):
    client.post(ASK, {"variant": gone.pk, "email": "bot@example.com", "website": "http://x.example"})
    assert not StockAlert.objects.exists()


def test_one_sender_cannot_have_many_mails_sent(client, gone):
    for number in range(21):
        client.post(ASK, {"variant": gone.pk, "email": f"guest{number}@example.com"})
    assert StockAlert.objects.count() == 20


def test_one_address_gets_no_more_than_five_questions_a_day(client, db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as queued:
        for _ in range(7):
            size = ProductFactory(variants=[("S", 0)]).variants.get()
            client.post(ASK, {"variant": size.pk, "email": "guest@example.com"})
    assert len(queued) == 5


# --- Sending ------------------------------------------------------------------------------------------------------


def test_three_hear_of_each_piece_and_who_waited_longest_comes_first(gone):
    alerts = waits(gone, 5)
    restock(gone, 1)
    assert send_alerts() == 3
    assert mailed() == [alert.reader for alert in alerts[:3]]
    assert send_alerts() == 0  # the others wait for a day
    assert send_alerts(timezone.now() + timedelta(days=1, minutes=1)) == 2


def test_who_waits_hears_nothing_while_the_piece_sells_out_again(gone):
    waits(gone, 5)
    restock(gone, 1)
    send_alerts()
    restock(gone, 0)
    assert send_alerts(timezone.now() + timedelta(days=2)) == 0


@pytest.mark.parametrize(
    "way",
    [
        lambda v: Variant.objects.filter(pk=v.pk).update(stock=1),
        lambda v: Variant.objects.bulk_update([Variant(pk=v.pk, stock=1)], ["stock"]),
        lambda v: connection.cursor().execute("UPDATE catalog_variant SET stock = 1 WHERE id = %s", [v.pk]),
    ],
)
def test_whoever_restocks_is_noticed(gone, way):
    waits(gone)
    way(gone)
    assert send_alerts() == 1


def test_a_product_that_is_hidden_is_not_announced_until_it_is_shown(gone):
    waits(gone)
    restock(gone)
    gone.product.status = "archived"
    gone.product.save()
    assert send_alerts() == 0
    gone.product.status = "active"
    gone.product.save()
    assert send_alerts() == 1


class Broken(EmailBackend):
    """A mail server that answers with an error."""

    error: OSError = OSError("the mail server is away")

    def send_messages(self, messages):
        raise self.error


class Refusing(Broken):
    error = SMTPRecipientsRefused({"x": (550, b"no such user")})


def test_a_mail_that_could_not_be_sent_is_sent_later(gone, settings):
    waits(gone)
    restock(gone)
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    with pytest.raises(OSError, match="away"):
        send_alerts()
    settings.EMAIL_BACKEND = working
    assert send_alerts() == 1


def test_an_address_that_takes_no_mails_keeps_nobody_else_from_theirs(gone, settings):
    waits(gone, 2)
    restock(gone)
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    assert send_alerts() == 0
    assert not StockAlert.objects.filter(sent_at=None).exists()


def test_many_sizes_need_few_queries_to_find_nothing(gone, django_assert_num_queries):
    waits(gone, 3)
    with django_assert_num_queries(1):
        send_alerts()


# --- Ending it ----------------------------------------------------------------------------------------------------


def test_the_mail_and_the_account_have_a_way_to_end_it(client, shopper, gone):
    client.force_login(shopper)
    client.post(ASK, {"variant": gone.pk})
    alert = StockAlert.objects.get()
    page = client.get("/account/alerts/").content.decode()
    assert "Breton tee S" in page
    assert alert.stop_path in page
    assert "No mail about it?" in Client().get(alert.stop_path).content.decode()
    assert StockAlert.objects.exists()  # looking ends nothing
    Client().post(alert.stop_path)
    assert not StockAlert.objects.exists()


def test_a_mail_carries_the_link_that_ends_it(gone):
    (alert,) = waits(gone)
    restock(gone)
    send_alerts()
    assert mail.outbox[0].extra_headers["List-Unsubscribe"].endswith(f"{alert.stop_path}>")


def test_what_is_over_is_forgotten(gone):
    now = timezone.now()
    waiting, sent = waits(gone, 2)
    StockAlert.objects.filter(pk=sent.pk).update(sent_at=now - timedelta(days=91))
    unconfirmed = StockAlert.objects.create(variant=gone, email="guest@example.com")
    StockAlert.objects.filter(pk=unconfirmed.pk).update(created_at=now - timedelta(days=8))
    assert forget_alerts(now) == 2
    assert StockAlert.objects.get() == waiting
