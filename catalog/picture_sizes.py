"""The sizes in which a picture is offered, encoded as WebP without metadata. No Django here: this runs in processes of
its own during an import."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

RENDITION_WIDTHS = (160, 320, 480, 800, 1200)
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


@dataclass(frozen=True)
class PictureJob:
    """A picture that is to be made: ``make(*arguments)`` runs in another process and returns its renditions.

    ``digest`` identifies the content, so that a picture that is there already is not made again. ``make`` raises
    ``ValueError`` with a sentence for a picture that cannot be used.
    """

    digest: str
    make: Callable[..., Renditions]
    arguments: tuple[Any, ...]
    alt: str
