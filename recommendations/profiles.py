"""From what shoppers did to how much they like what.

An event weighs by its kind, fades with a half-life, counts less when repeated and little when the shopper bounced.
A dismissal ("not for me") wipes out what came before it and leaves the item disliked until something newer happens.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy import sparse

Ids = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

DISMISS = "dismiss"
# By judgement, in the order of what each costs a shopper: a look, a tap when asked, keeping, wanting, paying.
WEIGHTS: Mapping[str, float] = MappingProxyType(
    {"view": 1.0, "click": 1.0, "quiz": 2.0, "wish": 3.0, "cart": 4.0, "purchase": 6.0, DISMISS: -4.0}
)
BROWSING = ("view", "click")  # the kinds one can bounce from
HALF_LIFE_DAYS = 30.0  # by judgement: half a season's wardrobe is chosen in a month
BOUNCE_SECONDS = 3.0  # too short to have looked at a picture and a price; by judgement
BOUNCE_WEIGHT = 0.25
FAINTEST = 1e-6  # strengths below are forgotten, so that a fading like never looks like a dislike
SECONDS_A_DAY = 86_400.0
BUCKETS = ("0", "1", "2-4", "5-19", "20+")  # how well a shopper is known, by distinct items liked
_BUCKET_STARTS = (0, 1, 2, 5, 20)


@dataclass(frozen=True)
class Profile:
    """What one shopper likes (strength > 0) and dislikes (< 0), in order of time, newest last.

    An item occurs once, at the place of its last event. ``moments`` numbers, rising, when it was met: what was met at
    once, as in one order, has one number. None: each item at a moment of its own.
    """

    item_ids: Ids  # (m,)
    strengths: npt.NDArray[np.float32]  # (m,)
    moments: Ids | None = None  # (m,)

    def __post_init__(self) -> None:
        if len(self.item_ids) != len(self.strengths):
            raise ValueError(
                f"{len(self.item_ids)} items and {len(self.strengths)} strengths: give one strength per item"
            )

    def __len__(self) -> int:
        return len(self.item_ids)

    @classmethod
    def of(cls, *item_ids: int) -> Self:
        """Build the profile of a shopper who looked at these items in this order."""
        newest_first = list(dict.fromkeys(reversed(item_ids)))
        ids = np.array(newest_first[::-1], dtype=np.int64)
        return cls(ids, np.ones(len(ids), np.float32))

    def liked(self) -> "Profile":
        """Return the part with positive strengths."""
        return self.where(self.strengths > 0)

    def disliked(self) -> "Profile":
        """Return the part with negative strengths."""
        return self.where(self.strengths < 0)

    def where(self, kept: npt.NDArray[np.bool_]) -> "Profile":
        """Return the items marked in ``kept`` (m,), in the same order."""
        moments = None if self.moments is None else self.moments[kept]
        return Profile(self.item_ids[kept], self.strengths[kept], moments)

    def faded(self, decay: float) -> "Profile":
        """Return the profile with each strength multiplied by ``decay`` per step back from the newest item.

        A step is a moment: the lines of one order fade alike, in whatever order they stand.
        """
        moments = np.arange(len(self)) if self.moments is None else self.moments
        places = np.unique(moments, return_inverse=True)[1]
        steps = places.max(initial=0) - places
        return Profile(self.item_ids, (self.strengths * decay**steps).astype(np.float32), self.moments)


NEWCOMER = Profile(np.empty(0, np.int64), np.empty(0, np.float32))


@dataclass(frozen=True)
class Interactions:
    """What all shoppers like: one row per shopper, one column per item.

    ``times`` runs along ``strengths.data``: when the shopper last met the item.
    """

    user_ids: Ids  # (u,) rising
    item_ids: Ids  # (i,) rising
    strengths: sparse.csr_matrix  # (u, i) float32, sorted indices, no stored zeros
    times: Floats  # (nnz,) UTC seconds

    @classmethod
    def from_pairs(
        cls,
        users: npt.ArrayLike,
        items: npt.ArrayLike,
        strengths: npt.ArrayLike | None = None,
        times: npt.ArrayLike | None = None,
    ) -> Self:
        """Build the matrix from (e,) parallel arrays, one entry per event.

        Strengths of the same pair add up and the latest time stays. Without ``strengths`` a pair counts 1
        however often it comes; without ``times`` the order of the arrays is the order of time.
        """
        user_ids, rows = np.unique(np.asarray(users, dtype=np.int64), return_inverse=True)
        item_ids, columns = np.unique(np.asarray(items, dtype=np.int64), return_inverse=True)
        shape = (len(user_ids), len(item_ids))
        pairs, where = np.unique(rows * max(1, shape[1]) + columns, return_inverse=True)
        latest = np.full(len(pairs), -np.inf)
        when = np.arange(len(rows)) if times is None else np.asarray(times, dtype=np.float64)
        np.maximum.at(latest, where, when)
        values = (
            np.ones(len(pairs))
            if strengths is None
            else np.bincount(where, np.asarray(strengths, dtype=np.float64), minlength=len(pairs))
        )
        kept = np.abs(values) >= FAINTEST
        pair_rows, pair_columns = np.divmod(pairs[kept], max(1, shape[1]))
        starts = np.concatenate([[0], np.cumsum(np.bincount(pair_rows, minlength=shape[0]))])
        matrix = sparse.csr_matrix((values[kept].astype(np.float32), pair_columns, starts), shape=shape)
        return cls(user_ids, item_ids, matrix, latest[kept])

    @property
    def n_users(self) -> int:
        """How many shoppers there are."""
        return len(self.user_ids)

    @property
    def n_items(self) -> int:
        """How many items there are."""
        return len(self.item_ids)

    def likes(self) -> sparse.csr_matrix:
        """Return who likes what as 0 and 1, (u, i) float32.

        Every shopper is heard once per item: ten thousand clicks of one account are one voice.
        """
        matrix = self.strengths.copy()
        matrix.data = (matrix.data > 0).astype(np.float32)
        matrix.eliminate_zeros()
        return matrix

    def meetings_of(self, item_ids: npt.ArrayLike) -> Floats:
        """Return how many shoppers met each of some items, (m,) float64; 0 for one that nobody knows."""
        counts = np.append(self.strengths.getnnz(axis=0), 0)  # the last for what is not here
        return np.asarray(counts[positions_in(self.item_ids, item_ids)], np.float64)

    def profile_of(self, user_id: int) -> Profile:
        """Return a known shopper's profile; the newcomer's for anybody else."""
        row = int(positions_in(self.user_ids, [user_id])[0])
        if row < 0:
            return NEWCOMER
        part = slice(self.strengths.indptr[row], self.strengths.indptr[row + 1])
        order = np.argsort(self.times[part], kind="stable")
        items, strengths = self.strengths.indices[part][order], self.strengths.data[part][order]
        moments = np.unique(self.times[part][order], return_inverse=True)[1].astype(np.int64)
        return Profile(self.item_ids[items], strengths, moments)


def bucket_of(n_items: int) -> str:
    """Return the cold-start bucket of a shopper who likes ``n_items`` distinct items."""
    return BUCKETS[int(np.searchsorted(_BUCKET_STARTS, n_items, side="right")) - 1]


def positions_in(sorted_ids: Ids, wanted: npt.ArrayLike) -> Ids:
    """Return where each wanted id stands in ``sorted_ids``; -1 where it does not."""
    ids = np.asarray(wanted, dtype=np.int64)
    if not len(sorted_ids):
        return np.full(len(ids), -1, np.int64)
    places = np.minimum(np.searchsorted(sorted_ids, ids), len(sorted_ids) - 1)
    return np.where(sorted_ids[places] == ids, places, -1).astype(np.int64)


def weigh(
    users: npt.ArrayLike,
    items: npt.ArrayLike,
    kinds: Sequence[str] | npt.NDArray[np.str_],
    times: npt.ArrayLike,
    *,
    now: float,
    half_life_days: float = HALF_LIFE_DAYS,
    weights: Mapping[str, float] = WEIGHTS,
) -> Interactions:
    """Turn events, (e,) parallel arrays in any order, into strengths.

    Args:
        times: UTC seconds. now: UTC seconds; later events count as just now.
        half_life_days: after so long an event counts half; infinity switches fading off.

    Raises:
        ValueError: for a kind that has no weight.
    """
    user_ids, item_ids = np.asarray(users, dtype=np.int64), np.asarray(items, dtype=np.int64)
    names, seconds = np.asarray(kinds, dtype=np.str_), np.asarray(times, dtype=np.float64)
    order = np.lexsort((np.arange(len(seconds)), seconds, user_ids))
    user_ids, item_ids, names, seconds = user_ids[order], item_ids[order], names[order], seconds[order]
    strengths = event_strengths(
        user_ids, item_ids, names, seconds, now=now, half_life_days=half_life_days, weights=weights
    )
    return Interactions.from_pairs(user_ids, item_ids, strengths, seconds)


def profile_from(
    items: npt.ArrayLike,
    kinds: Sequence[str] | npt.NDArray[np.str_],
    times: npt.ArrayLike,
    *,
    now: float,
    half_life_days: float = HALF_LIFE_DAYS,
    weights: Mapping[str, float] = WEIGHTS,
) -> Profile:
    """Weigh one shopper's events, e.g. those of an anonymous session, exactly as ``weigh`` would."""
    item_ids = np.asarray(items, dtype=np.int64)
    one_shopper = np.zeros(len(item_ids), np.int64)
    return weigh(
        one_shopper, item_ids, kinds, times, now=now, half_life_days=half_life_days, weights=weights
    ).profile_of(0)


