"""Opening, drawing and describing pictures, each against the plain way of doing it."""

import io
from collections.abc import Iterator

import numpy as np
from PIL import Image

from catalog.drawing.demo import demo_products
from catalog.drawing.render import draw_product
from catalog.images import decode_image
from shop.benchmarks.timing import Row, compare
from vision.visual_words import VisualVocabulary, describe

DRAWN_LARGE_MS = 125  # 8 pictures a second on one core at 600×800
DRAWN_SMALL_MS = 25  # 40 a second at 240×320


def rows() -> Iterator[Row]:
    """Rows about pictures; they need no database."""
    photo = _phone_photo()
    yield compare(
        "open_phone_photo",
        lambda: decode_image(photo, target=512),
        lambda: np.asarray(Image.open(io.BytesIO(photo)).convert("RGB")),
        target=0.7,
        unit="ratio",
        what="scaled decoding of a 12-megapixel JPEG against decoding all of it",
    )
    products = demo_products(32, 7)
    yield compare(
        "draw_600x800",
        _each(products, 600, 800),
        _each(products, 240, 320),
        target=DRAWN_LARGE_MS,
        unit="ms",
        what="drawing one product at 600×800 against 240×320",
        rounds=len(products) - 1,
    )
    yield compare(
        "draw_240x320",
        _each(products, 240, 320),
        _each(products, 600, 800),
        target=DRAWN_SMALL_MS,
        unit="ms",
        what="drawing one product at 240×320 against 600×800",
        rounds=len(products) - 1,
    )
    picture = draw_product(products[0], 360, 480)
    descriptors = describe(picture)
    words = VisualVocabulary(n_components=min(69, len(descriptors) - 1), n_words=20).fit([descriptors])
    yield compare(
        "visual_words_from_stored_descriptors",
        lambda: words.histogram(descriptors),
        lambda: words.histogram(describe(picture)),
        target=0.5,
        unit="ratio",
        what="a histogram from stored descriptors against SIFT anew",
    )


def _each(products: list, width: int, height: int):
    """Draws the next product at each call, so that the median is over different garments."""
    turn = iter(products * 8)
    return lambda: draw_product(next(turn), width, height)


def _phone_photo() -> bytes:
    """A JPEG of 12 megapixels with something in it."""
    small = draw_product(demo_products(1, 7)[0], 300, 400)
    buffer = io.BytesIO()
    Image.fromarray(small).resize((3000, 4000), Image.Resampling.BICUBIC).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()
