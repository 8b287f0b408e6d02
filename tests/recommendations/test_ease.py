import numpy as np
import pytest

from recommendations import ease
from recommendations.ease import Ease, NextByRegression, TooManyItems
from recommendations.profiles import Interactions, Profile
from recommendations.ranking import BECAUSE
from tests.recommendations.contract import BOOTS, DRESSES, RecommenderContract, two_tastes


class TestEase(RecommenderContract):
    def fitted(self, interactions):
        return Ease(regularisation=1, decay=0.9).fit(interactions)


class TestNextByRegression(RecommenderContract):
    def fitted(self, interactions):
        return NextByRegression(regularisation=1, min_shoppers=1).fit(interactions)


def test_dresses_lead_to_dresses_and_name_the_one_they_come_from():
    ranking = Ease(regularisation=1).fit(two_tastes()).recommend_for(Profile.of(11))
    assert set(ranking.ids.tolist()) <= set(DRESSES) - {11}
    assert set(ranking.reasons) == {BECAUSE}
    assert set(ranking.because.tolist()) == {11}


def test_the_links_are_those_of_the_closed_form():
    log = two_tastes()
    likes = log.likes().toarray().astype(np.float64)
    inverse = np.linalg.inv(likes.T @ likes + 3 * np.eye(log.n_items))
    expected = np.eye(log.n_items) - inverse / np.diag(inverse)
    np.testing.assert_allclose(Ease(regularisation=3).fit(log).links_, expected, atol=1e-5)


def test_no_item_leads_to_itself():
    assert (np.diag(Ease().fit(two_tastes()).links_) == 0).all()


def test_a_fading_profile_turns_to_the_newest_taste():
    model = Ease(regularisation=1, decay=0.2).fit(two_tastes())
    assert model.recommend_for(Profile.of(11, 12, 21)).ids[0] in BOOTS
    assert model.recommend_for(Profile.of(21, 22, 11)).ids[0] in DRESSES


def test_what_was_liked_long_ago_counts_less():
    """Item 1 led three shoppers to 2 a year ago and three others to 3 today."""
    users = np.repeat(np.arange(6), 2)
    items = [1, 2, 1, 2, 1, 2, 1, 3, 1, 3, 1, 3]
    days = np.repeat([0, 0, 0, 365, 365, 365], 2)
    log = Interactions.from_pairs(users, items, None, days * 86_400.0)
    assert Ease(regularisation=1, half_life_days=30).fit(log).recommend_for(Profile.of(1)).ids[0] == 3


def test_what_comes_next_has_a_direction():
    log = Interactions.from_pairs(np.repeat([1, 2, 3, 4], 3), [11, 12, 13] * 4)
    model = NextByRegression(regularisation=0.1).fit(log)
    assert model.recommend_for(Profile.of(11)).ids[0] == 12
    assert model.recommend_for(Profile.of(11, 12)).ids[0] == 13
    assert model.recommend_for(Profile.of(12)).ids.tolist() == [13]


def test_what_happened_at_once_has_no_direction():
    log = Interactions.from_pairs([1, 1, 2, 2, 3, 3], [11, 12] * 3, None, [5, 5, 6, 6, 7, 7])
    assert len(NextByRegression().fit(log).recommend_for(Profile.of(11))) == 0


def test_a_catalogue_whose_square_does_not_fit_is_refused_with_the_limit(monkeypatch):
    monkeypatch.setattr(ease, "MAX_ITEMS", 9)
    for model in (Ease(), NextByRegression()):
        with pytest.raises(TooManyItems, match="at most 9"):
            model.fit(two_tastes())
