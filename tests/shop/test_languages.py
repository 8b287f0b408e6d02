"""Who reads the shop in which language, and that nobody is served somebody else's."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from shop.storefront.templatetags.storefront import money
from tests import factories

PERSON = {"User-Agent": "Mozilla/5.0 (a person at a laptop)"}
GERMAN = PERSON | {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}


@pytest.fixture
def english(db) -> Client:
    return Client(headers=PERSON)


@pytest.fixture
def german(db) -> Client:
    """Somebody whose browser asks for German."""
    return Client(headers=GERMAN)


def test_the_browser_says_which_language_it_likes(english, german):
    assert '<html lang="de">' in german.get("/").content.decode()
    assert '<html lang="en-gb">' in english.get("/").content.decode()


def test_a_language_that_the_shop_does_not_speak_gets_english(db):
    page = Client(headers=PERSON | {"Accept-Language": "fi, sv;q=0.8"}).get("/")
    assert '<html lang="en-gb">' in page.content.decode()


def test_the_choice_at_the_foot_of_the_page_leads_back_and_is_remembered(german):
    answer = german.post("/language/", {"language": "en-gb", "next": "/delivery/"})
    assert answer.status_code == 302
    assert answer.url == "/delivery/"
    cookie = answer.cookies["django_language"]
    assert cookie["max-age"] > 300 * 24 * 3600
    assert cookie["httponly"]
    assert "<h1>Delivery</h1>" in german.get("/delivery/").content.decode()


def test_the_choice_does_not_lead_to_other_peoples_pages(german):
    answer = german.post("/language/", {"language": "de", "next": "https://elsewhere.example.com/"})
    assert answer.url == "/"


def test_every_page_offers_both_languages_without_a_script(english):
    page = english.get("/contact/?a=1").content.decode()
    assert '<input type="hidden" name="next" value="/contact/?a=1">' in page
    assert '<button class="link" type="submit" name="language" value="de" lang="de">Deutsch</button>' in page
    assert '<span class="chosen">English</span>' in page


def test_caches_are_told_what_the_words_depend_on(english):
    product = factories.ProductFactory()
    for path in ("/", "/search/suggest/?q=te", "/no-such-page/"):
        answer = english.get(path)
        assert {"Cookie", "Accept-Language"} <= set(answer["Vary"].split(", ")), path
        assert answer["Content-Language"] == "en-gb"
    for path in ("/robots.txt", "/sitemap.xml", product.images.get().url):
        assert "Accept-Language" not in english.get(path).get("Vary", ""), path


def test_what_one_language_leaves_in_the_cache_serves_the_other_too(english, german):
    factories.ProductFactory(colour="Black", category=factories.CategoryFactory(name="Shoes"))
    factories.ProductFactory(colour="Red", category=factories.CategoryFactory(name="Bags"))
    for first, second in ((german, english), (english, german)):
        cache.clear()
        for visitor in (first, second):
            page = visitor.get("/all/").content.decode()
            expected, other = ("Schwarz", "Black") if visitor is german else ("Black", "Schwarz")
            assert f'<span class="facet-label">{expected}</span>' in page
            assert f'<span class="facet-label">{other}</span>' not in page
            assert ("Taschen" in page) == (visitor is german)


def test_the_owners_pages_stay_english(curator):
    client = Client(headers=GERMAN)
    client.force_login(curator)
    page = client.get("/admin/").content.decode()
    assert 'lang="en-gb"' in page
    assert "Overview" in page


def test_a_program_is_answered_in_english_unless_it_asks(english, german):
    product = factories.ProductFactory()
    factories.ProductFactory(category=product.category)
    assert (
        english.get("/api/v1/recommendations/home/").json()["results"][0]["reason"]["text"]
        == "New in the shop"
    )
    assert german.get("/api/v1/recommendations/home/").json()["results"][0]["reason"]["text"] == "Neu im Shop"


@pytest.mark.parametrize(
    ("language", "amount", "written"),
    [
        ("en-gb", "39", "€\u00a039"),
        ("en-gb", "1249.5", "€\u00a01,249.50"),
        ("de", "39", "39,00\u00a0€"),
        ("de", "1249.5", "1.249,50\u00a0€"),
    ],
)
def test_money_is_written_as_people_write_it(language, amount, written):
    with translation.override(language):
        assert money(amount) == written
