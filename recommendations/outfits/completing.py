"""Builds a whole outfit around a product: one piece for each place on the body, all of which fit each other.

Pieces are chosen together: first for each place what goes best with all that is there, then each in turn once more in
view of the others, until nothing changes (coordinate ascent). What comes next for a place, when a shopper swaps its
piece, is ordered in view of the others too. Only what fits the product by the hard rules may be offered here;
``ComplementFinder`` keeps them. One more is kept here: all pieces are for the same people, also where the product
itself is for everybody.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from recommendations.body_slots import GENDERS_THAT_FIT, PLACES
from recommendations.clusters import NO_PRODUCT
from recommendations.complement_candidates import Candidates
from recommendations.outfits.harmony import Harmony, belonging
from recommendations.traits import UNKNOWN, folded

Floats = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]
Words = npt.NDArray[np.str_]
Truths = npt.NDArray[np.bool_]

StoredLook = dict[str, list[list[Any]]]
"""[product id, score, reason] by place: of the piece to wear, then of what it may be swapped for, best first."""

ROUNDS = 5
N_PIECES = 8  # for each place: the piece to wear, and what it may be swapped for
OF_A_KIND = 3  # of these are of one kind, so that swapping shows more than jeans; other models first
# What takes several places at once; the product itself and what it covers are taken out of its look.
COVERED: Mapping[str, Collection[str]] = {"full body": ("top", "bottom")}
AUDIENCES = tuple(gender for gender in GENDERS_THAT_FIT if gender != "unisex")


@dataclass(frozen=True, eq=False)
class Offers:
    """What may take one place in the looks of q products, m candidates for each.

    ``product_ids`` (q, m), ``NO_PRODUCT`` where there are fewer; ``liking`` (q, m), 0..1, how well each goes with its
    product; ``reasons`` (q, m), why; ``genders`` (q, m), for whom it is, ``folded``; ``places`` (q, m, k), where
    ``Harmony.place`` puts it, and ``told`` (q, m), whether its colours are known: else its place says nothing.
    """

    product_ids: Ids
    liking: Floats
    reasons: Words
    genders: Words
    places: Floats
    told: Truths

    @classmethod
    def of(cls, kind: Candidates, best: Ids, liking: Floats, reasons: Words) -> "Offers":
        """What one kind has to offer each of q products, of its rows ``best`` (q, n), best first.

        ``OF_A_KIND`` different models as far as there are so many, since another colour is no other idea; liking below
        0: nothing.
        """
        styles = kind.traits.styles[best]
        again = np.zeros(best.shape, bool)
        for column in range(1, best.shape[1]):
            same = styles[:, :column] == styles[:, column, None]
            again[:, column] = (styles[:, column] != UNKNOWN) & same.any(axis=1)
        later = np.where(liking < 0, 2, again)
        first = np.argsort(later, axis=1, kind="stable")[:, :OF_A_KIND]
        best = np.take_along_axis(best, first, axis=1)
        liking = np.take_along_axis(liking, first, axis=1)
        reasons = np.take_along_axis(reasons, first, axis=1)
        return cls(
            product_ids=np.where(liking < 0, NO_PRODUCT, kind.product_ids[best]),
            liking=liking,
            reasons=reasons,
            genders=kind.traits.folded_genders[best],
            places=kind.tastes[best],
            told=kind.traits.told[best],
        )

    @classmethod
    def joined(cls, parts: Sequence["Offers"]) -> "Offers":
        """Several offers for the same place, side by side."""
        return cls(*(np.concatenate([getattr(part, f.name) for part in parts], axis=1) for f in fields(cls)))


@dataclass(frozen=True, eq=False)
class Looks:
    """Whole looks of q products, under the names of their places: ids (q, n), the piece to wear first and then what may
    take its place, best first, filled with ``NO_PRODUCT``; scores (q, n), 0..1; reasons (q, n)."""

    product_ids: Mapping[str, Ids]
    scores: Mapping[str, Floats]
    reasons: Mapping[str, Words]

    def as_json(self, row: int) -> StoredLook:
        """The look of one product as it is stored; empty places are left out."""
        return {
            place: pieces
            for place, ids in self.product_ids.items()
            if (
                pieces := [
                    [int(pk), round(float(score), 4), str(reason)]
                    for pk, score, reason in zip(
                        ids[row], self.scores[place][row], self.reasons[place][row], strict=True
                    )
                    if pk != NO_PRODUCT
                ]
            )
        }


def missing_slots(slot: str) -> list[str]:
    """The places on the body that an outfit around a piece of ``slot`` still needs."""
    covered = {slot, *COVERED.get(slot, ())}
    return [place for place in PLACES if place not in covered]


def build_looks(
    places: Floats,
    told: Truths,
    genders: Sequence[str],
    offers: Mapping[str, Offers],
    harmony: Harmony,
    n: int,
) -> Looks:
    """The looks of q products at ``places`` (q, k), ``told`` (q,) where their colours are known, for ``genders``.

    Each place for which there are ``offers`` gets n pieces to choose from.
    """
    liking = _for_one_audience(genders, offers)
    rows = np.arange(len(places))
    own = np.where(told[:, None], places, 0.0)
    best = {name: np.full(len(places), -1) for name in offers}
    total = dict(liking)
    for _ in range(ROUNDS):
        before = {name: chosen.copy() for name, chosen in best.items()}
        for name, offer in offers.items():
            # What is worn beside it: the product itself and the pieces in the other places, as far as they are told.
            worn, count = own.copy(), told.astype(np.int64)
            for other, chosen in best.items():
                if other == name:
                    continue
                counts = (chosen >= 0) & offers[other].told[rows, chosen]
                worn += np.where(counts[:, None], offers[other].places[rows, chosen], 0.0)
                count += counts
            ratio = np.where(offer.told, harmony.beside_each(worn, count, offer.places), 0.0)
            total[name] = np.where(liking[name] < 0, -1.0, (liking[name] + belonging(ratio)) / 2)
            top = total[name].argmax(axis=1)
            best[name] = np.where(total[name][rows, top] < 0, -1, top)
        if all(np.array_equal(best[name], before[name]) for name in best):
            break
    return _ranked(offers, total, n)


def _for_one_audience(genders: Sequence[str], offers: Mapping[str, Offers]) -> dict[str, Floats]:
    """The liking of every offer, -1 where there is none or where it is not for those for whom the look is.

    A product for nobody in particular is worn by those who find most to go with it.
    """
    there = {
        name: np.where(offer.product_ids == NO_PRODUCT, -1.0, offer.liking) for name, offer in offers.items()
    }
    asked = folded(genders)
    worth = np.zeros((len(asked), len(AUDIENCES)))
    by_audience: list[dict[str, Floats]] = []
    for column, audience in enumerate(AUDIENCES):
        fitting = list(GENDERS_THAT_FIT[audience])
        liking = {
            name: np.where(np.isin(offer.genders, fitting), there[name], -1.0)
            for name, offer in offers.items()
        }
        by_audience.append(liking)
        for values in liking.values():
            worth[:, column] += np.maximum(values.max(axis=1), 0.0)
        worth[~np.isin(asked, fitting) & (asked != "unisex"), column] = -1.0
    chosen = worth.argmax(axis=1)
    return {
        name: np.stack([liking[name] for liking in by_audience])[chosen, np.arange(len(asked))]
        for name in offers
    }


def _ranked(offers: Mapping[str, Offers], total: Mapping[str, Floats], n: int) -> Looks:
    """The best n offers for each place, by their total; those below 0 are none."""
    product_ids, scores, reasons = {}, {}, {}
    for name, offer in offers.items():
        order = np.argsort(-total[name], axis=1, kind="stable")[:, :n]
        score = np.take_along_axis(total[name], order, axis=1)
        product_ids[name] = np.where(
            score < 0, NO_PRODUCT, np.take_along_axis(offer.product_ids, order, axis=1)
        )
        scores[name] = np.maximum(score, 0.0)
        reasons[name] = np.take_along_axis(offer.reasons, order, axis=1)
    return Looks(product_ids, scores, reasons)
