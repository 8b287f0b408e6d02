"""The contact page."""

import pytest
from django.core import mail
from django.test import Client

from shop.storefront.contact import MESSAGES_PER_HOUR
from shop.storefront.models import ContactMessage
from shop.storefront.tasks import mail_contact_message

LETTER = {"name": "Ada", "email": "ada@example.com", "subject": "A return", "message": "The tee is too wide."}


@pytest.fixture
def queued(monkeypatch) -> list[int]:
    """The messages that were handed to the worker."""
    ids: list[int] = []
    monkeypatch.setattr(mail_contact_message, "delay_on_commit", ids.append)
    return ids


def test_a_message_is_kept_and_handed_to_the_worker(visitor, queued):
    answer = visitor.post("/contact/", LETTER, follow=True)
    message = ContactMessage.objects.get()
    assert (message.name, message.subject, message.user) == ("Ada", "A return", None)
    assert queued == [message.pk]
    assert "Your message has arrived" in answer.content.decode()


def test_the_worker_mails_a_message_once(db, settings):
    message = ContactMessage.objects.create(**LETTER)
    assert mail_contact_message(message.pk) is True
    assert mail_contact_message(message.pk) is False
    (sent,) = mail.outbox
    assert sent.to == [settings.SHOP_EMAIL]
    assert sent.reply_to == ["ada@example.com"]
    assert "The tee is too wide." in sent.body
    assert ContactMessage.objects.get().mailed_at is not None


def test_a_message_of_a_signed_in_shopper_is_theirs_and_the_form_knows_them(signed_in, shopper, queued):
    assert 'value="ada@example.com"' in signed_in.get("/contact/").content.decode()
    signed_in.post("/contact/", LETTER)
    assert ContactMessage.objects.get().user == shopper


def test_what_is_missing_is_said_beside_the_field_and_nothing_is_lost(visitor, queued):
    answer = visitor.post("/contact/", LETTER | {"email": "not an address"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Enter a valid email address." in page
    assert "The tee is too wide." in page
    assert not ContactMessage.objects.exists()


def test_too_many_messages_within_the_hour_are_asked_to_wait(visitor, queued):
    for _ in range(MESSAGES_PER_HOUR):
        assert visitor.post("/contact/", LETTER).status_code == 302
    answer = visitor.post("/contact/", LETTER)
    assert answer.status_code == 429
    assert "please try again a little later" in answer.content.decode()
    assert ContactMessage.objects.count() == MESSAGES_PER_HOUR


def test_a_program_that_fills_in_the_hidden_field_gets_thanks_and_leaves_nothing(visitor, queued):
    answer = visitor.post("/contact/", LETTER | {"website": "http://spam.example.com"}, follow=True)
    assert "Your message has arrived" in answer.content.decode()
    assert not ContactMessage.objects.exists()


def test_a_subject_cannot_smuggle_a_mail_header(visitor, queued):
    visitor.post("/contact/", LETTER | {"subject": "Hello\r\nBcc: everyone@example.com"})
    mail_contact_message(ContactMessage.objects.get().pk)
    assert mail.outbox[0].subject.endswith("Hello Bcc: everyone@example.com")
    assert mail.outbox[0].bcc == []


def test_a_form_from_elsewhere_is_refused_with_a_sentence(db):
    answer = Client(enforce_csrf_checks=True).post("/contact/", LETTER)
    assert answer.status_code == 403
    assert "Please send it again." in answer.content.decode()
