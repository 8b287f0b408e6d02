"""The network's arrays as bytes in the database, in safetensors form: loading them runs no code."""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load, save

from recommendations.clusters import CategoryClusters
from recommendations.models import CategoryNetwork
from vision.visual_words import VisualVocabulary


def to_bytes(arrays: Mapping[str, NDArray[np.generic]]) -> bytes:
    """Pack named arrays."""
    return save({name: np.ascontiguousarray(array) for name, array in arrays.items()})


def from_bytes(data: bytes | memoryview) -> dict[str, NDArray[np.generic]]:
    """Unpack what ``to_bytes`` packed."""
    return load(bytes(data))


def clusters_of(network_id: int, category_id: int) -> CategoryClusters | None:
    """One category's part of a network, or None when the network has no such category."""
    row = CategoryNetwork.objects.filter(network_id=network_id, category_id=category_id, arrays__isnull=False)
    pk = row.values_list("pk", flat=True).first()
    return None if pk is None else _load(pk)


@lru_cache(maxsize=24)
def _load(pk: int) -> CategoryClusters:
    # A stored part never changes, so a worker that attaches one product after the other unpacks it once.
    return clusters_from(CategoryNetwork.objects.values_list("arrays", flat=True).get(pk=pk))


def clusters_from(data: bytes | memoryview) -> CategoryClusters:
    """A category's part that was stored."""
    return CategoryClusters.from_arrays(from_bytes(data))


def vocabulary_from(data: bytes | memoryview) -> VisualVocabulary:
    """A vocabulary that was stored by itself."""
    return VisualVocabulary.from_arrays(from_bytes(data))
