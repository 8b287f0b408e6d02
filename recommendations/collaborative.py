"""Shoppers with your taste: user-user neighbours inside Surprise's framework.

``UserNeighbours`` is a ``surprise.AlgoBase``: Surprise's trainsets, ``cross_validate`` and ``GridSearchCV`` take it
as one of their own, and it estimates what ``KNNBasic``, ``KNNWithMeans`` and ``KNNBaseline`` do. Two things differ.
Neighbours are the nearest few from sparse blocks, where Surprise fills a square of all shoppers. And lists are not
sorted by ``predict()``, a mean that lets one enthusiastic stranger outvote a hundred friends: ``recommend_for``
sums the similarities of the neighbours who have the item.
"""

from collections.abc import Hashable, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse
from surprise import AlgoBase, PredictionImpossible, Trainset

from recommendations.profiles import Interactions, Profile, positions_in
from recommendations.ranking import NOTHING, TASTE, Ranking, hidden_from, rank
from recommendations.similarity import Measure, RowSimilarity, nearest_in_row

Ids = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

MIN_SHOPPERS = 3  # nothing is shown that fewer than these have, and no list is made from fewer neighbours


class UserNeighbours(AlgoBase):  # type: ignore[misc]  # Surprise has no types
    """Neighbours among shoppers, for Surprise's estimates and for the shop's lists.

    Args:
        neighbours: how many nearest shoppers are kept for each; None keeps everybody, which is Surprise.
        measure, min_support, shrinkage: see ``RowSimilarity``.
        k: how many of them vote in one estimate (lists hear all). min_k: fewer are not listened to.
        centred: estimate from each shopper's mean (``KNNWithMeans``) or not (``KNNBasic``).
        baselines: estimate from what shopper and item usually get and are given (``KNNBaseline``) instead.
        decay: in a list, what each step back in the profile multiplies an item's strength by; 1 is no fading.
        min_shoppers: see ``MIN_SHOPPERS``.
    """

    def __init__(
        self,
        *,
        neighbours: int | None = 200,
        measure: Measure = "cosine",
        min_support: int = 1,
        shrinkage: float = 0.0,
        k: int = 40,
        min_k: int = 1,
        centred: bool = False,
        baselines: bool = False,
        decay: float = 0.7,
        min_shoppers: int = MIN_SHOPPERS,
    ) -> None:
        super().__init__(sim_options={"user_based": True})
        self.neighbours = neighbours
        self.measure = measure
        self.min_support = min_support
        self.shrinkage = shrinkage
        self.k = k
        self.min_k = min_k
        self.centred = centred
        self.baselines = baselines
        self.decay = decay
        self.min_shoppers = min_shoppers

    def fit(self, data: Trainset | Interactions) -> Self:
        """Learn from a Surprise trainset, or from the shop's interactions.

        Interactions feed lists and ``neighbours_of``; estimates and ``predict`` are Surprise's and need its trainset.
        A trainset feeds everything, lists too when its raw item ids are whole numbers.
        """
        if isinstance(data, Interactions):
            self.trainset: Any = None
            self._fit_lists(data.likes(), data.item_ids, data.user_ids.tolist())
            return self
        super().fit(data)
        ratings = _matrix_of(data)
        self._fit_estimates(data, ratings)
        raw_items = [data.to_raw_iid(item) for item in data.all_items()]
        users = [data.to_raw_uid(user) for user in data.all_users()]
        if all(str(item).isdecimal() for item in raw_items):
            ids = np.array([int(item) for item in raw_items], dtype=np.int64)
            order = np.argsort(ids)
            self._fit_lists(ratings[:, order].tocsr(), ids[order], users)
        else:
            self._fit_lists(ratings, None, users)
        return self

    # Lists

    def _fit_lists(self, liked: sparse.csr_matrix, item_ids: Ids | None, users: Sequence[Hashable]) -> None:
        self.item_ids_ = item_ids
        self.users_ = users
        self.rows_ = {user: row for row, user in enumerate(users)}
        self.similarity_ = RowSimilarity(
            liked, measure=self.measure, min_support=self.min_support, shrinkage=self.shrinkage
        )
        self.shoppers_per_item_ = np.bincount(liked.indices, minlength=liked.shape[1])

    def recommend_for(self, profile: Profile, n: int = 24, *, exclude: Sequence[int] = ()) -> Ranking:
        """Rank what the shoppers nearest to ``profile`` have, by the sum of their similarities.

        The profile need not belong to anybody the model knows. ``support`` is the number of neighbours who have the
        item. Returns nothing when fewer than ``min_shoppers`` shoppers are near.
        """
        if self.item_ids_ is None:
            raise ValueError("lists need whole numbers as item ids: this trainset has others")
        liked = profile.liked().faded(self.decay)
        rows, similarities = self._nearest_to(_as_row(liked, self.item_ids_))
        if len(rows) < self.min_shoppers:
            return NOTHING
        items, weights = self._their_items(rows, similarities)
        n_items = len(self.item_ids_)
        scores = np.bincount(items, weights, minlength=n_items).astype(np.float64)
        scores[self.shoppers_per_item_ < self.min_shoppers] = 0
        return rank(
            self.item_ids_,
            scores,
            n,
            reason=TASTE,
            hidden=hidden_from(profile, exclude),
            support=np.bincount(items, minlength=n_items).astype(np.int64),
        )

    def _nearest_to(self, row: sparse.csr_matrix) -> tuple[npt.NDArray[np.int32], Floats]:
        """Return the kept shoppers nearest to one row (1, i), best first, and their similarities."""
        alike = self.similarity_.to(row)
        top = nearest_in_row(alike.indices, alike.data, self.neighbours)
        return alike.indices[top], alike.data[top]

    def _their_items(
        self, rows: npt.NDArray[np.int32], similarities: Floats
    ) -> tuple[npt.NDArray[np.int32], Floats]:
        """Return the items of some shoppers, one after the other, each with its shopper's similarity."""
        theirs = self.similarity_.matrix[rows]
        return theirs.indices, np.repeat(similarities, np.diff(theirs.indptr))

    def neighbours_of(self, user: Hashable) -> list[tuple[Hashable, float]]:
        """Return the nearest shoppers of one the model knows, by raw id, best first, with their similarities.

        Raises:
            KeyError: for a shopper the model does not know.
        """
        row = self.rows_[user]
        alike = self.similarity_.to(self.similarity_.matrix[row])
        others = np.where(alike.indices == row, 0, alike.data)
        top = nearest_in_row(alike.indices, others, self.neighbours)
        return [
            (self.users_[other], similarity)
            for other, similarity in zip(alike.indices[top].tolist(), others[top].tolist(), strict=True)
        ]

    # Surprise's side

    def _fit_estimates(self, trainset: Trainset, ratings: sparse.csr_matrix) -> None:
        self.neighbours_ = (
            RowSimilarity(
                ratings, measure=self.measure, min_support=self.min_support, shrinkage=self.shrinkage
            )
            .nearest(self.neighbours)
            .similarities
        )
        # In the trainset's own order: of equally similar raters Surprise hears the first ones.
        self.raters_ = [np.array([user for user, _ in trainset.ir[item]]) for item in trainset.all_items()]
        self.ratings_ = [np.array([value for _, value in trainset.ir[item]]) for item in trainset.all_items()]
        self.means_ = np.array(
            [np.mean([value for _, value in trainset.ur[user]]) for user in trainset.all_users()]
        )
        if self.baselines:
            self.compute_baselines()  # Surprise's: sets ``bu`` and ``bi``

    def estimate(self, u: Any, i: Any) -> tuple[float, dict[str, int]] | float:
        """Estimate a rating as Surprise's KNN do, from inner ids; Surprise calls this.

        Raises:
            PredictionImpossible: for an unknown user or item, or too few neighbours, where nothing is usual.
        """
        knows_user, knows_item = self.trainset.knows_user(u), self.trainset.knows_item(i)
        if not (knows_user and knows_item):
            if not self.baselines:
                raise PredictionImpossible("User and/or item is unknown.")
            theirs = (self.bu[u] if knows_user else 0.0) + (self.bi[i] if knows_item else 0.0)
            return float(self.trainset.global_mean + theirs)
        raters, values = self.raters_[i], self.ratings_[i]
        similarities = self._similarities_of(u)[raters]
        voters = np.argsort(-similarities, kind="stable")[: self.k]
        voters = voters[similarities[voters] > 0]
        details = {"actual_k": len(voters)}
        usual = self._usual(u, i)
        if not len(voters) or len(voters) < self.min_k:
            if usual is None:
                raise PredictionImpossible("Not enough neighbors.")
            return float(usual), details
        weights, votes = similarities[voters], values[voters]
        if usual is None:
            return float(weights @ votes / weights.sum()), details
        votes = votes - self._usual(raters[voters], i)
        return float(usual + weights @ votes / weights.sum()), details

    def _usual(self, users: Any, item: int) -> Any:
        """Return the ratings that votes of one or many inner ids are counted from; None: they count as they are."""
        if self.baselines:
            return self.trainset.global_mean + self.bu[users] + self.bi[item]
        return self.means_[users] if self.centred else None

    def _similarities_of(self, user: int) -> Floats:
        """Return one shopper's similarity to everybody, (u,): 0 beyond the kept neighbours, 1 to themselves."""
        part = slice(self.neighbours_.indptr[user], self.neighbours_.indptr[user + 1])
        similarities = np.zeros(self.neighbours_.shape[0])
        similarities[self.neighbours_.indices[part]] = self.neighbours_.data[part]
        similarities[user] = 1.0
        return similarities

    def get_neighbors(self, iid: int, k: int) -> list[int]:
        """Return the inner ids of the ``k`` nearest shoppers of an inner id (Surprise's name for it)."""
        part = slice(self.neighbours_.indptr[iid], self.neighbours_.indptr[iid + 1])
        nearest: list[int] = self.neighbours_.indices[part][:k].tolist()
        return nearest


def _matrix_of(trainset: Trainset) -> sparse.csr_matrix:
    """Return a trainset's ratings by inner ids: (u, i) float64."""
    users, items, values = zip(*trainset.all_ratings(), strict=True)
    matrix = sparse.csr_matrix((values, (users, items)), shape=(trainset.n_users, trainset.n_items))
    matrix.sort_indices()
    return matrix


def _as_row(profile: Profile, item_ids: Ids) -> sparse.csr_matrix:
    """Return a profile as one row (1, i); items that are not in ``item_ids`` are left out."""
    columns = positions_in(item_ids, profile.item_ids)
    known = columns >= 0
    return sparse.csr_matrix(
        (profile.strengths[known], columns[known], [0, int(known.sum())]), shape=(1, len(item_ids))
    )
