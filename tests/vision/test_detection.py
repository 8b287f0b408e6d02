"""Maps of garments whose pieces are obvious by eye."""

import numpy as np
import pytest

from vision.detection import (
    CLASSES,
    GROUND,
    MOST_REGIONS,
    Box,
    Floats,
    Region,
    fit_into_square,
    iou,
    main_mask,
    region_at,
    regions_in,
)

SHAPE = (160, 120)


def _map(*painted: tuple[str, Box], sure: float = 0.9) -> Floats:
    """A map of 160 x 120 in which boxes of some classes lie on the ground, later ones over earlier ones."""
    names = np.full(SHAPE, CLASSES.index(GROUND))
    for name, (x, y, wide, tall) in painted:
        names[y : y + tall, x : x + wide] = CLASSES.index(name)
    rest = (1 - sure) / (len(CLASSES) - 1)
    probabilities = np.full((*SHAPE, len(CLASSES)), rest, np.float32)
    np.put_along_axis(probabilities, names[..., None], sure, axis=2)
    return probabilities


FACE = ("body", (50, 2, 20, 16))


def _boxes(regions: list[Region]) -> list[tuple[str, Box]]:
    return sorted((region.kind, region.box) for region in regions)


def test_every_garment_of_an_outfit_has_its_box() -> None:
    top, bottom, bag = (40, 20, 40, 40), (42, 60, 36, 70), (90, 60, 20, 24)

    regions = regions_in(_map(FACE, ("top", top), ("bottom", bottom), ("bag", bag)), SHAPE)

    found = _boxes(regions)
    assert {("top", top), ("bottom", bottom), ("bag", bag)} <= set(found)
    assert [region.kind for region in regions[:3]] != []
    assert {region.kind for region in regions[:3]} == {"top", "bottom", "bag"}


def test_nothing_is_found_on_an_empty_floor() -> None:
    assert regions_in(_map(), SHAPE) == []


def test_one_product_on_a_plain_ground_is_one_box() -> None:
    assert _boxes(regions_in(_map(("dress", (30, 10, 60, 140))), SHAPE)) == [("dress", (30, 10, 60, 140))]


def test_a_pair_of_shoes_comes_before_each_of_them() -> None:
    regions = regions_in(_map(("shoes", (20, 120, 30, 20)), ("shoes", (70, 120, 30, 20))), SHAPE)

    assert regions[0].box == (20, 120, 80, 20)
    assert {region.box for region in regions[1:]} == {(20, 120, 30, 20), (70, 120, 30, 20)}


def test_a_coat_that_a_strap_cuts_in_two_is_one_coat_where_it_is_worn() -> None:
    halves = (("outerwear", (30, 20, 25, 90)), ("outerwear", (60, 20, 25, 90)))

    assert regions_in(_map(FACE, *halves), SHAPE)[0].box == (30, 20, 55, 90)


def test_two_shirts_side_by_side_on_a_bed_stay_two() -> None:
    shirts = (("top", (5, 40, 45, 60)), ("top", (65, 40, 45, 60)))

    assert _boxes(regions_in(_map(*shirts), SHAPE)) == [("top", box) for _, box in shirts]


def test_a_top_and_a_skirt_that_may_be_a_dress_are_offered_as_one_too() -> None:
    top, skirt = (40, 20, 40, 50), (40, 70, 40, 60)
    probabilities = _map(("top", top), ("bottom", skirt), sure=0.55)
    dress = probabilities[20:130, 40:80, CLASSES.index("dress")]
    dress += 0.4 - dress

    found = _boxes(regions_in(probabilities, SHAPE))

    assert ("dress", (40, 20, 40, 110)) in found
    assert ("top", top) in found


def test_specks_are_no_products() -> None:
    assert regions_in(_map(("bag", (10, 10, 4, 4))), SHAPE) == []


def test_boxes_and_masks_are_in_pixels_of_the_picture() -> None:
    (region,) = regions_in(_map(("bag", (30, 40, 20, 24))), (320, 240))

    assert region.box == (60, 80, 40, 48)
    assert region.mask is not None
    assert region.mask.shape == (320, 240)
    assert region.mask[80:128, 60:100].all()
    assert region.mask.sum() == 40 * 48


def test_no_two_boxes_are_nearly_the_same_and_there_are_few() -> None:
    rng = np.random.default_rng(3)
    noise = rng.dirichlet(np.full(len(CLASSES), 0.3), (10, 8)).astype(np.float32)
    probabilities = noise.repeat(16, axis=0).repeat(15, axis=1)

    regions = regions_in(probabilities, SHAPE)

    assert 1 < len(regions) <= MOST_REGIONS
    pairs = [(a, b) for a in regions for b in regions if a is not b]
    assert max(iou(a.box, b.box) for a, b in pairs) < 0.65
    assert [region.score for region in regions] == sorted((r.score for r in regions), reverse=True)


def test_a_tap_means_the_smaller_product_whose_pixels_are_there() -> None:
    regions = regions_in(_map(FACE, ("dress", (30, 20, 60, 120)), ("bag", (50, 70, 20, 20))), SHAPE)

    on_bag, on_dress = region_at(regions, 60, 80), region_at(regions, 35, 130)

    assert on_bag is not None
    assert on_bag.kind == "bag"
    assert on_dress is not None
    assert on_dress.kind == "dress"
    assert region_at(regions, 5, 5) is None


def test_the_main_garment_is_the_one_that_fills_most_of_the_middle() -> None:
    probabilities = _map(("top", (30, 30, 60, 100)), ("bag", (0, 0, 25, 50)))

    mask = main_mask(probabilities, SHAPE)

    assert mask[30:130, 30:90].all()
    assert mask.sum() == 60 * 100


def test_the_garment_of_a_box_lies_in_the_box() -> None:
    probabilities = _map(("top", (30, 30, 60, 100)), ("bag", (0, 0, 25, 50)))

    mask = main_mask(probabilities, SHAPE, box=(0, 0, 30, 60))

    assert mask[:50, :25].all()
    assert mask.sum() == 25 * 50


@pytest.mark.parametrize("box", [(200, 10, 20, 20), (100, 140, 10, 10)])
def test_where_no_garment_is_the_mask_is_empty(box: Box) -> None:
    assert not main_mask(_map(("top", (30, 30, 60, 100))), SHAPE, box).any()


def test_a_picture_is_fitted_without_squeezing() -> None:
    picture = np.zeros((200, 100, 3), np.uint8)

    fitted, filled = fit_into_square(picture, 64)

    assert filled == (64, 32)
    assert not fitted[:, :32].any()
    assert (fitted[:, 32:] == 127).all()


def test_boxes_that_touch_only_at_an_edge_share_nothing() -> None:
    assert iou((0, 0, 10, 10), (10, 0, 10, 10)) == 0
    assert iou((0, 0, 10, 10), (0, 5, 10, 10)) == pytest.approx(1 / 3)
    assert iou((0, 0, 0, 0), (0, 0, 0, 0)) == 0
