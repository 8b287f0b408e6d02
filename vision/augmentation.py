"""Random changes of training pictures, so that a network learns the garment and not its pose, light or floor."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from catalog.images import RGB

PAPER = 225  # a ground whose every corner is at least this bright is studio paper
PAPER_TOLERANCE = 10
LEAST_PAPER = 0.12  # of the picture


@dataclass(frozen=True)
class Augmentation:
    """How far a picture is moved, the report's amounts by default: rotation and shear in degrees, shift as a share of
    the side, zoom factors 1 ± ``zoom``. Where the picture moved away, its edge is repeated."""

    rotation: float = 25
    shift: float = 0.1
    shear: float = 0.2
    zoom: float = 0.2
    flip: bool = True

    def apply(self, image: RGB, rng: np.random.Generator) -> RGB:
        """A changed copy of a square picture (side, side, 3)."""
        side = image.shape[0]
        turn, lean = np.deg2rad(rng.uniform(-1, 1, 2) * (self.rotation, self.shear))
        across, down = rng.uniform(1 - self.zoom, 1 + self.zoom, 2)
        if self.flip and rng.random() < 0.5:
            across = -across
        matrix = (
            np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
            @ np.array([[1, -np.sin(lean)], [0, np.cos(lean)]])
            @ np.diag([across, down])
        )
        centre = np.full(2, (side - 1) / 2)
        move = centre - matrix @ centre + rng.uniform(-self.shift, self.shift, 2) * side
        changed = cv2.warpAffine(
            image, np.column_stack([matrix, move]), (side, side), borderMode=cv2.BORDER_REPLICATE
        )
        return np.asarray(changed, np.uint8)


@dataclass(frozen=True)
class PhotoAugmentation:
    """What happens to a garment between the studio and a shopper's phone: another ground, pose, light, lens and file.

    Colours are kept: light grows and falls by up to a factor e^``light`` and is tinted by a few per cent only, as a
    phone's white balance leaves it. ``grounds`` are squares of at least the picture's side.
    """

    grounds: Sequence[RGB] = ()
    pose: Augmentation = Augmentation(rotation=14, shift=0.08, shear=4, zoom=0.22)
    light: float = 0.35
    tint: float = 0.035
    new_ground: float = 0.4  # chances
    blurred: float = 0.4
    re_encoded: float = 0.25
    covered: float = 0.15

    def apply(self, image: RGB, rng: np.random.Generator) -> RGB:
        """A changed copy of a square picture (side, side, 3)."""
        side = image.shape[0]
        if len(self.grounds) and rng.random() < self.new_ground:
            ground = self.grounds[int(rng.integers(len(self.grounds)))][:side, :side]
            image = on_ground(image, ground[:, ::-1] if rng.random() < 0.5 else ground)
        image = self.pose.apply(image, rng)
        if rng.random() < self.blurred:
            image = _through_a_small_file(image, int(rng.integers(side * 3 // 8, side * 3 // 4)))
        image = self._lit(image, rng)
        if rng.random() < self.re_encoded:
            quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 90))]
            image = np.asarray(
                cv2.imdecode(cv2.imencode(".jpg", image, quality)[1], cv2.IMREAD_COLOR), np.uint8
            )
        if rng.random() < self.covered:
            height, width = rng.integers(side // 10, side // 3, 2)
            top, left = rng.integers(0, side - height), rng.integers(0, side - width)
            image[top : top + height, left : left + width] = rng.integers(0, 256, 3)
        return image

    def _lit(self, image: RGB, rng: np.random.Generator) -> RGB:
        """Brighter or darker, a little warmer or colder, and lit from one side."""
        gain = np.exp(rng.uniform(-self.light, self.light) + rng.normal(0, self.tint, 3))
        slope = np.linspace(-1, 1, image.shape[0], dtype=np.float32) * rng.uniform(-0.2, 0.2)
        shade = 1 + (slope[:, None] if rng.random() < 0.5 else slope[None, :])
        lit = image * gain.astype(np.float32) * shade[..., None]
        return np.clip(lit, 0, 255).astype(np.uint8)


def on_ground(image: RGB, ground: RGB) -> RGB:
    """The same garment before another ground, where it was photographed on white paper; otherwise the picture itself.

    Paper is what is as bright as the corners and connected with one of them. ``ground`` has the picture's size.
    """
    height, width = image.shape[:2]
    corners = [(0, 0), (width - 1, 0), (0, height - 1), (width - 1, height - 1)]
    if min(int(image[y, x].min()) for x, y in corners) < PAPER:
        return image
    mask = np.zeros((height + 2, width + 2), np.uint8)
    flags = 4 | cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE | (255 << 8)
    tolerance = (PAPER_TOLERANCE,) * 3
    for corner in corners:
        cv2.floodFill(image, mask, corner, (0, 0, 0), tolerance, tolerance, flags)
    paper = mask[1:-1, 1:-1]
    if (paper > 0).mean() < LEAST_PAPER:
        return image
    # A pixel of soft edge: a hard one would be a trace by which the network knows a pasted garment.
    share = cv2.blur(paper, (3, 3)).astype(np.float32)[..., None] / 255
    return np.asarray(image * (1 - share) + ground * share, np.uint8)


def _through_a_small_file(image: RGB, side: int) -> RGB:
    small = cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, image.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.uint8)
