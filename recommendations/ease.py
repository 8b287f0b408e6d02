"""Links item → item found by ridge regression: every item is explained by all others at once.

What two items have in common with a third is counted once, where neighbours count it twice. The price is a square of
all items, so that these are for catalogues of up to some thousands.
"""

from collections.abc import Sequence
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy import linalg, sparse

from recommendations.item_neighbours import MIN_SHOPPERS
from recommendations.profiles import SECONDS_A_DAY, Interactions, Profile, positions_in
from recommendations.ranking import BECAUSE, NO_ITEM, NOTHING, Ranking, hidden_from, rank

Ids = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

MAX_ITEMS = 10_000  # two squares of so many items, in single precision, are 0.8 GB


class TooManyItems(ValueError):
    """The square of all items would not fit; the text says how many there may be."""


class RegressionLinks:
    """A recommender made of a dense square of links; subclasses find it in ``fit``.

    Args:
        regularisation: how much evidence (in shoppers) a link needs to be believed.
        decay: what each step back in the profile multiplies an item's strength by.
        half_life_days: after so long, seen from the newest event, what a shopper did counts half in learning;
            infinity switches fading off.
        min_shoppers: items that fewer shoppers like are not recommended.

    Learned attributes: ``item_ids_`` (i,) rising, ``links_`` (i, i) float32, row = start, ``support_`` (i,) shoppers.
    """

    item_ids_: Ids
    links_: npt.NDArray[np.float32]
    support_: Ids

    def __init__(
        self,
        *,
        regularisation: float = 100.0,
        decay: float = 1.0,
        half_life_days: float = np.inf,
        min_shoppers: int = MIN_SHOPPERS,
    ) -> None:
        self.regularisation = regularisation
        self.decay = decay
        self.half_life_days = half_life_days
        self.min_shoppers = min_shoppers

    def recommend_for(self, profile: Profile, n: int = 24, *, exclude: Sequence[int] = ()) -> Ranking:
        """Rank where the shopper's items lead; ``because`` is the liked item that leads there most strongly."""
        faded = profile.faded(self.decay)
        starts = positions_in(self.item_ids_, faded.item_ids)
        known = (starts >= 0) & (np.abs(faded.strengths) > 1e-6)
        if not known.any():
            return NOTHING
        starts, strengths = starts[known], faded.strengths[known]
        scores = (strengths @ self.links_[starts]).astype(np.float64)
        scores[self.support_ < self.min_shoppers] = 0
        ranking = rank(
            self.item_ids_,
            scores,
            n,
            reason=BECAUSE,
            hidden=hidden_from(profile, exclude),
            support=self.support_,
        )
        columns = positions_in(self.item_ids_, ranking.ids)
        parts = strengths[:, None] * self.links_[np.ix_(starts, columns)]
        loudest = len(parts) - 1 - parts[::-1].argmax(axis=0)  # of equally strong ones the newest
        liked = strengths[loudest] > 0
        because = np.where(liked, self.item_ids_[starts[loudest]], NO_ITEM).astype(np.int64)
        return Ranking(ranking.ids, ranking.scores, ranking.reasons, because, ranking.support)

    def _begin(self, interactions: Interactions) -> None:
        """Take over the items.

        Raises:
            TooManyItems: for a catalogue whose square does not fit.
        """
        if interactions.n_items > MAX_ITEMS:
            raise TooManyItems(
                f"{interactions.n_items} items: a square of links fits for at most {MAX_ITEMS}"
            )
        self.item_ids_ = interactions.item_ids
        self.support_ = np.asarray(interactions.likes().sum(axis=0), np.int64).ravel()

    def _fading(self, times: Floats) -> Floats:
        """How much events at these times count, 0..1."""
        if np.isinf(self.half_life_days) or not len(times):
            return np.ones(len(times))
        return np.asarray(0.5 ** ((times.max() - times) / SECONDS_A_DAY / self.half_life_days))

    def _regularised(self, square: sparse.csr_matrix) -> npt.NDArray[np.float32]:
        """Return a sparse square as a dense one with the regularisation on its diagonal, Fortran-ordered."""
        dense = np.asfortranarray(square.toarray(), np.float32)
        dense[np.diag_indices_from(dense)] += self.regularisation
        return dense


