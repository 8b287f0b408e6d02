"""The biased cluster network, one category at a time.

In every category the SIFT descriptors of all pictures become visual words and histograms
(``vision.visual_words``), the histograms become clusters (k-means), and a product's related products are the
nearest ones by Euclidean distance, biased so that members of its own cluster come first. Categories do not
know each other: each can be built on another machine.

Beside the words two channels may be blended in, the embedding of the network and the colour histogram. Each
channel is divided by its spread in the category, so that the weights alone say how much it counts;
``WORDS_ALONE`` is the pure path.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits

from vision.visual_words import ONE_THREAD, Descriptors, VisualVocabulary

Ids = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

NO_PRODUCT = -1  # fills a row that has fewer neighbours than asked for
MAX_CLUSTERS = 12
MIN_CLUSTER_SIZE = 4  # on average; below that a cluster says less than the distances do
KNEE_SAMPLE = 4_000
BLOCK_CELLS = 4_000_000  # distances held at once: 32 MB

# A category with few pictures cannot know its spread; it leans on these (root mean square distance from the
# mean, measured on 2,421 shop photos) as if on so many more pictures.
TYPICAL_SPREAD = {"words": 0.15, "embedding": 0.9, "colour": 0.65}
TYPICAL_PICTURES = 5

SAME_CLUSTER = "same_cluster"
SIMILAR_LOOK = "similar_look"
SIMILAR_WORDS = "similar_words"


@dataclass(frozen=True)
class Weights:
    """How much each channel counts in "looks alike". Any scale; 0 leaves a channel out.

    Chosen with a look at both halves of 2,421 shop photos (halved by name, so that variants stay together), so the
    figures, which are the second half's, flatter a little. With a 128-number ImageNet embedding and ten related
    products within the subcategory, the share of the same type, and of the same type and colour family: words
    alone .537 and .130, embedding alone .779 and .217, these .748 and .279.
    """

    words: float = 1.0
    embedding: float = 6.0
    colour: float = 2.0


WORDS_ALONE = Weights(words=1.0, embedding=0.0, colour=0.0)


@dataclass(frozen=True)
class Neighbours:
    """For each of m products its n nearest, best first; short rows end in ``NO_PRODUCT`` with score 0."""

    product_ids: Ids  # (m, n)
    scores: Floats  # (m, n), 0..1
    reasons: npt.NDArray[np.str_]  # (m, n), a code per neighbour


@dataclass(frozen=True)
class CategoryClusters:
    """One category's part of the network: enough to find neighbours and to attach a new picture."""

    product_ids: Ids  # (m,)
    vocabulary: VisualVocabulary
    histograms: npt.NDArray[np.float32]  # (m, w), words of this category
    mean_histogram: npt.NDArray[np.float32]  # (w,), stands in for a picture without keypoints
    shared_histograms: npt.NDArray[np.float32]  # (m, s), words all categories share; s may be 0
    features: npt.NDArray[np.float32]  # (m, d), the channels blended: Euclidean distance here is the distance
    scales: Floats  # (3,), what words, embedding and colour were multiplied by
    labels: npt.NDArray[np.int64]  # (m,), number of the cluster
    centres: npt.NDArray[np.float32]  # (k, d), in feature space
    inertia: float

    def __len__(self) -> int:
        return len(self.product_ids)

    def describe_picture(
        self,
        descriptors: Descriptors,
        embedding: npt.ArrayLike | None = None,
        colour: npt.ArrayLike | None = None,
    ) -> npt.NDArray[np.float32]:
        """Place one picture in this category's feature space: float32 (d,).

        A picture of the category lands exactly on its own row. Raises ``ValueError`` when a channel that the
        network was built with is missing.
        """
        histogram = self.vocabulary.histogram(descriptors)[None]
        place: npt.NDArray[np.float32] = _blend(
            histogram,
            None if embedding is None else np.asarray(embedding, np.float32)[None],
            None if colour is None else np.asarray(colour, np.float32)[None],
            self.mean_histogram,
            self.scales,
        )[0]
        return place

    def to_arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """Return everything as plain arrays, ready for safetensors."""
        arrays: dict[str, npt.NDArray[np.generic]] = {
            f"vocabulary.{name}": array for name, array in self.vocabulary.to_arrays().items()
        }
        for field in fields(self):
            if field.name != "vocabulary":
                arrays[field.name] = np.ascontiguousarray(getattr(self, field.name))
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[np.generic]]) -> Self:
        """Rebuild a category from ``to_arrays``."""
        words = {
            name.removeprefix("vocabulary."): array
            for name, array in arrays.items()
            if name.startswith("vocabulary.")
        }
        own: dict[str, Any] = {
            field.name: arrays[field.name]
            for field in fields(cls)
            if field.name not in {"vocabulary", "inertia"}
        }
        return cls(vocabulary=VisualVocabulary.from_arrays(words), inertia=arrays["inertia"].item(), **own)


