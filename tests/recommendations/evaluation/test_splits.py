"""Each cut of a log of five shoppers, small enough to see that nothing looks ahead."""

import numpy as np
import pytest

from recommendations.evaluation.logs import Log, first_meetings
from recommendations.evaluation.splits import SPLITS, SplitError


def log(*events: tuple[int, int, float]) -> Log:
    """A log of (user, item, day)."""
    users, items, times = (np.array(column) for column in zip(*events, strict=True))
    nothing = np.full(len(users), np.nan)
    return first_meetings(
        Log(users, items, times.astype(np.float64), nothing, np.full(len(users), -1)), seed=0
    )


FIVE = log(
    (0, 1, 1), (0, 2, 2), (0, 3, 30),
    (1, 1, 3), (1, 3, 4),
    (2, 2, 5), (2, 1, 6), (2, 4, 7),
    (3, 1, 8),
    (4, 1, 9), (4, 2, 10), (4, 3, 11),
)  # fmt: skip


def asked(split) -> dict[int, tuple[list[int], list[int]]]:
    return {q.user: (q.profile.item_ids.tolist(), q.targets.tolist()) for q in split.questions}


def test_new_users_are_asked_their_last_item_and_training_ends_where_they_begin():
    split = SPLITS["newuser"](FIVE, 0)
    assert asked(split) == {4: ([1, 2], [3])}
    assert split.train.times.max() < 9
    assert 4 not in split.train.users


def test_a_new_user_of_one_item_is_not_asked():
    with pytest.raises(SplitError, match="longer log"):
        SPLITS["newuser"](FIVE.where(FIVE.users != 4), 0)


def test_by_time_everything_late_is_asked_and_nothing_late_is_learned():
    split = SPLITS["time"](FIVE, 0)
    assert asked(split) == {0: ([1, 2], [3]), 4: ([1, 2], [3])}
    assert split.train.times.max() < min(question.time for question in split.questions)


def test_the_last_item_is_asked_of_whoever_has_three():
    split = SPLITS["last"](FIVE, 0)
    assert asked(split) == {0: ([1, 2], [3]), 2: ([2, 1], [4]), 4: ([1, 2], [3])}
    assert len(split.train) == len(FIVE) - 3


def test_by_ratio_a_quarter_of_each_shoppers_items_is_asked():
    many = log(*((user, item, item) for user in range(3) for item in range(1, 9)))
    split = SPLITS["ratio"](many, 0)
    assert [len(question.targets) for question in split.questions] == [2, 2, 2]
    assert len(split.train) == 18


@pytest.mark.parametrize("name", sorted(SPLITS))
def test_no_answer_is_given_away(name):
    split = SPLITS[name](
        FIVE if name != "ratio" else log(*((u, i, i) for u in (0, 1) for i in range(1, 6))), 0
    )
    learned = set(zip(split.train.users.tolist(), split.train.items.tolist(), strict=True))
    for question in split.questions:
        assert not set(question.targets.tolist()) & set(question.profile.item_ids.tolist())
        assert not {(question.user, target) for target in question.targets.tolist()} & learned


def test_what_happened_at_once_is_shuffled_so_that_a_sorted_file_wins_nothing():
    basket = [(user, item, 1.0) for user in range(200) for item in (1, 2, 3)]
    lasts = [question.targets[0] for question in SPLITS["last"](log(*basket), 0).questions]
    assert np.bincount(lasts, minlength=4)[1:].min() > 40


def test_repeats_are_dropped_and_the_first_meeting_stays():
    twice = log((0, 1, 1), (0, 2, 2), (0, 1, 3))
    assert twice.items.tolist() == [1, 2]


def test_a_log_without_times_is_cut_by_ratio_only():
    timeless = Log(FIVE.users, FIVE.items, np.full(len(FIVE), np.nan), FIVE.ratings, FIVE.baskets)
    with pytest.raises(SplitError, match="--split ratio"):
        SPLITS["time"](timeless, 0)
    assert SPLITS["ratio"](timeless, 0).questions
