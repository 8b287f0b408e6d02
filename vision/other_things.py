"""Pictures of what no shop of clothes sells, so that a network learns to say so: drawn ones, streets without people."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from catalog.drawing.photo import background
from catalog.images import RGB, decode_image
from vision.datasets import DECODED, Dataset, DatasetError, Picture
from vision.labels import OTHER

SIDE = 200
PER_PHOTO = 4
LEAST_SIDE = 60  # pixels of a street photo
TRIES = 40
WORDS = (
    "the",
    "quick",
    "brown",
    "fox",
    "jumps",
    "over",
    "lazy",
    "dog",
    "total",
    "order",
    "2024",
    "name",
    "date",
)

Mask = npt.NDArray[np.uint8]


def drawn_others(n: int, seed: int) -> Dataset:
    """``n`` pictures drawn by code: empty floors, plain walls, noise, pages of text, scattered shapes, charts."""
    draw = (_floor, _wall, _noise, _page, _shapes, _chart)
    return Dataset(
        f"{n} drawn other things, seed {seed}",
        [_picture(f"drawn other {seed}-{i}", draw[i % len(draw)], (seed, i)) for i in range(n)],
        exact=True,
        sells=False,
    )


def _picture(name: str, draw: Callable[[np.random.Generator], RGB], seed: tuple[int, int]) -> Picture:
    return Picture(name, {"subject": OTHER}, lambda: draw(np.random.default_rng(seed)), group=name)


def street_backgrounds(folder: Path, seed: int) -> Dataset:
    """Squares of street photos in which the mask says that nobody is: walls, cars, trees, shop windows.

    Raises:
        DatasetError: when ``folder`` has no ``photos`` and ``masks``.
    """
    masks = sorted((folder / "masks").glob("*.png"))
    photos = {
        file.stem: file for file in (folder / "photos").glob("*") if file.suffix in (".jpg", ".jpeg", ".png")
    }
    pictures = []
    for number, mask in enumerate(masks):
        if mask.stem not in photos:
            continue
        rng = np.random.default_rng((seed, number))
        for i, box in enumerate(_empty_squares(mask, rng)):
            name = f"{folder.name}/{mask.stem} background {i}"
            pictures.append(
                Picture(
                    name, {"subject": OTHER}, _cut(photos[mask.stem], box), group=f"{folder.name} {mask.stem}"
                )
            )
    if not pictures:
        raise DatasetError(
            f"{folder} holds no street photos: photos/ID.jpg beside masks/ID.png are expected."
        )
    return Dataset(f"{folder.name} backgrounds", pictures, exact=True, sells=False)


def _empty_squares(file: Path, rng: np.random.Generator) -> list[tuple[float, float, float, float]]:
    """Squares of a mask that are all background, as shares of its width and height; at most ``PER_PHOTO``."""
    mask = cv2.imread(str(file), cv2.IMREAD_UNCHANGED)
    if mask is None:
        return []
    mask = mask if mask.ndim == 2 else mask[..., 0]
    height, width = mask.shape
    people = cv2.integral((mask > 0).astype(np.uint8))
    found: list[tuple[float, float, float, float]] = []
    for _ in range(TRIES):
        side = int(rng.integers(LEAST_SIDE, max(LEAST_SIDE + 1, min(height, width) * 2 // 3)))
        if side >= min(height, width):
            break
        x, y = int(rng.integers(0, width - side)), int(rng.integers(0, height - side))
        inside = people[y + side, x + side] - people[y, x + side] - people[y + side, x] + people[y, x]
        if not inside:
            found.append((x / width, y / height, (x + side) / width, (y + side) / height))
        if len(found) == PER_PHOTO:
            break
    return found


def _cut(photo: Path, box: tuple[float, float, float, float]) -> Callable[[], RGB]:
    def read() -> RGB:
        rgb = decode_image(photo.read_bytes(), target=DECODED)
        height, width = rgb.shape[:2]
        left, top, right, bottom = box
        part = rgb[round(top * height) : round(bottom * height), round(left * width) : round(right * width)]
        return np.ascontiguousarray(part)

    return read


def _floor(rng: np.random.Generator) -> RGB:
    return background(SIDE, SIDE, rng).astype(np.uint8)


def _wall(rng: np.random.Generator) -> RGB:
    near, far = rng.integers(0, 256, (2, 3))
    slope = np.linspace(0, 1, SIDE)[:, None, None] * np.ones((1, SIDE, 1))
    return np.asarray(near + (far - near) * slope * rng.random(), np.uint8)


def _noise(rng: np.random.Generator) -> RGB:
    coarse = int(rng.integers(2, SIDE))
    small = rng.integers(0, 256, (coarse, coarse, 3 if rng.random() < 0.6 else 1), np.uint8)
    how = cv2.INTER_CUBIC if rng.random() < 0.5 else cv2.INTER_NEAREST
    large = np.atleast_3d(cv2.resize(small, (SIDE, SIDE), interpolation=how))
    return np.asarray(np.repeat(large, 3 // large.shape[2], axis=2), np.uint8)


def _page(rng: np.random.Generator) -> RGB:
    page = np.full((SIDE, SIDE, 3), rng.integers(225, 256), np.uint8)
    size, step = float(rng.uniform(0.25, 0.8)), int(rng.integers(10, 24))
    ink = tuple(int(x) for x in rng.integers(0, 90, 3))
    for y in range(step, SIDE, step):
        line = " ".join(rng.choice(WORDS, 8))[: int(rng.integers(4, 40))]
        cv2.putText(
            page, line, (int(rng.integers(4, 16)), y), cv2.FONT_HERSHEY_SIMPLEX, size, ink, 1, cv2.LINE_AA
        )
    return page


def _shapes(rng: np.random.Generator) -> RGB:
    picture = _wall(rng)
    for _ in range(int(rng.integers(3, 14))):
        colour = tuple(int(x) for x in rng.integers(0, 256, 3))
        points = rng.integers(0, SIDE, (int(rng.integers(3, 7)), 2)).astype(np.int32)
        if rng.random() < 0.5:
            cv2.fillPoly(picture, [points], colour, cv2.LINE_AA)
        else:
            centre, axes = points[0].tolist(), (rng.integers(4, SIDE // 3, 2)).tolist()
            cv2.ellipse(picture, centre, axes, float(rng.integers(0, 180)), 0, 360, colour, -1, cv2.LINE_AA)
    return picture


def _chart(rng: np.random.Generator) -> RGB:
    chart = np.full((SIDE, SIDE, 3), 250, np.uint8)
    colours = [tuple(int(x) for x in row) for row in rng.integers(0, 220, (5, 3))]
    if rng.random() < 0.5:
        for number, height in enumerate(rng.integers(10, SIDE - 30, 8)):
            left = 14 + number * 23
            cv2.rectangle(
                chart, (left, SIDE - 12), (left + 15, SIDE - 12 - int(height)), colours[number % 5], -1
            )
    else:
        for colour in colours[: int(rng.integers(1, 5))]:
            heights = np.cumsum(rng.normal(0, 12, 30)) + SIDE / 2
            points = np.column_stack([np.linspace(12, SIDE - 8, 30), heights]).astype(np.int32)
            cv2.polylines(chart, [points], False, colour, 2, cv2.LINE_AA)
    cv2.line(chart, (10, 6), (10, SIDE - 10), (40, 40, 40), 1)
    cv2.line(chart, (10, SIDE - 10), (SIDE - 6, SIDE - 10), (40, 40, 40), 1)
    return chart