def build_category(
    product_ids: npt.ArrayLike,
    descriptors: Sequence[Descriptors],
    *,
    embeddings: npt.NDArray[np.float32] | None = None,
    colours: npt.NDArray[np.float32] | None = None,
    shared_vocabulary: VisualVocabulary | None = None,
    weights: Weights = Weights(),
    n_words: int = 20,
    n_components: int = 69,
    seed: int = 0,
) -> CategoryClusters:
    """Build one category's clusters from its products' pictures, one picture per product.

    Args:
        product_ids: (m,) whole numbers, m at least 1. descriptors: m arrays of SIFT descriptors, uint8 (n,
        128); n may be 0. embeddings: float32 (m, e) or None; colours: float32 (m, c) or None. A channel that
        is not given counts 0. shared_vocabulary: the words of all categories together; needed for
        ``complements``.
    """
    ids = np.asarray(product_ids, dtype=np.int64)
    if not len(ids) or len(ids) != len(descriptors):
        raise ValueError(
            f"{len(ids)} products and {len(descriptors)} pictures: give one picture per product, at least one"
        )
    vocabulary = VisualVocabulary(n_components=n_components, n_words=n_words, seed=seed).fit(descriptors)
    histograms = vocabulary.histograms(descriptors)
    shared = (
        np.zeros((len(ids), 0), np.float32)
        if shared_vocabulary is None
        else shared_vocabulary.histograms(descriptors)
    )
    has_words = histograms.any(axis=1)
    mean_histogram = (
        histograms[has_words].mean(axis=0)
        if has_words.any()
        else np.full(histograms.shape[1], 1 / histograms.shape[1], np.float32)
    )
    scales = _channel_scales(_known(histograms, mean_histogram), embeddings, colours, weights)
    features = _blend(histograms, embeddings, colours, mean_histogram, scales)
    with threadpool_limits(limits=ONE_THREAD):
        kmeans = KMeans(choose_k(features, seed), n_init=4, random_state=seed).fit(features)
    return CategoryClusters(
        product_ids=ids,
        vocabulary=vocabulary,
        histograms=histograms,
        mean_histogram=mean_histogram,
        shared_histograms=shared,
        features=features,
        scales=scales,
        labels=kmeans.labels_.astype(np.int64),
        centres=kmeans.cluster_centers_.astype(np.float32),
        inertia=float(kmeans.inertia_),
    )


