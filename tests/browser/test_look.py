"""A whole look: a piece of it swapped, then all of it bought, with scripts and without."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.walking import look_at


def hrefs(look: Locator) -> list[str]:
    return [str(link.get_attribute("href")) for link in look.locator("a.card-name").all()]


def choose_sizes(look: Locator) -> None:
    for sizes in look.locator("select").all():
        there = sizes.locator("option:not(:disabled)")
        sizes.select_option(str(there.nth(1).get_attribute("value")))  # the first one asks


@pytest.mark.parametrize("scripts", [True, False])
def test_a_piece_is_swapped_and_the_whole_look_bought(open_page, scripts: bool):
    page: Page = open_page(java_script_enabled=scripts)
    name = look_at(page, "sneakers")
    look = page.locator("#look")
    expect(look.locator(".card-name").first).to_have_text(name)
    before = hrefs(look)
    total = look.locator(".look-total strong")
    expect(total).to_have_text(re.compile(r"€\s\d"))
    swap = look.locator("[data-look-swap]").first
    place = look.locator("[data-piece]:has([data-look-swap])").first.get_attribute("data-piece")
    piece = look.locator(f'[data-piece="{place}"] a.card-name')
    swapped = str(piece.get_attribute("href"))
    swap.click()
    expect(page).to_have_url(re.compile("swap="))
    expect(piece).not_to_have_attribute("href", swapped)
    assert len(set(before) - set(hrefs(look))) == 1  # the other pieces stay
    if scripts:  # who swaps with the keyboard goes on from there
        expect(look.locator(f'[data-piece="{place}"] [data-look-swap]')).to_be_focused()

    choose_sizes(look)
    look.get_by_role("button", name="Add all to bag").click()
    said = page.locator(".toast" if scripts else ".messages")
    expect(said).to_contain_text("pieces of the look are in your bag.")
    pieces = len(before) + 1
    expect(page.locator("header [data-cart-count]")).to_have_text(str(pieces))
    page.goto("/bag/")
    expect(page.locator(".bag-line")).to_have_count(pieces)
    expect(page.locator(".bag-line").filter(has_text=name)).to_have_count(1)


def test_a_size_that_is_chosen_for_the_product_is_its_size_in_the_look(page: Page):
    name = look_at(page, "sneakers")
    size = page.locator("#buy-form .size:not(.sold-out) input").first
    size.check(force=True)
    expect(page.get_by_label(f"Size of {name}")).to_have_value(str(size.get_attribute("value")))
