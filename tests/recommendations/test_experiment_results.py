"""What two arms may tell, however often somebody looks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommendations.experiment_results import compare, conclusion

SHOPPERS = st.lists(st.tuples(st.booleans(), st.booleans()), max_size=60)


def shoppers(seed: int, n: int, control: float, trial: float):
    """So many shoppers with these rates, by the toss of a coin: (n,) arms and (n,) outcomes."""
    random = np.random.default_rng(seed)
    in_trial = random.random(n) < 0.5
    return in_trial, random.random(n) < np.where(in_trial, trial, control)


def test_nobody_yet_means_that_nothing_is_known():
    comparison = compare([], [])
    assert (comparison.low, comparison.high) == (-1, 1)
    assert (comparison.control.rate, comparison.trial.rate) == (0, 0)
    assert conclusion(comparison, "Old", "New").startswith("Nothing may be concluded yet")


def test_two_equal_arms_looked_at_after_every_shopper_are_told_apart_in_one_of_twenty_experiments_at_most():
    """What was left out once is left out for good, so the last look knows whether any of the looks was wrong. One
    that trusted each look on its own would be wrong in more than a quarter of these."""
    wrong = sum(compare(*shoppers(seed, 1000, 0.1, 0.1)).is_decided for seed in range(200))
    assert wrong <= 10


@pytest.mark.parametrize(("control", "trial", "better"), [(0.1, 0.2, "New"), (0.2, 0.1, "Old")])
def test_a_true_difference_is_found_and_the_better_arm_named(control, trial, better):
    results = [compare(*shoppers(seed, 4000, control, trial)) for seed in range(20)]
    assert all(result.is_decided for result in results)
    assert all(conclusion(result, "Old", "New").startswith(f"{better} is better than") for result in results)
    assert sum(result.low <= trial - control <= result.high for result in results) >= 18


def test_the_sentence_names_both_ends():
    comparison = compare(*shoppers(1, 6000, 0.1, 0.9))
    assert "to 8" in conclusion(comparison, "Old", "New")
    assert 0.75 < comparison.low < 0.8 < comparison.high < 0.85


@given(SHOPPERS)
@settings(deadline=None)
def test_looking_on_never_takes_a_conclusion_back(rows):
    arms, outcomes = [row[0] for row in rows], [row[1] for row in rows]
    before = compare(arms[:-10], outcomes[:-10])
    after = compare(arms, outcomes)
    assert -1 <= before.low <= after.low
    assert after.high <= before.high <= 1


@given(SHOPPERS)
@settings(deadline=None)
def test_arms_are_treated_alike(rows):
    arms, outcomes = [row[0] for row in rows], [row[1] for row in rows]
    one = compare(arms, outcomes)
    other = compare([not arm for arm in arms], outcomes)
    assert one.control == other.trial
    assert one.low == pytest.approx(-other.high)
    assert one.control.n + one.trial.n == len(rows)


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(ValueError, match="One arm and one outcome for each shopper"):
        compare([True, False], [True])
    with pytest.raises(ValueError, match="between 0 and 1"):
        compare([True], [True], alpha=1.0)
