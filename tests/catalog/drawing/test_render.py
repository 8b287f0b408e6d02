"""Pictures of products: the right size, the right colour, the same every time."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.drawing.demo import demo_products, views_of
from catalog.drawing.palette import COLOURS, rgb
from catalog.drawing.render import VIEWS, cut_out, draw_phone_photo, draw_product, draw_scene
from catalog.drawing.staging import DRAWERS

SIZE = (90, 120)  # width, height: enough to see whether something was drawn


@pytest.fixture(scope="module")
def products():
    return demo_products(700)


@pytest.fixture(scope="module")
def one_of_each(products):
    return {product.article_type: product for product in reversed(products)}


@pytest.fixture(scope="module")
def plain_tee(products):
    tee = next(p for p in products if p.article_type == "Tshirts" and "Graphic" not in p.attributes)
    return replace(tee, pattern="Solid", attributes={"Neckline": "Crew"}, fabric="Jersey")


def painted(picture):
    """Where the picture is not the paper it lies on."""
    corner = picture[:4, :4].reshape(-1, 3).mean(axis=0)
    return np.abs(picture.astype(float) - corner).sum(axis=-1) > 60


@pytest.mark.parametrize("article_type", sorted(DRAWERS))
def test_every_article_type_draws_every_view_it_offers(one_of_each, article_type):
    product = one_of_each[article_type]
    for view in views_of(article_type):
        picture = draw_product(product, *SIZE, view=view)
        assert picture.shape == (120, 90, 3)
        assert picture.dtype == np.uint8
        assert painted(picture).mean() > 0.04


def test_every_model_of_the_catalogue_draws(products):
    for product in {product.style_code: product for product in products}.values():
        assert draw_product(product, 45, 60, product.views[0]).std() > 5


def test_every_type_the_catalogue_sells_has_a_drawer_and_the_other_way_round(products):
    assert {product.article_type for product in products} == set(DRAWERS)


@settings(max_examples=12, deadline=None)
@given(
    width=st.integers(8, 160),
    height=st.integers(8, 160),
    pick=st.integers(0, 699),
    view=st.sampled_from(VIEWS),
)
def test_any_product_fits_any_frame(products, width, height, pick, view):
    assert draw_product(products[pick], width, height, view).shape == (height, width, 3)


def test_an_unknown_view_is_refused_with_the_known_ones(plain_tee):
    with pytest.raises(ValueError, match="flat, hanger, side, pair, detail"):
        draw_product(plain_tee, view="upside-down")


def test_the_same_product_is_drawn_the_same_way_twice(plain_tee):
    assert np.array_equal(draw_product(plain_tee, *SIZE), draw_product(plain_tee, *SIZE))


def test_two_models_of_one_kind_are_cut_differently(plain_tee):
    other = replace(plain_tee, style_code="another model")
    assert not np.array_equal(draw_product(plain_tee, *SIZE), draw_product(other, *SIZE))


def test_two_colours_of_one_model_share_the_silhouette(plain_tee):
    red = replace(plain_tee, colour="Red", colour_hex=COLOURS["Red"])
    navy = replace(plain_tee, colour="Navy Blue", colour_hex=COLOURS["Navy Blue"], seed=plain_tee.seed + 1)
    one, other = (cut_out(p, *SIZE, turn=0, zoom=1, seed=0)[..., 3].astype(int) for p in (red, navy))

    assert np.abs(one - other).max() < 24  # the softened edge takes a little of the weave's own strength


@pytest.mark.parametrize("colour", sorted(COLOURS))
def test_a_plain_garment_has_its_colour(plain_tee, colour):
    tee = replace(plain_tee, colour=colour, colour_hex=COLOURS[colour])
    picture = cut_out(tee, *SIZE, turn=0, zoom=1, seed=tee.seed)
    seen = np.median(picture[picture[..., 3] == 255][:, :3], axis=0)

    assert np.abs(seen - rgb(tee.colour_hex)).max() < 26


def test_the_three_views_of_a_shirt_differ(one_of_each):
    flat, hanger, detail = (
        draw_product(one_of_each["Shirts"], *SIZE, view=v) for v in ("flat", "hanger", "detail")
    )

    assert not np.array_equal(flat, hanger)
    assert painted(detail).mean() > painted(flat).mean()


def test_a_pair_shows_more_shoe_than_one(one_of_each):
    boots = one_of_each["Boots"]
    side, pair = (draw_product(boots, *SIZE, view=view) for view in ("side", "pair"))
    assert not np.array_equal(side, pair)


def test_a_product_stands_whole_inside_its_picture(one_of_each):
    for product in one_of_each.values():
        cover = cut_out(product, 90, 120, turn=0, zoom=1, seed=1)[..., 3] > 128
        rim = np.concatenate([cover[0], cover[-1], cover[:, 0], cover[:, -1]])
        assert not rim.any(), product.article_type


def test_a_phone_photo_is_repeatable_and_never_twice_the_same_setting(plain_tee):
    first, again, other = (draw_phone_photo(plain_tee, *SIZE, seed=seed) for seed in (1, 1, 2))

    assert first.shape == (120, 90, 3)
    assert first.dtype == np.uint8
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_scene_tells_where_each_product_lies(one_of_each):
    cast = [one_of_each[kind] for kind in ("Tshirts", "Jeans", "Casual Shoes", "Handbags")]
    picture, boxes = draw_scene(cast, 300, 400, seed=5)

    assert picture.shape == (400, 300, 3)
    assert len(boxes) == 4
    for x, y, width, height in boxes:
        assert 0 <= x < x + width <= 300
        assert 0 <= y < y + height <= 400
        assert width * height > 0.03 * 300 * 400
    tee, jeans, shoes, bag = boxes
    assert tee[0] < jeans[0]
    assert shoes[0] < bag[0]
    assert tee[1] < shoes[1]
    assert jeans[1] < bag[1]


def test_the_boxes_of_a_scene_hold_the_products_and_little_else(one_of_each):
    cast = [one_of_each["Tshirts"], one_of_each["Handbags"]]
    with_both, boxes = draw_scene(cast, 300, 400, seed=9)
    colours = [replace(p, colour="White" if p.colour != "White" else "Black") for p in cast]
    recoloured = [replace(p, colour_hex=COLOURS[p.colour]) for p in colours]
    other, other_boxes = draw_scene(recoloured, 300, 400, seed=9)
    changed = np.abs(with_both.astype(int) - other.astype(int)).sum(axis=-1) > 40
    inside = np.zeros_like(changed)
    for x, y, width, height in boxes:
        inside[y : y + height, x : x + width] = True

    assert boxes == other_boxes
    assert changed[inside].mean() > 0.3
    assert changed[~inside].mean() < 0.02


def test_an_empty_scene_is_only_a_ground():
    picture, boxes = draw_scene([], 60, 80, seed=1)
    assert picture.shape == (80, 60, 3)
    assert boxes == []
