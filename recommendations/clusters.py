"""The biased cluster network, one category at a time.

In every category the SIFT descriptors of all pictures become visual words and histograms
(``vision.visual_words``), the words are joined with the other channels (``recommendations.channels``), what comes out
becomes clusters (k-means, as many as ``recommendations.choosing_k`` finds), and a product's related products are the
nearest ones by Euclidean distance, biased towards its own cluster (``recommendations.related``). Categories do not
know each other: each can be built on another machine.

``WORDS_ALONE`` is the pure path.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from hashlib import blake2b
from math import floor, log2
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from recommendations.channels import CHANNELS, LEARNT, Facts, Weights, blend, channel_scales
from recommendations.choosing_k import choose_k, cluster
from vision.visual_words import ONE_THREAD, Descriptors, VisualVocabulary

Ids = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

NO_PRODUCT = -1  # fills a row that has fewer neighbours than asked for
UNKNOWN = 0  # the number of a model or tone that nobody knows: equal to none, not even to itself
NOT_ARRAYS = {"vocabulary", "choice"}
BLOCK_CELLS = 4_000_000  # distances held at once: 32 MB


@dataclass(frozen=True)
class Neighbours:
    """For each of m products its n nearest, best first; short rows end in ``NO_PRODUCT`` with score 0."""

    product_ids: Ids  # (m, n)
    scores: Floats  # (m, n), 0..1
    reasons: npt.NDArray[np.str_]  # (m, n), a code per neighbour

    def chosen(self, rows: slice) -> "Neighbours":
        """The neighbours of some of the products."""
        return Neighbours(self.product_ids[rows], self.scores[rows], self.reasons[rows])

    def followed_by(self, others: "Neighbours") -> "Neighbours":
        """These, then ``others`` of the same m products behind them; no score above the one before it."""
        ids = np.concatenate([self.product_ids, others.product_ids], axis=1)
        scores = np.concatenate([self.scores, others.scores], axis=1)
        # What only fills a row bounds nothing.
        falling = np.minimum.accumulate(np.where(ids == NO_PRODUCT, 1.0, scores), axis=1)
        return Neighbours(
            ids,
            np.where(ids == NO_PRODUCT, 0.0, falling),
            np.concatenate([self.reasons, others.reasons], axis=1),
        )


@dataclass(frozen=True)
class CategoryClusters:
    """One category's part of the network: enough to find neighbours and to attach a new picture."""

    product_ids: Ids  # (m,)
    vocabulary: VisualVocabulary
    histograms: npt.NDArray[np.float32]  # (m, w), words of this category
    mean_histogram: npt.NDArray[np.float32]  # (w,), stands in for a picture without keypoints
    shared_histograms: npt.NDArray[np.float32]  # (m, s), words all categories share; s may be 0
    features: npt.NDArray[np.float32]  # (m, d), the channels blended: Euclidean distance here is the distance
    scales: Floats  # what each of CHANNELS was multiplied by
    sizes: Ids  # how many columns of the features each of CHANNELS has
    models: Ids  # (m,), the same number for what differs in colour only, or UNKNOWN
    tones: Ids  # (m,), the same number for the same colour family, or UNKNOWN
    price_bands: Ids  # (m,), whole numbers: the next one begins at 1.4 times the price
    available: npt.NDArray[np.bool_]  # (m,), what could be bought when the network was built
    labels: npt.NDArray[np.int64]  # (m,), number of the cluster
    centres: npt.NDArray[np.float32]  # (k, d), in feature space
    inertia: float
    choice: dict[str, Any]  # why there are so many clusters, see choosing_k.Choice

    def __len__(self) -> int:
        return len(self.product_ids)

    def describe_picture(
        self,
        descriptors: Descriptors,
        embedding: npt.ArrayLike | None = None,
        colour: npt.ArrayLike | None = None,
        facts: Facts | None = None,
    ) -> npt.NDArray[np.float32]:
        """Place one picture in this category's feature space: float32 (d,).

        ``facts`` holds one row. A picture of the category lands exactly on its own row. Raises ``ValueError`` when a
        picture's channel that the network was built with is missing; of facts nobody need know any.
        """
        histogram = known_words(self.vocabulary.histogram(descriptors)[None], self.mean_histogram)
        channels = {
            "words": histogram,
            "embedding": None if embedding is None else np.asarray(embedding, np.float32)[None],
            "colour": None if colour is None else np.asarray(colour, np.float32)[None],
            **(facts or Facts.unknown(1)).channels(),
        }
        place: npt.NDArray[np.float32] = blend(channels, self.scales)[0]
        return place

    def columns(self, name: str) -> tuple[slice, float]:
        """Which columns of the features a channel has, and what it was multiplied by; 0 where it does not count."""
        place = CHANNELS.index(name)
        start = int(self.sizes[:place].sum())
        return slice(start, start + int(self.sizes[place])), float(self.scales[place])

    def cluster_of(self) -> dict[int, int]:
        """Product id -> number of its cluster."""
        return dict(zip(self.product_ids.tolist(), self.labels.tolist(), strict=True))

    def to_arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """Return everything as plain arrays, ready for safetensors."""
        arrays: dict[str, npt.NDArray[np.generic]] = {
            f"vocabulary.{name}": array for name, array in self.vocabulary.to_arrays().items()
        }
        for field in fields(self):
            if field.name not in NOT_ARRAYS:
                arrays[field.name] = np.ascontiguousarray(getattr(self, field.name))
        arrays["choice"] = np.frombuffer(json.dumps(self.choice).encode(), np.uint8).copy()
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
            if field.name not in {*NOT_ARRAYS, "inertia"}
        }
        return cls(
            vocabulary=VisualVocabulary.from_arrays(words),
            inertia=arrays["inertia"].item(),
            choice=json.loads(arrays["choice"].tobytes()),
            **own,
        )