def event_strengths(
    users: Ids,
    items: Ids,
    kinds: npt.NDArray[np.str_],
    times: Floats,
    *,
    now: float,
    half_life_days: float,
    weights: Mapping[str, float] = WEIGHTS,
) -> Floats:
    """Return what each event adds to the strength of its (user, item): (e,).

    Events come sorted by user, then time. The second event of one kind on one item adds a half, the third a
    third: a hundred reloads are worth about five views.
    """
    unknown = sorted(set(kinds.tolist()) - set(weights))
    if unknown:
        raise ValueError(f"no weight for {', '.join(unknown)}: known kinds are {', '.join(sorted(weights))}")
    base = np.array([weights[kind] for kind in kinds.tolist()], dtype=np.float64)
    age_days = np.maximum(0, now - times) / SECONDS_A_DAY
    strengths = base * 0.5 ** (age_days / half_life_days)
    strengths[_bounced(users, items, kinds, times)] *= BOUNCE_WEIGHT
    strengths /= _repeats(users, items, kinds)
    strengths[_before_dismissal(users, items, kinds)] = 0
    return strengths


def _bounced(users: Ids, items: Ids, kinds: npt.NDArray[np.str_], times: Floats) -> npt.NDArray[np.bool_]:
    """Mark browsing that the same shopper left for another item within ``BOUNCE_SECONDS``."""
    bounced = np.zeros(len(users), dtype=np.bool_)
    if len(users) > 1:
        bounced[:-1] = (
            (users[1:] == users[:-1])
            & (items[1:] != items[:-1])
            & (times[1:] - times[:-1] < BOUNCE_SECONDS)
            & (times[1:] > times[:-1])  # a log without clock times says nothing about haste
            & np.isin(kinds[:-1], BROWSING)
        )
    return bounced


