"""Does the shop know what it does not know? Pictures of its own kind against pictures of other things."""

from collections.abc import Sequence
from dataclasses import astuple, fields
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import StandardScaler

from vision.evaluation.searching import Rows, by_embedding, rank
from vision.evaluation.seeing import Seen
from vision.metrics import bootstrap_interval
from vision.refusal import NEAREST, Evidence, Refusal, evidence_of


def evidence_in(photos: Seen, gallery: Seen, without: Sequence[Rows] | None = None) -> list[Evidence]:
    """What speaks for each photo's being of the shop's kind. ``without`` names gallery rows that it may not be near to:
    a picture of the gallery itself proves nothing."""
    without = without or [np.zeros(0, np.int64)] * len(photos)
    channel = by_embedding(photos, gallery)
    nearest = rank(channel, np.arange(len(photos)), without, NEAREST)
    found = []
    for row in range(len(photos)):
        near = nearest[row][nearest[row] >= 0]
        looks = gallery.embeddings[near] @ photos.embeddings[row]
        found.append(evidence_of(photos.labels[row], float(photos.goods[row]), looks))
    return found


def refusal_figures(
    known: Sequence[Evidence], unknown: Sequence[Evidence], refusal: Refusal
) -> dict[str, Any]:
    """The area under the curve and both errors at the shop's threshold; then what single pieces of evidence reach."""
    refused = np.array([not refusal.knows(evidence) for evidence in known])
    accepted = np.array([refusal.knows(evidence) for evidence in unknown])
    single = {
        "certainty_and_agreement": [Refusal().chance(evidence) for evidence in (*known, *unknown)],
        "goods": [evidence.goods for evidence in (*known, *unknown)],
        "nearness": [evidence.nearness for evidence in (*known, *unknown)],
    }
    truth = np.repeat([1, 0], [len(known), len(unknown)])
    chances = [refusal.chance(evidence) for evidence in (*known, *unknown)]
    return {
        "auroc": float(roc_auc_score(truth, chances)),
        "wrongly_refused": float(refused.mean()),
        "wrongly_refused_interval": bootstrap_interval(refused),
        "wrongly_accepted": float(accepted.mean()),
        "wrongly_accepted_interval": bootstrap_interval(accepted),
        "known": len(known),
        "unknown": len(unknown),
        "auroc_of_one": {name: float(roc_auc_score(truth, values)) for name, values in single.items()},
    }


def fit_refusal(known: Sequence[Evidence], unknown: Sequence[Evidence], refused: float = 0.01) -> Refusal:
    """Weigh the evidence so that known pictures part from unknown ones, both counting alike however many there are.

    The threshold lets at most the share ``refused`` of the known ones be refused, but is never above one half.
    """
    if not known or not unknown:
        raise ValueError("pictures of both sorts are needed: of the shop's kind, and of other things")
    rows = np.array([astuple(evidence) for evidence in [*known, *unknown]])
    truth = np.repeat([1, 0], [len(known), len(unknown)])
    scaler = StandardScaler().fit(rows)
    regression = LogisticRegression(class_weight="balanced", C=1.0).fit(scaler.transform(rows), truth)
    weights = regression.coef_[0] / scaler.scale_
    bias = float(regression.intercept_[0] - weights @ scaler.mean_)
    names = [field.name for field in fields(Evidence)]
    learned = Refusal(dict(zip(names, map(float, weights), strict=True)), bias)
    chances = sorted(learned.chance(evidence) for evidence in known)
    threshold = min(0.5, chances[int(refused * len(chances))])
    return Refusal(learned.weights, learned.bias, threshold)
