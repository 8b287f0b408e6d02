"""Attach one picture to the network that is there, without refitting anything.

A new product is recommendable at once with what is computed here; the next refresh makes it exact. For a
picture that is already in the network the answer is the network's own, to the last digit.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommendations.channels import Facts
from recommendations.clusters import CategoryClusters, numbers_of, similarity, squared_distances
from recommendations.related import BIAS, nearest
from vision.visual_words import Descriptors

# What a refit moves similarities by beyond that: the 95th percentile of the difference for a tenth of six categories of
# ../shared/data/products (bags, bottomwear, flip flops, wallets, jewellery, shoes), median .04.
DRIFT = 0.05


@dataclass(frozen=True)
class Attachment:
    """Where a picture belongs in a category's clusters.

    ``score`` is the similarity to the cluster's centre, 0..1: 1 is the centre itself, 0.6 a typical member. It is
    approximate; the exact score of the next refresh lies within ``error`` of it for nineteen products in twenty.
    """

    cluster: int
    score: float
    error: float
    related_ids: npt.NDArray[np.int64]  # (n,), best first, filled with NO_PRODUCT
    related_scores: npt.NDArray[np.float64]  # (n,), 0..1
    related_reasons: npt.NDArray[np.str_]  # (n,)
    changed: bool  # False when the network already knows this very picture of this product


def attach(
    clusters: CategoryClusters,
    descriptors: Descriptors,
    *,
    product_id: int | None = None,
    embedding: npt.ArrayLike | None = None,
    colour: npt.ArrayLike | None = None,
    facts: Facts | None = None,
    cluster: int | None = None,
    n: int = 24,
    bias: float = BIAS,
) -> Attachment:
    """Find the nearest cluster and the n related products of a picture.

    Args:
        descriptors: the picture's SIFT descriptors, uint8 (k, 128).
        product_id: the product shown; it is never related to itself. None for an unknown photo.
        embedding, colour: the other channels, needed when the network was built with them.
        facts: one row of what is known or was seen of it; None knows nothing.
        cluster: where a curator wants it; None lets the distance decide.
    """
    place = clusters.describe_picture(descriptors, embedding, colour, facts)[None]
    to_centres = squared_distances(place, clusters.centres)[0]
    own_rows = (
        np.flatnonzero(clusters.product_ids == product_id) if product_id is not None else np.array([], int)
    )
    known = bool(len(own_rows)) and np.array_equal(place[0], clusters.features[own_rows[0]])
    # A picture halfway between two centres may round either way; the network's own word is the one that
    # counts.
    if cluster is None:
        cluster = int(clusters.labels[own_rows[0]]) if known else int(to_centres.argmin())
    found = nearest(
        clusters,
        place,
        np.array([cluster]),
        n,
        bias=bias,
        own_rows=own_rows[:1] if len(own_rows) else None,
        models=None if facts is None else numbers_of(facts.models),
    )
    score = float(similarity(to_centres[cluster : cluster + 1])[0])
    return Attachment(
        cluster=cluster,
        score=score,
        error=0.0
        if known
        else error_bound(float(to_centres[cluster]), int((clusters.labels == cluster).sum())),
        related_ids=found.product_ids[0],
        related_scores=found.scores[0],
        related_reasons=found.reasons[0],
        changed=not known,
    )


def error_bound(squared: float, size: int) -> float:
    """How far off an approximate similarity may be, at a squared distance from the centre of ``size`` members.

    A mean of s members moves 1 / (s + 1) of the way to one that joins, so that comes nearer; the words and the other
    members may move besides.
    """
    nearer = squared * (size / (size + 1)) ** 2
    return max(0.0, float(np.exp(-nearer / 2) - np.exp(-squared / 2))) + DRIFT
