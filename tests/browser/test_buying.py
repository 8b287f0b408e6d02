"""From a piece somebody likes to a paid order, with an account and without."""

import re

from playwright.sync_api import Page, expect

from tests.browser.walking import fill_in_address, fill_in_sign_up, look_at, put_into_bag, sign_up


def pay_with(page: Page, card: str) -> None:
    page.get_by_label(card).check()
    page.get_by_role("button", name="Pay").click()


def test_a_new_shopper_signs_up_orders_and_pays_at_the_second_try(page: Page):
    email = sign_up(page)
    name = look_at(page, "sneakers")
    put_into_bag(page)

    page.locator("header").get_by_role("link", name="Bag", exact=True).click()
    expect(page.locator(".bag-line")).to_contain_text(name)
    page.get_by_label(f"How many of {name}").select_option("2")
    expect(page.locator("header [data-cart-count]")).to_have_text("2")
    page.get_by_role("link", name="Check out").click()

    expect(page.get_by_label("E-mail address")).to_have_value(email)
    fill_in_address(page)
    page.get_by_role("button", name="Order and pay").click()

    pay_with(page, "Test card that is declined")
    expect(page.get_by_role("alert")).to_contain_text("The card was declined")
    pay_with(page, "Test card that pays")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, Ada Example.")
    number = re.search(r"/orders/([^/?]+)/", page.url)[1]
    expect(page.locator("header [data-cart-count]")).to_be_hidden()

    page.goto("/account/orders/")
    row = page.get_by_role("listitem").filter(has_text=number)
    expect(row).to_contain_text(name)
    expect(row).to_contain_text("paid")
    page.goto("/account/addresses/")
    expect(page.get_by_role("main")).to_contain_text("1 Loom Lane")


def test_a_guest_orders_and_opens_the_order_by_the_link_in_the_mail(page: Page, open_page, shop):
    name = look_at(page, "scarf")
    put_into_bag(page)
    page.goto("/checkout/")
    page.get_by_label("E-mail address").fill("guest@example.com")
    fill_in_address(page)
    page.get_by_role("button", name="Order and pay").click()
    pay_with(page, "Test card that asks your bank first")
    page.get_by_role("button", name="Yes, pay").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, Ada Example.")
    number = re.search(r"/orders/([^/?]+)/", page.url)[1]

    mail = shop.mail_to("guest@example.com", "order")
    link = re.search(r"http://\S+/orders/\S+", mail.get_body(("plain",)).get_content())[0]
    elsewhere = open_page()
    elsewhere.goto(link)
    expect(elsewhere.get_by_role("heading", level=1)).to_have_text("Thank you, Ada Example.")
    expect(elsewhere.get_by_role("main")).to_contain_text(name)
    assert open_page().goto(f"/orders/{number}/").status == 404


def test_what_was_put_into_the_bag_before_signing_in_is_there_afterwards(page: Page):
    name = look_at(page, "tote")
    put_into_bag(page)
    sign_up(page)
    page.goto("/bag/")
    expect(page.locator(".bag-line")).to_contain_text(name)


def test_a_piece_saved_with_the_heart_waits_on_the_wish_list(page: Page):
    sign_up(page)
    name = look_at(page, "cap")
    page.locator(".buy-wish").click()
    expect(page.locator("header [data-wish-count]")).to_have_text("1")
    page.goto("/wishlist/")
    heart = page.get_by_role("main").get_by_role("button", name=f"Save {name}")
    expect(heart).to_have_attribute("aria-pressed", "true")
    heart.click()
    expect(page.locator("header [data-wish-count]")).to_be_hidden()
    page.reload()
    expect(page.get_by_text("Nothing saved yet.")).to_be_visible()


def test_a_visitor_keeps_a_list_and_takes_it_along_when_signing_up(page: Page):
    name = look_at(page, "cap")
    page.locator(".buy-wish").click()
    expect(page.locator("header [data-wish-count]")).to_have_text("1")
    page.goto("/wishlist/")
    expect(page.get_by_role("main")).to_contain_text(name)
    page.goto("/account/signup/")
    fill_in_sign_up(page)
    page.goto("/wishlist/")
    expect(page.get_by_role("main")).to_contain_text(name)
