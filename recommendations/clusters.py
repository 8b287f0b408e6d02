"""The biased cluster network, one category at a time.

In every category the SIFT descriptors of all pictures become visual words and histograms (``vision.visual_words``), the
histograms become clusters (k-means), and a product's related products are the nearest ones by Euclidean distance, biased
so that members of its own cluster come first. Categories do not know each other: each can be built on another machine.

Beside the words two channels may be blended in, the embedding of the network and the colour histogram. Each channel is
divided by its spread in the category, so that the weights alone say how much it counts; ``WORDS_ALONE`` is the pure path.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Self

import numpy as np
import numpy.typing as npt
from sklearn.cluster import KMeans

from vision.visual_words import Descriptors, VisualVocabulary

Ids = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

NO_PRODUCT = -1  # fills a row that has fewer neighbours than asked for
MAX_CLUSTERS = 12
MIN_CLUSTER_SIZE = 4  # on average; below that a cluster says less than the distances do
BLOCK_CELLS = 4_000_000  # distances held at once: 32 MB

# A category with few pictures cannot know its spread; it leans on these (root mean square distance from the mean, measured
# on 2,421 shop photos) as if on so many more pictures.
TYPICAL_SPREAD = {"words": 0.15, "embedding": 0.75, "colour": 0.75}
TYPICAL_PICTURES = 5


@dataclass(frozen=True)
class Weights:
    """How much each channel counts in "looks alike". Any scale; 0 leaves a channel out."""

    words: float = 1.0
    embedding: float = 3.0
    colour: float = 1.0


WORDS_ALONE = Weights(words=1.0, embedding=0.0, colour=0.0)


@dataclass(frozen=True)
class Neighbours:
    """For each of m products its n nearest, best first; rows that ran out are filled with ``NO_PRODUCT`` and score 0."""

    product_ids: Ids  # (m, n)
    scores: Floats  # (m, n), 0..1
    reasons: npt.NDArray[np.str_]  # (m, n), a code per neighbour


@dataclass(frozen=True)
class CategoryClusters:
    """One category's part of the network: everything needed to find neighbours and to attach a new picture."""

    product_ids: Ids  # (m,)
    vocabulary: VisualVocabulary
    histograms: npt.NDArray[np.float32]  # (m, w), words of this category
    shared_histograms: npt.NDArray[np.float32]  # (m, s), words that all categories share; s may be 0
    features: npt.NDArray[np.float32]  # (m, d), the channels blended: Euclidean distance here is the distance
    scales: Floats  # (3,), what words, embedding and colour were multiplied by
    labels: npt.NDArray[np.int64]  # (m,), number of the cluster
    centres: npt.NDArray[np.float32]  # (k, d), in feature space
    inertia: float
