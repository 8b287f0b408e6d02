"""What happens to a catalogue picture on its way through a phone: changes of two strengths, drawn by seed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np

from catalog.drawing.photo import background
from catalog.images import RGB
from vision.augmentation import on_ground

Strength = Literal["untouched", "mild", "heavy"]


@dataclass(frozen=True)
class Change:
    """How far a picture may change: ``crop`` is the share of each side that is cut away, ``turn`` in degrees, ``light``
    a factor 1 ± light, ``quality`` that of the JPEG; ``new_ground`` replaces white paper by a floor."""

    crop: float
    turn: float
    light: float
    quality: int
    new_ground: bool


MILD = Change(crop=0.03, turn=0, light=0.10, quality=85, new_ground=False)
HEAVY = Change(crop=0.12, turn=12, light=0.35, quality=30, new_ground=True)


def perturb(image: RGB, change: Change, rng: np.random.Generator) -> RGB:
    """A changed copy of a picture (height, width, 3), as large as the crop leaves it.

    Turn and light are drawn evenly from their ranges, the crop's place at random; the paper is replaced only where
    there is paper (``on_ground``). Where the picture turned away, its edge is repeated.
    """
    height, width = image.shape[:2]
    if change.new_ground:
        image = on_ground(image, background(width, height, rng).astype(np.uint8))
    angle, gain = rng.uniform(-change.turn, change.turn), 1 + rng.uniform(-change.light, change.light)
    if angle:
        matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), angle, 1)
        image = np.asarray(
            cv2.warpAffine(image, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE), np.uint8
        )
    lost_x, lost_y = round(width * change.crop), round(height * change.crop)
    left, top = int(rng.integers(lost_x + 1)), int(rng.integers(lost_y + 1))
    image = image[top : top + height - lost_y, left : left + width - lost_x]
    image = np.clip(image * gain, 0, 255).astype(np.uint8)
    _, encoded = cv2.imencode(".jpg", image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, change.quality])
    return np.ascontiguousarray(np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), np.uint8)[..., ::-1])


STRENGTHS: Mapping[Strength, Callable[[RGB, np.random.Generator], RGB]] = {
    "untouched": lambda image, rng: image,
    "mild": lambda image, rng: perturb(image, MILD, rng),
    "heavy": lambda image, rng: perturb(image, HEAVY, rng),
}
