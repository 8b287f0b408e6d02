"""A newcomer looks around, and the shop turns towards them."""

import re

from playwright.sync_api import Page, expect

from tests.browser.walking import look_at, shelf


def test_a_first_click_already_turns_the_home_page(page: Page):
    page.goto("/")
    expect(page.get_by_role("heading", name="Popular this week")).to_be_visible()

    shelf(page, "Bags").click()
    expect(page.get_by_role("heading", level=1, name="Bags")).to_be_visible()
    before = int(page.locator("[data-count]").inner_text().split()[0])
    page.locator("#facet-colour summary").click()
    page.locator("#facet-colour").get_by_label("Black").check()
    expect(page).to_have_url(re.compile("colour=Black"))
    expect(page.get_by_role("link", name="Remove Black")).to_be_visible()
    assert 0 < int(page.locator("[data-count]").inner_text().split()[0]) < before

    page.keyboard.press("Escape")  # closes the filter, which lies over the first pieces
    page.locator("#grid .card-link", has_text="Canvas backpack").first.click()
    name = page.get_by_role("heading", level=1).inner_text()
    expect(page.get_by_text("Colour: Black")).to_be_visible()

    page.goto("/")
    expect(page.get_by_role("region", name="Where you left off")).to_contain_text(name)
    expect(page.get_by_role("region", name="For you")).to_contain_text(f"Because you looked at {name}")


def test_not_for_me_takes_a_piece_away_and_undo_brings_it_back(page: Page):
    look_at(page, "Canvas backpack")
    page.goto("/")
    for_you = page.get_by_role("region", name="For you")
    card = for_you.locator(".card", has=page.get_by_role("button", name="Not for me")).first
    address = card.locator(".card-link").get_attribute("href")
    card.get_by_role("button", name="Not for me").click()

    notice = page.locator("[data-toasts]")
    expect(notice).to_contain_text("We will not show you")
    expect(for_you.locator(f'a[href="{address}"]')).to_have_count(0)
    notice.get_by_role("button", name="Undo").click()
    expect(for_you.locator(f'a[href="{address}"]')).to_have_count(1)
    page.reload()
    expect(for_you.locator(f'a[href="{address}"]')).to_have_count(1)


def test_a_card_says_why_and_lets_that_be_stopped(page: Page):
    look_at(page, "Canvas backpack")
    page.goto("/")
    for_you = page.get_by_role("region", name="For you")
    why = for_you.locator("details.why", has_text="Because you looked at").first
    why.locator("summary").click()
    expect(why).to_contain_text("You looked at")
    why.get_by_role("button", name="Stop using this").click()
    expect(page.locator(".messages")).to_contain_text("Forgotten.")
    expect(page.get_by_role("heading", name="Popular this week")).to_be_visible()


def test_with_personal_pages_switched_off_nothing_is_remembered(page: Page):
    look_at(page, "Canvas backpack")
    page.goto("/account/privacy/")
    page.get_by_role("button", name="Switch them off").click()
    expect(page.get_by_role("button", name="Switch them on")).to_be_visible()

    look_at(page, "Lambswool scarf")
    page.goto("/")
    expect(page.get_by_role("heading", name="Popular this week")).to_be_visible()
    expect(page.get_by_role("region", name="Where you left off")).to_have_count(0)
    expect(page.get_by_role("region", name="For you")).to_have_count(0)


def test_words_find_pieces_also_when_misspelt(page: Page):
    page.goto("/")
    field = page.get_by_label("Search the shop")
    field.fill("bakpack")
    field.press("Enter")
    expect(page.locator("#grid .card").first).to_contain_text("backpack")
    expect(page.get_by_text("We found nothing for “bakpack”")).to_be_visible()
