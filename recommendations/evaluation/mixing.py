"""The hybrid over answers that have been given already: what ``blending.Hybrid`` does, for all questions at once."""

from collections.abc import Mapping, Sequence

import numpy as np

from recommendations.blending import bucket_of
from recommendations.evaluation.answering import Answers
from recommendations.evaluation.metrics import PAGE
from recommendations.evaluation.splits import Question
from recommendations.learning_blend import weights_by_bucket

HYBRID = "hybrid"
FILLERS = ("recent_popularity", "popularity")
Voices = Mapping[str, Answers]
Weights = Mapping[str, Mapping[str, float]]


def learn_weights(voices: Voices, questions: Sequence[Question]) -> dict[str, dict[str, float]]:
    """Learn bucket -> voice -> weight from answers to validation questions."""
    return weights_by_bucket(
        {name: (answers.ids, answers.scores) for name, answers in voices.items()},
        [question.targets for question in questions],
        [bucket_of(len(question.profile)) for question in questions],
    )


def blend(voices: Voices, questions: Sequence[Question], weights: Weights) -> Answers:
    """Add the voices up, each times its weight; equal sums fall to the smaller id. Short pages are filled."""
    ids = np.zeros((len(questions), PAGE), np.int32)
    scores = np.zeros((len(questions), PAGE), np.float32)
    filler = next((voices[name] for name in FILLERS if name in voices), None)
    for row, question in enumerate(questions):
        by_voice = weights.get(bucket_of(len(question.profile)), {})
        heard = [(voices[name], weight) for name, weight in by_voice.items() if weight > 0]
        items, places = np.unique(
            np.concatenate([np.zeros(1, np.int32), *(answers.ids[row] for answers, _ in heard)]),
            return_inverse=True,
        )
        parts = np.concatenate([[0.0], *(weight * answers.scores[row] for answers, weight in heard)])
        sums = np.bincount(places, parts)
        sums[0] = 0  # item 0 is no item
        order = np.argsort(-sums, kind="stable")[:PAGE]
        order = order[sums[order] > 0]
        ids[row, : len(order)] = items[order]
        scores[row, : len(order)] = sums[order]
        if filler is not None and len(order) < PAGE:
            more = filler.ids[row]
            more = more[(more > 0) & ~np.isin(more, ids[row])][: PAGE - len(order)]
            ids[row, len(order) : len(order) + len(more)] = more
    return Answers(ids, scores)
