"""A photo album whose answers are obvious: red and blue dresses (triangles) and jeans (two bars)."""

from pathlib import Path

import cv2
import numpy as np

COLOURS = {"red": (200, 30, 30), "blue": (30, 40, 200)}


def draw(colour: str, kind: str, number: int) -> np.ndarray:
    """One picture, RGB (64, 48, 3); ``number`` moves it a little."""
    image = np.full((64, 48, 3), 240, np.uint8)
    image += np.random.default_rng(number).integers(0, 12, image.shape, np.uint8)
    x = 20 + number % 8
    if kind == "dress":
        cv2.fillPoly(image, [np.array([[x, 6], [x - 16, 58], [x + 16, 58]])], COLOURS[colour])
    else:
        for left in (x - 10, x + 4):
            cv2.rectangle(image, (left, 6), (left + 6, 58), COLOURS[colour], -1)
    return image


def album(root: Path, each: int) -> Path:
    """``each`` pictures in each of the folders red_dress, blue_dress, red_jeans, blue_jeans."""
    for colour in COLOURS:
        for kind in ("dress", "jeans"):
            folder = root / f"{colour}_{kind}"
            folder.mkdir(parents=True)
            for number in range(each):
                picture = cv2.cvtColor(draw(colour, kind, number), cv2.COLOR_RGB2BGR)
                cv2.imwrite(str(folder / f"{number}.png"), picture)
    return root


def catalogue(root: Path, each: int) -> Path:
    """The same as a CSV beside its pictures, in a retailer's words."""
    rows = ["id,name,category,type,colour,image"]
    album(root / "images", each)
    for colour in COLOURS:
        for kind, article_type in (("dress", "Dresses"), ("jeans", "Jeans")):
            for number in range(each):
                file = f"images/{colour}_{kind}/{number}.png"
                rows.append(
                    f"{len(rows)},Model {kind} {number},Apparel,{article_type},{colour.title()},{file}"
                )
    (root / "products.csv").write_text("\n".join(rows) + "\n")
    return root
