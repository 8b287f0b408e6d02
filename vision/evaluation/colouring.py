"""Whose colour is told, the garment's or the floor's: ways of finding the garment's pixels, held against each other.

Three kinds of pictures, each with what is known of it: a shop's photos (the colour that the shop states), garments cut
from them and laid on drawn floors (every pixel), and street photos with a label per pixel (every pixel). Each way says
which pixels are the garment's; its main colour and its histogram follow from those by the shop's own code.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from catalog.images import RGB, ImageRejected, decode_image, resize_within
from vision.colour import (
    LONGEST_SIDE,
    Mask,
    colour_histogram,
    garment_colours,
    garment_pixels,
    lab_of,
    nearest_colour_name,
    unlike_border,
)
from vision.datasets import Dataset, DatasetError, Picture
from vision.detection import Box, Detector, main_mask
from vision.detection_data import CLASS_OF_LABEL, CutOut, cut_from_shop, draw_grounds, read_mask
from vision.evaluation.classifying import Progress
from vision.labels import colour_family

Floats = npt.NDArray[np.float32]
Way = Callable[[RGB, Floats | None], Mask]
T = TypeVar("T")

LARGEST = 720  # pixels of a street photo's longer side
FLOOR = 256  # pixels of a drawn floor's side
LEAST_PIECE = 0.02  # of a street photo: of less nobody could say the colour
GRABCUT_ROUNDS = 3
TIMED = 40  # pictures
CLOSE = 10.0  # Lab units: the same colour in two photos of it

# The names of ``vision.colour`` that no catalogue uses; the others are in the table of families.
_FAMILY_OF_NAME = {"Sky blue": "Blue", "Turquoise": "Blue", "Navy": "Blue", "Lime": "Green"}


@dataclass(frozen=True, eq=False)
class Shown:
    """A picture (h, w, 3); ``found``: the map of garments (rows, columns, classes) in it and the milliseconds that
    it took; ``truth``: the garment's pixels, bool (h, w), None where nobody knows; ``family`` is that of the colour
    that the shop states (empty: none, or several); ``group`` names the model of the product."""

    rgb: RGB
    found: Floats
    found_ms: float
    truth: Mask | None = None
    family: str = ""
    group: str | None = None


def _whole(rgb: RGB, found: Floats | None) -> Mask:
    return np.ones(rgb.shape[:2], bool)


def _centre(rgb: RGB, found: Floats | None) -> Mask:
    height, width = rgb.shape[:2]
    mask = np.zeros((height, width), bool)
    mask[height // 4 : height - height // 4, width // 4 : width - width // 4] = True
    return mask


def _border(rgb: RGB, found: Floats | None) -> Mask:
    return unlike_border(resize_within(rgb, LONGEST_SIDE))


def _grabcut(rgb: RGB, found: Floats | None) -> Mask:
    """Rother, Kolmogorov and Blake, "GrabCut", 2004, with the border as the known background."""
    small = np.ascontiguousarray(resize_within(rgb, LONGEST_SIDE))
    trimap = np.full(small.shape[:2], cv2.GC_PR_FGD, np.uint8)
    trimap[:2] = trimap[-2:] = trimap[:, :2] = trimap[:, -2:] = cv2.GC_BGD
    ground, garment = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(1)
    cv2.grabCut(small, trimap, None, ground, garment, GRABCUT_ROUNDS, cv2.GC_INIT_WITH_MASK)  # type: ignore[call-overload]
    return np.asarray((trimap == cv2.GC_FGD) | (trimap == cv2.GC_PR_FGD))


def _map(rgb: RGB, found: Floats | None) -> Mask:
    if found is None:
        return np.zeros(rgb.shape[:2], bool)
    return main_mask(found, (found.shape[0], found.shape[1]))


WAYS: Mapping[str, Way] = {
    "whole_picture": _whole,
    "centre": _centre,
    "border": _border,
    "grabcut": _grabcut,
    "map": _map,
    "shop": garment_pixels,
}
_USE_MAP = frozenset({"map", "shop"})


def evaluate_colour(
    products: Dataset,
    street: Sequence[tuple[Path, Path]],
    street_labels: Sequence[str],
    detector: Detector,
    progress: Progress,
    seed: int = 1,
) -> dict[str, Any]:
    """Compare the ``WAYS`` on products, on those of them that can be laid on floors, and on street photos (pairs of
    photo and mask).

    Of each way, for JSON: how often the main colour's name is of the stated family, how often the product with the
    nearest histogram is (never another colour of the same model; the gallery is seen in the same way), the overlap of
    the garment's pixels with the true ones (IoU), how far the main colour is from the one that the true pixels have
    (Lab units; ``close``: nearer than ``CLOSE``), and the milliseconds.

    Raises:
        DatasetError: when there are no products that can be read.
    """
    shop, laid, rejected = _shop_and_floors(products, detector, progress, seed)
    if not shop:
        raise DatasetError(f"{products.name} holds no picture that can be read.")
    worn = _pieces_of_street(street, street_labels, detector, progress)
    ways = {}
    for name, way in progress(WAYS.items(), "ways"):
        gallery = [_described(way, shown) for shown in shop]
        ways[name] = {
            "products": _families(shop, gallery, shop, gallery),
            "floors": {
                **_families(laid, [_described(way, shown) for shown in laid], shop, gallery),
                **_pixels(way, laid),
            },
            "street": _pixels(way, worn),
            "ms": _milliseconds(name, way, [*shop, *laid]),
        }
    return {
        "products": len(shop),
        "floors": len(laid),
        "street": len(worn),
        "ways": ways,
        "rejected": rejected,
    }


def family_of_name(name: str) -> str:
    """The colour family (as the catalogue's colours have them) of one of ``vision.colour.COLOUR_NAMES``."""
    return _FAMILY_OF_NAME.get(name) or colour_family(name) or ""


def _shop_and_floors(
    products: Dataset, detector: Detector, progress: Progress, seed: int
) -> tuple[list[Shown], list[Shown], list[str]]:
    """Every product as the shop shows it, and those that can be cut out laid on a drawn floor; what was rejected."""
    floors = draw_grounds(seed, side=FLOOR)
    shop, laid, rejected = [], [], list(products.rejected)
    for number, picture in enumerate(progress(products.pictures, products.name)):
        try:
            rgb = picture.read()
        except (ImageRejected, OSError, ValueError) as error:
            rejected.append(f"{picture.name}: {error}")
            continue
        known = replace(picture, read=lambda rgb=rgb: rgb)
        shop.append(_shown(rgb, detector, known))
        for piece in cut_from_shop(replace(products, pictures=[known]), 1, seed):
            rng = np.random.default_rng((seed, number))
            photo, truth = lay_on_floor(piece, floors[int(rng.integers(len(floors)))], rng)
            laid.append(replace(_shown(photo, detector, known), truth=truth))
    return shop, laid, rejected


def lay_on_floor(piece: CutOut, floor: RGB, rng: np.random.Generator) -> tuple[RGB, Mask]:
    """A phone's photo of a garment on a square floor, and the garment's pixels in it.

    It fills a fifth to two thirds of the floor, a little turned, in light up to a fourth brighter or darker and a
    little tinted, and has been through a JPEG.
    """
    side = floor.shape[0]
    tall, wide = piece.rgba.shape[:2]
    turn = cv2.getRotationMatrix2D(
        (wide / 2, tall / 2), float(rng.normal(0, 12)), rng.uniform(0.5, 0.85) * side / max(tall, wide)
    )
    turn[:, 2] += (side - wide) / 2, (side - tall) / 2
    turn[:, 2] += rng.uniform(-0.06, 0.06, 2) * side
    garment = cv2.warpAffine(piece.rgba, turn, (side, side), flags=cv2.INTER_AREA)
    cover = garment[..., 3:].astype(np.float32) / 255
    photo = floor * (1 - cover) + garment[..., :3] * cover
    photo *= np.exp(rng.uniform(-0.25, 0.25) + rng.normal(0, 0.025, 3))
    _, file = cv2.imencode(".jpg", np.clip(photo, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 70])
    return np.asarray(cv2.imdecode(file, cv2.IMREAD_COLOR), np.uint8), garment[..., 3] > 127


def _pieces_of_street(
    pairs: Sequence[tuple[Path, Path]], names: Sequence[str], detector: Detector, progress: Progress
) -> list[Shown]:
    """The products in street photos, each with the box around it, as a shopper would draw it."""
    pieces = []
    for photo, file in progress(pairs, "street photos"):
        rgb = resize_within(decode_image(photo.read_bytes(), target=LARGEST), LARGEST)
        labels = cv2.resize(read_mask(file, len(names)), rgb.shape[1::-1], interpolation=cv2.INTER_NEAREST)
        found, took = _timed(partial(detector.map, rgb))
        fine = np.asarray(cv2.resize(found, rgb.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.float32)
        for number, name in enumerate(names):
            truth = labels == number
            if CLASS_OF_LABEL.get(name, "ground") in ("ground", "body") or truth.mean() < LEAST_PIECE:
                continue
            x, y, wide, tall = _box_around(truth)
            inside = np.s_[y : y + tall, x : x + wide]
            pieces.append(Shown(rgb[inside], fine[inside], took, truth[inside]))
    return pieces


def _box_around(mask: Mask) -> Box:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return (
        int(columns[0]),
        int(rows[0]),
        int(columns[-1] - columns[0] + 1),
        int(rows[-1] - rows[0] + 1),
    )


def _shown(rgb: RGB, detector: Detector, picture: Picture) -> Shown:
    found, took = _timed(partial(detector.map, rgb))
    family = colour_family(picture.words.get("colour", "")) or ""
    return Shown(rgb, found, took, None, "" if family == "Multi" else family, picture.group)


@dataclass(frozen=True, eq=False)
class _Described:
    name: str
    histogram: Floats


def _described(way: Way, shown: Shown) -> _Described:
    mask = way(shown.rgb, shown.found)
    return _Described(
        family_of_name(nearest_colour_name(garment_colours(shown.rgb, mask=mask)[0][0])),
        colour_histogram(shown.rgb, mask),
    )


def _families(
    queries: Sequence[Shown],
    described: Sequence[_Described],
    gallery: Sequence[Shown],
    gallery_described: Sequence[_Described],
) -> dict[str, float | None]:
    """How often the name's and the nearest product's family is the stated one; None where no family is stated."""
    asked = [i for i, shown in enumerate(queries) if shown.family]
    if not asked:
        return {"family": None, "nearest_family": None}
    named = [described[i].name == queries[i].family for i in asked]
    likeness = (
        np.stack([described[i].histogram for i in asked])
        @ np.stack([one.histogram for one in gallery_described]).T
    )
    for row, i in enumerate(asked):
        kin = [j for j, shown in enumerate(gallery) if shown is queries[i] or shown.group == queries[i].group]
        likeness[row, kin] = -1
    nearest = [
        gallery[j].family == queries[i].family for i, j in zip(asked, likeness.argmax(axis=1), strict=True)
    ]
    return {"family": _mean(named), "nearest_family": _mean(nearest)}


def _pixels(way: Way, pictures: Sequence[Shown]) -> dict[str, float | None]:
    """How well the way finds the true pixels, and the colour that they have; None where there are no pictures."""
    overlaps, distances = [], []
    for shown in pictures:
        if shown.truth is None:
            continue
        mask = way(shown.rgb, shown.found)
        fine = cv2.resize(mask.astype(np.uint8), shown.truth.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0
        overlaps.append((fine & shown.truth).sum() / max(1, (fine | shown.truth).sum()))
        told, true = lab_of([garment_colours(shown.rgb, mask=one)[0][0] for one in (mask, shown.truth)])
        distances.append(float(np.linalg.norm(told - true)))
    if not overlaps:
        return {"iou": None, "colour_difference": None, "close": None}
    return {
        "iou": _mean(overlaps),
        "colour_difference": round(float(np.mean(distances)), 2),
        "close": _mean([distance < CLOSE for distance in distances]),
    }


def _milliseconds(name: str, way: Way, pictures: Sequence[Shown]) -> float:
    """The median time of a way on a picture, with that of the map where it uses it."""
    times = [
        _timed(partial(way, shown.rgb, shown.found))[1] + (shown.found_ms if name in _USE_MAP else 0)
        for shown in pictures[:TIMED]
    ]
    return round(float(np.median(times)), 1)


def _timed(do: Callable[[], T]) -> tuple[T, float]:
    """What ``do`` returns, and the milliseconds that the processor took for it."""
    start = time.process_time()
    done = do()
    return done, 1000 * (time.process_time() - start)


def _mean(values: Sequence[float] | Sequence[bool]) -> float:
    return round(float(np.mean(values)), 4)
