"""Skirts, alone or below a bodice."""

# Outlines are rows of knots; the formatter would give every knot a line of its own.
# fmt: off

import skia

from catalog.drawing.bottoms import COPPER, THREAD, Legs, mirrored_points, waistband
from catalog.drawing.garment import Drawer, Look
from catalog.drawing.palette import darker
from catalog.drawing.shapes import (
    MIDDLE,
    Knot,
    along,
    curve,
    mirrored,
    rectangle,
)
from catalog.drawing.sheet import Cloth, Sheet


def lay_skirt(
    sheet: Sheet, look: Look, cloth: Cloth, top: float, waist: float, hem_y: float, hem: float, *,
    bow: float = 20.0, flare: float = 1.0, folds: int = 9,
) -> skia.Path:
    """Lay a skirt from a waist line down, with folds that widen towards the hem; return its outline."""
    hip_y = top + (hem_y - top) * 0.34
    wave: list[Knot] = []
    for i in range(1, 7):
        x = MIDDLE + hem * (1 - i / 6.5)
        dip = bow * (1 - (x - MIDDLE) ** 2 / hem**2) ** 0.5
        wave.append((x, hem_y + dip + (3.5 if i % 2 else -2.5) * flare))
    path = mirrored(
        (MIDDLE, top), (MIDDLE + waist, top - 3, True), (MIDDLE + waist + (hem - waist) * 0.42, hip_y),
        (MIDDLE + hem, hem_y, True), *wave,
    )
    sheet.piece(path, cloth, origin=(MIDDLE, top), bulge=11, spread=18)
    with sheet.within(path):
        for i in range(folds):
            share = (i + 0.5 + float(look.rng.uniform(-0.22, 0.22))) / folds * 2 - 1
            begin = top + (hem_y - top) * float(look.rng.uniform(0.02, 0.32))
            x0, x1 = MIDDLE + share * waist * 0.9, MIDDLE + share * hem * 0.98
            a, b = (x0, begin), (x1, hem_y + bow + 16)
            mid = along(a, b, 0.5)
            depth = (7.0 if i % 2 else -6.0) * flare * cloth.fabric.fold
            sheet.fold(
                [a, (mid[0] - share * 4, mid[1]), b], depth, 13 * flare + 4, end=26 * flare + 4, soft=6,
            )
    hemline = [
        (MIDDLE - hem + 3, hem_y - 9), (MIDDLE - hem * 0.5, hem_y + bow * 0.8 - 9),
        (MIDDLE, hem_y + bow - 9), (MIDDLE + hem * 0.5, hem_y + bow * 0.8 - 9),
        (MIDDLE + hem - 3, hem_y - 9),
    ]
    sheet.stitch(hemline, cloth, alpha=0.3)
    return path


def draw_skirt(sheet: Sheet, look: Look) -> None:
    """Draw a skirt: A-line, pleated, pencil, flared or buttoned."""
    cloth, style = look.cloth, look.trait("style", "a-line")
    hem_y = {"mini": 500.0, "knee": 580.0, "midi": 690.0}[look.trait("length", "knee")]
    top = 160.0
    waist = look.about(98)
    hem = {"a-line": 178.0, "pleated": 196.0, "pencil": 112.0, "flared": 232.0, "button": 150.0}[style]
    if style == "pencil":
        path = mirrored(
            (MIDDLE, top), (MIDDLE + waist, top - 3, True), (MIDDLE + 136, top + 150),
            (MIDDLE + 134, top + 230), (MIDDLE + hem, hem_y, True), (MIDDLE, hem_y + 6),
        )
        sheet.piece(path, cloth, bulge=14, spread=22)
        with sheet.within(path):
            for side in (-1, 1):
                for i in range(3):
                    y = top + 150 + 50 * i
                    sheet.fold(
                        mirrored_points(side, [(MIDDLE + 128, y), (MIDDLE + 80, y + 14), (MIDDLE + 36, y + 4)]),
                        (3.4 if i % 2 else -3.2) * cloth.fabric.fold, 13, soft=6,
                    )
        for side in (-1, 1):
            sheet.seam(mirrored_points(side, [(MIDDLE + 50, top + 12), (MIDDLE + 62, top + 92)]), cloth, 0.6)
        sheet.seam([(MIDDLE + 40, hem_y - 96), (MIDDLE + 40, hem_y + 4)], cloth, 0.8)
    else:
        folds = 15 if style == "pleated" else 10
        path = lay_skirt(
            sheet, look, cloth, top, waist, hem_y, hem, bow=20 if hem < 220 else 30,
            flare=0.55 if style in ("a-line", "button") else 1.0, folds=folds,
        )
        if style == "pleated":
            with sheet.within(path):
                for i in range(-8, 9):
                    x0, x1 = MIDDLE + i * waist / 8, MIDDLE + i * hem / 8
                    sheet.line(
                        curve([(x0, top), (x0 + (x1 - x0) * 0.55, (top + hem_y) / 2), (x1, hem_y + 24)]),
                        darker(cloth.colour, 0.6), 1.6, 0.42,
                    )
                    sheet.fold(
                        [
                            (x0 + 5, top + 4), (x0 + (x1 - x0) * 0.55 + 7, (top + hem_y) / 2),
                            (x1 + 10, hem_y + 24),
                        ],
                        6, 8, start=4, end=14, soft=3,
                    )
        elif style == "button":
            band = rectangle(MIDDLE - 13, top - 4, MIDDLE + 13, hem_y + 18, 1)
            sheet.piece(band, cloth, over=True, lift=2, bulge=1.5, spread=4)
            for i in range(6):
                sheet.disc(MIDDLE, top + 36 + i * (hem_y - top - 60) / 5.4, 6, COPPER)
            for side in (-1, 1):
                sheet.stitch(
                    mirrored_points(
                        side,
                        [(MIDDLE + 40, top + 26), (MIDDLE + 52, top + 62), (MIDDLE + waist + 12, top + 74)],
                    ),
                    cloth, THREAD, 0.7,
                )
        elif style == "a-line":
            for side in (-1, 1):
                sheet.seam(mirrored_points(side, [(MIDDLE + 52, top + 12), (MIDDLE + 84, hem_y)]), cloth, 0.45)
    legs = Legs(top=top, waist=waist)
    waistband(sheet, legs, cloth, 30, loops=style == "button")


DRAWERS: dict[str, Drawer] = {"Skirts": draw_skirt}
