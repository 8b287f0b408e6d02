"""How good lists are, question by question, over the whole ranking: nothing is sampled."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

PAGE = 10
RESAMPLES = 1000
_CHUNK = 100  # resamples drawn at once


@dataclass(frozen=True)
class Scores:
    """(q,) figures, one per question, at a page of n."""

    ndcg: Floats
    recall: Floats
    hit: Floats
    reciprocal_rank: Floats


def score(pages: Ids, targets: Sequence[Ids]) -> Scores:
    """Compare pages (q, n), filled up with 0, with the targets of each question.

    nDCG gives 1 / log2(rank + 1) for each target shown, over the best that the page could do.
    """
    n = pages.shape[1]
    discounts = 1 / np.log2(np.arange(2, n + 2))
    ideal = np.concatenate([[0.0], np.cumsum(discounts)])
    ndcg, recall, hit, reciprocal = (np.zeros(len(pages)) for _ in range(4))
    for row, (page, wanted) in enumerate(zip(pages, targets, strict=True)):
        found = np.isin(page, wanted)
        if found.any():
            ndcg[row] = discounts[found].sum() / ideal[min(n, len(wanted))]
            recall[row] = found.sum() / len(wanted)
            hit[row] = 1.0
            reciprocal[row] = 1 / (1 + int(found.argmax()))
    return Scores(ndcg, recall, hit, reciprocal)


def standard_error(values: Floats, seed: int = 0) -> float:
    """Return the bootstrap's standard error of the mean of (q,) values (Efron and Tibshirani, 1993)."""
    if len(values) < 2:
        return 0.0
    rng = np.random.default_rng(seed)
    means = np.concatenate(
        [
            values[rng.integers(0, len(values), (_CHUNK, len(values)), dtype=np.int32)].mean(axis=1)
            for _ in range(RESAMPLES // _CHUNK)
        ]
    )
    return float(means.std(ddof=1))


def coverage(pages: Ids, n_items: int) -> float:
    """Return the share of the catalogue that is on any page."""
    return len(np.unique(pages[pages > 0])) / max(1, n_items)


def novelty(pages: Ids, meetings: Mapping[int, int], n_users: int) -> float:
    """Return the mean of -log2(share of shoppers who have met it) over what is shown; nobody counts as one."""
    shown = pages[pages > 0]
    if not len(shown):
        return 0.0
    items, counts = np.unique(shown, return_counts=True)
    met = np.array([max(1, meetings.get(item, 0)) for item in items.tolist()])
    return float((counts * -np.log2(met / max(1, n_users))).sum() / counts.sum())


def variety(pages: Ids, attributes: Mapping[int, Set[str]]) -> float | None:
    """Return the mean Jaccard distance of two items of one page; None when nothing is known of the items."""
    if not attributes:
        return None
    names = sorted(set().union(*attributes.values()))
    numbers = {name: number for number, name in enumerate(names)}
    distances = []
    known: dict[int, npt.NDArray[np.float32]] = {}
    for page in pages:
        shown = [item for item in page.tolist() if item in attributes]
        if len(shown) < 2:
            continue
        for item in shown:
            if item not in known:
                row = np.zeros(len(names), np.float32)
                row[[numbers[name] for name in attributes[item]]] = 1
                known[item] = row
        rows = np.stack([known[item] for item in shown])
        common = rows @ rows.T
        sizes = rows.sum(axis=1)
        union = np.maximum(sizes[:, None] + sizes - common, 1)
        pairs = np.triu_indices(len(shown), 1)
        distances.append(float((1 - common / union)[pairs].mean()))
    return float(np.mean(distances)) if distances else None
