"""Staging: what stands in the frame, how close the camera is, and what a garment hangs from."""

from functools import lru_cache

import numpy as np

from catalog.drawing import (
    accessories,
    bags,
    bottoms,
    coats,
    dress_shoes,
    dresses,
    headwear,
    knitwear,
    outerwear,
    shoes,
    skirts,
    tops,
)
from catalog.drawing.fabric import FABRICS
from catalog.drawing.garment import Drawer, Look
from catalog.drawing.palette import RGB
from catalog.drawing.patterns import ink
from catalog.drawing.shapes import HEIGHT, MIDDLE, WIDTH, curve, ellipse, outline, rectangle, strip
from catalog.drawing.sheet import Cloth, Placing, Sheet

_WAISTS: dict[str, Drawer] = {**bottoms.DRAWERS, **skirts.DRAWERS}
_SHOES: dict[str, Drawer] = {**shoes.DRAWERS, **dress_shoes.DRAWERS}
DRAWERS: dict[str, Drawer] = {
    **tops.DRAWERS,
    **knitwear.DRAWERS,
    **dresses.DRAWERS,
    **outerwear.DRAWERS,
    **coats.DRAWERS,
    **_WAISTS,
    **_SHOES,
    **bags.DRAWERS,
    **headwear.DRAWERS,
    **accessories.DRAWERS,
}

# Share of the frame that the product fills at most, and how far it may be enlarged to get there.
_FILL = (0.80, 0.82)
_CLOSEST = 1.34

_DETAILS: dict[str, tuple[float, float]] = {
    "Heels": (400.0, 500.0),
    "Flats": (400.0, 490.0),
    "Sandals": (220.0, 330.0),
    "Flip Flops": (220.0, 330.0),
    "Belts": (330.0, 490.0),
    "Caps": (300.0, 430.0),
    "Hats": (320.0, 430.0),
    "Scarves": (300.0, 560.0),
    "Ties": (310.0, 240.0),
    "Sunglasses": (390.0, 400.0),
    "Watches": (310.0, 390.0),
    "Socks": (300.0, 300.0),
    "Handbags": (330.0, 400.0),
    "Backpacks": (320.0, 400.0),
    "Clutches": (320.0, 450.0),
    "Coats": (330.0, 210.0),
    "Dresses": (325.0, 190.0),
}

_WOOD: RGB = (188, 148, 104)
_STEEL: RGB = (150, 148, 144)


def drawer_of(article_type: str, view: str) -> Drawer:
    """Return what draws the type; shoes from the side stand as two in the "pair" view."""
    draw = DRAWERS[article_type]
    if view == "pair" and article_type in _SHOES and article_type not in shoes.FROM_ABOVE:
        return shoes.as_pair(draw)
    return draw


@lru_cache(maxsize=4096)
def _measure(
    article_type: str, traits: tuple[tuple[str, str], ...], gender: str, view: str
) -> tuple[float, ...]:
    """Return left, top, right, bottom of a piece of this cut in logical units, from a thumbnail of it."""
    pose = "hanger" if view == "hanger" else "flat"
    cloth = Cloth((128, 128, 128), FABRICS["Cotton"])
    look = Look(dict(traits), cloth, (0, 0, 0), np.random.default_rng(1), gender, pose, view)
    sheet = Sheet(120, 160)
    drawer_of(article_type, view)(sheet, look)
    rows, columns = np.nonzero(sheet.cover() > 0.3)
    unit = sheet.unit
    return (columns.min() * unit, rows.min() * unit, (columns.max() + 1) * unit, (rows.max() + 1) * unit)


def placing(article_type: str, look: Look) -> Placing:
    """Return the camera's distance and aim for the view."""
    if look.view == "detail":
        focus = _DETAILS.get(article_type)
        if focus is None:
            focus = (400.0, 450.0) if article_type in _SHOES else (335.0, 250.0)
        return Placing(2.2, focus)
    left, top, right, bottom = _measure(
        article_type, tuple(sorted(look.traits.items())), look.gender, look.view
    )
    if look.hanging:
        top -= 74
    zoom = min(_FILL[0] * WIDTH / (right - left), _FILL[1] * HEIGHT / (bottom - top), _CLOSEST)
    return Placing(zoom, ((left + right) / 2, (top + bottom) / 2))


def hang(sheet: Sheet, article_type: str, look: Look) -> None:
    """Draw the rail and the hanger; called before the garment is drawn."""
    _, top, _, _ = _measure(article_type, tuple(sorted(look.traits.items())), look.gender, look.view)
    rail, neck = top - 62, top + 16
    rod = rectangle(-700, rail - 7, 1300, rail + 7, 7)
    sheet.piece(rod, Cloth((74, 66, 58), FABRICS["Metal"]), lift=6, bulge=6, spread=6, edge=0.4)
    hook = curve(
        [
            (MIDDLE - 15, rail + 10),
            (MIDDLE - 13, rail - 12),
            (MIDDLE + 6, rail - 17),
            (MIDDLE + 17, rail),
            (MIDDLE + 8, rail + 22),
            (MIDDLE, rail + 34),
            (MIDDLE, neck),
        ]
    )
    sheet.line(hook, (60, 56, 52), 6.5, 0.8)
    sheet.line(hook, _STEEL, 4.6)
    sheet.line(hook, (236, 234, 228), 1.2, 0.7)
    wood = Cloth(_WOOD, FABRICS["Leather"])
    if article_type in _WAISTS:
        bar = strip([(MIDDLE - 110, neck - 14), (MIDDLE, neck - 22), (MIDDLE + 110, neck - 14)], 15)
        sheet.piece(bar, wood, lift=7, bulge=5, spread=6)
        return
    yoke = outline(
        (MIDDLE - 62, neck + 22),
        (MIDDLE - 34, neck + 4),
        (MIDDLE, neck - 10),
        (MIDDLE + 34, neck + 4),
        (MIDDLE + 62, neck + 22),
        (MIDDLE, neck + 16),
    )
    sheet.piece(yoke, wood, lift=5, bulge=5, spread=6)


def clip(sheet: Sheet, article_type: str, look: Look) -> None:
    """Clip a garment that hangs by its waist; called after it is drawn."""
    if article_type not in _WAISTS:
        return
    _, top, _, _ = _measure(article_type, tuple(sorted(look.traits.items())), look.gender, look.view)
    for x in (MIDDLE - 62, MIDDLE + 62):
        jaw = rectangle(x - 13, top - 8, x + 13, top + 32, 4)
        sheet.canvas.drawPath(ellipse(x + 2, top + 32, 13, 4), ink((20, 16, 14), 0.3))
        sheet.piece(
            jaw, Cloth((62, 58, 54), FABRICS["Metal"]), over=True, lift=9, bulge=4, spread=4, edge=0.5
        )
