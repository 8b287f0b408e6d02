"""The colour of a garment: its pixels alone, in a space where distances look like differences.

All colours are CIE L*a*b* (D65, L from 0 to 100). ``garment_pixels`` says which pixels count.
"""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from catalog.images import RGB, resize_within
from vision.detection import main_mask

Floats = npt.NDArray[np.float32]
Lab = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

HISTOGRAM_SIZE = 64
LONGEST_SIDE = 96
BACKGROUND_TOLERANCE = 4.0  # Lab units: paper and its soft shadows, not yet an off-white shirt
SMALLEST_GARMENT = 0.04  # of the picture; below that the "garment" is noise and the whole picture counts

# Where the histogram's soft bins have their centres. Greys have no hue worth telling, pale colours need
# little lightness.
HUES = 12
CHROMAS = (5.0, 14.0, 40.0)  # grey, pale, vivid
GREY_LIGHTNESSES = (15.0, 40.0, 65.0, 90.0)
LIGHTNESSES = (25.0, 50.0, 75.0)

MERGE_RADIUS = 20.0  # Lab units within which shades are folds and shadows of one colour
CELL = 8.0
SMALLEST_SHARE = 0.04

COLOUR_NAMES = {
    "Black": "#141414", "Charcoal": "#5a5c60", "Grey": "#8a8c8e", "Silver": "#b4b6b9", "White": "#fafafa",
    "Cream": "#f3ead2", "Beige": "#d9c3a0", "Tan": "#c19a6b", "Khaki": "#a49a70", "Brown": "#6b4428",
    "Maroon": "#6a1f2b", "Red": "#c8202f", "Rust": "#b0522a", "Orange": "#f0822d", "Peach": "#f7bd9c",
    "Mustard": "#d4a32a", "Yellow": "#f5dc3d", "Olive": "#6b6b33", "Green": "#2f8a44", "Lime": "#a6cf3f",
    "Teal": "#1b7a7c", "Turquoise": "#43bfc7", "Sky blue": "#8fc1e8", "Blue": "#2a5fb8", "Navy": "#1d2747",
    "Purple": "#6b3a8c", "Lavender": "#b9a6d8", "Magenta": "#c3288c", "Pink": "#f0a3bd",
}  # fmt: skip


def garment_colours(rgb: RGB, n: int = 3, mask: Mask | None = None) -> list[tuple[str, float]]:
    """Return the garment's main colours as ("#rrggbb", share of the garment), the largest share first; 1 to n
    of them. ``mask`` (bool, any size) says which pixels are the garment's where somebody knows better than this module.

    The popularity algorithm (Heckbert, "Color Image Quantization for Frame Buffer Display", 1982): the
    commonest shade takes everything near it, then the commonest of the rest. No random start, so the same
    picture has the same colours.
    """
    pixels = _garment_pixels(rgb, mask)
    cells, place, counts = np.unique(
        np.floor(pixels / CELL).astype(np.int32), axis=0, return_inverse=True, return_counts=True
    )
    sums = np.stack(
        [np.bincount(place.ravel(), pixels[:, i], minlength=len(cells)) for i in range(3)], axis=1
    )
    shades = sums / counts[:, None]
    left = counts.astype(np.float64)
    colours: list[tuple[str, float]] = []
    while len(colours) < n and left.any():
        near = (np.linalg.norm(shades - shades[left.argmax()], axis=1) <= MERGE_RADIUS) & (left > 0)
        share = float(left[near].sum() / len(pixels))
        if share >= SMALLEST_SHARE or not colours:
            colours.append(
                (_hex_of_lab(np.average(shades[near], axis=0, weights=left[near])), round(share, 4))
            )
        left[near] = 0
    return sorted(colours, key=lambda colour: -colour[1])


def colour_histogram(rgb: RGB, mask: Mask | None = None) -> Floats:
    """Count the garment's colours in 64 soft bins of hue, chroma and lightness: float32 (64,), L2 norm 1.

    The square root of the shares (Hellinger), so that a small print counts beside a large ground.
    """
    pixels = _garment_pixels(rgb, mask)
    grey, pale, vivid = _soft_bins(np.hypot(pixels[:, 1], pixels[:, 2]), CHROMAS).T
    hue = np.degrees(np.arctan2(pixels[:, 2], pixels[:, 1])) % 360 * HUES / 360
    hues = np.zeros((len(pixels), HUES))
    everyone, lower = np.arange(len(pixels)), hue.astype(int) % HUES
    hues[everyone, lower] = 1 - hue % 1
    hues[everyone, (lower + 1) % HUES] += hue % 1
    dark, middle, light = _soft_bins(pixels[:, 0], LIGHTNESSES).T
    counts = np.concatenate(
        [
            grey @ _soft_bins(pixels[:, 0], GREY_LIGHTNESSES),
            (hues.T @ (pale[:, None] * np.stack([dark + middle / 2, light + middle / 2], axis=1))).ravel(),
            (hues.T @ (vivid[:, None] * np.stack([dark, middle, light], axis=1))).ravel(),
        ]
    )
    histogram: Floats = np.sqrt(counts / counts.sum()).astype(np.float32)
    return histogram


def nearest_colour_name(colour: str) -> str:
    """Name a colour given as "#rrggbb" in a shopper's words."""
    distances = np.linalg.norm(_NAMED - _naming_space(lab_of([colour])), axis=1)
    return list(COLOUR_NAMES)[int(distances.argmin())]


