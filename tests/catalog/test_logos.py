"""Logos come from strangers: a drawing is taken, everything else refused with a sentence."""

import base64

import pytest

from catalog.drawing.demo import demo_brands
from catalog.logos import LogoRejected, check_logo, logo_address

OPEN = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">'


def test_a_drawing_is_taken_as_it_is():
    drawing = f'{OPEN}<g fill="currentColor"><path d="M0 0h9v9z"/></g></svg>'
    assert check_logo(f"\n {drawing} ") == drawing


def test_a_gradient_of_its_own_may_be_used():
    check_logo(f'{OPEN}<linearGradient id="a"/><rect fill="url(#a)" width="9" height="9"/></svg>')


def test_the_logos_of_the_drawn_catalogue_are_taken():
    for brand in demo_brands():
        check_logo(brand.logo_svg)


@pytest.mark.parametrize(
    ("logo", "sentence"),
    [
        (f"{OPEN}<script>alert(1)</script></svg>", "may not hold <script>"),
        (f"{OPEN}<foreignObject/></svg>", "may not hold <foreignObject>"),
        (f"{OPEN}<style>@import 'evil'</style></svg>", "may not hold <style>"),
        (f'{OPEN}<path onload="alert(1)"/></svg>', "may not react to events"),
        (f'{OPEN}<use href="https://evil.example/x.svg#a"/></svg>', "may not fetch anything"),
        (f'{OPEN}<rect fill="url(https://evil.example/x)"/></svg>', "may not fetch anything"),
        (f'{OPEN}<rect fill="url( &quot;https://evil.example/x&quot;)"/></svg>', "may not fetch anything"),
        ('<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg/>', "may not have a DOCTYPE"),
        ("<p>hello</p>", "begins with <svg"),
        ("hello", "not an SVG drawing"),
        (f'{OPEN}<path d="{"M0 0" * 20_000}"/></svg>', "more than 50 kB"),
    ],
)
def test_anything_else_is_refused(logo, sentence):
    with pytest.raises(LogoRejected, match=sentence):
        check_logo(logo)


def test_a_logo_is_shown_as_an_image():
    kind, _, data = logo_address(f"{OPEN}</svg>").partition(",")
    assert kind == "data:image/svg+xml;base64"
    assert base64.b64decode(data).decode() == f"{OPEN}</svg>"
