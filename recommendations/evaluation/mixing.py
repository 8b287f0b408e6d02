"""The hybrid over answers that have been given already: what ``blending.Hybrid`` does, for all questions at once."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from recommendations.evaluation.answering import Answers
from recommendations.evaluation.logs import Log
from recommendations.evaluation.metrics import PAGE
from recommendations.evaluation.splits import Question
from recommendations.profiles import bucket_of
from recommendations.proving_blend import NEWEST, Mixture, Pool, pages_of, prove, spread_out

HYBRID = "hybrid"
FILLERS = ("recent_popularity", "popularity")
Voices = Mapping[str, Answers]
Floats = npt.NDArray[np.float64]


def learn_mixture(voices: Voices, questions: Sequence[Question], meetings: Floats, seed: int = 0) -> Mixture:
    """Learn from answers to validation questions how to blend, and whether to."""
    return prove(
        {name: (answers.ids, answers.scores) for name, answers in voices.items()},
        [question.targets for question in questions],
        [bucket_of(len(question.profile)) for question in questions],
        meetings,
        seed=seed,
    )


def meetings_of(train: Log, n_items: int) -> Floats:
    """Return how many shoppers met each item in training, indexed by its number, item 0 never."""
    return np.bincount(train.items, minlength=n_items + 1).astype(np.float64)


def blend(voices: Voices, questions: Sequence[Question], mixture: Mixture, meetings: Floats) -> Answers:
    """Add the voices up and spread them; equal sums fall to the smaller id. Short pages are filled up."""
    filler = next((voices[name] for name in FILLERS if name in voices), None)
    heard = {name for weights in mixture.weights.values() for name, weight in weights.items() if weight > 0}
    if mixture.place_for_new:
        heard.add(NEWEST)
    pool = Pool.of({name: (voices[name].ids, voices[name].scores) for name in voices if name in heard})
    buckets = [bucket_of(len(question.profile)) for question in questions]
    sums = spread_out(pool.scores(mixture.weights, buckets), meetings[pool.ids], mixture.spread)
    pages = pages_of(pool.ids, sums, pool.newcomers(meetings) if mixture.place_for_new else None)
    if filler is not None:
        for page, more in zip(pages, filler.ids, strict=True):
            empty = np.flatnonzero(page == 0)
            fitting = more[(more > 0) & ~np.isin(more, page)][: len(empty)]
            page[empty[: len(fitting)]] = fitting
    # Places on a page are all that is measured of it: the first is worth 1, the last the least.
    falling = np.linspace(1, 1 / PAGE, PAGE, dtype=np.float32)
    return Answers(pages.astype(np.int32), np.where(pages > 0, falling, 0).astype(np.float32))
