"""How good a classifier is: figures from its probabilities and the truth."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score, f1_score, precision_recall_fscore_support

from vision.labels import Labels, LabelSpace, colour_family
from vision.metrics import expected_calibration_error

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


def score_kind(guesses: Sequence[str], truth: Sequence[frozenset[str]]) -> dict[str, Any]:
    """Figures for one kind of label of which each picture has exactly one.

    A coarse truth ("shoes") counts any of its labels as right. Classes are the labels found in ``truth``.
    """
    # A guess inside a coarse truth is what was meant; otherwise the truth's first label stands for it.
    meant = [guess if guess in labels else min(labels) for guess, labels in zip(guesses, truth, strict=True)]
    classes = sorted(set(meant))
    return {
        "accuracy": float(np.mean([guess == label for guess, label in zip(guesses, meant, strict=True)])),
        "macro_f1": float(f1_score(meant, guesses, labels=classes, average="macro", zero_division=0)),
        "classes": len(classes),
        "images": len(meant),
    }


def score_colours(guesses: Sequence[str], truth: Sequence[frozenset[str]]) -> dict[str, Any]:
    """``score_kind``, and how often the colour's family is right: navy for blue is a smaller mistake than red."""
    families = [{colour_family(label) or label for label in labels} for labels in truth]
    right = [
        (colour_family(guess) or guess) in family for guess, family in zip(guesses, families, strict=True)
    ]
    return score_kind(guesses, truth) | {"family_accuracy": float(np.mean(right))}


def score_space(
    probabilities: Floats, truth: Sequence[Labels], space: LabelSpace
) -> dict[str, dict[str, Any]]:
    """``score_kind`` for each kind of a label space on the pictures whose label of that kind is known.

    ``probabilities`` (pictures, labels) in the order of ``space``. Kinds without a picture are left out.
    """
    scores = {}
    for kind, where in space.slices.items():
        rows = [row for row, labels in enumerate(truth) if labels.get(kind)]
        if rows:
            names = space.kinds[kind]
            guesses = [names[best] for best in probabilities[rows, where].argmax(axis=1)]
            score = score_colours if kind == "colour" else score_kind
            scores[kind] = score(guesses, [truth[row][kind] for row in rows])
    return scores


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
