"""Writes a picture's renditions into the storage and notes them on its row."""

from functools import partial

import numpy as np
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from numpy.typing import NDArray

from catalog.models.image import RenderedPicture
from catalog.picture_sizes import Renditions, make_renditions


def save_renditions(image: RenderedPicture, renditions: Renditions, source_hash: str) -> None:
    """Write the files and note them on ``image``, which must have been saved. The old files and the upload go.

    The name carries the picture's hash, so that a browser may keep a rendition for ever.
    """
    old_files = [image.rendition_name(width) for width in image.widths]
    upload = image.upload.name
    image.stem = image.new_stem(source_hash)
    image.widths = sorted(renditions.files)
    new_files = {image.rendition_name(width): data for width, data in renditions.files.items()}
    for name, data in new_files.items():
        default_storage.delete(name)  # left by an interrupted run: the storage would choose another name
        default_storage.save(name, ContentFile(data))
    image.width, image.height = renditions.width, renditions.height
    image.dominant_colour = renditions.dominant_colour
    image.source_hash = source_hash
    image.state = RenderedPicture.State.READY
    image.error = ""
    image.upload = ""
    image.save(
        update_fields=[
            "stem", "widths", "width", "height", "dominant_colour", "source_hash", "state", "error", "upload",
        ]
    )  # fmt: skip
    # What is replaced goes once it is certain that the row says so: a transaction that fails must find it again.
    for name in old_files:
        if name not in new_files:
            transaction.on_commit(partial(default_storage.delete, name))
    if upload:
        transaction.on_commit(partial(image.upload.storage.delete, upload))


def write_renditions(image: RenderedPicture, rgb: NDArray[np.uint8], source_hash: str) -> None:
    """Make and save the renditions of a decoded picture."""
    save_renditions(image, make_renditions(rgb), source_hash)


def delete_files(image: RenderedPicture) -> None:
    """Remove all files of a picture that is gone."""
    for width in image.widths:
        default_storage.delete(image.rendition_name(width))
    if image.upload:
        image.upload.storage.delete(image.upload.name)
