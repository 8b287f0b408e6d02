"""Several products in one photo: a map of garments in, boxes out. LiteRT, OpenCV and NumPy; TensorFlow is never loaded.

The network (``vision.garment_maps``) says for every fourth pixel what it belongs to, one of ``CLASSES``. What is joined
in that map is a piece; pieces of one class are put together where somebody wears them (a coat that a bag strap cuts in
two, a pair of shoes), and left apart where they lie side by side.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from ai_edge_litert.interpreter import Interpreter

from vision.model_files import DETECTOR, ModelError, read_manifest

RGB = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Box = tuple[int, int, int, int]

# The channels of the map. Accessories have channels of their own, since a hat and a belt are two pieces, not one.
GROUND, BODY = "ground", "body"
CLASSES = (
    GROUND, BODY, "top", "bottom", "dress", "outerwear", "shoes", "bag",
    "headwear", "eyewear", "neckwear", "belt", "hosiery", "jewellery",
)  # fmt: skip
KINDS = ("top", "bottom", "dress", "outerwear", "shoes", "bag", "accessory")
PAIRED = frozenset({"shoes", "hosiery", "jewellery"})

SIDE = 320  # the square that a picture is fitted into, margins grey
MARGIN = 127
MOST_REGIONS = 8
SMALLEST_PIECE = 0.0015  # of the picture: below that nothing could be recognised in the box
SMALLEST_PART = 0.05  # of the largest piece of a class: below that a part is a stray patch
SOMEBODY = 0.004  # of the picture: with that much skin and hair the garments are worn
SAME_PIECE = 0.65  # IoU of two boxes that a shopper would call the same
# A second reading of a pixel counts from this probability on.
SECOND_READING = 0.25
LEAST_SCORE = 0.2


@dataclass(frozen=True, eq=False)
class Region:
    """One product in a picture: ``box`` (x, y, width, height) in pixels of it, ``kind`` one of ``KINDS``, ``score``
    0..1, and the product's pixels, bool (height, width of the picture)."""

    box: Box
    kind: str
    score: float
    mask: Mask | None = None


