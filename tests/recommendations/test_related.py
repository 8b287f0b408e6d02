"""Related products: near, of the own cluster first, and varied."""

from dataclasses import replace

import numpy as np
import pytest

from recommendations.channels import Facts, Weights, codes_of, price_codes
from recommendations.clusters import NO_PRODUCT, CategoryClusters, build_category
from recommendations.related import (
    OTHER_SHELF,
    SAME_BRAND,
    SAME_MODEL,
    SAME_THEME,
    related_elsewhere,
    related_within,
)
from tests.recommendations.test_clusters import family

BLANK = np.zeros((0, 128), np.uint8)


def category(
    looks: np.ndarray, first_id: int = 100, weights: Weights | None = None, **facts: list
) -> CategoryClusters:
    """Products that differ by ``looks`` (m, e) and by what is said of them."""
    m = len(looks)
    return build_category(
        range(first_id, first_id + m),
        [BLANK] * m,
        embeddings=np.asarray(looks, np.float32),
        facts=replace(Facts.unknown(m), **facts),
        weights=weights or Weights.of({"embedding": 1.0}),
    )


def line(m: int) -> np.ndarray:
    """Looks in a row, each a step from the next."""
    return np.stack([np.linspace(0, 1, m), np.ones(m)], axis=1)


def test_the_second_of_a_model_comes_after_the_first_of_the_others() -> None:
    shirts = category(line(8), models=["a", "b", "b", "b", "c", "d", "", ""])
    first = related_within(shirts, 7).product_ids[0].tolist()
    assert first == [101, 104, 105, 106, 107, 102, 103]


def test_two_products_of_no_known_model_are_not_one_model() -> None:
    assert related_within(category(line(6)), 5).product_ids[0].tolist() == [101, 102, 103, 104, 105]


def test_what_is_sold_out_comes_last() -> None:
    shirts = category(line(5), available=[True, False, True, True, True])
    assert related_within(shirts, 4).product_ids[0].tolist() == [102, 103, 104, 101]


def test_one_of_another_tone_or_price_overtakes_an_equal_of_the_same() -> None:
    looks = np.array([[0, 1], [0.5, 1], [0.5, 1], [0.5, 1]])
    shirts = category(looks, tones=["Blue", "Red", "Red", "Green"], prices=[10.0, 10.0, 10.0, 10.0])
    assert related_within(shirts, 3).product_ids[0].tolist() == [101, 103, 102]
    shirts = category(looks, tones=["Blue", "Red", "Red", "Red"], prices=[10.0, 10.0, 10.0, 90.0])
    assert related_within(shirts, 3).product_ids[0].tolist() == [101, 103, 102]


def test_scores_fall_also_where_variety_has_changed_the_order() -> None:
    rng = np.random.default_rng(0)
    shirts = category(rng.normal(size=(40, 3)), models=[str(i % 5) for i in range(40)])
    scores = related_within(shirts, 12).scores
    assert (np.diff(scores, axis=1) <= 0).all()


def test_no_product_is_named_twice_where_there_are_few() -> None:
    shirts = category(line(4), models=["a", "a", "a", "a"])
    for row in related_within(shirts, 6).product_ids.tolist():
        assert sorted(row[:3]) == sorted(set(row[:3]) - {NO_PRODUCT})
        assert row[3:] == [NO_PRODUCT] * 3


def test_the_reason_is_the_most_telling_one() -> None:
    every = Weights.of({"embedding": 1, "brand": 1, "theme": 1})
    shirts = category(
        line(5),
        weights=every,
        models=["a", "a", "b", "c", "d"],
        brands=[{"Fjord": 1.0}, {}, {"Fjord": 1.0}, {"Linden": 1.0}, {"Marl": 1.0}],
        themes=[{"Rovers": 1.0}, {}, {}, {"Rovers": 1.0}, {"stripes": 1.0}],
    )
    found = related_within(shirts, 4)
    reasons = dict(zip(found.product_ids[0].tolist(), found.reasons[0].tolist(), strict=True))
    assert (reasons[101], reasons[102], reasons[103]) == (SAME_MODEL, SAME_BRAND, SAME_THEME)
    assert reasons[104] not in {SAME_MODEL, SAME_BRAND, SAME_THEME}


def test_a_brand_that_everybody_has_is_no_reason() -> None:
    shirts = category(line(4), weights=Weights.of({"embedding": 1, "brand": 1}), brands=[{"Fjord": 1.0}] * 4)
    assert SAME_BRAND not in related_within(shirts, 3).reasons


def test_a_close_look_at_a_few_candidates_finds_what_comparing_all_finds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shirts = category(np.random.default_rng(2).normal(size=(400, 5)))
    few = related_within(shirts, 6)
    monkeypatch.setattr("recommendations.related.POOL", 400)
    everyone = related_within(shirts, 6)
    assert np.array_equal(few.product_ids, everyone.product_ids)
    assert np.array_equal(few.scores, everyone.scores)


def test_a_small_category_is_filled_from_others_by_what_they_share() -> None:
    hats = category(np.array([[0.0, 1.0]]), first_id=1)
    others = [category(line(4), first_id=10), category(1 - line(4), first_id=20)]
    found = related_elsewhere(hats, others, 3)
    assert found.product_ids[0, 0] == 10
    assert set(found.reasons[0]) == {OTHER_SHELF}
    assert (found.scores < 1).all()
    assert related_elsewhere(hats, [], 3).product_ids.tolist() == [[NO_PRODUCT] * 3]


def test_a_word_is_at_no_distance_from_itself_and_halfway_from_the_unknown() -> None:
    shirt, same, jeans, unknown = codes_of("type", [{"Shirts": 1.0}, {"shirts": 1.0}, {"Jeans": 1.0}, {}])
    assert np.array_equal(shirt, same)
    assert ((shirt - jeans) ** 2).sum() > ((shirt - unknown) ** 2).sum() == pytest.approx(1)


def test_prices_are_compared_by_their_ratio() -> None:
    ten, twenty, forty, unknown = price_codes([10, 20, 40, 0])
    assert ((ten - twenty) ** 2).sum() == pytest.approx(((twenty - forty) ** 2).sum(), rel=1e-4)
    assert not unknown.any()


def test_the_pictures_words_come_from_the_category_whatever_is_said_beside_them() -> None:
    shirts = build_category(
        range(6), family(1, 6), facts=replace(Facts.unknown(6), types=[{"Shirts": 1.0}] * 6)
    )
    place = shirts.describe_picture(family(1, 6)[2], facts=replace(Facts.unknown(1), types=[{"Shirts": 1.0}]))
    assert np.array_equal(place, shirts.features[2])
