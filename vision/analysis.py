"""Looks at product pictures and stores what was seen. For workers and commands: the network is behind this."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from catalog.images import RGB, ImageRejected, resize_within
from catalog.models import Product, ProductImage
from catalog.picture_sizes import LONGEST_SIDE, Renditions, make_renditions
from catalog.renditions import save_renditions
from vision.looking import LOOK_SIDE, Look, classifier_of, detector_of, look_with_each
from vision.model_files import ModelError
from vision.models import ImageAnalysis, ModelVersion, VisualDescriptors
from vision.opening import decode, open_rendition
from vision.registry import unseen_by, versions_at_work
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
    """A picture that is to be looked at: its small array, the hash of its file, the models that have not seen it and,
    of an upload, the renditions."""

    image: ProductImage
    rgb: RGB
    digest: str
    versions: tuple[ModelVersion, ...]
    renditions: Renditions | None = None


def pictures_to_analyse(*versions: ModelVersion) -> QuerySet[ProductImage]:
    """Uploads that wait, and pictures that one of ``versions`` has not seen as they are now; not those found broken."""
    wanted = Q(state=ProductImage.State.WAITING) & ~Q(upload="")
    for version in versions:
        wanted |= Q(pk__in=unseen_by(version).values("pk"))
    return ProductImage.objects.filter(wanted).order_by("pk")


def analyse_images(
    image_ids: Iterable[int], *, again: bool = False, advance: Callable[[int], None] = lambda n: None
) -> Counts:
    """Look at the pictures ``image_ids`` and store what was seen.

    An upload is re-encoded into its renditions on the way. Every model at work looks, each only at what it has not seen
    as it is now, unless ``again``; a picture that all have seen is not touched. One that cannot be used gets state
    ``broken`` and a sentence, and the others go on. Safe to run twice and by several workers at once. ``advance`` is
    called with the number of pictures each time that a block is done.

    Raises:
        ModelError: when there is no model to look with.
    """
    total = Counts()
    remaining = iter(image_ids)
    while block := list(islice(remaining, BLOCK)):
        total += _analyse_block(block, _usable(versions_at_work()), again)
        advance(len(block))
    return total


def _usable(versions: Sequence[ModelVersion]) -> list[ModelVersion]:
    """``versions`` without those whose files are damaged; without the first, which is in use, nothing goes."""
    usable = []
    for version in versions:
        try:
            classifier_of(version)
        except ModelError as error:
            if not usable:
                raise
            logger.warning("model_left_out", model=str(version), reason=str(error))
        else:
            usable.append(version)
    return usable


def _analyse_block(image_ids: Sequence[int], versions: Sequence[ModelVersion], again: bool) -> Counts:
    counts = Counts()
    opened: list[_Opened] = []
    analyses = ImageAnalysis.objects.filter(image__in=image_ids, model__in=versions)
    seen = set(analyses.values_list("image_id", "model_id", "source_hash"))
    for image in ProductImage.objects.filter(pk__in=image_ids):
        missing = tuple(v for v in versions if again or (image.pk, v.pk, image.source_hash) not in seen)
        try:
            if image.upload:
                picture = _open_upload(image, versions, missing)
            elif image.widths and missing:
                picture = _Opened(image, open_rendition(image, LOOK_SIDE), image.source_hash, missing)
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
        stored = _store(opened, _looks_at(opened))
        counts.analysed += len(stored)
        news = sorted({item.image.product_id for item in stored if versions[0] in item.versions})
        if news:
            picture_analysed.send(ProductImage, product_ids=news)
    return counts


def _looks_at(opened: Sequence[_Opened]) -> list[list[Look]]:
    """For each picture what its ``versions`` see, in their order; one network call for all pictures with the same."""
    alike: dict[tuple[ModelVersion, ...], list[int]] = defaultdict(list)
    for place, item in enumerate(opened):
        alike[item.versions].append(place)
    looks: list[list[Look]] = [[] for _ in opened]
    for versions, places in alike.items():
        pictures = [opened[place].rgb for place in places]
        eyes = [(classifier_of(version), detector_of(version)) for version in versions]
        for seen in look_with_each(pictures, eyes):
            for place, look in zip(places, seen, strict=True):
                looks[place].append(look)
    return looks


def _open_upload(
    image: ProductImage, versions: Sequence[ModelVersion], missing: tuple[ModelVersion, ...]
) -> _Opened | None:
    """Decode an upload; None for a file that the shop has looked at before: then only the upload is put away.

    ``missing`` are those of ``versions`` that have not seen the picture before it was uploaded anew.
    """
    try:
        with image.upload.open("rb") as file:
            data = file.read(settings.PICTURE_MAX_BYTES + 1)  # one byte too many is enough to be refused
    except FileNotFoundError as error:
        raise ImageRejected("missing", "The uploaded file is gone. Upload the picture again.") from error
    digest = hashlib.sha256(data).hexdigest()
    is_known = bool(image.widths) and digest == image.source_hash
    if is_known and not missing:
        _put_upload_away(image)
        return None
    rgb = decode(data, LONGEST_SIDE)
    unseen = missing if is_known else tuple(versions)
    return _Opened(image, resize_within(rgb, LOOK_SIDE), digest, unseen, make_renditions(rgb))


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


def _store(opened: Sequence[_Opened], looks: Sequence[Sequence[Look]]) -> list[_Opened]:
    """Write what was seen, in one transaction; returns those of ``opened`` that are stored.

    A picture that was deleted or replaced while it was being looked at is left out: its new file has a task of its own.
    """
    stored: list[_Opened] = []
    analyses: list[ImageAnalysis] = []
    descriptors: list[VisualDescriptors] = []
    with transaction.atomic():
        # Products before their pictures, in ascending order: so do imports and the admin, and nobody waits in a circle.
        products = Product.objects.select_for_update(no_key=True).order_by("pk")
        list(products.filter(pk__in={item.image.product_id for item in opened}).values_list("pk"))
        rows = ProductImage.objects.select_for_update(no_key=True).in_bulk([item.image.pk for item in opened])
        for item, seen in zip(opened, looks, strict=True):
            image = rows.get(item.image.pk)
            if image is None or (image.upload.name, image.source_hash) != (
                item.image.upload.name,
                item.image.source_hash,
            ):
                continue
            if item.renditions is not None:
                save_renditions(image, item.renditions, item.digest)
            stored.append(item)
            analyses += [
                _analysis(item, version, look) for version, look in zip(item.versions, seen, strict=True)
            ]
            keypoints = seen[0].keypoints
            descriptors.append(
                VisualDescriptors(
                    image=image,
                    source_hash=item.digest,
                    count=len(keypoints.points),
                    descriptors=keypoints.descriptors.tobytes(),
                    points=keypoints.points.astype(np.float16).tobytes(),
                )
            )
        _upsert(analyses, ["image", "model"])
        _upsert(descriptors, ["image"])
        note_seen_words({item.image.product_id for item in stored})
    return stored


def _analysis(item: _Opened, version: ModelVersion, look: Look) -> ImageAnalysis:
    return ImageAnalysis(
        image=item.image,
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


def _upsert(rows: Sequence[ImageAnalysis] | Sequence[VisualDescriptors], unique: Sequence[str]) -> None:
    """Insert rows, or replace those that have the same ``unique`` fields."""
    if not rows:
        return
    model = type(rows[0])
    fields = [
        f.name for f in model._meta.concrete_fields if f.name not in {"id", *unique} and not f.generated
    ]
    model.objects.bulk_create(rows, update_conflicts=True, unique_fields=unique, update_fields=fields)
