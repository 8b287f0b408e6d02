"""What completes a product: things of another kind, worn elsewhere, that go with it.

Two categories have no category words in common, so every picture is also counted in one vocabulary that all
categories share, and compared there by Mahalanobis distance: the pooled covariance within the categories,
with Ledoit-Wolf shrinkage, so that words which vary together, or vary anyway, do not count twice.

The distance alone cannot tell what people wear together. The rules come first: another body slot, a pair of
slots that go with each other, a gender that fits. Within them the distance, the harmony of colours, the
shared occasion and the brand are blended; ``DISTANCE_ALONE`` leaves the distance only. Lists are varied: a
slot's second offer comes after the first of every other slot, and a kind's second after the first of every
other kind in its slot.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
from sklearn.covariance import LedoitWolf

from recommendations.body_slots import GOES_WITH
from recommendations.clusters import (
    BLOCK_CELLS,
    NO_PRODUCT,
    CategoryClusters,
    Floats,
    Ids,
    Neighbours,
    best_columns,
    squared_distances,
    take_filled,
)
from vision.colour import Lab, colour_harmony

Words = npt.NDArray[np.float32]

GOES_WELL = "complement"
GOES_BY_COLOUR = "complement_colour"
GOES_BY_BRAND = "complement_brand"
REASONS = np.array([GOES_WELL, GOES_BY_COLOUR, GOES_BY_BRAND])
HARMONIOUS = 0.9

# Whom a thing is for, and for whom its complement may be. What is not known fits everybody.
GENDERS_THAT_FIT = {
    "men": {"men", "unisex", ""},
    "women": {"women", "unisex", ""},
    "unisex": {"men", "women", "unisex", ""},
    "boys": {"boys", ""},
    "girls": {"girls", ""},
}


@dataclass(frozen=True)
class Traits:
    """What is known about m products beside their pictures, each list in the same order; "" is unknown."""

    kinds: Sequence[str]  # article types: "Jeans"
    slots: Sequence[str]  # body_slots.slot_of
    genders: Sequence[str]  # "Men", "Women", "Boys", "Girls", "Unisex", in any capitals
    occasions: Sequence[str]  # usage or theme: "Casual"
    brands: Sequence[str]
    colours: Lab  # (m, 3), the main colour in L*a*b*

    def __len__(self) -> int:
        return len(self.kinds)

    def chosen(self, rows: npt.NDArray[np.int64]) -> "Traits":
        """Return the traits of some rows, in that order."""
        return Traits(
            kinds=[self.kinds[row] for row in rows],
            slots=[self.slots[row] for row in rows],
            genders=[self.genders[row] for row in rows],
            occasions=[self.occasions[row] for row in rows],
            brands=[self.brands[row] for row in rows],
            colours=self.colours[rows],
        )


@dataclass(frozen=True)
class ComplementWeights:
    """How much each sign of going together counts. Any scale; 0 leaves a sign out."""

    words: float = 1.0
    colour: float = 2.0
    occasion: float = 1.0
    brand: float = 0.5


DISTANCE_ALONE = ComplementWeights(words=1.0, colour=0.0, occasion=0.0, brand=0.0)


class ComplementFinder:
    """Finds what completes a product among the products of all categories.

    ``fit`` takes the candidates in; ``complements`` answers for products of the shop and for pictures it
    never saw. Learned: ``whitening_`` (s, r), in whose space Euclid's distance is Mahalanobis', and
    ``product_ids_`` (m,).
    """

    def __init__(
        self,
        *,
        goes_with: Mapping[str, Mapping[str, float]] = GOES_WITH,
        weights: ComplementWeights = ComplementWeights(),
    ) -> None:
        self.goes_with = goes_with
        self.weights = weights

    whitening_: Floats
    mean_words_: Words
    product_ids_: Ids

    def fit(self, categories: Mapping[str, CategoryClusters], traits: Mapping[str, Traits]) -> Self:
        """Take in every product of every category, with its traits under the same key."""
        if not categories:
            raise ValueError("no categories: build at least one before looking for complements")
        histograms = [category.shared_histograms for category in categories.values()]
        if not histograms[0].shape[1]:
            raise ValueError("no shared words: build the categories with a shared vocabulary")
        ids = np.concatenate([category.product_ids for category in categories.values()])
        parts = [traits[slug] for slug in categories]
        everything = Traits(
            kinds=[kind for part in parts for kind in part.kinds],
            slots=[slot for part in parts for slot in part.slots],
            genders=[gender for part in parts for gender in part.genders],
            occasions=[occasion for part in parts for occasion in part.occasions],
            brands=[brand for part in parts for brand in part.brands],
            colours=np.concatenate([part.colours for part in parts]),
        )
        if len(everything) != len(ids):
            raise ValueError(
                f"{len(ids)} products, {len(everything)} rows of traits: give one row per product"
            )
        self.whitening_ = whitening(histograms)
        words = np.concatenate(histograms)
        self.mean_words_ = words.mean(axis=0)
        groups = [f"{slot}\n{kind}" for slot, kind in zip(everything.slots, everything.kinds, strict=True)]
        kinds, group_of = np.unique(groups, return_inverse=True)
        members = [np.flatnonzero(group_of == number) for number in range(len(kinds))]
        self.product_ids_ = ids
        self._kinds = [
            _Kind(everything.slots[rows[0]], ids[rows], self._place(words[rows]), everything.chosen(rows))
            for rows in members
        ]
        return self

    def complements(self, shared_histograms: Words, traits: Traits, n: int) -> Neighbours:
        """Find the n best complements of q products, given their shared words, float32 (q, s), and traits.

        A row is shorter when nothing more fits. A score is 0..1; the order is for variety, not by score
        alone.
        """
        q = len(shared_histograms)
        found = Neighbours(
            np.full((q, n), NO_PRODUCT, np.int64), np.zeros((q, n)), np.full((q, n), "", REASONS.dtype)
        )
        places, slots = self._place(shared_histograms), np.array(traits.slots)
        size = max(1, BLOCK_CELLS // len(self.product_ids_))
        for slot in sorted(self.goes_with.keys() & set(traits.slots)):
            of_slot = np.flatnonzero(slots == slot)
            for start in range(0, len(of_slot), size):
                rows = of_slot[start : start + size]
                block = self._complete(slot, places[rows], traits.chosen(rows), n)
                found.product_ids[rows] = block.product_ids
                found.scores[rows] = block.scores
                found.reasons[rows] = block.reasons
        return found

    def _complete(self, slot: str, places: Floats, traits: Traits, n: int) -> Neighbours:
        """Find complements for products of one slot: the best of each kind, then the kinds interleaved."""
        q = len(places)
        # A column of nothing, so that there is always something to choose from.
        ids, scores, reasons = [np.full((q, 1), NO_PRODUCT)], [np.full((q, 1), -1.0)], [np.zeros((q, 1), int)]
        slots = [""]
        for kind in self._kinds:
            fit = self.goes_with[slot].get(kind.slot, 0.0)
            if fit <= 0 or kind.slot == slot:
                continue
            score, reason = self._judge(places, traits, kind)
            best = best_columns(score, n)
            best_scores = np.take_along_axis(score, best, axis=1)
            ids.append(kind.product_ids[best])
            scores.append(np.where(best_scores < 0, -1, fit * best_scores))
            reasons.append(np.take_along_axis(reason, best, axis=1))
            slots.append(kind.slot)
        order = varied_order(scores, slots)[:, :n]
        kept_ids, kept_scores = take_filled(
            np.concatenate(ids, axis=1), np.concatenate(scores, axis=1), order, n
        )
        codes = np.take_along_axis(np.concatenate(reasons, axis=1), order, axis=1)
        words = REASONS[np.pad(codes, ((0, 0), (0, n - codes.shape[1])))]
        return Neighbours(kept_ids, kept_scores, np.where(kept_ids == NO_PRODUCT, "", words))

    def _judge(self, places: Floats, traits: Traits, kind: "_Kind") -> tuple[Floats, npt.NDArray[np.int64]]:
        """Score each product against each of a kind, (q, k), -1 where the gender does not fit; and say why."""
        weights = self.weights
        # Two random pictures are about d² = 2 · rank apart: the same scale as within a category.
        near = np.exp(-squared_distances(places, kind.places) / (2 * max(1, places.shape[1])))
        harmony = colour_harmony(traits.colours, kind.traits.colours)
        # Not knowing the occasion speaks neither for nor against.
        occasion = _agree(traits.occasions, kind.traits.occasions, unknown=0.5)
        brand = _agree(traits.brands, kind.traits.brands, unknown=0.0)
        score = (
            weights.words * near
            + weights.colour * harmony
            + weights.occasion * occasion
            + weights.brand * brand
        ) / (weights.words + weights.colour + weights.occasion + weights.brand)
        reason = np.where((harmony >= HARMONIOUS) & (weights.colour > 0), 1, 0)
        reason = np.where((brand == 1) & (weights.brand > 0), 2, reason)
        return np.where(_fits(traits.genders, kind.traits.genders), np.round(score, 6), -1), reason

    def _place(self, histograms: Words) -> Floats:
        # A picture without keypoints stands in the middle, neither near nor far from anybody.
        known = np.where(histograms.any(axis=1, keepdims=True), histograms, self.mean_words_)
        places: Floats = known.astype(np.float64) @ self.whitening_
        return places


@dataclass(frozen=True)
class _Kind:
    """The candidates of one article type."""

    slot: str
    product_ids: Ids  # (k,)
    places: Floats  # (k, r)
    traits: Traits


def complementary_across(
    categories: Mapping[str, CategoryClusters],
    traits: Mapping[str, Traits],
    n: int,
    *,
    goes_with: Mapping[str, Mapping[str, float]] = GOES_WITH,
    weights: ComplementWeights = ComplementWeights(),
) -> dict[str, Neighbours]:
    """Find the n best complements of every product of every category, under the category's key."""
    finder = ComplementFinder(goes_with=goes_with, weights=weights).fit(categories, traits)
    return {
        slug: finder.complements(category.shared_histograms, traits[slug], n)
        for slug, category in categories.items()
    }


