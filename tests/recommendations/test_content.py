import numpy as np
import pytest

from recommendations.collaborative import UserNeighbours
from recommendations.content import ContentModel, Expansion
from recommendations.profiles import NEWCOMER, Interactions, Profile
from recommendations.ranking import ATTRIBUTES, LOOKS, TASTE
from tests.recommendations.contract import RecommenderContract, two_tastes

RED_DRESS, BLUE_DRESS, RED_BOOTS, RED_DRESS_PHOTO_ONLY, GREY_HAT = 11, 12, 21, 13, 31
IDS = [RED_DRESS, BLUE_DRESS, RED_BOOTS, RED_DRESS_PHOTO_ONLY, GREY_HAT]
ATTRIBUTE_SETS = [
    {"type:dress", "colour:red", "brand:fjord"},
    {"type:dress", "colour:blue", "brand:fjord"},
    {"type:boots", "colour:red", "brand:moss"},
    set(),
    {"type:hat", "colour:grey", "brand:pine"},
]
EMBEDDINGS = np.array([[1, 0, 0], [0.6, 0.8, 0], [0, 0, 1], [0.99, 0.141, 0], [0, 0, 0]], np.float32)


def shop(**weights: float) -> ContentModel:
    return ContentModel(**weights).fit(IDS, ATTRIBUTE_SETS, EMBEDDINGS)


class TestContentModel(RecommenderContract):
    def fitted(self, interactions: Interactions):
        """Dresses (11…15) share attributes, and so do boots (21…25); looks follow the last digit."""
        ids = interactions.item_ids
        angles = ids % 10 / 10
        return ContentModel().fit(
            ids,
            [{f"type:{item // 10}", f"number:{item}"} for item in ids.tolist()],
            np.stack([np.cos(angles), np.sin(angles)], axis=1) if len(ids) else np.empty((0, 2)),
        )


def content_of(interactions: Interactions) -> ContentModel:
    """The shop of both tastes and of three dresses and boots that nobody has met, known by their kind."""
    ids = sorted({*interactions.item_ids.tolist(), 16, 17, 18, 26, 27, 28})
    return ContentModel().fit(ids, [{f"type:{item // 10}"} for item in ids])


class TestExpansion(RecommenderContract):
    def fitted(self, interactions: Interactions):
        return Expansion(seeds=UserNeighbours(), content=content_of(interactions)).fit(interactions)


def test_by_attributes_the_same_cut_in_blue_comes_before_red_boots():
    ranking = shop(attributes=1, profile=0, looks=0).similar_items(RED_DRESS)
    assert list(ranking) == [
        (BLUE_DRESS, pytest.approx(2 / 4), ATTRIBUTES, RED_DRESS),
        (RED_BOOTS, pytest.approx(1 / 5), ATTRIBUTES, RED_DRESS),
    ]


def test_by_looks_a_product_without_any_attribute_is_found():
    ranking = shop(attributes=0, profile=0, looks=1, sharpness=1).similar_items(RED_DRESS)
    assert list(ranking) == [
        (RED_DRESS_PHOTO_ONLY, pytest.approx(0.99, abs=1e-3), LOOKS, RED_DRESS),
        (BLUE_DRESS, pytest.approx(0.6), LOOKS, RED_DRESS),
    ]


def test_by_profile_a_shopper_of_red_things_is_shown_red_before_blue():
    sets = [{"red", "dress"}, {"red", "boots"}, {"blue", "hat"}, {"red", "hat"}, {"blue", "coat"}]
    model = ContentModel(attributes=0, profile=1, looks=0, decay=1).fit([1, 2, 3, 4, 5], sets)
    ranking = model.recommend_for(Profile.of(1, 2))
    # Taste: red 2, dress 1, boots 1 of six attributes; a red hat: red 1, hat 1; correlation √0.1.
    assert list(ranking) == [(4, pytest.approx(0.1**0.5), ATTRIBUTES, 2)]


