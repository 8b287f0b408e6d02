"""Like what you looked at: by attributes, by taste profile and by look.

Three measures, each within 0..1, are weighed together:

* attributes: the Jaccard similarity of two products' attribute sets;
* profile: Pearson's correlation of the shopper's attribute profile with a product's attributes;
* looks: the cosine of two pictures' embeddings.

A product is known by its attributes and picture alone, so a new one can be recommended from its first second. The
collaborative list is fed in through ``expand``: what shoppers of the same taste have becomes the seed.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy import sparse

from recommendations.profiles import Interactions, Profile, positions_in
from recommendations.ranking import (
    ATTRIBUTES,
    LOOKS,
    NO_ITEM,
    NOTHING,
    TASTE,
    Ranking,
    Recommender,
    best,
    hidden_from,
)
from recommendations.similarity import RowSimilarity, pearson_to_rows, unit_rows

Ids = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

MEMORY = (
    30  # newest items of a profile that are compared with the shop: the fading leaves nothing of older ones
)


class Expansion:
    """The collaborative list fed into the content model: what is like the things that your taste leads to.

    Args:
        seeds: the recommender whose list is expanded. content: a fitted content model.
        n_seeds: how much of the list is used.
    """

    def __init__(self, *, seeds: Recommender, content: "ContentModel", n_seeds: int = 20) -> None:
        self.seeds = seeds
        self.content = content
        self.n_seeds = n_seeds

    def fit(self, interactions: Interactions) -> Self:
        """Fit the recommender of the seeds; the content model knows the products already."""
        self.seeds.fit(interactions)
        return self

    def recommend_for(self, profile: Profile, n: int = 24, *, exclude: Sequence[int] = ()) -> Ranking:
        """Rank what is like the shopper's collaborative list, and not in it."""
        seeds = self.seeds.recommend_for(profile, self.n_seeds, exclude=exclude)
        return self.content.expand(seeds, n, exclude=hidden_from(profile, exclude).tolist())


@dataclass(frozen=True)
class _Parts:
    """How each item of the shop scores against a profile, by measure."""

    attributes: Floats  # (m, i), weighted and signed, one row per profile item
    looks: Floats  # (m, i), the same
    profile: Floats  # (i,)

    def scores(self) -> Floats:
        """Return the sum, (i,); below 0 where dislikes prevail."""
        return np.asarray(self.attributes.sum(axis=0) + self.looks.sum(axis=0) + self.profile)


