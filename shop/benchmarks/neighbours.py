"""Our user-user neighbours against Surprise's own, on the same made-up ratings."""

from collections.abc import Iterator

import numpy as np
from surprise import Dataset, KNNBasic, Reader, Trainset

from recommendations.collaborative import UserNeighbours
from shop.benchmarks.timing import Row, compare

RATINGS_PER_USER = 30
TARGET_RATIO = 1.0


def rows(n_users: int, n_items: int) -> Iterator[Row]:
    """Time to learn the neighbours of every shopper."""
    trainset = made_up_ratings(n_users, n_items)
    yield compare(
        "fit_user_neighbours",
        lambda: UserNeighbours().fit(trainset),
        lambda: KNNBasic(verbose=False, sim_options={"name": "cosine"}).fit(trainset),
        target=TARGET_RATIO,
        unit="ratio",
        what=f"UserNeighbours.fit against surprise.KNNBasic.fit, {n_users} shoppers, {RATINGS_PER_USER} ratings each",
        rounds=5,
    )


def made_up_ratings(n_users: int, n_items: int, seed: int = 7) -> Trainset:
    """A Surprise trainset in which few items have many ratings."""
    rng = np.random.default_rng(seed)
    popularity = 1 / np.arange(1, n_items + 1)
    popularity /= popularity.sum()
    per_user = min(RATINGS_PER_USER, n_items)
    raw = [
        (str(user), str(item), float(rng.integers(1, 6)), None)
        for user in range(n_users)
        for item in rng.choice(n_items, per_user, replace=False, p=popularity)
    ]
    return Dataset(Reader(rating_scale=(1, 5))).construct_trainset(raw)
