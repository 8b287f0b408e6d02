"""Surprise as its documentation asks it: every item predicted for one shopper, then sorted by the prediction.

Here to be compared with, not to serve. Surprise knows no shopper whom it has not learned from: the profile of a
known one is recognised by its items, anybody else gets what it predicts for strangers.
"""

from collections.abc import Sequence
from typing import Self

import numpy as np
import numpy.typing as npt
from surprise import SVD, AlgoBase, Dataset, KNNWithMeans, Reader

from recommendations.profiles import Interactions, Profile
from recommendations.ranking import TASTE, Ranking, hidden_from, rank

BYTES_PER_PAIR = 56  # of shoppers, at the peak of Surprise's fit (Surprise's similarities: 24 to 56)
STRANGER = "a stranger"  # a raw id that no trainset holds


class SurpriseReference:
    """One of Surprise's predictors behind the interface of all recommenders.

    Args:
        algorithm: an algorithm of Surprise, not fitted. seed: of the order among equal predictions.
    """

    def __init__(self, algorithm: AlgoBase, *, seed: int = 0) -> None:
        self.algorithm = algorithm
        self.seed = seed

    def fit(self, interactions: Interactions) -> Self:
        """Learn from who met what, strengths taken as ratings."""
        matrix = interactions.strengths
        rows = np.repeat(np.arange(interactions.n_users), np.diff(matrix.indptr))
        ratings = [
            (user, item, value, None)
            for user, item, value in zip(
                rows.tolist(),
                interactions.item_ids[matrix.indices].tolist(),
                matrix.data.tolist(),
                strict=True,
            )
        ]
        self.item_ids_ = interactions.item_ids
        self.users_ = {
            interactions.item_ids[matrix.indices[start:stop]].tobytes(): row
            for row, (start, stop) in enumerate(zip(matrix.indptr[:-1], matrix.indptr[1:], strict=True))
        }
        self.tie_breaks_ = np.random.default_rng(self.seed).permutation(len(self.item_ids_)) * 1e-9
        if ratings:
            scale = (float(matrix.data.min()), float(matrix.data.max()))
            self.algorithm.fit(Dataset(Reader(rating_scale=scale)).construct_trainset(ratings))
        return self

    def recommend_for(self, profile: Profile, n: int = 24, *, exclude: Sequence[int] = ()) -> Ranking:
        """Rank all items by ``predict()``."""
        user = self.users_.get(np.sort(profile.item_ids).tobytes(), STRANGER)
        predictions = self._predict(user)
        # Predictions are no scores: shifted above zero, which keeps their order.
        scores = predictions - predictions.min(initial=0.0) + 1.0 + self.tie_breaks_
        return rank(self.item_ids_, scores, n, reason=TASTE, hidden=hidden_from(profile, exclude))

    def _predict(self, user: int | str) -> npt.NDArray[np.float64]:
        return np.array(
            [self.algorithm.predict(user, item, clip=False).est for item in self.item_ids_.tolist()],
            np.float64,
        )


def neighbours(seed: int = 0) -> SurpriseReference:
    """Surprise's user-user neighbours, around each shopper's mean."""
    return SurpriseReference(KNNWithMeans(k=40, sim_options={"user_based": True}, verbose=False), seed=seed)


def matrix_factorisation(seed: int = 0) -> SurpriseReference:
    """Surprise's matrix factorisation, seeded."""
    return SurpriseReference(SVD(random_state=seed), seed=seed)
