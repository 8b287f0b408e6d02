"""Phone photos: grounds to lay things on, and a camera that is not held in a studio."""

import math
from collections.abc import Callable

import numpy as np
from scipy import ndimage

from catalog.drawing.light import creases, shifted

Grid = np.ndarray
Box = tuple[int, int, int, int]


def _smooth(rng: np.random.Generator, height: int, width: int, sy: float, sx: float) -> Grid:
    """Return smooth noise of standard deviation 1, made small and enlarged: wide blurs stay cheap."""
    shrink = max(1, int(min(sy, sx) / 2))
    h, w = height // shrink + 2, width // shrink + 2
    field = ndimage.gaussian_filter(
        rng.standard_normal((h, w)).astype(np.float32), (sy / shrink, sx / shrink)
    )
    field = (field - field.mean()) / (field.std() + 1e-6)
    if shrink > 1:
        field = ndimage.uniform_filter(ndimage.zoom(field, shrink, order=1), shrink)
    return np.asarray(field[:height, :width])


def _tinted(level: Grid, colour: tuple[float, float, float]) -> Grid:
    return np.asarray(level[..., None] * np.array(colour, dtype=np.float32))


def _wood(rng: np.random.Generator, height: int, width: int) -> Grid:
    """Planks, each with its own tone and grain."""
    colour = ((168, 122, 82), (196, 158, 116), (112, 78, 54), (206, 184, 152))[int(rng.integers(4))]
    plank = int(width * rng.uniform(0.13, 0.24))
    level = 1 + 0.05 * _smooth(rng, height, width, 60, 1.6) + 0.03 * _smooth(rng, height, width, 22, 0.8)
    x = (np.arange(width) + int(rng.integers(plank))) % plank
    tone = rng.normal(1, 0.06, width // plank + 3)[(np.arange(width) + plank) // plank]
    gap = 1 - 0.55 * np.exp(-(np.minimum(x, plank - x) ** 2) / 3.0)
    return _tinted(level * (tone * gap)[None, :], colour)


def _bed(rng: np.random.Generator, height: int, width: int) -> Grid:
    """A sheet that somebody slept in."""
    colour = ((232, 228, 220), (196, 204, 212), (214, 196, 184), (120, 130, 140))[int(rng.integers(4))]
    unit = 300 / width
    field = creases(height, width, unit, int(rng.integers(1 << 30))) * 7 + 40 * _smooth(
        rng, height, width, width / 8, width / 5
    )
    gy, gx = np.gradient(ndimage.gaussian_filter(field, width / 150))
    return _tinted(0.92 + 0.16 * np.tanh((gx * 0.5 + gy * 0.4) * width / 300), colour)


def _parquet(rng: np.random.Generator, height: int, width: int) -> Grid:
    """Herringbone blocks."""
    size = width * float(rng.uniform(0.08, 0.13))
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    u, v = (x + y) / size, (x - y) / size
    across = (np.floor(u) + np.floor(v)) % 2
    block = np.where(across > 0, np.floor(u) * 7 + np.floor(v * 3), np.floor(v) * 5 + np.floor(u * 3) + 3)
    tone = 1 + 0.09 * np.sin(block * 12.9898) + 0.04 * _smooth(rng, height, width, 2, 2)
    seam = np.minimum(np.abs((np.where(across > 0, v, u) * 3) % 1 - 0.5), 0.5)
    return _tinted(tone * np.where(seam > 0.47, 0.72, 1.0), (172, 132, 92))


def _carpet(rng: np.random.Generator, height: int, width: int) -> Grid:
    colour = ((150, 146, 140), (120, 108, 98), (176, 166, 150), (94, 100, 112))[int(rng.integers(4))]
    level = 1 + 0.06 * _smooth(rng, height, width, 0.9, 0.9) + 0.06 * _smooth(rng, height, width, 24, 24)
    return _tinted(level, colour)


def _pavement(rng: np.random.Generator, height: int, width: int) -> Grid:
    """Slabs or asphalt, seen from above."""
    level = 1 + 0.045 * _smooth(rng, height, width, 0.8, 0.8) + 0.06 * _smooth(rng, height, width, 30, 30)
    if rng.random() < 0.6:
        slab = int(width * rng.uniform(0.25, 0.45))
        for size, axis in ((width, 1), (height, 0)):
            at = (np.arange(size) + int(rng.integers(slab))) % slab
            joint = 1 - 0.45 * np.exp(-(np.minimum(at, slab - at) ** 2) / 6.0)
            level = level * (joint[None, :] if axis else joint[:, None])
        return _tinted(level, (158, 154, 148))
    return _tinted(level, (104, 104, 106))


_GROUNDS: tuple[Callable[[np.random.Generator, int, int], Grid], ...] = (
    _wood,
    _bed,
    _parquet,
    _carpet,
    _pavement,
)


def background(width: int, height: int, rng: np.random.Generator) -> Grid:
    """Return a ground to lay things on, (height, width, 3) float32, 0..255."""
    ground = _GROUNDS[int(rng.integers(len(_GROUNDS)))](rng, height, width)
    return np.asarray(np.clip(ground, 0, 255), dtype=np.float32)


def _rumpled(piece: Grid, rng: np.random.Generator) -> Grid:
    """Push the cloth about a little: no garment lies as it was cut."""
    height, width = piece.shape[:2]
    reach = width * 0.010
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    spread = width / 9
    rows += reach * _smooth(rng, height, width, spread, spread)
    columns += reach * _smooth(rng, height, width, spread, spread)
    channels = [
        ndimage.map_coordinates(piece[..., c], (rows, columns), order=1, mode="constant") for c in range(4)
    ]
    return np.stack(channels, axis=-1)


def lay(picture: Grid, piece: Grid, corner: tuple[int, int], rng: np.random.Generator) -> Box:
    """Lay a cut-out (h, w, 4 uint8) on the picture (changed in place) with its shadow; return the visible box.

    ``corner`` is where the cut-out's upper left lands; what reaches over the edge is lost. The box is
    (x, y, width, height) in pixels, width and height 0 when nothing is visible.
    """
    straight = piece.astype(np.float32)
    straight[..., :3] *= straight[..., 3:] / 255
    soft = _rumpled(straight, rng)
    height, width = picture.shape[:2]
    left, top = corner
    x0, y0 = max(0, left), max(0, top)
    x1, y1 = min(width, left + piece.shape[1]), min(height, top + piece.shape[0])
    if x1 <= x0 or y1 <= y0:
        return x0, y0, 0, 0
    part = soft[y0 - top : y1 - top, x0 - left : x1 - left]
    cover = part[..., 3:] / 255
    reach = max(2.0, width * 0.008)
    shade = ndimage.gaussian_filter(cover[..., 0], reach)
    shade = shifted(shade, round(reach * 0.9), round(reach * 0.6))[..., None]
    view = picture[y0:y1, x0:x1]
    view *= 1 - 0.5 * shade
    view *= 1 - cover
    view += part[..., :3]
    rows = np.flatnonzero((cover[..., 0] > 0.5).any(axis=1))
    columns = np.flatnonzero((cover[..., 0] > 0.5).any(axis=0))
    if not rows.size:
        return x0, y0, 0, 0
    x, y = int(x0 + columns[0]), int(y0 + rows[0])
    return x, y, int(columns[-1] - columns[0] + 1), int(rows[-1] - rows[0] + 1)


def arrange(n: int, width: int, height: int, rng: np.random.Generator) -> list[Box]:
    """Return ``n`` cells (left, top, width, height) that together fill the picture, each a little off its place."""
    if n == 0:
        return []
    columns = max(1, min(n, round(math.sqrt(n * width / height * 1.15))))
    rows = math.ceil(n / columns)
    cells: list[Box] = []
    for i in range(n):
        row = i // columns
        across = columns if row < rows - 1 else n - columns * (rows - 1)
        wide, tall = width // across, height // rows
        dx, dy = rng.normal(0, 0.012, 2) * (width, height)
        cells.append((int((i % columns) * wide + dx), int(row * tall + dy), wide, tall))
    return cells


class Camera:
    """A phone in somebody's hand: tinted light that falls off, a shadow perhaps, blur, noise."""

    _CASTS = ((1.05, 1.0, 0.89), (1.04, 1.0, 0.93), (0.95, 1.0, 1.06), (1.0, 1.0, 1.0), (1.08, 0.98, 0.84))

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng

    def take(self, scene: Grid) -> Grid:
        """Return the photo of a scene (h, w, 3 float32, 0..255) as uint8."""
        rng = self._rng
        height, width = scene.shape[:2]
        y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
        x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
        angle = float(rng.uniform(0, 2 * math.pi))
        fall = 1 + float(rng.uniform(0.05, 0.22)) * (x * math.cos(angle) + y * math.sin(angle))
        light = fall * float(rng.choice([1.05, 0.95, 0.82, 0.66])) * (1 - 0.10 * (x**2 + y**2))
        if rng.random() < 0.35:  # the photographer's own shadow
            edge = x * math.sin(angle) + y * math.cos(angle) - float(rng.uniform(0.1, 0.6))
            light = light * (1 - 0.28 / (1 + np.exp(-edge * 14)))
        cast = np.array(self._CASTS[int(rng.integers(len(self._CASTS)))], dtype=np.float32)
        photo = scene * light[..., None] * cast
        softness = float(rng.uniform(0.0, 0.9)) * width / 600
        if softness > 0.25:
            photo = ndimage.gaussian_filter(photo, (softness, softness, 0))
        photo = photo + rng.normal(0, float(rng.uniform(1.0, 5.0)), scene.shape).astype(np.float32)
        return np.clip(photo, 0, 255).astype(np.uint8)
