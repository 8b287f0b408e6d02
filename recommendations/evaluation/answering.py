"""Questions put to a recommender, and its answers as plain arrays."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommendations.evaluation.logs import Shelf
from recommendations.evaluation.splits import Question
from recommendations.ranking import Recommender

Ids = npt.NDArray[np.int64]
Progress = Callable[[Sequence[Question], str], Iterable[Question]]


@dataclass(frozen=True)
class Answers:
    """Rankings of q questions, each at most n long and filled up with item 0 and score 0."""

    ids: npt.NDArray[np.int32]  # (q, n)
    scores: npt.NDArray[np.float32]  # (q, n), the best of each row is 1

    def page(self, n: int) -> Ids:
        """Return the first ``n`` items of each answer."""
        return self.ids[:, :n].astype(np.int64)


def ask(
    recommender: Recommender,
    questions: Sequence[Question],
    n: int,
    shelf: Shelf,
    progress: Progress,
    title: str,
) -> Answers:
    """Ask a fitted recommender everything. What has not come into the shop before the question is not for sale."""
    ids = np.zeros((len(questions), n), np.int32)
    scores = np.zeros((len(questions), n), np.float32)
    items = np.array(sorted(shelf.arrived), np.int64)
    arrived = np.array([shelf.arrived[item] for item in items.tolist()])
    for row, question in enumerate(progress(questions, title)):
        # An item that arrives at the very moment of the question would be known by being the answer.
        absent = items[arrived >= question.time]
        ranking = recommender.recommend_for(question.profile, n, exclude=absent)  # type: ignore[arg-type]
        ids[row, : len(ranking)] = ranking.ids
        if len(ranking):
            scores[row, : len(ranking)] = ranking.scores / ranking.scores[0]
    return Answers(ids, scores)
