from pathlib import Path

import numpy as np
import pytest

from catalog.drawing.demo import demo_products
from tests.vision.street_photos import street
from vision.datasets import Dataset, Picture
from vision.detection import CLASSES, KINDS, kind_of
from vision.detection_data import (
    CutOut,
    Example,
    StreetError,
    compose,
    cut_from_drawings,
    cut_from_shop,
    hold_out,
    read_label_names,
    read_street,
    vary,
)

BAG = CLASSES.index("bag")


def _red_square() -> CutOut:
    rgba = np.zeros((40, 40, 4), np.uint8)
    rgba[...] = (200, 0, 0, 255)
    return CutOut(rgba, BAG)


def test_every_kind_of_product_has_a_class() -> None:
    assert {kind_of(name) for name in CLASSES[2:]} == set(KINDS)


def test_street_masks_become_the_map_s_classes(tmp_path: Path) -> None:
    (photo,) = read_street(street(tmp_path, 1))

    assert photo.rgb.shape == (160, 120, 3)
    found = {CLASSES[number] for number in np.unique(photo.labels)}
    assert found == {"ground", "body", "top", "bottom", "bag", "jewellery"}
    assert CLASSES[photo.labels[100, 60]] == "bottom"


def test_a_label_that_no_class_stands_for_is_refused(tmp_path: Path) -> None:
    folder = street(tmp_path, 1)
    (folder / "labels.txt").write_text("0\tnull\n1\tspacesuit\n")

    with pytest.raises(StreetError, match="spacesuit"):
        read_street(folder)


@pytest.mark.parametrize("text", ["0 null\n", "1\tnull\n", "a\tnull\n"])
def test_a_damaged_list_of_labels_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "labels.txt").write_text(text)

    with pytest.raises(StreetError, match="number, tab, name"):
        read_label_names(tmp_path / "labels.txt")


def test_near_duplicates_are_held_out_together(tmp_path: Path) -> None:
    same = read_street(street(tmp_path, 4))
    rng = np.random.default_rng(1)
    other = Example("other", rng.integers(0, 255, (160, 120, 3), np.uint8), same[0].labels)

    aside = hold_out([*same, other], 0.2, seed=1)

    assert len(set(aside[:4])) == 1
    assert aside.sum() in (1, 4)


def test_a_pasted_garment_is_where_its_labels_say() -> None:
    ground = np.full((50, 50, 3), 90, np.uint8)
    for seed in range(6):
        example = compose([_red_square()], [ground], (128, 96), np.random.default_rng(seed))

        is_red = (example.rgb[..., 0] > 150) & (example.rgb[..., 1] < 60)
        is_bag = example.labels == BAG
        assert is_bag.any()
        assert (is_red != is_bag).mean() < 0.04


def test_varying_moves_picture_and_labels_together() -> None:
    rgb, labels = np.full((160, 120, 3), 60, np.uint8), np.zeros((160, 120), np.uint8)
    rgb[40:90, 20:50], labels[40:90, 20:50] = (0, 250, 0), BAG
    for seed in range(6):
        varied, numbers = vary(Example("", rgb, labels), (128, 96), np.random.default_rng(seed))

        assert varied.shape == (128, 96, 3)
        is_green = varied[..., 1].astype(int) - varied[..., 0] > 60
        assert ((numbers == BAG) != is_green).mean() < 0.03


def test_a_shop_photo_is_cut_along_its_white_paper() -> None:
    white = np.full((100, 80, 3), 255, np.uint8)
    white[20:80, 20:60] = (20, 40, 90)
    shop = Dataset("shop", [Picture("a", {"type": "Handbags"}, lambda: white)], exact=True)

    (cut,) = cut_from_shop(shop, 5, seed=1)

    assert CLASSES[cut.class_] == "bag"
    assert cut.rgba.shape == (58, 38, 4)  # a pixel of rim is left off on each side


def test_a_photo_of_something_worn_is_not_cut() -> None:
    worn = np.full((100, 80, 3), 255, np.uint8)
    worn[20:80, 20:60] = (224, 172, 140)
    shop = Dataset("shop", [Picture("a", {"type": "Tops"}, lambda: worn)], exact=True)

    assert cut_from_shop(shop, 5, seed=1) == []


def test_drawn_garments_know_their_outline() -> None:
    cuts = cut_from_drawings(3, seed=1)

    assert len(cuts) == 3
    for cut, product in zip(cuts, demo_products(3, 1), strict=True):
        share = (cut.rgba[..., 3] > 127).mean()
        assert 0.2 < share < 1, product.article_type
