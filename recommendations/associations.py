"""Rules: what is bought together, and what shoppers go to next."""

from typing import Self

import numpy as np
import numpy.typing as npt
from scipy import sparse

from recommendations.item_neighbours import MIN_SHOPPERS, ItemLinks
from recommendations.profiles import Interactions
from recommendations.ranking import BOUGHT_TOGETHER

Ids = npt.NDArray[np.int64]


class BoughtTogether(ItemLinks):
    """Items that share baskets more often than chance.

    Fit it on baskets: ``Interactions`` whose rows are orders, not shoppers. A link weighs log₂(lift), lift =
    n(a and b) · baskets / (n(a) · n(b)), times n(a and b) / (n(a and b) + ``shrinkage``): a lift of 50 seen three
    times is less sure than one of 5 seen a hundred times.

    Args:
        min_shoppers: the minimum support, in baskets. shrinkage: see above. decay: see ``ItemLinks``.
    """

    reason = BOUGHT_TOGETHER

    def __init__(
        self, *, min_shoppers: int = MIN_SHOPPERS, shrinkage: float = 10.0, decay: float = 1.0
    ) -> None:
        super().__init__(decay=decay, min_shoppers=min_shoppers)
        self.shrinkage = shrinkage

    def fit(self, interactions: Interactions) -> Self:
        """Count the pairs of all baskets."""
        likes = interactions.likes()
        pairs = (likes.T @ likes).tocoo()
        sizes = np.bincount(likes.indices, minlength=interactions.n_items).astype(np.float64)
        lift = pairs.data * interactions.n_users / (sizes[pairs.row] * sizes[pairs.col])
        keep = (pairs.row != pairs.col) & (pairs.data >= self.min_shoppers) & (lift > 1)
        counts = pairs.data[keep].astype(np.float64)
        weights = np.log2(lift[keep]) * counts / (counts + self.shrinkage)
        self._link(interactions, pairs.row[keep], pairs.col[keep], weights, counts)
        return self


class SequentialRules(ItemLinks):
    """Items that shoppers go to soon after: sequential rules (Kamehkhosh, Jannach and Ludewig, 2017).

    A shopper who went from a to b in s steps adds 1/s to the link a → b; steps beyond ``window`` are not counted,
    nor is the order of things that happened at the same moment.

    Args:
        decay: see ``ItemLinks``; the newest item says most. min_shoppers: how many must have gone that way.
    """

    def __init__(self, *, window: int = 10, decay: float = 0.3, min_shoppers: int = MIN_SHOPPERS) -> None:
        super().__init__(decay=decay, min_shoppers=min_shoppers)
        self.window = window

    def fit(self, interactions: Interactions) -> Self:
        """Follow every shopper's way."""
        matrix = interactions.strengths
        users = np.repeat(np.arange(interactions.n_users), np.diff(matrix.indptr))
        liked = matrix.data > 0
        users, items, times = users[liked], matrix.indices[liked], interactions.times[liked]
        order = np.lexsort((times, users))
        users, items, times = users[order], items[order], times[order]
        shape = (interactions.n_items, interactions.n_items)
        weights, counts = sparse.csr_matrix(shape), sparse.csr_matrix(shape)
        for step in range(1, self.window + 1):
            follows = (users[step:] == users[:-step]) & (times[step:] > times[:-step])
            way = (items[:-step][follows], items[step:][follows])
            once = sparse.csr_matrix((np.ones(len(way[0])), way), shape=shape)
            counts = counts + once
            weights = weights + once / step
        counts, weights = counts.tocoo(), weights.tocoo()  # the same pattern: every way has both
        often = counts.data >= self.min_shoppers
        self._link(
            interactions, counts.row[often], counts.col[often], weights.data[often], counts.data[often]
        )
        return self
