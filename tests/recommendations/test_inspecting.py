"""A map of a category, what is typical of a cluster, and what stands apart in it."""

import numpy as np
import pytest

from recommendations.inspecting import TypicalWord, outliers, project, thinned, typical_words, word_counts


def test_two_groups_lie_apart_on_the_map():
    rng = np.random.default_rng(1)
    features = rng.normal(scale=0.05, size=(40, 12)).astype(np.float32)
    features[20:, 3] += 1
    points = project(features).points
    assert points.min() >= 0
    assert points.max() <= 1
    assert points[:20, 0].max() < points[20:, 0].min()  # the larger part of the axis is positive


def test_the_map_is_the_same_each_time_and_says_how_much_it_shows():
    features = np.random.default_rng(2).normal(size=(30, 8)).astype(np.float32)
    first, second = project(features), project(features.copy())
    assert np.array_equal(first.points, second.points)
    assert 0.25 < first.share < 1
    assert project(features[:, :2]).share == 1.0


def test_one_product_stands_in_the_middle_and_two_at_the_ends():
    features = np.random.default_rng(3).normal(size=(2, 8)).astype(np.float32)
    assert project(features[:1]).points.tolist() == [[0.5, 0.5]]
    assert sorted(project(features).points[:, 0]) == pytest.approx([0, 1])
    assert project(np.ones((4, 8), np.float32)).points.tolist() == [[0.5, 0.5]] * 4
    assert project(np.array([[0.0], [2.0]], np.float32)).points.tolist() == [[0, 0.5], [1, 0.5]]


def test_a_crowd_is_thinned_out_and_no_cluster_is_lost():
    labels = np.array([0] * 900 + [1] * 99 + [2])
    rows = thinned(labels, 100)
    assert np.bincount(labels[rows]).tolist() == [90, 10, 1]
    assert thinned(labels, 1000).tolist() == list(range(1000))


def typical(inside: list[set[str]], outside: list[set[str]]) -> list[TypicalWord]:
    everyone = [*inside, *outside]
    return typical_words(word_counts(inside), len(inside), word_counts(everyone), len(everyone), 5)


def test_what_the_others_have_less_often_is_typical():
    striped, plain = [{"tee", "striped"}] * 18 + [{"tee"}] * 2, [{"tee", "striped"}] * 5 + [{"tee"}] * 95
    [word] = typical(striped, plain)
    assert (word.word, word.count) == ("striped", 18)
    assert word.lift == pytest.approx(18)


def test_a_word_of_all_or_of_one_product_is_not_typical():
    assert typical([{"tee", "rare"}, {"tee"}, {"tee"}], [{"tee"}] * 50) == []


def test_a_cluster_that_is_the_whole_category_has_nothing_typical():
    assert typical([{"tee"}] * 3, []) == []
    assert typical([], [{"tee"}]) == []


def test_a_word_nobody_else_has_is_typical_without_a_number():
    [word] = typical([{"velvet"}] * 8, [{"cotton"}] * 60)
    assert word.lift is None


def test_a_product_far_from_the_centre_stands_apart():
    near = [0.61, 0.6, 0.62, 0.59, 0.6, 0.61, 0.6, 0.58]
    assert outliers([*near, 0.1, 0.05]) == [9, 8]
    assert outliers(near) == []
    assert outliers([]) == []
    assert outliers([1.0]) == []
