"""The drawn catalogue keeps its promises, whatever its size and seed."""

import xml.etree.ElementTree as ET
from collections import Counter, defaultdict
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.drawing.demo import demo_brands, demo_categories, demo_products
from catalog.drawing.palette import COLOURS
from catalog.drawing.render import VIEWS

PATTERNS = {"Solid", "Striped", "Checked", "Dotted", "Floral", "Denim", "Print"}


@pytest.fixture(scope="module")
def products():
    return demo_products()


def test_every_article_type_is_well_represented(products):
    counts = Counter(product.article_type for product in products)

    assert len(products) == 640
    assert len(counts) == 33
    assert min(counts.values()) >= 3
    assert all(counts[kind] >= 20 for kind in ("Tshirts", "Shirts", "Dresses", "Jeans", "Trousers"))


def test_categories_form_a_tree_of_two_levels(products):
    categories = {category.slug: category for category in demo_categories()}
    tops = {slug for slug, category in categories.items() if category.parent is None}

    assert tops == {"tops", "bottoms", "dresses", "outerwear", "shoes", "bags", "accessories"}
    assert all(category.parent in tops for slug, category in categories.items() if slug not in tops)
    assert {product.category for product in products} == set(categories) - tops


def test_a_parent_category_is_named_before_its_children():
    seen = set()
    for category in demo_categories():
        assert category.parent is None or category.parent in seen
        seen.add(category.slug)


def test_brands_are_many_and_all_of_them_sell_something(products):
    brands = demo_brands()

    assert len(brands) >= 12
    assert len({brand.name for brand in brands}) == len({brand.slug for brand in brands}) == len(brands)
    assert {product.brand for product in products} == {brand.slug for brand in brands}
    assert all(brand.story.endswith(".") for brand in brands)


@pytest.mark.parametrize("brand", demo_brands(), ids=lambda brand: brand.slug)
def test_a_logo_is_plain_svg_in_the_colour_of_the_text(brand):
    root = ET.fromstring(brand.logo_svg)  # noqa: S314 (our own text)
    names = {element.tag.rsplit("}")[-1] for element in root.iter()}
    attributes = {name.lower() for element in root.iter() for name in element.attrib}

    assert root.get("aria-label") == brand.name
    assert names <= {"svg", "path", "circle", "rect", "text"}
    assert not any(name.startswith("on") or name.endswith("href") or name == "style" for name in attributes)
    assert "currentColor" in brand.logo_svg
    assert "#" not in brand.logo_svg


def test_logos_differ():
    logos = [brand.logo_svg for brand in demo_brands()]
    assert len(set(logos)) == len(logos)


@settings(max_examples=15, deadline=None)
@given(n=st.integers(0, 300), seed=st.integers(0, 2**32 - 1))
def test_any_catalogue_holds_its_invariants(n, seed):
    products = demo_products(n, seed)
    leaves = {category.slug for category in demo_categories() if category.parent}

    assert len(products) == len({product.external_id for product in products}) == n
    for product in products:
        assert product.price > 0
        assert product.was_price is None or product.was_price > product.price
        assert product.price.as_tuple().exponent == -2
        assert product.category in leaves
        assert product.colour_hex == COLOURS[product.colour]
        assert product.pattern in PATTERNS
        assert product.gender in {"Men", "Women", "Unisex"}
        assert product.sizes
        assert all(stock >= 0 for _, stock in product.sizes)
        assert len({size for size, _ in product.sizes}) == len(product.sizes)
        assert product.views
        assert set(product.views) <= set(VIEWS)
        assert product.name[0].isupper()
        assert 2 <= product.description.count(".") <= 4


def test_the_same_seed_gives_the_same_catalogue():
    assert demo_products(60, seed=3) == demo_products(60, seed=3)
    assert demo_products(60, seed=3) != demo_products(60, seed=4)


def test_a_model_comes_in_several_colours_and_is_otherwise_one_thing(products):
    models = defaultdict(list)
    for product in products:
        models[product.style_code].append(product)
    whole = list(models.values())[:-1]  # the last one may be cut short by n

    assert all(3 <= len(colours) <= 5 for colours in whole)
    for colours in whole:
        assert len({product.colour for product in colours}) == len(colours)
        for one, other in pairwise(colours):
            assert (one.name, one.brand, one.article_type, one.attributes, one.price) == (
                other.name,
                other.brand,
                other.article_type,
                other.attributes,
                other.price,
            )


def test_some_sizes_are_sold_out_some_products_too_and_some_are_on_sale(products):
    gone = [product for product in products if not any(stock for _, stock in product.sizes)]
    partly = [p for p in products if p not in gone and any(not stock for _, stock in p.sizes)]
    reduced = [product for product in products if product.was_price is not None]

    assert 5 <= len(gone) <= 64
    assert len(partly) > 100
    assert 20 <= len(reduced) <= 160


def test_every_colour_and_pattern_of_the_vocabulary_is_sold(products):
    assert {product.colour for product in products} == set(COLOURS)
    assert {product.pattern for product in products} == PATTERNS


def test_a_large_catalogue_has_no_repeated_ids():
    products = demo_products(5000)
    assert len({product.external_id for product in products}) == 5000
