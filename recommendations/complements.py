"""What completes a product: things of another kind, worn elsewhere, that go with it.

Two categories have no category words in common, so every picture is also counted in one vocabulary that all
categories share, and compared there by Mahalanobis distance: the pooled covariance within the categories,
with Ledoit-Wolf shrinkage, so that words which vary together, or vary anyway, do not count twice.

The distance alone cannot tell what people wear together. The rules come first: another body slot, a pair of
slots that go with each other, a gender that fits. Within them is blended what outfits taught (which kinds, and which
colours, are worn together: ``recommendations.outfits``), what is bought together here, a shared theme, occasion or
brand, and the distance; ``DISTANCE_ALONE`` leaves the distance only. What would complete everything has a price, so
that the rest of the catalogue is shown too. Lists are varied: a slot's second offer comes after the first of every
other slot, and a kind's second after the first of every other kind in its slot.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
from recommendations.item_neighbours import ItemLinks
from recommendations.outfits.harmony import looks_of, ordinary_looks
from recommendations.outfits.judging import Light
from recommendations.outfits.learnt import OutfitKnowledge, shipped_knowledge
from recommendations.outfits.shop_kinds import affinity
from recommendations.outfits.spreading import fair_prices, varied_order
from recommendations.profiles import positions_in
from recommendations.traits import Traits, agree, fits_gender
from vision.colour import colour_harmony

Words = npt.NDArray[np.float32]

GOES_WELL = "complement"
GOES_BY_COLOUR = "complement_colour"
GOES_BY_BRAND = "complement_brand"
GOES_BY_KIND = "complement_kind"
GOES_BY_THEME = "complement_theme"
GOES_BY_BASKET = "complement_basket"
# Later ones are the stronger reasons, where several hold.
REASONS = np.array([GOES_WELL, GOES_BY_COLOUR, GOES_BY_KIND, GOES_BY_BRAND, GOES_BY_THEME, GOES_BY_BASKET])
HARMONIOUS = 0.9  # by the colour wheel, where no outfit can be asked
WORN_TOGETHER = 0.7  # how sure outfits must be of two pieces' colours to say so
OFTEN = 0.75  # the affinity of kinds that are worn together 1.4 times as often as by chance
SHOP_LIGHT: Light = "neutral_light"  # a studio's
ASKED = 400  # products that are asked what they would take, to find the prices


@dataclass(frozen=True)
class ComplementWeights:
    """How much each sign of going together counts. Any scale; 0 leaves a sign out."""

    words: float = 0.5
    colour: float = 3.0
    kinds: float = 2.0
    occasion: float = 1.0
    brand: float = 0.5
    theme: float = 0.5
    basket: float = 2.0
    spread: float = 0.8  # the part of its fair price that a piece loses


DISTANCE_ALONE = ComplementWeights(
    words=1.0, colour=0.0, kinds=0.0, occasion=0.0, brand=0.0, theme=0.0, basket=0.0, spread=0.0
)


class ComplementFinder:
    """Finds what completes a product among the products of all categories.

    ``knowledge`` is what outfits taught (that which comes with the shop); ``bought_together`` a fitted
    ``associations.BoughtTogether``. ``fit`` takes the candidates in; ``complements`` answers for products of the shop
    and for pictures it never saw. Learned: ``whitening_`` (s, r), in whose space Euclid's distance is Mahalanobis',
    and ``product_ids_`` (m,).
    """

    def __init__(
        self,
        *,
        goes_with: Mapping[str, Mapping[str, float]] = GOES_WITH,
        weights: ComplementWeights = ComplementWeights(),
        knowledge: OutfitKnowledge | None = None,
        bought_together: ItemLinks | None = None,
    ) -> None:
        self.goes_with = goes_with
        self.weights = weights
        self.knowledge = knowledge
        self.bought_together = bought_together

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
        everything = Traits.joined([traits[slug] for slug in categories])
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
        self._known_outfits = self.knowledge or shipped_knowledge()
        self._affinities: dict[str, dict[str, float]] = {}
        # What is ordinary for a kind is told by this shop's own products: its light is not the street's.
        known = np.flatnonzero(everything.histograms.any(axis=1))
        told = everything.chosen(known) if len(known) else everything
        self._ordinary = ordinary_looks(looks_of(told.histograms), list(told.kinds))
        tastes = self._tastes(everything)
        self._kinds = [
            _Kind(
                everything.slots[rows[0]],
                ids[rows],
                self._place(words[rows]),
                everything.chosen(rows),
                tastes[rows],
                np.zeros(len(rows)),
            )
            for rows in members
        ]
        self._spread(words, everything, ids)
        return self

    def _spread(self, words: Words, everything: Traits, ids: Ids) -> None:
        """Set the price of each candidate: what it loses so that a few do not complete everything."""
        asking = np.unique(np.linspace(0, len(ids) - 1, ASKED).astype(np.int64))
        slots = np.array([everything.slots[row] for row in asking])
        places = self._place(words[asking])
        traits = everything.chosen(asking)
        tastes = self._tastes(traits)
        for offered in {kind.slot for kind in self._kinds}:
            asks = [slot for slot, others in self.goes_with.items() if others.get(offered, 0.0) > 0]
            rows = np.flatnonzero(np.isin(slots, asks) & (slots != offered))
            numbers = [number for number, kind in enumerate(self._kinds) if kind.slot == offered]
            if not len(rows) or not self.weights.spread:
                continue
            scores = [
                self._judge(
                    places[rows], traits.chosen(rows), tastes[rows], ids[asking[rows]], self._kinds[number]
                )[0]
                for number in numbers
            ]
            prices = self.weights.spread * fair_prices(np.concatenate(scores, axis=1))
            ends = np.cumsum([score.shape[1] for score in scores])
            for number, price in zip(numbers, np.split(prices, ends[:-1]), strict=True):
                self._kinds[number] = replace(self._kinds[number], price=price)

    def complements(
        self, shared_histograms: Words, traits: Traits, n: int, product_ids: Ids | None = None
    ) -> Neighbours:
        """Find the n best complements of q products, given their shared words, float32 (q, s), and traits; and their
        ids, (q,), where they have some: baskets know products by nothing else.

        A row is shorter when nothing more fits. A score is 0..1; the order is for variety, not by score
        alone.
        """
        q = len(shared_histograms)
        found = Neighbours(
            np.full((q, n), NO_PRODUCT, np.int64), np.zeros((q, n)), np.full((q, n), "", REASONS.dtype)
        )
        places, slots, tastes = self._place(shared_histograms), np.array(traits.slots), self._tastes(traits)
        ids = np.full(q, NO_PRODUCT, np.int64) if product_ids is None else product_ids
        size = max(1, BLOCK_CELLS // len(self.product_ids_))
        for slot in sorted(self.goes_with.keys() & set(traits.slots)):
            of_slot = np.flatnonzero(slots == slot)
            for start in range(0, len(of_slot), size):
                rows = of_slot[start : start + size]
                block = self._complete(slot, places[rows], traits.chosen(rows), tastes[rows], ids[rows], n)
                found.product_ids[rows] = block.product_ids
                found.scores[rows] = block.scores
                found.reasons[rows] = block.reasons
        return found

    def _complete(
        self, slot: str, places: Floats, traits: Traits, tastes: Floats, product_ids: Ids, n: int
    ) -> Neighbours:
        """Find complements for products of one slot: the best of each kind, then the kinds interleaved."""
        q = len(places)
        # A column of nothing, so that there is always something to choose from.
        ids, scores, reasons = [np.full((q, 1), NO_PRODUCT)], [np.full((q, 1), -1.0)], [np.zeros((q, 1), int)]
        slots = [""]
        for kind in self._kinds:
            fit = self.goes_with[slot].get(kind.slot, 0.0)
            if fit <= 0 or kind.slot == slot:
                continue
            score, reason = self._judge(places, traits, tastes, product_ids, kind)
            score = np.where(score < 0, -1, np.clip(score - kind.price, 0, 1))
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

    def _judge(
        self, places: Floats, traits: Traits, tastes: Floats, product_ids: Ids, kind: "_Kind"
    ) -> tuple[Floats, npt.NDArray[np.int64]]:
        """Score each product against each of a kind, (q, k), -1 where the gender does not fit; and say why."""
        weights = self.weights
        # Two random pictures are about d² = 2 · rank apart: the same scale as within a category.
        near = np.exp(-squared_distances(places, kind.places) / (2 * max(1, places.shape[1])))
        colour, is_harmonious = self._colours(traits, tastes, kind)
        worn = self._worn_with(traits.kinds, kind.traits.kinds[0])
        # Not knowing the occasion speaks neither for nor against.
        occasion = agree(traits.occasions, kind.traits.occasions, unknown=0.5)
        brand = agree(traits.brands, kind.traits.brands, unknown=0.0)
        theme = agree(traits.themes, kind.traits.themes, unknown=0.0)
        basket = self._baskets(product_ids, kind.product_ids)
        total = weights.words + weights.colour + weights.kinds + weights.occasion + weights.brand
        score = (
            weights.words * near
            + weights.colour * colour
            + weights.kinds * worn
            + weights.occasion * occasion
            + weights.brand * brand
        ) / total
        # Few products have a theme or have been bought often: these add to the others, so that to have none costs
        # nothing.
        score = np.minimum(1.0, score + (weights.theme * theme + weights.basket * basket) / total)
        reason = np.zeros(score.shape, np.int64)
        for code, holds in (
            (1, is_harmonious & (weights.colour > 0)),
            (2, (worn >= OFTEN) & (weights.kinds > 0)),
            (3, (brand == 1) & (weights.brand > 0)),
            (4, (theme == 1) & (weights.theme > 0)),
            (5, (basket > 0) & (weights.basket > 0)),
        ):
            reason = np.where(holds, code, reason)
        return np.where(fits_gender(traits.genders, kind.traits.genders), np.round(score, 6), -1), reason

    def _colours(self, traits: Traits, tastes: Floats, kind: "_Kind") -> tuple[Floats, npt.NDArray[np.bool_]]:
        """How well colours go together, 0..1, and where that is worth saying, both (q, k): as outfits taught it, and
        by the colour wheel for pieces of which no more than a main colour is known."""
        wheel = colour_harmony(traits.colours, kind.traits.colours)
        told = np.logical_and.outer(_is_told(traits), _is_told(kind.traits))
        ratio = self._known_outfits.learnt.harmony[SHOP_LIGHT].pairs(tastes, kind.tastes)
        worn = 1 / (1 + np.exp(-np.clip(ratio, -30, 30)))
        colour: Floats = np.where(told, worn, wheel)
        return colour, np.where(told, worn >= WORN_TOGETHER, wheel >= HARMONIOUS)

    def _worn_with(self, kinds: Sequence[str], other: str) -> Floats:
        """How much more often than by chance each of q kinds is worn with another one, (q, 1). Looked up once: a large
        shop asks block by block for the same few kinds."""
        known = self._affinities.setdefault(other, {})
        new = sorted(set(kinds) - known.keys())
        if new:
            found = affinity(self._known_outfits.kinds, new, [other])[:, 0]
            known.update(zip(new, found.tolist(), strict=True))
        return np.array([known[kind] for kind in kinds], np.float64)[:, None]

    def _tastes(self, traits: Traits) -> Floats:
        """Where the learnt harmony places products, (m, k)."""
        harmony = self._known_outfits.learnt.harmony[SHOP_LIGHT]
        return harmony.place(looks_of(traits.histograms), list(traits.kinds), self._ordinary)

    def _baskets(self, product_ids: Ids, others: Ids) -> Floats:
        """How much more often than by chance products are bought together, 0..1, (q, k)."""
        if self.bought_together is None:
            return np.zeros((len(product_ids), len(others)))
        known = self.bought_together.item_ids_
        rows, columns = positions_in(known, product_ids), positions_in(known, others)
        links = np.zeros((len(product_ids), len(others)))
        there, met = np.flatnonzero(rows >= 0), np.flatnonzero(columns >= 0)
        if len(there) and len(met):
            links[np.ix_(there, met)] = self.bought_together.links_[rows[there]][:, columns[met]].toarray()
        return links / (1 + links)

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
    tastes: Floats  # (k, t), where the learnt harmony places them
    price: Floats  # (k,), see fair_prices


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


def _is_told(traits: Traits) -> npt.NDArray[np.bool_]:
    """Of which products all colours are known, (m,)."""
    return np.asarray(traits.histograms.any(axis=1), np.bool_)
