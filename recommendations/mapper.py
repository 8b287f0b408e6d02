"""Attach one picture to the network that is there, without refitting anything.

A new product is recommendable at once with what is computed here; the next refresh makes it exact. For a
picture that is already in the network the answer is the network's own, to the last digit.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommendations.clusters import CategoryClusters, nearest, similarity, squared_distances
from vision.visual_words import Descriptors


@dataclass(frozen=True)
class Attachment:
    """Where a picture belongs in a category's clusters."""

    cluster: int
    score: float  # similarity to the cluster's centre, 0..1: 1 is the centre itself, 0.6 a typical member
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
    n: int = 24,
    bias: float = 1.0,
) -> Attachment:
    """Find the nearest cluster and the n related products of a picture.

    Args:
        descriptors: the picture's SIFT descriptors, uint8 (k, 128).
        product_id: the product shown; it is never related to itself. None for an unknown photo.
        embedding, colour: the other channels, needed when the network was built with them.
    """
    place = clusters.describe_picture(descriptors, embedding, colour)[None]
    to_centres = squared_distances(place, clusters.centres)[0]
    own_rows = (
        np.flatnonzero(clusters.product_ids == product_id) if product_id is not None else np.array([], int)
    )
    known = bool(len(own_rows)) and np.array_equal(place[0], clusters.features[own_rows[0]])
    # A picture halfway between two centres may round either way; the network's own word is the one that
    # counts.
    cluster = int(clusters.labels[own_rows[0]]) if known else int(to_centres.argmin())
    found = nearest(
        clusters, place, np.array([cluster]), n, bias=bias, own_rows=own_rows[:1] if len(own_rows) else None
    )
    return Attachment(
        cluster=cluster,
        score=float(similarity(to_centres[cluster : cluster + 1])[0]),
        related_ids=found.product_ids[0],
        related_scores=found.scores[0],
        related_reasons=found.reasons[0],
        changed=not known,
    )
