"""What a garment map is learnt from: street photos with a label per pixel, and garments pasted onto grounds.

A shop's photos show one garment on white paper, so its outline is what the paper does not reach; drawn garments know
theirs. Pasted singly or severally onto floors, beds and plain paper they become photos whose truth is exact.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from catalog.drawing.demo import demo_products
from catalog.drawing.photo import background
from catalog.drawing.render import cut_out
from catalog.images import RGB, ImageRejected, decode_image, resize_within
from vision.datasets import Dataset, split_groups
from vision.detection import CLASSES, GROUND, MARGIN
from vision.duplicates import group_near_duplicates, perceptual_hash
from vision.labels import shelf_of

Labels = npt.NDArray[np.uint8]

LONGEST = 360  # pixels of a street photo as it is kept: a little more than the network sees
PIECE = 200  # longest side of a cut-out garment
GROUNDS = 40

# The street masks' labels in the map's classes; "null" is the ground.
_STREET = {
    GROUND: "null",
    "body": "skin hair",
    "top": "blouse bodysuit bra hoodie jumper shirt sweater sweatshirt t-shirt top intimate swimwear",
    "bottom": "jeans leggings pants shorts skirt tights panties",
    "dress": "dress romper",
    "outerwear": "blazer cape cardigan coat jacket suit vest",
    "shoes": "boots clogs flats heels loafers pumps sandals shoes sneakers wedges",
    "bag": "bag purse wallet",
    "headwear": "hat",
    "eyewear": "glasses sunglasses",
    "neckwear": "scarf tie",
    "belt": "belt",
    "hosiery": "socks stockings gloves",
    "jewellery": "accessories bracelet earrings necklace ring watch",
}
CLASS_OF_LABEL: Mapping[str, str] = {
    label: name for name, labels in _STREET.items() for label in labels.split()
}

_CLASS_OF_SHELF = {
    "tops": "top", "bottoms": "bottom", "dresses": "dress", "outerwear": "outerwear", "shoes": "shoes", "bags": "bag",
}  # fmt: skip
_ACCESSORIES = {
    "headwear": ("Caps", "Hats", "Hat"),
    "eyewear": ("Sunglasses",),
    "neckwear": ("Scarves", "Stoles", "Mufflers", "Dupatta", "Ties"),
    "belt": ("Belts",),
    "hosiery": ("Socks", "Stockings", "Gloves"),
    "jewellery": ("Watches", "Earrings", "Ring", "Bracelet", "Bangle", "Pendant", "Necklace and Chains"),
    "bag": ("Wallets",),
}
_CLASS_OF_TYPE = {word: name for name, words in _ACCESSORIES.items() for word in words}

PAPER_TOLERANCE = 16  # of 255, on any channel
MOST_SKIN = 0.03  # of a cut-out: above that somebody wears the garment, and the outline holds more than it


class StreetError(Exception):
    """A folder of photos with masks that cannot be used; the text says what is expected."""


@dataclass(frozen=True, eq=False)
class Example:
    """A picture (h, w, 3) and the class of each of its pixels, uint8 (h, w), as positions in ``CLASSES``."""

    name: str
    rgb: RGB
    labels: Labels


@dataclass(frozen=True, eq=False)
class CutOut:
    """A garment alone: (h, w, 4) uint8 RGBA, and its class as a position in ``CLASSES``."""

    rgba: npt.NDArray[np.uint8]
    class_: int


def read_label_names(file: Path) -> list[str]:
    """The labels' names by their numbers, from lines of ``number<TAB>name``.

    Raises:
        StreetError: when the file is not of that form.
    """
    try:
        rows = [line.split("\t") for line in file.read_text().splitlines() if line.strip()]
        names = {int(number): name.strip() for number, name in rows}
        return [names[number] for number in range(len(names))]
    except (OSError, ValueError, KeyError) as error:
        raise StreetError(
            f"{file} cannot be read as labels ({error}). Expected lines of: number, tab, name."
        ) from error


def photo_pairs(photos: Path, masks: Path) -> list[tuple[Path, Path]]:
    """Photos (``NAME.jpg``) with their masks (``NAME.png``), in the order of their names.

    Raises:
        StreetError: when there is none.
    """
    pairs = [(photo, masks / f"{photo.stem}.png") for photo in sorted(photos.glob("*.jpg"))]
    pairs = [(photo, mask) for photo, mask in pairs if mask.is_file()]
    if not pairs:
        raise StreetError(f"{photos} and {masks} hold no pairs NAME.jpg and NAME.png.")
    return pairs


def read_mask(file: Path, n_labels: int) -> Labels:
    """The label number of each pixel, uint8 (h, w).

    Raises:
        StreetError: when the file is no such picture.
    """
    mask = cv2.imread(str(file), cv2.IMREAD_UNCHANGED)
    if mask is None or mask.ndim != 2 or mask.dtype != np.uint8 or mask.max() >= n_labels:
        raise StreetError(f"{file} is no grey 8-bit PNG of label numbers below {n_labels}.")
    return np.asarray(mask, np.uint8)


def read_street(folder: Path) -> list[Example]:
    """All photos of ``photos/``, ``masks/`` and ``labels.txt``, no longer than ``LONGEST`` pixels.

    Raises:
        StreetError: when something is missing or not what it should be.
    """
    names = read_label_names(folder / "labels.txt")
    unknown = sorted(set(names) - CLASS_OF_LABEL.keys())
    if unknown:
        raise StreetError(
            f"{folder / 'labels.txt'} names {', '.join(unknown[:5])}, which no class stands for."
        )
    classes = np.array([CLASSES.index(CLASS_OF_LABEL[name]) for name in names], np.uint8)
    examples = []
    for photo, file in photo_pairs(folder / "photos", folder / "masks"):
        rgb = resize_within(decode_image(photo.read_bytes(), target=2 * LONGEST), LONGEST)
        mask = cv2.resize(read_mask(file, len(names)), rgb.shape[1::-1], interpolation=cv2.INTER_NEAREST)
        examples.append(Example(photo.stem, rgb, classes[mask]))
    return examples


def hold_out(examples: Sequence[Example], share: float, seed: int) -> npt.NDArray[np.bool_]:
    """Which photos to hold out, bool (n,): near-duplicates stay on one side."""
    groups = group_near_duplicates([perceptual_hash(example.rgb) for example in examples])
    return split_groups(list(groups), share, seed)


def cut_from_shop(dataset: Dataset, most_per_class: int, seed: int) -> list[CutOut]:
    """Garments cut from white-ground photos, at most ``most_per_class`` of a class, chosen by ``seed``.

    What somebody wears is left out: its outline holds the wearer too.
    """
    found: list[CutOut] = []
    counts = np.zeros(len(CLASSES), int)
    for i in np.random.default_rng(seed).permutation(len(dataset.pictures)):
        picture = dataset.pictures[i]
        class_ = _class_of(picture.words.get("type", ""))
        if class_ is None or counts[class_] >= most_per_class:
            continue
        try:
            rgb = resize_within(picture.read(), PIECE)
        except (ImageRejected, OSError, ValueError):
            continue  # a picture that cannot be read is no loss among thousands
        mask = _outline(rgb)
        if not 0.03 < mask.mean() < 0.9 or _skin(rgb)[mask].mean() > MOST_SKIN:
            continue
        counts[class_] += 1
        mask = cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0  # no rim of paper
        found.append(CutOut(_trimmed(np.dstack([rgb, mask.astype(np.uint8) * 255])), class_))
    return found


def cut_from_drawings(n: int, seed: int) -> list[CutOut]:
    """``n`` drawn garments, crumpled and turned a little."""
    rng = np.random.default_rng(seed)
    found = []
    for product in demo_products(n, seed):
        class_ = _class_of(product.article_type)
        if class_ is not None:
            turn, creases = float(rng.normal(0, 8)), int(rng.integers(1 << 30))
            rgba = cut_out(product, PIECE * 3 // 4, PIECE, turn, 0.95, creases)
            found.append(CutOut(_trimmed(np.asarray(rgba, np.uint8)), class_))
    return found


def draw_grounds(seed: int, n: int = GROUNDS, side: int = 288) -> list[RGB]:
    """Floors, beds and pavements to lay garments on, each (side, side, 3)."""
    rng = np.random.default_rng(seed)
    return [background(side, side, rng).astype(np.uint8) for _ in range(n)]


def compose(
    pieces: Sequence[CutOut], grounds: Sequence[RGB], shape: tuple[int, int], rng: np.random.Generator
) -> Example:
    """Lay one to five garments on a ground, one picture of ``shape`` (height, width).

    Half of the pictures show one garment; a third lie on paper. Later garments may cover a part of earlier ones.
    """
    height, width = shape
    if rng.random() < 1 / 3:
        rgb: RGB = np.full((height, width, 3), rng.integers(235, 256), np.uint8)
    else:
        ground = grounds[int(rng.integers(len(grounds)))]
        turned = np.rot90(ground, int(rng.integers(4)))
        rgb = np.array(cv2.resize(turned, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    labels = np.full(shape, CLASSES.index(GROUND), np.uint8)
    n = 1 if rng.random() < 0.5 else int(rng.integers(2, 6))
    columns = 1 if n == 1 else 2
    rows = -(-n // columns)
    for place in range(n):
        cell = (height / rows, width / columns)
        middle = ((place // columns + 0.5) * cell[0], (place % columns + 0.5) * cell[1])
        _paste(rgb, labels, pieces[int(rng.integers(len(pieces)))], middle, cell, rng)
    return Example("", rgb, labels)


def _paste(
    rgb: RGB,
    labels: Labels,
    piece: CutOut,
    middle: tuple[float, float],
    cell: tuple[float, float],
    rng: np.random.Generator,
) -> None:
    tall, wide = piece.rgba.shape[:2]
    scale = min(cell[0] / tall, cell[1] / wide) * rng.uniform(0.6, 1.15)
    turn = cv2.getRotationMatrix2D((wide / 2, tall / 2), float(rng.normal(0, 12)), scale)
    shift = rng.normal(0, 0.06, 2) * cell
    turn[:, 2] += (middle[1] + shift[1] - wide / 2, middle[0] + shift[0] - tall / 2)
    laid = cv2.warpAffine(piece.rgba, turn, rgb.shape[1::-1], flags=cv2.INTER_AREA)
    cover = cv2.GaussianBlur(laid[..., 3:], (3, 3), 0)[..., None].astype(np.float32) / 255
    rgb[:] = (rgb * (1 - cover) + laid[..., :3] * cover).astype(np.uint8)
    labels[laid[..., 3] > 127] = piece.class_


def vary(example: Example, shape: tuple[int, int], rng: np.random.Generator) -> tuple[RGB, Labels]:
    """The example as another camera might have taken it: nearer or farther, mirrored, in other light.

    Returns a picture and its labels of ``shape`` (height, width); what lies outside the example is grey ground.
    """
    height, width = shape
    tall, wide = example.labels.shape
    scale = min(height / tall, width / wide) * rng.uniform(0.85, 1.4)
    mirror = -1.0 if rng.random() < 0.5 else 1.0
    free = np.array([width - wide * scale, height - tall * scale])
    # Where the picture is smaller than the frame it lies anywhere inside, where it is larger it covers the frame.
    left, top = rng.uniform(np.minimum(free, 0), np.maximum(free, 0))
    move = np.array([[mirror * scale, 0, left if mirror > 0 else left + wide * scale], [0, scale, top]])
    rgb = cv2.warpAffine(
        example.rgb, move, (width, height), flags=cv2.INTER_LINEAR, borderValue=(MARGIN,) * 3
    )
    labels = cv2.warpAffine(
        example.labels, move, (width, height), flags=cv2.INTER_NEAREST, borderValue=CLASSES.index(GROUND)
    )
    gain = rng.uniform(0.7, 1.25) * rng.uniform(0.93, 1.07, 3)
    light = np.clip(255 * (np.arange(256)[:, None] / 255) ** rng.uniform(0.85, 1.2) * gain, 0, 255)
    lit = cv2.LUT(rgb, light.astype(np.uint8)[None])
    return np.asarray(lit, np.uint8), np.asarray(labels, np.uint8)


def _class_of(article_type: str) -> int | None:
    name = _CLASS_OF_TYPE.get(article_type) or _CLASS_OF_SHELF.get(shelf_of(article_type) or "")
    return CLASSES.index(name) if name else None


def _outline(rgb: RGB) -> npt.NDArray[np.bool_]:
    """What the white paper does not reach from the border, bool (h, w)."""
    paper = (rgb >= 255 - PAPER_TOLERANCE).all(axis=2)
    framed = np.pad(paper.astype(np.uint8), 1, constant_values=1)
    _, regions = cv2.connectedComponents(framed, connectivity=4)
    return np.asarray((regions != regions[0, 0])[1:-1, 1:-1], bool)


def _skin(rgb: RGB) -> npt.NDArray[np.bool_]:
    """Pixels in skin's usual range of chroma (Chai & Ngan, Face segmentation using skin-color map, 1999)."""
    chroma = cv2.cvtColor(rgb, cv2.COLOR_RGB2YCrCb)
    return np.asarray(
        (chroma[..., 1] >= 138)
        & (chroma[..., 1] <= 173)
        & (chroma[..., 2] >= 77)
        & (chroma[..., 2] <= 127)
        & (chroma[..., 0] > 60),
        bool,
    )


def _trimmed(rgba: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    rows, columns = np.nonzero(rgba[..., 3] > 127)
    if not len(rows):
        return rgba
    return np.ascontiguousarray(rgba[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1])
