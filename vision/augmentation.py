"""Random changes of training pictures, so that a network learns the garment and not the pose."""

from dataclasses import dataclass

import cv2
import numpy as np

from catalog.images import RGB


@dataclass(frozen=True)
class Augmentation:
    """How far a picture is changed, the report's amounts by default: rotation and shear in degrees, shift as a share of
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
