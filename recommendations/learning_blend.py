"""How much each voice of the hybrid should count, learned from questions whose answers are known.

The listwise loss of ListNet at the top (Cao et al., "Learning to rank: from pairwise approach to listwise
approach", ICML 2007): the blended scores of a page's candidates, through a softmax, should fall on what the shopper
met next. It is convex in the weights. Each cold-start bucket starts from the weights of all and leaves them as far as
its questions can prove.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

Ids = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

SHRINKAGE = 3.0  # in questions: how strongly a bucket is held to the weights of all
LARGEST = 60.0
MOST_STEPS = 100


@dataclass(frozen=True)
class Candidates:
    """What some questions may be answered with: c candidates in all, those of one question together.

    ``features`` (c, m) is each voice's score, 0..1, 0 where it is silent; ``worth`` (c,) adds up to 1 for each
    question; ``starts`` (q,) is where each question's candidates begin.
    """

    features: Floats
    worth: Floats
    starts: Ids

    def __len__(self) -> int:
        return len(self.starts)


def gather(
    voices: Sequence[tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]],
    targets: Sequence[Ids],
    rows: Sequence[int],
) -> Candidates:
    """Collect the candidates of the questions at ``rows``, from each voice's ids and scores (q, n), 0 for nothing.

    Questions that no voice answers rightly teach nothing and are left out.
    """
    features: list[Floats] = []
    worth: list[Floats] = []
    for row in rows:
        items, places = np.unique(np.concatenate([ids[row] for ids, _ in voices]), return_inverse=True)
        right = np.isin(items, targets[row])
        if not right.any():
            continue
        table = np.zeros((len(items), len(voices)))
        ends = np.cumsum([0, *(ids.shape[1] for ids, _ in voices)])
        for voice, (_, scores) in enumerate(voices):
            table[places[ends[voice] : ends[voice + 1]], voice] = scores[row]
        real = items > 0
        features.append(table[real])
        worth.append(right[real] / right.sum())
    sizes = np.array([len(part) for part in worth], np.int64)
    return Candidates(
        np.concatenate([np.empty((0, len(voices))), *features]),
        np.concatenate([np.empty(0), *worth]),
        np.cumsum(sizes) - sizes,
    )


def learn(candidates: Candidates, prior: Floats | None = None) -> Floats:
    """Return the weights (m,), 0 or more, under which the answers are likeliest; near ``prior`` where given.

    Without any question the prior comes back, or ones.
    """
    n_voices = candidates.features.shape[1]
    start = np.ones(n_voices) if prior is None else prior
    if not len(candidates):
        return start
    held = 0.0 if prior is None else SHRINKAGE
    sizes = np.diff(np.append(candidates.starts, len(candidates.worth)))

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = candidates.features @ weights
        highest = np.maximum.reduceat(scores, candidates.starts)
        drawn = np.exp(scores - np.repeat(highest, sizes))
        totals = np.add.reduceat(drawn, candidates.starts)
        drawn /= np.repeat(totals, sizes)
        likelihood = float(candidates.worth @ scores) - float((np.log(totals) + highest).sum())
        slope = candidates.features.T @ (candidates.worth - drawn)
        away = (weights - start) / np.maximum(start, 1.0)
        penalty = 0.5 * held * float((away**2).sum()) * n_voices
        return penalty - likelihood, held * n_voices * away / np.maximum(start, 1.0) - slope

    found = minimize(
        loss,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[(0.0, LARGEST)] * n_voices,
        options={"maxiter": MOST_STEPS},
    )
    return np.asarray(found.x, np.float64)


def weights_by_bucket(
    voices: Mapping[str, tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]],
    targets: Sequence[Ids],
    buckets: Sequence[str],
) -> dict[str, dict[str, float]]:
    """Learn the weights of all questions, then of each bucket that has any: bucket -> voice -> weight."""
    tables = list(voices.values())
    everything = learn(gather(tables, targets, range(len(targets))))
    found = {}
    for bucket in sorted(set(buckets)):
        rows = [row for row, name in enumerate(buckets) if name == bucket]
        weights = learn(gather(tables, targets, rows), everything)
        found[bucket] = dict(zip(voices, weights.tolist(), strict=True))
    return found
