"""How good a ranking is, and how honest a probability.

Rankings are given as relevance in ranked order: an array (queries, ranks) of 0/1 or of gains, best guess
first. Every function returns one figure per query, so that a caller can average, compare and give standard
errors. Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", 2002; Guo et al., "On
Calibration of Modern Neural Networks", 2017.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

RESAMPLES = 1000

Floats = npt.NDArray[np.float64]


def precision_at_k(relevance: npt.ArrayLike, k: int) -> Floats:
    """Share of relevant answers among the first k, (q,).

    A ranking shorter than k counts as missing the rest.
    """
    found: Floats = (_ranked(relevance)[:, :k] > 0).sum(axis=1) / k
    return found


def average_precision(
    relevance: npt.ArrayLike, k: int | None = None, *, n_relevant: npt.ArrayLike | None = None
) -> Floats:
    """Mean of the precisions at each relevant rank among the first k, (q,); 0 when nothing there is relevant.

    Divided by the most that the first k could hold: ``n_relevant`` (q,) is how many relevant answers there
    were to be found, by default as many as the ranking holds.
    """
    ranked = _ranked(relevance) > 0
    hits = ranked[:, :k]
    findable = ranked.sum(axis=1) if n_relevant is None else np.asarray(n_relevant)
    possible = np.minimum(findable, hits.shape[1] if k is None else k)
    precisions = hits.cumsum(axis=1) / np.arange(1, hits.shape[1] + 1)
    averages: Floats = (precisions * hits).sum(axis=1) / np.maximum(possible, 1)
    return averages


def ndcg(gains: npt.ArrayLike, k: int | None = None, *, ideal: npt.ArrayLike | None = None) -> Floats:
    """Discounted gain of the first k over the best possible one, (q,), 0..1; 0 when there is nothing to gain.

    The best possible order is that of ``ideal`` (queries, any number of gains), by default of the ranking
    itself: give ``ideal`` when the ranking does not hold everything that was there to be found.
    """
    ranked = _ranked(gains)
    best = ranked if ideal is None else _ranked(ideal)
    best = -np.sort(-best, axis=1)
    reached, possible = _discounted(ranked[:, :k]), _discounted(best[:, :k])
    return np.divide(reached, possible, out=np.zeros_like(reached), where=possible > 0)


def reciprocal_rank(relevance: npt.ArrayLike) -> Floats:
    """1 / rank of the first relevant answer, (q,); 0 when there is none."""
    hits = _ranked(relevance) > 0
    if not hits.shape[1]:
        return np.zeros(len(hits))
    return np.where(hits.any(axis=1), 1 / (hits.argmax(axis=1) + 1), 0.0)


def expected_calibration_error(
    probabilities: npt.ArrayLike, outcomes: npt.ArrayLike, bins: int = 15
) -> float:
    """Mean gap between what was promised and what came true, weighted by how many fall in each of equal bins;
    0..1.

    Args:
        probabilities: any shape, 0..1; outcomes: the same shape, 0 or 1.
    """
    promised = np.asarray(probabilities, np.float64).ravel()
    came_true = np.asarray(outcomes, np.float64).ravel()
    if promised.shape != came_true.shape:
        raise ValueError(f"{promised.size} probabilities and {came_true.size} outcomes: give as many of each")
    if not promised.size:
        raise ValueError("no probabilities: the calibration of nothing is not known")
    gap = np.bincount(_bin(promised, bins), promised - came_true, minlength=bins)
    return float(np.abs(gap).sum() / promised.size)


def bootstrap_interval(
    values: npt.ArrayLike, *, confidence: float = 0.95, resamples: int = RESAMPLES, seed: int = 0
) -> tuple[float, float]:
    """Where the mean of ``values`` (n,) would fall in ``confidence`` of such samples: (low, high).

    Percentiles of the means of samples drawn with replacement (Efron, "Bootstrap Methods: Another Look at the
    Jackknife", 1979).
    """
    given = np.asarray(values, np.float64).ravel()
    if not given.size:
        raise ValueError("no values: the interval of nothing is not known")
    means = np.array([given[chosen].mean() for chosen in resampled(given.size, resamples, seed)])
    return percentile_interval(means, confidence)


def resampled(n: int, resamples: int = RESAMPLES, seed: int = 0) -> Iterator[npt.NDArray[np.int64]]:
    """``resamples`` times n of the numbers 0 to n - 1, drawn with replacement, each int64 (n,)."""
    rng = np.random.default_rng(seed)
    for _ in range(resamples):
        yield rng.integers(0, n, n)


def percentile_interval(estimates: npt.ArrayLike, confidence: float = 0.95) -> tuple[float, float]:
    """The middle ``confidence`` of estimates (r,): (low, high)."""
    low, high = np.quantile(np.asarray(estimates, np.float64), [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)


def reliability(
    probabilities: npt.ArrayLike, outcomes: npt.ArrayLike, bins: int = 15
) -> tuple[Floats, Floats, npt.NDArray[np.int64]]:
    """What was promised, what came true and how often, in each of equal bins: three arrays (bins,).

    Empty bins are NaN in the first two. The same bins as ``expected_calibration_error``.
    """
    promised = np.asarray(probabilities, np.float64).ravel()
    came_true = np.asarray(outcomes, np.float64).ravel()
    place = _bin(promised, bins)
    counts = np.bincount(place, minlength=bins).astype(np.int64)
    filled = np.where(counts > 0, counts, np.nan)
    return (
        np.bincount(place, promised, minlength=bins) / filled,
        np.bincount(place, came_true, minlength=bins) / filled,
        counts,
    )


def _bin(promised: Floats, bins: int) -> npt.NDArray[np.int64]:
    return np.clip(np.ceil(promised * bins).astype(np.int64) - 1, 0, bins - 1)


def _ranked(relevance: npt.ArrayLike) -> Floats:
    rows = np.atleast_2d(np.asarray(relevance, np.float64))
    if rows.ndim != 2:
        raise ValueError(f"a ranking has the shape (queries, ranks), not {rows.shape}")
    return rows


def _discounted(gains: Floats) -> Floats:
    discounted: Floats = gains @ (1 / np.log2(np.arange(2, gains.shape[1] + 2)))
    return discounted
