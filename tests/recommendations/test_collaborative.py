import csv
import gzip

import numpy as np
import pytest
from surprise import Dataset, KNNBaseline, KNNBasic, KNNWithMeans, Reader, Trainset, accuracy
from surprise.model_selection import GridSearchCV, cross_validate

from recommendations.collaborative import UserNeighbours
from recommendations.profiles import NEWCOMER, Interactions, Profile
from recommendations.ranking import TASTE
from tests.recommendations.contract import BOOTS, DRESSES, RecommenderContract, two_tastes


def ratings(users: int = 30, items: int = 20, seed: int = 0) -> list[tuple[int, int, float, None]]:
    """Whole-number ratings 1..5 in an order that is neither by user nor by item."""
    random = np.random.default_rng(seed)
    cells = random.permutation(users * items)[: users * items // 2]
    return [(int(c) // items + 1, int(c) % items + 1, float(random.integers(1, 6)), None) for c in cells]


def trainset() -> Trainset:
    return Dataset(Reader(rating_scale=(1, 5))).construct_trainset(ratings())


def dataset() -> Dataset:
    """A Surprise data set that can be cut into folds, without a file."""
    folds = Dataset(Reader(rating_scale=(1, 5)))
    folds.raw_ratings = ratings()
    return folds


class TestUserNeighbours(RecommenderContract):
    def fitted(self, interactions):
        return UserNeighbours(neighbours=8).fit(interactions)


class TestUserNeighboursByJaccard(RecommenderContract):
    def fitted(self, interactions):
        return UserNeighbours(measure="jaccard", shrinkage=2, decay=0.5).fit(interactions)


# Surprise as the oracle


@pytest.mark.parametrize("min_support", [1, 4])
@pytest.mark.parametrize(("k", "min_k"), [(40, 1), (3, 1), (3, 3), (40, 12)])
@pytest.mark.parametrize(
    ("theirs", "around"),
    [(KNNBasic, {}), (KNNWithMeans, {"centred": True}), (KNNBaseline, {"baselines": True})],
)
@pytest.mark.parametrize(
    ("name", "measure"), [("cosine", "common_cosine"), ("msd", "msd"), ("pearson", "pearson")]
)
def test_estimates_are_surprises(name, measure, theirs, around, k, min_k, min_support):
    options = {"name": name, "min_support": min_support}
    expected = theirs(k=k, min_k=min_k, sim_options=options, verbose=False).fit(trainset())
    ours = UserNeighbours(
        neighbours=None, measure=measure, min_support=min_support, k=k, min_k=min_k, **around
    ).fit(trainset())
    for user in range(32):  # the last two users and items are unknown to both
        for item in range(22):
            theirs_is, ours_is = expected.predict(user, item), ours.predict(user, item)
            assert ours_is.est == pytest.approx(theirs_is.est, abs=1e-9)
            assert ours_is.details == theirs_is.details


def test_neighbours_are_surprises_up_to_ties():
    expected = KNNBasic(sim_options={"name": "pearson"}, verbose=False).fit(trainset())
    ours = UserNeighbours(neighbours=5, measure="pearson").fit(trainset())
    for user in range(30):
        theirs = sorted(expected.sim[user, other] for other in expected.get_neighbors(user, 5))
        assert sorted(expected.sim[user, other] for other in ours.get_neighbors(user, 5)) == theirs


def test_neighbours_of_three_thousand_shoppers_are_surprises_up_to_ties():
    random = np.random.default_rng(1)
    cells = random.choice(3_000 * 400, 45_000, replace=False)
    votes = [(int(c) // 400, int(c) % 400, float(random.integers(1, 6)), None) for c in cells]
    many = Dataset(Reader(rating_scale=(1, 5))).construct_trainset(votes)
    expected = KNNBasic(sim_options={"name": "cosine"}, verbose=False).fit(many)
    ours = UserNeighbours(neighbours=20, measure="common_cosine").fit(many)
    for user in random.choice(many.n_users, 100, replace=False).tolist():
        theirs = sorted(expected.sim[user, other] for other in expected.get_neighbors(user, 20))
        assert sorted(expected.sim[user, other] for other in ours.get_neighbors(user, 20)) == theirs


@pytest.mark.shared_data
def test_real_ratings_are_estimated_as_well_as_by_surprise(shared_data):
    """A fifth of the films' ratings: as Surprise estimates them, and better by what little they have in common."""
    with gzip.open(shared_data / "interactions" / "movielens-100k" / "events.csv.gz", "rt") as lines:
        rows = [(row["user"], row["item"], float(row["value"])) for row in csv.DictReader(lines)]
    drawn = np.random.default_rng(0).permutation(len(rows))
    fifth = len(rows) // 5
    held_out = [rows[row] for row in drawn[:fifth]]
    learned = [(*rows[row], None) for row in drawn[fifth:]]
    films = Dataset(Reader(rating_scale=(1, 5))).construct_trainset(learned)
    options = {"name": "msd"}

    def error(model) -> float:
        return accuracy.rmse(model.fit(films).test(held_out), verbose=False)

    surprises = error(KNNWithMeans(sim_options=options, verbose=False))
    assert error(UserNeighbours(neighbours=None, measure="msd", centred=True)) == pytest.approx(surprises)
    sparse = error(UserNeighbours(neighbours=None, measure="jaccard_msd", baselines=True))
    assert sparse < surprises - 0.01
    assert sparse < error(KNNBaseline(sim_options=options, verbose=False)) + 0.005


def test_keeping_few_neighbours_changes_estimates_little():
    everybody = UserNeighbours(neighbours=None, measure="msd", centred=True).fit(trainset())
    few = UserNeighbours(neighbours=20, measure="msd", centred=True).fit(trainset())
    gaps = [abs(everybody.predict(u, i).est - few.predict(u, i).est) for u in range(30) for i in range(20)]
    assert np.mean(gaps) < 0.2


def test_surprises_cross_validation_takes_it_as_one_of_its_own():
    scores = cross_validate(UserNeighbours(centred=True), dataset(), measures=["rmse"], cv=3)
    assert scores["test_rmse"].shape == (3,)
    assert (scores["test_rmse"] < 2.5).all()


def test_surprises_grid_search_chooses_among_its_keywords():
    grid = {"measure": ["cosine", "pearson"], "k": [5, 20], "centred": [True]}
    search = GridSearchCV(UserNeighbours, grid, measures=["rmse"], cv=2)
    search.fit(dataset())
    assert search.best_params["rmse"]["measure"] in grid["measure"]
    assert len(search.cv_results["params"]) == 4


# Lists


def test_a_dress_leads_to_the_dress_the_others_have_and_never_to_boots():
    ranking = UserNeighbours().fit(two_tastes()).recommend_for(Profile.of(11, 12, 13))
    assert set(ranking.ids.tolist()) == {14, 15}
    assert set(ranking.reasons) == {TASTE}


def test_the_score_is_the_sum_of_the_similarities_of_the_neighbours_who_have_the_item():
    log = Interactions.from_pairs([1, 1, 2, 2, 3, 3, 3], [11, 12, 11, 12, 11, 13, 12])
    ranking = UserNeighbours(min_shoppers=1).fit(log).recommend_for(Profile.of(11))
    root = 2**-0.5
    assert ranking.ids.tolist() == [12, 13]
    assert ranking.scores == pytest.approx([2 * root + 3**-0.5, 3**-0.5])
    assert ranking.support.tolist() == [3, 1]


def test_a_visitor_with_the_clicks_of_a_shopper_gets_the_shoppers_list():
    log = two_tastes()
    model = UserNeighbours().fit(log)
    shopper = log.profile_of(1)
    visitor = Profile.of(*shopper.item_ids.tolist())
    assert model.recommend_for(visitor).ids.tolist() == model.recommend_for(shopper).ids.tolist()


def test_nothing_is_shown_that_fewer_than_three_shoppers_have():
    rare = 31
    log = two_tastes()
    users = [*np.repeat(log.user_ids, np.diff(log.strengths.indptr)), 1, 2]
    items = [*log.item_ids[log.strengths.indices], rare, rare]
    assert (
        rare
        not in UserNeighbours().fit(Interactions.from_pairs(users, items)).recommend_for(Profile.of(11)).ids
    )
    users, items = [*users, 3], [*items, rare]
    assert (
        rare in UserNeighbours().fit(Interactions.from_pairs(users, items)).recommend_for(Profile.of(11)).ids
    )


def test_two_shoppers_are_too_few_to_make_a_list_from():
    log = Interactions.from_pairs([1, 1, 2, 2], [11, 12, 11, 12])
    assert len(UserNeighbours().fit(log).recommend_for(Profile.of(11))) == 0


def test_the_newest_item_counts_most_when_the_profile_fades():
    turned_to_boots = Profile.of(11, 12, 21, 22)
    assert UserNeighbours(decay=0.3).fit(two_tastes()).recommend_for(turned_to_boots).ids[0] in BOOTS
    turned_to_dresses = Profile.of(21, 22, 11, 12)
    assert UserNeighbours(decay=0.3).fit(two_tastes()).recommend_for(turned_to_dresses).ids[0] in DRESSES


def test_neighbours_of_a_shopper_share_the_taste_and_leave_the_shopper_out():
    neighbours = UserNeighbours(neighbours=4).fit(two_tastes()).neighbours_of(1)
    assert [user for user, _ in neighbours] == [2, 3, 4, 5]
    assert [similarity for _, similarity in neighbours] == pytest.approx([0.75] * 4)


def test_neighbours_of_an_unknown_shopper_are_an_error():
    with pytest.raises(KeyError):
        UserNeighbours().fit(two_tastes()).neighbours_of(77)


def test_a_surprise_trainset_makes_lists_too():
    ranking = UserNeighbours().fit(trainset()).recommend_for(Profile.of(1, 2), 5)
    assert len(ranking) == 5
    assert not {1, 2} & set(ranking.ids.tolist())


def test_lists_from_a_trainset_with_names_for_items_are_refused():
    named = Dataset(Reader()).construct_trainset([("ann", "red dress", 4, None), ("bob", "boots", 5, None)])
    model = UserNeighbours().fit(named)
    assert model.predict("ann", "boots").details["was_impossible"]
    with pytest.raises(ValueError, match="whole numbers"):
        model.recommend_for(NEWCOMER)


@pytest.mark.parametrize("measure", ["cosine", "jaccard"])
def test_thirty_thousand_shoppers_need_no_square(measure, monkeypatch):
    """A square of 30,000 shoppers is 7.2 GB in double precision; kept here are 30,000 × 20."""
    random = np.random.default_rng(0)
    n = 30_000
    users = np.repeat(np.arange(n), 4)
    raw = [(int(u), int(i), 1.0, None) for u, i in zip(users, random.integers(0, 3_000, 4 * n), strict=True)]
    known = Dataset(Reader(rating_scale=(0, 1))).construct_trainset(list(dict.fromkeys(raw)))
    model = UserNeighbours(neighbours=20, measure=measure).fit(known)
    kept = model.neighbours_
    assert kept.shape == (n, n)
    assert kept.nnz <= 20 * n
    assert 0 <= model.predict(7, 8).est <= 1
