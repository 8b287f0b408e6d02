"""What an experiment with two arms may conclude, however often somebody looks. Plain values; no database.

An interval made for one look at the end is wrong far too often when it is looked at every day. The interval here is a
confidence sequence: with probability ``1 - alpha`` it contains the true difference after every single shopper, so that
whoever stops because of what they see is not fooled. It holds for any number of shoppers, with no normal approximation:

- Shoppers are put into an arm by a fair coin, so twice the outcome, with the arm's sign, is on average the difference
  of the two rates; taking a guess made from earlier shoppers off the outcome changes no average and makes it less
  noisy. Howard, Ramdas, McAuliffe and Sekhon, "Time-uniform, nonparametric, nonasymptotic confidence sequences",
  Annals of Statistics 49(2), 2021 (its application to treatment effects).
- The mean of such bounded values is enclosed by betting: Waudby-Smith and Ramdas, "Estimating means of bounded random
  variables by betting", JRSS B 86(1), 2024 (the hedged capital process, with bets that are known beforehand). Whoever
  bets against the true difference multiplies their money by ``1 / alpha`` with probability ``alpha`` at most (Ville's
  inequality), and what somebody would have grown so rich against is left out for good.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import log

import numpy as np
import numpy.typing as npt

ALPHA = 0.05
BOLDEST = 0.5  # of the money that one shopper may lose
STEPS = 40  # of the halving: the ends are exact to 1e-12
PRIOR_VARIANCE = 1 / 64  # of one shopper's word, before the first: what a rate of 7 % would give

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Arm:
    """So many shoppers, and how many of them did what counts."""

    n: int
    successes: int

    @property
    def rate(self) -> float:
        """Within 0..1; 0 where there is nobody yet."""
        return self.successes / self.n if self.n else 0.0


@dataclass(frozen=True)
class Comparison:
    """Two arms, and between what the rate of the trial less that of the control lies (-1..1)."""

    control: Arm
    trial: Arm
    low: float
    high: float

    @property
    def is_decided(self) -> bool:
        """Whether one arm is better: the interval leaves 0 out."""
        return self.low > 0 or self.high < 0


def compare(in_trial: npt.ArrayLike, succeeded: npt.ArrayLike, alpha: float = ALPHA) -> Comparison:
    """Compare two arms from shoppers in the order in which they were first shown the difference.

    Args:
        in_trial: (n,) bool; each shopper's arm, chosen by a fair coin.
        succeeded: (n,) bool; whether they did what counts. Everybody's time to do it is over.
        alpha: how often the interval may ever miss the true difference.

    Raises:
        ValueError: when the two are not of the same length, or ``alpha`` is not between 0 and 1.
    """
    trial, success = np.asarray(in_trial, bool), np.asarray(succeeded, bool)
    if trial.ndim != 1 or trial.shape != success.shape:
        raise ValueError(f"One arm and one outcome for each shopper, not {trial.shape} and {success.shape}")
    if not 0 < alpha < 1:
        raise ValueError(f"alpha is a probability between 0 and 1, not {alpha}")
    low, high = _interval(_words(trial, success), alpha)
    return Comparison(
        Arm(int((~trial).sum()), int((success & ~trial).sum())),
        Arm(int(trial.sum()), int((success & trial).sum())),
        low,
        high,
    )


def conclusion(comparison: Comparison, control: str, trial: str) -> str:
    """What may be said about the arms of these names, in one sentence."""
    if not comparison.is_decided:
        return (
            "Nothing may be concluded yet: both may be equally good. "
            "Let it run on, or stop it and keep what you have."
        )
    better, worse = (trial, control) if comparison.low > 0 else (control, trial)
    ends = sorted(abs(100 * end) for end in (comparison.low, comparison.high))
    return (
        f"{better} is better than {worse}: of 100 shoppers, {ends[0]:.1f} to {ends[1]:.1f} more do what counts. "
        "You may stop here."
    )


def _words(trial: npt.NDArray[np.bool_], success: npt.NDArray[np.bool_]) -> Floats:
    """Each shopper's word on the difference, (n,), from -2..2 brought to 0..1."""
    outcomes = success.astype(np.float64)
    earlier = np.cumsum(outcomes) - outcomes
    guesses = (earlier + 0.5) / np.arange(1, len(outcomes) + 1)
    return np.asarray((np.where(trial, 2.0, -2.0) * (outcomes - guesses) + 2) / 4)


def _interval(words: Floats, alpha: float) -> tuple[float, float]:
    """The lowest and the highest difference that nobody has grown rich against."""
    bets, rich = _bets(words, alpha), log(2 / alpha)  # half of the money is bet on either side

    def too_low(mean: float) -> bool:
        return bool(_richest(np.minimum(bets, BOLDEST / mean) * (words - mean)) >= rich)

    def too_high(mean: float) -> bool:
        return bool(_richest(np.minimum(bets, BOLDEST / (1 - mean)) * (mean - words)) >= rich)

    return 4 * _last(too_low, 0.25, 0.75) - 2, 4 * _last(too_high, 0.75, 0.25) - 2


def _richest(stakes: Floats) -> float:
    """The logarithm of the most money that was ever had, beginning with 1."""
    return float(np.max(np.cumsum(np.log1p(stakes)), initial=0.0))


def _bets(words: Floats, alpha: float) -> Floats:
    """What to bet on each word, from those before it alone, (n,)."""
    n = np.arange(1, len(words) + 1)
    means = (0.5 + np.cumsum(words)) / (n + 1)
    spread = (PRIOR_VARIANCE + np.cumsum((words - means) ** 2)) / (n + 1)
    before = np.concatenate([[PRIOR_VARIANCE], spread[:-1]])[: len(words)]
    return np.asarray(np.sqrt(2 * log(2 / alpha) / (before * n * np.log1p(n))))


def _last(excluded: Callable[[float], bool], start: float, end: float) -> float:
    """Where ``excluded``, true from ``start`` on, ends on the way to ``end``; ``start`` where it is true of nothing."""
    if not excluded(start):
        return start
    for _ in range(STEPS):
        middle = (start + end) / 2
        start, end = (middle, end) if excluded(middle) else (start, middle)
    return start
