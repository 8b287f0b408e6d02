from decimal import Decimal

import pytest

from vision.collecting.candidates import Price, Seen, candidate_from, largest, name_of, price_in

PAGE = "https://shop.test/women/dresses.html"


def _address(**said: object) -> str | None:
    candidate = candidate_from(Seen(**said), PAGE, shortest_side=120)
    return candidate and candidate.address


def test_an_image_is_taken_with_its_name_and_its_price():
    candidate = candidate_from(
        Seen(addresses=("/img/1.jpg",), names=("Silk dress",), around=("", "Silk dress £49.90 Add to bag")),
        PAGE,
        120,
    )

    assert candidate.address == "https://shop.test/img/1.jpg"
    assert candidate.name == "Silk dress"
    assert candidate.price == Price(Decimal("49.90"), None, "GBP")


@pytest.mark.parametrize(
    ("srcset", "best"),
    [
        ("a.jpg 320w, b.jpg 1280w, c.jpg 640w", "b.jpg"),
        ("a.jpg, b.jpg 2x, c.jpg 1.5x", "b.jpg"),
        ("a.jpg 1x,b.jpg 3x", "b.jpg"),
        ("w_300,h_400/a.jpg 300w, w_900,h_1200/a.jpg 900w", "w_900,h_1200/a.jpg"),
        ("only.jpg", "only.jpg"),
    ],
)
def test_of_a_srcset_the_largest_picture_is_taken(srcset, best):
    assert largest([srcset]) == [best]


def test_of_several_srcsets_the_largest_picture_is_taken():
    assert largest(["small.webp 400w", "a.jpg 200w, large.jpg 800w"]) == ["large.jpg"]


def test_a_picture_that_loads_late_is_found_behind_its_placeholder():
    assert _address(addresses=("/late.jpg", "data:image/gif;base64,R0lGOD")) == "https://shop.test/late.jpg"


def test_addresses_are_relative_to_what_the_page_says():
    assert _address(addresses=("1.jpg",), base="https://pictures.test/w/") == "https://pictures.test/w/1.jpg"


@pytest.mark.parametrize(
    "said",
    [
        {"addresses": ("/cart.svg",)},
        {"addresses": ("/img/sprite_2024.png",)},
        {"addresses": ("/basket.png",), "width": 24, "height": 24},
        {"addresses": ("/line.png",), "height": 2},
        {"addresses": ("data:image/png;base64,AAAA",)},
        {"addresses": ("javascript:void(0)",)},
        {"addresses": ("file:///etc/passwd.jpg",)},
        {"addresses": ("http://[broken/1.jpg",)},
        {},
    ],
)
def test_what_is_no_product_picture_is_left_out(said):
    assert _address(**said) is None


def test_a_shirt_with_a_logo_is_a_product():
    assert _address(addresses=("/red-logo-tshirt.jpg",)) == "https://shop.test/red-logo-tshirt.jpg"


@pytest.mark.parametrize(
    ("names", "address", "name"),
    [
        (("  Silk\n dress ",), "/1.jpg", "Silk dress"),
        (("", "Product image 3", "Silk dress"), "/1.jpg", "Silk dress"),
        (("image",), "/img/long-silk-dress_800x1200.jpg", "long silk dress"),
        (("",), "/img/83471.jpg", ""),
        (("=HYPERLINK(1)",), "/1.jpg", "HYPERLINK(1)"),
        (("x" * 300,), "/1.jpg", "x" * 200),
    ],
)
def test_a_picture_is_called_what_the_page_calls_it(names, address, name):
    assert name_of(names, f"https://shop.test{address}") == name


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("£49.90", "49.90", "GBP"),
        ("Now only 49,90 € incl. VAT", "49.90", "EUR"),
        ("EUR 1.299,00", "1299.00", "EUR"),
        ("$1,299", "1299.00", "USD"),
        ("1 299 kr. or 120 EUR", "120.00", "EUR"),
        ("Size 38 £49", "49.00", "GBP"),
        ("£60 or 3 x £20", "60.00", "GBP"),
        ("US$ 75.00", "75.00", "USD"),
    ],
)
def test_a_price_is_read_as_people_write_it(text, amount, currency):
    assert price_in([text]) == Price(Decimal(amount), None, currency)


def test_of_two_prices_the_lower_is_asked_for_now():
    assert price_in(["Was £80.00 Now £59.90"]) == Price(Decimal("59.90"), Decimal("80.00"), "GBP")


def test_the_nearest_price_counts():
    assert price_in(["Silk dress", "Silk dress £49.90", "Silk dress £49.90 £10.00"]).amount == Decimal(
        "49.90"
    )


@pytest.mark.parametrize("text", ["Size 38", "£10 £20 £30", "£10 or 12 €", "40 customers", "£0.00", "A$20"])
def test_no_price_is_taken_where_none_is_clear(text):
    assert price_in([text]) is None


def test_nothing_that_a_page_answers_is_trusted():
    seen = Seen.from_page(
        {"srcsets": 3, "addresses": ["/1.jpg", None, 7], "width": "wide", "base": {}, "more": []}
    )

    assert seen == Seen(addresses=("/1.jpg",))
