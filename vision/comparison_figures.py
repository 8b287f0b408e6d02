"""Is a candidate model better than the one in use? Figures from both models' answers to the same pictures."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]

Z95 = 1.959964
NEIGHBOURS = 10


@dataclass(frozen=True)
class PairedFigures:
    """How two models did on the same ``n`` pictures. ``gain`` is the candidate's accuracy less the baseline's; the true
    one lies between ``low`` and ``high`` in 95 of 100 such samples."""

    n: int
    baseline: float
    candidate: float
    only_baseline: int
    only_candidate: int
    gain: float
    low: float
    high: float


def compare_right(baseline: Bools, candidate: Bools) -> PairedFigures:
    """Compare which pictures each model got right, both bool (n,), n > 0.

    Pictures that both got right, or both wrong, say nothing about which is better; the others are counted (McNemar's
    table). The interval is the one of Agresti and Min, "Simple improved confidence intervals for comparing matched
    proportions", Statistics in Medicine 24 (2005): Wald's with half a picture added to each of the four cells, so that
    it stays honest when few pictures differ.
    """
    n = len(baseline)
    if n == 0 or len(candidate) != n:
        raise ValueError("both models must have answered the same pictures, at least one")
    only_baseline = int(np.sum(baseline & ~candidate))
    only_candidate = int(np.sum(candidate & ~baseline))
    total = n + 2
    middle = (only_candidate - only_baseline) / total
    spread = math.sqrt(max(0.0, only_candidate + only_baseline + 1 - total * middle**2)) / total
    return PairedFigures(
        n=n,
        baseline=float(np.mean(baseline)),
        candidate=float(np.mean(candidate)),
        only_baseline=only_baseline,
        only_candidate=only_candidate,
        gain=(only_candidate - only_baseline) / n,
        low=max(-1.0, middle - Z95 * spread),
        high=min(1.0, middle + Z95 * spread),
    )


def neighbours(embeddings: Floats, k: int = NEIGHBOURS) -> npt.NDArray[np.intp]:
    """The ``k`` nearest other pictures of each: positions (n, min(k, n-1)), for embeddings (n, d) of length 1."""
    likeness = embeddings @ embeddings.T
    np.fill_diagonal(likeness, -np.inf)
    k = min(k, len(embeddings) - 1)
    return np.argsort(-likeness, axis=1, kind="stable")[:, :k]


def neighbour_agreement(baseline: npt.NDArray[np.intp], candidate: npt.NDArray[np.intp]) -> float:
    """The mean share of neighbours that two models have in common, 0 to 1; both (n, k)."""
    if baseline.size == 0:
        return 1.0
    shared = (baseline[:, :, None] == candidate[:, None, :]).any(axis=2)
    return float(shared.mean())


def share_of_same(near: npt.NDArray[np.intp], labels: npt.NDArray[np.str_]) -> float:
    """The mean share of a picture's neighbours (n, k) that bear its own label; labels (n,), "" where it is not known.

    Pictures without a label neither ask nor count. 0 when nothing can be said.
    """
    known = labels != ""
    theirs = labels[near]
    asked = known[:, None] & (theirs != "")
    if not asked.any():
        return 0.0
    return float((theirs == labels[:, None])[asked].mean())
