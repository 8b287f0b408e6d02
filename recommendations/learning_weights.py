"""How much each channel should count, learnt from what is known to belong together.

Neighbourhood components analysis with one weight per channel: every product draws a neighbour with probability
proportional to exp(-Σ wᶜ d²ᶜ), and the weights are those under which worthy neighbours are drawn most often
(Goldberger, Roweis, Hinton, Salakhutdinov, "Neighbourhood components analysis", NIPS 2004).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from recommendations.channels import FACT_SPREAD, TYPICAL_SPREAD, Rows, Weights, spread_of

Floats = npt.NDArray[np.float64]

SHRINKAGE = 1e-3  # draws the logarithms of the weights towards 0: a channel that says nothing stays near 1
MOST_STEPS = 60
BOUNDS = (-8.0, 4.0)  # of the logarithms


@dataclass(frozen=True)
class Lesson:
    """Some products of one category and what neighbours would be worth to them.

    ``squared`` holds for each channel the distances (q, m) of q products to all m of the category; ``worth`` (q, m) is
    0 or more, and 0 for the product itself and for what should not be near; ``possible`` (q, m) is False for the
    product itself.
    """

    squared: Mapping[str, Floats]
    worth: Floats
    possible: npt.NDArray[np.bool_]


def lesson(channels: Mapping[str, Rows], rows: npt.NDArray[np.int64], worth: Floats) -> Lesson:
    """The lesson of ``rows`` (q,) of a category, from the channels (m, d) of all of it; each at its own spread."""
    squared = {}
    for name, values in channels.items():
        spread = spread_of(values, TYPICAL_SPREAD[name]) if name in TYPICAL_SPREAD else FACT_SPREAD
        scaled = values.astype(np.float64) / spread
        lengths = (scaled**2).sum(axis=1)
        squared[name] = np.maximum(lengths[rows][:, None] - 2 * scaled[rows] @ scaled.T + lengths, 0)
    possible = np.ones(worth.shape, bool)
    possible[np.arange(len(rows)), rows] = False
    kept = np.flatnonzero((worth * possible).sum(axis=1) > 0)  # who has nobody worthy teaches nothing
    return Lesson(
        {name: table[kept] for name, table in squared.items()}, (worth * possible)[kept], possible[kept]
    )


def learn_weights(lessons: Sequence[Lesson]) -> Weights:
    """The weights that bring worthy neighbours near.

    Raises:
        ValueError: when the lessons hold nothing to learn from.
    """
    lessons = [each for each in lessons if len(each.worth)]
    if not lessons:
        raise ValueError("no product has a worthy neighbour: give pairs that belong together")
    names = list(lessons[0].squared)
    tables = [np.stack([each.squared[name] for name in names]) for each in lessons]
    worths = [each.worth / each.worth.max(axis=1, keepdims=True) for each in lessons]
    n = sum(len(worth) for worth in worths)

    def loss(logarithms: Floats) -> tuple[float, Floats]:
        weights = np.exp(logarithms)
        total, gradient = 0.0, np.zeros_like(weights)
        for table, worth, each in zip(tables, worths, lessons, strict=True):
            nearness = np.where(each.possible, -np.tensordot(weights, table, 1), -np.inf)
            drawn = np.exp(nearness - nearness.max(axis=1, keepdims=True))
            drawn /= drawn.sum(axis=1, keepdims=True)
            expected = (drawn * worth).sum(axis=1) + 1e-9
            total -= float(np.log(expected).sum())
            slope = drawn * (1 - worth / expected[:, None])
            gradient -= (table * slope).sum(axis=(1, 2)) * weights
        shrunk = total / n + SHRINKAGE * float((logarithms**2).sum())
        return shrunk, gradient / n + 2 * SHRINKAGE * logarithms

    found = minimize(
        loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", bounds=[BOUNDS] * len(names),
        options={"maxiter": MOST_STEPS},
    )  # fmt: skip
    return Weights.of(dict(zip(names, np.exp(found.x).tolist(), strict=True)))
