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

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy import sparse
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
    take_filled,
)
from recommendations.complement_candidates import Arrays, Candidates
from recommendations.item_neighbours import ItemLinks
from recommendations.judging_pairs import BLENDED, REASONS, SHOP_LIGHT, ComplementWeights, PairJudge
from recommendations.outfits.completing import (
    N_PIECES,
    Looks,
    Offers,
    StoredLook,
    build_looks,
    missing_slots,
)
from recommendations.outfits.harmony import looks_of, ordinary_looks
from recommendations.outfits.learnt import OutfitKnowledge, shipped_knowledge
from recommendations.outfits.spreading import fair_prices, varied_order
from recommendations.traits import Traits

Words = npt.NDArray[np.float32]

ASKED = 400  # products that are asked what they would take, to find the prices


class ComplementFinder:
    """Finds what completes a product among the products of all categories.

    ``knowledge`` is what outfits taught (that which comes with the shop); ``bought_together`` a fitted
    ``associations.BoughtTogether``. ``fit`` takes the candidates in; ``complements`` answers for products of the shop
    and for pictures it never saw. ``changed`` takes a few more in and lets others go, without learning anything anew.
    Learned: ``whitening_`` (s, r), in whose space Euclid's distance is Mahalanobis', ``mean_words_`` (s,), and
    ``candidates_``.
    """

    def __init__(
        self,
        *,
        goes_with: Mapping[str, Mapping[str, float]] = GOES_WITH,
        weights: ComplementWeights = BLENDED,
        knowledge: OutfitKnowledge | None = None,
        bought_together: ItemLinks | None = None,
    ) -> None:
        self.goes_with = goes_with
        self.weights = weights
        self.knowledge = knowledge or shipped_knowledge()
        self.bought_together = bought_together
        self._judge = PairJudge(weights, self.knowledge, bought_together)

    whitening_: Floats
    mean_words_: Words
    candidates_: Candidates

    def fit(
        self,
        categories: Mapping[str, CategoryClusters],
        traits: Mapping[str, Traits],
        fingerprints: Mapping[str, Ids] | None = None,
    ) -> Self:
        """Take in every product of every category, with its traits, and its fingerprint where there is one, under the
        same key."""
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
        # What is ordinary for a kind is told by this shop's own products: its light is not the street's.
        known = np.flatnonzero(everything.histograms.any(axis=1))
        told = everything.chosen(known) if len(known) else everything
        self._ordinary = ordinary_looks(looks_of(told.histograms), list(told.kinds))
        self._take_in(
            Candidates(
                product_ids=ids,
                fingerprints=np.zeros(len(ids), np.int64)
                if fingerprints is None
                else np.concatenate([fingerprints[key] for key in categories]),
                traits=everything,
                places=self._place(words),
                tastes=self._tastes(everything),
                prices=np.zeros(len(ids)),
            )
        )
        self._take_in(replace(self.candidates_, prices=self._fair_prices()))
        return self

    def _take_in(self, candidates: Candidates) -> None:
        self.candidates_ = candidates
        self._kinds = candidates.by_kind()

    def _fair_prices(self) -> Floats:
        """The price of each candidate, (m,): what it loses so that a few do not complete everything."""
        everything = self.candidates_
        asking = everything.chosen(np.unique(np.linspace(0, len(everything) - 1, ASKED).astype(np.int64)))
        slots = np.array(asking.traits.slots)
        prices = np.zeros(len(everything))
        if not self.weights.spread:
            return prices
        row_of = {pk: row for row, pk in enumerate(everything.product_ids.tolist())}
        for offered in {slot_of(kind) for kind in self._kinds}:
            asks = [slot for slot, others in self.goes_with.items() if others.get(offered, 0.0) > 0]
            rows = np.flatnonzero(np.isin(slots, asks) & (slots != offered))
            kinds = [kind for kind in self._kinds if slot_of(kind) == offered]
            if not len(rows):
                continue
            askers = asking.chosen(rows)
            scores = [self._judge.judge(askers, kind)[0] for kind in kinds]
            ids = np.concatenate([kind.product_ids for kind in kinds])
            prices[[row_of[pk] for pk in ids.tolist()]] = self.weights.spread * fair_prices(
                np.concatenate(scores, axis=1)
            )
        return prices

    def changed(
        self, without: Ids, product_ids: Ids, fingerprints: Ids, shared_histograms: Words, traits: Traits
    ) -> "ComplementFinder":
        """A finder among other candidates: those ``without`` have gone, others have come. Nothing is learnt anew; a
        newcomer's price is what its kind costs on average."""
        kept = self.candidates_.chosen(np.flatnonzero(~np.isin(self.candidates_.product_ids, without)))
        costs: dict[str, list[float]] = {}
        for kind, price in zip(kept.traits.kinds, kept.prices.tolist(), strict=True):
            costs.setdefault(kind, []).append(price)
        other = copy(self)
        other._take_in(
            kept.and_also(
                Candidates(
                    product_ids=product_ids,
                    fingerprints=fingerprints,
                    traits=traits,
                    places=self._place(shared_histograms),
                    tastes=self._tastes(traits),
                    prices=np.array([float(np.mean(costs.get(kind, [0.0]))) for kind in traits.kinds]),
                )
            )
        )
        return other

    def to_arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """All that was learnt and the candidates as plain arrays, ready for safetensors."""
        arrays: dict[str, npt.NDArray[np.generic]] = {
            "whitening": self.whitening_,
            "mean_words": self.mean_words_,
            "ordinary.kinds": np.frombuffer("\n".join(self._ordinary).encode(), np.uint8).copy(),
            "ordinary.looks": np.array(list(self._ordinary.values())),
            **{f"candidates.{name}": array for name, array in self.candidates_.to_arrays().items()},
        }
        if self.bought_together is not None:
            links = self.bought_together.links_.tocsr()
            arrays |= {
                "baskets.items": self.bought_together.item_ids_,
                "baskets.links": links.data,
                "baskets.indices": links.indices,
                "baskets.starts": links.indptr,
            }
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Arrays, *, goes_with: Mapping[str, Mapping[str, float]] = GOES_WITH) -> Self:
        """Rebuild a finder with the usual weights and knowledge from ``to_arrays``; ``goes_with`` as it is now."""
        baskets = None
        if "baskets.items" in arrays:
            baskets = ItemLinks()
            baskets.item_ids_ = arrays["baskets.items"].astype(np.int64)
            size = len(baskets.item_ids_)
            parts = tuple(arrays[f"baskets.{name}"] for name in ("links", "indices", "starts"))
            baskets.links_ = sparse.csr_matrix(parts, shape=(size, size))
        finder = cls(goes_with=goes_with, bought_together=baskets)
        finder.whitening_ = arrays["whitening"].astype(np.float64)
        finder.mean_words_ = arrays["mean_words"].astype(np.float32)
        kinds = arrays["ordinary.kinds"].tobytes().decode().split("\n")
        finder._ordinary = dict(zip(kinds, arrays["ordinary.looks"].astype(np.float64), strict=True))
        prefix = "candidates."
        candidates = Candidates.from_arrays(
            {name.removeprefix(prefix): each for name, each in arrays.items() if name.startswith(prefix)}
        )
        # The harmony may have been learnt anew since: then old places would say nothing in it.
        finder._take_in(replace(candidates, tastes=finder._tastes(candidates.traits)))
        return finder

    def complements(
        self, shared_histograms: Words, traits: Traits, n: int, product_ids: Ids | None = None
    ) -> Neighbours:
        """The complements of ``complete`` alone."""
        return self.complete(shared_histograms, traits, n, product_ids)[0]

    def complete(
        self, shared_histograms: Words, traits: Traits, n: int, product_ids: Ids | None = None
    ) -> tuple[Neighbours, list[StoredLook]]:
        """Find the n best complements of q products, given their shared words, float32 (q, s), and traits; and their
        ids, (q,), where they have some: baskets know products by nothing else. With them comes a whole look of each.

        A row is shorter when nothing more fits. A score is 0..1; the order is for variety, not by score
        alone.
        """
        q = len(shared_histograms)
        looks: list[StoredLook] = [{} for _ in range(q)]
        found = Neighbours(
            np.full((q, n), NO_PRODUCT, np.int64), np.zeros((q, n)), np.full((q, n), "", REASONS.dtype)
        )
        askers = Candidates(
            product_ids=np.full(q, NO_PRODUCT, np.int64) if product_ids is None else product_ids,
            fingerprints=np.zeros(q, np.int64),
            traits=traits,
            places=self._place(shared_histograms),
            tastes=self._tastes(traits),
            prices=np.zeros(q),
        )
        for slot, rows in self._blocks(askers, len(self.candidates_)):
            block, offers = self._complete(slot, askers.chosen(rows), n)
            found.product_ids[rows] = block.product_ids
            found.scores[rows] = block.scores
            found.reasons[rows] = block.reasons
            worn = self._looks(askers.chosen(rows), offers)
            for place, row in enumerate(rows.tolist()):
                looks[row] = worn.as_json(place)
        return found, looks

    def _blocks(self, askers: Candidates, width: int) -> Iterator[tuple[str, Ids]]:
        """The rows of the askers of each slot that something goes with, so many at once that judging them against
        ``width`` others fits into memory."""
        slots = np.array(askers.traits.slots)
        size = max(1, BLOCK_CELLS // max(1, width))
        for slot in sorted(self.goes_with.keys() & set(askers.traits.slots)):
            of_slot = np.flatnonzero(slots == slot)
            for start in range(0, len(of_slot), size):
                yield slot, of_slot[start : start + size]

    def _complete(self, slot: str, askers: Candidates, n: int) -> tuple[Neighbours, dict[str, list[Offers]]]:
        """Find complements for products of one slot: the best of each kind, then the kinds interleaved; and what each
        kind has to offer for the places of a look."""
        q = len(askers)
        offers: dict[str, list[Offers]] = {place: [] for place in missing_slots(slot)}
        # A column of nothing, so that there is always something to choose from.
        ids, scores, reasons = [np.full((q, 1), NO_PRODUCT)], [np.full((q, 1), -1.0)], [np.zeros((q, 1), int)]
        slots = [""]
        for kind, score, reason in self._offers(slot, askers, self._kinds):
            best = best_columns(score, n)
            ids.append(kind.product_ids[best])
            scores.append(np.take_along_axis(score, best, axis=1))
            reasons.append(np.take_along_axis(reason, best, axis=1))
            slots.append(slot_of(kind))
            if slots[-1] in offers:
                offers[slots[-1]].append(Offers.of(kind, best, scores[-1], REASONS[reasons[-1]]))
        order = varied_order(scores, slots)[:, :n]
        kept_ids, kept_scores = take_filled(
            np.concatenate(ids, axis=1), np.concatenate(scores, axis=1), order, n
        )
        codes = np.take_along_axis(np.concatenate(reasons, axis=1), order, axis=1)
        words = REASONS[np.pad(codes, ((0, 0), (0, n - codes.shape[1])))]
        return Neighbours(kept_ids, kept_scores, np.where(kept_ids == NO_PRODUCT, "", words)), offers

    def _looks(self, askers: Candidates, offers: Mapping[str, Sequence[Offers]]) -> Looks:
        """The look of each asker."""
        return build_looks(
            askers.tastes,
            askers.traits.told,
            askers.traits.genders,
            {place: Offers.joined(parts) for place, parts in offers.items() if parts},
            self.knowledge.learnt.harmony[SHOP_LIGHT],
            N_PIECES,
        )

    def _offers(
        self, slot: str, askers: Candidates, kinds: Sequence[Candidates]
    ) -> Iterator[tuple[Candidates, Floats, npt.NDArray[np.int64]]]:
        """Each of ``kinds`` that goes with products of a slot, with what it is worth to each of q askers after its
        price, (q, k), -1 where it does not fit, and the number of the reason."""
        for kind in kinds:
            fit = self.goes_with[slot].get(slot_of(kind), 0.0)
            if fit <= 0 or slot_of(kind) == slot:
                continue
            score, reason = self._judge.judge(askers, kind)
            yield kind, np.where(score < 0, -1, fit * np.clip(score - kind.prices, 0, 1)), reason

    def newly_offered(self, new_ids: Ids, bars: Mapping[str, Floats]) -> "Offered":
        """Which of the candidates ``new_ids`` every other candidate would be offered above its bar: ``bars`` holds for
        each slot that offers something what its offers must exceed, (m,)."""
        everything = self.candidates_
        is_new = np.isin(everything.product_ids, new_ids)
        kinds = everything.chosen(np.flatnonzero(is_new)).by_kind()
        others = np.flatnonzero(~is_new)
        found: list[Offered] = []
        for slot, some in self._blocks(everything.chosen(others), int(is_new.sum())):
            rows = others[some]
            for kind, score, reason in self._offers(slot, everything.chosen(rows), kinds):
                row, column = np.nonzero(score > bars[slot_of(kind)][rows][:, None])
                found.append(
                    Offered(
                        rows[row], kind.product_ids[column], score[row, column], REASONS[reason[row, column]]
                    )
                )
        return Offered.joined(found)

    def _tastes(self, traits: Traits) -> Floats:
        """Where the learnt harmony places products, (m, k)."""
        harmony = self.knowledge.learnt.harmony[SHOP_LIGHT]
        return harmony.place(looks_of(traits.histograms), list(traits.kinds), self._ordinary)

    def _place(self, histograms: Words) -> Floats:
        # A picture without keypoints stands in the middle, neither near nor far from anybody.
        known = np.where(histograms.any(axis=1, keepdims=True), histograms, self.mean_words_)
        places: Floats = known.astype(np.float64) @ self.whitening_
        return places


@dataclass(frozen=True)
class Offered:
    """Single offers, every field (o,) in the same order."""

    rows: Ids  # of the candidates that they are made to
    product_ids: Ids
    scores: Floats
    reasons: npt.NDArray[np.str_]

    @classmethod
    def joined(cls, parts: Sequence["Offered"]) -> "Offered":
        """Several of them, one after the other."""
        return cls(
            np.concatenate([np.zeros(0, np.int64), *(part.rows for part in parts)]),
            np.concatenate([np.zeros(0, np.int64), *(part.product_ids for part in parts)]),
            np.concatenate([np.zeros(0), *(part.scores for part in parts)]),
            np.concatenate([np.zeros(0, REASONS.dtype), *(part.reasons for part in parts)]),
        )


def slot_of(kind: Candidates) -> str:
    """Where products of one kind are worn."""
    return kind.traits.slots[0]


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
