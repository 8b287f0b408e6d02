"""Light: a relief of the garment becomes shade and shine, its outline becomes a shadow on the ground.

The relief is a height field in logical units. The light comes from the upper left; a slope that faces it brightens, one
that turns away darkens, and whatever lies under a higher neighbour (a shirt front under its collar) is in its shadow.
Everything here runs at half the picture's resolution, where it is smooth anyway.
"""

from functools import lru_cache

import numpy as np
import skia
from scipy import ndimage

from catalog.drawing.palette import RGB

Grid = np.ndarray

HEIGHT_RANGE = 64.0  # logical units that 1.0 in a relief channel stands for
WRINKLE_RANGE = 4.0

_NOISE_SIDE = 512
_NOISE_UNIT = 2.0  # logical units per noise texel


@lru_cache(maxsize=1)
def _creases() -> Grid:
    """Return periodic creases, mean 0, standard deviation 1: soft hills with sharper valleys between them."""
    rng = np.random.default_rng(5)

    def smooth(sx: float, sy: float) -> Grid:
        field: Grid = ndimage.gaussian_filter(
            rng.standard_normal((_NOISE_SIDE, _NOISE_SIDE)), (sy, sx), mode="wrap"
        )
        return np.asarray(field / field.std())

    field = 0.9 * smooth(16, 26) - 0.55 * np.abs(smooth(7, 13)) - 0.25 * np.abs(smooth(5, 5))
    return np.asarray((field - field.mean()) / field.std(), dtype=np.float32)


def creases(height: int, width: int, unit: float, seed: int) -> Grid:
    """Return (height, width) creases; ``unit`` is the logical size of a pixel, the seed moves the pattern."""
    shift = np.random.default_rng(seed).integers(0, _NOISE_SIDE, 2)
    rows = (np.arange(height) * unit / _NOISE_UNIT + shift[0]).astype(np.intp) % _NOISE_SIDE
    columns = (np.arange(width) * unit / _NOISE_UNIT + shift[1]).astype(np.intp) % _NOISE_SIDE
    return _creases()[np.ix_(rows, columns)]


def blurred(field: Grid, sigma: float) -> Grid:
    """Return the field blurred by two box passes: close to a Gaussian at a fraction of its cost."""
    size = max(1, round(sigma * 2.45))
    once: Grid = ndimage.uniform_filter(field, size, mode="nearest")
    return np.asarray(ndimage.uniform_filter(once, size, mode="nearest"))


def shifted(field: Grid, down: int, right: int) -> Grid:
    """Return the field moved down and right (not negative); its first row and column fill what opens up."""
    rows = np.maximum(np.arange(field.shape[0]) - down, 0)
    columns = np.maximum(np.arange(field.shape[1]) - right, 0)
    return np.asarray(field[np.ix_(rows, columns)])


def _veil(dark: Grid, bright: Grid, tint: RGB) -> skia.Image:
    """Return black and white veils of the given opacities (0..1) as one premultiplied image."""
    pixels = np.empty((*dark.shape, 4), dtype=np.uint8)
    net_bright = bright * (1 - dark)
    for channel in range(3):
        pixels[..., channel] = net_bright * 255 + dark * tint[channel] * (1 - bright)
    pixels[..., 3] = np.minimum((net_bright + dark) * 255, 255)
    pixels[..., :3] = np.minimum(pixels[..., :3], pixels[..., 3:])
    return skia.Image.fromarray(pixels, skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType)


def shading(relief: Grid, unit: float, gloss: float, seed: int, crumple: float = 1.0) -> skia.Image:
    """Turn a relief (h, w, 4: up, down, wrinkle, coverage; float32) into veils of shade and shine.

    ``unit`` is the logical size of a pixel, ``crumple`` enlarges the small creases. The result is drawn over the
    flat colours.
    """
    h, w = relief.shape[:2]
    cover = relief[..., 3]
    field = (relief[..., 0] - relief[..., 1]) * HEIGHT_RANGE
    field = field + creases(h, w, unit, seed) * relief[..., 2] * (WRINKLE_RANGE * 1.3 * crumple)
    field = blurred(field, 2.0 / unit)
    gy, gx = np.gradient(field)
    lit = (gx * 0.85 + gy * 0.55) / unit
    lit = np.tanh(lit * 0.9)

    hood = shifted(blurred(field, 7 / unit), round(7 / unit), round(6 / unit))
    buried = np.clip((hood - field) / 16, 0, 1) ** 1.2
    rim = np.clip(1 - blurred(cover, 8 / unit), 0, 0.5)

    across = np.linspace(-1, 1, w, dtype=np.float32)[None, :]
    along = np.linspace(-1, 1, h, dtype=np.float32)[:, None]
    room = -0.10 * across - 0.05 * along  # the window is at the left
    lit = lit * 0.62 + room

    dark = np.clip(np.clip(-lit, 0, 1) * 0.62 + buried * 0.5 + rim * 0.42, 0, 0.85)
    shine = np.clip(lit - 0.30, 0, 1) ** 1.5 * gloss * 1.5
    bright = np.clip(np.clip(lit, 0, 1) * 0.34 + shine, 0, 0.8) * (1 - rim)
    return _veil(dark, bright, (26, 16, 16))


def shadow(cover: Grid, unit: float, hanging: bool) -> skia.Image:
    """Return the shadow that the outline (h, w coverage, 0..1) throws on the ground or on the wall behind."""
    if hanging:
        near, far = (0.18, 5.0, 5, 7), (0.22, 16.0, 16, 20)
    else:
        near, far = (0.34, 3.0, 2, 4), (0.26, 13.0, 7, 13)
    depth = np.zeros_like(cover)
    for strength, sigma, right, down in (near, far):
        soft = blurred(cover, sigma / unit)
        depth = depth + strength * shifted(soft, round(down / unit), round(right / unit))
    return _veil(np.clip(depth, 0, 0.9), np.zeros_like(depth), (58, 42, 30))


@lru_cache(maxsize=32)
def paper(tone: RGB, width: int, height: int) -> skia.Image:
    """Return a sheet of warm paper: light from the upper left, darker towards the corners, a little grain."""
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    glow = np.exp(-(((x + 0.25) ** 2) / 1.6 + ((y + 0.3) ** 2) / 1.8)) * 0.055
    corners = -0.045 * np.clip(x**2 + y**2 - 0.5, 0, None)
    grain = np.random.default_rng(3).normal(0, 0.004, (height, width)).astype(np.float32)
    level = 0.985 + glow + corners + grain
    pixels = np.full((height, width, 4), 255, dtype=np.uint8)
    pixels[..., :3] = np.clip(level[..., None] * np.array(tone, dtype=np.float32), 0, 255)
    return skia.Image.fromarray(pixels, skia.kRGBA_8888_ColorType)
