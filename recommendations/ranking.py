"""What every recommender takes and returns.

A recommender is built from keywords, learns in ``fit(interactions)`` and answers ``recommend_for(profile, n)``.
Because the profile comes with the question, a visitor whom no training has seen is served like anybody else.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, Self

import numpy as np
import numpy.typing as npt

from recommendations.profiles import Interactions, Profile

Ids = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

NO_ITEM = 0  # in ``because``: no one product is the reason

# Reason codes; ``recommendations.reasons`` has the sentence of each.
POPULAR = "popular"
TASTE = "taste"
BECAUSE = "because"
LOOKS = "looks"
ATTRIBUTES = "attributes"
BOUGHT_TOGETHER = "bought_together"
NEW = "new"


class Recommended(NamedTuple):
    """One line of a ranking."""

    item: int
    score: float
    reason: str
    because: int


@dataclass(frozen=True)
class Ranking:
    """Items, best first, each with why it is there.

    ``support`` counts the shoppers whose doings stand behind a line; 0 where none were needed (looks, attributes).
    """

    ids: Ids  # (n,)
    scores: Floats  # (n,) never rising
    reasons: tuple[str, ...]  # n codes
    because: Ids  # (n,) item of the shopper's profile that spoke loudest, or NO_ITEM
    support: Ids  # (n,)

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[Recommended]:
        for line in zip(
            self.ids.tolist(), self.scores.tolist(), self.reasons, self.because.tolist(), strict=True
        ):
            yield Recommended(*line)

    def take(self, positions: npt.ArrayLike) -> "Ranking":
        """Return the lines at ``positions``, in that order."""
        rows = np.asarray(positions, dtype=np.int64)
        return Ranking(
            self.ids[rows],
            self.scores[rows],
            tuple(self.reasons[row] for row in rows),
            self.because[rows],
            self.support[rows],
        )

    def without(self, ids: npt.ArrayLike) -> "Ranking":
        """Return the ranking without the named items."""
        return self.take(np.flatnonzero(~np.isin(self.ids, np.asarray(ids, dtype=np.int64))))


NOTHING = Ranking(
    np.empty(0, np.int64), np.empty(0, np.float64), (), np.empty(0, np.int64), np.empty(0, np.int64)
)


class Recommender(Protocol):
    """The one interface of all recommenders."""

    def fit(self, interactions: Interactions) -> Self:
        """Learn from what all shoppers did."""
        ...

    def recommend_for(self, profile: Profile, n: int = 24, *, exclude: Sequence[int] = ()) -> Ranking:
        """Rank at most ``n`` items that are neither in ``profile`` nor in ``exclude``."""
        ...


def best(scores: npt.NDArray[np.floating], n: int) -> Ids:
    """Return the positions of the ``n`` largest scores above zero, largest first, ties by position.

    Unlike a bare ``argpartition`` the cut through a tie is the same on every machine.
    """
    if n < 1:
        return np.empty(0, np.int64)
    positions = np.flatnonzero(scores > 0)
    if len(positions) > n:
        values = scores[positions]
        threshold = np.partition(values, len(values) - n)[len(values) - n]
        positions = positions[values >= threshold]
    order = np.argsort(-scores[positions], kind="stable")[:n]
    return positions[order].astype(np.int64)


def rank(
    item_ids: Ids,
    scores: npt.NDArray[np.floating],
    n: int,
    *,
    reason: str,
    hidden: npt.ArrayLike = (),
    because: Ids | None = None,
    support: Ids | None = None,
) -> Ranking:
    """Rank all items by ``scores`` and keep the best ``n`` above zero that are not ``hidden``.

    Args:
        item_ids: (i,) in rising order, so that ties fall to the smaller id. scores: (i,).
        reason: the code all lines get. because, support: (i,) or None.
    """
    open_scores = np.where(np.isin(item_ids, np.asarray(hidden, dtype=np.int64)), 0, scores)
    top = best(open_scores, n)
    none = np.full(len(top), NO_ITEM, np.int64)
    return Ranking(
        item_ids[top],
        open_scores[top].astype(np.float64),
        (reason,) * len(top),
        none if because is None else because[top],
        none if support is None else support[top],
    )


def hidden_from(profile: Profile, exclude: Sequence[int]) -> Ids:
    """Return the ids a ranking must not show: what the shopper has met already, and ``exclude``."""
    return np.union1d(profile.item_ids, np.asarray(exclude, dtype=np.int64))
