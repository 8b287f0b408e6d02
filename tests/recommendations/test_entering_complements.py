"""Newcomers come into lists of complements where they belong, and nowhere else."""

import numpy as np

from recommendations.clusters import NO_PRODUCT
from recommendations.complements import ComplementFinder
from recommendations.entering_complements import ANYTHING, Offer, bars_of, varied
from recommendations.outfits.spreading import varied_order
from tests.recommendations.test_clusters import family
from tests.recommendations.test_complements import SHARED, SHELVES, SHOP, traits

ABOUT = {kind: traits(kind) for kind in SHELVES}
FINDER = ComplementFinder().fit(SHOP, ABOUT)


def test_what_was_stored_answers_like_what_was_learnt() -> None:
    shirts = SHOP["Tshirts"].shared_histograms
    learnt = FINDER.complements(shirts, ABOUT["Tshirts"], 6)
    stored = ComplementFinder.from_arrays(FINDER.to_arrays()).complements(shirts, ABOUT["Tshirts"], 6)
    assert np.array_equal(learnt.product_ids, stored.product_ids)
    assert np.allclose(learnt.scores, stored.scores, atol=1e-4)
    assert np.array_equal(learnt.reasons, stored.reasons)


def test_a_finder_with_others_among_its_candidates_offers_them_and_no_longer_those_that_left() -> None:
    words = SHARED.histograms(family(2, 1, seed=900))
    changed = FINDER.changed(np.arange(200, 206), np.array([900]), np.array([1]), words, traits("Jeans", 1))
    found = changed.complements(SHOP["Tshirts"].shared_histograms, ABOUT["Tshirts"], 24).product_ids
    assert (found == 900).any(axis=1).all()
    assert not np.isin(found, np.arange(200, 206)).any()
    assert len(FINDER.candidates_) == len(changed.candidates_) + 5


def test_a_newcomer_is_offered_above_the_bar_alone() -> None:
    words = SHARED.histograms(family(2, 1, seed=900))
    changed = FINDER.changed(np.zeros(0, int), np.array([900]), np.array([1]), words, traits("Jeans", 1))
    slots = set(changed.candidates_.traits.slots)
    m = len(changed.candidates_)
    everywhere = changed.newly_offered(np.array([900]), {slot: np.full(m, ANYTHING) for slot in slots})
    nowhere = changed.newly_offered(np.array([900]), {slot: np.full(m, 1.0) for slot in slots})
    assert set(everywhere.product_ids) == {900}
    asked = changed.candidates_.product_ids[everywhere.rows]
    assert set(range(100, 106)) <= set(asked)
    assert not set(range(200, 206)) & set(asked)  # jeans do not complete jeans
    assert not len(nowhere.rows)


def test_the_bar_is_the_least_of_the_slots_own_offers_among_the_first() -> None:
    row = np.array([[200, 300, 201, 500, 301, 600]])
    heads = np.repeat(row, len(FINDER.candidates_), axis=0)
    scores = np.repeat([[0.9, 0.8, 0.5, 0.4, 0.3, 0.2]], len(heads), axis=0)
    slot_of = dict(zip(FINDER.candidates_.product_ids.tolist(), FINDER.candidates_.traits.slots, strict=True))
    bars = bars_of(FINDER.candidates_, heads, scores)
    assert bars[slot_of[200]][0] == 0.5
    assert bars[slot_of[300]][0] == 0.3
    assert bars[slot_of[100]][0] == 0.2  # none of that slot stands there: better than the last one is enough
    heads[:, 5] = NO_PRODUCT
    assert bars_of(FINDER.candidates_, heads, scores)[slot_of[200]][0] == ANYTHING


def test_a_list_is_as_varied_as_one_that_is_made_anew() -> None:
    rng = np.random.default_rng(3)
    kinds = {"Jeans": "legs", "Skirts": "legs", "Heels": "feet", "Caps": "head"}
    scores = {kind: np.sort(rng.random(4).round(6))[::-1] for kind in kinds}
    columns = [(kind, place) for kind in kinds for place in range(4)]
    order = varied_order([scores[kind][None] for kind in kinds], list(kinds.values()))[0]
    offers = [
        Offer(n, float(scores[kind][place]), "", kinds[kind], kind) for n, (kind, place) in enumerate(columns)
    ]
    shuffled = [offers[i] for i in rng.permutation(len(offers))]
    assert [offer.product_id for offer in varied(shuffled, 16)] == order.tolist()
    assert len(varied(shuffled, 5)) == 5
