"""The proof that a photo is a catalogue picture, before the shop says "we have exactly this".

Hashes and matching keypoints suggest; many products of one brand share a cut, a box or a photographer's pose, and some
share a photo in all but the dye. So the two pictures are laid over each other and compared pixel by pixel: as they are
(the same picture re-encoded or resized), or moved onto each other by their matching keypoints (cropped, turned, lit
differently).
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from catalog.images import RGB, resize_within
from vision.visual_words import LONGEST_SIDE, Keypoints, root_sift

SIDE = 96  # pixels of the square in which whole pictures are compared
LOWE_RATIO = 0.8
RANSAC_PIXELS = 3.0
LARGEST_SCALE = 2.5
# What makes a candidate likely without proof. Chosen on 120 of ../shared/data/products, cropped, turned, on another
# ground, badly lit and compressed. Measured on 70 others among 600: the photo's own product came first for .97, by
# looks alone for .90; of other products 99 in 100 had no more than 6 keypoints in agreement.
LEAST_AGREEING = 8
ENOUGH_AGREEING = 30
PER_KEYPOINT = 0.003
SMALLEST_OVERLAP = 0.5  # of the catalogue picture
# Only what is as close as this is worth opening: bits of the hash that differ, or the cosine of the embeddings.
LIKE_HASH = 12
LIKE_LOOKS = 0.5
# Of 150 shop photos, re-encoded, shrunk to a third, cropped, turned and darkened, against their six nearest neighbours:
# the same picture stays below both, another product's exceeds them unless the shop used one photo for both.
SAME_MEAN = 3.0
SAME_WORST = 14.0

Floats = npt.NDArray[np.float32]


class Agreement(NamedTuple):
    """How well two pictures agree where they overlap: the mean and the worst patch's absolute difference, 0..255."""

    mean: float
    worst: float

    @property
    def is_same(self) -> bool:
        return self.mean <= SAME_MEAN and self.worst <= SAME_WORST


class Alignment(NamedTuple):
    """How a photo lies on a picture by their keypoints: ``move`` (2, 3), the shift, turn and scale that takes the
    photo's pixels (at ``LONGEST_SIDE``) to the picture's, and how many of the picture's keypoints are found again."""

    move: Floats
    agreeing: int


def align(photo: Keypoints, picture: Keypoints) -> Alignment | None:
    """Lay a photo over a picture by their keypoints; None where fewer than ``LEAST_AGREEING`` agree."""
    source, target = _matches(photo, picture)
    if len(source) < LEAST_AGREEING:
        return None
    move, agree = cv2.estimateAffinePartial2D(source, target, ransacReprojThreshold=RANSAC_PIXELS)
    if move is None or not _is_plausible(move):
        return None
    # Many keypoints that match a single one agree on anything.
    agreeing = len(np.unique(target[agree.ravel() > 0].round(), axis=0))
    return Alignment(np.asarray(move, np.float32), agreeing) if agreeing >= LEAST_AGREEING else None


def may_be_same(
    photo: Keypoints, picture: Keypoints, alignment: Alignment | None, *, bits: int, looks: float
) -> bool:
    """Whether a picture is worth opening for ``same_picture``, by what is stored of it.

    ``bits`` of the perceptual hashes differ; ``looks`` is the cosine of the embeddings.
    """
    if bits <= LIKE_HASH:
        return True
    # Plain cloth has too few keypoints to agree, and its hash is chance.
    is_plain = min(len(photo.points), len(picture.points)) < LEAST_AGREEING
    return looks >= LIKE_LOOKS and (alignment is not None or is_plain)


def same_picture(photo: RGB, picture: RGB, alignment: Alignment | None) -> bool:
    """Whether ``photo`` shows the catalogue's ``picture``; ``alignment`` is how it lies on it."""
    if whole_agreement(photo, picture).is_same:
        return True
    moved = None if alignment is None else moved_agreement(photo, picture, alignment.move)
    return moved is not None and moved.is_same


def whole_agreement(photo: RGB, picture: RGB) -> Agreement:
    """Compare two pictures as they are, both squeezed to the same square."""
    return _compare(_square(photo), _square(picture), np.ones((SIDE, SIDE), bool))