def choose_k(features: npt.NDArray[np.float32], seed: int = 0) -> int:
    """Choose the number of clusters: the knee of the inertia over 1 … ``MAX_CLUSTERS``.

    The knee is the point furthest below the straight line from the first to the last inertia (Satopää et al.,
    "Finding a Kneedle in a Haystack", 2011). With too few pictures, or too few different ones, to see a knee
    there is one cluster.
    """
    if len(features) > KNEE_SAMPLE:
        features = np.random.default_rng(seed).choice(features, KNEE_SAMPLE, replace=False)
    largest = min(MAX_CLUSTERS, len(features) // MIN_CLUSTER_SIZE, len(np.unique(features, axis=0)))
    if largest < 3:
        return 1
    inertias = np.array(
        [KMeans(k, n_init=2, random_state=seed).fit(features).inertia_ for k in range(1, largest + 1)]
    )
    chord = np.linspace(inertias[0], inertias[-1], largest)
    return int((chord - inertias).argmax()) + 1


def related_within(clusters: CategoryClusters, n: int, *, bias: float = 1.0) -> Neighbours:
    """Find the n products most like each one of a category: Euclidean distance, own cluster first.

    A score is ``similarity`` = exp(-d²/2), where two random products of the category are about d² = 2 apart,
    biased towards the cluster: ``(1 - bias/2) · similarity + bias/2`` inside it and without the last term
    outside. At bias 1 every member of the cluster comes before everybody else, at bias 0 distance alone
    decides.
    """
    blocks = []
    size = max(1, BLOCK_CELLS // len(clusters))
    for start in range(0, len(clusters), size):
        rows = slice(start, start + size)
        blocks.append(
            nearest(
                clusters,
                clusters.features[rows],
                clusters.labels[rows],
                n,
                bias=bias,
                own_rows=np.arange(len(clusters))[rows],
            )
        )
    return Neighbours(
        np.concatenate([block.product_ids for block in blocks]),
        np.concatenate([block.scores for block in blocks]),
        np.concatenate([block.reasons for block in blocks]),
    )


def nearest(
    clusters: CategoryClusters,
    features: npt.NDArray[np.float32],
    labels: npt.NDArray[np.int64],
    n: int,
    *,
    bias: float = 1.0,
    own_rows: npt.NDArray[np.int64] | None = None,
) -> Neighbours:
    """Rank a category's products for q pictures with features (q, d) in clusters ``labels`` (q,).

    ``own_rows`` (q,), when given, are the pictures' own rows and left out.
    """
    same_cluster = labels[:, None] == clusters.labels
    scores = (1 - bias / 2) * similarity(
        squared_distances(features, clusters.features)
    ) + bias / 2 * same_cluster
    if own_rows is not None:
        scores[np.arange(len(features)), own_rows] = -1
    order = best_columns(scores, n)
    ids, kept = take_filled(np.broadcast_to(clusters.product_ids, scores.shape), scores, order, n)
    elsewhere = SIMILAR_LOOK if clusters.scales[1:].any() else SIMILAR_WORDS
    reasons = np.where(np.take_along_axis(same_cluster, order, 1), SAME_CLUSTER, elsewhere)
    reasons = np.pad(reasons, ((0, 0), (0, n - reasons.shape[1])), constant_values="")
    return Neighbours(ids, kept, np.where(ids == NO_PRODUCT, "", reasons))


def squared_distances(rows: npt.NDArray[Any], others: npt.NDArray[Any]) -> Floats:
    """Squared Euclidean distances (q, m), in double precision so that a block and a single row agree."""
    left, right = rows.astype(np.float64), others.astype(np.float64)
    squared: Floats = (left**2).sum(axis=1)[:, None] - 2 * left @ right.T + (right**2).sum(axis=1)
    np.maximum(squared, 0, out=squared)
    return squared


def similarity(squared: Floats) -> Floats:
    """Turn squared distances into 1 for the same place, about 0.37 for two random products, towards 0 beyond.

    Rounded to six places: what is closer together than that is a tie, decided by order, on any machine.
    """
    return np.round(np.exp(-squared / 2), 6).astype(np.float64)


def best_columns(scores: Floats, n: int) -> Ids:
    """Columns of the n highest scores per row, (q, min(n, m)), best first; ties in the sixth place by column."""
    m = scores.shape[1]
    # Score and column in one whole number: no two are equal, so the quick partial sort has one answer.
    keys = np.arange(m) - np.rint(scores * 1e6).astype(np.int64) * m
    if n < m:
        columns = np.argpartition(keys, n, axis=1)[:, :n]
        keys = np.take_along_axis(keys, columns, axis=1)
        best: Ids = np.take_along_axis(columns, keys.argsort(axis=1), axis=1)
        return best
    everything: Ids = keys.argsort(axis=1)
    return everything


def take_filled(ids: Ids, scores: Floats, order: Ids, n: int) -> tuple[Ids, Floats]:
    """Take the chosen columns of ids and scores, (q, n); what scores below 0 or lacks becomes ``NO_PRODUCT``, 0."""
    chosen = np.take_along_axis(scores, order, axis=1)
    absent = chosen < 0
    padding = ((0, 0), (0, n - order.shape[1]))
    return (
        np.pad(
            np.where(absent, NO_PRODUCT, np.take_along_axis(ids, order, axis=1)),
            padding,
            constant_values=NO_PRODUCT,
        ),
        np.pad(np.where(absent, 0.0, chosen), padding),
    )


def _known(
    histograms: npt.NDArray[np.float32], mean_histogram: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    # A picture without keypoints says nothing about words: it stands in the middle, neither near nor far from
    # anybody.
    return np.where(histograms.any(axis=1, keepdims=True), histograms, mean_histogram)


def _channel_scales(
    histograms: npt.NDArray[np.float32],
    embeddings: npt.NDArray[np.float32] | None,
    colours: npt.NDArray[np.float32] | None,
    weights: Weights,
) -> Floats:
    """What to multiply each channel by: two random products are d² = 2 apart, shared out by the weights."""
    channels = {"words": histograms, "embedding": embeddings, "colour": colours}
    shares = np.array(
        [getattr(weights, name) * (rows is not None) for name, rows in channels.items()], np.float64
    )
    if shares.sum() <= 0:
        raise ValueError("no channel counts: give a positive weight to one that is present")
    spreads = np.array(
        [1.0 if rows is None else _spread(rows, TYPICAL_SPREAD[name]) for name, rows in channels.items()]
    )
    scales: Floats = np.sqrt(shares / shares.sum()) / spreads
    return scales


def _spread(rows: npt.NDArray[np.float32], typical: float) -> float:
    """Root mean square distance from the mean, drawn towards the typical one when there are few rows."""
    around_mean = float(((rows - rows.mean(axis=0)) ** 2).sum())
    return float(np.sqrt((around_mean + TYPICAL_PICTURES * typical**2) / (len(rows) + TYPICAL_PICTURES)))


def _blend(
    histograms: npt.NDArray[np.float32],
    embeddings: npt.NDArray[np.float32] | None,
    colours: npt.NDArray[np.float32] | None,
    mean_histogram: npt.NDArray[np.float32],
    scales: Floats,
) -> npt.NDArray[np.float32]:
    """Join the channels that count into one feature row per picture."""
    channels = {"words": _known(histograms, mean_histogram), "embedding": embeddings, "colour": colours}
    parts = []
    for (name, rows), scale in zip(channels.items(), scales, strict=True):
        if scale == 0:
            continue
        if rows is None:
            raise ValueError(f"this network was built with the {name} channel; give the picture's {name}")
        parts.append((scale * rows).astype(np.float32))
    return np.concatenate(parts, axis=1)
