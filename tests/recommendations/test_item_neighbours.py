import numpy as np
import pytest

from recommendations.item_neighbours import ItemNeighbours
from recommendations.profiles import Interactions, Profile
from recommendations.ranking import BECAUSE
from tests.recommendations.contract import BOOTS, DRESSES, RecommenderContract, two_tastes


class TestItemNeighbours(RecommenderContract):
    def fitted(self, interactions):
        return ItemNeighbours().fit(interactions)


def test_similar_items_are_those_the_same_shoppers_like():
    ranking = ItemNeighbours().fit(two_tastes()).from_item(11)
    assert ranking.ids.tolist() == [12, 13, 14, 15]
    assert ranking.scores == pytest.approx([0.75] * 4)
    assert ranking.support.tolist() == [3] * 4
    assert set(ranking) == {(item, ranking.scores[0], BECAUSE, 11) for item in (12, 13, 14, 15)}


def test_the_newest_item_speaks_loudest_and_is_named():
    model = ItemNeighbours(decay=0.5).fit(two_tastes())
    ranking = model.recommend_for(Profile.of(11, 12, 21))
    assert ranking.ids[0] in BOOTS
    assert {line.because for line in ranking if line.item in BOOTS} == {21}
    assert {line.because for line in ranking if line.item in DRESSES} == {12}


def test_a_dismissed_dress_pulls_the_other_dresses_down():
    model = ItemNeighbours(decay=1).fit(two_tastes())
    before = model.recommend_for(Profile.of(11, 21))
    after = model.recommend_for(Profile(np.array([11, 21, 12]), np.array([1, 1, -4], np.float32)))
    assert set(before.ids.tolist()) & set(DRESSES)
    assert set(after.ids.tolist()) <= set(BOOTS)


def test_two_shoppers_make_no_link():
    log = Interactions.from_pairs([1, 1, 2, 2], [11, 12, 11, 12])
    assert len(ItemNeighbours().fit(log).from_item(11)) == 0
    assert ItemNeighbours(min_shoppers=2).fit(log).from_item(11).ids.tolist() == [12]