class ContentModel:
    """Recommend products by what they are.

    Args:
        attributes, profile, looks: weights of the three measures; any scale, 0 leaves one out.
        decay: what each step back in the profile multiplies an item's strength by.
        sharpness: the power a cosine of looks is raised to: most clothes look a little alike, which says nothing.
    """

    def __init__(
        self,
        *,
        attributes: float = 1.0,
        profile: float = 0.5,
        looks: float = 1.0,
        decay: float = 0.8,
        sharpness: float = 3.0,
    ) -> None:
        self.attributes = attributes
        self.profile = profile
        self.looks = looks
        self.decay = decay
        self.sharpness = sharpness

    def fit(
        self,
        item_ids: npt.ArrayLike,
        attribute_sets: Sequence[Set[str]],
        embeddings: npt.NDArray[np.floating] | None = None,
    ) -> Self:
        """Learn the shop by heart.

        Args:
            item_ids: (i,) distinct, in any order. attribute_sets: i sets such as ``{"colour:red", "type:dress"}``.
            embeddings: (i, d); a row of zeros for a product without a picture. None: no looks at all.

        Raises:
            ValueError: when the three do not have the same length, or an id comes twice.
        """
        ids = np.asarray(item_ids, dtype=np.int64)
        if len(ids) != len(attribute_sets) or (embeddings is not None and len(ids) != len(embeddings)):
            raise ValueError(
                f"{len(ids)} items, {len(attribute_sets)} attribute sets"
                + ("" if embeddings is None else f", {len(embeddings)} embeddings")
                + ": give one of each per item"
            )
        if len(np.unique(ids)) != len(ids):
            raise ValueError("an item comes twice: give each id once")
        order = np.argsort(ids)
        self.item_ids_ = ids[order]
        self.attributes_ = RowSimilarity(
            _as_matrix([attribute_sets[row] for row in order]), measure="jaccard"
        )
        self.looks_ = np.zeros((len(ids), 0)) if embeddings is None else unit_rows(embeddings[order])
        return self

    def similar_items(self, item_id: int, n: int = 24, *, exclude: Sequence[int] = ()) -> Ranking:
        """Rank the products most like one, best first; empty for a product the model does not know."""
        return self.recommend_for(Profile.of(item_id), n, exclude=exclude)

    def recommend_for(self, profile: Profile, n: int = 24, *, exclude: Sequence[int] = ()) -> Ranking:
        """Rank products like those in the profile, scores in 0..1.

        The reason is the stronger of looks and attributes, and ``because`` the item of the profile that speaks
        loudest by it. What the shopper dislikes counts against what is like it.
        """
        memory = profile.faded(self.decay)
        memory = memory.where(np.arange(len(memory)) >= len(memory) - MEMORY)
        rows = positions_in(self.item_ids_, memory.item_ids)
        known = rows >= 0
        if not known.any():
            return NOTHING
        rows, strengths = rows[known], memory.strengths[known].astype(np.float64)
        parts = self._parts(rows, strengths)
        scores = parts.scores()
        top = self._top(scores, n, hidden_from(profile, exclude))
        attributes, looks = parts.attributes[:, top], parts.looks[:, top]
        by_looks = looks.sum(axis=0) > attributes.sum(axis=0) + parts.profile[top]
        loudest = np.where(
            by_looks, _last_largest(looks), _last_largest(attributes + 1e-9 * strengths[:, None])
        )
        return Ranking(
            self.item_ids_[top],
            np.clip(scores[top], 0, 1),
            tuple(LOOKS if look else ATTRIBUTES for look in by_looks.tolist()),
            self.item_ids_[rows[loudest]] if len(top) else np.empty(0, np.int64),
            np.zeros(len(top), np.int64),
        )

    def expand(self, seeds: Ranking, n: int = 24, *, exclude: Sequence[int] = ()) -> Ranking:
        """Rank products like the seeds, a collaborative list: each seed counts by its score.

        The reason stays "shoppers with your taste": this shopper has never met the seeds. Seeds themselves are not
        listed; ``support`` is 0, as a product may be here that no shopper has met.
        """
        profile = Profile(seeds.ids[:MEMORY], seeds.scores[:MEMORY].astype(np.float32))
        rows = positions_in(self.item_ids_, profile.item_ids)
        known = rows >= 0
        if not known.any():
            return NOTHING
        scores = self._parts(rows[known], profile.strengths[known].astype(np.float64)).scores()
        top = self._top(scores, n, hidden_from(Profile(seeds.ids, seeds.scores.astype(np.float32)), exclude))
        return Ranking(
            self.item_ids_[top],
            np.clip(scores[top], 0, 1),
            (TASTE,) * len(top),
            np.full(len(top), NO_ITEM, np.int64),
            np.zeros(len(top), np.int64),
        )

    def alike(self, item_ids: npt.ArrayLike) -> Floats:
        """Return how alike some products are, (m, m) in 0..1; unknown products are like nothing."""
        rows = positions_in(self.item_ids_, item_ids)
        known = np.flatnonzero(rows >= 0)
        result = np.zeros((len(rows), len(rows)))
        if len(known) and self.attributes + self.looks > 0:
            # Among themselves alone: to compare a page's candidates with the whole shop took half of a list's time.
            described, seen = self.attributes_.matrix[rows[known]], self.looks_[rows[known]]
            total = self.attributes * _jaccard(described) + self.looks * self._likeness(seen, seen)
            result[np.ix_(known, known)] = total / (self.attributes + self.looks)
        return result

    def _parts(self, rows: Ids, strengths: Floats) -> _Parts:
        """Compare the items at ``rows`` (m,) of signed ``strengths`` (m,) with the whole shop."""
        attributes, looks = self._pairs(rows)
        total = self.attributes + self.profile + self.looks
        shares = strengths / np.abs(strengths).sum() / total if total > 0 else np.zeros(len(rows))
        taste = np.asarray(strengths @ self.attributes_.matrix[rows]).ravel()
        correlation = np.maximum(pearson_to_rows(taste, self.attributes_.matrix), 0)
        # Being far from what is disliked also correlates, but it is no reason to show something.
        correlation[self.attributes_.matrix @ np.maximum(taste, 0) <= 0] = 0
        return _Parts(
            self.attributes * shares[:, None] * attributes,
            self.looks * shares[:, None] * looks,
            self.profile / total * correlation if total > 0 else np.zeros(len(self.item_ids_)),
        )

    def _pairs(self, rows: Ids) -> tuple[Floats, Floats]:
        """Return attribute and look similarity of the items at ``rows`` with all: two (m, i) in 0..1."""
        attributes = self.attributes_.to(self.attributes_.matrix[rows]).toarray()
        return attributes, self._likeness(self.looks_[rows], self.looks_)

    def _likeness(self, some: Floats, others: Floats) -> Floats:
        """Return how alike two sets of unit vectors look, (m, d) and (i, d): (m, i) in 0..1."""
        likeness: Floats = np.clip(some @ others.T, 0, 1)
        if self.sharpness != int(self.sharpness) or self.sharpness < 1:
            return np.asarray(likeness**self.sharpness)
        sharpened = likeness.copy()
        for _ in range(int(self.sharpness) - 1):  # many times faster than the power of a fraction
            sharpened *= likeness
        return sharpened

    def _top(self, scores: Floats, n: int, hidden: Ids) -> Ids:
        """Return the positions of the best ``n`` that are not hidden."""
        return best(np.where(np.isin(self.item_ids_, hidden), 0, scores), n)


def _jaccard(sets: sparse.csr_matrix) -> Floats:
    """Return how much m sets, rows of 1s, have in common: (m, m) in 0..1, as ``RowSimilarity`` does for many more."""
    counts = np.diff(sets.indptr)
    used, columns = np.unique(sets.indices, return_inverse=True)
    table = np.zeros((len(counts), len(used)), np.float32)  # whole numbers, so that single precision is exact
    table[np.repeat(np.arange(len(counts)), counts), columns] = 1
    common = (table @ table.T).astype(np.float64)
    return np.asarray(common / np.maximum(counts[:, None] + counts[None, :] - common, 1))


def _last_largest(table: Floats) -> Ids:
    """Return for each column of (m, n) the row of its largest value, of equal ones the last, which is the newest."""
    return np.asarray(len(table) - 1 - table[::-1].argmax(axis=0), dtype=np.int64)


def _as_matrix(attribute_sets: Sequence[Set[str]]) -> sparse.csr_matrix:
    """Return sets as rows of 1s, (i, a); attributes in alphabetical order."""
    names = sorted(set().union(*attribute_sets))
    numbers = {name: number for number, name in enumerate(names)}
    columns = [sorted(numbers[name] for name in names) for names in attribute_sets]
    starts = np.concatenate([[0], np.cumsum([len(row) for row in columns])]).astype(np.int64)
    flat = np.array([number for row in columns for number in row], dtype=np.int64)
    return sparse.csr_matrix((np.ones(len(flat)), flat, starts), shape=(len(attribute_sets), len(names)))
