"""One look at a picture: everything the shop wants to know about it. For workers only: it loads the network."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from catalog.images import RGB, resize_within
from vision.colour import colour_histogram, garment_colours, garment_pixels
from vision.detection import Detector
from vision.duplicates import perceptual_hash
from vision.inference import Classifier, Label, Prediction
from vision.model_files import DETECTOR, read_manifest
from vision.models import ModelVersion
from vision.refusal import Refusal
from vision.registry import folder_of
from vision.visual_words import Keypoints, find_keypoints

# Every picture is looked at in the same size, wherever it comes from: the same picture then gives the same answer.
LOOK_SIDE = 512


@dataclass(frozen=True)
class Look:
    """What one look saw. ``embedding`` (128,) and ``colour_histogram`` (64,) are float32 of length 1; ``goods`` is how
    likely the picture shows something of the shop's kind at all."""

    labels: tuple[Label, ...]
    embedding: NDArray[np.float32]
    colours: list[tuple[str, float]]
    colour_histogram: NDArray[np.float32]
    perceptual_hash: int
    keypoints: Keypoints
    goods: float = 1.0


def classifier_of(version: ModelVersion) -> Classifier:
    """The network of ``version``, loaded once in each process.

    Raises:
        ModelError: when its files are missing or have been changed.
    """
    return _load(version.pk, folder_of(version))


@functools.lru_cache(maxsize=3)  # the version in use, the one that is wanted, the one before
def _load(version_id: int, folder: Path) -> Classifier:
    return Classifier.load(folder)


def detector_of(version: ModelVersion) -> Detector | None:
    """What finds several products in one photo, loaded once in each process; None for a model without it.

    Raises:
        ModelError: when its files are missing or have been changed.
    """
    return _load_detector(version.pk, folder_of(version))


@functools.lru_cache(maxsize=2)
def _load_detector(version_id: int, folder: Path) -> Detector | None:
    return Detector.load(folder) if DETECTOR in read_manifest(folder)["sha256"] else None


def refusal_of(version: ModelVersion) -> Refusal:
    """What decides whether a picture is of the shop's kind, as it was learned for ``version``.

    Raises:
        ModelError: when its file is damaged.
    """
    return _load_refusal(version.pk, folder_of(version))


@functools.lru_cache(maxsize=2)
def _load_refusal(version_id: int, folder: Path) -> Refusal:
    return Refusal.load(folder)


def look_at(pictures: Sequence[RGB], classifier: Classifier, detector: Detector | None = None) -> list[Look]:
    """Look at pictures, each (height, width, 3) uint8 of any size; one network call for all of them.

    ``detector`` tells the garment, whose colours count, from the floor and the wearer.
    """
    small = [resize_within(picture, LOOK_SIDE) for picture in pictures]
    return [
        whole_look(picture, prediction, _garment(picture, detector))
        for picture, prediction in zip(small, classifier.predict(small), strict=True)
    ]


def _garment(picture: RGB, detector: Detector | None) -> NDArray[np.bool_]:
    return garment_pixels(picture, None if detector is None else detector.map(picture))


def whole_look(
    small: RGB,
    prediction: Prediction,
    mask: NDArray[np.bool_] | None = None,
    keypoints: Keypoints | None = None,
) -> Look:
    """What the network said of a picture (longest side ``LOOK_SIDE``) and all that is seen without it, which takes
    longer; ``keypoints`` where somebody has found them already."""
    return Look(
        labels=prediction.labels,
        embedding=prediction.embedding,
        colours=garment_colours(small, mask=mask),
        colour_histogram=colour_histogram(small, mask),
        perceptual_hash=perceptual_hash(small),
        keypoints=find_keypoints(small) if keypoints is None else keypoints,
        goods=prediction.goods,
    )


def look_with_each(
    pictures: Sequence[RGB], eyes: Sequence[tuple[Classifier, Detector | None]]
) -> list[list[Look]]:
    """For each of ``eyes`` (at least one) its looks at all ``pictures``. Only what the networks say, and the colours
    that follow from it, are done anew for the second and later ones: hash and keypoints do not depend on it, and take
    longer."""
    first = look_at(pictures, *eyes[0])
    small = [resize_within(picture, LOOK_SIDE) for picture in pictures]
    others = [
        [
            _seen_anew(look, picture, prediction, detector)
            for look, picture, prediction in zip(first, small, classifier.predict(small), strict=True)
        ]
        for classifier, detector in eyes[1:]
    ]
    return [first, *others]


def _seen_anew(look: Look, picture: RGB, prediction: Prediction, detector: Detector | None) -> Look:
    mask = _garment(picture, detector)
    return replace(
        look,
        labels=prediction.labels,
        embedding=prediction.embedding,
        goods=prediction.goods,
        colours=garment_colours(picture, mask=mask),
        colour_histogram=colour_histogram(picture, mask),
    )
