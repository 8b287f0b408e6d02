"""The owner's own words on the short pages."""

import pytest
from django.test import Client
from django.utils.translation import override

from shop.storefront.models import PageText
from shop.storefront.texts import as_html, own_text
from tests.forms_on_pages import filled_form

PAGES = "/admin/storefront/pagetext/"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("# What it costs", "<h2>What it costs</h2>\n"),
        ("*Two* days", "<p><em>Two</em> days</p>\n"),
        ("[us](/contact/)", '<p><a href="/contact/">us</a></p>\n'),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("[us](javascript:alert(1))", "<p>[us](javascript:alert(1))</p>\n"),
        ("![x](http://elsewhere/x.png)", '<p>!<a href="http://elsewhere/x.png">x</a></p>\n'),
    ],
)
def test_markdown_becomes_a_page_and_never_a_program(written, shown):
    assert as_html(written) == shown


def test_the_owner_replaces_a_page_and_gets_the_shops_own_back(curator, visitor):
    desk = Client()
    desk.force_login(curator)
    assert "What it costs" in visitor.get("/delivery/").content.decode()
    form = filled_form(desk.get(f"{PAGES}add/"), "pagetext_form") | {
        "name": "delivery",
        "language": "en-gb",
        "title": "How it comes",
        "body": "By **bicycle**.",
    }
    desk.post(f"{PAGES}add/", form)
    page = visitor.get("/delivery/").content.decode()
    assert "<h1>How it comes</h1>" in page
    assert "<strong>bicycle</strong>" in page
    PageText.objects.all().delete()
    assert "What it costs" in visitor.get("/delivery/").content.decode()


def test_a_second_text_for_the_same_page_is_refused_with_a_sentence(curator):
    desk = Client()
    desk.force_login(curator)
    for _ in range(2):
        words = {"name": "returns", "language": "en-gb", "title": "Back", "body": "Send it."}
        answer = desk.post(f"{PAGES}add/", filled_form(desk.get(f"{PAGES}add/"), "pagetext_form") | words)
    assert "There is a text for this page in this language already" in answer.content.decode()
    assert PageText.objects.count() == 1


def test_a_text_is_shown_in_the_shoppers_language_if_there_is_one(db):
    english = PageText.objects.create(name="imprint", language="en-gb", title="Imprint", body="x")
    assert own_text("returns") is None
    with override("de"):
        assert own_text("imprint") == english
        german = PageText.objects.create(name="imprint", language="de", title="Impressum", body="x")
        assert own_text("imprint") == german
