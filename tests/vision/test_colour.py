import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from vision.colour import (
    COLOUR_NAMES,
    HISTOGRAM_SIZE,
    colour_harmony,
    colour_histogram,
    garment_colours,
    garment_pixels,
    lab_of,
    nearest_colour_name,
)
from vision.detection import CLASSES


def garment(colour: str, paper: str = "#ffffff", side: int = 120) -> np.ndarray:
    """A square garment of one colour in the middle of the paper."""
    rgb = np.empty((side, side, 3), np.uint8)
    rgb[:] = list(bytes.fromhex(paper[1:]))
    rgb[side // 4 : -side // 4, side // 4 : -side // 4] = list(bytes.fromhex(colour[1:]))
    return rgb


def alike(a: np.ndarray, b: np.ndarray) -> float:
    return float(colour_histogram(a) @ colour_histogram(b))


def test_the_garment_is_named_not_the_paper() -> None:
    for name, colour in COLOUR_NAMES.items():
        if name != "White":
            (main, share), *rest = garment_colours(garment(colour))
            assert nearest_colour_name(main) == name
            assert share > 0.9
            assert not rest


def test_the_paper_may_have_any_colour() -> None:
    assert nearest_colour_name(garment_colours(garment("#c8202f", paper="#8fc1e8"))[0][0]) == "Red"


def test_a_white_shirt_with_an_outline_stays_white_on_white() -> None:
    shirt = garment("#ffffff")
    shirt[28:92, 28:32] = shirt[28:92, 88:92] = shirt[28:32, 28:92] = shirt[88:92, 28:92] = 150
    (main, share), *_ = garment_colours(shirt)
    assert nearest_colour_name(main) == "White"
    assert share > 0.6


def test_a_picture_of_paper_alone_is_the_colour_of_the_paper() -> None:
    assert garment_colours(np.full((40, 40, 3), 255, np.uint8)) == [("#ffffff", 1.0)]


def test_stripes_have_two_colours_the_broader_first() -> None:
    striped = garment("#1d2747")
    striped[30:90:6, 30:90] = striped[31:90:6, 30:90] = [240, 130, 45]
    colours = garment_colours(striped)
    assert [nearest_colour_name(colour) for colour, _ in colours[:2]] == ["Navy", "Orange"]
    assert colours[0][1] > colours[1][1] > 0.2


def test_folds_and_shadows_are_one_colour() -> None:
    folded = garment("#2f8a44").astype(float)
    folded[30:90, 30:90] *= np.linspace(0.85, 1.1, 60)[None, :, None]
    assert len(garment_colours(np.clip(folded, 0, 255).astype(np.uint8))) == 1


def a_map(kind: str, rows: slice, columns: slice) -> np.ndarray:
    """A map of garments that shows one thing on the ground."""
    found = np.zeros((30, 30, len(CLASSES)), np.float32)
    found[..., CLASSES.index("ground")] = 0.5
    found[rows, columns, CLASSES.index(kind)] = 1
    return found


def test_on_a_striped_floor_the_map_tells_the_garment() -> None:
    photo = garment("#c8202f")
    floor = np.ones((120, 120), bool)
    floor[30:90, 30:90] = False
    photo[floor & (np.arange(120) % 8 < 4)] = [120, 80, 40]
    by_border = garment_colours(photo, mask=garment_pixels(photo))
    by_map = garment_colours(photo, mask=garment_pixels(photo, a_map("top", slice(8, 22), slice(8, 22))))
    assert "Brown" in {nearest_colour_name(colour) for colour, _ in by_border}
    assert [nearest_colour_name(colour) for colour, _ in by_map] == ["Red"]


def test_where_the_map_sees_no_garment_the_border_decides() -> None:
    photo = garment("#c8202f")
    worn = a_map("body", slice(8, 22), slice(8, 22))
    assert np.array_equal(garment_pixels(photo, worn), garment_pixels(photo))


def test_no_more_colours_than_asked_for() -> None:
    patches = np.array([list(bytes.fromhex(colour[1:])) for colour in COLOUR_NAMES.values()][:25])
    rgb = np.kron(patches.reshape(5, 5, 3), np.ones((12, 12, 1))).astype(np.uint8)
    assert len(garment_colours(rgb, n=2)) == 2


def test_histograms_of_one_colour_are_alike_and_of_two_are_not() -> None:
    red, dark_red, blue = garment("#c8202f"), garment("#b51d2a"), garment("#2a5fb8")
    assert alike(red, dark_red) > 0.85
    assert alike(red, blue) < 0.3
    assert alike(red, garment("#c8202f", paper="#f3ead2")) > 0.95


@settings(max_examples=40, deadline=None)
@given(hnp.arrays(np.uint8, st.tuples(st.integers(1, 20), st.integers(1, 20), st.just(3))))
def test_any_picture_has_colours(rgb: np.ndarray) -> None:
    histogram = colour_histogram(rgb)
    assert histogram.shape == (HISTOGRAM_SIZE,)
    assert histogram.dtype == np.float32
    assert histogram.min() >= 0
    assert np.isclose(np.linalg.norm(histogram), 1)
    colours = garment_colours(rgb)
    assert 1 <= len(colours) <= 3
    shares = [share for _, share in colours]
    assert shares == sorted(shares, reverse=True)
    assert 0 < sum(shares) <= 1.001


def test_mirroring_changes_no_colour() -> None:
    rgb = np.random.default_rng(0).integers(0, 256, (30, 30, 3), dtype=np.uint8)
    assert np.allclose(colour_histogram(rgb), colour_histogram(rgb[:, ::-1].copy()), atol=1e-6)
    assert cv2.norm(colour_histogram(rgb)) == pytest.approx(1, abs=1e-5)


def test_lab_of_known_colours() -> None:
    white, black, red = lab_of(["#ffffff", "#000000", "#ff0000"])
    assert white == pytest.approx([100, 0, 0], abs=0.1)
    assert black == pytest.approx([0, 0, 0], abs=0.1)
    assert red == pytest.approx([53.2, 80.1, 67.2], abs=0.3)
    assert lab_of([]).shape == (0, 3)


@pytest.mark.parametrize("nonsense", ["red", "#12", "#12345g", ""])
def test_what_is_no_colour_is_refused(nonsense: str) -> None:
    with pytest.raises(ValueError, match="#rrggbb"):
        lab_of([nonsense])


def test_greys_go_with_everything_neighbours_and_opposites_better_than_the_rest() -> None:
    red, orange, teal, violet, grey, black = lab_of(
        ["#d02020", "#d05020", "#009a9a", "#8020d0", "#808080", "#000000"]
    )
    harmony = colour_harmony(np.stack([red]), np.stack([grey, black, orange, teal, violet]))[0]
    assert harmony[:2] == pytest.approx([1, 1])
    assert harmony[2] > harmony[4]
    assert harmony[3] > harmony[4]
    assert harmony.min() >= 0.3


def test_harmony_does_not_care_who_asks() -> None:
    lab = lab_of(list(COLOUR_NAMES.values()))
    assert np.allclose(colour_harmony(lab, lab), colour_harmony(lab, lab).T)
    assert np.allclose(np.diag(colour_harmony(lab, lab)), 1)
