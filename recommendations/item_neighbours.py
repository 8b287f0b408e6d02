"""From the items a shopper met to the items those lead to."""

from collections.abc import Sequence
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy import sparse

from recommendations.profiles import Interactions, Profile, positions_in
from recommendations.ranking import BECAUSE, NO_ITEM, NOTHING, Ranking, hidden_from, rank
from recommendations.similarity import Measure, RowSimilarity

Ids = npt.NDArray[np.int64]

MIN_SHOPPERS = 3  # a link that fewer shoppers made would show what they did


class ItemLinks:
    """A recommender made of links item → item; subclasses learn the links in ``fit``.

    The score of an item is the sum of its links from the profile, each times the strength of where it starts and
    times ``decay`` per step back in time. What the shopper dislikes counts against what it leads to.

    Learned attributes: ``item_ids_`` (i,) rising, ``links_`` (i, i) float64, row = start, and ``support_`` (nnz,)
    shoppers behind each link, along ``links_.data``.
    """

    reason = BECAUSE

    item_ids_: Ids
    links_: sparse.csr_matrix
    support_: Ids

    def __init__(self, *, decay: float = 1.0, min_shoppers: int = MIN_SHOPPERS) -> None:
        self.decay = decay
        self.min_shoppers = min_shoppers

    def recommend_for(self, profile: Profile, n: int = 24, *, exclude: Sequence[int] = ()) -> Ranking:
        """Rank where the shopper's items lead; ``because`` is the item that leads there most strongly."""
        faded = profile.faded(self.decay)
        starts = positions_in(self.item_ids_, faded.item_ids)
        known = starts >= 0
        if not known.any():
            return NOTHING
        links = self.links_[starts[known]]
        step = np.repeat(np.arange(links.shape[0]), np.diff(links.indptr))
        parts = links.data * faded.strengths[known].astype(np.float64)[step]
        n_items = len(self.item_ids_)
        scores = np.bincount(links.indices, parts, minlength=n_items).astype(np.float64)
        loudest = np.lexsort(
            (step, parts)
        )  # of each target the last one written is the strongest, then the newest
        because = np.full(n_items, NO_ITEM, np.int64)
        because[links.indices[loudest]] = faded.item_ids[known][step[loudest]]
        support = np.zeros(n_items, np.int64)
        support[links.indices[loudest]] = self._support_of(starts[known])[loudest]
        return rank(
            self.item_ids_,
            scores,
            n,
            reason=self.reason,
            hidden=hidden_from(profile, exclude),
            because=because,
            support=support,
        )

    def _link(
        self,
        interactions: Interactions,
        starts: npt.NDArray[np.integer],
        ends: npt.NDArray[np.integer],
        weights: npt.NDArray[np.float64],
        support: npt.NDArray[np.number],
    ) -> None:
        """Store learned links, parallel arrays (l,) of columns, weights and shoppers; each link comes once."""
        order = np.lexsort((ends, starts))
        counts = np.bincount(starts, minlength=interactions.n_items)
        self.item_ids_ = interactions.item_ids
        self.links_ = sparse.csr_matrix(
            (weights[order], ends[order], np.concatenate([[0], np.cumsum(counts)])),
            shape=(interactions.n_items, interactions.n_items),
        )
        self.support_ = support[order].astype(np.int64)

    def _support_of(self, rows: Ids) -> Ids:
        """Return the support of all links of some rows, one row after the other."""
        starts, stops = self.links_.indptr[rows], self.links_.indptr[rows + 1]
        parts = [self.support_[start:stop] for start, stop in zip(starts, stops, strict=True)]
        return np.concatenate(parts)

    def from_item(self, item_id: int, n: int = 24, *, exclude: Sequence[int] = ()) -> Ranking:
        """Rank where one item leads."""
        return self.recommend_for(Profile.of(item_id), n, exclude=exclude)


class ItemNeighbours(ItemLinks):
    """Items liked by the same shoppers: item-item neighbours, with a profile that fades per step back.

    Args:
        neighbours: links kept per item; None keeps all.
        measure, shrinkage: see ``RowSimilarity``.
        decay: see ``ItemLinks``. min_shoppers: how many shoppers must like both.
    """

    def __init__(
        self,
        *,
        neighbours: int | None = 200,
        measure: Measure = "cosine",
        shrinkage: float = 0.0,
        decay: float = 0.5,
        min_shoppers: int = MIN_SHOPPERS,
    ) -> None:
        super().__init__(decay=decay, min_shoppers=min_shoppers)
        self.neighbours = neighbours
        self.measure = measure
        self.shrinkage = shrinkage

    def fit(self, interactions: Interactions) -> Self:
        """Learn which items go with which."""
        nearest = RowSimilarity(
            interactions.likes().T.tocsr(),
            measure=self.measure,
            min_support=self.min_shoppers,
            shrinkage=self.shrinkage,
        ).nearest(self.neighbours)
        links = nearest.similarities
        starts = np.repeat(np.arange(interactions.n_items), np.diff(links.indptr))
        self._link(interactions, starts, links.indices, links.data, nearest.common)
        return self
