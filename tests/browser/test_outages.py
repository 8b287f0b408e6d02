"""A server stops under the open shop: each page says what it can, and nothing is lost when the server comes back."""

import contextlib
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from catalog.drawing.render import draw_phone_photo
from shop import embedded
from shop.embedded.service import Service, wait_until
from tests.browser.stage import OpenShop, as_file
from tests.browser.walking import look_at, put_into_bag

BACK_SECONDS = 60


@contextlib.contextmanager
def stopped(service: Service) -> Iterator[None]:
    """Stop one of the shop's servers for a while."""
    service.stop()
    try:
        yield
    finally:
        service.start()


@pytest.fixture
def page(open_page, shop: OpenShop) -> Iterator[Page]:
    """A shopper's page that may see errors; the shop is whole again before the next test."""
    page = open_page(may_fail=True)
    yield page
    assert wait_until(lambda: page.request.get("/health/ready").json()["status"] == "ok", BACK_SECONDS)


def test_without_postgresql_pages_apologise_and_the_bag_is_there_when_it_is_back(page: Page, shop: OpenShop):
    name = look_at(page, "blazer")
    put_into_bag(page)
    with stopped(embedded.Postgres(shop.home)):
        assert page.goto("/bag/").status == 500
        expect(page.get_by_role("heading", level=1)).to_have_text("Something went wrong on our side.")
        assert page.request.get("/health/live").ok
        ready = page.request.get("/health/ready")
        assert ready.status == 503
        assert "PostgreSQL does not answer" in ready.json()["checks"]["database"]
    assert page.goto("/bag/").ok
    expect(page.locator(".bag-line")).to_contain_text(name)


def test_without_redis_shoppers_still_buy_and_photos_get_a_sentence(page: Page, shop: OpenShop):
    with stopped(embedded.Redis(shop.home)):
        name = look_at(page, "clutch")
        put_into_bag(page)
        assert page.goto("/checkout/").ok
        assert page.goto("/").ok
        expect(page.get_by_role("region", name="Where you left off")).to_contain_text(name)
        page.goto("/photo/")
        page.set_input_files("#photo-file", as_file(draw_phone_photo(shop.products[0], 240, 320)))
        expect(page.get_by_role("alert")).to_contain_text("try again", ignore_case=True)
        ready = page.request.get("/health/ready")
        assert ready.status == 503
        assert "Redis does not answer" in ready.json()["checks"]["redis"]
    page.set_input_files("#photo-file", as_file(draw_phone_photo(shop.products[0], 240, 320)))
    page.wait_for_url(re.compile(r"/photo/[0-9a-f-]{36}/$"))
    expect(page.get_by_alt_text("The photo you sent")).to_be_visible()
