"""The biased cluster network on shapes so plain that the answer can be seen."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load, save
from scipy.spatial.distance import cdist

from recommendations.channels import WORDS_ALONE, Weights
from recommendations.clusters import NO_PRODUCT, CategoryClusters, build_category
from recommendations.related import SAME_CLUSTER, SIMILAR_LOOK, SIMILAR_WORDS, related_within
from vision.visual_words import VisualVocabulary


def family(prototype: int, count: int, seed: int = 0) -> list[np.ndarray]:
    """Pictures whose descriptors are mostly variations of one prototype: a fabric."""
    rng = np.random.default_rng((prototype, seed))
    base = np.random.default_rng(prototype).integers(0, 200, 128)
    pictures = []
    for _ in range(count):
        cloth = np.clip(base + rng.integers(-6, 7, (40, 128)), 0, 255)
        stray = rng.integers(0, 256, (4, 128))
        pictures.append(np.concatenate([cloth, stray]).astype(np.uint8))
    return pictures


def three_families() -> CategoryClusters:
    """Products 100-109 of one fabric, 200-209 of another, 300-309 of a third."""
    ids = [start + i for start in (100, 200, 300) for i in range(10)]
    return build_category(ids, [*family(1, 10), *family(2, 10), *family(3, 10)], seed=1)


THREE = three_families()


def test_fabrics_become_clusters() -> None:
    assert len(THREE.centres) == 3
    assert [len(set(THREE.labels[start : start + 10])) for start in (0, 10, 20)] == [1, 1, 1]
    assert THREE.inertia > 0


def test_related_products_are_of_the_same_fabric_and_never_the_product_itself() -> None:
    related = related_within(THREE, 5)
    for product, row, reasons in zip(THREE.product_ids, related.product_ids, related.reasons, strict=True):
        assert product not in row
        assert len(set(row)) == 5
        assert set(row // 100) == {product // 100}
        assert set(reasons) == {SAME_CLUSTER}


def test_distances_are_those_of_scipy() -> None:
    unbiased = related_within(THREE, 29, bias=0)
    distances = cdist(THREE.features.astype(float), THREE.features.astype(float))
    place = {product: row for row, product in enumerate(THREE.product_ids)}
    for i, (row, scores) in enumerate(zip(unbiased.product_ids, unbiased.scores, strict=True)):
        expected = [distances[i, place[product]] for product in row]
        assert np.allclose(scores, np.exp(-np.square(expected) / 2), atol=1e-6)
        assert np.all(np.diff(scores) <= 0)


def test_the_words_alone_order_by_the_euclidean_distance_of_histograms() -> None:
    clusters = build_category(range(30), [*family(1, 15), *family(2, 15)], weights=WORDS_ALONE)
    nearest = related_within(clusters, 1, bias=0).product_ids[:, 0]
    distances = cdist(clusters.histograms.astype(float), clusters.histograms.astype(float))
    np.fill_diagonal(distances, np.inf)
    chosen = distances[np.arange(30), nearest]
    assert np.allclose(chosen, distances.min(axis=1), atol=1e-5)


def test_with_full_bias_the_cluster_comes_first_and_scores_still_fall() -> None:
    features = np.linspace(0, 1, 30, dtype=np.float32)[:, None] * np.ones(3, np.float32)
    labels = (np.arange(30) >= 15).astype(np.int64)
    line = CategoryClusters(**{**vars(THREE), "features": features, "labels": labels})
    biased, plain = related_within(line, 29, bias=1), related_within(line, 29, bias=0)
    edge = 14  # its nearest neighbours stand on both sides of the border
    assert set(plain.product_ids[edge, :2]) == {THREE.product_ids[13], THREE.product_ids[15]}
    assert set(biased.product_ids[edge, :14]) == set(THREE.product_ids[:14])
    assert np.all(np.diff(biased.scores[edge]) <= 0)
    assert biased.reasons[edge].tolist() == [SAME_CLUSTER] * 14 + [SIMILAR_WORDS] * 15


def test_scores_stay_between_nothing_and_one() -> None:
    scores = related_within(THREE, 29).scores
    assert scores.min() >= 0
    assert scores.max() <= 1


@pytest.mark.parametrize("size", [1, 2, 3, 7, 20])
def test_small_categories_work_and_fill_up_with_nothing(size: int) -> None:
    clusters = build_category(range(10, 10 + size), family(4, size))
    related = related_within(clusters, 6)
    known = min(size - 1, 6)
    assert related.product_ids.shape == (size, 6)
    assert (related.product_ids[:, :known] != NO_PRODUCT).all()
    assert (related.product_ids[:, known:] == NO_PRODUCT).all()
    assert not related.scores[:, known:].any()
    assert set(related.reasons[:, known:].ravel()) <= {""}


def test_a_category_of_blank_pictures_is_one_cluster_of_equals() -> None:
    clusters = build_category([5, 6, 7], [np.zeros((0, 128), np.uint8)] * 3)
    assert clusters.vocabulary.fallback_ is not None
    assert not clusters.histograms.any()
    assert clusters.labels.tolist() == [0, 0, 0]
    assert related_within(clusters, 2).product_ids.tolist() == [[6, 7], [5, 7], [5, 6]]


def test_a_blank_picture_stands_in_the_middle() -> None:
    clusters = build_category(range(21), [*family(1, 10), *family(2, 10), np.zeros((0, 128), np.uint8)])
    middle = clusters.features[:20].mean(axis=0)
    assert np.allclose(clusters.features[20], middle, atol=1e-5)


def test_colour_decides_among_equal_fabrics() -> None:
    colours = np.repeat(np.eye(2, dtype=np.float32), 5, axis=0)
    picture = family(1, 1)[0]
    clusters = build_category(range(10), [picture] * 10, colours=colours)
    related = related_within(clusters, 4)
    assert all(set(row // 5) == {product // 5} for product, row in enumerate(related.product_ids))


def test_neighbours_of_other_clusters_are_called_similar_looks_when_more_than_words_count() -> None:
    colours = np.eye(8, dtype=np.float32)[np.arange(24) % 8]
    clusters = build_category(range(24), family(1, 24), colours=colours)
    reasons = set(related_within(clusters, 23).reasons.ravel())
    assert reasons == {SAME_CLUSTER, SIMILAR_LOOK}


def test_a_channel_is_worth_its_weight_whatever_its_unit() -> None:
    embeddings = np.random.default_rng(0).normal(size=(300, 8)).astype(np.float32)
    pictures = family(1, 1) * 300
    small, large = (
        build_category(
            range(300), pictures, embeddings=embeddings * unit, weights=Weights.of({"embedding": 1})
        )
        for unit in (10.0, 1000.0)
    )
    assert np.array_equal(related_within(small, 5).product_ids, related_within(large, 5).product_ids)
    squared = cdist(small.features, small.features, "sqeuclidean")
    assert squared.sum() / (300 * 299) == pytest.approx(2, rel=0.05)


def test_the_same_seed_builds_the_same_network() -> None:
    again = three_families()
    assert all(np.array_equal(array, again.to_arrays()[name]) for name, array in THREE.to_arrays().items())


def test_blocks_do_not_change_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = related_within(THREE, 8)
    monkeypatch.setattr("recommendations.related.BLOCK_CELLS", 70)
    in_blocks = related_within(THREE, 8)
    assert np.array_equal(whole.product_ids, in_blocks.product_ids)
    assert np.array_equal(whole.scores, in_blocks.scores)


@pytest.mark.parametrize("clusters", [THREE, build_category([9], family(2, 1))])
def test_a_category_survives_safetensors(clusters: CategoryClusters) -> None:
    again = CategoryClusters.from_arrays(load(save(clusters.to_arrays())))
    assert again.vocabulary.fallback_ == clusters.vocabulary.fallback_
    assert again.inertia == clusters.inertia
    ours, theirs = related_within(clusters, 5), related_within(again, 5)
    assert np.array_equal(ours.product_ids, theirs.product_ids)
    assert np.array_equal(ours.scores, theirs.scores)


def test_shared_words_are_counted_when_a_shared_vocabulary_is_given() -> None:
    shared = VisualVocabulary(n_words=6).fit([*family(1, 5), *family(2, 5)])
    clusters = build_category(range(5), family(1, 5), shared_vocabulary=shared)
    assert np.array_equal(clusters.shared_histograms, shared.histograms(family(1, 5)))
    assert THREE.shared_histograms.shape == (30, 0)


def test_a_missing_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="one picture per product"):
        build_category([1, 2], family(1, 1))
    with pytest.raises(ValueError, match="at least one"):
        build_category([], [])


def test_a_network_of_no_channel_is_refused() -> None:
    with pytest.raises(ValueError, match="no channel counts"):
        build_category([1, 2], family(1, 2), weights=Weights.of({"embedding": 1}))


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 12), st.integers(1, 15), st.integers(0, 50))
def test_any_small_category_gives_each_product_distinct_others(size: int, n: int, keypoints: int) -> None:
    rng = np.random.default_rng(size)
    pictures = [rng.integers(0, 256, (keypoints * i // size, 128), dtype=np.uint8) for i in range(size)]
    related = related_within(build_category(range(size), pictures), n)
    for product, row in enumerate(related.product_ids.tolist()):
        others = [other for other in row if other != NO_PRODUCT]
        assert len(others) == min(n, size - 1) == len(set(others) - {product})
