"""Products over REST: as cards, in full, by words and filters, page by page."""

from decimal import Decimal

import pytest

from catalog.models import Attribute, ProductAttribute
from tests.eyes import jpeg, uploaded
from tests.factories import BrandFactory, CategoryFactory, ProductFactory, reduced_from
from tests.rest import V1, assert_problem, program
from vision.analysis import analyse_images

pytestmark = pytest.mark.django_db


def get(path: str, **query: object):
    response = program().get(V1 + path, query)
    assert response.status_code == 200, response.content
    return response.json()


def names(page: dict) -> list[str]:
    return [card["name"] for card in page["results"]]


def test_a_card_says_what_a_listing_needs():
    product = reduced_from(ProductFactory(name="Breton tee", variants__price=Decimal("29.90")), "39.90")
    (card,) = get("products/")["results"]
    image = card.pop("image")
    assert card == {
        "id": product.pk,
        "slug": product.slug,
        "name": "Breton tee",
        "url": f"http://testserver/p/{product.slug}/",
        "category": {"slug": "tops", "name": "Tops"},
        "brand": "Fjord",
        "price": {"amount": "29.90", "currency": "EUR"},
        "was_price": {"amount": "39.90", "currency": "EUR"},
        "percent_off": 25,
        "in_stock": True,
        "colour": "Blue",
    }
    assert image["url"].endswith("-320.webp")
    assert (image["width"], image["height"], image["alt"]) == (320, 427, "A blue striped tee")
    assert image["srcset"].count("http://testserver/media/") == 2


def test_a_picture_has_the_size_of_the_file_that_is_named():
    product = ProductFactory(pictures=0)
    product.images.create(state="ready", stem="tee", widths=[240, 480, 960], width=960, height=1280)
    image = get(f"products/{product.pk}/")["image"]
    assert image["url"].endswith("tee-480.webp")
    assert (image["width"], image["height"]) == (480, 640)


def test_a_product_without_a_picture_or_a_brand_has_all_keys():
    ProductFactory(pictures=0, brand=None)
    (card,) = get("products/")["results"]
    assert card["brand"] is None
    assert card["image"] == {"url": "", "width": 0, "height": 0, "alt": card["name"], "srcset": ""}


def test_a_product_in_full(eyes):
    product = ProductFactory(variants=[("S", 0), ("M", 3)], pictures=0, style_code="BT1")
    analyse_images([uploaded(jpeg(1), product).pk])
    season = Attribute.objects.create(name="Season", slug="season")
    ProductAttribute.objects.create(product=product, attribute=season, value="Summer")
    full = get(f"products/{product.pk}/")
    assert [(v["size"], v["in_stock"]) for v in full["variants"]] == [("S", False), ("M", True)]
    assert "stock" not in full["variants"][0]  # how many are left is the shop's own business
    assert full["variants"][1]["price"] == {"amount": "39.00", "currency": "EUR"}
    assert len(full["images"]) == 1
    assert full["attributes"] == {"Season": "Summer"}
    assert full["labels"][0] == {"label": "Women", "kind": "gender", "probability": 0.93}
    assert full["style_code"] == "BT1"


def test_a_product_that_is_not_looked_at_yet_has_no_labels():
    assert get(f"products/{ProductFactory().pk}/")["labels"] == []


@pytest.mark.parametrize("status", ["draft", "archived"])
def test_what_is_not_for_sale_is_not_there(status):
    hidden = ProductFactory(status=status)
    assert get("products/")["results"] == []
    for path in ("", "related/", "complementary/"):
        assert_problem(program().get(f"{V1}products/{hidden.pk}/{path}"), 404)


def test_filters_narrow_the_list():
    tops, shoes = CategoryFactory(name="Tops"), CategoryFactory(name="Shoes")
    ProductFactory(name="Tee", category=tops, colour="Blue", variants__price=Decimal("20.00"))
    ProductFactory(name="Boot", category=shoes, colour="Black", brand=BrandFactory(name="Nord"))
    ProductFactory(name="Clog", category=shoes, colour="Blue", variants__stock=0)
    assert names(get("products/", category="shoes", sort="price")) == ["Boot", "Clog"]
    assert names(get("products/", colour="Black")) == ["Boot"]
    assert names(get("products/", brand="nord")) == ["Boot"]
    assert names(get("products/", max_price="25")) == ["Tee"]
    assert names(get("products/", category="shoes", in_stock="1")) == ["Boot"]
    assert names(get("products/", q="boot")) == ["Boot"]
    assert set(names(get("products/", in_stock="0"))) == {"Tee", "Boot", "Clog"}


def test_the_category_above_holds_what_those_below_hold():
    above = CategoryFactory(name="Clothes")
    ProductFactory(name="Tee", category=CategoryFactory(name="Tops", parent=above))
    assert names(get("products/", category="clothes")) == ["Tee"]


def test_pages_follow_each_other_and_lead_back():
    for number in range(5):
        ProductFactory(name=f"Tee {number}")
    first = get("products/", limit=2, colour="Blue")
    assert first["previous"] is None
    second = program().get(first["next"]).json()
    third = program().get(second["next"]).json()
    assert [*names(first), *names(second), *names(third)] == [f"Tee {number}" for number in (4, 3, 2, 1, 0)]
    assert third["next"] is None
    assert program().get(second["previous"]).json()["results"] == first["results"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("cursor", "nonsense"), ("cursor", "\x00"), ("min_price", "cheap"), ("max_price", "1e999"), ("max_price", "-1"),
     ("in_stock", "perhaps"), ("sort", "for-you"), ("sort", "id; DROP TABLE"), ("limit", "many"), ("limit", "-1")],
)  # fmt: skip
def test_what_makes_no_sense_is_said_by_field(name, value):
    body = assert_problem(program().get(V1 + "products/", {name: value}), 400)
    assert list(body["errors"]) == [name]


def test_a_cursor_whose_place_was_made_up_shows_a_page_all_the_same():
    ProductFactory()
    cursor = "WyJub25zZW5zZSIsMSwwXQ"  # ["nonsense",1,0]
    assert len(get("products/", cursor=cursor)["results"]) == 1


def test_the_tree_of_categories():
    clothes = CategoryFactory(name="Clothes", position=0)
    CategoryFactory(name="Tops", parent=clothes)
    CategoryFactory(name="Shoes", position=1)
    tree = get("categories/")
    assert [node["slug"] for node in tree] == ["clothes", "shoes"]
    assert tree[0]["children"] == [
        {"slug": "tops", "name": "Tops", "url": "http://testserver/c/tops/", "children": []}
    ]


def test_half_typed_words_are_completed():
    product = ProductFactory(name="Breton tee")
    assert {"kind": "product", "text": "Breton tee", "url": f"http://testserver/p/{product.slug}/"} in get(
        "search/suggest/", q="bret"
    )
    assert get("search/suggest/") == []
    assert get("search/suggest/", q="\x00") == []


def test_a_list_needs_six_queries_and_a_product_eight_however_much_there_is(django_assert_max_num_queries):
    for number in range(12):
        ProductFactory(name=f"Tee {number}", category=CategoryFactory(name=f"Shelf {number % 3}"), pictures=2)
    product = ProductFactory(variants=[("S", 1), ("M", 1), ("L", 1)], pictures=3)
    client = program()
    with django_assert_max_num_queries(6):
        client.get(V1 + "products/", {"q": "tee", "category": "shelf-1"})
    with django_assert_max_num_queries(8):
        client.get(f"{V1}products/{product.pk}/")
