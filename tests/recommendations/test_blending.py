import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommendations.associations import SequentialRules
from recommendations.blending import WEIGHTS, Hybrid, diversify, fuse, recent_first
from recommendations.collaborative import UserNeighbours
from recommendations.item_neighbours import ItemNeighbours
from recommendations.popularity import Popularity
from recommendations.profiles import BUCKETS, NEWCOMER, Interactions, Profile
from recommendations.ranking import BECAUSE, NO_ITEM, NOTHING, POPULAR, TASTE, Ranking
from tests.recommendations.contract import BOOTS, DRESSES, RecommenderContract, lines, two_tastes


def ranking(reason: str, because: int = NO_ITEM, **scores: float) -> Ranking:
    """A ranking of items ``i11`` and so on, best first."""
    return Ranking(
        np.array([int(name[1:]) for name in scores], dtype=np.int64),
        np.array(list(scores.values()), dtype=np.float64),
        (reason,) * len(scores),
        np.full(len(scores), because),
        np.full(len(scores), 3),
    )


def hybrid(**options) -> Hybrid:
    members = {"taste": UserNeighbours(), "items": ItemNeighbours(), "next": SequentialRules()}
    return Hybrid(members=members, filler=Popularity(), **options)


class TestHybrid(RecommenderContract):
    def fitted(self, interactions: Interactions):
        return hybrid().fit(interactions)


def test_every_bucket_has_weights():
    assert set(WEIGHTS) == set(BUCKETS)


def test_fused_scores_add_up_and_the_loudest_reason_stays():
    fused = fuse(
        {"taste": ranking(TASTE, i11=10, i12=5), "items": ranking(BECAUSE, 21, i12=0.4, i13=0.1)},
        {"taste": 1, "items": 3},
    )
    assert lines(fused) == [
        (12, (0.5 + 3) / 4, BECAUSE, 21),
        (11, 1 / 4, TASTE, NO_ITEM),
        (13, 0.75 / 4, BECAUSE, 21),
    ]


def test_a_member_without_weight_or_without_lines_is_not_heard():
    alone = fuse({"taste": ranking(TASTE, i11=2), "items": NOTHING}, {"taste": 1, "items": 9})
    assert lines(alone) == [(11, 1.0, TASTE, NO_ITEM)]
    assert len(fuse({"taste": ranking(TASTE, i11=2)}, {})) == 0


@given(st.dictionaries(st.integers(1, 30), st.floats(0.01, 100), min_size=1, max_size=10), st.floats(0.1, 9))
def test_one_ranking_fused_alone_keeps_its_order(scores, weight):
    ordered = dict(sorted(scores.items(), key=lambda pair: (-pair[1], pair[0])))
    alone = ranking(TASTE, **{f"i{item}": score for item, score in ordered.items()})
    fused = fuse({"taste": alone}, {"taste": weight})
    assert fused.ids.tolist() == list(ordered)
    assert fused.scores[0] == pytest.approx(1)


def twins(ids) -> np.ndarray:
    """Items of one ten are alike, others are not."""
    tens = np.asarray(ids) // 10
    return (tens[:, None] == tens).astype(np.float64)


def test_variety_brings_another_kind_forward():
    page = ranking(TASTE, i11=1.0, i12=0.9, i21=0.6)
    assert diversify(page, twins, 3, variety=0.5).ids.tolist() == [11, 21, 12]
    assert diversify(page, twins, 3, variety=0).ids.tolist() == [11, 12, 21]


def test_variety_never_loses_or_doubles_a_line():
    page = ranking(TASTE, i11=1.0, i12=0.9, i21=0.6)
    assert sorted(diversify(page, twins, 9, variety=1).ids.tolist()) == [11, 12, 21]
    assert len(diversify(NOTHING, twins, 5)) == 0


def test_recent_items_come_newest_first_without_the_hidden_and_the_dismissed():
    profile = Profile(np.array([11, 12, 13, 14]), np.array([1, -4, 1, 1], np.float32))
    assert recent_first(profile, 5).tolist() == [14, 13, 11]
    assert recent_first(profile, 1, hidden=[14]).tolist() == [13]


def test_a_newcomer_gets_what_is_popular():
    page = hybrid().fit(two_tastes()).recommend_for(NEWCOMER, 10)
    assert len(page) == 10
    assert set(page.reasons) == {POPULAR}


def test_one_click_turns_the_page():
    page = hybrid().fit(two_tastes()).recommend_for(Profile.of(21), 10)
    assert set(page.ids[:4].tolist()) == set(BOOTS) - {21}
    assert set(page.reasons[:4]) <= {TASTE, BECAUSE}
    assert set(page.ids[4:].tolist()) == set(DRESSES)
    assert set(page.reasons[4:]) == {POPULAR}


def test_sold_out_items_leave_their_places_to_others():
    model = hybrid().fit(two_tastes())
    page = model.recommend_for(Profile.of(21), 9, exclude=[22, 11])
    assert len(page) == 7
    assert not {21, 22, 11} & set(page.ids.tolist())


def test_a_varied_page_alternates_between_two_tastes():
    model = hybrid(alike=twins, variety=0.7, weights={"2-4": {"items": 1.0}}).fit(two_tastes())
    page = model.recommend_for(Profile.of(11, 21), 2)
    assert {item // 10 for item in page.ids.tolist()} == {1, 2}
