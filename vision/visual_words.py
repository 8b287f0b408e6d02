"""Visual words: SIFT descriptors -> PCA -> k-means -> a normalised histogram per picture.

The recipe of the shop's cluster network. SIFT: Lowe, "Distinctive Image Features from Scale-Invariant
Keypoints", IJCV 2004. Visual words: Sivic and Zisserman, "Video Google", ICCV 2003. The square root of the
descriptor (RootSIFT): Arandjelović and Zisserman, "Three things everyone should know to improve object
retrieval", CVPR 2012.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Self

import cv2
import numpy as np
import numpy.typing as npt
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from threadpoolctl import threadpool_limits

from catalog.images import RGB, resize_within

Descriptors = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

DESCRIPTOR_SIZE = 128
LONGEST_SIDE = 256
MAX_KEYPOINTS = 200
# More descriptors than this move the words no further and only cost time; drawn evenly by seed.
MAX_TRAINING_DESCRIPTORS = 40_000
# The matrices are small: more threads gain nothing, and on a busy machine they wait for each other many times
# longer than the sums take. Categories run side by side in as many workers as there are.
ONE_THREAD = 1


class Keypoints(NamedTuple):
    """Where the striking spots of a picture are, and what they look like; the strongest first."""

    points: Floats  # (n, 2), x and y in pixels of the picture at LONGEST_SIDE
    descriptors: Descriptors  # (n, 128)


def find_keypoints(rgb: RGB) -> Keypoints:
    """Find the strongest SIFT keypoints of a picture, at most ``MAX_KEYPOINTS``; a blank picture has none."""
    grey = cv2.cvtColor(resize_within(rgb, LONGEST_SIDE), cv2.COLOR_RGB2GRAY)
    # OpenCV keeps ties beyond nfeatures, hence the cut below.
    found, described = cv2.SIFT.create(nfeatures=MAX_KEYPOINTS).detectAndCompute(grey, None)
    if described is None or not len(found):
        return Keypoints(np.zeros((0, 2), np.float32), np.zeros((0, DESCRIPTOR_SIZE), np.uint8))
    strongest = np.argsort([-point.response for point in found], kind="stable")[:MAX_KEYPOINTS]
    points = np.array([found[i].pt for i in strongest], dtype=np.float32)
    # OpenCV's SIFT values are whole numbers from 0 to 255 kept in floats: a quarter of the space loses
    # nothing.
    return Keypoints(points, np.asarray(described)[strongest].astype(np.uint8))


def describe(rgb: RGB) -> Descriptors:
    """Return the SIFT descriptors of a picture, uint8 (n, 128), n from 0 to ``MAX_KEYPOINTS``."""
    return find_keypoints(rgb).descriptors


class VisualVocabulary:
    """The visual words of one set of pictures.

    Learned attributes: ``mean_`` (128,), ``components_`` (c, 128), ``words_`` (w, c), all float32, and
    ``fallback_``, a sentence when there were too few descriptors for the sizes asked for, else None. Then w
    and c are smaller than ``n_words`` and ``n_components``, but at least 1.
    """

    def __init__(self, *, n_components: int = 69, n_words: int = 20, seed: int = 0) -> None:
        self.n_components = n_components
        self.n_words = n_words
        self.seed = seed

    mean_: Floats
    components_: Floats
    words_: Floats
    fallback_: str | None

    def fit(self, pictures: Sequence[Descriptors]) -> Self:
        """Learn the words from the descriptors of pictures, each uint8 (n, 128); n may be 0."""
        rows = np.concatenate([np.zeros((0, DESCRIPTOR_SIZE), np.uint8), *pictures])
        if len(rows) > MAX_TRAINING_DESCRIPTORS:
            chosen = np.random.default_rng(self.seed).choice(
                len(rows), MAX_TRAINING_DESCRIPTORS, replace=False
            )
            rows = rows[np.sort(chosen)]
        if not len(rows):
            # One word that everything belongs to: all pictures are alike until there is something to tell
            # them apart by.
            self.mean_ = np.zeros(DESCRIPTOR_SIZE, np.float32)
            self.components_ = np.zeros((1, DESCRIPTOR_SIZE), np.float32)
            self.words_ = np.zeros((1, 1), np.float32)
            self.fallback_ = "no descriptors: one word for everything"
            return self
        with threadpool_limits(limits=ONE_THREAD):
            return self._fit_rows(rows)

    def _fit_rows(self, rows: Descriptors) -> Self:
        roots = root_sift(rows)
        distinct = len(np.unique(rows, axis=0))
        # PCA of n rows has at most n - 1 directions, and k-means needs a distinct point per word.
        n_components = max(1, min(self.n_components, len(rows) - 1, DESCRIPTOR_SIZE))
        n_words = min(self.n_words, distinct)
        if len(rows) == 1:
            self.mean_, self.components_ = roots[0], np.zeros((1, DESCRIPTOR_SIZE), np.float32)
        else:
            pca = PCA(
                n_components, svd_solver="full" if len(rows) <= DESCRIPTOR_SIZE else "covariance_eigh"
            ).fit(roots)
            self.mean_ = pca.mean_.astype(np.float32)
            self.components_ = pca.components_.astype(np.float32)
        kmeans = KMeans(n_words, n_init=1, random_state=self.seed, max_iter=100)
        self.words_ = kmeans.fit(self._project(rows)).cluster_centers_.astype(np.float32)
        smaller = [
            f"{got} {name} instead of {asked}"
            for name, got, asked in (
                ("components", n_components, self.n_components),
                ("words", n_words, self.n_words),
            )
            if got < asked
        ]
        few = f"{len(rows)} descriptors ({distinct} different): "
        self.fallback_ = few + ", ".join(smaller) if smaller else None
        return self

    def histogram(self, descriptors: Descriptors) -> Floats:
        """Count a picture's words: float32 (w,) with sum 1, or all zero without any descriptors."""
        if not len(descriptors):
            return np.zeros(len(self.words_), np.float32)
        projected = self._project(descriptors)
        # |x - w|² without |x|², which is the same for every word.
        distances = (self.words_**2).sum(axis=1) - 2 * projected @ self.words_.T
        counts = np.bincount(distances.argmin(axis=1), minlength=len(self.words_))
        return (counts / len(descriptors)).astype(np.float32)

    def histograms(self, pictures: Sequence[Descriptors]) -> Floats:
        """Count the words of many pictures: float32 (m, w), each row the bits of ``histogram``."""
        if not len(pictures):
            return np.zeros((0, len(self.words_)), np.float32)
        return np.stack([self.histogram(descriptors) for descriptors in pictures])

    def to_arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """Return everything learned as plain arrays, ready for safetensors."""
        return {
            "mean": self.mean_,
            "components": self.components_,
            "words": self.words_,
            "sizes": np.array([self.n_components, self.n_words, self.seed], np.int64),
            "fallback": np.frombuffer((self.fallback_ or "").encode(), np.uint8).copy(),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[np.generic]]) -> Self:
        """Rebuild a vocabulary from ``to_arrays``."""
        n_components, n_words, seed = (int(size) for size in arrays["sizes"])
        vocabulary = cls(n_components=n_components, n_words=n_words, seed=seed)
        vocabulary.mean_ = arrays["mean"].astype(np.float32)
        vocabulary.components_ = arrays["components"].astype(np.float32)
        vocabulary.words_ = arrays["words"].astype(np.float32)
        vocabulary.fallback_ = arrays["fallback"].tobytes().decode() or None
        return vocabulary

    def _project(self, descriptors: Descriptors) -> Floats:
        return np.asarray((root_sift(descriptors) - self.mean_) @ self.components_.T, np.float32)


def root_sift(descriptors: Descriptors) -> Floats:
    """Normalise to sum 1 and take the square root: float32 (n, 128)."""
    rows: Floats = descriptors.astype(np.float32)
    np.divide(rows, np.maximum(rows.sum(axis=1, keepdims=True), 1), out=rows)
    np.sqrt(rows, out=rows)
    return rows
