"""How many clusters there are, on points whose groups can be seen."""

import numpy as np
import pytest
from scipy.stats import anderson

from recommendations.choosing_k import (
    FEW,
    FIXED,
    anderson_darling,
    choose_k,
    cluster,
    g_means,
    knee,
    other_ways,
)


def blobs(n: int, each: int = 30, seed: int = 0) -> np.ndarray:
    """``n`` round groups of ``each`` points, far from each other."""
    rng = np.random.default_rng(seed)
    centres = 10 * np.eye(6, dtype=np.float32)[:n]
    return np.repeat(centres, each, axis=0) + rng.normal(scale=0.3, size=(each * n, 6)).astype(np.float32)


@pytest.mark.parametrize("n", [2, 3, 5])
def test_well_separated_groups_are_counted(n: int) -> None:
    choice = choose_k(blobs(n))
    assert choice.k == n
    assert choice.curves.silhouette[choice.curves.ks.index(n)] == max(choice.curves.silhouette)
    assert choice.curves.stability[choice.curves.ks.index(n)] == 1


def test_one_normal_cloud_is_not_split_by_g_means() -> None:
    cloud = np.random.default_rng(1).normal(size=(300, 4)).astype(np.float32)
    assert g_means(cloud) == 1
    assert g_means(blobs(4)) == 4


def test_the_knee_is_where_the_fall_ends() -> None:
    assert knee((1, 2, 3, 4, 5, 6), (100.0, 60.0, 20.0, 18.0, 16.0, 15.0)) == 3
    assert knee((1, 2, 3, 4), (4.0, 3.0, 2.0, 1.0)) == 1  # a straight line has none
    assert knee((1, 2, 3), (5.0, 5.0, 5.0)) == 1


def test_a_curator_decides_as_far_as_there_are_different_products() -> None:
    choice = choose_k(blobs(3), fixed=7)
    assert (choice.k, choice.by) == (7, FIXED)
    assert choose_k(np.ones((9, 2), np.float32), fixed=5).k == 1


@pytest.mark.parametrize("size", [1, 2, 3, 11])
def test_few_products_are_one_cluster(size: int) -> None:
    choice = choose_k(np.random.default_rng(0).normal(size=(size, 3)).astype(np.float32))
    assert (choice.k, choice.by) == (1, FEW)


def test_equal_products_are_one_cluster() -> None:
    assert choose_k(np.ones((50, 3), np.float32)).k == 1


def test_the_same_seed_chooses_the_same() -> None:
    points = np.random.default_rng(3).normal(size=(120, 30)).astype(np.float32)
    assert choose_k(points, seed=4) == choose_k(points, seed=4)


def test_the_largest_cluster_is_number_nought() -> None:
    points = np.concatenate([blobs(2), blobs(1, each=50, seed=9)])
    labels, centres, inertia = cluster(points, 2)
    assert np.bincount(labels).tolist() == [80, 30]
    assert np.allclose(centres[0], points[labels == 0].mean(axis=0), atol=1e-4)
    assert inertia > 0


def test_other_ways_see_the_same_groups() -> None:
    for labels in other_ways(blobs(3), 3).values():
        assert len(set(labels[labels >= 0])) == 3


def test_the_distance_from_normal_is_scipys() -> None:
    values = np.random.default_rng(5).exponential(size=200)
    corrected = anderson(values, "norm", method="interpolate").statistic * (1 + 4 / 200 - 25 / 200**2)
    assert anderson_darling(values) == pytest.approx(corrected, rel=1e-6)
