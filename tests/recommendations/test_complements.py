"""What goes with what, in a shop of a few dozen things."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.distance import mahalanobis
from sklearn.covariance import LedoitWolf

from recommendations.associations import BoughtTogether
from recommendations.body_slots import slot_of
from recommendations.clusters import NO_PRODUCT, CategoryClusters, Neighbours, build_category
from recommendations.complements import ComplementFinder, whitening
from recommendations.judging_pairs import BLENDED, DISTANCE_ALONE, GOES_BY_BRAND, ComplementWeights
from recommendations.outfits.spreading import fair_prices, varied_order
from recommendations.profiles import Interactions
from recommendations.traits import Traits
from tests.recommendations.test_clusters import family
from vision.colour import lab_of
from vision.visual_words import VisualVocabulary

SHELVES = {"Tshirts": 100, "Jeans": 200, "Casual Shoes": 300, "Heels": 400, "Handbags": 500, "Belts": 600}
SHARED = VisualVocabulary(n_words=8).fit([*family(1, 6), *family(2, 6), *family(3, 6)])


def shelf(first_id: int, count: int = 6) -> CategoryClusters:
    cloth = [family(1 + i % 3, 1, seed=first_id + i)[0] for i in range(count)]
    return build_category(range(first_id, first_id + count), cloth, shared_vocabulary=SHARED)


def traits(
    kind: str,
    count: int = 6,
    gender: str = "Unisex",
    occasion: str = "",
    brand: str = "",
    colour: str = "#808080",
) -> Traits:
    return Traits(
        kinds=[kind] * count,
        slots=[slot_of(kind)] * count,
        genders=[gender] * count,
        occasions=[occasion] * count,
        brands=[brand] * count,
        colours=lab_of([colour] * count),
    )


def of_everything(
    shop: dict[str, CategoryClusters],
    about: dict[str, Traits],
    n: int,
    weights: ComplementWeights = BLENDED,
) -> dict[str, Neighbours]:
    """The n best complements of every product of every shelf."""
    finder = ComplementFinder(weights=weights).fit(shop, about)
    return {kind: finder.complements(shop[kind].shared_histograms, about[kind], n) for kind in shop}


SHOP = {kind: shelf(first_id) for kind, first_id in SHELVES.items()}


def test_a_complement_is_worn_elsewhere_and_never_the_same_thing() -> None:
    found = of_everything(SHOP, {kind: traits(kind) for kind in SHELVES}, 12)
    kind_of = {first // 100: kind for kind, first in SHELVES.items()}
    for kind, lists in found.items():
        assert lists.product_ids.shape == (6, 12)
        for row in lists.product_ids:
            offered = row[row != NO_PRODUCT]
            assert len(set(offered)) == len(offered) > 0
            assert slot_of(kind) not in {slot_of(kind_of[product // 100]) for product in offered}


def test_the_first_six_come_from_at_least_three_slots() -> None:
    found = of_everything(SHOP, {kind: traits(kind) for kind in SHELVES}, 6)["Tshirts"]
    kind_of = {first // 100: kind for kind, first in SHELVES.items()}
    for row in found.product_ids:
        slots = [slot_of(kind_of[product // 100]) for product in row]
        assert len(set(slots[:4])) == 4  # bottom, feet, bag, waist: each once before any twice
        assert slots[0] == "bottom"


def test_a_second_pair_of_shoes_is_of_another_kind() -> None:
    shop = {kind: SHOP[kind] for kind in ("Tshirts", "Casual Shoes", "Heels")}
    found = of_everything(shop, {kind: traits(kind) for kind in shop}, 4)["Tshirts"]
    for row in found.product_ids // 100:
        assert {row[0], row[1]} == {3, 4}
        assert {row[2], row[3]} == {3, 4}


@pytest.mark.parametrize(
    ("gender", "offered"),
    [("Men", {2, 3}), ("Women", {3, 4}), ("Unisex", {2, 3, 4}), ("Girls", {6}), ("", {2, 3, 4, 6})],
)
def test_genders_fit(gender: str, offered: set[int]) -> None:
    shop = {kind: SHOP[kind] for kind in ("Tshirts", "Jeans", "Casual Shoes", "Heels", "Belts")}
    about = {
        "Tshirts": traits("Tshirts", gender=gender),
        "Jeans": traits("Jeans", gender="Men"),
        "Casual Shoes": traits("Casual Shoes", gender="Unisex"),
        "Heels": traits("Heels", gender="Women"),
        "Belts": traits("Belts", gender="girls"),
    }
    row = of_everything(shop, about, 24)["Tshirts"].product_ids[0]
    assert set(row[row != NO_PRODUCT] // 100) == offered


def test_colour_occasion_and_brand_choose_among_the_fitting() -> None:
    shop = {kind: SHOP[kind] for kind in ("Tshirts", "Jeans")}
    jeans = Traits(
        kinds=["Jeans"] * 6,
        slots=["bottom"] * 6,
        genders=[""] * 6,
        occasions=["Formal", "Casual", "Formal", "Formal", "Formal", "Formal"],
        brands=["Birch", "Alder", "Birch", "Birch", "Birch", "Birch"],
        colours=lab_of(["#8020d0", "#101010", "#8020d0", "#8020d0", "#8020d0", "#8020d0"]),
    )
    shirts = traits("Tshirts", occasion="casual", brand="Alder", colour="#d02020")
    found = of_everything(shop, {"Tshirts": shirts, "Jeans": jeans}, 3)["Tshirts"]
    assert set(found.product_ids[:, 0]) == {201}
    assert set(found.reasons[:, 0]) == {GOES_BY_BRAND}
    assert GOES_BY_BRAND not in set(found.reasons[:, 1:].ravel())


def test_distance_alone_is_scipys_mahalanobis() -> None:
    shop = {kind: SHOP[kind] for kind in ("Tshirts", "Jeans")}
    about = {kind: traits(kind) for kind in shop}
    found = of_everything(shop, about, 6, weights=DISTANCE_ALONE)["Tshirts"]
    left, right = (shop[kind].shared_histograms.astype(float) for kind in shop)
    centred = np.concatenate([rows - rows.mean(axis=0) for rows in (left, right)])
    inverse = np.linalg.inv(LedoitWolf(assume_centered=True).fit(centred).covariance_)
    for shirt, row, scores in zip(left, found.product_ids - 200, found.scores, strict=True):
        distances = np.array([mahalanobis(shirt, jeans, inverse) for jeans in right])
        alike = np.exp(-(distances**2) / (2 * left.shape[1]))
        assert scores == pytest.approx(np.sort(alike)[::-1], abs=2e-6)
        assert scores == pytest.approx(alike[row], abs=2e-6)


def test_whitened_distances_are_mahalanobis_and_ignore_what_never_varies() -> None:
    rng = np.random.default_rng(0)
    rows = np.column_stack([rng.normal(size=(50, 2)) @ [[2, 1], [0, 0.3]], np.ones(50)]).astype(np.float32)
    matrix = whitening([rows[:25], rows[25:]])
    assert matrix.shape[0] == 3
    placed = rows @ matrix
    assert np.isfinite(placed).all()
    assert not (np.ones((4, 3), np.float32)[:1] @ whitening([np.ones((4, 3), np.float32)])).any()


def test_nothing_is_offered_where_nothing_fits() -> None:
    shop = {"Tshirts": SHOP["Tshirts"], "Gramophones": SHOP["Jeans"]}
    about = {"Tshirts": traits("Tshirts"), "Gramophones": traits("Gramophones")}
    for lists in of_everything(shop, about, 4).values():
        assert (lists.product_ids == NO_PRODUCT).all()
        assert not lists.scores.any()
        assert set(lists.reasons.ravel()) == {""}


def test_an_unknown_photo_finds_complements_too() -> None:
    finder = ComplementFinder().fit(SHOP, {kind: traits(kind) for kind in SHELVES})
    photo = SHARED.histogram(family(2, 1, seed=77)[0])[None]
    for histogram in (photo, np.zeros_like(photo)):  # a blank photo as well
        found = finder.complements(histogram, traits("Dresses", count=1, gender="Women"), 5)
        assert (found.product_ids != NO_PRODUCT).sum() == 5
        assert found.scores.min() > 0
        assert found.scores.max() <= 1


def test_blocks_do_not_change_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    about = {kind: traits(kind) for kind in SHELVES}
    whole = of_everything(SHOP, about, 7)
    monkeypatch.setattr("recommendations.complements.BLOCK_CELLS", 80)
    in_blocks = of_everything(SHOP, about, 7)
    assert all(np.array_equal(whole[kind].product_ids, in_blocks[kind].product_ids) for kind in SHELVES)


def test_turns_come_before_scores() -> None:
    jeans, skirts, bags = np.array([[0.9, 0.8]]), np.array([[0.3, 0.2]]), np.array([[0.1, -1.0]])
    order = varied_order([jeans, skirts, bags], ["bottom", "bottom", "bag"])
    # best bottom, best bag, best bottom of the other kind, then the second of each kind, the inadmissible last
    assert order.tolist() == [[0, 4, 2, 1, 3, 5]]


def vivid(hue: int, n: int = 1) -> np.ndarray:
    """Histograms (n, 64) of pieces of one strong hue, 0 to 11."""
    rows = np.full((n, 64), 0.02, np.float32)
    rows[:, 4 + 24 + 3 * hue : 4 + 24 + 3 * hue + 3] = 0.5
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_colours_are_judged_by_what_outfits_taught() -> None:
    """Outfits teach that shoes and bag share a hue; no rule about hues is written anywhere."""
    shop = {kind: SHOP[kind] for kind in ("Casual Shoes", "Handbags")}
    hues = np.concatenate([vivid(hue) for hue in (1, 3, 5, 7, 9, 11)])
    about = {kind: replace(traits(kind), histograms=hues) for kind in shop}
    colours_alone = ComplementWeights(words=0, kinds=0, occasion=0, brand=0, spread=0)
    finder = ComplementFinder(weights=colours_alone).fit(shop, about)
    found = finder.complements(shop["Handbags"].shared_histograms, about["Handbags"], 1)
    best = found.product_ids[:, 0] - 300
    assert (best == np.arange(6)).mean() >= 5 / 6


def test_one_team_comes_before_another() -> None:
    shop = {"Tshirts": SHOP["Tshirts"], "Caps": shelf(700)}
    caps = replace(traits("Caps"), themes=["", "Rovers", "", "United", "", ""])
    shirts = replace(traits("Tshirts"), themes=["rovers", "united", "", "", "", ""])
    found = of_everything(shop, {"Tshirts": shirts, "Caps": caps}, 1)["Tshirts"]
    assert found.product_ids[:2, 0].tolist() == [701, 703]
    assert set(found.reasons[:2, 0]) == {"complement_theme"}
    assert "complement_theme" not in set(found.reasons[2:, 0])


def test_what_is_bought_together_here_comes_first() -> None:
    orders = [(100, 202)] * 4 + [(101, 205)] * 4
    log = Interactions.from_pairs(
        [number for number, items in enumerate(orders) for _ in items],
        [item for items in orders for item in items],
    )
    shop = {kind: SHOP[kind] for kind in ("Tshirts", "Jeans")}
    about = {kind: traits(kind) for kind in shop}
    finder = ComplementFinder(bought_together=BoughtTogether(shrinkage=0).fit(log)).fit(shop, about)
    found = finder.complements(
        shop["Tshirts"].shared_histograms, about["Tshirts"], 1, shop["Tshirts"].product_ids
    )
    assert found.product_ids[:2, 0].tolist() == [202, 205]
    assert found.reasons[:3, 0].tolist()[:2] == ["complement_basket"] * 2
    assert found.reasons[2, 0] != "complement_basket"


def test_heels_are_not_what_goes_with_shorts() -> None:
    shop = {kind: SHOP[kind] for kind in ("Casual Shoes", "Heels")} | {"Shorts": shelf(800)}
    about = {kind: traits(kind) for kind in shop}
    found = of_everything(shop, about, 1)["Shorts"]
    assert set(found.product_ids[:, 0] // 100) == {3}


def test_prices_send_some_to_the_second_best_thing() -> None:
    scores = np.column_stack([np.full(30, 0.8), np.full(30, 0.78), np.linspace(0.1, 0.79, 30)])
    prices = fair_prices(scores)
    assert prices[0] > prices[1] > prices[2]
    assert np.median(prices) == 0
    assert len(set((scores - prices).argmax(axis=1))) >= 2
    nobody = fair_prices(np.array([[0.5, -1.0], [0.4, -1.0]]))
    assert nobody[1] == 0
    assert not fair_prices(np.full((2, 2), -1.0)).any()


def test_with_prices_no_piece_completes_as_much_as_without() -> None:
    rng = np.random.default_rng(3)
    sizes = {"Tshirts": 200, "Jeans": 100}
    shop = {}
    for first, (kind, count) in zip((1000, 2000), sizes.items(), strict=True):
        six = shelf(first)
        words = np.resize(six.shared_histograms, (count, six.shared_histograms.shape[1]))
        shop[kind] = replace(six, product_ids=np.arange(first, first + count), shared_histograms=words)
    counts = {kind: np.abs(rng.normal(size=(count, 64))) ** 3 + 0.01 for kind, count in sizes.items()}
    about = {
        kind: replace(
            traits(kind, sizes[kind]),
            histograms=(many / np.linalg.norm(many, axis=1, keepdims=True)).astype(np.float32),
        )
        for kind, many in counts.items()
    }
    most = []
    for spread in (0.0, 0.8):
        found = of_everything(shop, about, 6, weights=ComplementWeights(spread=spread))["Tshirts"]
        most.append(np.unique(found.product_ids, return_counts=True)[1].max())
    assert most[1] < most[0]


def test_what_cannot_work_is_refused_with_advice() -> None:
    with pytest.raises(ValueError, match="build at least one"):
        ComplementFinder().fit({}, {})
    with pytest.raises(ValueError, match="one row per product"):
        ComplementFinder().fit({"Jeans": SHOP["Jeans"]}, {"Jeans": traits("Jeans", count=2)})
    with pytest.raises(ValueError, match="shared vocabulary"):
        ComplementFinder().fit(
            {"Jeans": build_category([1], family(1, 1))}, {"Jeans": traits("Jeans", count=1)}
        )
