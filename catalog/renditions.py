"""The sizes in which a picture is offered, made once and written as WebP without metadata."""

import io
from dataclasses import dataclass, field

import numpy as np
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from numpy.typing import NDArray
from PIL import Image

from catalog.models.image import RENDITION_WIDTHS, ProductImage

QUALITY = 82
LONGEST_SIDE = 1600


@dataclass(frozen=True)
class Renditions:
    """One picture in several widths.

    ``width`` and ``height`` are those of the largest rendition, ``dominant_colour`` is ``#rrggbb`` and ``files``
    maps each width in pixels to the bytes of a WebP file.
    """

    width: int
    height: int
    dominant_colour: str
    files: dict[int, bytes] = field(repr=False)


def make_renditions(rgb: NDArray[np.uint8]) -> Renditions:
    """Encode ``rgb`` (height, width, 3; uint8) in every width of ``RENDITION_WIDTHS`` that does not enlarge it.

    A picture narrower than the smallest width is offered in its own width. Each size is made from the next larger
    one, which halves the work of starting from the original each time.
    """
    picture = Image.fromarray(rgb)
    if max(picture.size) > LONGEST_SIDE:
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    widths = [w for w in RENDITION_WIDTHS if w < picture.width]
    # A picture only a little wider than the last step is offered as it is, instead of in two nearly equal sizes.
    if widths and picture.width < 1.15 * widths[-1]:
        widths.pop()
    files: dict[int, bytes] = {}
    largest = picture
    for width in sorted({*widths, picture.width}, reverse=True):
        if width != picture.width:
            height = max(1, round(picture.height * width / picture.width))
            picture = picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
        buffer = io.BytesIO()
        picture.save(buffer, "WEBP", quality=QUALITY, method=2)
        files[width] = buffer.getvalue()
    red, green, blue = largest.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    return Renditions(largest.width, largest.height, f"#{red:02x}{green:02x}{blue:02x}", files)


def save_renditions(image: ProductImage, renditions: Renditions, source_hash: str) -> None:
    """Write the files and note them on ``image``, which must have been saved. The old files and the upload go.

    The name carries the picture's hash, so that a browser may keep a rendition for ever.
    """
    old_files = [image.rendition_name(width) for width in image.widths]
    upload = image.upload.name
    image.stem = f"products/{image.pk // 1000}/{image.pk}-{source_hash[:12]}"
    image.widths = sorted(renditions.files)
    new_files = {image.rendition_name(width): data for width, data in renditions.files.items()}
    for name, data in new_files.items():
        default_storage.delete(name)  # left by an interrupted run: the storage would choose another name
        default_storage.save(name, ContentFile(data))
    image.width, image.height = renditions.width, renditions.height
    image.dominant_colour = renditions.dominant_colour
    image.source_hash = source_hash
    image.state = ProductImage.State.READY
    image.error = ""
    image.upload = ""
    image.save(
        update_fields=[
            "stem", "widths", "width", "height", "dominant_colour", "source_hash", "state", "error", "upload",
        ]
    )  # fmt: skip
    for name in old_files:
        if name not in new_files:
            default_storage.delete(name)
    if upload:
        image.upload.storage.delete(upload)


def write_renditions(image: ProductImage, rgb: NDArray[np.uint8], source_hash: str) -> None:
    """Make and save the renditions of a decoded picture."""
    save_renditions(image, make_renditions(rgb), source_hash)


def delete_files(image: ProductImage) -> None:
    """Remove all files of a picture that is gone."""
    for width in image.widths:
        default_storage.delete(image.rendition_name(width))
    if image.upload:
        image.upload.storage.delete(image.upload.name)
