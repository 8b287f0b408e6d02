import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommendations.exposure_figures import Share, coverage, gini

COUNTS = st.lists(st.integers(0, 1000), min_size=1, max_size=30)


def test_a_share_of_nothing_may_be_anything():
    assert (Share(0, 0).rate, Share(0, 0).interval) == (0, (0, 1))


def test_the_interval_is_wilsons():
    # 10 of 100, as in Wilson's formula worked by hand: 0.0552 to 0.1744.
    assert Share(10, 100).interval == pytest.approx((0.0552, 0.1744), abs=1e-4)


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_interval_holds_the_share_and_stays_within_all_and_nothing(successes, n):
    low, high = Share(successes, n).interval
    assert 0 <= low <= min(1, successes / n) + 1e-9
    assert min(1, successes / n) - 1e-9 <= high <= 1


def test_products_that_share_the_looks_alike_have_no_gini_and_one_alone_has_nearly_all():
    assert gini([5, 5, 5, 5], 4) == pytest.approx(0)
    assert gini([7], 100) == pytest.approx(0.99)
    assert gini([], 100) == 0


@given(COUNTS)
def test_the_gini_is_that_of_its_definition(counts):
    n, total = len(counts), sum(counts)
    between = sum(abs(a - b) for a in counts for b in counts)
    expected = between / (2 * n * total) if total else 0
    assert gini([count for count in counts if count], n) == pytest.approx(expected, abs=1e-9)


def test_the_catalogue_is_covered_by_what_was_shown_at_all():
    assert coverage([3, 1, 0], 4) == 0.5
    assert coverage([], 0) == 0
