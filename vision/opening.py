"""Opens the catalogue's pictures: bytes of the media storage -> checked arrays. For workers only."""

from django.conf import settings
from django.core.files.storage import default_storage

from catalog.images import RGB, ImageRejected, decode_image
from catalog.models import ProductImage


def decode(data: bytes, longest: int, *, quick: bool = False) -> RGB:
    """Decode within the shop's limits, with the longest side at most ``longest`` pixels; ``quick`` as in
    ``catalog.images.decode_image``.

    Raises:
        ImageRejected: with a sentence.
    """
    return decode_image(
        data,
        max_bytes=settings.PICTURE_MAX_BYTES,
        max_pixels=settings.PICTURE_MAX_PIXELS,
        target=longest,
        quick=quick,
    )


def open_rendition(image: ProductImage, longest: int) -> RGB:
    """Decode the smallest rendition that is at least ``longest`` wide, shrunk to ``longest`` pixels.

    Raises:
        ImageRejected: when the file is gone or cannot be read.
    """
    width = min((w for w in image.widths if w >= longest), default=max(image.widths))
    try:
        with default_storage.open(image.rendition_name(width), "rb") as file:
            return decode(file.read(), longest)
    except FileNotFoundError as error:
        raise ImageRejected(
            "missing", "The picture's files are gone from the media storage. Upload the picture again."
        ) from error