def whitening(groups: Sequence[Words]) -> Floats:
    """Return W (s, r) such that |xW - yW| is the Mahalanobis distance of x and y, from groups of rows (m, s).

    The covariance is pooled: of the rows around their own group's mean, shrunk by Ledoit and Wolf, "A
    well-conditioned estimator for large-dimensional covariance matrices", 2004. Directions in which nothing
    varies are left out.
    """
    rows = np.concatenate([group - group.mean(axis=0) for group in groups]).astype(np.float64)
    if not rows.any():
        return np.zeros((rows.shape[1], 1))
    covariance = LedoitWolf(assume_centered=True).fit(rows).covariance_
    variances, directions = np.linalg.eigh(covariance)
    varies = variances > 1e-9 * variances.max()
    matrix: Floats = directions[:, varies] / np.sqrt(variances[varies])
    return matrix


def varied_order(scores: Sequence[Floats], slots: Sequence[str]) -> Ids:
    """Order the columns of all kinds for variety, (q, all columns), best first and inadmissible (-1) ones
    last.

    ``scores`` holds one array (q, candidates) per kind, best first; ``slots`` the slot of each kind.
    """
    everyone = np.concatenate(scores, axis=1)
    turn_in_kind = np.concatenate([np.arange(part.shape[1]) for part in scores])
    slot_of_column = np.repeat(np.array(slots), [part.shape[1] for part in scores])
    # Scores are at most 1, so a whole turn outweighs any of them.
    by_kind = np.where(everyone < 0, np.inf, 2 * turn_in_kind - everyone)
    turn_in_slot = np.zeros_like(everyone)
    for slot in set(slots):
        columns = np.flatnonzero(slot_of_column == slot)
        turn_in_slot[:, columns] = by_kind[:, columns].argsort(axis=1, kind="stable").argsort(axis=1)
    by_slot = np.where(everyone < 0, np.inf, 2 * turn_in_slot - everyone)
    return by_slot.argsort(axis=1, kind="stable")


def _agree(ours: Sequence[str], theirs: Sequence[str], *, unknown: float) -> Floats:
    left, right = _folded(ours)[:, None], _folded(theirs)
    return np.where((left == "") | (right == ""), unknown, (left == right).astype(np.float64))


def _fits(ours: Sequence[str], theirs: Sequence[str]) -> npt.NDArray[np.bool_]:
    left, right = _folded(ours), _folded(theirs)
    fits = np.ones((len(left), len(right)), bool)
    for gender, fitting in GENDERS_THAT_FIT.items():
        fits[left == gender] = np.isin(right, list(fitting))
    return fits


def _folded(values: Sequence[str]) -> npt.NDArray[np.str_]:
    return np.array([value.strip().lower() for value in values], dtype=np.str_)
