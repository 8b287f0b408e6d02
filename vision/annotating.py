"""Draw what was found on a picture."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from catalog.images import RGB
from vision.inference import Label
from vision.labels import display_name

Box = tuple[int, int, int, int]
_PAPER, _INK = (251, 248, 243), (31, 27, 24)


def top_two(labels: Sequence[Label]) -> list[Label]:
    """The two labels that say most: what it is and which colour, where both are known; else the two most likely."""
    best = {label.kind: label for label in reversed(labels)}  # labels come by falling probability
    if {"type", "colour"} <= best.keys():
        return [best["colour"], best["type"]]
    return list(labels[:2])


def annotate(image: RGB, products: Sequence[tuple[Box, Sequence[Label]]]) -> RGB:
    """A copy of the picture (height, width, 3) with each product's box and its top two labels drawn on it.

    Boxes are (x, y, width, height) in pixels.
    """
    picture = Image.fromarray(image)
    draw = ImageDraw.Draw(picture)
    size = max(11, min(picture.size) // 22)
    font = ImageFont.load_default(size)
    for (x, y, width, height), labels in products:
        draw.rectangle((x, y, x + width - 1, y + height - 1), outline=_PAPER, width=max(1, size // 8))
        top = y + size // 2
        for label in top_two(labels):
            text = f"{display_name(label.label)} {label.probability:.1%}"
            left, upper, right, lower = draw.textbbox((x + size // 2, top), text, font=font)
            draw.rectangle(
                (left - size // 3, upper - size // 4, right + size // 3, lower + size // 4), fill=_PAPER
            )
            draw.text((x + size // 2, top), text, fill=_INK, font=font)
            top = int(lower) + size // 2
    return np.asarray(picture, np.uint8)
