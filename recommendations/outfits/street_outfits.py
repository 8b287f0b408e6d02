"""Reads what people wear together from photos whose every pixel has a label."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from catalog.images import RGB, decode_image, resize_within
from vision.colour import colour_histogram
from vision.detection_data import CLASS_OF_LABEL, read_mask
from vision.visual_words import Descriptors, describe

Progress = Callable[[Iterable[Any], str], Iterable[Any]]

LONGEST = 400  # pixels: the histogram looks at fewer anyway
# A garment on less of the photo is a ring on a finger: too few pixels to have a colour. As in evaluate_detection.
SMALLEST = 0.003


@dataclass(frozen=True)
class Garment:
    """One labelled piece of one photo: its tag ("jeans"), its colours, float32 (64,), as ``vision.colour`` counts
    them in the photo's own light and in neutral light, and the SIFT descriptors of the piece on white, where asked
    for."""

    tag: str
    colours: npt.NDArray[np.float32]
    neutral_colours: npt.NDArray[np.float32]
    descriptors: Descriptors | None = None


@dataclass(frozen=True)
class StreetOutfit:
    """What one person wears in one photo; every tag comes once, a pair of shoes is one piece."""

    name: str
    garments: tuple[Garment, ...]

    @property
    def tags(self) -> list[str]:
        """The tags of its garments."""
        return [garment.tag for garment in self.garments]


def in_neutral_light(rgb: RGB) -> RGB:
    """The photo as if its light had no colour: each channel scaled to one mean (Buchsbaum's grey world, 1980)."""
    means = rgb.reshape(-1, 3).mean(axis=0)
    scaled = np.rint(rgb * (means.mean() / np.maximum(means, 1.0)))
    return np.asarray(np.clip(scaled, 0, 255), np.uint8)


def read_outfit(
    name: str, rgb: RGB, mask: npt.NDArray[np.uint8], labels: Sequence[str], *, with_words: bool = False
) -> StreetOutfit:
    """What is worn in a photo (h, w, 3), given its mask of label numbers (h, w) and the labels' names; ``with_words``
    also its descriptors.

    Skin, hair and the ground are nothing worn; a label that no class stands for is none either.
    """
    neutral = in_neutral_light(rgb)
    garments: list[Garment] = []
    for number in np.unique(mask):
        part = mask == number
        if (
            CLASS_OF_LABEL.get(labels[number], "ground") in ("ground", "body")
            or part.mean() < SMALLEST
            or labels[number] in {garment.tag for garment in garments}
        ):
            continue
        x, y, wide, tall = cv2.boundingRect(part.astype(np.uint8))
        box = (slice(y, y + tall), slice(x, x + wide))
        garments.append(
            Garment(
                labels[number],
                colour_histogram(rgb[box], part[box]),
                colour_histogram(neutral[box], part[box]),
                describe(np.where(part[box][..., None], rgb[box], np.uint8(255))) if with_words else None,
            )
        )
    return StreetOutfit(name, tuple(garments))


def read_street_outfits(
    pairs: Sequence[tuple[Path, Path]],
    labels: Sequence[str],
    progress: Progress,
    *,
    with_words: bool = False,
) -> list[StreetOutfit]:
    """The outfits of photos with masks (``vision.detection_data.photo_pairs``) that have two garments or more;
    ``with_words`` also the descriptors of each.

    Raises:
        StreetError: for a mask that is none. ImageRejected: for a photo that is none.
    """
    found = []
    for photo, file in progress(pairs, "photos"):
        rgb = resize_within(decode_image(photo.read_bytes(), target=LONGEST), LONGEST)
        mask = cv2.resize(read_mask(file, len(labels)), rgb.shape[1::-1], interpolation=cv2.INTER_NEAREST)
        outfit = read_outfit(photo.stem, rgb, np.asarray(mask, np.uint8), labels, with_words=with_words)
        if len(outfit.garments) > 1:
            found.append(outfit)
    return found