def moved_agreement(photo: RGB, picture: RGB, move: Floats) -> Agreement | None:
    """Compare two pictures after laying the photo over the picture by ``move`` (``Alignment``); light may differ.

    None where the photo covers too little of the picture.
    """
    laid_from: Floats = resize_within(photo, LONGEST_SIDE).astype(np.float32)  # keypoints are in its pixels
    target_at = resize_within(picture, LONGEST_SIDE)
    scale = SIDE / max(target_at.shape)
    canvas = max(1, round(target_at.shape[1] * scale)), max(1, round(target_at.shape[0] * scale))
    target = cv2.resize(target_at, canvas, interpolation=cv2.INTER_AREA).astype(np.float32)
    # Shrunk before it is moved: moving alone would pick single pixels out of a finer picture.
    shrink = SIDE / LONGEST_SIDE
    size = max(1, round(laid_from.shape[1] * shrink)), max(1, round(laid_from.shape[0] * shrink))
    laid_from = np.asarray(cv2.resize(laid_from, size, interpolation=cv2.INTER_AREA), np.float32)
    move = np.array(move * scale, np.float32)
    move[:, :2] /= shrink
    move = _refined(laid_from, target, move)
    laid = cv2.warpAffine(laid_from, move, canvas, flags=cv2.INTER_LINEAR)
    covered = cv2.warpAffine(np.ones(laid_from.shape[:2], np.float32), move, canvas) > 0.99
    # The rim mixes the photo with what lies beyond it.
    inside = cv2.erode(covered.astype(np.uint8), np.ones((5, 5), np.uint8), borderValue=1).astype(bool)
    if inside.mean() < SMALLEST_OVERLAP:
        return None
    # One gain for all channels takes the light out and leaves the dye in.
    gain = float((laid[inside] * target[inside]).sum() / max(1.0, (laid[inside] ** 2).sum()))
    return _compare(laid * np.clip(gain, 0.6, 1.7), target, inside)


def _refined(photo: Floats, picture: Floats, move: Floats) -> Floats:
    """Bring keypoints' alignment to a fraction of a pixel (Evangelidis and Psarakis, "Parametric Image Alignment Using
    Enhanced Correlation Coefficient Maximization", 2008); the given one where that finds nothing."""
    grey = cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY)
    target = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 30, 1e-4)
    try:
        _, inverse = cv2.findTransformECC(
            target, grey, cv2.invertAffineTransform(move), cv2.MOTION_AFFINE, stop
        )
    except cv2.error:  # it does not converge: the pictures have little in common
        return move
    return np.asarray(cv2.invertAffineTransform(inverse), np.float32)


def _compare(photo: Floats, picture: Floats, inside: npt.NDArray[np.bool_]) -> Agreement:
    difference = np.abs(cv2.blur(photo, (3, 3)) - cv2.blur(picture, (3, 3))).mean(axis=2) * inside
    # Patches of 8 pixels: a label or a buckle that differs is a patch, the noise of an encoder is not.
    patches = cv2.boxFilter(difference, -1, (8, 8)) / np.maximum(
        cv2.boxFilter(inside.astype(np.float32), -1, (8, 8)), 0.5
    )
    return Agreement(float(difference.sum() / max(1, inside.sum())), float(patches[inside].max(initial=0.0)))


def _square(rgb: RGB) -> Floats:
    return np.asarray(cv2.resize(rgb, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.float32)


def likeliest(looks: Sequence[float], alignments: Sequence[Alignment | None]) -> int | None:
    """Which of some candidates the photo probably shows itself: the place of the best, None when none agrees enough.

    ``looks`` (k,) are cosines of embeddings, ``alignments`` (k,) how the photo lies on each. Agreement survives what
    the comparison of pixels does not, another ground or heavy compression, and proves less: pictures of one print or
    one label agree too.
    """
    worth = [
        (cosine + PER_KEYPOINT * min(alignment.agreeing, ENOUGH_AGREEING), -place)
        for place, (cosine, alignment) in enumerate(zip(looks, alignments, strict=True))
        if alignment is not None
    ]
    return -max(worth)[1] if worth else None


def _is_plausible(transform: npt.NDArray[Any]) -> bool:
    scale = float(np.hypot(transform[0, 0], transform[1, 0]))
    return 1 / LARGEST_SCALE <= scale <= LARGEST_SCALE


def _matches(photo: Keypoints, picture: Keypoints) -> tuple[Floats, Floats]:
    """Where the keypoints lie that match by Lowe's ratio, in the photo and in the picture: two arrays (m, 2)."""
    if min(len(photo.points), len(picture.points)) < 2:
        return np.zeros((0, 2), np.float32), np.zeros((0, 2), np.float32)
    left, right = root_sift(photo.descriptors), root_sift(picture.descriptors)
    pairs = cv2.BFMatcher(cv2.NORM_L2).knnMatch(left, right, k=2)
    good = [first for first, second in pairs if first.distance < LOWE_RATIO * second.distance]
    return photo.points[[match.queryIdx for match in good]], picture.points[
        [match.trainIdx for match in good]
    ]