def _repeats(users: Ids, items: Ids, kinds: npt.NDArray[np.str_]) -> Ids:
    """Number the events of one (user, item, kind) from the newest back: 1, 2, 3 …"""
    groups = _group_numbers(users, items, np.unique(kinds, return_inverse=True)[1])
    newest_first = np.lexsort((-np.arange(len(groups)), groups))
    sorted_groups = groups[newest_first]
    starts = np.searchsorted(sorted_groups, sorted_groups)
    numbers = np.empty(len(groups), np.int64)
    numbers[newest_first] = np.arange(len(groups)) - starts + 1
    return numbers


def _before_dismissal(users: Ids, items: Ids, kinds: npt.NDArray[np.str_]) -> npt.NDArray[np.bool_]:
    """Mark the events of a (user, item) that came before its last dismissal."""
    groups = _group_numbers(users, items)
    last = np.full(groups.max(initial=-1) + 1, -1, np.int64)
    dismissals = np.flatnonzero(kinds == DISMISS)
    np.maximum.at(last, groups[dismissals], dismissals)
    earlier: npt.NDArray[np.bool_] = np.arange(len(groups)) < last[groups]
    return earlier


def _group_numbers(*columns: npt.NDArray[np.int64]) -> Ids:
    """Number the distinct combinations of parallel columns from 0: (e,)."""
    groups = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        _, inverse = np.unique(column, return_inverse=True)
        groups = np.unique(groups * (inverse.max(initial=0) + 1) + inverse, return_inverse=True)[1]
    return groups.astype(np.int64)
