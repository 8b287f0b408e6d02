from recommendations.arrivals import NewArrivals
from recommendations.profiles import NEWCOMER, Profile
from recommendations.ranking import NEW
from tests.recommendations.contract import BOOTS, DRESSES, RecommenderContract, two_tastes

DAY = 86_400.0
ARRIVED = {item: number * DAY for number, item in enumerate((*DRESSES, *BOOTS))}
CATEGORIES = {**dict.fromkeys(DRESSES, "dresses"), **dict.fromkeys(BOOTS, "boots")}


def arrivals(**options):
    return NewArrivals(arrived=ARRIVED, categories=CATEGORIES, **options)


class TestNewArrivals(RecommenderContract):
    def fitted(self, interactions):
        met = set(interactions.item_ids.tolist())
        came = {item: time for item, time in ARRIVED.items() if item in met}
        return NewArrivals(arrived=came, categories=CATEGORIES).fit(interactions)


def test_the_newest_come_first():
    ranking = arrivals().fit(two_tastes()).recommend_for(NEWCOMER, 3)
    assert ranking.ids.tolist() == [25, 24, 23]
    assert set(ranking.reasons) == {NEW}


def test_a_liked_category_comes_before_a_little_newer_things():
    model = arrivals(half_life_days=30, category_pull=4).fit(two_tastes())
    assert set(model.recommend_for(Profile.of(11), 4).ids.tolist()) == set(DRESSES) - {11}


def test_what_has_not_come_yet_neither_shows_nor_ages_the_rest():
    model = arrivals(half_life_days=1).fit(two_tastes())
    ranking = model.recommend_for(NEWCOMER, 2, exclude=BOOTS)
    assert ranking.ids.tolist() == [15, 14]
    assert ranking.scores[0] == 1
