"""What every recommender promises. A test module subclasses ``RecommenderContract`` and says how to fit its own."""

from abc import ABC, abstractmethod

import numpy as np
import pytest

from recommendations.profiles import NEWCOMER, Interactions, Profile
from recommendations.ranking import NO_ITEM, Ranking, Recommender
from recommendations.reasons import sentence

DRESSES = (11, 12, 13, 14, 15)
BOOTS = (21, 22, 23, 24, 25)
STRANGE = 999  # an item that nobody has met


def two_tastes() -> Interactions:
    """Five shoppers who like dresses and five who like boots, each all but one of them."""
    users, items = [], []
    for shelf, goods in enumerate((DRESSES, BOOTS)):
        for number, missing in enumerate(goods):
            for item in goods:
                if item != missing:
                    users.append(10 * shelf + number + 1)
                    items.append(item)
    return Interactions.from_pairs(users, items)


def lines(ranking: Ranking) -> list[tuple[int, float, str, int]]:
    """A ranking as plain values, scores rounded."""
    return [(item, round(score, 9), reason, because) for item, score, reason, because in ranking]


class RecommenderContract(ABC):
    """Mix into a test class and give it ``fitted``."""

    @abstractmethod
    def fitted(self, interactions: Interactions) -> Recommender:
        """Return a recommender that has learned from ``interactions``."""

    @pytest.fixture
    def recommender(self) -> Recommender:
        return self.fitted(two_tastes())

    def test_best_come_first_and_no_item_twice(self, recommender):
        ranking = recommender.recommend_for(Profile.of(11, 12), 20)
        assert len(ranking) > 0
        assert (np.diff(ranking.scores) <= 0).all()
        assert (ranking.scores > 0).all()
        assert np.isfinite(ranking.scores).all()
        assert len(set(ranking.ids.tolist())) == len(ranking)

    def test_a_list_is_never_longer_than_asked(self, recommender):
        assert [len(recommender.recommend_for(Profile.of(11), n)) for n in (0, 1, 2)] == [0, 1, 2]

    def test_a_shorter_list_is_the_beginning_of_a_longer_one(self, recommender):
        long, short = (recommender.recommend_for(Profile.of(11, 12), n) for n in (3, 2))
        assert long.ids[:2].tolist() == short.ids.tolist()

    def test_what_the_shopper_has_met_is_not_recommended(self, recommender):
        ranking = recommender.recommend_for(Profile.of(11, 12), 20)
        assert not {11, 12} & set(ranking.ids.tolist())

    def test_excluded_items_stay_away(self, recommender):
        first = recommender.recommend_for(Profile.of(11), 1).ids.tolist()
        assert first[0] not in recommender.recommend_for(Profile.of(11), 20, exclude=first).ids

    def test_dismissed_items_stay_away(self, recommender):
        profile = Profile(np.array([13, 11]), np.array([-4, 1], np.float32))
        assert 13 not in recommender.recommend_for(profile, 20).ids

    def test_the_same_question_gets_the_same_answer(self, recommender):
        again = self.fitted(two_tastes())
        profile = Profile.of(11, 12)
        assert lines(recommender.recommend_for(profile, 9)) == lines(again.recommend_for(profile, 9))

    def test_a_newcomer_and_a_stranger_to_all_items_get_an_answer(self, recommender):
        for profile in (NEWCOMER, Profile.of(STRANGE)):
            assert isinstance(recommender.recommend_for(profile, 5), Ranking)

    def test_unknown_items_change_nothing(self, recommender):
        known = recommender.recommend_for(Profile.of(11), 9)
        mixed = recommender.recommend_for(Profile.of(STRANGE, 11), 9)
        assert known.ids.tolist() == mixed.ids.tolist()

    def test_every_reason_has_words_and_names_a_liked_item(self, recommender):
        ranking = recommender.recommend_for(Profile(np.array([21, 11]), np.array([-4, 1], np.float32)), 20)
        assert {line.because for line in ranking} <= {NO_ITEM, 11}
        assert all(sentence(line.reason) for line in ranking)

    def test_one_shopper_with_one_item_is_enough_to_start(self):
        alone = self.fitted(Interactions.from_pairs([1], [11]))
        assert 11 not in alone.recommend_for(Profile.of(11), 5).ids

    def test_an_empty_log_is_no_error(self):
        empty = self.fitted(Interactions.from_pairs([], []))
        assert len(empty.recommend_for(Profile.of(11), 5)) == 0

    def test_neither_the_order_of_shoppers_nor_their_numbers_matter(self):
        random = np.random.default_rng(0)
        for _ in range(20):
            cells = random.choice(60, size=random.integers(1, 40), replace=False)
            users, items = cells // 10 + 1, np.array([*DRESSES, *BOOTS])[cells % 10]
            times = random.permutation(len(cells)).astype(np.float64)
            other_way = random.permutation(len(cells))
            one = self.fitted(Interactions.from_pairs(users, items, None, times))
            other = self.fitted(
                Interactions.from_pairs(100 - users[other_way], items[other_way], None, times[other_way])
            )
            profile = Profile.of(11, 21)
            ours, theirs = one.recommend_for(profile, 9), other.recommend_for(profile, 9)
            np.testing.assert_allclose(ours.scores, theirs.scores, rtol=1e-6, atol=1e-12)
