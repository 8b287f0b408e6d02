"""User-user neighbours of a million events: what time and memory they need, Surprise's beside them where it can."""

from collections.abc import Callable, Iterator

import numpy as np
import psutil
from scipy import sparse
from surprise import Dataset, KNNBasic, Reader, Trainset

from recommendations.collaborative import UserNeighbours
from recommendations.evaluation.measuring import measured
from recommendations.similarity import RowSimilarity
from shop.benchmarks.timing import Row

# As large as MovieLens-1M, whose licence forbids to ship it, and as a log of 100,000 shoppers who rent now and then,
# for whose square Surprise has no memory.
RATERS, FILMS, RATINGS = 6_040, 3_706, 1_000_209
SHOPPERS, PRODUCTS, EVENTS = 100_000, 6_000, 200_000
NEIGHBOURS = 50
TIME_RATIO, MEMORY_RATIO = 1 / 8, 1 / 7
MOST_MS, MOST_MB = 10_000.0, 300.0
FLATNESS = 100  # ranks: popularity falls as 1 / (rank + so many)


def rows() -> Iterator[Row]:
    """Each side is measured once, in CPU time of this process: a busy machine stretches both alike."""
    users, items = made_up_events(RATERS, FILMS, RATINGS, seed=1)
    trainset = _trainset(users, items)
    what = f"UserNeighbours.fit against surprise.KNNBasic.fit, {RATERS} shoppers, {len(users)} ratings of {FILMS}"
    ours = _cost(lambda: UserNeighbours(neighbours=NEIGHBOURS).fit(trainset))
    theirs = _cost(lambda: KNNBasic(verbose=False, sim_options={"name": "cosine"}).fit(trainset))
    for name, place, target, unit in (
        ("time", 0, TIME_RATIO, "CPU ms"),
        ("memory", 1, MEMORY_RATIO, "peak MB"),
    ):
        ratio = ours[place] / max(theirs[place], 1e-9)
        yield Row(
            name=f"million_ratings_{name}", ours=round(ours[place], 1), baseline=round(theirs[place], 1),
            ratio=round(ratio, 3), target=target, holds=ratio <= target, rounds=1, spread=0.0, unit="ratio",
            what=f"{what}, {unit}",
        )  # fmt: skip
    users, items = made_up_events(SHOPPERS, PRODUCTS, EVENTS, seed=2)
    likes = sparse.csr_matrix((np.ones(len(users)), (users, items)), shape=(SHOPPERS, PRODUCTS))
    many = _cost(lambda: RowSimilarity(likes).nearest(NEIGHBOURS))
    for name, place, target, unit in (("time", 0, MOST_MS, "ms"), ("memory", 1, MOST_MB, "MB")):
        yield Row(
            name=f"hundred_thousand_shoppers_{name}", ours=round(many[place], 1), baseline=target,
            ratio=round(many[place] / target, 3), target=target, holds=many[place] <= target, rounds=1, spread=0.0,
            unit=unit, what=f"the {NEIGHBOURS} nearest of {SHOPPERS} shoppers, {len(users)} events, one core",
        )  # fmt: skip


def made_up_events(n_users: int, n_items: int, n_events: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return distinct pairs of shopper and product, two (n_events,): some shoppers are busy, some products loved."""
    rng = np.random.default_rng(seed)
    busyness = rng.lognormal(0, 1, n_users)
    popularity = 1 / (np.arange(n_items) + FLATNESS)
    cells = np.empty(0, np.int64)
    while len(cells) < n_events:
        n_more = int(1.2 * (n_events - len(cells))) + 1
        users = rng.choice(n_users, n_more, p=busyness / busyness.sum())
        items = rng.choice(n_items, n_more, p=popularity / popularity.sum())
        cells = np.unique(np.concatenate([cells, users * n_items + items]))
    kept = np.sort(rng.permutation(cells)[:n_events])
    return kept // n_items, kept % n_items


def _trainset(users: np.ndarray, items: np.ndarray) -> Trainset:
    ratings = np.random.default_rng(3).integers(1, 6, len(users)).astype(np.float64)
    raw = [(*row, None) for row in zip(users.tolist(), items.tolist(), ratings.tolist(), strict=True)]
    return Dataset(Reader(rating_scale=(1, 5))).construct_trainset(raw)


def _cost(work: Callable[[], object]) -> tuple[float, float]:
    """Return CPU milliseconds and peak MB above what was there."""
    process = psutil.Process()
    before = process.cpu_times()
    cost = measured(work)
    after = process.cpu_times()
    return 1000 * (after.user + after.system - before.user - before.system), cost.peak_mb
