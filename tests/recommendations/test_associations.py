import csv
import gzip

import numpy as np
import pytest

from recommendations.associations import BoughtTogether, SequentialRules, StagedRules
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


class TestStagedRules(RecommenderContract):
    def fitted(self, interactions):
        return StagedRules().fit(interactions)


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


def test_one_who_orders_the_same_two_things_weekly_makes_no_rule_for_everybody():
    log = baskets(*[(SHIRT, TIE)] * 6, *[(BELT, BAG)] * 6)
    regular, six_people = [1] * 6, [2, 3, 4, 5, 6, 7]
    model = BoughtTogether().fit(log, shoppers=[*regular, *six_people])
    assert len(model.from_item(SHIRT)) == 0
    assert model.from_item(BELT).ids.tolist() == [BAG]


def test_every_basket_needs_its_shopper():
    with pytest.raises(ValueError, match="3 baskets, 2 shoppers"):
        BoughtTogether().fit(baskets((SHIRT, TIE), (SHIRT, TIE), (BELT, BAG)), shoppers=[1, 2])


def test_what_was_bought_together_lately_comes_before_last_years_fashion():
    day = 86_400.0
    contents = [(SHIRT, TIE)] * 8 + [(SHIRT, BELT)] * 5 + [(BAG,)] * 20
    ages = [365] * 8 + [0] * 5 + [0] * 20
    orders = [number for number, items in enumerate(contents) for _ in items]
    times = [-ages[number] * day for number in orders]
    log = Interactions.from_pairs(orders, [item for items in contents for item in items], None, times)
    assert BoughtTogether().fit(log).from_item(SHIRT).ids[0] == TIE
    assert BoughtTogether(half_life_days=60).fit(log).from_item(SHIRT).ids[0] == BELT


@pytest.mark.shared_data
def test_the_baskets_of_a_real_shop_tell_what_else_is_bought(shared_data):
    with gzip.open(shared_data / "interactions" / "online-retail" / "events.csv.gz", "rt") as lines:
        rows = [row for row in csv.DictReader(lines) if row["value"].isdigit()]
    orders = np.array([int(row["value"]) for row in rows])
    items = np.unique([row["item"] for row in rows], return_inverse=True)[1]
    times = np.array([float(row["timestamp"]) for row in rows])
    shoppers = np.array([int(row["user"]) for row in rows])
    # The last tenth of the time is asked about. Two months of baskets before it are enough to learn from here.
    split = np.quantile(times, 0.9)
    learnt = (times < split) & (times > split - 60 * 86_400)
    first = np.unique(orders[learnt], return_index=True)[1]
    log = Interactions.from_pairs(orders[learnt], items[learnt], None, times[learnt])
    model = BoughtTogether(half_life_days=90).fit(log, shoppers=shoppers[learnt][first])
    popular = np.bincount(items[learnt]).argsort()[::-1]

    rng = np.random.default_rng(0)
    asked = rng.choice(np.unique(orders[times >= split]), 150, replace=False)
    hits, popular_hits = 0, 0
    for order in asked:
        basket = rng.permutation(np.unique(items[orders == order]))
        if len(basket) < 2:
            continue
        hidden, rest = basket[0], Profile.of(*basket[1:].tolist())
        hits += hidden in model.recommend_for(rest, 10).ids
        popular_hits += hidden in [item for item in popular if item not in basket[1:]][:10]
    assert hits > 2 * popular_hits


def walks(*ways: tuple[int, ...]) -> Interactions:
    shoppers = [number for number, way in enumerate(ways) for _ in way]
    times = [moment for way in ways for moment in range(len(way))]
    return Interactions.from_pairs(shoppers, [item for way in ways for item in way], None, times)


def test_the_next_item_is_what_others_went_to_and_never_where_they_came_from():
    model = SequentialRules().fit(walks(*[(SHIRT, TIE, BELT)] * 3))
    # 1 and 1/2 of three shoppers, .8 for the step that one still took after TIE, over their sum and one of doubt.
    assert list(model.from_item(SHIRT)) == [
        (TIE, pytest.approx(2.4 / 4.9), BECAUSE, SHIRT),
        (BELT, pytest.approx(1.5 / 4.9), BECAUSE, SHIRT),
    ]
    assert model.from_item(TIE).ids.tolist() == [BELT]
    assert len(model.from_item(BELT)) == 0


def test_the_last_step_decides():
    model = SequentialRules(decay=0.3).fit(walks(*[(SHIRT, TIE)] * 3, *[(BELT, BAG)] * 3))
    assert next(iter(model.recommend_for(Profile.of(SHIRT, BELT)))) == (
        BAG,
        pytest.approx(3 / 4),
        BECAUSE,
        BELT,
    )
    assert next(iter(model.recommend_for(Profile.of(BELT, SHIRT)))) == (
        TIE,
        pytest.approx(3 / 4),
        BECAUSE,
        SHIRT,
    )


def test_things_of_the_same_moment_have_no_order():
    log = Interactions.from_pairs([1, 1, 2, 2, 3, 3], [SHIRT, TIE] * 3, None, np.full(6, 7.0))
    assert len(SequentialRules().fit(log).from_item(SHIRT)) == 0


def test_steps_beyond_the_window_are_not_counted():
    model = SequentialRules(window=1).fit(walks(*[(SHIRT, TIE, BELT)] * 3))
    assert model.from_item(SHIRT).ids.tolist() == [TIE]


def test_what_shoppers_end_with_weighs_more_than_what_they_pass():
    model = SequentialRules().fit(walks(*[(SHIRT, TIE)] * 3, *[(SHIRT, BELT, BAG)] * 3))
    ranking = model.from_item(SHIRT)
    assert ranking.ids.tolist() == [TIE, BELT, BAG]
    assert ranking.scores[0] > 1.2 * ranking.scores[1]


def test_with_fading_from_the_beginning_second_clicks_tell_the_second_click():
    ways = [*[(BAG, BELT, SHIRT, TIE)] * 4, *[(SHIRT, BELT)] * 3]
    assert SequentialRules(late=1.0).fit(walks(*ways)).from_item(SHIRT).ids[0] == TIE
    assert SequentialRules(late=1.0, early=0.5).fit(walks(*ways)).from_item(SHIRT).ids[0] == BELT


def test_after_one_click_the_second_clicks_of_others_lead_and_later_their_last():
    # Ten steps into their way four went from the shirt to a tie; three began with a shirt and went on to a belt.
    long_way = tuple(range(10, 20))
    model = StagedRules().fit(walks(*[(*long_way, SHIRT, TIE)] * 4, *[(SHIRT, BELT)] * 3))
    assert model.recommend_for(Profile.of(SHIRT)).ids[0] == BELT
    assert model.recommend_for(Profile.of(BAG, SHIRT)).ids[0] == TIE


def test_a_way_of_thousands_of_steps_loses_no_link():
    long_way = tuple(range(1, 3001))
    model = SequentialRules().fit(walks(*[long_way] * 3))
    assert model.from_item(1).ids[0] == 2
