"""Figures of what was shown: shares with intervals, and how evenly the shop's products share the looks. Pure."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

Z = 1.959964  # 95 % of a normal distribution lie within so many standard deviations


@dataclass(frozen=True)
class Share:
    """``successes`` of ``n``, with the interval of 95 % in which the true share may lie."""

    successes: int
    n: int

    @property
    def rate(self) -> float:
        """The share itself; 0 of nothing."""
        return self.successes / self.n if self.n else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's score interval (JASA 22, 1927), which stays right for rare successes; everything for ``n`` = 0.

        It takes every card for a draw of its own. One shopper sees many cards, so that the truth is a little wider.
        """
        if not self.n:
            return 0.0, 1.0
        successes = min(self.successes, self.n)  # what was shown yesterday may be clicked today
        rate, spread = successes / self.n, Z * Z / self.n
        middle = (rate + spread / 2) / (1 + spread)
        half = Z * math.sqrt(rate * (1 - rate) / self.n + spread / (4 * self.n)) / (1 + spread)
        return max(0.0, middle - half), min(1.0, middle + half)


def coverage(counts: Iterable[int], n_products: int) -> float:
    """Return the share of ``n_products`` that were shown at all; ``counts`` are those of the shown ones."""
    return min(1.0, sum(count > 0 for count in counts) / n_products) if n_products else 0.0


def gini(counts: Iterable[int], n_products: int) -> float:
    """Return the Gini coefficient of how often each of ``n_products`` was shown: 0 all alike, towards 1 one alone.

    ``counts`` are those of the shown products; the others count 0.
    """
    shown = np.sort(np.array([count for count in counts if count > 0], np.float64))
    n = max(n_products, len(shown))
    total = float(shown.sum())
    if not total:
        return 0.0
    ranks = np.arange(n - len(shown) + 1, n + 1)
    return float(2 * (ranks * shown).sum() / (n * total) - (n + 1) / n)
