"""Finding similar pictures: the database's index against looking at every row with NumPy."""

from collections.abc import Iterator

import numpy as np

from catalog.models import Product
from shop.benchmarks.timing import Row, compare
from vision.models import COLOUR_SIZE, ImageAnalysis
from vision.search import similar_to_embedding

TARGET_MS = 60


def rows(products: list[Product]) -> Iterator[Row]:
    """One search with the visibility filters, against fetching the vectors and sorting them here."""
    analysis = ImageAnalysis.objects.active().select_related("model").get(image__product=products[0])
    embedding = np.asarray(analysis.embedding, np.float32)
    colour = np.zeros(COLOUR_SIZE, np.float32)
    colour[0] = 1.0
    yield compare(
        "similar_pictures",
        lambda: similar_to_embedding(embedding, colour, version=analysis.model, n=24),
        lambda: _by_hand(embedding),
        target=TARGET_MS,
        unit="ms",
        what=f"vision.search over {len(products)} pictures against fetching and sorting them in NumPy",
    )


def _by_hand(embedding: np.ndarray) -> np.ndarray:
    vectors = np.asarray(
        [np.asarray(row) for row in ImageAnalysis.objects.active().values_list("embedding", flat=True)]
    )
    return np.argsort(-(vectors @ embedding))[:24]