class Detector:
    """A loaded garment map. ``Detector.load(folder).pieces(picture)`` is all that is needed.

    Not safe for two threads at once: give each its own.
    """

    def __init__(self, graph: bytes, num_threads: int = 1) -> None:
        self._interpreter = Interpreter(model_content=graph, num_threads=num_threads)
        self._run = self._interpreter.get_signature_runner()

    @classmethod
    def load(cls, folder: Path, num_threads: int = 1) -> "Detector":
        """Open the detector in a model folder after holding its files against the manifest.

        Raises:
            ModelError: when the folder has no detector, or a file is missing, changed or not of this project's making.
        """
        if DETECTOR not in read_manifest(folder)["sha256"]:
            raise ModelError(f"The model in {folder} has no detector. Train one with train_detector.")
        try:
            detector = cls((folder / DETECTOR).read_bytes(), num_threads)
            detector.map(np.zeros((8, 8, 3), np.uint8))
        except (KeyError, TypeError, ValueError, AttributeError, RuntimeError) as error:
            raise ModelError(f"The detector in {folder} cannot be used ({error}). Train it again.") from error
        return detector

    def map(self, rgb: RGB) -> Floats:
        """What each part of a picture (h, w, 3) belongs to: probabilities (rows, columns, classes).

        The map has the picture's shape, its longer side ``SIDE``.

        Raises:
            ValueError: when the graph does not answer in ``CLASSES``.
        """
        fitted, (rows, columns) = fit_into_square(rgb, SIDE)
        (coarse,) = self._run(image=fitted[None].astype(np.float32))["classes"]
        if coarse.shape[-1] != len(CLASSES):
            raise ValueError(f"it knows {coarse.shape[-1]} classes, not {len(CLASSES)}")
        fine = cv2.resize(coarse, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
        return np.asarray(fine[:rows, :columns], np.float32)

    def pieces(self, rgb: RGB) -> list[Region]:
        """The products in a picture (h, w, 3), the surest first, at most ``MOST_REGIONS``; none where none is seen."""
        return regions_in(self.map(rgb), rgb.shape[:2])

    def garment_mask(self, rgb: RGB, box: Box | None = None) -> Mask:
        """The pixels of the main product of a picture, or of what a box of it shows: bool (h, w).

        All False where no product is seen.
        """
        return main_mask(self.map(rgb), rgb.shape[:2], box)


def fit_into_square(rgb: RGB, side: int) -> tuple[RGB, tuple[int, int]]:
    """Bring a picture into the upper left of a grey (side, side, 3) square without squeezing it.

    Also returns the rows and columns that it fills.
    """
    height, width = rgb.shape[:2]
    scale = side / max(height, width)
    rows, columns = max(1, round(height * scale)), max(1, round(width * scale))
    shrinks = scale < 1
    fitted = np.full((side, side, 3), MARGIN, np.uint8)
    fitted[:rows, :columns] = cv2.resize(
        rgb, (columns, rows), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    )
    return fitted, (rows, columns)


def shows_somebody(probabilities: Floats) -> bool:
    """Whether a map (rows, columns, classes) shows so much skin and hair that what it shows is worn."""
    return _is_worn(probabilities.argmax(axis=2))


def _is_worn(best: npt.NDArray[np.int64]) -> bool:
    return float((best == CLASSES.index(BODY)).mean()) >= SOMEBODY


def kind_of(name: str) -> str:
    """The kind of product that a class of the map is."""
    return name if name in KINDS else "accessory"


def regions_in(probabilities: Floats, shape: tuple[int, int]) -> list[Region]:
    """Read products off a map (rows, columns, classes) of a picture of ``shape`` (height, width), the surest first.

    Of two boxes that overlap by more than ``SAME_PIECE`` only the surer is kept.
    """
    best = probabilities.argmax(axis=2)
    worn = _is_worn(best)
    candidates = _maybe_dresses(probabilities, best)
    for channel, name in enumerate(CLASSES):
        if name in (GROUND, BODY):
            continue
        probability = probabilities[..., channel]
        candidates += _pieces_of(name, probability, best == channel, worn)
        # What came second in places: a sleeve in the shade, a jacket half taken for a shirt.
        wider = _pieces_of(name, probability, probability >= SECOND_READING, worn)
        candidates += [replace(piece, score=piece.score * 0.8) for piece in wider]
    candidates.sort(key=lambda region: -region.score)
    kept: list[Region] = []
    for region in candidates:
        if region.score >= LEAST_SCORE and all(iou(region.box, other.box) < SAME_PIECE for other in kept):
            kept.append(region)
    return [_enlarged(region, probabilities.shape[:2], shape) for region in kept[:MOST_REGIONS]]


def main_mask(probabilities: Floats, shape: tuple[int, int], box: Box | None = None) -> Mask:
    """The pixels of the product that fills most of a picture of ``shape`` or of a box of it: bool ``shape``.

    Pixels count more towards the middle. All False where no product is seen.
    """
    height, width = shape
    fine = cv2.resize(probabilities, (width, height), interpolation=cv2.INTER_LINEAR)
    x, y, wide, tall = box or (0, 0, width, height)
    part = fine[max(0, y) : y + tall, max(0, x) : x + wide]
    mask = np.zeros(shape, bool)
    if not part.size:
        return mask
    best = part.argmax(axis=2)
    rows, columns = np.ogrid[-1 : 1 : best.shape[0] * 1j, -1 : 1 : best.shape[1] * 1j]
    weights = np.exp(-(rows**2 + columns**2))
    amounts = np.bincount(best.ravel(), weights.ravel(), minlength=len(CLASSES))
    amounts[[CLASSES.index(GROUND), CLASSES.index(BODY)]] = 0
    if amounts.any():
        mask[max(0, y) : y + tall, max(0, x) : x + wide] = best == amounts.argmax()
    return mask


def region_at(regions: Sequence[Region], x: float, y: float) -> Region | None:
    """The region that a tap on (x, y) means: the smallest whose pixels are there, else the smallest box around it."""
    around = [
        region
        for region in regions
        if 0 <= x - region.box[0] < region.box[2] and 0 <= y - region.box[1] < region.box[3]
    ]
    on = [region for region in around if region.mask is not None and region.mask[int(y), int(x)]]
    return min(on or around, key=lambda region: region.box[2] * region.box[3], default=None)


def iou(a: Sequence[float], b: Sequence[float]) -> float:
    """How far two boxes (x, y, width, height) are the same: the area of both over the area of either, 0..1."""
    wide = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    tall = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    both = max(0.0, wide) * max(0.0, tall)
    either = a[2] * a[3] + b[2] * b[3] - both
    return both / either if either > 0 else 0.0


def _pieces_of(name: str, probability: Floats, mask: Mask, worn: bool) -> list[Region]:
    """The pieces of one class: all parts together where they are worn or come in pairs, and each part that stands
    alone."""
    parts = _parts(mask)
    if not parts:
        return []
    whole = np.logical_or.reduce(parts)
    kind = kind_of(name)
    together = [_region(kind, whole, probability)]
    if len(parts) == 1:
        return together
    alone = [_region(kind, part, probability) for part in parts]
    if worn or name in PAIRED:
        # Parts are the weaker guess: half a coat, one shoe.
        return together + [replace(part, score=part.score * 0.6) for part in alone]
    return alone


def _maybe_dresses(probabilities: Floats, best: npt.NDArray[np.int64]) -> list[Region]:
    """Tops, bottoms and dresses that touch, as one piece: a dress may have been read as a top and a skirt."""
    of_a_dress = [CLASSES.index(name) for name in ("top", "bottom", "dress")]
    return [
        _region("dress", part, probabilities[..., CLASSES.index("dress")])
        for part in _parts(np.isin(best, of_a_dress))
        if len(np.unique(best[part])) > 1
    ]


def _parts(mask: Mask) -> list[Mask]:
    """The joined parts of a mask that are large enough to be a product, the largest first."""
    if np.count_nonzero(mask) < SMALLEST_PIECE * mask.size:
        return []  # most classes are not in the picture: joining nothing takes as long as joining something
    _n, numbers, figures, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    areas = figures[1:, cv2.CC_STAT_AREA]
    least = max(SMALLEST_PIECE * mask.size, SMALLEST_PART * areas.max(initial=0))
    return [numbers == 1 + int(i) for i in np.argsort(-areas) if areas[i] >= least]


def _region(kind: str, mask: Mask, probability: Floats) -> Region:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    box = (
        int(columns[0]),
        int(rows[0]),
        int(columns[-1] - columns[0] + 1),
        int(rows[-1] - rows[0] + 1),
    )
    return Region(box, kind, float(probability[mask].mean()), mask)


def _enlarged(region: Region, small: Sequence[int], shape: tuple[int, int]) -> Region:
    """The region in pixels of the picture."""
    (rows, columns), (height, width) = small, shape
    x, y, wide, tall = region.box
    left, top = round(x * width / columns), round(y * height / rows)
    right, bottom = round((x + wide) * width / columns), round((y + tall) * height / rows)
    mask = cv2.resize(
        np.asarray(region.mask, np.uint8), (width, height), interpolation=cv2.INTER_NEAREST
    ).astype(bool)
    return replace(region, box=(left, top, max(1, right - left), max(1, bottom - top)), mask=mask)
