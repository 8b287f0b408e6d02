import numpy as np
import pytest
from sklearn.metrics import f1_score

from vision.labels import LabelSpace
from vision.scoring import decide, score_colours, score_kind, score_labels, score_space

TRUTH = np.array([[1, 0, 1], [0, 1, 1], [1, 0, 0], [0, 1, 0]], bool)
NAMES = ["red", "blue", "dress"]


def test_perfect_answers_score_one() -> None:
    scores = score_labels(TRUTH.astype(float), TRUTH, TRUTH, NAMES)

    assert [scores[name] for name in ("binary_accuracy", "subset_accuracy", "macro_map", "macro_f1")] == [
        1
    ] * 4
    assert scores["ece"] == 0
    assert scores["labels"]["dress"] == {"precision": 1, "recall": 1, "f1": 1, "support": 2}


def test_saying_nothing_is_half_right_bit_by_bit_and_never_right_as_a_whole() -> None:
    nothing = np.zeros_like(TRUTH)

    scores = score_labels(nothing + 0.1, nothing, TRUTH, NAMES)

    assert scores["binary_accuracy"] == pytest.approx(0.5)
    assert scores["subset_accuracy"] == scores["macro_f1"] == 0


def test_a_label_nobody_carries_does_not_spoil_the_means() -> None:
    truth = np.column_stack([TRUTH, np.zeros(4, bool)])

    scores = score_labels(truth.astype(float), truth, truth, [*NAMES, "green"])

    assert scores["macro_f1"] == scores["macro_map"] == 1
    assert scores["labels"]["green"]["support"] == 0


def test_one_of_each_kind_agrees_with_scikit_learn() -> None:
    guesses, truth = ["a", "b", "b", "c"], ["a", "b", "c", "c"]

    scores = score_kind(guesses, [frozenset({label}) for label in truth])

    assert scores["accuracy"] == 0.75
    assert scores["macro_f1"] == pytest.approx(f1_score(truth, guesses, average="macro"))
    assert scores["accuracy_interval"][0] < 0.75 < scores["accuracy_interval"][1]
    assert scores["classes"] == 3


def test_any_shoe_is_right_where_only_shoes_were_asked_for() -> None:
    scores = score_kind(["Heels", "Shirts"], [frozenset({"Heels", "Flats"}), frozenset({"Heels", "Flats"})])

    assert scores["accuracy"] == 0.5


def test_navy_for_blue_is_the_right_family() -> None:
    scores = score_colours(["Navy Blue", "Red"], [frozenset({"Blue"}), frozenset({"Blue"})])

    assert scores["accuracy"] == 0
    assert scores["family_accuracy"] == 0.5


def test_a_kind_is_scored_where_it_is_known() -> None:
    space = LabelSpace({"type": ("Caps", "Socks"), "colour": ("Blue", "Red")})
    probabilities = np.array([[0.9, 0.1, 0.2, 0.8], [0.2, 0.8, 0.6, 0.4]])

    scores = score_space(probabilities, [{"type": frozenset({"Caps"})}, {}], space)

    assert scores.keys() == {"type"}
    assert scores["type"] == {
        "accuracy": 1, "accuracy_interval": (1, 1), "macro_f1": 1, "macro_f1_interval": (1, 1), "classes": 1,
        "images": 1, "ece": pytest.approx(0.1),
    }  # fmt: skip


def test_exclusive_labels_are_decided_group_by_group() -> None:
    probabilities = np.array([[0.2, 0.3, 0.9, 0.8]])
    groups = {"colour": slice(0, 2), "type": slice(2, 4)}

    assert decide(probabilities, groups, exclusive=True).tolist() == [[False, True, True, False]]
    assert decide(probabilities, groups, exclusive=False).tolist() == [[False, False, True, True]]
