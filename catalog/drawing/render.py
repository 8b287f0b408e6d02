"""A product becomes a picture."""

import zlib

import numpy as np

from catalog.drawing import bottoms, dresses, tops
from catalog.drawing.brands import BY_SLUG
from catalog.drawing.demo import DrawnProduct
from catalog.drawing.fabric import FABRICS
from catalog.drawing.garment import Drawer, Look
from catalog.drawing.light import paper
from catalog.drawing.palette import companion, rgb
from catalog.drawing.sheet import Cloth, Placing, Sheet

DRAWERS: dict[str, Drawer] = {**tops.DRAWERS, **bottoms.DRAWERS, **dresses.DRAWERS}


def look_of(product: DrawnProduct, view: str = "flat") -> Look:
    """Return what the drawing functions are told: cut by the model's seed, coloured by the product."""
    model = zlib.crc32(product.style_code.encode())
    second = companion(product.colour, np.random.default_rng(model))
    motif = product.attributes.get("Motif", "")
    pattern = f"{product.pattern}:{motif}" if motif else ""
    cloth = Cloth(rgb(product.colour_hex), FABRICS[product.fabric], pattern, second)
    traits = {key.lower(): value.lower() for key, value in product.attributes.items()}
    pose = "hanger" if view == "hanger" else "flat"
    return Look(traits, cloth, second, np.random.default_rng(model), product.gender, pose, view)


def draw_product(product: DrawnProduct, width: int = 600, height: int = 800, view: str = "flat") -> np.ndarray:
    """Return the product's picture, (height, width, 3) uint8 RGB."""
    look = look_of(product, view)
    placing = Placing(1.2, (300.0, 385.0)) if view != "detail" else Placing(2.6, (330.0, 240.0))
    sheet = Sheet(width, height, placing, look.cloth.fabric.gloss)
    DRAWERS[product.article_type](sheet, look)
    return sheet.finish(paper(BY_SLUG[product.brand].tone, width, height), product.seed, look.hanging)
