"""What is there besides shopping: short pages, robots, sitemap, errors, and what every page has."""

import re
from xml.etree import ElementTree

import pytest

from shop.storefront.templatetags.storefront import money, percent
from tests import factories


@pytest.mark.parametrize(
    "path", ["/delivery/", "/returns/", "/privacy/", "/imprint/", "/contact/", "/photo/"]
)
def test_short_pages_are_there(visitor, path):
    answer = visitor.get(path)
    assert answer.status_code == 200
    assert answer.content.decode().count("<h1") == 1


def test_every_page_has_landmarks_a_skip_link_and_one_heading(visitor, tops):
    product = factories.ProductFactory(category=tops)
    for path in (
        "/",
        "/all/",
        "/c/tops/",
        "/search/?q=nothing",
        product.get_absolute_url(),
        "/no-such-page/",
    ):
        page = visitor.get(path).content.decode()
        assert page.count("<h1") == 1, path
        for part in ('href="#main"', '<main id="main"', "<header", "<footer", 'lang="en-gb"', "<search"):
            assert part in page, (path, part)


def test_pages_hold_no_inline_style_or_handler_and_every_script_has_the_nonce(visitor, tops):
    product = factories.ProductFactory(category=tops, variants=[("S", 1)], pictures=2, style_code="x")
    for path in ("/", "/c/tops/", product.get_absolute_url(), "/photo/", "/contact/"):
        answer = visitor.get(path)
        page = answer.content.decode()
        assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", page), path
        policy = answer["Content-Security-Policy"]
        assert "'unsafe-inline'" not in policy
        nonce = re.search(r"'nonce-([^']+)'", policy).group(1)
        scripts = re.findall(r"<script[^>]*>", page)
        assert scripts
        assert all(f'nonce="{nonce}"' in script for script in scripts)
        assert not re.search(r'(src|href)="(https?:)?//(?!testserver)', page)


def test_robots_are_told_what_is_private_and_where_the_map_is(visitor):
    text = visitor.get("/robots.txt").content.decode()
    assert "Disallow: /account/" in text
    assert "Sitemap: http://testserver/sitemap.xml" in text


def test_the_sitemap_names_what_shoppers_may_see(visitor, tops):
    shown = factories.ProductFactory(category=tops)
    hidden = factories.ProductFactory(category=tops, status="draft")
    index = ElementTree.fromstring(visitor.get("/sitemap.xml").content)  # noqa: S314 our own answer
    urls = set()
    for section in index.iterfind(".//{*}loc"):
        path = section.text.removeprefix("http://testserver")
        tree = ElementTree.fromstring(visitor.get(path).content)  # noqa: S314 our own answer
        urls |= {loc.text.removeprefix("http://testserver") for loc in tree.iterfind(".//{*}loc")}
    assert {shown.get_absolute_url(), "/c/tops/", "/", "/photo/"} <= urls
    assert hidden.get_absolute_url() not in urls


def test_pages_answer_only_to_reading(visitor, tops):
    product = factories.ProductFactory(category=tops)
    for path in ("/", "/all/", "/c/tops/", product.get_absolute_url(), "/delivery/"):
        assert visitor.post(path).status_code == 405


def test_the_header_counts_saved_things(signed_in, shopper):
    factories.WishlistItemFactory(user=shopper)
    assert re.search(r'data-wish-count class="count">1<', signed_in.get("/delivery/").content.decode())


def test_a_new_category_is_in_the_header_of_the_next_page(visitor, tops):
    factories.ProductFactory(category=tops)
    visitor.get("/delivery/")
    tops.name = "Shirts and tops"
    tops.save()
    assert "Shirts and tops" in visitor.get("/delivery/").content.decode()


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("34", "EUR", "€\u00a034"),
        ("34.9", "EUR", "€\u00a034.90"),
        ("1250", "GBP", "£\u00a01,250"),
        ("0", "USD", "$\u00a00"),
        ("12.50", "CHF", "CHF\u00a012.50"),
        (None, "EUR", ""),
    ],
)
def test_money_reads_as_people_write_it(amount, currency, text):
    assert money(amount, currency) == text


@pytest.mark.parametrize(
    ("share", "text"), [(0.94, "94\u00a0%"), (0.9999, "99\u00a0%"), (0.0001, "1\u00a0%"), (None, "")]
)
def test_probabilities_never_read_as_certainty(share, text):
    assert percent(share) == text
