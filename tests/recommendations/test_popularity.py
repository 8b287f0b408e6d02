import numpy as np

from recommendations.popularity import Popularity
from recommendations.profiles import NEWCOMER, SECONDS_A_DAY, Interactions, Profile
from recommendations.ranking import POPULAR
from tests.recommendations.contract import BOOTS, DRESSES, RecommenderContract, two_tastes

SHELVES = {**dict.fromkeys(DRESSES, "dresses"), **dict.fromkeys(BOOTS, "boots")}


def liked_by(**counts: int) -> Interactions:
    """A log in which item ``i11`` is liked by so many shoppers, and so on."""
    users = [user for count in counts.values() for user in range(count)]
    items = [int(name[1:]) for name, count in counts.items() for _ in range(count)]
    return Interactions.from_pairs(users, items)


class TestPopularity(RecommenderContract):
    def fitted(self, interactions):
        return Popularity().fit(interactions)


class TestRecentAndVariedPopularity(RecommenderContract):
    def fitted(self, interactions):
        return Popularity(half_life_days=7, varied=True).fit(interactions, SHELVES)


class TestPopularityNearTheShopper(RecommenderContract):
    def fitted(self, interactions):
        return Popularity(category_pull=5).fit(interactions, SHELVES)


def test_what_most_shoppers_like_comes_first_with_their_number():
    ranking = Popularity().fit(liked_by(i11=3, i12=5, i21=4)).recommend_for(NEWCOMER)
    assert ranking.ids.tolist() == [12, 21, 11]
    assert ranking.support.tolist() == [5, 4, 3]
    assert ranking.reasons == (POPULAR,) * 3


def test_ten_thousand_clicks_of_one_shopper_count_once():
    users = [1, 2, 3, *[4] * 10_000, 1, 2, 3, 4]
    items = [11, 11, 11, *[12] * 10_000, 12, 12, 12, 11]
    ranking = Popularity().fit(Interactions.from_pairs(users, items)).recommend_for(NEWCOMER)
    assert ranking.scores.tolist() == [4, 4]


def test_what_two_shoppers_like_is_nobodys_business():
    assert Popularity().fit(liked_by(i11=2, i12=3)).recommend_for(NEWCOMER).ids.tolist() == [12]


def test_last_weeks_favourite_beats_last_years():
    users = [1, 2, 3, 4, 5, 6, 7]
    items = [11, 11, 11, 11, 12, 12, 12]
    times = np.array([0, 0, 0, 0, 365, 365, 365]) * SECONDS_A_DAY
    log = Interactions.from_pairs(users, items, None, times)
    assert Popularity().fit(log).recommend_for(NEWCOMER).ids.tolist() == [11, 12]
    assert Popularity(half_life_days=7).fit(log).recommend_for(NEWCOMER).ids.tolist() == [12, 11]


def test_what_a_shopper_dismissed_is_not_their_vote():
    log = Interactions.from_pairs([1, 2, 3, 4], [11] * 4, [1, 1, 1, -4])
    assert Popularity().fit(log).recommend_for(NEWCOMER).support.tolist() == [3]


def test_a_varied_page_deals_the_shelves_round():
    model = Popularity(varied=True).fit(liked_by(i11=9, i12=8, i13=7, i21=4, i22=3), SHELVES)
    assert model.recommend_for(NEWCOMER).ids.tolist() == [11, 21, 12, 22, 13]


def test_one_shelf_alone_shows_its_own_favourites():
    model = Popularity().fit(liked_by(i11=9, i21=4, i22=5), SHELVES)
    assert model.in_category("boots").ids.tolist() == [22, 21]
    assert model.in_category("boots", exclude=[22]).ids.tolist() == [21]
    assert len(model.in_category("hats")) == 0


def test_a_shopper_of_boots_sees_popular_boots_before_more_popular_dresses():
    model = Popularity(category_pull=3).fit(liked_by(i11=9, i21=4, i22=4), SHELVES)
    assert model.recommend_for(Profile.of(21)).ids.tolist() == [22, 11]
    assert model.recommend_for(NEWCOMER).ids.tolist() == [11, 21, 22]


def test_items_without_a_shelf_draw_nobody():
    model = Popularity(category_pull=3).fit(two_tastes())
    assert set(model.recommend_for(Profile.of(11)).scores.tolist()) == {4}
