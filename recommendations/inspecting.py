"""Looks into one category's clusters: a map of it, and what is typical of a cluster and what stands apart.

Plain arrays and words. The map is the plane in which the products' features are spread most (principal components;
Pearson, "On lines and planes of closest fit", 1901). What is typical is told by log-odds with a prior that the whole
category gives (Monroe, Colaresi and Quinn, "Fightin' Words", Political Analysis 16, 2008): a word that all share is
typical of none, and one product's own word is no type.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]

PRIOR = 10.0  # so many products of the usual kind are added to each side before they are compared
TELLING = 1.96  # standard errors of the log-odds: chance alone goes beyond one time in forty
FAR = 3.0  # spreads beyond the median distance; nearly all of a bell curve lies within
SPREAD = 1.4826  # times the median absolute deviation is the standard deviation of a bell curve


@dataclass(frozen=True)
class Projection:
    """Points (m, 2), in the unit square, one scale for both axes; and the share of all spread that they show."""

    points: Floats
    share: float


@dataclass(frozen=True)
class TypicalWord:
    """A word with how many of the cluster's products have it, and how many times as often as the others have it
    (None where no other has)."""

    word: str
    count: int
    lift: float | None


def project(features: npt.NDArray[np.float32]) -> Projection:
    """Lay features (m, d) into the plane of their greatest spread; m may be 1.

    The same features give the same map: each axis points to where its largest part is positive.
    """
    centred = features.astype(np.float64) - features.mean(axis=0, dtype=np.float64)
    variances, directions = np.linalg.eigh(centred.T @ centred)
    axes = directions[:, ::-1][:, :2]  # the greatest first
    axes = axes * np.where(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])] < 0, -1, 1)
    plane = centred @ axes
    plane = np.pad(plane, ((0, 0), (0, 2 - plane.shape[1])))
    lowest, highest = plane.min(axis=0), plane.max(axis=0)
    total = float(variances.sum())
    side = float((highest - lowest).max())
    if total <= 1e-12 or side <= 0:  # one product, or all alike: in the middle
        return Projection(np.full((len(features), 2), 0.5), 1.0)
    return Projection(
        (plane - (lowest + highest) / 2) / side + 0.5, float(min(1.0, variances[::-1][:2].sum() / total))
    )


def thinned(labels: Ids, most: int) -> Ids:
    """Rows of at most about ``most`` of m products to draw, in order: of each cluster its share, at least one."""
    if len(labels) <= most:
        return np.arange(len(labels))
    chosen = []
    for label in np.unique(labels):
        rows = np.flatnonzero(labels == label)
        n = max(1, round(len(rows) * most / len(labels)))
        chosen.append(rows[np.linspace(0, len(rows) - 1, n).astype(int)])
    return np.sort(np.concatenate(chosen)).astype(np.int64)


def word_counts(products: Iterable[Collection[str]]) -> Counter[str]:
    """How many of some products have each word; each product gives its words once."""
    return Counter(word for words in products for word in set(words))


def typical_words(
    ours: Mapping[str, int], n_ours: int, everyones: Mapping[str, int], n_everyone: int, n: int
) -> list[TypicalWord]:
    """The up to n words that a cluster's products have more often than the others of the category, most telling first.

    ``ours`` and ``everyones`` are ``word_counts`` of the ``n_ours`` products of the cluster and of all ``n_everyone``.
    Nothing is typical of a cluster that is the whole category.
    """
    n_others = n_everyone - n_ours
    if not n_ours or not n_others:
        return []
    told = []
    for word, count in ours.items():
        others = everyones[word] - count
        prior = PRIOR * everyones[word] / n_everyone
        here, there = count + prior, others + prior
        missing_here = max(n_ours + PRIOR - here, 1e-9)
        missing_there = max(n_others + PRIOR - there, 1e-9)
        odds = log(here / missing_here) - log(there / missing_there)
        strength = odds / sqrt(1 / here + 1 / there)
        if strength >= TELLING and count > 1:
            lift = count / n_ours / (others / n_others) if others else None
            told.append((-strength, word, TypicalWord(word, count, lift)))
    return [typical for *_, typical in sorted(told, key=lambda entry: entry[:2])[:n]]


def outliers(similarities: Sequence[float]) -> list[int]:
    """Rows of the members that stand far from their cluster's centre, farthest first.

    ``similarities`` to the centre are exp(-d²/2). Far is beyond the median distance by ``FAR`` robust spreads (median
    absolute deviation; Hampel, 1974).
    """
    if not len(similarities):
        return []
    away = np.sqrt(-2 * np.log(np.clip(np.asarray(similarities, np.float64), 1e-12, 1)))
    middle = float(np.median(away))
    spread = SPREAD * float(np.median(np.abs(away - middle)))
    far = np.flatnonzero(away > middle + FAR * max(spread, 1e-3))
    return [int(row) for row in far[np.argsort(-away[far], kind="stable")]]
