import numpy as np

from recommendations.learning_blend import gather, learn, weights_by_bucket

Q = 60


def voice_that_is_right(share: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """A voice over items 1 to 9 that puts each question's answer, item 1 + row % 9, first in that share of them."""
    random = np.random.default_rng(seed)
    ids = np.stack([random.permutation(9) + 1 for _ in range(Q)]).astype(np.int32)
    for row in np.flatnonzero(random.random(Q) < share):
        answer = 1 + row % 9
        ids[row] = [answer, *ids[row][ids[row] != answer]]
    return ids, np.tile(np.linspace(1, 0.1, 9, dtype=np.float32), (Q, 1))


TARGETS = [np.array([1 + row % 9]) for row in range(Q)]


def test_a_voice_that_knows_weighs_more_than_one_that_guesses():
    voices = {"knows": voice_that_is_right(0.9, 1), "guesses": voice_that_is_right(0.0, 2)}
    weights = weights_by_bucket(voices, TARGETS, ["1"] * Q)["1"]
    assert weights["knows"] > 5 * weights["guesses"]


def test_buckets_may_trust_different_voices():
    early, late = voice_that_is_right(1.0, 1), voice_that_is_right(0.0, 2)
    half = Q // 2
    first = tuple(np.concatenate([a[:half], b[half:]]) for a, b in zip(early, late, strict=True))
    second = tuple(np.concatenate([b[:half], a[half:]]) for a, b in zip(early, late, strict=True))
    weights = weights_by_bucket({"a": first, "b": second}, TARGETS, ["1"] * half + ["20+"] * half)
    assert weights["1"]["a"] > weights["1"]["b"]
    assert weights["20+"]["b"] > weights["20+"]["a"]


def test_without_a_right_answer_the_prior_stays():
    ids, scores = voice_that_is_right(0.0, 3)
    lost = gather([(ids, scores)], [np.array([99])] * Q, range(Q))
    assert len(lost) == 0
    assert learn(lost, np.array([2.5])).tolist() == [2.5]


def test_empty_places_are_no_candidates():
    ids = np.array([[4, 0, 0]], np.int32)
    found = gather([(ids, np.array([[1, 0, 0]], np.float32))], [np.array([4])], [0])
    assert found.features.tolist() == [[1.0]]
    assert found.worth.tolist() == [1.0]