def test_the_three_weighed_together_stay_within_one():
    ranking = shop().recommend_for(Profile.of(RED_DRESS))
    assert ((ranking.scores > 0) & (ranking.scores <= 1)).all()
    twins = ContentModel().fit([1, 2], [{"a", "b"}, {"a", "b"}], np.ones((2, 3)))
    assert twins.similar_items(1).scores.tolist()[0] <= 1


def test_each_line_names_the_item_it_is_like():
    ranking = shop(profile=0).recommend_for(Profile.of(RED_BOOTS, RED_DRESS), exclude=[RED_DRESS_PHOTO_ONLY])
    assert {line.item: line.because for line in ranking} == {BLUE_DRESS: RED_DRESS}


def test_a_hat_without_anything_in_common_is_not_recommended():
    assert GREY_HAT not in shop().recommend_for(Profile.of(RED_DRESS, RED_BOOTS)).ids


def test_dismissing_a_dress_keeps_its_likes_away():
    profile = Profile(np.array([RED_BOOTS, RED_DRESS]), np.array([1, -4], np.float32))
    assert len(shop().recommend_for(profile)) == 0


def test_the_last_thing_looked_at_counts_most():
    model = ContentModel(decay=0.2).fit(
        [1, 2, 3, 4], [{"dress", "a"}, {"dress", "b"}, {"boots", "a"}, {"boots", "c"}]
    )
    assert model.recommend_for(Profile.of(1, 3)).ids.tolist()[0] == 4
    assert model.recommend_for(Profile.of(3, 1)).ids.tolist()[0] == 2


def test_a_new_product_that_nobody_has_met_is_recommended_from_its_first_second():
    new = 16
    log = two_tastes()
    sets = [{f"type:{item // 10}"} for item in [*log.item_ids.tolist(), new]]
    model = ContentModel().fit([*log.item_ids.tolist(), new], sets)
    assert new in model.recommend_for(Profile.of(11)).ids


def test_what_shoppers_of_the_same_taste_have_is_the_seed_of_what_is_like_it():
    log = two_tastes()
    model = Expansion(seeds=UserNeighbours(), content=content_of(log)).fit(log)
    page = model.recommend_for(Profile.of(11, 12))
    assert page.ids.tolist() == [16, 17, 18]
    assert set(page.reasons) == {TASTE}


def test_without_seeds_there_is_nothing_to_expand():
    seeds = UserNeighbours().fit(two_tastes()).recommend_for(NEWCOMER)
    assert len(shop().expand(seeds)) == 0


def test_likeness_is_one_to_itself_and_zero_to_the_unknown():
    likeness = shop().alike([RED_DRESS, BLUE_DRESS, 999])
    assert likeness[0, 0] == pytest.approx(1)
    assert 0 < likeness[0, 1] < 1
    assert likeness[2].tolist() == [0, 0, 0]
    np.testing.assert_allclose(likeness, likeness.T, atol=1e-9)


def test_likeness_of_words_is_what_two_products_share_of_what_either_has():
    words = [{"red", "dress"}, {"red", "shoe", "new"}, set(), {"red", "dress"}]
    likeness = ContentModel(looks=0).fit([1, 2, 3, 4], words).alike([4, 1, 2, 3])
    np.testing.assert_allclose(likeness[0], [1, 1, 1 / 4, 0])
    assert likeness[3].tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("sharpness", [0.5, 1.0, 2.5, 3.0])
def test_likeness_of_looks_is_the_cosine_to_the_power_of_the_sharpness(sharpness):
    looks = np.array([[1.0, 0.0], [3.0, 4.0]])
    model = ContentModel(attributes=0, sharpness=sharpness).fit([1, 2], [set(), set()], looks)
    assert model.alike([1, 2])[0, 1] == pytest.approx(0.6**sharpness)


def test_uneven_input_says_how_many_of_each_there_are():
    with pytest.raises(ValueError, match="2 items, 1 attribute sets, 3 embeddings"):
        ContentModel().fit([1, 2], [set()], np.zeros((3, 2)))


def test_an_item_that_comes_twice_is_refused():
    with pytest.raises(ValueError, match="comes twice"):
        ContentModel().fit([1, 1], [set(), set()])
