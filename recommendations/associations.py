"""Rules: what is bought together, and what shoppers go to next."""

from collections.abc import Sequence
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy import sparse

from recommendations.item_neighbours import MIN_SHOPPERS, ItemLinks
from recommendations.profiles import FAINTEST, SECONDS_A_DAY, Interactions, Profile
from recommendations.ranking import BOUGHT_TOGETHER, Ranking

Ids = npt.NDArray[np.int64]

# Of the rules after one click: chosen on the validation part of a clothing shop's clicks (e-shop, new sessions of two
# items: nDCG@10 .236 against .224 by the rules for longer ways).
EARLY = 0.8


class BoughtTogether(ItemLinks):
    """Items that share baskets more often than chance.

    Fit it on baskets: ``Interactions`` whose rows are orders, not shoppers. A link weighs log₂(lift), lift =
    n(a and b) · baskets / (n(a) · n(b)), times n(a and b) / (n(a and b) + ``shrinkage``): a lift of 50 seen three
    times is less sure than one of 5 seen a hundred times. With a half-life a basket counts less the older it is,
    measured from the newest one; the minimum support counts whole baskets, whatever their age.

    Args:
        min_shoppers: the minimum support: baskets, and shoppers where ``fit`` is told who they are.
        shrinkage: see above. half_life_days: after so long a basket counts half; infinity switches fading off.
        decay: see ``ItemLinks``.
    """

    reason = BOUGHT_TOGETHER

    def __init__(
        self,
        *,
        min_shoppers: int = MIN_SHOPPERS,
        shrinkage: float = 10.0,
        half_life_days: float = np.inf,
        decay: float = 1.0,
    ) -> None:
        super().__init__(decay=decay, min_shoppers=min_shoppers)
        self.shrinkage = shrinkage
        self.half_life_days = half_life_days

    def fit(self, interactions: Interactions, shoppers: npt.ArrayLike | None = None) -> Self:
        """Count the pairs of all baskets.

        ``shoppers`` (u,) says whose each basket is: then a pair also needs ``min_shoppers`` different people who met
        both, so that one who orders the same two things weekly makes no rule for everybody.
        """
        likes = interactions.likes()
        pairs = _pairs(likes, likes)
        often = (pairs.row != pairs.col) & (pairs.data >= self.min_shoppers)
        if shoppers is not None:
            often &= _shoppers_behind(likes, shoppers) >= self.min_shoppers
        weights = self._basket_weights(interactions)
        faded = sparse.diags_array(weights).dot(likes).tocsr()
        starts, ends, support = pairs.row[often], pairs.col[often], pairs.data[often]
        together = _pairs(likes, faded).data[often]
        sizes = np.asarray(faded.sum(axis=0), np.float64).ravel()
        lift = together * weights.sum() / (sizes[starts] * sizes[ends])
        keep = lift > 1
        links = np.log2(lift[keep]) * together[keep] / (together[keep] + self.shrinkage)
        self._link(interactions, starts[keep], ends[keep], links, support[keep])
        return self

    def _basket_weights(self, interactions: Interactions) -> npt.NDArray[np.float64]:
        """How much each basket counts, 0..1, by the age of its newest line: (u,)."""
        if np.isinf(self.half_life_days):
            return np.ones(interactions.n_users)
        baskets = np.repeat(np.arange(interactions.n_users), np.diff(interactions.strengths.indptr))
        newest = np.full(interactions.n_users, -np.inf)
        np.maximum.at(newest, baskets, interactions.times)
        age_days = (interactions.times.max(initial=0.0) - newest) / SECONDS_A_DAY
        return np.asarray(0.5 ** (age_days / self.half_life_days), np.float64)


def _pairs(left: sparse.csr_matrix, right: sparse.csr_matrix) -> sparse.coo_matrix:
    """Sum over all rows what each pair of columns has in common: one entry per pair that meets at all, in order."""
    both = sparse.csr_matrix(left.T @ right, dtype=np.float64)
    both.sort_indices()
    return both.tocoo()