def lab_of(colours: Sequence[str]) -> Lab:
    """Turn "#rrggbb" colours into Lab, float32 (m, 3). Raises ``ValueError`` for anything else."""
    try:
        rgb = np.array([list(bytes.fromhex(colour.removeprefix("#"))) for colour in colours], np.uint8)
        rows = rgb.reshape(1, len(colours), 3)
    except ValueError as error:
        raise ValueError(f"{colours!r} are not colours; write them as #rrggbb") from error
    return _lab(rows)[0] if len(colours) else np.zeros((0, 3), np.float32)  # OpenCV refuses empty arrays


def colour_harmony(lab: Lab, others: Lab) -> npt.NDArray[np.float64]:
    """Say how well colours go together, 0.3..1: float64 (m, k) for Lab colours (m, 3) and (k, 3).

    Greys go with everything. Two strong colours go together when their hues are neighbours or opposites,
    after the hue templates of Cohen-Or et al., "Color Harmonization", 2006; between those the weaker the
    colours, the better.
    """
    hue, other_hue = np.arctan2(lab[:, 2], lab[:, 1]), np.arctan2(others[:, 2], others[:, 1])
    apart = np.abs((hue[:, None] - other_hue + np.pi) % (2 * np.pi) - np.pi)
    template = np.maximum(np.exp(-((apart / 0.6) ** 2)), 0.85 * np.exp(-(((np.pi - apart) / 0.5) ** 2)))
    chroma, other_chroma = np.hypot(lab[:, 1], lab[:, 2]), np.hypot(others[:, 1], others[:, 2])
    strength = np.clip((np.minimum(chroma[:, None], other_chroma) - 8) / 32, 0, 1)
    harmony: npt.NDArray[np.float64] = 1 - 0.7 * strength * (1 - template)
    return harmony


def unlike_border(rgb: RGB) -> Mask:
    """What the background does not reach from the border, bool (h, w): everything like the border and joined with it
    is left out. All True where what remains is too little to be a garment."""
    lab = _lab(rgb)
    # A frame of background around the picture joins what touches the border on any side.
    framed = np.pad(_like_border(lab).astype(np.uint8), 1, constant_values=1)
    _, regions = cv2.connectedComponents(framed, connectivity=4)
    garment: Mask = (regions != regions[0, 0])[1:-1, 1:-1]
    return garment if garment.mean() >= SMALLEST_GARMENT else np.ones_like(garment)


def garment_pixels(rgb: RGB, found: Floats | None = None) -> Mask:
    """Which pixels of a picture (h, w, 3) are the main garment's, bool of any size: by the map of garments ``found`` in
    it (``vision.detection``), else, and where the map sees none, by what the border does not reach.

    One rule for catalogue pictures and photos: on white paper the map leaves out the wearer and what else is worn, on
    a floor it leaves out the floor. docs/benchmarks.md has what each way is worth.
    """
    if found is not None:
        mask = main_mask(found, (found.shape[0], found.shape[1]))
        if mask.mean() >= SMALLEST_GARMENT:
            return mask
    return unlike_border(resize_within(rgb, LONGEST_SIDE))


def _like_border(lab: Lab) -> Mask:
    like: Mask = np.linalg.norm(lab - np.median(_border_of(lab), axis=0), axis=2) < BACKGROUND_TOLERANCE
    return like


def _border_of(picture: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The outermost pixels of (h, w, c), as (k, c)."""
    return np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])


def _garment_pixels(rgb: RGB, mask: Mask | None) -> Lab:
    """Lab pixels of the garment, float32 (k, 3), k at least 1."""
    small = resize_within(rgb, LONGEST_SIDE)
    lab = _lab(small)
    if mask is not None and mask.mean() >= SMALLEST_GARMENT:
        height, width = lab.shape[:2]
        fitted = cv2.resize(mask.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST)
        masked: Lab = lab[fitted > 0]
        if len(masked):
            return masked
    pixels: Lab = lab[unlike_border(small)]
    return pixels


def _lab(rgb: npt.NDArray[np.uint8]) -> Lab:
    return np.asarray(cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), np.float32)


def _hex_of_lab(lab: npt.NDArray[np.float64]) -> str:
    rgb = cv2.cvtColor(lab.astype(np.float32).reshape(1, 1, 3), cv2.COLOR_LAB2RGB)
    return "#" + bytes(np.clip(np.rint(rgb.ravel() * 255), 0, 255).astype(np.uint8)).hex()


def _naming_space(lab: Lab) -> Lab:
    """Compress chroma: people call a washed-out blue blue, however near to grey it lies.

    Main colours named so fell into the family of the catalogue's own colour for 53 % of 2,421 products, with
    plain Lab distances for 47 %.
    """
    chroma = np.hypot(lab[:, 1], lab[:, 2])[:, None]
    return np.concatenate([lab[:, :1], lab[:, 1:] * 60 / (chroma + 15)], axis=1)


def _soft_bins(values: Floats, centres: Sequence[float]) -> npt.NDArray[np.float64]:
    """Share each value between the two bin centres around it: (k, bins), rows sum to 1."""
    left = np.clip(np.searchsorted(centres, values) - 1, 0, len(centres) - 2)
    low, high = np.array(centres)[left], np.array(centres)[left + 1]
    towards_right = np.clip((values - low) / (high - low), 0, 1)
    shares = np.zeros((len(values), len(centres)))
    everyone = np.arange(len(values))
    shares[everyone, left] = 1 - towards_right
    shares[everyone, left + 1] = towards_right
    return shares


_NAMED = _naming_space(lab_of(list(COLOUR_NAMES.values())))
