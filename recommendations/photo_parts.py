"""A shopper's photo, opened once and cut into the parts that are looked at: drawn, whole and proposed. Worker only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from catalog.images import RGB, ImageRejected, inspect_header
from recommendations.photo_answers import BAD_BOX
from vision.detection import main_mask, regions_in, shows_somebody
from vision.looking import LOOK_SIDE
from vision.opening import decode
from vision.placing import shelves_in

PICTURE_SIDE = 960  # pixels; what the answer's page shows, and what pieces are looked for in
SMALLEST_BOX = 16  # pixels; less shows nothing
AROUND = 0.04  # of a proposed box on each side: garments in shop photos have some air around them too


@dataclass(frozen=True, eq=False)
class Photo:
    """A decoded photo; ``scale``: pixels of ``rgb`` for each pixel of the upright photo as it was sent."""

    rgb: RGB
    width: int
    height: int
    scale: float


@dataclass(frozen=True, eq=False)
class Part:
    """A part of a photo: its ``box`` [x, y, width, height] in pixels of the photo as it was sent, its own pixels, and
    which of them are the garment's, bool of any size (None: nobody knows). Of a proposal ``score`` says how sure it is.
    ``shelves`` is what the detector takes a box for (shelf -> share; empty of the whole photo)."""

    box: list[int]
    rgb: RGB
    mask: NDArray[np.bool_] | None = None
    score: float = 1.0
    shelves: Mapping[str, float] = field(default_factory=dict)


def open_photo(upload: bytes, box: Sequence[int] | None) -> Photo:
    """Decode no larger than needed: a small box asks for more pixels than the whole photo does.

    Raises:
        ImageRejected: with a sentence for the shopper.
    """
    header = inspect_header(
        upload, max_bytes=settings.PICTURE_MAX_BYTES, max_pixels=settings.PICTURE_MAX_PIXELS
    )
    longest = max(header.width, header.height)
    target = PICTURE_SIDE
    if box is not None:
        wanted = round(LOOK_SIDE * longest / max(box[2], box[3]))
        target = min(max(wanted, PICTURE_SIDE), 4 * PICTURE_SIDE)
    rgb = decode(upload, target, quick=True)
    short, long = sorted((header.width, header.height))
    # The header's sides may be those of a photo that lies on its side; the decoded one is upright.
    width, height = (short, long) if rgb.shape[0] >= rgb.shape[1] else (long, short)
    return Photo(rgb, width, height, max(rgb.shape[:2]) / longest)


@dataclass(frozen=True, eq=False)
class Parts:
    """What a photo can be cut into. ``asked`` are the parts that are answered in any case: the box that the shopper
    drew, if any, and the whole photo. ``worn``: somebody wears what the photo shows."""

    asked: list[Part]
    worn: bool
    _photo: Photo
    _found: NDArray[np.float32] | None = None  # the detector's map

    def proposed(self) -> list[Part]:
        """What the detector takes for products, each with some air around it; none without a detector.

        Worked out when it is called, since most photos show one thing, and to cut out eight takes longer than to look
        at one.
        """
        found, photo = self._found, self._photo
        if found is None:
            return []
        shape = found.shape[0], found.shape[1]
        parts = []
        for region in regions_in(found, shape):
            box = _with_air(region.box, photo, photo.width / shape[1])
            if min(box[2:]) * photo.scale >= SMALLEST_BOX:
                mask = None if region.mask is None else _cut_out(region.mask, box, photo)
                shelves = shelves_in(found, shape, region.box)
                parts.append(Part(box, _cut(photo, box), mask, region.score, shelves))
        return parts


def asked_parts(photo: Photo, drawn: Sequence[int] | None) -> list[Part]:
    """What is answered in any case: the drawn box, if any, and the whole photo; of which pixels is not known yet.

    Raises:
        ImageRejected: when the drawn box lies outside the photo.
    """
    return [Part(box, _cut(photo, box)) for box in _asked(photo, drawn)]


def parts_of(photo: Photo, asked: Sequence[Part], found: NDArray[np.float32] | None) -> Parts:
    """Cut a photo up by the detector's map ``found`` of it (rows, columns, classes). Without one there are no
    proposals, and nobody knows the garment's pixels."""
    if found is None:
        return Parts(list(asked), False, photo)
    parts = [replace(part, mask=_garment_in(found, part.box, photo)) for part in asked]
    if len(parts) > 1:
        shelves = shelves_in(found, (photo.height, photo.width), parts[0].box)
        parts[0] = replace(parts[0], shelves=shelves)
    return Parts(parts, shows_somebody(found), photo, found)


def _asked(photo: Photo, drawn: Sequence[int] | None) -> list[list[int]]:
    whole = [0, 0, photo.width, photo.height]
    if drawn is None:
        return [whole]
    x, y, width, height = drawn
    width, height = min(width, photo.width - x), min(height, photo.height - y)
    if min(width, height) < 1:
        raise ImageRejected("box", BAD_BOX)
    return [[x, y, width, height], whole]


def _with_air(box: Sequence[int], photo: Photo, scale: float) -> list[int]:
    """A proposed box in pixels of the photo, with some air around it."""
    x, y, width, height = (round(number * scale) for number in box)
    across, down = round(AROUND * width), round(AROUND * height)
    left, top = max(0, x - across), max(0, y - down)
    right, bottom = min(photo.width, x + width + across), min(photo.height, y + height + down)
    return [left, top, max(1, right - left), max(1, bottom - top)]


def _cut(photo: Photo, box: Sequence[int]) -> RGB:
    x, y, width, height = (round(number * photo.scale) for number in box)
    return np.ascontiguousarray(photo.rgb[y : y + max(1, height), x : x + max(1, width)])


def _garment_in(found: NDArray[np.float32], box: Sequence[int], photo: Photo) -> NDArray[np.bool_] | None:
    """The pixels of the main product in a box, at the size of the map (rows, columns, classes); None where there is
    none."""
    small = _scaled(box, found.shape[:2], photo)
    mask = _cut_out(main_mask(found, found.shape[:2], small), box, photo)
    return mask if mask.any() else None


def _cut_out(mask: NDArray[np.bool_], box: Sequence[int], photo: Photo) -> NDArray[np.bool_]:
    """The part of a mask of the whole photo, of any size, that lies in the box."""
    x, y, width, height = _scaled(box, mask.shape, photo)
    return mask[y : y + height, x : x + width]


def _scaled(box: Sequence[int], shape: Sequence[int], photo: Photo) -> tuple[int, int, int, int]:
    """A box of the photo in pixels of an array (rows, columns) of the whole photo; at least one pixel of it."""
    rows, columns = shape[0] / photo.height, shape[1] / photo.width
    x, y = min(int(box[0] * columns), shape[1] - 1), min(int(box[1] * rows), shape[0] - 1)
    return x, y, max(1, round(box[2] * columns)), max(1, round(box[3] * rows))
