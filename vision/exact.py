"""The proof that we sell exactly what a photo shows. For workers: it opens pictures and lays them over each other."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import QuerySet

from catalog.images import RGB
from catalog.models import Product, ProductImage
from vision.duplicates import hamming
from vision.looking import Look
from vision.models import ImageAnalysis, ModelVersion
from vision.opening import open_rendition
from vision.proof import Alignment, align, likeliest, may_be_same, same_picture
from vision.search import Match, Neighbour
from vision.visual_words import LONGEST_SIDE, Keypoints

NEAREST_FOR_PROOF = 8
NEAREST_IN_DETAIL = 12  # by looks, whose keypoints are compared with the photo's; half a millisecond each
MOST_PROOFS = 5  # pictures opened, laid over the photo and compared; some milliseconds each


def product_of_file(source_hash: str) -> int | None:
    """The visible product that has this very file (SHA-256) as a picture, or None. That is proof without looking."""
    pictures = _visible_pictures().filter(source_hash=source_hash).order_by("pk")
    return pictures.values_list("product_id", flat=True).first()


@dataclass(frozen=True, eq=False)
class Held:
    """A catalogue picture that the photo was held against: its keypoints, how the photo lies on it, and how many bits
    of their hashes differ."""

    image: ProductImage
    keypoints: Keypoints
    alignment: Alignment | None
    bits: int


class Comparison:
    """A photo that is held against catalogue pictures by keypoints; each picture is fetched and aligned once."""

    def __init__(self, look: Look, version: ModelVersion) -> None:
        self.look = look
        self.version = version
        self._held: dict[int, Held] = {}

    def held(self, image_ids: Collection[int]) -> list[Held]:
        """The photo held against each of these pictures; those without stored keypoints are left out."""
        missing = [pk for pk in image_ids if pk not in self._held]
        if missing:
            for seen in _seen_in_detail(missing, self.version):
                stored = seen.image.descriptors
                own = keypoints_from(stored.descriptors, stored.points)
                self._held[seen.image_id] = Held(
                    seen.image,
                    own,
                    align(self.look.keypoints, own),
                    hamming(self.look.perceptual_hash, seen.perceptual_hash),
                )
        return [self._held[pk] for pk in image_ids if pk in self._held]


def exact_match(comparison: Comparison, photo: RGB, near: Sequence[Neighbour]) -> int | None:
    """The product whose own picture was sent, or None. Only said when it is proven.

    ``near`` are the visible products nearest to the photo by looks, nearest first. Candidates are the first
    ``NEAREST_FOR_PROOF`` of them and the pictures with the same perceptual hash; one must agree with the photo pixel by
    pixel (``vision.proof``). Only what may agree by its hash or its keypoints is opened.
    """
    # Nearly equal hashes bring none that is not near by looks: of 120 ../shared/data/products, mildly and heavily
    # changed, 50 had their own picture within 4 bits, and each of them was among the eight nearest by looks.
    look = comparison.look
    same_hash = ImageAnalysis.objects.filter(
        model=comparison.version,
        perceptual_hash=look.perceptual_hash,
        image__in=_visible_pictures().order_by().values("pk"),
    )
    looks = {one.image_id: one.looks for one in near[:NEAREST_IN_DETAIL]}
    first = [one.image_id for one in near[:NEAREST_FOR_PROOF]]
    first += [
        pk for pk in same_hash.values_list("image_id", flat=True)[:NEAREST_FOR_PROOF] if pk not in first
    ]
    comparison.held([*looks, *first])  # all that ``likely_match`` asks for too: one query
    candidates = [
        (held.bits, -looks.get(held.image.pk, 0.0), held.image.pk, held)
        for held in comparison.held(first)
        if may_be_same(
            look.keypoints,
            held.keypoints,
            held.alignment,
            bits=held.bits,
            looks=looks.get(held.image.pk, 0.0),
        )
    ]
    for *_, held in sorted(candidates, key=lambda candidate: candidate[:3])[:MOST_PROOFS]:
        if same_picture(photo, open_rendition(held.image, LONGEST_SIDE), held.alignment):
            return held.image.product_id
    return None


def likely_match(comparison: Comparison, near: Sequence[Neighbour]) -> Match | None:
    """The product that a photo probably shows itself, or None: of the first ``NEAREST_IN_DETAIL`` of ``near`` the one
    whose keypoints agree with the photo's (``vision.proof.likeliest``).

    Good enough to come first among what is similar, no reason to say "we have exactly this".
    """
    near = near[:NEAREST_IN_DETAIL]
    alignments = {held.image.pk: held.alignment for held in comparison.held([one.image_id for one in near])}
    near = [one for one in near if one.image_id in alignments]
    place = likeliest([one.looks for one in near], [alignments[one.image_id] for one in near])
    if place is None:
        return None
    likely = near[place]
    seen = ImageAnalysis.objects.only("colour_histogram").get(model=comparison.version, image=likely.image_id)
    colour = float(np.dot(comparison.look.colour_histogram, np.asarray(seen.colour_histogram)))
    return Match(likely.product_id, likely.image_id, likely.looks, likely.looks, colour)


def _visible_pictures() -> QuerySet[ProductImage]:
    visible = Product.objects.visible().order_by().values("pk")
    return ProductImage.objects.filter(state=ProductImage.State.READY, product__in=visible)


def _seen_in_detail(image_ids: Collection[int], version: ModelVersion) -> QuerySet[ImageAnalysis]:
    """What the proof needs of these pictures, with their keypoints; pictures without keypoints are left out."""
    seen = ImageAnalysis.objects.filter(model=version, image__in=image_ids).exclude(image__descriptors=None)
    return seen.select_related("image__descriptors").only(
        "perceptual_hash",
        "image__product_id",
        "image__stem",
        "image__widths",
        "image__descriptors__descriptors",
        "image__descriptors__points",
    )


def keypoints_from(descriptors: bytes, points: bytes) -> Keypoints:
    """The keypoints that ``VisualDescriptors`` stores."""
    return Keypoints(
        np.frombuffer(points, np.float16).astype(np.float32).reshape(-1, 2),
        np.frombuffer(descriptors, np.uint8).reshape(-1, 128),
    )
