"""A blend has to prove itself: it is kept only where it beats its best voice on questions it has not learned from.

The questions are cut into ``FOLDS`` parts. Each is answered by weights, and by the one best voice, that the other parts
have chosen. (Halves taught too little: on a clothing shop's clicks all blends fell to noise that the whole did better.)
In the cold-start buckets where the blend is no better that voice is heard alone. Then the page is spread over the
catalogue where that helps, and its last place is kept for what has just come in where that costs nothing that could be
told from noise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from recommendations.learning_blend import weights_by_bucket

Ids = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Voices = Mapping[str, tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]]
Weights = Mapping[str, Mapping[str, float]]
Thing = TypeVar("Thing")

PAGE = 10
# Powers of popularity that a score is divided by. Beyond .5 the retail log's page fell to pieces (validation part).
SPREADS = (0.05, 0.1, 0.2, 0.3, 0.5)
FOLDS = 5  # parts of the questions; each is answered by what the others have taught
FEWEST = 100  # questions of a bucket that decide by themselves; a smaller bucket goes with all
# Standard errors of a paired difference: a spread must gain so many, a place for newcomers may cost so many. A spread
# that merely cost nothing in validation lost MovieLens 2 % of its test part: there, what is hidden for the test is
# missing from validation too, and that is mostly what is popular.
NOISE = 0.5
TOGETHER = "hybrid"
NEWEST = "new_arrivals"  # the voice that knows what has just come in


@dataclass(frozen=True)
class Pool:
    """What q questions may be answered with, each filled up to c candidates with item 0 in front.

    ``ids`` (q, c) rise along each row, so that ties fall to the smaller id; ``features`` (q, c, m) is each voice's
    score in 0..1, 0 where it is silent.
    """

    names: tuple[str, ...]
    ids: Ids
    features: Floats

    @classmethod
    def of(cls, voices: Voices) -> "Pool":
        """Lay the voices' ids and scores (q, n), 0 for nothing, side by side."""
        names = tuple(voices)
        tables = [voices[name] for name in names]
        rows = []
        for row in range(len(tables[0][0]) if tables else 0):
            items, places = np.unique(np.concatenate([ids[row] for ids, _ in tables]), return_inverse=True)
            features = np.zeros((len(items), len(names)))
            ends = np.cumsum([0, *(ids.shape[1] for ids, _ in tables)])
            for voice, (_, scores) in enumerate(tables):
                features[places[ends[voice] : ends[voice + 1]], voice] = scores[row]
            real = items > 0
            rows.append((items[real], features[real]))
        longest = max((len(items) for items, _ in rows), default=0)
        ids = np.zeros((len(rows), longest), np.int64)
        table = np.zeros((len(rows), longest, len(names)))
        for row, (items, features) in enumerate(rows):
            ids[row, longest - len(items) :] = items
            table[row, longest - len(items) :] = features
        return cls(names, ids, table)

    def take(self, rows: Ids) -> "Pool":
        """Return the questions at ``rows``, in that order."""
        return Pool(self.names, self.ids[rows], self.features[rows])

    def scores(self, weights: Weights, buckets: Sequence[str]) -> Floats:
        """Add the voices up, each times its weight in the question's bucket: (q, c)."""
        total = np.zeros(self.ids.shape)
        for voice, name in enumerate(self.names):
            loudness = np.array([weights.get(bucket, {}).get(name, 0.0) for bucket in buckets])
            total += loudness[:, None] * self.features[:, :, voice]
        return total

    def newcomers(self, meetings: Floats) -> Floats:
        """Return how the voice of the newest scores what nobody has met, 0 elsewhere: (q, c)."""
        if NEWEST not in self.names:
            return np.zeros(self.ids.shape)
        return np.where(meetings[self.ids] > 0, 0.0, self.features[:, :, self.names.index(NEWEST)])


@dataclass(frozen=True)
class Mixture:
    """How to blend: bucket -> voice -> weight, and the power of popularity that scores are divided by.

    ``place_for_new``: the last place of a page is kept for the newest thing that nobody has met. ``alone`` names the
    voice that is heard alone in the buckets where the blend did not prove itself. ``worth``, for people to read: how
    well each voice answers, and under ``TOGETHER`` what is served, on questions that its weights were not learned from.
    """

    weights: Weights
    spread: float = 0.0
    place_for_new: bool = False
    alone: Mapping[str, str] = field(default_factory=dict)
    worth: Mapping[str, tuple[float, float]] = field(
        default_factory=dict
    )  # nDCG@10 and its standard error, before any spread


def spread_out(scores: Floats, met: Floats, spread: float) -> Floats:
    """Divide scores (…, c) by a power of how many shoppers met the items: ``met`` (…, c)."""
    if not spread:
        return scores
    return np.asarray(scores / (1 + met) ** spread)


def pages_of(ids: Ids, scores: Floats, newcomers: Floats | None = None) -> Ids:
    """Return the best ten ids of each row of (q, c) whose scores are above 0, filled up with 0: (q, 10).

    Ties fall to the smaller position. With ``newcomers`` (q, c) the last place goes to the best of those instead,
    unless the page has it.
    """
    places = np.argsort(-scores, axis=1, kind="stable")[:, :PAGE]
    pages = np.zeros((len(ids), PAGE), np.int64)
    shown = np.take_along_axis(scores, places, 1) > 0
    pages[:, : places.shape[1]] = np.where(shown, np.take_along_axis(ids, places, 1), 0)
    if newcomers is not None and newcomers.size:
        rows = np.arange(len(ids))
        best = newcomers.argmax(axis=1)
        newest = ids[rows, best]
        takes = (newcomers[rows, best] > 0) & ~(pages == newest[:, None]).any(axis=1)
        pages[takes, -1] = newest[takes]
    return pages


