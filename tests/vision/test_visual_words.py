import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA

from vision.visual_words import VisualVocabulary, describe, find_keypoints, root_sift


def random_pictures(count: int = 12, each: int = 60, seed: int = 0) -> list[np.ndarray]:
    """Descriptors of some pictures, of uneven size."""
    rng = np.random.default_rng(seed)
    return [rng.integers(0, 256, (each + i, 128), dtype=np.uint8) for i in range(count)]


def checked_cloth(side: int = 120) -> np.ndarray:
    rng = np.random.default_rng(1)
    blocks = rng.integers(0, 256, (side // 10, side // 10, 3), dtype=np.uint8)
    return np.kron(blocks, np.ones((10, 10, 1), np.uint8))


VOCABULARY = VisualVocabulary(n_components=16, n_words=8, seed=3).fit(random_pictures())


def test_a_patterned_picture_has_keypoints_the_strongest_first() -> None:
    found = find_keypoints(checked_cloth())
    assert 20 < len(found.points) <= 200
    assert found.points.shape == (len(found.descriptors), 2)
    assert found.descriptors.dtype == np.uint8
    assert np.array_equal(found.descriptors, describe(checked_cloth()))


def test_descriptors_lose_nothing_as_bytes() -> None:
    rgb = checked_cloth()
    _, original = cv2.SIFT.create(nfeatures=200).detectAndCompute(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), None)
    ours = {row.tobytes() for row in describe(rgb).astype(np.float32)}
    assert ours <= {row.tobytes() for row in original}


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (100, 100)])
def test_a_blank_picture_has_no_descriptors(size: tuple[int, int]) -> None:
    assert describe(np.full((*size, 3), 255, np.uint8)).shape == (0, 128)


def test_a_large_picture_is_described_like_its_small_version() -> None:
    small = checked_cloth(250)
    large = cv2.resize(small, None, fx=4, fy=4, interpolation=cv2.INTER_NEAREST)
    histogram = VisualVocabulary(n_words=10).fit([describe(small)]).histogram
    assert np.abs(histogram(describe(small)) - histogram(describe(large))).sum() < 0.25


def test_the_projection_agrees_with_scikit_learn() -> None:
    rows = np.concatenate(random_pictures())
    oracle = PCA(16, svd_solver="full").fit(root_sift(rows))
    ours = (root_sift(rows) - VOCABULARY.mean_) @ VOCABULARY.components_.T
    # An eigenvector's sign is free.
    assert np.allclose(np.abs(ours), np.abs(oracle.transform(root_sift(rows))), atol=1e-4)


def test_every_descriptor_goes_to_the_word_scikit_learn_would_give_it() -> None:
    picture = random_pictures(seed=9)[0]
    places = (root_sift(picture) - VOCABULARY.mean_) @ VOCABULARY.components_.T
    oracle = KMeans(8, init=VOCABULARY.words_, n_init=1, max_iter=1).fit(VOCABULARY.words_)
    counts = np.bincount(oracle.predict(places), minlength=8) / len(picture)
    assert np.allclose(VOCABULARY.histogram(picture), counts)


@settings(max_examples=60, deadline=None)
@given(hnp.arrays(np.uint8, st.tuples(st.integers(1, 30), st.just(128))), st.randoms(use_true_random=False))
def test_a_histogram_sums_to_one_and_does_not_care_for_order(descriptors: np.ndarray, random: object) -> None:
    histogram = VOCABULARY.histogram(descriptors)
    assert histogram.shape == (8,)
    assert histogram.dtype == np.float32
    assert histogram.min() >= 0
    assert np.isclose(histogram.sum(), 1)
    shuffled = list(range(len(descriptors)))
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert np.array_equal(VOCABULARY.histogram(descriptors[shuffled]), histogram)


def test_nothing_found_is_an_empty_histogram() -> None:
    assert not VOCABULARY.histogram(np.zeros((0, 128), np.uint8)).any()


def test_many_histograms_are_the_single_ones() -> None:
    pictures = random_pictures(seed=5)
    together = VOCABULARY.histograms(pictures)
    assert all(
        np.array_equal(row, VOCABULARY.histogram(picture))
        for row, picture in zip(together, pictures, strict=True)
    )
    assert VOCABULARY.histograms([]).shape == (0, 8)


def test_the_same_seed_learns_the_same_words() -> None:
    again = VisualVocabulary(n_components=16, n_words=8, seed=3).fit(random_pictures())
    assert np.array_equal(again.words_, VOCABULARY.words_)


def test_enough_descriptors_need_no_fallback() -> None:
    assert VOCABULARY.fallback_ is None
    assert VOCABULARY.components_.shape == (16, 128)


@pytest.mark.parametrize(("rows", "components", "words"), [(1, 1, 1), (2, 1, 2), (15, 14, 15), (50, 49, 20)])
def test_few_descriptors_mean_a_smaller_vocabulary_that_says_so(
    rows: int, components: int, words: int
) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (rows, 128), dtype=np.uint8)
    vocabulary = VisualVocabulary().fit([picture])
    assert vocabulary.components_.shape == (components, 128)
    assert vocabulary.words_.shape == (words, components)
    assert f"{components} components instead of 69" in str(vocabulary.fallback_)
    assert ("words instead of 20" in str(vocabulary.fallback_)) == (words < 20)
    assert np.isclose(vocabulary.histogram(picture).sum(), 1)


def test_the_same_descriptor_over_and_over_is_one_word() -> None:
    vocabulary = VisualVocabulary().fit([np.full((200, 128), 7, np.uint8)])
    assert len(vocabulary.words_) == 1
    assert "1 words instead of 20" in str(vocabulary.fallback_)


def test_without_any_descriptor_all_pictures_are_alike() -> None:
    vocabulary = VisualVocabulary().fit([np.zeros((0, 128), np.uint8)] * 3)
    assert vocabulary.fallback_ == "no descriptors: one word for everything"
    assert vocabulary.histogram(random_pictures()[0]).tolist() == [1.0]


@pytest.mark.parametrize("pictures", [random_pictures(), [], random_pictures(1, 5)])
def test_a_vocabulary_survives_storage(pictures: list[np.ndarray]) -> None:
    vocabulary = VisualVocabulary(seed=4).fit(pictures)
    again = VisualVocabulary.from_arrays(vocabulary.to_arrays())
    assert again.fallback_ == vocabulary.fallback_
    assert (again.n_components, again.n_words, again.seed) == (69, 20, 4)
    picture = random_pictures(seed=8)[0]
    assert np.array_equal(again.histogram(picture), vocabulary.histogram(picture))