def _shoppers_behind(likes: sparse.csr_matrix, shoppers: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """How many different shoppers have met both of each pair, along ``_pairs(likes, likes)``."""
    _, person = np.unique(np.asarray(shoppers, np.int64), return_inverse=True)
    if len(person) != likes.shape[0]:
        raise ValueError(f"{likes.shape[0]} baskets, {len(person)} shoppers: say of each basket whose it is")
    owners = sparse.csr_matrix((np.ones(len(person), np.float32), (person, np.arange(len(person)))))
    met = sparse.csr_matrix(owners @ likes)
    met.data = np.ones_like(met.data)
    together = _pairs(likes, likes)
    together.data = np.ones_like(together.data)
    # Whoever has a pair in one basket has met both, so that no entry falls out here.
    behind = sparse.csr_matrix(together.tocsr().multiply(met.T @ met))
    behind.sort_indices()
    return np.asarray(behind.data, np.float64)


class SequentialRules(ItemLinks):
    """Items that shoppers go to soon after: sequential rules (Kamehkhosh, Jannach and Ludewig, 2017).

    A shopper who went from a to b in s steps adds 1/s to the link a → b; steps beyond ``window`` are not counted,
    nor is the order of things that happened at the same moment. The links of a are divided by their sum (and one
    step of doubt), so that a profile's much visited items do not outshout the others.

    Not every step of a way says the same. ``late`` fades a step by each step that still came after it: what shoppers
    end with is what they were looking for. ``early`` fades it by each step that came before it: what a second click
    is like, is known from second clicks.

    Args:
        window: how many steps one looks ahead. decay: see ``ItemLinks``; the newest item says most.
        late, early: see above; 1 lets all steps count alike. The default of ``late`` was chosen on the validation
            part of a clothing shop's clicks (e-shop, new sessions: nDCG@10 .240 against .235 without it, .245 with
            the division).
        min_shoppers: how many must have gone that way.
    """

    def __init__(
        self,
        *,
        window: int = 10,
        decay: float = 0.3,
        late: float = 0.8,
        early: float = 1.0,
        min_shoppers: int = MIN_SHOPPERS,
    ) -> None:
        super().__init__(decay=decay, min_shoppers=min_shoppers)
        self.window = window
        self.late = late
        self.early = early

    def fit(self, interactions: Interactions) -> Self:
        """Follow every shopper's way."""
        matrix = interactions.strengths
        users = np.repeat(np.arange(interactions.n_users), np.diff(matrix.indptr))
        liked = matrix.data > 0
        users, items, times = users[liked], matrix.indices[liked], interactions.times[liked]
        order = np.lexsort((times, users))
        users, items, times = users[order], items[order], times[order]
        before = np.arange(len(users)) - np.searchsorted(users, users)
        after = np.bincount(users, minlength=1)[users] - 1 - before
        shape = (interactions.n_items, interactions.n_items)
        weights, counts = sparse.csr_matrix(shape), sparse.csr_matrix(shape)
        for step in range(1, self.window + 1):
            follows = (users[step:] == users[:-step]) & (times[step:] > times[:-step])
            way = (items[:-step][follows], items[step:][follows])
            worth = self.early ** before[:-step][follows] * self.late ** after[step:][follows] / step
            worth = np.maximum(worth, FAINTEST)  # sums of sparse squares would drop a link of nothing
            counts = counts + sparse.csr_matrix((np.ones(len(way[0])), way), shape=shape)
            weights = weights + sparse.csr_matrix((worth, way), shape=shape)
        sums = np.asarray(weights.sum(axis=1), np.float64).ravel()
        counts, weights = counts.tocoo(), weights.tocoo()  # the same pattern: every way has both
        often = counts.data >= self.min_shoppers
        starts = counts.row[often]
        shares = weights.data[often] / (1 + sums[starts])
        self._link(interactions, starts, counts.col[often], shares, counts.data[often])
        return self


class StagedRules(SequentialRules):
    """Sequential rules that ask how far a shopper has come: after one click, what others clicked second says most.

    Args:
        window, decay, late, min_shoppers: see ``SequentialRules``, for shoppers of two items and more.

    Learned attribute: ``first_``, the rules for shoppers of one item.
    """

    first_: SequentialRules

    def fit(self, interactions: Interactions) -> Self:
        """Follow every shopper's way twice."""
        super().fit(interactions)
        self.first_ = SequentialRules(
            window=self.window, late=1.0, early=EARLY, min_shoppers=self.min_shoppers
        ).fit(interactions)
        return self

    def recommend_for(self, profile: Profile, n: int = 24, *, exclude: Sequence[int] = ()) -> Ranking:
        """Rank where the shopper's items lead from where the shopper stands."""
        if len(profile.liked()) == 1:
            return self.first_.recommend_for(profile, n, exclude=exclude)
        return super().recommend_for(profile, n, exclude=exclude)
