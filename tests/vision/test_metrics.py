import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.metrics import average_precision_score, ndcg_score

from vision.metrics import (
    average_precision,
    bootstrap_interval,
    expected_calibration_error,
    ndcg,
    precision_at_k,
    reciprocal_rank,
    reliability,
)

RANKINGS = [[1, 0, 1, 0], [0, 0, 0, 1], [0, 0, 0, 0]]

relevances = hnp.arrays(
    np.int64, st.tuples(st.integers(1, 5), st.integers(2, 12)), elements=st.integers(0, 1)
)


def test_precision_counts_the_first_k() -> None:
    assert precision_at_k(RANKINGS, 2).tolist() == [0.5, 0, 0]


def test_a_ranking_shorter_than_k_misses_the_rest() -> None:
    assert precision_at_k([[1, 1]], 10).tolist() == [0.2]


def test_average_precision_by_hand() -> None:
    assert average_precision(RANKINGS).tolist() == pytest.approx([(1 + 2 / 3) / 2, 1 / 4, 0])


def test_average_precision_misses_what_was_not_found() -> None:
    assert average_precision([[1, 0]], n_relevant=[4]).tolist() == [0.5]
    assert average_precision([[1, 0, 0]], 1, n_relevant=[4]).tolist() == [1.0]


@settings(deadline=None)  # a busy machine is no failure
@given(relevances)
def test_average_precision_agrees_with_scikit_learn(relevance: np.ndarray) -> None:
    falling = -np.arange(relevance.shape[1])
    for row, ours in zip(relevance, average_precision(relevance), strict=True):
        assert ours == pytest.approx(average_precision_score(row, falling) if row.any() else 0)


@settings(deadline=None)  # a busy machine is no failure
@given(relevances.map(lambda rows: rows * 3), st.integers(1, 15))
def test_ndcg_agrees_with_scikit_learn(gains: np.ndarray, k: int) -> None:
    falling = np.tile(-np.arange(gains.shape[1]), (len(gains), 1))
    expected = [ndcg_score(gain[None], fall[None], k=k) for gain, fall in zip(gains, falling, strict=True)]
    assert ndcg(gains, k).tolist() == pytest.approx(expected)


def test_ndcg_knows_what_the_ranking_missed() -> None:
    assert ndcg([[1, 0]], 2, ideal=[[1, 1]])[0] == pytest.approx(1 / (1 + 1 / np.log2(3)))


def test_reciprocal_rank_is_that_of_the_first_hit() -> None:
    assert reciprocal_rank(RANKINGS).tolist() == [1, 0.25, 0]
    assert reciprocal_rank(np.zeros((2, 0))).tolist() == [0, 0]


def test_a_forecast_that_comes_true_as_often_as_said_is_calibrated() -> None:
    assert expected_calibration_error([0.25] * 4 + [1.0] * 3, [1, 0, 0, 0, 1, 1, 1]) == pytest.approx(0)


def test_a_forecast_that_never_comes_true_is_off_by_its_confidence() -> None:
    assert expected_calibration_error([0.9] * 10, [0] * 10) == pytest.approx(0.9)


def test_the_calibration_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no probabilities"):
        expected_calibration_error([], [])
    with pytest.raises(ValueError, match="as many of each"):
        expected_calibration_error([0.5], [1, 0])


def test_the_interval_of_a_share_is_about_two_standard_errors() -> None:
    low, high = bootstrap_interval([1] * 80 + [0] * 20)

    assert low == pytest.approx(0.8 - 1.96 * 0.04, abs=0.02)
    assert high == pytest.approx(0.8 + 1.96 * 0.04, abs=0.02)


def test_what_never_varies_has_no_interval_to_speak_of() -> None:
    assert bootstrap_interval([1, 1, 1]) == (1, 1)
    with pytest.raises(ValueError, match="no values"):
        bootstrap_interval([])


def test_bins_of_the_reliability_add_up_to_the_calibration_error() -> None:
    rng = np.random.default_rng(5)
    promised, outcomes = rng.random(500), rng.random(500) < 0.6

    means, shares, counts = reliability(promised, outcomes)

    assert counts.sum() == 500
    gap = np.nansum(np.abs(means - shares) * counts) / 500
    assert gap == pytest.approx(expected_calibration_error(promised, outcomes))