def build_category(
    product_ids: npt.ArrayLike,
    descriptors: Sequence[Descriptors],
    *,
    embeddings: npt.NDArray[np.float32] | None = None,
    colours: npt.NDArray[np.float32] | None = None,
    facts: Facts | None = None,
    shared_vocabulary: VisualVocabulary | None = None,
    weights: Weights = LEARNT,
    n_words: int = 20,
    n_components: int = 69,
    n_clusters: int | None = None,
    seed: int = 0,
) -> CategoryClusters:
    """Build one category's clusters from its products' pictures, one picture per product.

    Args:
        product_ids: (m,) whole numbers, m at least 1. descriptors: m arrays of SIFT descriptors, uint8 (n,
        128); n may be 0. embeddings: float32 (m, e) or None; colours: float32 (m, c) or None; facts: m rows or None.
        A channel that is not given counts 0. shared_vocabulary: the words of all categories together; needed for
        ``complements``. n_clusters: a curator's word; None lets ``choosing_k`` decide.
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
    channels: dict[str, npt.NDArray[np.float32] | None] = {
        "words": known_words(histograms, mean_histogram),
        "embedding": embeddings,
        "colour": colours,
        **(facts.channels() if facts is not None else {}),
    }
    scales = channel_scales(channels, weights)
    features = blend(channels, scales)
    with threadpool_limits(limits=ONE_THREAD):
        choice = choose_k(features, seed=seed, fixed=n_clusters)
        labels, centres, inertia = cluster(features, choice.k, seed=seed)
    known = facts or Facts.unknown(len(ids))
    return CategoryClusters(
        product_ids=ids,
        vocabulary=vocabulary,
        histograms=histograms,
        mean_histogram=mean_histogram,
        shared_histograms=shared,
        features=features,
        scales=scales,
        sizes=np.array(
            [
                0 if scale == 0 or (rows := channels.get(name)) is None else rows.shape[1]
                for name, scale in zip(CHANNELS, scales, strict=True)
            ],
            np.int64,
        ),
        models=numbers_of(known.models),
        tones=numbers_of(known.tones),
        price_bands=np.array([price_band(price) for price in known.prices], np.int64),
        available=np.array(known.available, bool),
        labels=labels,
        centres=centres,
        inertia=inertia,
        choice=choice.as_json(),
    )


def numbers_of(words: Sequence[str]) -> Ids:
    """A number for each word, (m,): the same for the same word in any process, ``UNKNOWN`` for none."""
    return np.array(
        [
            int.from_bytes(blake2b(word.encode(), digest_size=7).digest(), "big") if word else UNKNOWN
            for word in words
        ],
        np.int64,
    )


def price_band(price: float) -> int:
    """The band of a price; the next one begins at 1.4 times its lower end. 0 for an unknown price."""
    return floor(2 * log2(price)) if price > 0 else 0


def known_words(
    histograms: npt.NDArray[np.float32], mean_histogram: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    """Histograms (m, w) in which a picture without keypoints stands in the middle: it says nothing about words."""
    return np.where(histograms.any(axis=1, keepdims=True), histograms, mean_histogram)


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
