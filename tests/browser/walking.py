"""What shoppers do in many of the stories."""

import uuid

from playwright.sync_api import Locator, Page, expect

PASSWORD = "a-long-enough-password"


def shelf(page: Page, name: str) -> Locator:
    """The link to a category in the head of the page."""
    return page.get_by_role("navigation", name="Categories").get_by_role("link", name=name, exact=True)


def look_at(page: Page, words: str) -> str:
    """Search for ``words``, open the first piece that can be bought, and return its name."""
    page.goto(f"/search/?q={words}&in_stock=1")
    page.locator("#grid .card-link").first.click()
    expect(page.locator("#buy-form")).to_be_visible()
    return page.get_by_role("heading", level=1).inner_text()


def put_into_bag(page: Page) -> None:
    """Choose the first size that is there, where there is a choice, and add the piece of this page."""
    sizes = page.locator(".size:not(.sold-out)")
    if sizes.count():
        sizes.first.click()
    page.locator("#buy-form").get_by_role("button", name="Add to bag").click()
    expect(page.locator("header [data-cart-count]")).to_have_text("1")


def sign_up(page: Page) -> str:
    """Open an account with an address that nobody else has, and return the address."""
    page.goto("/account/signup/")
    return fill_in_sign_up(page)


def fill_in_sign_up(page: Page) -> str:
    """Fill in the form that opens an account, send it, and return the new address."""
    email = f"{uuid.uuid4().hex[:12]}@example.com"
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.locator("body[data-signed-in]")).to_be_attached()
    return email


def fill_in_address(page: Page) -> None:
    """Write where the order goes."""
    page.get_by_label("Full name").fill("Ada Example")
    page.get_by_label("Street").fill("1 Loom Lane")
    page.get_by_label("Postcode").fill("1010")
    page.get_by_label("City").fill("Vienna")
    page.get_by_label("Country").select_option("AT")
