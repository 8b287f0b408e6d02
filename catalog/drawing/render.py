"""A product becomes a picture: a shop picture, a phone photo, a scene with several products."""

import zlib
from collections.abc import Sequence

import numpy as np

from catalog.drawing.brands import BY_SLUG
from catalog.drawing.demo import DrawnProduct
from catalog.drawing.fabric import FABRICS
from catalog.drawing.garment import Look
from catalog.drawing.light import paper
from catalog.drawing.palette import companion, rgb
from catalog.drawing.photo import Camera, arrange, background, lay
from catalog.drawing.sheet import Cloth, Placing, Sheet
from catalog.drawing.staging import clip, drawer_of, hang, placing

VIEWS: tuple[str, ...] = ("flat", "hanger", "side", "pair", "detail")

Box = tuple[int, int, int, int]


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


def draw_product(
    product: DrawnProduct, width: int = 600, height: int = 800, view: str = "flat"
) -> np.ndarray:
    """Return the product's picture, (height, width, 3) uint8 RGB.

    ``view`` is one of ``VIEWS``; for shoes "flat" is the view from the side (from above where there is no side).
    Raises ValueError for another view.
    """
    if view not in VIEWS:
        raise ValueError(f"There is no view {view!r}; the views are {', '.join(VIEWS)}.")
    look = look_of(product, view)
    sheet = Sheet(width, height, placing(product.article_type, look), look.cloth.fabric.gloss)
    if look.hanging:
        hang(sheet, product.article_type, look)
    drawer_of(product.article_type, view)(sheet, look)
    if look.hanging:
        clip(sheet, product.article_type, look)
    return sheet.finish(paper(BY_SLUG[product.brand].tone, width, height), product.seed, look.hanging)


def cut_out(
    product: DrawnProduct, width: int, height: int, turn: float, zoom: float, seed: int
) -> np.ndarray:
    """Return the product alone, crumpled and turned (degrees), (height, width, 4) uint8 RGBA."""
    look = look_of(product)
    aim = placing(product.article_type, look)
    placed = Placing(aim.zoom * zoom, aim.focus, turn)
    sheet = Sheet(width, height, placed, look.cloth.fabric.gloss)
    drawer_of(product.article_type, "flat")(sheet, look)
    return sheet.cut_out(seed, crumple=2.6)


def draw_phone_photo(product: DrawnProduct, width: int = 600, height: int = 800, seed: int = 0) -> np.ndarray:
    """Return a photo of the product as a shopper might take it, (height, width, 3) uint8 RGB.

    Crumpled, turned, off centre, on wood, a bed, a floor or a pavement, in warm, cool or dim light.
    """
    rng = np.random.default_rng((seed, product.seed))
    turn = float(rng.normal(0, 14))
    zoom = float(rng.uniform(0.72, 1.02))
    piece = cut_out(product, width, height, turn, zoom, int(rng.integers(1 << 30)))
    picture = background(width, height, rng)
    shift = (int(rng.normal(0, 0.04) * width), int(rng.normal(0, 0.04) * height))
    lay(picture, piece, shift, rng)
    return Camera(rng).take(picture)


def draw_scene(
    products: Sequence[DrawnProduct], width: int = 900, height: int = 1200, seed: int = 0
) -> tuple[np.ndarray, list[Box]]:
    """Return a photo of several products, (height, width, 3) uint8 RGB, and their boxes (x, y, width, height).

    The boxes are in the order of the products, in pixels, and hold what is visible of each product.
    """
    rng = np.random.default_rng((seed, len(products)))
    picture = background(width, height, rng)
    boxes: list[Box] = []
    for product, (left, top, wide, tall) in zip(
        products, arrange(len(products), width, height, rng), strict=True
    ):
        piece = cut_out(
            product,
            wide,
            tall,
            float(rng.normal(0, 10)),
            float(rng.uniform(0.86, 1.0)),
            int(rng.integers(1 << 30)),
        )
        x, y, w, h = lay(picture, piece, (left, top), rng)
        boxes.append((x, y, w, h))
    return Camera(rng).take(picture), boxes
