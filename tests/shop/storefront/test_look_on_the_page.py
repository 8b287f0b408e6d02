"""The look on a product's page and on a photo's answer, over HTTP, without scripts."""

import re

import pytest

from accounts.shopper import VISITOR_KEY
from catalog.models import Product
from recommendations.models import CuratedPair, Interaction
from tests.factories import ProductFactory
from tests.wearing import piece, stored_look, wear
from vision.models import PhotoQuery

pytestmark = pytest.mark.django_db


@pytest.fixture
def tee():
    return ProductFactory(name="Breton tee", variants=[("S", 3), ("M", 0)], variants__price=20)


@pytest.fixture
def wardrobe(tee):
    """Worn with the tee: jeans or chinos, and boots in two sizes."""
    pieces = {
        "bottom": [
            piece("bottom", "Jeans", variants__price=50),
            piece("bottom", "Chinos", variants__price=60),
        ],
        "feet": [piece("feet", "Boots", variants=[("39", 2), ("40", 1)], variants__price=90)],
    }
    wear(tee, pieces)
    return pieces


def look_on(client, address: str) -> str:
    """The part of the page that shows the look; empty where there is none."""
    found = re.search(r'<section class="look.*?</section>', client.get(address).content.decode(), re.DOTALL)
    return found[0] if found else ""


def names(look: str) -> list[str]:
    return re.findall(r'class="card-name"[^>]*>([^<]+)<', look)


def test_a_product_page_shows_a_whole_look_with_reasons_and_its_price(client, tee, wardrobe):
    look = look_on(client, tee.get_absolute_url())
    assert names(look) == ["Breton tee", "Jeans", "Boots"]
    assert "Colours that are worn together" in look
    assert re.search(r"3 pieces</span> <strong>€\s160<", look)


def test_a_link_swaps_one_piece_and_the_next_leads_back(client, tee, wardrobe):
    address = tee.get_absolute_url()
    for expected in ("Chinos", "Jeans"):
        look = look_on(client, address)
        (swap,) = re.findall(r'href="(\?swap=[^"#]*)#look"', look)
        address = tee.get_absolute_url() + swap.replace("&amp;", "&")
        assert names(look_on(client, address)) == ["Breton tee", expected, "Boots"]


def test_a_photos_answer_shows_a_look_around_the_piece_and_comes_back_to_itself(visitor, wardrobe):
    session = visitor.session
    session[VISITOR_KEY] = "asker"
    session.save()
    seen = {
        "box": [0, 0, 60, 80], "known": True, "colours": [], "labels": [], "exact": None,
        "similar": [], "alike": [], "complementary": [], "look": stored_look(wardrobe),
    }  # fmt: skip
    query = PhotoQuery.objects.create(
        session_key="asker", status="done", width=60, height=80, picture=b"", answer=[seen]
    )
    look = look_on(visitor, f"/photo/{query.pk}/")
    assert names(look) == ["Jeans", "Boots"]
    assert f'name="next" value="/photo/{query.pk}/"' in look


def test_scripts_get_the_swapped_look_alone(client, tee, wardrobe):
    page = client.get(f"/look/{tee.pk}/?swap={wardrobe['bottom'][0].pk}").content.decode()
    assert names(page) == ["Breton tee", "Chinos", "Boots"]
    assert "<html" not in page


def test_swapping_is_no_second_visit(visitor, tee, wardrobe):
    visitor.get(tee.get_absolute_url())
    visitor.get(tee.get_absolute_url() + "?swap=1")
    visitor.get(f"/look/{tee.pk}/")
    assert Interaction.objects.count() == 1


def test_sizes_are_chosen_in_the_look_and_what_is_sold_out_cannot_be(client, tee, wardrobe):
    look = look_on(client, tee.get_absolute_url())
    small, medium = tee.variants.order_by("position")
    assert f'<option value="{small.pk}">S</option>' in look
    assert f'<option value="{medium.pk}" disabled>M, sold out</option>' in look
    assert f'<input type="hidden" name="variant" value="{wardrobe["bottom"][0].variants.get().pk}">' in look


def test_the_look_that_is_shown_goes_into_the_bag_with_one_click(client, tee, wardrobe):
    sizes = [
        tee.variants.first().pk,
        wardrobe["bottom"][0].variants.get().pk,
        wardrobe["feet"][0].variants.first().pk,
    ]
    page = client.post(
        "/bag/add-look/", {"variant": sizes, "next": tee.get_absolute_url()}, follow=True
    ).content.decode()
    assert "3 pieces of the look are in your bag." in page
    assert 'data-cart-count class="count">3' in page


def test_what_sold_out_or_left_the_shop_a_second_ago_is_not_shown_and_costs_nothing(client, tee, wardrobe):
    jeans, chinos = wardrobe["bottom"]
    Product.objects.filter(pk=jeans.pk).update(status="archived")
    look = look_on(client, tee.get_absolute_url())
    assert names(look) == ["Breton tee", "Chinos", "Boots"]
    assert "swap=" not in look
    tee.variants.update(stock=0)
    Product.objects.filter(pk=tee.pk).update(in_stock=False)
    assert names(look_on(client, tee.get_absolute_url())) == ["Chinos", "Boots"]
    Product.objects.filter(pk=chinos.pk).update(in_stock=False)
    assert look_on(client, tee.get_absolute_url()) == ""
    assert client.get(f"/look/{tee.pk}/").content.strip() == b""


def test_what_a_curator_forbids_beside_a_product_is_not_in_its_look(client, tee, wardrobe):
    CuratedPair.objects.create(product=wardrobe["bottom"][0], verb="never", other=tee)
    assert names(look_on(client, tee.get_absolute_url())) == ["Breton tee", "Chinos", "Boots"]


def test_a_product_without_a_look_has_none(client):
    assert look_on(client, ProductFactory().get_absolute_url()) == ""


@pytest.mark.parametrize("nonsense", ["swap=", "swap=x", "swap=" + "9" * 40, "swap=%00", "swap=-1&swap=²"])
def test_nonsense_in_the_address_shows_the_look_as_it_is(client, tee, wardrobe, nonsense):
    assert names(look_on(client, f"{tee.get_absolute_url()}?{nonsense}")) == ["Breton tee", "Jeans", "Boots"]


@pytest.mark.parametrize("who", ["visitor", "signed_in"])
def test_a_page_with_a_look_needs_at_most_eight_queries(
    who, request, tee, wardrobe, django_assert_max_num_queries
):
    client = request.getfixturevalue(who)
    for number in range(8):
        ProductFactory(category=tee.category, style_code=f"b{number}")
    near = Product.objects.filter(category=tee.category).exclude(pk=tee.pk)
    tee.memberships.update(
        related=[p.pk for p in near],
        related_scores=[0.5] * len(near),
        related_reasons=["similar_look"] * len(near),
    )
    client.get(tee.get_absolute_url())  # the shelves and hearts are in the cache from now on
    with django_assert_max_num_queries(8):
        client.get(tee.get_absolute_url())
    with django_assert_max_num_queries(8):
        client.get(f"/look/{tee.pk}/")
