"""On which shelf a piece of a photo belongs, where the map of garments and the classifier each have a say.

The classifier learnt from garments that lie or hang alone; of a piece that is worn, half hidden and seen with what is
next to it, it often names the neighbour. The map sees the whole person and knows which pixels are the shoes. What both
say together, with a little left to a shelf of which the classifier has not thought, was right for 78 % of 528 true
boxes in street photos, the classifier alone for 50 %; on photos of one garment, where the map is unsure, the classifier
decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from vision.detection import CLASSES, KINDS, kind_of
from vision.inference import Label
from vision.labels import shelf_of

SHELF_OF_KIND = {
    "top": "tops",
    "bottom": "bottoms",
    "dress": "dresses",
    "outerwear": "outerwear",
    "shoes": "shoes",
    "bag": "bags",
    "accessory": "accessories",
}
# Classes of the map that are each kind; the ground and the body are none.
KINDS_OF = {kind: {name for name in CLASSES[2:] if kind_of(name) == kind} for kind in KINDS}
# Which classes (rows) are of which kind (columns), to add up what the map says of each.
_KIND_OF_CLASS = np.array([[name in KINDS_OF[kind] for kind in KINDS] for name in CLASSES], np.float32)
UNTHOUGHT = 0.2  # the say of a shelf that the classifier gives no chance

Floats = npt.NDArray[np.float32]


def shelves_in(probabilities: Floats, shape: tuple[int, int], box: Sequence[int]) -> dict[str, float]:
    """What a map (rows, columns, classes) of a picture of ``shape`` says of a box (x, y, width, height) of it.

    Shelf -> share, summing to 1; empty where the map shows no product. A kind counts by how much of the box it fills
    times how much of it the box holds: a coat fills much of the box around a bag, but most of the coat lies elsewhere.
    """
    rows, columns = probabilities.shape[:2]
    down, across = rows / shape[0], columns / shape[1]
    x, y, width, height = box
    left, top = min(int(x * across), columns - 1), min(int(y * down), rows - 1)
    right, bottom = max(left + 1, int((x + width) * across)), max(top + 1, int((y + height) * down))
    # One axis after the other: fifty times faster than both at once.
    inside = probabilities[top:bottom, left:right].sum(axis=0).sum(axis=0) @ _KIND_OF_CLASS
    overall = probabilities.sum(axis=0).sum(axis=0) @ _KIND_OF_CLASS
    says = inside / max(1, (bottom - top) * (right - left)) * inside / (overall + 1e-6)
    if says.sum() < 1e-3:
        return {}
    return {SHELF_OF_KIND[kind]: float(share) for kind, share in zip(KINDS, says / says.sum(), strict=True)}


def best_shelf(shelves: Mapping[str, float], categories: Mapping[str, float]) -> str:
    """The shelf by both: ``shelves`` from the map, ``categories`` the classifier's chances (shelf -> 0..1)."""
    if not shelves:
        return max(categories, key=lambda shelf: categories[shelf], default="")
    return max(shelves, key=lambda shelf: shelves[shelf] * (categories.get(shelf, 0.0) + UNTHOUGHT))


def on_shelf(labels: Sequence[Label], shelf: str) -> tuple[Label, ...]:
    """The labels that are told of a piece on ``shelf``: types and categories of other shelves are left out.

    The chance that the category has lost to others is its own now; types keep theirs, so that what is unsure stays so.
    """
    lost = sum(label.probability for label in labels if label.kind == "category" and label.label != shelf)
    own = next(
        (x for x in labels if x.kind == "category" and x.label == shelf), Label(shelf, "category", 0.0)
    )
    told = [
        label
        for label in labels
        if label.kind not in ("type", "category") or (label.kind == "type" and shelf_of(label.label) == shelf)
    ]
    told.append(replace(own, probability=min(1.0, own.probability + lost)))
    return tuple(sorted(told, key=lambda label: -label.probability))
