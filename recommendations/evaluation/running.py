"""Fit every model on the past, ask all the same questions, and keep the answers and what they cost."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recommendations.blending import POOL
from recommendations.ease import TooManyItems
from recommendations.evaluation.answering import Answers, Progress, ask
from recommendations.evaluation.candidates import CANDIDATES, Candidate, Known, NotPossible, Setting
from recommendations.evaluation.logs import Log, Shelf
from recommendations.evaluation.measuring import measured
from recommendations.evaluation.metrics import PAGE, score
from recommendations.evaluation.mixing import HYBRID, blend, learn_mixture, meetings_of
from recommendations.evaluation.splits import SPLITS, Question, Split, SplitError
from recommendations.proving_blend import Mixture
from recommendations.ranking import Recommender

POOL_SIZE = POOL * PAGE
CHOOSING_QUESTIONS = (
    1500  # of the validation part, to choose settings by: 400 hit too little on a sparse log (rentals)
)
BLENDING_QUESTIONS = 1500  # of the validation part, to learn the hybrid's weights from
SLOW_QUESTIONS = 200  # a predictor that needs a second for each list is asked so many
WHEN_ASKED = ("decay",)  # keywords that fit() does not look at, except for those below
FITTED_WITH_ALL = ("next_by_regression",)


@dataclass(frozen=True)
class Outcome:
    """One model's answers to the test questions at ``asked`` (a,), or why there are none."""

    name: str
    setting: Setting
    answers: Answers | None = None
    asked: Sequence[int] = ()
    fit_seconds: float = 0.0
    peak_mb: float = 0.0
    skipped: str = ""


@dataclass(frozen=True)
class Comparison:
    """All models on one split."""

    split: Split
    outcomes: list[Outcome]
    mixture: Mixture


def compare(
    log: Log,
    shelf: Shelf,
    split_name: str,
    names: Sequence[str],
    *,
    seed: int,
    progress: Progress,
    most: int | None = None,
) -> Comparison:
    """Cut the log, choose settings inside its past, fit on all of the past, and ask.

    Settings and the hybrid's weights come from the same kind of cut made a second time, inside the training part.

    ``most`` asks no more than so many questions, drawn by lot; each is still answered from all items.

    Raises:
        SplitError: when the log cannot be cut this way.
    """
    split = SPLITS[split_name](log, seed)
    if most is not None and most < len(split.questions):
        few = np.sort(np.random.default_rng(seed).permutation(len(split.questions))[:most])
        split = Split(split.train, [split.questions[row] for row in few])
    try:
        inner = SPLITS[split_name](split.train, seed + 1)
    except SplitError:
        inner = Split(split.train, [])  # too short a past to choose by: the defaults have to do
    drawn = np.random.default_rng(seed).permutation(len(inner.questions))[:BLENDING_QUESTIONS]
    validation = [inner.questions[row] for row in drawn]
    wanted = [
        candidate
        for candidate in CANDIDATES
        if candidate.name in names or (HYBRID in names and candidate.voice)
    ]
    outcomes: list[Outcome] = []
    rehearsed: dict[str, Answers] = {}
    heard: dict[str, Answers] = {}
    for candidate in wanted:
        try:
            setting, rehearsal = _choose(candidate, Known(inner.train, shelf), validation, progress)
            outcome = _final(candidate, setting, Known(split.train, shelf), split.questions, seed, progress)
        except (NotPossible, TooManyItems) as error:
            outcomes.append(Outcome(candidate.name, {}, skipped=str(error)))
            continue
        except MemoryError:
            outcomes.append(Outcome(candidate.name, {}, skipped="it does not fit into memory"))
            continue
        outcomes.append(outcome)
        if candidate.voice and outcome.answers is not None and rehearsal is not None:
            rehearsed[candidate.name], heard[candidate.name] = rehearsal, outcome.answers
    mixture = Mixture({})
    if HYBRID in names:
        n_items = max([int(log.items.max()), *shelf.attributes, *shelf.arrived])  # some nobody has met
        learned = measured(
            lambda: learn_mixture(rehearsed, validation, meetings_of(inner.train, n_items), seed)
        )
        mixture = learned.result
        used = [o for o in outcomes if any(w.get(o.name, 0.0) > 0 for w in mixture.weights.values())]
        outcomes.append(
            Outcome(
                HYBRID,
                {},
                blend(heard, split.questions, mixture, meetings_of(split.train, n_items)),
                range(len(split.questions)),
                learned.seconds + sum(outcome.fit_seconds for outcome in used),
                max([learned.peak_mb, *(outcome.peak_mb for outcome in used)]),
            )
        )
    return Comparison(split, [o for o in outcomes if o.name in names or not names], mixture)


def _choose(
    candidate: Candidate, known: Known, validation: Sequence[Question], progress: Progress
) -> tuple[Setting, Answers | None]:
    """Search the settings one keyword after the other; return the best and its answers to the validation questions."""
    setting = {name: values[0] for name, values in candidate.choices.items()}
    if candidate.slow or not validation:
        return setting, None
    few = validation[:CHOOSING_QUESTIONS]
    model = best_model = candidate.fit(known, setting)

    def worth(model: Recommender) -> float:
        # By all that the blend hears of it: on a sparse log the hits among the first ten are too few to choose by.
        answers = ask(model, few, POOL_SIZE, known.shelf, progress, f"{candidate.name}, choosing")
        return float(score(answers.page(POOL_SIZE), [question.targets for question in few]).ndcg.mean())

    best = worth(model) if any(len(values) > 1 for values in candidate.choices.values()) else 0.0
    for name, values in candidate.choices.items():
        for value in values[1:]:
            tried = {**setting, name: value}
            if name in WHEN_ASKED and candidate.name not in FITTED_WITH_ALL:
                model = copy.copy(best_model)
                setattr(model, name, value)
            else:
                model = candidate.fit(known, tried)
            if (found := worth(model)) > best:
                best, best_model, setting = found, model, tried
    return setting, ask(
        best_model, validation, POOL_SIZE, known.shelf, progress, f"{candidate.name}, validation"
    )


def _final(
    candidate: Candidate,
    setting: Setting,
    known: Known,
    questions: Sequence[Question],
    seed: int,
    progress: Progress,
) -> Outcome:
    fitted = measured(lambda: candidate.fit(known, setting))
    asked = np.arange(len(questions))
    if candidate.slow:
        asked = np.sort(np.random.default_rng(seed).permutation(len(questions))[:SLOW_QUESTIONS])
    answers = ask(
        fitted.result,
        [questions[row] for row in asked.tolist()],
        POOL_SIZE,
        known.shelf,
        progress,
        candidate.name,
    )
    return Outcome(candidate.name, setting, answers, asked.tolist(), fitted.seconds, fitted.peak_mb)
