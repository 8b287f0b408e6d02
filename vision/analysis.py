"""Looks at product pictures and stores what was seen. For workers and commands: the network is behind this."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from catalog.images import RGB, ImageRejected, resize_within
from catalog.models import Product, ProductImage
from catalog.picture_sizes import LONGEST_SIDE, Renditions, make_renditions
from catalog.renditions import save_renditions
from vision.looking import LOOK_SIDE, Look, classifier_of, look_at
from vision.models import ImageAnalysis, ModelVersion, VisualDescriptors
from vision.opening import decode, open_rendition
from vision.registry import model_in_use
from vision.seen_words import note_seen_words
from vision.signals import picture_analysed

logger = structlog.get_logger(__name__)

BLOCK = 16  # pictures held in memory at once


@dataclass
class Counts:
    """What became of the pictures: looked at, known already, not usable."""

    analysed: int = 0
    unchanged: int = 0
    broken: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.analysed + other.analysed, self.unchanged + other.unchanged, self.broken + other.broken
        )


@dataclass(frozen=True)
class _Opened:
    """A picture that is to be looked at: its small array, the hash of its file and, of an upload, the renditions."""

    image: ProductImage
    rgb: RGB
    digest: str
    renditions: Renditions | None


def pictures_to_analyse(version: ModelVersion) -> QuerySet[ProductImage]:
    """Uploads that wait, and pictures that ``version`` has not seen as they are now; not those found broken."""
    waiting = Q(state=ProductImage.State.WAITING) & ~Q(upload="")
    seen = ImageAnalysis.objects.filter(
        image=OuterRef("pk"), model=version, source_hash=OuterRef("source_hash")
    )
    unseen = Q(state=ProductImage.State.READY) & ~Exists(seen)
    return ProductImage.objects.filter(waiting | unseen).order_by("pk")


def analyse_images(
    image_ids: Iterable[int], *, again: bool = False, advance: Callable[[int], None] = lambda n: None
) -> Counts:
    """Look at the pictures ``image_ids`` and store what was seen.

    An upload is re-encoded into its renditions on the way. A picture that the active model has seen as it is now is
    not touched, unless ``again``; one that cannot be used gets state ``broken`` and a sentence, and the others go on.
    Safe to run twice and by several workers at once. ``advance`` is called with the number of pictures each time that a
    block is done.

    Raises:
        ModelError: when there is no model to look with.
    """
    version = model_in_use()
    total = Counts()
    remaining = iter(image_ids)
    while block := list(islice(remaining, BLOCK)):
        total += _analyse_block(block, version, again)
        advance(len(block))
    return total


def _analyse_block(image_ids: Sequence[int], version: ModelVersion, again: bool) -> Counts:
    counts = Counts()
    opened: list[_Opened] = []
    images = ProductImage.objects.annotate(
        seen_hash=F("analysis__source_hash"), seen_by=F("analysis__model_id")
    )
    for image in images.filter(pk__in=image_ids):
        is_seen = not again and (image.seen_hash, image.seen_by) == (image.source_hash, version.pk)
        try:
            if image.upload:
                picture = _open_upload(image, is_seen)
            elif image.widths and not is_seen:
                picture = _Opened(image, open_rendition(image, LOOK_SIDE), image.source_hash, None)
            else:
                picture = None
        except ImageRejected as rejected:
            _mark_broken(image, rejected.sentence)
            counts.broken += 1
            continue
        if picture is None:
            counts.unchanged += 1
        else:
            opened.append(picture)
    if opened:
        looks = look_at([picture.rgb for picture in opened], classifier_of(version))
        stored = _store(opened, looks, version)
        counts.analysed += len(stored)
        if stored:
            picture_analysed.send(ProductImage, product_ids=sorted({image.product_id for image in stored}))
    return counts


def _open_upload(image: ProductImage, is_seen: bool) -> _Opened | None:
    """Decode an upload; None for a file that the shop has looked at before: then only the upload is put away."""
    try:
        with image.upload.open("rb") as file:
            data = file.read(settings.PICTURE_MAX_BYTES + 1)  # one byte too many is enough to be refused
    except FileNotFoundError as error:
        raise ImageRejected("missing", "The uploaded file is gone. Upload the picture again.") from error
    digest = hashlib.sha256(data).hexdigest()
    if is_seen and image.widths and digest == image.source_hash:
        _put_upload_away(image)
        return None
    rgb = decode(data, LONGEST_SIDE)
    return _Opened(image, resize_within(rgb, LOOK_SIDE), digest, make_renditions(rgb))


def _put_upload_away(image: ProductImage) -> None:
    mine = ProductImage.objects.filter(pk=image.pk, upload=image.upload.name)
    if mine.update(state=ProductImage.State.READY, error="", upload=""):
        image.upload.storage.delete(image.upload.name)


def _mark_broken(image: ProductImage, sentence: str) -> None:
    """Say why the picture cannot be used, unless it has been replaced in the meantime."""
    logger.warning("picture_rejected", image=image.pk, reason=sentence)
    same = ProductImage.objects.filter(pk=image.pk, upload=image.upload.name, source_hash=image.source_hash)
    if same.update(state=ProductImage.State.BROKEN, error=sentence[:300]):
        note_seen_words([image.product_id])


def _store(opened: Sequence[_Opened], looks: Sequence[Look], version: ModelVersion) -> list[ProductImage]:
    """Write what was seen, in one transaction; returns the images that are stored.

    A picture that was deleted or replaced while it was being looked at is left out: its new file has a task of its own.
    """
    stored: list[ProductImage] = []
    analyses: list[ImageAnalysis] = []
    descriptors: list[VisualDescriptors] = []
    with transaction.atomic():
        # Products before their pictures, in ascending order: so do imports and the admin, and nobody waits in a circle.
        products = Product.objects.select_for_update(no_key=True).order_by("pk")
        list(products.filter(pk__in={item.image.product_id for item in opened}).values_list("pk"))
        rows = ProductImage.objects.select_for_update(no_key=True).in_bulk([item.image.pk for item in opened])
        for item, look in zip(opened, looks, strict=True):
            image = rows.get(item.image.pk)
            if image is None or (image.upload.name, image.source_hash) != (
                item.image.upload.name,
                item.image.source_hash,
            ):
                continue
            if item.renditions is not None:
                save_renditions(image, item.renditions, item.digest)
            stored.append(image)
            analyses.append(
                ImageAnalysis(
                    image=image,
                    model=version,
                    source_hash=item.digest,
                    labels=[
                        {"label": x.label, "kind": x.kind, "probability": round(float(x.probability), 4)}
                        for x in look.labels
                    ],
                    embedding=look.embedding,
                    colour_histogram=look.colour_histogram,
                    colours=[[colour, round(float(share), 3)] for colour, share in look.colours],
                    perceptual_hash=look.perceptual_hash,
                    goods=look.goods,
                    analysed_at=timezone.now(),
                )
            )
            descriptors.append(
                VisualDescriptors(
                    image=image,
                    source_hash=item.digest,
                    count=len(look.keypoints.points),
                    descriptors=look.keypoints.descriptors.tobytes(),
                    points=look.keypoints.points.astype(np.float16).tobytes(),
                )
            )
        _upsert(analyses)
        _upsert(descriptors)
        note_seen_words({image.product_id for image in stored})
    return stored


def _upsert(rows: Sequence[ImageAnalysis] | Sequence[VisualDescriptors]) -> None:
    """Insert or replace rows, one per image."""
    if not rows:
        return
    model = type(rows[0])
    fields = [
        f.name for f in model._meta.concrete_fields if f.name not in {"id", "image"} and not f.generated
    ]
    model.objects.bulk_create(rows, update_conflicts=True, unique_fields=["image"], update_fields=fields)
