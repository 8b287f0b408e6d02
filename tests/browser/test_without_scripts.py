"""Every way through the shop also works where no script runs."""

import re

import pytest
from playwright.sync_api import Page, expect

from catalog.drawing.render import draw_phone_photo
from tests.browser.stage import as_file
from tests.browser.walking import fill_in_address, look_at, sign_up


@pytest.fixture
def page(open_page) -> Page:
    """Somebody whose browser runs no scripts."""
    return open_page(java_script_enabled=False)


def test_filtering_sorting_and_buying(page: Page):
    sign_up(page)
    page.goto("/all/")
    page.locator("#facet-colour summary").click()
    page.locator("#facet-colour").get_by_label("Black").check()
    page.locator("#facet-colour").get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile("colour=Black"))

    name = look_at(page, "sneakers")
    page.locator(".size:not(.sold-out)").first.click()
    page.locator("#buy-form").get_by_role("button", name="Add to bag").click()
    expect(page.locator(".messages")).to_contain_text("is in your bag")

    page.goto("/bag/")
    page.get_by_label(f"How many of {name}").select_option("2")
    page.get_by_role("button", name="Update").click()
    expect(page.locator("header [data-cart-count]")).to_have_text("2")
    page.get_by_role("button", name=f"Take {name} out").click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("link", name="Check out").click()

    fill_in_address(page)
    page.get_by_role("button", name="Order and pay").click()
    page.get_by_label("Test card that pays").check()
    page.get_by_role("button", name="Pay").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, Ada Example.")


def test_searching_with_a_photo(page: Page, shop):
    page.goto("/photo/")
    page.set_input_files("#photo-file", as_file(draw_phone_photo(shop.products[8], 480, 640, seed=1)))
    page.get_by_role("button", name="Search with this photo").click()
    expect(page.get_by_alt_text("The photo you sent")).to_be_visible()
    expect(page.locator(".photo-answer .card")).not_to_have_count(0)

    page.goto("/photo/")
    page.set_input_files("#photo-file", {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"})
    page.get_by_role("button", name="Search with this photo").click()
    expect(page.get_by_role("alert")).to_contain_text("JPEG, PNG, WebP or HEIC")


def test_saving_and_dismissing(page: Page):
    sign_up(page)
    name = look_at(page, "scarf")
    page.locator(".buy-wish").click()
    page.goto("/wishlist/")
    expect(page.get_by_role("main")).to_contain_text(name)
    page.goto("/")
    page.get_by_role("button", name="Not for me").first.click()
    expect(page.locator(".messages")).to_contain_text("We will not show you")