def gains(pages: Ids, targets: Sequence[Ids]) -> Floats:
    """Return the nDCG of each page (q, 10): (q,)."""
    discounts = 1 / np.log2(np.arange(2, PAGE + 2))
    ideal = np.concatenate([[0.0], np.cumsum(discounts)])
    return np.array(
        [
            discounts[np.isin(page, wanted)].sum() / ideal[min(PAGE, len(wanted))]
            for page, wanted in zip(pages, targets, strict=True)
        ]
    )


def prove(
    voices: Voices,
    targets: Sequence[Ids],
    buckets: Sequence[str],
    meetings: Floats,
    *,
    seed: int = 0,
) -> Mixture:
    """Learn how to blend from answers (q, n) whose targets are known, and keep what holds.

    Args:
        meetings: how many shoppers met each item, indexed by id.
        seed: of how the questions are cut into parts.
    """
    if not voices or not len(targets):
        return Mixture({bucket: dict.fromkeys(voices, 1.0) for bucket in sorted(set(buckets))})
    pool = Pool.of(voices)
    blended, single = _held_out(voices, pool, targets, buckets, seed)
    better = blended - single
    by_voice = _gains_by_voice(pool, targets)
    best = pool.names[int(by_voice.mean(axis=1).argmax())]
    alone, names = {}, np.array(buckets)
    for bucket in sorted(set(buckets)):
        here = better[names == bucket]
        if (here if len(here) >= FEWEST else better).mean() <= 0:
            alone[bucket] = best
    weights = weights_by_bucket(voices, targets, buckets) | {
        bucket: {voice: 1.0} for bucket, voice in alone.items()
    }
    spread, place_for_new = _variety(pool, pool.scores(weights, buckets), targets, meetings)
    together = np.where(np.isin(names, list(alone)), single, blended)
    answers = [*zip(pool.names, by_voice, strict=True), (TOGETHER, together)]
    return Mixture(
        weights, spread, place_for_new, alone, {name: _mean_and_error(found) for name, found in answers}
    )


def _held_out(
    voices: Voices, pool: Pool, targets: Sequence[Ids], buckets: Sequence[str], seed: int
) -> tuple[Floats, Floats]:
    """Return for each question how well it is answered by the blend, and by the best voice, (q,) each.

    Both are what the parts of the questions that this one is not in have chosen.
    """
    drawn = np.random.default_rng(seed).permutation(len(targets))
    blended, single = np.zeros(len(targets)), np.zeros(len(targets))
    for part in range(FOLDS):
        is_asked = np.arange(len(drawn)) % FOLDS == part
        learned, asked = np.sort(drawn[~is_asked]), np.sort(drawn[is_asked])
        if not len(learned) or not len(asked):
            continue
        theirs = _at(targets, learned)
        taught = weights_by_bucket(
            {name: (ids[learned], scores[learned]) for name, (ids, scores) in voices.items()},
            theirs,
            _at(buckets, learned),
        )
        best = int(_gains_by_voice(pool.take(learned), theirs).mean(axis=1).argmax())
        exam, wanted, stages = pool.take(asked), _at(targets, asked), _at(buckets, asked)
        # A bucket of this part alone is answered by another's weights: it is too rare to matter.
        weights = {bucket: taught.get(bucket, next(iter(taught.values()))) for bucket in set(stages)}
        blended[asked] = gains(pages_of(exam.ids, exam.scores(weights, stages)), wanted)
        single[asked] = gains(pages_of(exam.ids, exam.features[:, :, best]), wanted)
    return blended, single


def _gains_by_voice(pool: Pool, targets: Sequence[Ids]) -> Floats:
    """Return what each voice alone is worth to each question: (m, q)."""
    voices = range(len(pool.names))
    return np.stack([gains(pages_of(pool.ids, pool.features[:, :, voice]), targets) for voice in voices])


def _mean_and_error(found: Floats) -> tuple[float, float]:
    return float(found.mean()), float(found.std() / np.sqrt(len(found)))


def _variety(pool: Pool, scores: Floats, targets: Sequence[Ids], meetings: Floats) -> tuple[float, bool]:
    """Return the largest spread that helps, and whether a place for newcomers then costs nothing."""
    met = meetings[pool.ids]
    plain = gains(pages_of(pool.ids, scores), targets)
    spread, best = 0.0, plain
    for wider in SPREADS:
        found = gains(pages_of(pool.ids, spread_out(scores, met, wider)), targets)
        if _errors(found - plain) >= NOISE:
            spread, best = wider, found
    newcomers = pool.newcomers(meetings)
    if not (newcomers > 0).any():
        return spread, False
    spread_scores = spread_out(scores, met, spread)
    with_new = gains(pages_of(pool.ids, spread_scores, newcomers), targets)
    return spread, _errors(with_new - best) >= -NOISE


def _errors(difference: Floats) -> float:
    """Return a mean in standard errors; 0 where nothing differs."""
    error = difference.std() / np.sqrt(len(difference))
    return float(difference.mean() / error) if error > 0 else 0.0


def _at(things: Sequence[Thing], rows: Ids) -> list[Thing]:
    return [things[row] for row in rows.tolist()]
