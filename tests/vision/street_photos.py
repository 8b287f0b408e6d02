"""Photos with a label per pixel whose answers are obvious: coloured rectangles on grey."""

from pathlib import Path

import cv2
import numpy as np

LABELS = ("null", "skin", "blouse", "jeans", "bag", "ring")
COLOURS = ((150, 150, 150), (230, 180, 150), (200, 30, 30), (30, 40, 200), (20, 120, 40), (250, 220, 0))
# x, y, width, height of each but the ground
PLACES = {
    1: (50, 5, 20, 15),
    2: (40, 20, 40, 50),
    3: (42, 70, 36, 80),
    4: (90, 70, 20, 25),
    5: (10, 10, 3, 3),
}


def street(root: Path, n: int) -> Path:
    """``n`` photos of 160 x 120 with masks and labels, as a folder that train_detector reads."""
    for folder in ("photos", "masks"):
        (root / folder).mkdir(parents=True)
    (root / "labels.txt").write_text("".join(f"{i}\t{name}\n" for i, name in enumerate(LABELS)))
    for number in range(n):
        mask = np.zeros((160, 120), np.uint8)
        for label, (x, y, wide, tall) in PLACES.items():
            mask[y : y + tall, x : x + wide] = label
        rgb = np.array(COLOURS, np.uint8)[mask] + np.random.default_rng(number).integers(
            0, 5, (160, 120, 3), np.uint8
        )
        cv2.imwrite(str(root / "photos" / f"{number:04}.jpg"), cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))
        cv2.imwrite(str(root / "masks" / f"{number:04}.png"), mask)
    return root
