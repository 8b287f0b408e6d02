"""Puts a few new offers into lists of complements that are there, where they belong among the first."""

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np

from recommendations.clusters import NO_PRODUCT, Floats, Ids
from recommendations.complement_candidates import Candidates

ANYTHING = -0.5  # a bar that every offer clears: scores are 0 or more


class Offer(NamedTuple):
    """One thing in a list."""

    product_id: int
    score: float
    reason: str
    slot: str
    kind: str


def bars_of(candidates: Candidates, heads: Ids, scores: Floats) -> dict[str, Floats]:
    """What an offer of each slot must exceed to come among the first of each candidate's list, (m,) for each slot.

    ``heads`` (m, f) are the first offers of each now and ``scores`` theirs; short rows end in ``NO_PRODUCT``. The bar
    is the least of the slot's own, or of all where the slot has none there; a kind of thing that is new to a list may
    so be overlooked until the next exact build.
    """
    names, slot_of_row = np.unique(np.array(candidates.traits.slots, np.str_), return_inverse=True)
    order = np.argsort(candidates.product_ids)
    rising = candidates.product_ids[order]
    places = np.minimum(np.searchsorted(rising, heads), len(rising) - 1)
    known = rising[places] == heads
    slots = np.where(known, slot_of_row[order[places]], -1)
    is_full = (heads != NO_PRODUCT).all(axis=1)
    least = np.where(is_full, scores.min(axis=1, initial=1.0), ANYTHING)
    bars = {}
    for number, name in enumerate(names.tolist()):
        own = slots == number
        of_slot = np.where(own, scores, 1.0).min(axis=1, initial=1.0)
        bars[name] = np.where(is_full & own.any(axis=1), of_slot, least)
    return bars


def varied(offers: Sequence[Offer], n: int) -> list[Offer]:
    """The first n in the order that ``outfits.spreading.varied_order`` gives: a slot's second after the first of every
    other slot, a kind's second after the first of every other kind in its slot."""
    scores = [offer.score for offer in offers]
    by_kind = _turns([-score for score in scores], [(offer.slot, offer.kind) for offer in offers])
    keys = [2 * turn - score for turn, score in zip(by_kind, scores, strict=True)]
    by_slot = _turns(keys, [offer.slot for offer in offers])
    keys = [2 * turn - score for turn, score in zip(by_slot, scores, strict=True)]
    return [offers[i] for i in sorted(range(len(offers)), key=keys.__getitem__)[:n]]


def _turns(keys: Sequence[float], groups: Sequence[Hashable]) -> list[int]:
    """The place of each thing, by its key, in its group."""
    turns = [0] * len(keys)
    there: Counter[Hashable] = Counter()
    for i in sorted(range(len(keys)), key=keys.__getitem__):
        turns[i] = there[groups[i]]
        there[groups[i]] += 1
    return turns
