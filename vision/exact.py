"""The proof that we sell exactly what a photo shows. For workers: it opens pictures and lays them over each other."""

from collections.abc import Iterable

import numpy as np
from django.db.models import QuerySet

from catalog.images import RGB
from catalog.models import Product, ProductImage
from vision.duplicates import hamming
from vision.looking import Look
from vision.models import ImageAnalysis, ModelVersion, VisualDescriptors
from vision.opening import open_rendition
from vision.proof import agreeing_keypoints, likeliest, same_picture
from vision.search import Match, similar_to_embedding
from vision.visual_words import LONGEST_SIDE, Keypoints

NEAREST_FOR_PROOF = 8
NEAREST_IN_DETAIL = 12  # by looks, whose keypoints are compared with the photo's; about a millisecond each
MOST_PROOFS = 5  # pictures laid over the photo and compared; some milliseconds each
# Only what is as close as this is worth opening: bits of the hash that differ, or the cosine of the embeddings.
LIKE_HASH = 12
LIKE_LOOKS = 0.5


def exact_match(
    look: Look,
    photo: RGB,
    *,
    version: ModelVersion,
    source_hash: str = "",
    among: QuerySet[Product] | None = None,
) -> int | None:
    """The product whose own picture was sent, or None. Only said when it is proven.

    The very same file is proof (``source_hash``, SHA-256). Otherwise candidates are the pictures with nearly the same
    perceptual hash and the nearest by looks; one of them must agree with the photo pixel by pixel (``vision.proof``).
    """
    among = Product.objects.visible() if among is None else among
    pictures = ProductImage.objects.filter(
        state=ProductImage.State.READY, product__in=among.order_by().values("pk")
    )
    if source_hash:
        same_file = pictures.filter(source_hash=source_hash).order_by("pk").first()
        if same_file is not None:
            return same_file.product_id
    near = similar_to_embedding(
        look.embedding,
        look.colour_histogram,
        version=version,
        among=among,
        n=NEAREST_FOR_PROOF,
        colour_weight=0,
    )
    same_hash = ImageAnalysis.objects.filter(
        model=version,
        perceptual_hash=look.perceptual_hash,
        image__in=pictures.order_by().values("pk"),
    )
    image_ids = {match.image_id for match in near}
    image_ids |= set(same_hash.values_list("image_id", flat=True)[:NEAREST_FOR_PROOF])
    for picture in _candidates(look, image_ids, version)[:MOST_PROOFS]:
        image = picture.image
        own = keypoints_from(picture.descriptors, picture.points)
        if same_picture(photo, look.keypoints, open_rendition(image, LONGEST_SIDE), own):
            return image.product_id
    return None


def likely_match(
    look: Look, *, version: ModelVersion, among: QuerySet[Product] | None = None
) -> Match | None:
    """The product of ``among`` that a photo probably shows itself, or None: of the nearest by looks the one whose
    keypoints agree with the photo's (``vision.proof.likeliest``).

    Good enough to come first among what is similar, no reason to say "we have exactly this".
    """
    near = similar_to_embedding(
        look.embedding,
        look.colour_histogram,
        version=version,
        among=among,
        n=NEAREST_IN_DETAIL,
        colour_weight=0,
    )
    stored = VisualDescriptors.objects.filter(image__in=[match.image_id for match in near])
    keypoints = {row.image_id: keypoints_from(row.descriptors, row.points) for row in stored}
    near = [match for match in near if match.image_id in keypoints]
    place = likeliest(
        [match.looks for match in near],
        [agreeing_keypoints(look.keypoints, keypoints[match.image_id]) for match in near],
    )
    return None if place is None else near[place]


def _candidates(look: Look, image_ids: Iterable[int], version: ModelVersion) -> list[VisualDescriptors]:
    """What is stored of those pictures that may be the photo; first those whose hash, then whose looks are closest."""
    candidates = []
    analyses = ImageAnalysis.objects.filter(model=version, image__in=list(image_ids))
    for analysis in analyses.select_related("image__descriptors").exclude(image__descriptors=None):
        row = analysis.image.descriptors
        bits = hamming(look.perceptual_hash, analysis.perceptual_hash)
        looks = float(np.dot(look.embedding, np.asarray(analysis.embedding)))
        if bits <= LIKE_HASH or looks >= LIKE_LOOKS:
            candidates.append((bits, -looks, row.image_id, row))
    return [row for *_, row in sorted(candidates, key=lambda candidate: candidate[:3])]


def keypoints_from(descriptors: bytes, points: bytes) -> Keypoints:
    """The keypoints that ``VisualDescriptors`` stores."""
    return Keypoints(
        np.frombuffer(points, np.float16).astype(np.float32).reshape(-1, 2),
        np.frombuffer(descriptors, np.uint8).reshape(-1, 128),
    )
