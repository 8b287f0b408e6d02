"""Paths through knots."""

import math

import numpy as np
import skia
from hypothesis import given
from hypothesis import strategies as st

from catalog.drawing.fabric import FABRICS, texture_tile
from catalog.drawing.light import shifted
from catalog.drawing.patterns import pattern_names, pattern_tile
from catalog.drawing.shapes import MIDDLE, curve, mirrored, outline, reflected, strip

coordinates = st.floats(0, 600, allow_nan=False)


def test_corners_give_straight_lines():
    square = outline((0, 0, True), (10, 0, True), (10, 10, True), (0, 10, True))
    assert square.contains(9.9, 9.9)
    assert not square.contains(10.1, 5)
    assert square.computeTightBounds().width() == 10


@given(st.lists(st.tuples(coordinates, coordinates), min_size=3, max_size=8))
def test_a_curve_starts_and_ends_at_its_outer_knots(knots):
    path = curve(knots)
    first, last = path.getPoint(0), path.getPoint(path.countPoints() - 1)
    assert math.isclose(first.x(), knots[0][0], abs_tol=1e-3)
    assert math.isclose(last.y(), knots[-1][1], abs_tol=1e-3)


def test_a_mirrored_outline_is_the_same_on_both_sides():
    path = mirrored((MIDDLE, 0), (MIDDLE + 50, 10, True), (MIDDLE + 30, 100, True), (MIDDLE, 110))
    for x, y in ((40, 20), (25, 95), (60, 50)):
        assert path.contains(MIDDLE + x, y) == path.contains(MIDDLE - x, y)


def test_reflecting_twice_gives_the_path_back():
    path = outline((310, 0, True), (350, 0, True), (330, 40, True))
    assert reflected(reflected(path)).computeTightBounds() == path.computeTightBounds()


def test_a_strip_is_as_wide_as_asked():
    assert math.isclose(strip([(0, 50), (50, 50), (100, 50)], 20).computeTightBounds().height(), 20)


def test_a_shift_moves_down_and_right_and_nothing_comes_round():
    field = np.zeros((4, 4))
    field[3, 3] = field[1, 1] = 1
    moved = shifted(field, 1, 2)
    assert moved[2, 3] == 1
    assert moved.sum() == 1


def test_what_reaches_the_rim_goes_on_beyond_it():
    field = np.zeros((3, 3))
    field[2, 0] = 1
    assert shifted(field, 0, 2)[2].tolist() == [1, 1, 1]


def test_every_fabric_has_a_texture_that_darkens_and_lightens():
    for fabric in FABRICS.values():
        pixels = texture_tile(fabric.texture, 0.2).toarray()
        assert pixels[..., 3].max() > 10
        assert pixels[..., :3].max() > 0


def test_every_pattern_shows_both_its_colours_and_mostly_the_first():
    for label in ("Striped", "Checked", "Dotted", "Floral", "Print"):
        assert pattern_names(label)
        for name in pattern_names(label):
            tile = pattern_tile(name, (200, 0, 0), (0, 0, 200)).toarray(colorType=skia.kRGBA_8888_ColorType)
            red, blue = tile[..., 0].mean(), tile[..., 2].mean()
            assert red > blue > 1, name


def test_plain_cloth_has_no_pattern():
    assert pattern_names("Solid") == pattern_names("Denim") == []
