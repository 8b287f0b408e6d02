import numpy as np
import pytest

from recommendations.evaluation.metrics import coverage, novelty, score, standard_error, variety


def page(*items: int) -> np.ndarray:
    return np.array([[*items, *[0] * (10 - len(items))]])


def test_a_right_first_place_is_worth_everything_and_a_second_less():
    assert score(page(5), [np.array([5])]).ndcg[0] == 1
    assert score(page(4, 5), [np.array([5])]).ndcg[0] == pytest.approx(1 / np.log2(3))
    assert score(page(4, 5), [np.array([5])]).reciprocal_rank[0] == 0.5
    assert score(page(4), [np.array([5])]).hit[0] == 0


def test_recall_counts_all_targets_and_ndcg_only_what_a_page_could_show():
    targets = [np.arange(1, 21)]
    full = score(np.arange(1, 11)[None, :], targets)
    assert full.ndcg[0] == pytest.approx(1)
    assert full.recall[0] == 0.5


def test_empty_places_are_no_hits():
    assert score(page(), [np.array([7])]).ndcg[0] == 0


def test_the_standard_error_is_that_of_a_mean():
    values = np.random.default_rng(1).random(400)
    assert standard_error(values) == pytest.approx(values.std() / 20, rel=0.1)
    assert standard_error(np.array([1.0])) == 0


def test_coverage_novelty_and_variety_of_what_is_shown():
    pages = np.concatenate([page(1, 2), page(1, 3)])
    assert coverage(pages, 6) == 0.5
    assert novelty(page(1, 2), {1: 4, 2: 1}, 8) == pytest.approx((1 + 3) / 2)
    red, blue = frozenset({"red", "dress"}), frozenset({"blue", "dress"})
    assert variety(page(1, 2), {1: red, 2: red}) == 0
    assert variety(page(1, 2), {1: red, 2: blue}) == pytest.approx(2 / 3)
    assert variety(page(1, 2), {}) is None
