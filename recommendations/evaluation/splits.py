"""What is learned from, and what is asked afterwards: four ways to cut a log, none of which looks ahead by mistake."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from recommendations.evaluation.logs import Log
from recommendations.profiles import Profile

Ids = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

NEW_USERS = 0.2
LAST_EVENTS = 0.1
HIDDEN_SHARE = 0.25
FEWEST_ITEMS = 3  # of a shopper whose last item is asked for


@dataclass(frozen=True)
class Question:
    """What is this shopper's next item?"""

    user: int
    profile: Profile  # oldest first, all strengths 1
    targets: Ids  # (t,) at least one, none of them in the profile
    time: float  # UTC seconds of the first target; NaN without times


@dataclass(frozen=True)
class Split:
    """A log to learn from, and questions in order of their users."""

    train: Log
    questions: list[Question]


class SplitError(ValueError):
    """This log cannot be cut this way; the text says why."""


def by_new_users(log: Log, seed: int) -> Split:
    """The last fifth of users by first event are new; training ends where they begin; their last item is asked for.

    New users of a single item are not asked: nothing is given of them.
    """
    _needs_times(log)
    first_events = np.unique(log.users, return_index=True)[1]  # the log is in order of time
    n_new = int(np.ceil(NEW_USERS * len(first_events)))
    cut = np.sort(first_events)[len(first_events) - n_new]
    starts = np.zeros(int(log.users.max()) + 1, np.int64)
    starts[log.users[first_events]] = first_events
    of_new = starts[log.users] >= cut
    earlier = np.arange(len(log)) < cut
    # Ties at the cut are cut as shuffled; training still knows nothing later than the first new user.
    last = _is_last(log.users)
    several = np.bincount(log.users)[log.users] > 1
    return _ask(log, train=earlier & ~of_new, given=of_new & ~last, asked=of_new & last & several)


def by_time(log: Log, seed: int) -> Split:
    """The last tenth of the events is asked for, all of a shopper's at once."""
    _needs_times(log)
    late = np.arange(len(log)) >= len(log) - int(np.ceil(LAST_EVENTS * len(log)))
    return _ask(log, train=~late, given=~late, asked=late)


def by_last(log: Log, seed: int) -> Split:
    """The last item of each shopper with at least three is asked for."""
    _needs_times(log)
    counts = np.bincount(log.users)
    asked = _is_last(log.users) & (counts[log.users] >= FEWEST_ITEMS)
    return _ask(log, train=~asked, given=~asked, asked=asked)


def by_ratio(log: Log, seed: int) -> Split:
    """A quarter of each shopper's items, drawn by lot, is asked for; whoever has one item keeps it."""
    drawn = np.random.default_rng(seed).permutation(len(log))
    order = np.lexsort((drawn, log.users))
    users = log.users[order]
    place = np.arange(len(log)) - np.searchsorted(users, users)
    asked = np.zeros(len(log), bool)
    asked[order] = place < np.round(HIDDEN_SHARE * np.bincount(log.users)[users])
    return _ask(log, train=~asked, given=~asked, asked=asked)


SPLITS: Mapping[str, Callable[[Log, int], Split]] = MappingProxyType(
    {"newuser": by_new_users, "time": by_time, "last": by_last, "ratio": by_ratio}
)


def _needs_times(log: Log) -> None:
    if not log.has_times:
        raise SplitError("the log has no times for every event: choose --split ratio")


def _is_last(users: Ids) -> Flags:
    """Mark the last event of each user."""
    last = np.zeros(len(users), bool)
    last[len(users) - 1 - np.unique(users[::-1], return_index=True)[1]] = True
    return last


def _ask(log: Log, *, train: Flags, given: Flags, asked: Flags) -> Split:
    """Build the questions: of each user with something ``asked``, the ``given`` items in order of time."""
    profiles, targets = _by_user(log, given), _by_user(log, asked)
    questions = [
        Question(
            user,
            _profile_of(log, profiles.get(user, np.empty(0, np.int64))),
            log.items[positions],
            float(log.times[positions[0]]),
        )
        for user, positions in targets.items()
    ]
    if not questions or not train.any():
        raise SplitError("this split leaves nothing to learn from or nothing to ask: give a longer log")
    return Split(log.where(train), questions)


def _profile_of(log: Log, positions: Ids) -> Profile:
    """Return what was met at some positions, oldest first, as one profile; what was met at once shares its moment."""
    moments = np.unique(log.times[positions], return_inverse=True)[1] if log.has_times else None
    return Profile(log.items[positions], np.ones(len(positions), np.float32), moments)


def _by_user(log: Log, kept: Flags) -> dict[int, Ids]:
    """Return the positions of each user's kept events, in order."""
    positions = np.flatnonzero(kept)
    positions = positions[np.argsort(log.users[positions], kind="stable")]
    users, starts = np.unique(log.users[positions], return_index=True)
    return dict(zip(users.tolist(), np.split(positions, starts[1:]), strict=True)) if len(users) else {}
