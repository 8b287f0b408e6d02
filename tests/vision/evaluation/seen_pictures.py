"""Galleries whose pictures were never drawn: what was seen in them is given."""

from collections.abc import Sequence

import numpy as np

from vision.datasets import Picture
from vision.evaluation.seeing import Seen, unit
from vision.inference import Label


def product(name: str, article_type: str, colour: str = "Red", group: str | None = None) -> Picture:
    return Picture(
        f"shop/images/{name}.jpg",
        {"type": article_type, "colour": colour},
        lambda: np.zeros((8, 8, 3), np.uint8),
        group or name,
    )


def seen(
    pictures: Sequence[Picture],
    looks: Sequence[Sequence[float]],
    labels: Sequence[tuple[Label, ...]] | None = None,
) -> Seen:
    """Pictures whose embeddings are ``looks``, and whose colours are all alike."""
    n = len(pictures)
    return Seen(
        pictures=pictures,
        labels=labels or [()] * n,
        goods=np.ones(n, np.float32),
        embeddings=np.stack([unit(np.array(look, np.float32)) for look in looks]),
        colours=np.ones((n, 1), np.float32),
        descriptors=[np.zeros((0, 128), np.uint8)] * n,
        hashes=list(range(n)),
        described={},
        has_table=True,
        rejected=[],
    )
