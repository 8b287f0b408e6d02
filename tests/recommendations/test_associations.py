import numpy as np
import pytest

from recommendations.associations import BoughtTogether, SequentialRules
from recommendations.profiles import Interactions, Profile
from recommendations.ranking import BECAUSE, BOUGHT_TOGETHER
from tests.recommendations.contract import RecommenderContract

SHIRT, TIE, BELT, BAG = 1, 2, 3, 4


def baskets(*contents: tuple[int, ...]) -> Interactions:
    orders = [number for number, items in enumerate(contents) for _ in items]
    return Interactions.from_pairs(orders, [item for items in contents for item in items])


class TestBoughtTogether(RecommenderContract):
    def fitted(self, interactions):
        return BoughtTogether().fit(interactions)


class TestSequentialRules(RecommenderContract):
    def fitted(self, interactions):
        return SequentialRules().fit(interactions)


def test_a_tie_goes_with_a_shirt_and_the_bag_that_is_in_every_basket_does_not():
    log = baskets(*[(SHIRT, TIE, BAG)] * 4, *[(BELT, BAG)] * 4)
    ranking = BoughtTogether(shrinkage=0).fit(log).from_item(SHIRT)
    assert list(ranking) == [(TIE, pytest.approx(1.0), BOUGHT_TOGETHER, SHIRT)]  # lift 2
    assert ranking.support.tolist() == [4]


def test_two_baskets_are_no_rule():
    log = baskets(*[(SHIRT, TIE)] * 2, *[(BELT, BAG)] * 4)
    assert len(BoughtTogether().fit(log).from_item(SHIRT)) == 0


def test_a_sure_rule_comes_before_a_rare_one_of_the_same_lift():
    log = baskets(*[(SHIRT, TIE, BELT)] * 3, *[(SHIRT, TIE)] * 20, *[(BELT,)] * 3, *[(BAG,)] * 23)
    ranking = BoughtTogether().fit(log).recommend_for(Profile.of(SHIRT))
    assert ranking.ids[0] == TIE


def walks(*ways: tuple[int, ...]) -> Interactions:
    shoppers = [number for number, way in enumerate(ways) for _ in way]
    times = [moment for way in ways for moment in range(len(way))]
    return Interactions.from_pairs(shoppers, [item for way in ways for item in way], None, times)


def test_the_next_item_is_what_others_went_to_and_never_where_they_came_from():
    model = SequentialRules().fit(walks(*[(SHIRT, TIE, BELT)] * 3))
    assert list(model.from_item(SHIRT)) == [(TIE, 3.0, BECAUSE, SHIRT), (BELT, 1.5, BECAUSE, SHIRT)]
    assert model.from_item(TIE).ids.tolist() == [BELT]
    assert len(model.from_item(BELT)) == 0


def test_the_last_step_decides():
    model = SequentialRules(decay=0.3).fit(walks(*[(SHIRT, TIE)] * 3, *[(BELT, BAG)] * 3))
    assert next(iter(model.recommend_for(Profile.of(SHIRT, BELT)))) == (BAG, 3.0, BECAUSE, BELT)
    assert next(iter(model.recommend_for(Profile.of(BELT, SHIRT)))) == (TIE, 3.0, BECAUSE, SHIRT)


def test_things_of_the_same_moment_have_no_order():
    log = Interactions.from_pairs([1, 1, 2, 2, 3, 3], [SHIRT, TIE] * 3, None, np.full(6, 7.0))
    assert len(SequentialRules().fit(log).from_item(SHIRT)) == 0


def test_steps_beyond_the_window_are_not_counted():
    model = SequentialRules(window=1).fit(walks(*[(SHIRT, TIE, BELT)] * 3))
    assert model.from_item(SHIRT).ids.tolist() == [TIE]
