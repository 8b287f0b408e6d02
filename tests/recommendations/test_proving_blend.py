from collections.abc import Sequence

import numpy as np
import pytest

from recommendations.proving_blend import FEWEST, NEWEST, Mixture, Pool, gains, pages_of, prove, spread_out

Q = 80
ITEMS = 30
TARGETS = [np.array([1 + row % ITEMS]) for row in range(Q)]
NOBODY = np.zeros(ITEMS + 1)


def voice(
    share: float, seed: int, rows: Sequence[int] = range(Q), targets: Sequence[np.ndarray] = TARGETS
) -> tuple[np.ndarray, np.ndarray]:
    """A voice over thirty items that puts each answer first in that share of ``rows``, and guesses elsewhere."""
    random = np.random.default_rng(seed)
    ids = np.stack([random.permutation(ITEMS) + 1 for _ in targets]).astype(np.int32)
    for row in rows:
        if random.random() < share:
            answer = targets[row][0]
            ids[row] = [answer, *ids[row][ids[row] != answer]]
    return ids, np.tile((0.7 ** np.arange(ITEMS)).astype(np.float32), (len(targets), 1))


def test_two_voices_that_know_different_things_are_blended():
    voices = {"early": voice(0.9, 1, range(Q // 2)), "late": voice(0.9, 2, range(Q // 2, Q))}
    mixture = prove(voices, TARGETS, ["1"] * Q, NOBODY)
    assert mixture.alone == {}
    assert min(mixture.weights["1"].values()) > 0


def test_noise_beside_a_voice_that_knows_is_not_listened_to():
    voices = {"knows": voice(0.7, 1), **{f"noise {seed}": voice(0.0, seed) for seed in range(2, 12)}}
    mixture = prove(voices, TARGETS, ["1"] * Q, NOBODY)
    blended = mixture.weights["1"]
    assert mixture.alone == {"1": "knows"} or blended["knows"] > 5 * max(
        weight for name, weight in blended.items() if name != "knows"
    )


def test_a_voice_that_is_heard_alone_is_heard_in_every_bucket():
    # Where all voices say the same, a blend cannot be better than one of them.
    twin = voice(0.7, 1)
    mixture = prove({"one": twin, "other": twin}, TARGETS, ["1", "20+"] * (Q // 2), NOBODY)
    assert mixture.weights == {"1": {"one": 1.0}, "20+": {"one": 1.0}}
    assert mixture.alone == {"1": "one", "20+": "one"}


def test_each_bucket_with_questions_enough_decides_for_itself():
    many = 2 * FEWEST
    # Early on two voices know half of the answers each; later the one knows everything and the other nothing.
    early, late = range(many // 2), range(many // 2, many)
    targets = [np.array([1 + row % ITEMS]) for row in range(many)]
    one = voice(1.0, 1, [*early[::2], *late], targets)
    other = voice(1.0, 2, early[1::2], targets)
    mixture = prove({"one": one, "other": other}, targets, ["1"] * len(early) + ["20+"] * len(late), NOBODY)
    assert mixture.alone == {"20+": "one"}
    assert mixture.weights["20+"] == {"one": 1.0}
    assert min(mixture.weights["1"].values()) > 0


def test_without_questions_all_voices_count_alike():
    nothing = np.zeros((0, 3), np.int32), np.zeros((0, 3), np.float32)
    assert prove({"a": nothing, "b": nothing}, [], [], NOBODY) == Mixture({})


def test_pages_are_spread_over_the_catalogue_where_that_helps():
    meetings = NOBODY.copy()
    meetings[1:6] = 1000
    # The popular five are first for everybody and nobody wants them; the answer is sixth.
    ids = np.array([[1, 2, 3, 4, 5, 6 + row % (ITEMS - 5)] for row in range(Q)], np.int32)
    scores = np.tile(np.linspace(1, 0.75, 6, dtype=np.float32), (Q, 1))
    mixture = prove({"one": (ids, scores)}, [page[-1:] for page in ids], ["1"] * Q, meetings)
    assert mixture.spread > 0


def test_pages_keep_to_what_is_popular_where_that_is_what_shoppers_want():
    meetings = NOBODY.copy()
    meetings[1] = 1000
    ids = np.tile(np.arange(1, ITEMS + 1, dtype=np.int32), (Q, 1))
    scores = np.tile(np.linspace(1, 0.9, ITEMS, dtype=np.float32), (Q, 1))
    mixture = prove({"one": (ids, scores)}, [np.array([1])] * Q, ["1"] * Q, meetings)
    assert mixture.spread == 0


def test_the_gain_of_a_page_is_its_ndcg():
    pool = Pool.of({"one": (np.array([[7, 8, 0]], np.int32), np.array([[1.0, 0.5, 0]], np.float32))})
    assert pool.ids.tolist() == [[7, 8]]
    scores = pool.scores({"1": {"one": 2.0}}, ["1"])
    assert scores.tolist() == [[2.0, 1.0]]
    page = pages_of(pool.ids, scores)
    assert page.tolist() == [[7, 8, *[0] * 8]]
    assert gains(page, [np.array([8])])[0] == pytest.approx(1 / np.log2(3))
    assert gains(page, [np.array([9])])[0] == 0


def test_ties_fall_to_the_smaller_id_and_what_is_popular_is_divided():
    assert pages_of(np.array([[4, 5, 6]]), np.array([[1.0, 2.0, 2.0]]))[0, :3].tolist() == [5, 6, 4]
    spread = spread_out(np.array([1.0, 1.0]), np.array([3.0, 0.0]), 0.5)
    assert spread.tolist() == [0.5, 1.0]


def test_the_last_place_goes_to_the_newest_unless_the_page_has_it():
    ids, scores = np.arange(1, 13)[None, :], np.linspace(1, 0.1, 12)[None, :]
    newest = np.zeros((1, 12))
    newest[0, 11] = 1
    assert pages_of(ids, scores, newest)[0].tolist() == [*range(1, 10), 12]
    newest[0, 0] = 2
    assert pages_of(ids, scores, newest)[0].tolist() == list(range(1, 11))


def test_a_place_is_kept_for_what_nobody_has_met_where_that_is_what_shoppers_want():
    ids = np.tile(np.arange(1, 11, dtype=np.int32), (Q, 1))
    known = ids, np.tile(np.linspace(1, 0.1, 10, dtype=np.float32), (Q, 1))
    new = np.full((Q, 1), 20, np.int32), np.ones((Q, 1), np.float32)
    meetings = np.zeros(ITEMS + 1)
    meetings[1:11] = 50
    targets = [np.array([20 if row % 2 else 1]) for row in range(Q)]
    silent = new[0], np.zeros((Q, 1), np.float32)
    assert prove({"known": known, NEWEST: new}, targets, ["1"] * Q, meetings).place_for_new
    assert not prove({"known": known, NEWEST: silent}, targets, ["1"] * Q, meetings).place_for_new
