"""Messages of visitors, in the admin."""

import pytest
from django.test import Client

from shop.storefront.models import ContactMessage
from tests.forms_on_pages import filled_form

MESSAGES = "/admin/storefront/contactmessage/"


@pytest.fixture
def desk(curator) -> Client:
    client = Client()
    client.force_login(curator)
    return client


@pytest.fixture
def message(db) -> ContactMessage:
    return ContactMessage.objects.create(
        name="Eve", email="eve@example.com", subject="Where is it?", message="A week ago.\n<b>Please</b>"
    )


def test_a_message_is_read_and_answered_by_mail(desk, message):
    page = desk.get(f"{MESSAGES}{message.pk}/change/").content.decode()
    assert "mailto:eve@example.com?subject=Re%3A%20Where%20is%20it%3F" in page
    assert "A week ago.<br>&lt;b&gt;Please&lt;/b&gt;" in page


def test_answered_messages_are_ticked_off(desk, message):
    desk.post(MESSAGES, {"action": "mark_answered", "_selected_action": [message.pk]})
    message.refresh_from_db()
    assert message.answered
    assert "Where is it?" not in desk.get(MESSAGES, {"answered__exact": "0"}).content.decode()


def test_what_was_written_is_not_rewritten(desk, message):
    address = f"{MESSAGES}{message.pk}/change/"
    desk.post(address, {**filled_form(desk.get(address), "contactmessage_form"), "subject": "Thanks!"})
    message.refresh_from_db()
    assert message.subject == "Where is it?"
    assert desk.get(f"{MESSAGES}add/").status_code == 403