class Ease(RegressionLinks):
    """Each item explained by the others of the same shopper: EASE.

    Steck, "Embarrassingly shallow autoencoders for sparse data", WWW 2019.
    """

    def fit(self, interactions: Interactions) -> Self:
        """Solve for all links at once, in closed form.

        Raises:
            TooManyItems: for more than ``MAX_ITEMS`` items.
        """
        self._begin(interactions)
        likes = interactions.likes()
        n_items = interactions.n_items
        if not likes.nnz:
            self.links_ = np.zeros((n_items, n_items), np.float32)
            return self
        newest = np.maximum.reduceat(interactions.times, interactions.strengths.indptr[:-1])
        weights = sparse.diags_array(self._fading(newest)).dot(likes).tocsr()
        inverse = _inverse(self._regularised(likes.T @ weights))
        self.links_ = inverse / -np.diag(inverse)
        np.fill_diagonal(self.links_, 0)
        return self


class NextByRegression(RegressionLinks):
    """Each next item explained by the faded way that led to it.

    The transition half of SLIST (Choi et al., "Session-aware linear item-item models", WWW 2021): for every step of
    every shopper the earlier items, each ``decay`` times fainter per step back, are the cause and the next item the
    effect.
    """

    def __init__(
        self,
        *,
        regularisation: float = 10.0,
        decay: float = 0.5,
        half_life_days: float = np.inf,
        window: int = 10,
        min_shoppers: int = MIN_SHOPPERS,
    ) -> None:
        super().__init__(
            regularisation=regularisation,
            decay=decay,
            half_life_days=half_life_days,
            min_shoppers=min_shoppers,
        )
        self.window = window

    def fit(self, interactions: Interactions) -> Self:
        """Follow every shopper's way; the order of what happened at the same moment is not looked at.

        Raises:
            TooManyItems: for more than ``MAX_ITEMS`` items.
        """
        self._begin(interactions)
        matrix = interactions.strengths
        users = np.repeat(np.arange(interactions.n_users), np.diff(matrix.indptr))
        liked = matrix.data > 0
        users, items, times = users[liked], matrix.indices[liked], interactions.times[liked]
        order = np.lexsort((times, users))
        users, items, times = users[order], items[order], times[order]
        n_items = interactions.n_items
        ways = sparse.csr_matrix((len(items), n_items), dtype=np.float32)
        for step in range(1, self.window + 1):
            follows = np.flatnonzero((users[step:] == users[:-step]) & (times[step:] > times[:-step]))
            strength = np.full(len(follows), self.decay ** (step - 1), np.float32)
            ways = ways + sparse.csr_matrix((strength, (follows + step, items[follows])), shape=ways.shape)
        weighted = sparse.diags_array(self._fading(times).astype(np.float32)).dot(ways).tocsr()
        steps = sparse.csr_matrix(
            (np.ones(len(items), np.float32), items, np.arange(len(items) + 1)), shape=ways.shape
        )
        if not ways.nnz:
            self.links_ = np.zeros((n_items, n_items), np.float32)
            return self
        causes = self._regularised(weighted.T @ ways)
        effects = np.asfortranarray((weighted.T @ steps).toarray(), np.float32)
        self.links_ = np.ascontiguousarray(
            linalg.solve(causes, effects, assume_a="pos", overwrite_a=True, overwrite_b=True)
        )
        return self


def _inverse(square: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Invert a positive definite matrix (i, i) in its own place."""
    factor, failed = linalg.lapack.spotrf(square, lower=False, overwrite_a=True)
    if failed:
        raise linalg.LinAlgError("the links cannot be solved for: choose a larger regularisation")
    half, _ = linalg.lapack.spotri(factor, lower=False, overwrite_c=True)
    upper = np.triu(half)
    return np.asarray(upper + np.triu(half, 1).T, np.float32)
