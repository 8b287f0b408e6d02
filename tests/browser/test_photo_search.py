"""A photo is named, found and answered, by the real network in a real worker."""

import re

from playwright.sync_api import Page, expect

from catalog.drawing.render import draw_phone_photo
from tests.browser.stage import as_file
from tests.browser.walking import look_at

ANSWER = re.compile(r"/photo/[0-9a-f-]{36}/$")


def send(page: Page, photo: dict) -> None:
    """Choose a photo; the page sends it at once and shows its answer."""
    page.goto("/photo/")
    page.set_input_files("#photo-file", photo)
    page.wait_for_url(ANSWER)


def test_a_phone_photo_is_named_and_answered_with_what_is_like_it_and_what_goes_with_it(page: Page, shop):
    bag = next(product for product in shop.products if product.article_type == "Backpacks")
    send(page, as_file(draw_phone_photo(bag, 480, 640, seed=1)))
    expect(page.get_by_alt_text("The photo you sent")).to_be_visible()
    seen = page.get_by_role("list", name="What we see").get_by_role("listitem")
    expect(seen.first).to_have_text(re.compile(r"\d+\s%"))
    expect(page.get_by_role("region", name="Similar").locator(".card")).not_to_have_count(0)
    expect(page.get_by_role("region", name="Goes with it").locator(".card")).not_to_have_count(0)


def test_the_shops_own_picture_finds_exactly_its_product(page: Page):
    name = look_at(page, "sneakers")
    picture = page.request.get(page.locator("[data-zoom]").first.get_attribute("href")).body()
    send(page, {"name": "saved.webp", "mimeType": "image/webp", "buffer": picture})
    expect(page.get_by_text("We have exactly this")).to_be_visible()
    expect(page.locator("#exact-title")).to_have_text(name)


def test_a_box_drawn_on_the_photo_asks_about_what_is_in_it(page: Page, shop):
    send(page, as_file(draw_phone_photo(shop.products[0], 480, 640, seed=2)))
    first = page.url
    stand = page.locator("[data-photo-boxes]").bounding_box()
    page.mouse.move(stand["x"] + 0.2 * stand["width"], stand["y"] + 0.2 * stand["height"])
    page.mouse.down()
    page.mouse.move(stand["x"] + 0.8 * stand["width"], stand["y"] + 0.8 * stand["height"], steps=4)
    page.mouse.up()
    page.wait_for_url(lambda url: ANSWER.search(url) and url != first)
    expect(page.get_by_role("button", name="Whole photo")).to_be_visible()


def test_words_and_the_control_change_the_answer_without_leaving_the_page(page: Page, shop):
    send(page, as_file(draw_phone_photo(shop.products[0], 480, 640, seed=2)))
    expect(page.get_by_alt_text("The photo you sent")).to_be_visible()  # the waiting page is left by then
    page.evaluate("window.stayed = true")
    page.get_by_role("searchbox", name="What should be different").fill("this but black, under 5000")
    page.keyboard.press("Enter")
    words = page.get_by_role("list", name="Words in force")
    expect(words.get_by_role("link", name="Remove black")).to_be_visible()
    page.get_by_role("link", name="Same shape, other colour").click()
    expect(page.get_by_role("link", name="Same shape, other colour")).to_have_attribute(
        "aria-current", "true"
    )
    expect(page).to_have_url(re.compile(r"match=shape&q=this\+but\+black"))
    words.get_by_role("link", name="Remove black").click()
    expect(words.get_by_role("link", name="Remove black")).to_have_count(0)
    page.go_back()
    expect(words.get_by_role("link", name="Remove black")).to_be_visible()
    assert page.evaluate("window.stayed")


def test_a_finger_scrolls_the_photo_until_it_is_told_to_draw(open_page, shop):
    phone = open_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    send(phone, as_file(draw_phone_photo(shop.products[0], 480, 640, seed=2)))
    boxes = phone.locator("[data-photo-boxes]")
    expect(boxes).to_have_css("touch-action", "pan-y pinch-zoom")
    phone.get_by_role("button", name="Draw a box").tap()
    expect(boxes).to_have_css("touch-action", "none")
    expect(phone.get_by_text("Drag a box over the piece you mean.")).to_be_visible()


def test_a_photo_is_nobody_elses_to_see(page: Page, open_page, shop):
    send(page, as_file(draw_phone_photo(shop.products[0], 240, 320)))
    expect(page.get_by_alt_text("The photo you sent")).to_be_visible()
    assert page.request.get(f"{page.url}picture.jpg").ok
    stranger = open_page()
    assert stranger.goto(page.url).status == 404
    assert stranger.request.get(f"{page.url}picture.jpg").status == 404


def test_a_file_that_is_no_picture_gets_a_sentence(page: Page):
    page.goto("/photo/")
    page.set_input_files(
        "#photo-file", {"name": "letter.jpg", "mimeType": "image/jpeg", "buffer": b"Dear shop, ..."}
    )
    problem = page.get_by_role("alert")
    expect(problem).to_contain_text("JPEG, PNG, WebP or HEIC")
    page.set_input_files("#photo-file", {"name": "empty.jpg", "mimeType": "image/jpeg", "buffer": b""})
    expect(problem).to_contain_text("empty")


def test_a_photo_that_breaks_off_gets_a_sentence(page: Page, shop):
    whole = as_file(draw_phone_photo(shop.products[0], 480, 640))
    page.goto("/photo/")
    page.set_input_files("#photo-file", {**whole, "buffer": whole["buffer"][:4000]})
    expect(page.get_by_role("alert")).to_contain_text("damaged")
