"""A blend has to prove itself: it is kept only where it beats its best voice on questions it has not learned from.

The questions are halved. Each half is answered by weights, and by the one best voice, that the other half has chosen.
In the cold-start buckets where the blend is no better that voice is heard alone. Then the page is spread over the
catalogue as far as that costs nothing that could be told from noise.
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
SPREADS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5)
FEWEST = 100  # questions of a bucket that decide by themselves; a smaller bucket goes with all
NOISE = 0.5  # standard errors of the paired difference that variety may cost


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


@dataclass(frozen=True)
class Mixture:
    """How to blend: bucket -> voice -> weight, and the power of popularity that scores are divided by.

    ``alone`` names the voice that is heard alone in the buckets where the blend did not prove itself.
    """

    weights: Weights
    spread: float = 0.0
    alone: Mapping[str, str] = field(default_factory=dict)


def spread_out(scores: Floats, ids: Ids, meetings: Floats, spread: float) -> Floats:
    """Divide scores (…, c) by a power of how many shoppers met the items; ``meetings`` is indexed by id."""
    if not spread:
        return scores
    return np.asarray(scores / (1 + meetings[ids]) ** spread)


def first_places(scores: Floats, n: int = PAGE) -> Ids:
    """Return the positions of the best ``n`` of each row of (q, c), ties by position."""
    return np.asarray(np.argsort(-scores, axis=1, kind="stable")[:, :n], np.int64)


def gains(pool: Pool, scores: Floats, targets: Sequence[Ids]) -> Floats:
    """Return the nDCG of each question's page: (q,)."""
    discounts = 1 / np.log2(np.arange(2, PAGE + 2))
    ideal = np.concatenate([[0.0], np.cumsum(discounts)])
    places = first_places(scores)
    shown = np.where(np.take_along_axis(scores, places, 1) > 0, np.take_along_axis(pool.ids, places, 1), 0)
    found = np.zeros(len(targets))
    for row, (page, wanted) in enumerate(zip(shown, targets, strict=True)):
        found[row] = discounts[: len(page)][np.isin(page, wanted)].sum() / ideal[min(PAGE, len(wanted))]
    return found


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
        seed: of how the questions are halved.
    """
    if not voices or not len(targets):
        return Mixture({bucket: dict.fromkeys(voices, 1.0) for bucket in sorted(set(buckets))})
    pool = Pool.of(voices)
    better = _held_out(voices, pool, targets, buckets, seed)
    best = _best_voice(pool, targets)
    alone, names = {}, np.array(buckets)
    for bucket in sorted(set(buckets)):
        here = better[names == bucket]
        if (here if len(here) >= FEWEST else better).mean() <= 0:
            alone[bucket] = best
    weights = weights_by_bucket(voices, targets, buckets) | {
        bucket: {voice: 1.0} for bucket, voice in alone.items()
    }
    return Mixture(weights, _widest(pool, weights, targets, buckets, meetings), alone)


def _held_out(
    voices: Voices, pool: Pool, targets: Sequence[Ids], buckets: Sequence[str], seed: int
) -> Floats:
    """Return for each question how much better it is answered by the blend than by the best voice, (q,).

    Both are what the half of the questions that this one is not in has chosen.
    """
    drawn = np.random.default_rng(seed).permutation(len(targets))
    halves = np.sort(drawn[::2]), np.sort(drawn[1::2])
    better = np.zeros(len(targets))
    for learned, asked in (halves, halves[::-1]):
        if not len(learned) or not len(asked):
            continue
        theirs = _at(targets, learned)
        taught = weights_by_bucket(
            {name: (ids[learned], scores[learned]) for name, (ids, scores) in voices.items()},
            theirs,
            _at(buckets, learned),
        )
        best = pool.names.index(_best_voice(pool.take(learned), theirs))
        exam, wanted, stages = pool.take(asked), _at(targets, asked), _at(buckets, asked)
        # A bucket of this half alone is answered by another's weights: it is too rare to matter.
        weights = {bucket: taught.get(bucket, next(iter(taught.values()))) for bucket in set(stages)}
        blended = gains(exam, exam.scores(weights, stages), wanted)
        better[asked] = blended - gains(exam, exam.features[:, :, best], wanted)
    return better


def _best_voice(pool: Pool, targets: Sequence[Ids]) -> str:
    worth = [gains(pool, pool.features[:, :, voice], targets).mean() for voice in range(len(pool.names))]
    return pool.names[int(np.argmax(worth))]


def _widest(
    pool: Pool, weights: Weights, targets: Sequence[Ids], buckets: Sequence[str], meetings: Floats
) -> float:
    """Return the largest spread whose pages are not worse than the best by more than noise."""
    scores = pool.scores(weights, buckets)
    tried = [gains(pool, spread_out(scores, pool.ids, meetings, spread), targets) for spread in SPREADS]
    best = tried[int(np.argmax([found.mean() for found in tried]))]
    harmless = []
    for spread, found in zip(SPREADS, tried, strict=True):
        loss = best - found
        if loss.mean() <= NOISE * loss.std() / np.sqrt(len(loss)):
            harmless.append(spread)
    return max(harmless)


def _at(things: Sequence[Thing], rows: Ids) -> list[Thing]:
    return [things[row] for row in rows.tolist()]
