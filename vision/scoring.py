"""How good a classifier is: figures from its probabilities and the truth."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score, precision_recall_fscore_support

from vision.labels import Labels, LabelSpace, colour_family
from vision.metrics import (
    bootstrap_interval,
    expected_calibration_error,
    percentile_interval,
    resampled,
)

Floats = npt.NDArray[np.floating[Any]]
Bools = npt.NDArray[np.bool_]


def score_labels(probabilities: Floats, decided: Bools, truth: Bools, names: Sequence[str]) -> dict[str, Any]:
    """Figures for pictures that carry several labels each; all arrays (pictures, labels).

    ``binary_accuracy`` counts single yes/no answers (saying nothing already scores high there), ``subset_accuracy``
    pictures whose labels are all right and no other is given. Labels that no picture carries are left out of the means.
    """
    precision, recall, f1, support = precision_recall_fscore_support(
        truth, decided, average=None, zero_division=0
    )
    present = truth.any(axis=0)
    return {
        "binary_accuracy": float((decided == truth).mean()),
        "subset_accuracy": float((decided == truth).all(axis=1).mean()),
        "subset_accuracy_interval": bootstrap_interval((decided == truth).all(axis=1)),
        "macro_map": float(
            np.mean(
                [average_precision_score(truth[:, k], probabilities[:, k]) for k in np.flatnonzero(present)]
            )
        ),
        "macro_f1": float(f1[present].mean()),
        "ece": float(expected_calibration_error(probabilities.ravel(), truth.ravel())),
        "labels": {
            name: {
                "precision": float(precision[k]),
                "recall": float(recall[k]),
                "f1": float(f1[k]),
                "support": int(support[k]),
            }
            for k, name in enumerate(names)
        },
    }


def score_kind(
    guesses: Sequence[str], truth: Sequence[frozenset[str]], confidence: Floats | None = None
) -> dict[str, Any]:
    """Figures for one kind of label of which each picture has exactly one, with 95 % intervals.

    A coarse truth ("shoes") counts any of its labels as right. Classes are the labels found in ``truth``. With the
    ``confidence`` (pictures,) of each guess, ``ece`` says how far it can be believed.
    """
    meant = meant_labels(guesses, truth)
    right = np.array([guess == label for guess, label in zip(guesses, meant, strict=True)])
    classes = sorted(set(meant))
    number = {label: i for i, label in enumerate([*classes, *sorted(set(guesses) - set(classes))])}
    of, said = np.array([number[label] for label in meant]), np.array([number[label] for label in guesses])
    resampled_f1 = [_macro_f1(of[rows], said[rows], len(classes)) for rows in resampled(len(meant))]
    figures = {
        "accuracy": float(right.mean()),
        "accuracy_interval": bootstrap_interval(right),
        "macro_f1": _macro_f1(of, said, len(classes)),
        "macro_f1_interval": percentile_interval(resampled_f1),
        "classes": len(classes),
        "images": len(meant),
    }
    if confidence is not None:
        figures["ece"] = expected_calibration_error(confidence, right)
    return figures


def meant_labels(guesses: Sequence[str], truth: Sequence[frozenset[str]]) -> list[str]:
    """One label for each truth: the guess where it is among what may be meant, otherwise the truth's first label."""
    return [guess if guess in labels else min(labels) for guess, labels in zip(guesses, truth, strict=True)]


def _macro_f1(truth: npt.NDArray[np.int64], guesses: npt.NDArray[np.int64], classes: int) -> float:
    """The mean F1 of those of the first ``classes`` numbers that the truth (n,) holds."""
    size = int(max(truth.max(), guesses.max())) + 1
    true, said = np.bincount(truth, minlength=size), np.bincount(guesses, minlength=size)
    right = np.bincount(truth[truth == guesses], minlength=size)
    present = np.flatnonzero(true[:classes])
    return float(np.mean(2 * right[present] / (true[present] + said[present])))


def score_colours(
    guesses: Sequence[str],
    truth: Sequence[frozenset[str]],
    confidence: Floats | None = None,
) -> dict[str, Any]:
    """``score_kind``, and how often the colour's family is right: navy for blue is a smaller mistake than red."""
    right = [{colour_family(label) or label for label in labels} for labels in truth]
    told = np.array(
        [(colour_family(guess) or guess) in family for guess, family in zip(guesses, right, strict=True)]
    )
    return score_kind(guesses, truth, confidence) | {
        "family_accuracy": float(told.mean()),
        "family_accuracy_interval": bootstrap_interval(told),
    }


def score_space(
    probabilities: Floats, truth: Sequence[Labels], space: LabelSpace
) -> dict[str, dict[str, Any]]:
    """``score_kind`` for each kind of a label space on the pictures whose label of that kind is known.

    ``probabilities`` (pictures, labels) in the order of ``space``. Kinds without a picture are left out.
    """
    scores = {}
    for kind in space.kinds:
        rows = [row for row, labels in enumerate(truth) if labels.get(kind)]
        if not rows:
            continue
        known = [truth[row][kind] for row in rows]
        guesses, confidence = best_of_kind(probabilities[rows], kind, space)
        score = score_colours if kind == "colour" else score_kind
        scores[kind] = score(guesses, known, confidence)
    return scores


def best_of_kind(probabilities: Floats, kind: str, space: LabelSpace) -> tuple[list[str], Floats]:
    """The likeliest label of a kind for each picture, and its probability (pictures,)."""
    answers = probabilities[:, space.slices[kind]]
    return [space.kinds[kind][best] for best in answers.argmax(axis=1)], answers.max(axis=1)


def decide(probabilities: Floats, groups: Mapping[str, slice], exclusive: bool) -> Bools:
    """Turn probabilities (pictures, labels) into yes and no: the best of each group when its labels exclude each
    other, otherwise every label of at least one half."""
    if not exclusive:
        return probabilities >= 0.5
    decided = np.zeros(probabilities.shape, bool)
    for where in groups.values():
        best = probabilities[:, where].argmax(axis=1) + where.start
        decided[np.arange(len(decided)), best] = True
    return decided
