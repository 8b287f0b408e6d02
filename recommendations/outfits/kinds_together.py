"""Which kinds of things are worn together, learnt from outfits as sets of kinds.

The score of a kind beside others is a sum of one learnt coefficient per pair: EASE (Steck, "Embarrassingly Shallow
Autoencoders for Sparse Data", 2019), ridge regression of every kind on all the others in closed form. Counting pairs
alone says "earrings" to everything; here each pair counts for what it adds to the others.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# Of 3, 10, 30, 100 and 300 the best hit@5 on outfits of ../shared/data/interactions/polyvore-outfits whose source is
# vasileva-valid; figures are reported on those of the other source. 3 to 30 differ by less than half a point.
SHRINKAGE = 10.0
LEAN = 10.0  # a pair that should have met once and met five times may be luck


class KindsTogether:
    """Says which kind is missing in an outfit.

    Learned: ``kinds_`` (k names, sorted), ``outfits_`` (how many there were), ``together_`` (k, k): how many of them
    have both kinds, ``counts_`` (k,): its diagonal, and ``pull_`` (k, k): how much the kind of the row speaks for the
    kind of the column.
    """

    kinds_: list[str]
    outfits_: int
    together_: Floats
    counts_: Floats
    pull_: Floats

    def __init__(self, *, shrinkage: float = SHRINKAGE) -> None:
        self.shrinkage = shrinkage

    def fit(self, outfits: Iterable[Collection[str]]) -> Self:
        """Learn from outfits, each a collection of kinds; a kind that comes twice in one counts once.

        Raises:
            ValueError: when there are no outfits, or nothing in them.
        """
        sets = [set(outfit) for outfit in outfits]
        kinds = sorted(set().union(*sets))
        if not kinds:
            raise ValueError("no outfits to learn from: give at least one with a kind in it")
        together = np.zeros((len(kinds), len(kinds)))
        place = {kind: i for i, kind in enumerate(kinds)}
        for outfit in sets:
            rows = [place[kind] for kind in outfit]
            together[np.ix_(rows, rows)] += 1
        return self._learn(kinds, len(sets), together)

    def _learn(self, kinds: list[str], outfits: int, together: Floats) -> Self:
        self.kinds_, self.outfits_, self.together_ = kinds, outfits, together
        self.counts_ = together.diagonal().copy()
        inverse = np.linalg.inv(together + self.shrinkage * np.eye(len(kinds)))
        self.pull_ = -inverse / inverse.diagonal()
        np.fill_diagonal(self.pull_, 0.0)
        return self

    def lift(self, kinds: Collection[str], others: Collection[str]) -> float:
        """How many times as often outfits with one of ``kinds`` have one of ``others`` as any outfit has; 1 where
        nothing is known. Leans on 1 with the weight of ``LEAN`` outfits that would have both by chance."""
        place = {kind: i for i, kind in enumerate(self.kinds_)}
        rows = [place[kind] for kind in kinds if kind in place]
        columns = [place[kind] for kind in others if kind in place]
        if not rows or not columns:
            return 1.0
        by_chance = self.counts_[rows].sum() * self.counts_[columns].sum() / self.outfits_
        return float((self.together_[np.ix_(rows, columns)].sum() + LEAN) / (by_chance + LEAN))

    def missing_from(self, kinds: Collection[str], n: int = 5) -> list[str]:
        """The n kinds that most likely complete an outfit of ``kinds``, likeliest first, none of which it has.

        Kinds that were not learnt from say nothing; beside nothing known the commonest come first.
        """
        place = {kind: i for i, kind in enumerate(self.kinds_)}
        there = [place[kind] for kind in set(kinds) if kind in place]
        scores = self.pull_[there].sum(axis=0) if there else self.counts_.copy()
        scores[there] = -np.inf
        order = np.argsort(-scores, kind="stable")[: len(self.kinds_) - len(there)]
        return [self.kinds_[i] for i in order[:n]]

    def to_json(self) -> dict[str, Any]:
        """What was learnt, as plain values: counts, from which the rest follows."""
        return {
            "kinds": self.kinds_,
            "outfits": self.outfits_,
            "together": self.together_.astype(int).tolist(),
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """Read what ``to_json`` wrote.

        Raises:
            ValueError: when the sizes do not agree.
        """
        kinds = [str(kind) for kind in stored["kinds"]]
        together = np.asarray(stored["together"], np.float64)
        if together.shape != (len(kinds), len(kinds)):
            raise ValueError(f"{len(kinds)} kinds need as many rows and columns of counts")
        return cls()._learn(kinds, int(stored["outfits"]), together)


class PopularKinds:
    """The commonest kinds, whatever else is there: what ``KindsTogether`` has to beat."""

    def __init__(self, known: KindsTogether) -> None:
        order = np.argsort(-known.counts_, kind="stable")
        self.kinds = [known.kinds_[i] for i in order]

    def missing_from(self, kinds: Collection[str], n: int = 5) -> list[str]:
        """The n commonest kinds that are not there yet."""
        return [kind for kind in self.kinds if kind not in kinds][:n]


class KindsByJaccard(KindsTogether):
    """Pairs by the Jaccard index of the outfits that have them: the plain way, to compare with."""

    def fit(self, outfits: Iterable[Collection[str]]) -> Self:
        """Count pairs."""
        sets = [set(outfit) for outfit in outfits]
        super().fit(sets)
        place = {kind: i for i, kind in enumerate(self.kinds_)}
        seen = np.zeros((len(sets), len(self.kinds_)))
        for row, kinds in enumerate(sets):
            seen[row, [place[kind] for kind in kinds]] = 1
        both = seen.T @ seen
        self.pull_ = both / (self.counts_[:, None] + self.counts_ - both)
        np.fill_diagonal(self.pull_, 0.0)
        return self


def hits(
    known: KindsTogether | PopularKinds, outfits: Sequence[Collection[str]], n: int
) -> list[tuple[int, bool]]:
    """Hide every kind of every outfit in turn: (the outfit's position, whether it is among the first n).

    Outfits of one kind ask nothing. A kind that was never learnt from cannot be found and counts as a miss.
    """
    found = []
    for position, outfit in enumerate(outfits):
        kinds = sorted(set(outfit))
        if len(kinds) < 2:
            continue
        for hidden in kinds:
            rest = [kind for kind in kinds if kind != hidden]
            found.append((position, hidden in known.missing_from(rest, n)))
    return found
