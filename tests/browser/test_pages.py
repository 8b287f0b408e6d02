"""Every page at a phone's and a desk's width, light and dark: seen by axe, and saved as pictures for people.

The pictures lie in ``var/screenshots`` of the project; ``make screenshots`` makes small ones of them for the
documentation.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect

from catalog.drawing.photo import background
from catalog.drawing.render import draw_phone_photo
from tests.browser.stage import OpenShop, as_file
from tests.browser.walking import fill_in_address, look_at, put_into_bag, sign_up

SCREENSHOTS = settings.BASE_DIR / "var" / "screenshots"
WIDTHS = (390, 1440)
SCHEMES = ("light", "dark")
NARROWEST = 320  # also what 1280 pixels are to somebody who has enlarged the page to 400 %
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}


@dataclass(frozen=True)
class Sights:
    """Where the pages are, and the cookies of those who may see them."""

    addresses: dict[str, str]
    shopper: dict
    curator: dict


@pytest.fixture(scope="module")
def sights(chromium: Browser, shop: OpenShop) -> Sights:
    """The pages after a shopper has looked, asked, saved, ordered and filled the bag again."""
    context = chromium.new_context(base_url=shop.url, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    found = {
        "home": "/",
        "listing": "/all/",
        "listing-filtered": "/all/?colour=Black&max_price=90&in_stock=1",
        "listing-nothing": "/all/?min_price=9999",
        "shelf": "/c/shoes/",
        "search": "/search/?q=backpack",
        "search-corrected": "/search/?q=snaekers",
        "search-nothing": "/search/?q=qqzzxx",
        "taste": "/taste/",
        "photo-ask": "/photo/",
        "bag": "/bag/",
        "checkout": "/checkout/",
        "account": "/account/",
        "history": "/account/history/",
        "orders": "/account/orders/",
        "addresses": "/account/addresses/",
        "address": "/account/addresses/add/",
        "e-mail": "/account/email/",
        "password": "/account/password/change/",
        "security": "/account/security/",
        "browsers": "/account/browsers/",
        "order-find": "/orders/find/",
        "wishlist": "/wishlist/",
        "privacy": "/account/privacy/",
        "sign-in": "/account/login/",
        "sign-up": "/account/signup/",
        "password-reset": "/account/password/reset/",
        "bag-empty": "/bag/",
        "newcomer": "/",
        "contact": "/contact/",
        "delivery": "/delivery/",
        "returns": "/returns/",
        "about-privacy": "/privacy/",
        "imprint": "/imprint/",
        "not-found": "/no-such-page/",
        "admin": "/admin/",
        "admin-products": "/admin/catalog/product/",
        "admin-shown": "/admin/recommendations/rowtally/",
    }
    sign_up(page)
    for words in ("blazer", "tote", "sneakers"):
        look_at(page, words)
    page.locator(".buy-wish").click()
    expect(page.locator("header [data-wish-count]")).to_have_text("1")
    found["product"] = page.url.partition("?")[0]
    found["reviews"] = f"{found['product']}reviews/"
    found["questions"] = f"{found['product']}questions/"
    order(page)
    page.get_by_role("button", name="Pay").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, Ada Example.")
    found["confirmation"] = page.url
    look_at(page, "blazer")
    order(page)
    found["payment"] = page.url
    look_at(page, "scarf")
    put_into_bag(page)
    nothing = background(480, 640, np.random.default_rng(3)).astype(np.uint8)
    for name, photo in (
        ("photo-answer", draw_phone_photo(shop.products[28], 480, 640, seed=1)),
        ("photo-refusal", nothing),
    ):
        page.goto("/photo/")
        page.set_input_files("#photo-file", as_file(photo))
        expect(page.get_by_alt_text("The photo you sent")).to_be_visible()
        found[name] = page.url
    curator = _curator(chromium, shop)
    sights = Sights(found, context.storage_state(), curator.storage_state())
    context.close()
    curator.close()
    return sights


def order(page: Page) -> None:
    """Buy the piece of this page, up to the payment."""
    put_into_bag(page)
    page.goto("/checkout/")
    if page.get_by_label("Full name").is_visible():  # the address is kept for the next order
        fill_in_address(page)
    page.get_by_role("button", name="Order and pay").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Pay ")


def _curator(chromium: Browser, shop: OpenShop) -> BrowserContext:
    context = chromium.new_context(base_url=shop.url)
    page = context.new_page()
    page.goto("/admin/login/?next=/admin/")
    page.locator("input[name=username]").fill("curator@example.com")
    page.locator("input[name=password]").fill(shop.password_of("curator@example.com"))
    page.locator("button[type=submit]").first.click()
    page.wait_for_url("**/admin/")
    return context


def _show_everything(page: Page) -> None:
    """Load the pictures that wait to be scrolled to."""
    page.evaluate(
        """async () => {
            const pictures = [...document.images];
            pictures.forEach((picture) => { picture.loading = "eager"; });
            await Promise.all(pictures.map((picture) => picture.decode().catch(() => {})));
            await document.fonts.ready;
        }"""
    )


SHOPPERS = (
    "home",
    "listing",
    "listing-filtered",
    "listing-nothing",
    "shelf",
    "search",
    "search-corrected",
    "search-nothing",
    "product",
    "photo-ask",
    "photo-answer",
    "photo-refusal",
    "bag",
    "checkout",
    "payment",
    "confirmation",
    "account",
    "history",
    "orders",
    "addresses",
    "address",
    "e-mail",
    "password",
    "security",
    "browsers",
    "reviews",
    "questions",
    "privacy",
    "wishlist",
    "contact",
    "delivery",
    "returns",
    "about-privacy",
    "imprint",
    "not-found",
)
VISITORS = ("newcomer", "taste", "bag-empty", "sign-in", "sign-up", "password-reset", "order-find")
CURATORS = ("admin", "admin-products", "admin-shown")
GERMAN = {"name": "django_language", "value": "de"}


def _widest(page: Page) -> list[str]:
    """The elements that reach beyond the screen, for whoever has to find out why."""
    return page.evaluate(
        "[...document.querySelectorAll('body *')]"
        ".filter(e => e.getBoundingClientRect().right > innerWidth).map(e => e.outerHTML.slice(0, 120))"
    )


@pytest.mark.parametrize("name", [*SHOPPERS, *VISITORS, *CURATORS])
def test_a_page_fits_every_screen_and_keeps_the_rules_of_access(
    name: str, sights: Sights, open_page: Callable[..., Page]
):
    state = sights.shopper if name in SHOPPERS else sights.curator if name in CURATORS else None
    page = open_page(storage_state=state)
    page.goto(sights.addresses[name])
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    broken = []
    for width in WIDTHS:
        for scheme in SCHEMES:
            page.set_viewport_size({"width": width, "height": 844})
            page.emulate_media(color_scheme=scheme)
            _show_everything(page)
            # On a screen as high as the page, nothing lies behind the bar at the bottom.
            height = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": width, "height": height})
            page.screenshot(path=SCREENSHOTS / f"{name}-{width}-{scheme}.png")
            if name not in CURATORS:  # the admin's pages are its theme's
                found = Axe().run(page, options=RULES)
                broken += [
                    f"{width} {scheme}: {rule['id']}: {rule['nodes'][0]['html'][:160]}: "
                    f"{rule['nodes'][0]['failureSummary'][:200]}"
                    for rule in found.response["violations"]
                ]
    assert not broken, "\n".join(broken)
    if name in CURATORS:
        return
    page.set_viewport_size({"width": NARROWEST, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST, _widest(page)
    # German words are longer.
    page.context.add_cookies([GERMAN | {"url": page.url}])
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST, _widest(page)
