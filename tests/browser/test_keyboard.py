"""The shop in the hands of somebody who uses the keyboard alone."""

from playwright.sync_api import Page, expect

from catalog.drawing.render import draw_phone_photo
from tests.browser.stage import OpenShop, as_file


def tab_to(page: Page, selector: str, key: str = "Tab", most: int = 80) -> None:
    """Press Tab (or Shift+Tab) until the focus is on ``selector``."""
    for _ in range(most):
        page.keyboard.press(key)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{most} times {key} did not lead to {selector}")


def choose_size_and_buy(page: Page) -> None:
    """On a product's page: put the first size that is there into the bag."""
    if page.locator(".sizes").count():
        tab_to(page, "input[name=variant]")
        page.keyboard.press("Space")
    for _ in range(
        page.locator(".size").count()
    ):  # the arrows go on to the next size, also to one that is sold out
        if page.locator("#buy-form .buy-button").is_enabled():
            break
        page.keyboard.press("ArrowDown")
    tab_to(page, "#buy-form .buy-button")
    page.keyboard.press("Enter")
    expect(page.locator("header [data-cart-count]")).to_have_text("1")


def test_the_first_stop_leads_past_the_header(page: Page):
    page.goto("/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_searching_choosing_a_size_and_adding_to_the_bag(page: Page):
    page.goto("/")
    tab_to(page, "#search-field")
    page.keyboard.type("sneakers")
    page.keyboard.press("Enter")
    expect(page.locator("#grid")).to_be_visible()
    tab_to(page, "#grid .card-link")
    page.keyboard.press("Enter")
    expect(page.locator("#buy-form")).to_be_visible()
    choose_size_and_buy(page)


def test_from_a_photo_to_the_confirmation_of_a_guests_order(page: Page, shop: OpenShop):
    page.goto("/")
    tab_to(page, "#photo-file")
    # What the key opens is the system's own window: the file is chosen here as there.
    page.locator("#photo-file").set_input_files(as_file(draw_phone_photo(shop.products[8], 480, 640, seed=1)))
    expect(page.get_by_alt_text("The photo you sent")).to_be_visible()

    tab_to(page, "#similar .card-link")
    page.keyboard.press("Enter")
    expect(page.locator("#buy-form")).to_be_visible()
    choose_size_and_buy(page)
    tab_to(page, ".buy-wish")
    page.keyboard.press("Enter")
    expect(page.locator("header [data-wish-count]")).to_have_text("1")

    tab_to(page, "header a[href='/bag/']", key="Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".bag-line")).to_be_visible()
    tab_to(page, "main a[href='/checkout/']")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Full name")).to_be_visible()
    for name, value in (
        ("email", "keys@example.com"),
        ("name", "Ada Example"),
        ("street", "1 Loom Lane"),
        ("postcode", "1010"),
        ("city", "Vienna"),
        ("country", "Aus"),  # the list goes to what is typed
    ):
        tab_to(page, f"main [name={name}]")
        page.keyboard.type(value)
    tab_to(page, "main form[data-once] button:not([name])")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Pay ")
    tab_to(page, "main form[data-once] button:not([name])")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, Ada Example.")


def test_every_stop_of_the_home_page_shows_where_the_focus_is(page: Page):
    page.goto("/")
    unseen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        mark = page.evaluate(
            """() => {
                const focused = document.activeElement;
                const holders = [focused, focused.closest("label, .card, .photo-drop, .search-box, details")];
                const seen = holders.filter(Boolean).some((element) =>
                    ["", "::before", "::after"].some((part) => {
                        const style = getComputedStyle(element, part || null);
                        return style.outlineStyle !== "none" || style.boxShadow !== "none";
                    }));
                return seen ? "" : focused.outerHTML.slice(0, 120);
            }"""
        )
        if mark:
            unseen.append(mark)
    assert not unseen, unseen
