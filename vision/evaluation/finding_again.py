"""Does a catalogue picture find its own product when it comes back as a phone would send it?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from catalog.images import RGB, resize_within
from vision.datasets import Dataset, Picture
from vision.detection import Detector
from vision.duplicates import hamming_distances
from vision.evaluation.classifying import Progress
from vision.evaluation.searching import Rows, blended, by_embedding, rank, relatives
from vision.evaluation.seeing import Seen, see
from vision.exact import MOST_PROOFS, NEAREST_FOR_PROOF, NEAREST_IN_DETAIL
from vision.inference import Classifier
from vision.metrics import bootstrap_interval
from vision.perturbation import STRENGTHS, Strength
from vision.proof import Alignment, align, likeliest, may_be_same, same_picture
from vision.visual_words import LONGEST_SIDE, Keypoints, find_keypoints

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class FoundAgain:
    """What came first in the end for each picture that came back.

    ``proven`` (n,) says where a candidate was laid over the photo and agreed; it then comes first. ``right`` (n,)
    judges the answers, ``shares`` gives the share of right ones after each stage of the shop's search.
    """

    photos: Sequence[Picture]
    answers: Sequence[Picture]
    proven: Bools
    right: Bools
    shares: dict[str, float]

    def figures(self) -> dict[str, Any]:
        """For the report: the share of right answers by stage, and how many of the proofs were right."""
        return {
            **self.shares,
            "verified_interval": bootstrap_interval(self.right),
            "proven": float(self.proven.mean()),
            "wrongly_proven": float((self.proven & ~self.right).mean()),
        }


def find_again(
    dataset: Dataset,
    gallery: Seen,
    strength: Strength,
    classifier: Classifier,
    progress: Progress,
    seed: int,
    detector: Detector | None = None,
) -> FoundAgain:
    """Change the pictures of ``dataset``, search for each in ``gallery`` (which holds them), and see what comes first.

    The stages: the nearest by looks; the shop's own blend; before it the nearest whose keypoints agree; and before all
    the proof, which lays the photo over the few candidates that the shop would try. Another picture of the same product
    is right, and so is the very same picture of another.
    """
    changed = changed_pictures(dataset, strength, seed)
    photos = see(changed, classifier, progress, {}, detector=detector, keep_descriptors=False)
    own, _ = relatives(photos, gallery)
    rows = np.arange(len(photos))
    nothing = [np.zeros(0, np.int64)] * len(photos)
    looks = by_embedding(photos, gallery)
    nearest = rank(looks, rows, nothing, NEAREST_IN_DETAIL)
    blend = rank(blended(photos, gallery), rows, nothing, 1)[:, 0]
    likely, proven = blend.copy(), np.zeros(len(photos), bool)
    answers = blend.copy()
    bits = hamming_distances(photos.hashes, gallery.hashes)
    for row, picture in enumerate(progress(photos.pictures, f"{strength}: in detail")):
        photo = picture.read()
        theirs = find_keypoints(photo)
        likeness = looks(rows[row : row + 1])[0]
        near = [int(one) for one in nearest[row] if one >= 0]
        alignments = [align(theirs, _keypoints(gallery, one)) for one in near]
        place = likeliest([float(likeness[one]) for one in near], alignments)
        answers[row] = likely[row] = blend[row] if place is None else near[place]
        match = _proven(photo, theirs, nearest[row, :NEAREST_FOR_PROOF], bits[row], likeness, gallery)
        if match is not None:
            answers[row], proven[row] = match, True
    stages = {"embedding": nearest[:, 0], "blend": blend, "keypoints": likely, "verified": answers}
    right = {name: _right(found, own, photos, gallery) for name, found in stages.items()}
    return FoundAgain(
        photos.pictures,
        [gallery.pictures[answer] for answer in answers],
        proven,
        right["verified"],
        {name: float(hits.mean()) for name, hits in right.items()},
    )


def changed_pictures(dataset: Dataset, strength: Strength, seed: int) -> Dataset:
    """The same pictures, changed when they are read; each in its own way, always the same for a ``seed``."""
    return replace(
        dataset,
        name=f"{dataset.name}, {strength}",
        pictures=[
            replace(picture, read=partial(_changed, picture, strength, (seed, number)))
            for number, picture in enumerate(dataset.pictures)
        ],
    )


def _changed(picture: Picture, strength: Strength, seed: tuple[int, int]) -> RGB:
    return STRENGTHS[strength](picture.read(), np.random.default_rng(seed))


def _proven(
    photo: RGB,
    theirs: Keypoints,
    nearest: Rows,
    bits: npt.NDArray[np.uint8],
    looks: npt.NDArray[np.float32],
    gallery: Seen,
) -> int | None:
    """The gallery row that the shop would prove the photo to be: see ``vision.exact.exact_match``."""
    same_hash = np.flatnonzero(bits == 0)[:NEAREST_FOR_PROOF]
    candidates: list[tuple[int, Alignment | None]] = []
    for row in {*nearest[nearest >= 0].tolist(), *same_hash.tolist()}:
        own = _keypoints(gallery, row)
        alignment = align(theirs, own)
        if may_be_same(theirs, own, alignment, bits=int(bits[row]), looks=float(looks[row])):
            candidates.append((row, alignment))
    candidates.sort(
        key=lambda candidate: (int(bits[candidate[0]]), -float(looks[candidate[0]]), candidate[0])
    )
    for row, alignment in candidates[:MOST_PROOFS]:
        if same_picture(photo, resize_within(gallery.pictures[row].read(), LONGEST_SIDE), alignment):
            return row
    return None


def _keypoints(gallery: Seen, row: int) -> Keypoints:
    return find_keypoints(gallery.pictures[row].read())


def _right(found: Rows, own: Sequence[Rows], photos: Seen, gallery: Seen) -> Bools:
    """Whether each answer is the product, or shows the very same picture (shops use one photo for two products)."""
    right = []
    for row, answer in enumerate(found.tolist()):
        is_right = answer in own[row]
        if not is_right and gallery.hashes[answer] in {gallery.hashes[one] for one in own[row]}:
            same = [gallery.pictures[one].read() for one in (answer, int(own[row][0]))]
            is_right = same[0].shape == same[1].shape and bool((same[0] == same[1]).all())
        right.append(is_right)
    return np.array(right, bool)
