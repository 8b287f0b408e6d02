"""Buyers' pictures, decoded and encoded anew by a worker: the file that was sent is never shown to anybody."""

import hashlib
from functools import partial

import structlog
from django.conf import settings
from django.db import transaction

from catalog.images import ImageRejected, decode_image
from catalog.picture_sizes import LONGEST_SIDE, make_renditions
from catalog.renditions import save_renditions
from shop.reviews.models import ReviewPhoto
from shop.reviews.writing import count_photos

logger = structlog.get_logger(__name__)


def render_photos(review_id: int) -> None:
    """Make the waiting pictures of a review ready, or note why one cannot be shown. Safe to run twice, and at once."""
    waiting = ReviewPhoto.objects.filter(review=review_id, state=ReviewPhoto.State.WAITING)
    for pk in waiting.values_list("pk", flat=True):
        with transaction.atomic():
            photo = waiting.select_for_update(skip_locked=True).filter(pk=pk).first()
            if photo is not None:
                _render(photo)
    count_photos(review_id)


def _render(photo: ReviewPhoto) -> None:
    try:
        with photo.upload.open("rb") as file:
            data = file.read()
        rgb = decode_image(
            data,
            max_bytes=settings.PICTURE_MAX_BYTES,
            max_pixels=settings.PICTURE_MAX_PIXELS,
            target=LONGEST_SIDE,
        )
    except (ImageRejected, FileNotFoundError) as error:
        logger.warning("review_photo_refused", photo=photo.pk, error=str(error))
        photo.state, photo.error = ReviewPhoto.State.BROKEN, str(error)[:300]
        name, photo.upload = photo.upload.name, ""
        photo.save(update_fields=["state", "error", "upload"])
        transaction.on_commit(partial(photo.upload.storage.delete, name))
        return
    save_renditions(photo, make_renditions(rgb), hashlib.sha256(data).hexdigest())
