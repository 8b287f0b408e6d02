"""Fabrics: how each is woven, how it creases and how it shines. Textures are tiles made once and repeated."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import skia
from scipy import ndimage

Grid = npt.NDArray[np.float64]

TILE = 256  # texels
TEXELS_PER_UNIT = 1.6  # finer than the picture, so that a detail view still shows threads


@dataclass(frozen=True)
class Fabric:
    """One material.

    ``texture`` names the weave, ``contrast`` is its strength (0..1), ``wrinkle`` the height of small creases in
    logical units, ``fold`` scales the large folds, ``gloss`` (0..1) adds highlights.
    """

    texture: str
    contrast: float = 0.10
    wrinkle: float = 1.0
    fold: float = 1.0
    gloss: float = 0.0
    thickness: float = 4.0


FABRICS: dict[str, Fabric] = {
    "Cotton": Fabric("weave", 0.10, 1.3, 1.0),
    "Jersey": Fabric("jersey", 0.09, 1.2, 1.0),
    "Piqué": Fabric("pique", 0.17, 0.9, 0.9),
    "Poplin": Fabric("weave", 0.07, 1.5, 1.1),
    "Oxford": Fabric("pique", 0.10, 1.3, 1.0),
    "Linen": Fabric("linen", 0.13, 2.3, 1.2),
    "Flannel": Fabric("wool", 0.10, 1.1, 0.9),
    "Denim": Fabric("denim", 0.16, 1.2, 0.9, 0.0, 5.0),
    "Twill": Fabric("twill", 0.14, 1.1, 0.9),
    "Corduroy": Fabric("corduroy", 0.34, 0.9, 0.8, 0.05, 5.0),
    "Wool": Fabric("wool", 0.11, 0.8, 0.8, 0.0, 6.0),
    "Tweed": Fabric("tweed", 0.36, 0.8, 0.7, 0.0, 6.0),
    "Merino": Fabric("knit", 0.15, 0.8, 0.9, 0.0, 5.0),
    "Lambswool": Fabric("knit", 0.24, 0.8, 0.8, 0.0, 7.0),
    "Chunky knit": Fabric("cable", 0.42, 0.6, 0.7, 0.0, 9.0),
    "Rib": Fabric("rib", 0.20, 0.5, 0.6, 0.0, 5.0),
    "Fleece": Fabric("wool", 0.10, 1.1, 1.0, 0.0, 7.0),
    "Silk": Fabric("satin", 0.04, 1.2, 1.4, 0.50),
    "Satin": Fabric("satin", 0.04, 1.0, 1.4, 0.65),
    "Viscose": Fabric("weave", 0.06, 1.3, 1.3, 0.10),
    "Chiffon": Fabric("weave", 0.05, 1.2, 1.4, 0.08),
    "Nylon": Fabric("weave", 0.06, 1.8, 1.0, 0.35, 5.0),
    "Down": Fabric("weave", 0.05, 1.9, 0.8, 0.45, 11.0),
    "Leather": Fabric("leather", 0.055, 0.7, 0.9, 0.85, 6.0),
    "Suede": Fabric("suede", 0.09, 0.5, 0.6, 0.0, 6.0),
    "Canvas": Fabric("linen", 0.14, 0.7, 0.7, 0.0, 6.0),
    "Mesh": Fabric("mesh", 0.30, 0.5, 0.6, 0.1, 5.0),
    "Stretch": Fabric("jersey", 0.06, 0.6, 0.9, 0.22, 4.0),
    "Straw": Fabric("straw", 0.40, 0.3, 0.4, 0.1, 6.0),
    "Felt": Fabric("suede", 0.08, 0.5, 0.6, 0.0, 7.0),
    "Rubber": Fabric("plain", 0.05, 0.0, 0.2, 0.25, 8.0),
    "Metal": Fabric("plain", 0.04, 0.0, 0.0, 0.9, 5.0),
}


def _noise(rng: np.random.Generator, sx: float, sy: float) -> Grid:
    """Return smooth periodic noise, mean 0 and standard deviation 1."""
    field: Grid = ndimage.gaussian_filter(rng.standard_normal((TILE, TILE)), (sy, sx), mode="wrap")
    return np.asarray((field - field.mean()) / field.std())


def _rows(period: int) -> Grid:
    return 2 * np.pi * np.arange(TILE)[:, None] / period + np.zeros((1, TILE))


def _columns(period: int) -> Grid:
    return 2 * np.pi * np.arange(TILE)[None, :] / period + np.zeros((TILE, 1))


def _weave(rng: np.random.Generator) -> Grid:
    return (
        0.5 * np.sin(_rows(4)) * np.sin(_columns(4)) + 0.5 * _noise(rng, 0.8, 0.8) + 0.25 * _noise(rng, 9, 9)
    )


def _linen(rng: np.random.Generator) -> Grid:
    slubs = 0.7 * _noise(rng, 18, 0.8) + 0.6 * _noise(rng, 0.8, 18)
    return np.asarray(slubs + 0.4 * np.sin(_rows(4)) * np.sin(_columns(4)) + 0.3 * _noise(rng, 0.7, 0.7))


def _jersey(rng: np.random.Generator) -> Grid:
    return np.asarray(0.7 * np.sin(_columns(4)) + 0.6 * _noise(rng, 0.7, 1.6) + 0.3 * _noise(rng, 10, 10))


def _pique(rng: np.random.Generator) -> Grid:
    grid = np.cos(_columns(8) + _rows(8)) + np.cos(_columns(8) - _rows(8))
    return np.asarray(0.7 * grid + 0.3 * _noise(rng, 0.8, 0.8))


def _twill(rng: np.random.Generator) -> Grid:
    return np.asarray(
        0.9 * np.sin(_columns(8) + _rows(8)) + 0.5 * _noise(rng, 0.8, 0.8) + 0.25 * _noise(rng, 7, 7)
    )


def _denim(rng: np.random.Generator) -> Grid:
    yarn = 0.8 * _noise(rng, 0.8, 5) + 0.5 * _noise(rng, 0.7, 0.7)
    return np.asarray(0.7 * np.sin(_columns(8) + _rows(8)) + yarn + 0.3 * _noise(rng, 14, 14))


def _corduroy(rng: np.random.Generator) -> Grid:
    wale = np.abs(np.sin(_columns(16) / 2)) * 2 - 1.2
    return np.asarray(wale + 0.2 * _noise(rng, 0.8, 2))


def _wool(rng: np.random.Generator) -> Grid:
    return 0.7 * _noise(rng, 0.8, 0.8) + 0.3 * _noise(rng, 2.4, 1.2) + 0.15 * _noise(rng, 8, 8)


def _tweed(rng: np.random.Generator) -> Grid:
    herringbone = np.sin(_rows(8) + np.abs((np.arange(TILE) % 32) - 16)[None, :] * (2 * np.pi / 8))
    flecks = np.clip(_noise(rng, 1.2, 0.9) - 2.0, 0, None) * 2.2
    return np.asarray(0.6 * herringbone + 0.5 * _noise(rng, 0.8, 0.8) + flecks)


def _stitches(rng: np.random.Generator, width: int, height: int) -> Grid:
    """Columns of V-shaped stitches, the right side of a knit."""
    x = (np.arange(TILE) % width) / width * 2 - 1
    slanted = _rows(height) - np.abs(x)[None, :] * 3.4
    gap = -1.3 * np.exp(-((np.abs(x) - 1) ** 2) / 0.02) - 0.7 * np.exp(-(x**2) / 0.012)
    return np.asarray(0.8 * np.sin(slanted) + gap[None, :] + 0.3 * _noise(rng, 0.8, 0.8))


def _knit(rng: np.random.Generator) -> Grid:
    return np.asarray(_stitches(rng, 8, 8) + 0.2 * _noise(rng, 8, 8))


def _cable(rng: np.random.Generator) -> Grid:
    """Two strands that cross, between ribs of stitches."""
    x = np.arange(TILE)[None, :] % 64 - 32
    turn = _rows(64)
    strands = [10 * np.sin(turn / 1.0), -10 * np.sin(turn / 1.0)]
    over = np.cos(turn)
    rope = np.maximum(
        np.exp(-((x - strands[0]) ** 2) / 40) * (1.0 + 0.35 * over),
        np.exp(-((x - strands[1]) ** 2) / 40) * (1.0 - 0.35 * over),
    )
    inside = np.abs(x) < 21
    ground = _stitches(rng, 8, 8) * 0.45
    groove = -1.1 * np.exp(-((np.abs(x) - 22) ** 2) / 6)
    twist = 0.3 * np.sin(_rows(8) + x * 0.5)
    return np.asarray(
        np.where(inside, rope * 2.2 - 1.2 + twist * rope, ground) + groove + 0.15 * _noise(rng, 1, 1)
    )


def _rib(rng: np.random.Generator) -> Grid:
    return np.asarray(np.sin(_columns(16)) + 0.25 * np.sin(_rows(4)) + 0.2 * _noise(rng, 0.8, 2))


def _satin(rng: np.random.Generator) -> Grid:
    return 0.5 * _noise(rng, 0.8, 6) + 0.5 * _noise(rng, 12, 12)


def _leather(rng: np.random.Generator) -> Grid:
    ridges = -np.abs(_noise(rng, 1.5, 1.5)) + 0.8
    return np.asarray(0.8 * ridges + 0.3 * _noise(rng, 12, 12) + 0.2 * _noise(rng, 0.8, 0.8))


def _suede(rng: np.random.Generator) -> Grid:
    return 0.6 * _noise(rng, 1, 1) + 0.5 * _noise(rng, 12, 12)


def _mesh(rng: np.random.Generator) -> Grid:
    holes = np.cos(_columns(8) + _rows(16)) + np.cos(_columns(8) - _rows(16))
    return np.asarray(np.clip(holes, -2, 0.6) + 0.1 * _noise(rng, 1, 1))


def _straw(rng: np.random.Generator) -> Grid:
    basket = np.sin(_rows(16)) * np.sign(np.sin(_columns(16) / 2 + 0.01)) + 0.6 * np.sin(_columns(16))
    return np.asarray(basket + 0.4 * _noise(rng, 3, 0.8))


def _plain(rng: np.random.Generator) -> Grid:
    return _noise(rng, 1, 1)


_WEAVES: dict[str, Callable[[np.random.Generator], Grid]] = {
    "weave": _weave,
    "linen": _linen,
    "jersey": _jersey,
    "pique": _pique,
    "twill": _twill,
    "denim": _denim,
    "corduroy": _corduroy,
    "wool": _wool,
    "tweed": _tweed,
    "knit": _knit,
    "cable": _cable,
    "rib": _rib,
    "satin": _satin,
    "leather": _leather,
    "suede": _suede,
    "mesh": _mesh,
    "straw": _straw,
    "plain": _plain,
}


@lru_cache(maxsize=128)
def texture_tile(texture: str, contrast: float) -> skia.Image:
    """Return the weave as a tile of black and white veils, laid over any colour; it repeats without a seam."""
    field = _WEAVES[texture](np.random.default_rng(11))
    field = np.clip((field - field.mean()) / (2.2 * field.std()), -1, 1) * contrast
    alpha = np.abs(field)
    pixels = np.zeros((TILE, TILE, 4), dtype=np.uint8)
    white = np.where(field > 0, alpha * 0.8, 0.0) * 255
    pixels[..., :3] = white[..., None].round().astype(np.uint8)  # premultiplied
    pixels[..., 3] = (np.where(field > 0, alpha * 0.8, alpha) * 255).round().astype(np.uint8)
    image = skia.Image.fromarray(pixels, skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType)
    return image.withDefaultMipmaps()
