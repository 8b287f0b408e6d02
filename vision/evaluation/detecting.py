"""Hold the boxes of several products in one photo against photos whose every pixel has a label."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from catalog.images import RGB, decode_image
from vision.detection import KINDS, Box, Mask, Region, iou, kind_of, region_at, regions_in
from vision.detection_data import CLASS_OF_LABEL, read_mask
from vision.inference import Classifier
from vision.labels import shelf_of
from vision.placing import SHELF_OF_KIND, best_shelf, shelves_in

Floats = npt.NDArray[np.float32]
Progress = Callable[[Iterable[Any], str], Iterable[Any]]

LARGEST = 720  # pixels of the longer side: what the worker makes of a photo, and more than a street photo has
SMALLEST_TRUTH = 0.003  # of the photo: a ring on a finger is no product that anybody could find in it
SAME = 0.5  # IoU from which a box counts as found
MOST_BOXES = 10

# Where a shop may put a thing on either of two shelves, both are right.
_EITHER_SHELF = {
    "cardigan": {"tops", "outerwear"},
    "vest": {"tops", "outerwear"},
    "tights": {"bottoms", "accessories"},
    "stockings": {"bottoms", "accessories"},
    "wallet": {"bags", "accessories"},
    "bra": {"tops", "nightwear"},
    "intimate": {"tops", "nightwear"},
    "swimwear": {"tops", "nightwear"},
    "panties": {"bottoms", "nightwear"},
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Truth:
    """One label of one photo: the box around all of its pixels, and a point well inside them, where a shopper taps."""

    label: str
    kind: str
    box: Box
    tap: tuple[int, int]


def truths_in(mask: npt.NDArray[np.uint8], names: Sequence[str]) -> list[Truth]:
    """The products of a photo, one per label (a pair of shoes is one), from its mask of label numbers (h, w).

    Labels on less than ``SMALLEST_TRUTH`` of the photo, skin and hair are none.
    """
    found = []
    for number in np.unique(mask):
        name = names[number]
        part = mask == number
        class_ = CLASS_OF_LABEL.get(name, "ground")
        if class_ in ("ground", "body") or part.mean() < SMALLEST_TRUTH:
            continue
        found.append(Truth(name, kind_of(class_), _box_of(part), _inside(part)))
    return found


def _box_of(part: Mask) -> Box:
    x, y, wide, tall = cv2.boundingRect(part.astype(np.uint8))
    return int(x), int(y), int(wide), int(tall)


def _inside(part: Mask) -> tuple[int, int]:
    """The point (x, y) of a mask that is farthest from its edge."""
    depth = cv2.distanceTransform(np.pad(part.astype(np.uint8), 1), cv2.DIST_L2, 3)[1:-1, 1:-1]
    y, x = np.unravel_index(int(depth.argmax()), depth.shape)
    return int(x), int(y)


def right_shelves(label: str) -> set[str]:
    """The shelves on which a street label's thing may stand."""
    return _EITHER_SHELF.get(label) or {SHELF_OF_KIND[kind_of(CLASS_OF_LABEL[label])]}


def recall_by_kind(photos: Sequence[tuple[Sequence[Truth], Sequence[Box]]]) -> dict[str, float]:
    """Share of true boxes that some box of the photo's first ten meets with IoU of at least .5: all, and each kind."""
    there: Counter[str] = Counter()
    met: Counter[str] = Counter()
    for truths, boxes in photos:
        for truth in truths:
            hit = any(iou(truth.box, box) >= SAME for box in boxes[:MOST_BOXES])
            for kind in ("all", truth.kind):
                there[kind] += 1
                met[kind] += hit
    return {kind: round(met[kind] / max(1, there[kind]), 4) for kind in ("all", *KINDS)}


def mean_average_precision(photos: Sequence[tuple[Sequence[Truth], Sequence[Region]]]) -> float:
    """Average precision at IoU .5 of each kind that occurs (area under precision, made monotone, over recall; each
    true box is found once), and its mean over the kinds."""
    precisions = []
    for kind in KINDS:
        n = sum(truth.kind == kind for truths, _ in photos for truth in truths)
        if not n:
            continue
        ranked = sorted(
            (
                (region.score, photo, region)
                for photo, (_, found) in enumerate(photos)
                for region in found
                if region.kind == kind
            ),
            key=lambda item: -item[0],
        )
        taken: dict[int, set[int]] = defaultdict(set)
        hits = []
        for _, photo, region in ranked:
            overlaps = [
                (iou(truth.box, region.box), i)
                for i, truth in enumerate(photos[photo][0])
                if truth.kind == kind and i not in taken[photo]
            ]
            overlap, best = max(overlaps, default=(0.0, -1))
            hits.append(overlap >= SAME)
            if hits[-1]:
                taken[photo].add(best)
        right = np.cumsum(hits) if hits else np.zeros(0)
        precision = np.maximum.accumulate((right / np.arange(1, len(right) + 1))[::-1])[::-1]
        precisions.append(float((precision * np.array(hits, bool)).sum() / n))
    return round(float(np.mean(precisions)), 4) if precisions else 0.0


