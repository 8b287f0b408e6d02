"""Two models on the same pictures: what may be said about which is better."""

import numpy as np
import pytest

from vision.comparison_figures import compare_right, neighbour_agreement, neighbours, share_of_same


def right(text: str) -> np.ndarray:
    """``"110"`` -> right, right, wrong."""
    return np.array([letter == "1" for letter in text])


def test_only_pictures_on_which_the_models_differ_tell_them_apart():
    figures = compare_right(right("11100"), right("11010"))
    assert (figures.baseline, figures.candidate) == (0.6, 0.6)
    assert (figures.only_baseline, figures.only_candidate) == (1, 1)
    assert figures.gain == 0
    assert figures.low < 0 < figures.high


def test_a_model_that_is_right_far_more_often_is_better_beyond_doubt():
    figures = compare_right(right("1" * 60 + "0" * 40), right("1" * 100))
    assert figures.gain == pytest.approx(0.4)
    assert 0.25 < figures.low < 0.4 < figures.high < 0.55


def test_one_picture_more_proves_nothing():
    figures = compare_right(right("1" * 99 + "0"), right("1" * 100))
    assert figures.gain == pytest.approx(0.01)
    assert figures.low < 0 < figures.high


def test_even_models_that_agree_on_everything_may_differ_a_little():
    figures = compare_right(right("1" * 20), right("1" * 20))
    assert -0.15 < figures.low < 0 < figures.high < 0.15


def test_more_pictures_make_the_interval_narrower():
    few, many = (compare_right(right("10" * n), right("11" * n)) for n in (10, 100))
    assert many.high - many.low < few.high - few.low


def test_the_interval_is_that_of_the_paper():
    """Agresti and Min's rating of the prime minister: 1,600 people asked twice, 150 turned away, 86 came over."""
    before = right("1" * 794 + "1" * 150 + "0" * 86 + "0" * 570)
    after = right("1" * 794 + "0" * 150 + "1" * 86 + "0" * 570)
    figures = compare_right(before, after)
    assert (round(figures.low, 3), round(figures.high, 3)) == (-0.059, -0.021)


def test_without_pictures_nothing_can_be_said():
    with pytest.raises(ValueError, match="at least one"):
        compare_right(right(""), right(""))


def on_circle(*degrees: float) -> np.ndarray:
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def test_the_nearest_come_first_and_nobody_is_their_own_neighbour():
    assert neighbours(on_circle(0, 10, 30), k=2).tolist() == [[1, 2], [0, 2], [1, 0]]


def test_models_agree_as_far_as_they_share_neighbours():
    near = neighbours(on_circle(0, 10, 90, 100), k=1)
    far = neighbours(on_circle(0, 90, 10, 100), k=1)
    assert neighbour_agreement(near, near) == 1
    assert neighbour_agreement(near, far) == 0


def test_one_picture_alone_has_no_neighbours():
    near = neighbours(on_circle(0))
    assert near.shape == (1, 0)
    assert neighbour_agreement(near, near) == 1
    assert share_of_same(near, np.array(["Shirts"])) == 0


def test_neighbours_of_the_same_kind_are_counted_where_both_kinds_are_known():
    near = neighbours(on_circle(0, 10, 20), k=2)
    assert share_of_same(near, np.array(["Shirts", "Shirts", ""])) == 1
    assert share_of_same(near, np.array(["Shirts", "Shirts", "Jeans"])) == pytest.approx(1 / 3)
