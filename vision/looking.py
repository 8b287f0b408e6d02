"""One look at a picture: everything the shop wants to know about it. For workers only: it loads the network."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from catalog.images import RGB, resize_within
from vision.colour import colour_histogram, garment_colours
from vision.duplicates import perceptual_hash
from vision.inference import Classifier, Label
from vision.models import ModelVersion
from vision.registry import folder_of
from vision.visual_words import Keypoints, find_keypoints

# Every picture is looked at in the same size, wherever it comes from: the same picture then gives the same answer.
LOOK_SIDE = 512


@dataclass(frozen=True)
class Look:
    """What one look saw. ``embedding`` (128,) and ``colour_histogram`` (64,) are float32 of length 1."""

    labels: tuple[Label, ...]
    embedding: NDArray[np.float32]
    colours: list[tuple[str, float]]
    colour_histogram: NDArray[np.float32]
    perceptual_hash: int
    keypoints: Keypoints


def classifier_of(version: ModelVersion) -> Classifier:
    """The network of ``version``, loaded once in each process.

    Raises:
        ModelError: when its files are missing or have been changed.
    """
    return _load(version.pk, folder_of(version))


@functools.lru_cache(
    maxsize=2
)  # two, so that a switch of versions in the middle of a block does not load twice
def _load(version_id: int, folder: Path) -> Classifier:
    return Classifier.load(folder)


def look_at(pictures: Sequence[RGB], classifier: Classifier) -> list[Look]:
    """Look at pictures, each (height, width, 3) uint8 of any size; one network call for all of them."""
    small = [resize_within(picture, LOOK_SIDE) for picture in pictures]
    return [
        Look(
            labels=prediction.labels,
            embedding=prediction.embedding,
            colours=garment_colours(picture),
            colour_histogram=colour_histogram(picture),
            perceptual_hash=perceptual_hash(picture),
            keypoints=find_keypoints(picture),
        )
        for picture, prediction in zip(small, classifier.predict(small), strict=True)
    ]