def shelf_chances(classifier: Classifier, rgb: RGB) -> dict[str, float]:
    """The chances of the shelves that the classifier would put a picture on: those of its categories, or, where it was
    not taught categories, of their types together."""
    (probabilities,) = classifier.answer([rgb]).probabilities
    space = classifier.labels
    if "category" in space.kinds:
        chances = probabilities[space.slices["category"]].tolist()
        return dict(zip(space.kinds["category"], chances, strict=True))
    shelves: dict[str, float] = defaultdict(float)
    for name, probability in zip(
        space.kinds.get("type", ()), probabilities[space.slices["type"]], strict=True
    ):
        if shelf := shelf_of(name):
            shelves[shelf] += float(probability)
    return shelves


def evaluate_detection(
    pairs: Sequence[tuple[Path, Path]],
    names: Sequence[str],
    map_of: Callable[[RGB], Floats],
    classifier: Classifier,
    progress: Progress,
    others: Mapping[str, Callable[[RGB], list[Box]]],
) -> dict[str, Any]:
    """Figures on photos with masks: recall and precision of the boxes read off ``map_of``'s maps, and whether the
    category of a product is named from the whole photo, from the box that a tap on the product picks, and from its
    true box, as the page does it (``vision.placing``); and from the true box by the classifier alone.

    Where a tap picks no box the whole photo is asked instead, as the page does. ``others`` are simpler ways to
    propose boxes, whose recall is told beside.
    """
    photos: list[tuple[list[Truth], list[Region]]] = []
    boxes_of_others: dict[str, list[tuple[list[Truth], list[Box]]]] = {name: [] for name in others}
    asked, right = 0, Counter[str]()
    for photo, file in progress(pairs, "photos"):
        rgb = decode_image(photo.read_bytes(), target=LARGEST)
        numbers = cv2.resize(read_mask(file, len(names)), rgb.shape[1::-1], interpolation=cv2.INTER_NEAREST)
        garments = map_of(rgb)
        found = regions_in(garments, rgb.shape[:2])[:MOST_BOXES]
        truths = truths_in(np.asarray(numbers, np.uint8), names)
        photos.append((truths, found))
        for name, propose in others.items():
            boxes_of_others[name].append((truths, propose(rgb)))
        whole = best_shelf({}, shelf_chances(classifier, rgb))
        for truth in truths:
            shelves = right_shelves(truth.label)
            tapped = region_at(found, *truth.tap)
            asked += 1
            right["whole_photo"] += whole in shelves
            chances = shelf_chances(classifier, _cut(rgb, truth.box))
            right["true_box"] += (
                best_shelf(shelves_in(garments, rgb.shape[:2], truth.box), chances) in shelves
            )
            right["true_box_by_classifier"] += best_shelf({}, chances) in shelves
            if tapped is None:
                right["proposed_box"] += whole in shelves
                continue
            chances = shelf_chances(classifier, _cut(rgb, tapped.box))
            right["proposed_box"] += (
                best_shelf(shelves_in(garments, rgb.shape[:2], tapped.box), chances) in shelves
            )
    return {
        "photos": len(photos),
        "products": asked,
        "proposals_per_photo": round(sum(len(found) for _, found in photos) / max(1, len(photos)), 2),
        "recall_at_iou_50": recall_by_kind([(truths, [r.box for r in found]) for truths, found in photos]),
        "map_50": mean_average_precision(photos),
        "category_at_1": {
            way: round(right[way] / max(1, asked), 4)
            for way in ("whole_photo", "proposed_box", "true_box", "true_box_by_classifier")
        },
        "recall_of_others": {name: recall_by_kind(boxes)["all"] for name, boxes in boxes_of_others.items()},
    }


def whole_photo(rgb: RGB) -> list[Box]:
    """The one box that every other proposal has to beat."""
    return [(0, 0, rgb.shape[1], rgb.shape[0])]


def selective_search(rgb: RGB) -> list[Box]:
    """OpenCV's selective search (Uijlings et al., 2013), its own first ten boxes."""
    search = cv2.ximgproc.segmentation.createSelectiveSearchSegmentation()
    search.setBaseImage(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))
    search.switchToSelectiveSearchFast()
    return [(int(x), int(y), int(wide), int(tall)) for x, y, wide, tall in search.process()[:MOST_BOXES]]


def _cut(rgb: RGB, box: Box) -> RGB:
    x, y, wide, tall = box
    return rgb[y : y + tall, x : x + wide]
