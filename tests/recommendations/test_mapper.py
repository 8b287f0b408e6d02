import numpy as np
import pytest

from recommendations.clusters import NO_PRODUCT, build_category
from recommendations.mapper import attach
from recommendations.related import related_within
from tests.recommendations.test_clusters import THREE, family

PICTURES = [*family(1, 10), *family(2, 10), *family(3, 10)]


def test_a_picture_of_the_network_changes_nothing_and_gets_the_networks_own_answer() -> None:
    related = related_within(THREE, 24)
    for row, (product, picture) in enumerate(zip(THREE.product_ids.tolist(), PICTURES, strict=True)):
        found = attach(THREE, picture, product_id=product)
        assert not found.changed
        assert found.cluster == THREE.labels[row]
        assert np.array_equal(found.related_ids, related.product_ids[row])
        assert np.array_equal(found.related_scores, related.scores[row])
        assert np.array_equal(found.related_reasons, related.reasons[row])


def test_a_new_product_joins_the_cluster_of_its_fabric() -> None:
    newcomer = family(2, 1, seed=99)[0]
    found = attach(THREE, newcomer, product_id=999, n=5)
    assert found.changed
    assert found.cluster == THREE.labels[10]
    assert set(found.related_ids // 100) == {2}
    assert 0 < found.score <= 1
    assert found.related_scores[0] > 0.9


def test_the_same_picture_under_another_product_finds_its_twin_first() -> None:
    found = attach(THREE, PICTURES[4], product_id=999)
    assert found.changed
    assert found.related_ids[0] == 104
    assert found.related_scores[0] == 1


def test_a_new_picture_of_a_known_product_changes_its_place_but_not_into_its_own_neighbour() -> None:
    found = attach(THREE, PICTURES[25], product_id=104, n=29)
    assert found.changed
    assert found.cluster == THREE.labels[25]
    assert 104 not in found.related_ids
    assert found.related_ids[0] == 305


def test_an_unknown_photo_may_find_every_product() -> None:
    found = attach(THREE, PICTURES[0], n=40)
    assert set(found.related_ids[:30]) == set(THREE.product_ids)
    assert (found.related_ids[30:] == NO_PRODUCT).all()


def test_a_blank_photo_is_attached_too() -> None:
    found = attach(THREE, np.zeros((0, 128), np.uint8), n=3)
    assert (found.related_ids != NO_PRODUCT).all()


def test_a_picture_far_from_everything_scores_low() -> None:
    strange = np.random.default_rng(5).integers(0, 256, (40, 128), dtype=np.uint8)
    ordinary = family(1, 1, seed=7)[0]
    assert attach(THREE, strange).score < attach(THREE, ordinary).score


def test_a_network_with_colours_asks_for_the_colour() -> None:
    colours = np.repeat(np.eye(2, dtype=np.float32), 5, axis=0)
    clusters = build_category(range(10), family(1, 10), colours=colours)
    assert attach(clusters, family(1, 1)[0], colour=colours[9], n=4).related_ids[0] >= 5
    with pytest.raises(ValueError, match="give the picture's colour"):
        attach(clusters, family(1, 1)[0])
