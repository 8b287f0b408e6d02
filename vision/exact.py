"""The proof that we sell exactly what a photo shows. For workers: it opens pictures and lays them over each other."""

from collections.abc import Iterable, Sequence

import numpy as np
from django.db.models import QuerySet

from catalog.images import RGB
from catalog.models import Product, ProductImage
from vision.duplicates import hamming
from vision.looking import Look
from vision.models import ImageAnalysis, ModelVersion
from vision.opening import open_rendition
from vision.proof import agreeing_keypoints, likeliest, same_picture
from vision.search import Match, Neighbour
from vision.visual_words import LONGEST_SIDE, Keypoints

NEAREST_FOR_PROOF = 8
NEAREST_IN_DETAIL = 12  # by looks, whose keypoints are compared with the photo's; about a millisecond each
MOST_PROOFS = 5  # pictures laid over the photo and compared; some milliseconds each
# Only what is as close as this is worth opening: bits of the hash that differ, or the cosine of the embeddings.
LIKE_HASH = 12
LIKE_LOOKS = 0.5


def product_of_file(source_hash: str) -> int | None:
    """The visible product that has this very file (SHA-256) as a picture, or None. That is proof without looking."""
    pictures = _visible_pictures().filter(source_hash=source_hash).order_by("pk")
    return pictures.values_list("product_id", flat=True).first()


def exact_match(look: Look, photo: RGB, near: Sequence[Neighbour], *, version: ModelVersion) -> int | None:
    """The product whose own picture was sent, or None. Only said when it is proven.

    ``near`` are the visible products nearest to the photo by looks, nearest first. Candidates are the first
    ``NEAREST_FOR_PROOF`` of them and the pictures with the same perceptual hash; one must agree with the photo pixel by
    pixel (``vision.proof``).
    """
    # Nearly equal hashes bring none that is not near by looks: of 120 ../shared/data/products, mildly and heavily
    # changed, 50 had their own picture within 4 bits, and each of them was among the eight nearest by looks.
    same_hash = ImageAnalysis.objects.filter(
        model=version,
        perceptual_hash=look.perceptual_hash,
        image__in=_visible_pictures().order_by().values("pk"),
    )
    image_ids = {neighbour.image_id for neighbour in near[:NEAREST_FOR_PROOF]}
    image_ids |= set(same_hash.values_list("image_id", flat=True)[:NEAREST_FOR_PROOF])
    for seen in _candidates(look, image_ids, version)[:MOST_PROOFS]:
        picture = open_rendition(seen.image, LONGEST_SIDE)
        if same_picture(photo, look.keypoints, picture, _keypoints_of(seen)):
            return seen.image.product_id
    return None


def likely_match(look: Look, near: Sequence[Neighbour], *, version: ModelVersion) -> Match | None:
    """The product that a photo probably shows itself, or None: of the first ``NEAREST_IN_DETAIL`` of ``near`` the one
    whose keypoints agree with the photo's (``vision.proof.likeliest``).

    Good enough to come first among what is similar, no reason to say "we have exactly this".
    """
    near = near[:NEAREST_IN_DETAIL]
    seen = {row.image_id: row for row in _seen_in_detail([one.image_id for one in near], version)}
    near = [one for one in near if one.image_id in seen]
    place = likeliest(
        [one.looks for one in near],
        [agreeing_keypoints(look.keypoints, _keypoints_of(seen[one.image_id])) for one in near],
    )
    if place is None:
        return None
    likely = near[place]
    colour = float(np.dot(look.colour_histogram, np.asarray(seen[likely.image_id].colour_histogram)))
    return Match(likely.product_id, likely.image_id, likely.looks, likely.looks, colour)


def _visible_pictures() -> QuerySet[ProductImage]:
    visible = Product.objects.visible().order_by().values("pk")
    return ProductImage.objects.filter(state=ProductImage.State.READY, product__in=visible)


def _candidates(look: Look, image_ids: Iterable[int], version: ModelVersion) -> list[ImageAnalysis]:
    """What was seen in those pictures that may be the photo; first those whose hash, then whose looks are closest."""
    candidates = []
    for seen in _seen_in_detail(image_ids, version):
        bits = hamming(look.perceptual_hash, seen.perceptual_hash)
        looks = float(np.dot(look.embedding, np.asarray(seen.embedding)))
        if bits <= LIKE_HASH or looks >= LIKE_LOOKS:
            candidates.append((bits, -looks, seen.image_id, seen))
    return [seen for *_, seen in sorted(candidates, key=lambda candidate: candidate[:3])]


def _seen_in_detail(image_ids: Iterable[int], version: ModelVersion) -> QuerySet[ImageAnalysis]:
    """What was seen in these pictures, with their keypoints; pictures without keypoints are left out."""
    seen = ImageAnalysis.objects.filter(model=version, image__in=list(image_ids))
    return seen.select_related("image__descriptors").exclude(image__descriptors=None)


def _keypoints_of(seen: ImageAnalysis) -> Keypoints:
    return keypoints_from(seen.image.descriptors.descriptors, seen.image.descriptors.points)


def keypoints_from(descriptors: bytes, points: bytes) -> Keypoints:
    """The keypoints that ``VisualDescriptors`` stores."""
    return Keypoints(
        np.frombuffer(points, np.float16).astype(np.float32).reshape(-1, 2),
        np.frombuffer(descriptors, np.uint8).reshape(-1, 128),
    )
