"""A few new products in a category: taken in without clustering the category anew.

Words, scales and centres stay as they are. Newcomers are described by them and join the nearest cluster, and of the
others only those get a new list into whose first places a newcomer comes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from recommendations.channels import Facts, blend
from recommendations.clusters import (
    BLOCK_CELLS,
    CategoryClusters,
    Floats,
    Ids,
    known_words,
    numbers_of,
    price_band,
    similarity,
    squared_distances,
)
from recommendations.related import BIAS
from vision.visual_words import Descriptors, VisualVocabulary

FIRST = 6  # a page shows so many; farther back a newcomer waits for the next exact build


@dataclass(frozen=True)
class Newcomers:
    """n products that a category does not know as they are now; every field in the same order."""

    product_ids: Ids
    descriptors: Sequence[Descriptors]
    embeddings: npt.NDArray[np.float32]
    colours: npt.NDArray[np.float32]
    facts: Facts

    def __len__(self) -> int:
        return len(self.product_ids)


def extend_category(
    clusters: CategoryClusters, kept: Ids, new: Newcomers, shared_vocabulary: VisualVocabulary | None = None
) -> CategoryClusters:
    """The category with its products ``kept`` (ids) and the newcomers, ordered by product id; the shared vocabulary is
    that with which it was built."""
    rows = np.flatnonzero(np.isin(clusters.product_ids, kept))
    histograms = clusters.vocabulary.histograms(new.descriptors)
    features = np.zeros((0, clusters.features.shape[1]), np.float32)
    if len(new):
        channels = {
            "words": known_words(histograms, clusters.mean_histogram),
            "embedding": new.embeddings,
            "colour": new.colours,
            **new.facts.channels(),
        }
        features = blend(channels, clusters.scales)
    shared = (
        np.zeros((len(new), 0), np.float32)
        if shared_vocabulary is None
        else shared_vocabulary.histograms(new.descriptors)
    )
    ids = np.concatenate([clusters.product_ids[rows], new.product_ids])
    order = np.argsort(ids, kind="stable")

    def joined(old: npt.NDArray[Any], more: npt.ArrayLike) -> npt.NDArray[Any]:
        came = np.asarray(more, old.dtype).reshape(len(new), *old.shape[1:])
        return np.concatenate([old[rows], came])[order]

    return replace(
        clusters,
        product_ids=ids[order],
        histograms=joined(clusters.histograms, histograms),
        shared_histograms=joined(clusters.shared_histograms, shared),
        features=joined(clusters.features, features),
        models=joined(clusters.models, numbers_of(new.facts.models)),
        tones=joined(clusters.tones, numbers_of(new.facts.tones)),
        price_bands=joined(clusters.price_bands, [price_band(price) for price in new.facts.prices]),
        available=joined(clusters.available, list(new.facts.available)),
        labels=joined(clusters.labels, squared_distances(features, clusters.centres).argmin(axis=1)),
    )


def touched_rows(clusters: CategoryClusters, new: Ids, bars: Floats, *, bias: float = BIAS) -> Ids:
    """The rows of products to whom one of the rows ``new`` is at least as near as ``bars`` (m,) asks; the new rows are
    not among them.

    A bar is the score of the last of a product's first ``FIRST`` related ones, below 0 where it has fewer.
    """
    touched = np.zeros(len(clusters), bool)
    size = max(1, BLOCK_CELLS // len(clusters))
    for start in range(0, len(new), size):
        rows = new[start : start + size]
        near = similarity(squared_distances(clusters.features[rows], clusters.features))
        same_cluster = clusters.labels[rows][:, None] == clusters.labels
        touched |= ((1 - bias / 2) * near + bias / 2 * same_cluster >= bars).any(axis=0)
    touched[new] = False
    return np.flatnonzero(touched)
