"""Jackets, blazers and coats."""

# Outlines are rows of knots; the formatter would give every knot a line of its own.
# fmt: off

import math
from dataclasses import replace

from catalog.drawing.bodice import Cut, armhole_seams, body_folds, hem_band, hem_stitches, lay_sleeves
from catalog.drawing.bottoms import COPPER, THREAD
from catalog.drawing.collars import (
    button_colour,
    chest_pocket,
    hood,
    inside_neck,
    placket,
    shirt_collar,
    stand_collar,
)
from catalog.drawing.fabric import FABRICS
from catalog.drawing.garment import Drawer, Look
from catalog.drawing.palette import RGB, brightness, darker
from catalog.drawing.shapes import MIDDLE, Knot, mirrored, outline, rectangle, reflected
from catalog.drawing.sheet import Cloth, Sheet

STEEL: RGB = (182, 180, 174)

Points = list[tuple[float, float]]


def mirrored_points(side: int, points: Points) -> Points:
    return points if side > 0 else [(2 * MIDDLE - x, y) for x, y in points]


def _cut(look: Look, **changes: float | str) -> Cut:
    women = look.gender == "Women"
    cut = Cut(
        top=142, neck=54, shoulder=look.about(126 if women else 138), slope=36, underarm=312,
        chest=look.about(130 if women else 142),
        waist_y=440, waist=look.about(118 if women else 138), hem_y=look.about(600, 0.02),
        hem=look.about(130 if women else 142), depth=46,
    )
    return replace(cut, **changes)  # type: ignore[arg-type]


def arms(look: Look, length: float = 400.0, angle: float = 15.0) -> tuple[float, float]:
    return look.about(length, 0.02), angle * (0.55 if look.hanging else 1.0)


def lay_front(sheet: Sheet, look: Look, cut: Cut, cloth: Cloth, hem: bool = True, cutaway: float = 0.0) -> None:
    """Lay the front; ``cutaway`` rounds the corners below the last button."""
    knots: list[Knot] = [*cut.neck_knots(), *cut.side_knots()]
    if cutaway:
        knots = [
            *knots[:-2], (MIDDLE + cut.hem * 0.42, cut.hem_y + 6), (MIDDLE + 20, cut.hem_y - 6),
            (MIDDLE + 1, cut.hem_y - cutaway, True),
        ]
    body = mirrored(*knots)
    sheet.piece(body, cloth, bulge=9, spread=15)
    with sheet.within(body):
        body_folds(sheet, look, cut, cloth.fabric.fold, hem=hem)
    armhole_seams(sheet, cut, cloth)


def lapels(sheet: Sheet, cut: Cut, cloth: Cloth, kind: str, width: float = 1.0) -> None:
    """Lay collar and lapels along the neckline, which must be a V."""
    neck, top, low = cut.neck, cut.top, cut.top + cut.depth
    tall = cut.depth
    gorge = (MIDDLE + neck * 0.78, top + tall * 0.20)
    tip = (MIDDLE + neck * (1.42 + 0.35 * width), top + tall * 0.36)
    band = mirrored(
        (MIDDLE, top - 10), (MIDDLE + neck * 0.7, top - 14),
        (MIDDLE + neck + 2, top - 10, True), (MIDDLE + neck * 0.95, top + 14), (MIDDLE, top + 20)
    )
    sheet.piece(band, cloth.plain().tinted(0.12), lift=2, bulge=3, spread=5)
    if kind == "shawl":
        parts = [
            outline(
                (MIDDLE + 1, low + 2, True), (MIDDLE + neck * 0.55, top + tall * 0.42),
                (MIDDLE + neck * 0.95, top - 12, True), (MIDDLE + neck + 15, top + 10),
                (tip[0] - 6, top + tall * 0.36), (MIDDLE + neck * 0.9, top + tall * 0.74),
            )
        ]
    else:
        lapel = outline(
            (MIDDLE + 1, low + 2, True),
            (MIDDLE + neck * 0.5, top + tall * 0.48), (*gorge, True), (*tip, True),
            (MIDDLE + neck * 1.18 * width, top + tall * 0.66), (MIDDLE + neck * 0.42, top + tall * 0.9),
        )
        collar = outline(
            (MIDDLE + neck * 0.9, top - 13), (MIDDLE + neck + 2, top - 11), (MIDDLE + neck + 17, top + 8),
            (MIDDLE + neck * 1.52, top + tall * 0.16, True),
            (tip[0] - 25, top + tall * 0.315, True), (*gorge, True),
        )
        parts = [lapel, collar]
    for side in (-1, 1):
        for part in parts:
            path = part if side > 0 else reflected(part)
            sheet.piece(
                path, cloth, grain=-24 * side, origin=(MIDDLE, top), over=True, lift=5, bulge=4, spread=7,
                edge=0.42,
            )


def welt_pocket(
    sheet: Sheet, cloth: Cloth, x: float, y: float, width: float, slope: float = 0.0, tall: float = 13.0,
) -> None:
    path = outline(
        (x, y + slope, True), (x + width, y, True), (x + width, y + tall, True),
        (x, y + tall + slope, True),
    )
    sheet.piece(path, cloth, over=True, lift=2.5, bulge=2, spread=4, edge=0.4)


def pocket_flap(
    sheet: Sheet, cloth: Cloth, side: int, x: float, y: float, width: float, tall: float = 26.0,
) -> None:
    path = outline(
        (x, y - 3, True), (x + width, y, True), (x + width, y + tall, True),
        (x + width * 0.5, y + tall + 1), (x, y + tall - 3, True),
    )
    sheet.piece(
        path if side > 0 else reflected(path), cloth, over=True, lift=3.5, bulge=3, spread=5, edge=0.4,
    )


def draw_blazer(sheet: Sheet, look: Look) -> None:
    """Draw a single- or double-breasted blazer."""
    cloth = look.cloth
    double = look.trait("buttons") == "double-breasted"
    cut = _cut(look, neckline="v", depth=206.0 if not double else 190.0, hem_y=look.about(610, 0.015))
    buttons = button_colour(cloth, look.rng.random())
    lining = replace(
        cloth.plain(), fabric=FABRICS["Satin"],
        colour=darker(look.accent, 0.15) if brightness(look.accent) < 0.8 else darker(cloth.colour, 0.2),
    )
    inside_neck(sheet, cut, lining, label=(238, 232, 220))
    length, angle = arms(look, 402)
    lay_sleeves(sheet, look, cut, cloth, length=length, angle=angle, cuff=58, crease=0.7)
    _sleeve_buttons(sheet, look, cut, length, angle, buttons)
    lay_front(sheet, look, cut, cloth, hem=False, cutaway=0 if double else 66)
    low = cut.top + cut.depth
    for side in (-1, 1):
        sheet.seam(
            mirrored_points(side, [(MIDDLE + 74, cut.underarm + 34), (MIDDLE + 66, 430), (MIDDLE + 74, 486)]), cloth,
            0.5,
        )
        pocket_flap(sheet, cloth, side, MIDDLE + 44, 488, 74)
    welt_pocket(sheet, cloth, MIDDLE + 44, 318, 56, 6)
    if double:
        sheet.seam([(MIDDLE - 46, low + 14), (MIDDLE - 50, cut.hem_y + 4)], cloth, 1.1)
    else:
        sheet.seam([(MIDDLE, low), (MIDDLE, (low + cut.hem_y) / 2), (MIDDLE, cut.hem_y - 68)], cloth, 1.2)
    lapels(sheet, cut, cloth, look.trait("lapel", "notch"), 1.2 if double else 1.0)
    if double:
        for y in (low + 26, low + 96):
            for x in (-40, 40):
                sheet.button(MIDDLE + x, y, buttons, 8)
    else:
        for y in (low + 14, low + 92):
            sheet.button(MIDDLE + 1, y, buttons, 8)


def _sleeve_buttons(sheet: Sheet, look: Look, cut: Cut, length: float, angle: float, colour: RGB) -> None:
    """Sew four small buttons at the outer edge of each cuff."""
    sx, sy = cut.shoulder_point
    a = math.radians(angle)
    for side in (-1, 1):
        for i in range(4):
            reach = length - 16 - 13 * i
            x, y = sx + math.sin(a) * reach - 10 * math.cos(a), sy + math.cos(a) * reach + 8 * math.sin(a)
            sheet.button(x if side > 0 else 2 * MIDDLE - x, y, colour, 4.2)


def draw_jacket(sheet: Sheet, look: Look) -> None:
    """Draw a jacket in one of its styles."""
    {
        "biker": _biker, "bomber": _bomber, "trucker": _trucker, "puffer": _puffer, "field": _field,
        "rain": _rain,
    }[
        look.trait("style", "bomber")
    ](sheet, look)


def _biker(sheet: Sheet, look: Look) -> None:
    cloth = look.cloth
    cut = _cut(look, neckline="v", depth=118.0, hem_y=562.0)
    length, angle = arms(look)
    inside_neck(sheet, cut, cloth.tinted(0.2), label=(200, 196, 186))
    lay_sleeves(sheet, look, cut, cloth, length=length, angle=angle, cuff=56, crease=1.3)
    lay_front(sheet, look, cut, cloth)
    low = cut.top + cut.depth
    for side in (-1, 1):
        sheet.seam(
            mirrored_points(
                side,
                [(MIDDLE + cut.neck + 8, cut.top + 30), (MIDDLE + cut.shoulder, cut.top + cut.slope + 30)],
            ),
            cloth, 0.6,
        )
    sheet.zip((MIDDLE + 26, low - 6), (MIDDLE + 8, cut.hem_y + 2), STEEL, 9)
    for x0, y0, x1, y1 in ((-102, 452, -44, 414), (56, 414, 112, 452), (-96, 322, -56, 300)):
        sheet.zip((MIDDLE + x0, y0), (MIDDLE + x1, y1), STEEL, 7)
    band = mirrored(
        (MIDDLE, cut.hem_y - 34), (MIDDLE + cut.hem - 1, cut.hem_y - 42, True),
        (MIDDLE + cut.hem, cut.hem_y, True), (MIDDLE, cut.hem_y + 8),
    )
    sheet.piece(band, cloth, over=True, lift=3, bulge=3, spread=6)
    for x in (-96, 96):
        sheet.line(rectangle(MIDDLE + x - 13, cut.hem_y - 33, MIDDLE + x + 13, cut.hem_y - 6, 3), STEEL, 3)
    lapels(sheet, cut, cloth, "notch", 1.5)
    for side in (-1, 1):
        sheet.disc(*mirrored_points(side, [(MIDDLE + cut.neck * 1.62, cut.top + cut.depth * 0.40)])[0], 4, STEEL, 2)
        sheet.disc(*mirrored_points(side, [(MIDDLE + cut.neck * 1.2, cut.top + cut.depth * 0.12)])[0], 4, STEEL, 2)


def _bomber(sheet: Sheet, look: Look) -> None:
    cloth = look.cloth
    cut = _cut(look, depth=38.0, hem_bow=4.0)
    cut = replace(cut, chest=cut.chest + 6, waist=cut.waist + 8, hem=cut.hem - 6, hem_y=cut.hem_y - 14)
    length, angle = arms(look, 398, 18)
    lay_sleeves(
        sheet, look, cut, cloth, length=length, angle=angle, cuff=58, band=36, band_cloth=cloth.of("Rib"),
        puff=7, crease=1.25,
    )
    lay_front(sheet, look, cut, cloth)
    hem_band(sheet, cut, cloth, 42)
    for side in (-1, 1):
        slanted_pocket(sheet, cloth, side, MIDDLE + 62, 452)
    stand_collar(sheet, cut, cloth.of("Rib"), 26)
    sheet.zip((MIDDLE, cut.top + cut.depth - 4), (MIDDLE, cut.hem_y + 3), STEEL, 9)


def slanted_pocket(sheet: Sheet, cloth: Cloth, side: int, x: float, y: float, length: float = 74.0) -> None:
    path = outline(
        (x, y, True), (x + 14, y - 3, True), (x + 44, y + length - 4, True), (x + 30, y + length, True),
    )
    sheet.piece(path if side > 0 else reflected(path), cloth, over=True, lift=3, bulge=2, spread=4, edge=0.4)


def _trucker(sheet: Sheet, look: Look) -> None:
    cloth = look.cloth
    cut = _cut(look, depth=40.0, neck=52.0, hem_y=568.0)
    thread = THREAD if 0.12 < brightness(cloth.colour) < 0.7 else darker(cloth.colour, 0.3)
    length, angle = arms(look, 396)
    inside_neck(sheet, cut, cloth, label=(220, 200, 170))
    lay_sleeves(sheet, look, cut, cloth, length=length, angle=angle, cuff=58, band=34)
    lay_front(sheet, look, cut, cloth)
    yoke = cut.underarm - 22
    for side in (-1, 1):
        across = mirrored_points(
            side, [(MIDDLE + 8, yoke + 6), (MIDDLE + 60, yoke + 2), (MIDDLE + cut.chest - 10, yoke - 6)],
        )
        sheet.seam(across, cloth)
        sheet.stitch([(x, y + 5) for x, y in across], cloth, thread, 0.8)
        for x0, x1 in ((44, 24), (98, 62)):
            line = mirrored_points(side, [(MIDDLE + x0, yoke + 8), (MIDDLE + x1, cut.hem_y - 36)])
            sheet.seam(line, cloth, 0.8)
            sheet.stitch([(x + side * 5, y) for x, y in line], cloth, thread, 0.8)
        pocket_flap(sheet, cloth, side, MIDDLE + 42, yoke + 2, 58, 28)
        sheet.disc(*mirrored_points(side, [(MIDDLE + 71, yoke + 22)])[0], 5, COPPER)
    band = mirrored(
        (MIDDLE, cut.hem_y - 30), (MIDDLE + cut.hem + 1, cut.hem_y - 36, True),
        (MIDDLE + cut.hem, cut.hem_y, True), (MIDDLE, cut.hem_y + 8),
    )
    sheet.piece(band, cloth, over=True, lift=3, bulge=3, spread=5)
    sheet.stitch(
        [(MIDDLE - cut.hem, cut.hem_y - 28), (MIDDLE, cut.hem_y - 22), (MIDDLE + cut.hem, cut.hem_y - 28)],
        cloth, thread, 0.8,
    )
    placket(sheet, cut, cloth, cut.hem_y + 7, COPPER, 6, 14)
    shirt_collar(sheet, cut, cloth, point=38, spread=0.62, stand=14)


def _puffer(sheet: Sheet, look: Look) -> None:
    cloth = look.cloth
    cut = _cut(look, depth=34.0, neck=58.0, hem_y=596.0, hem_bow=3.0)
    cut = replace(
        cut, chest=cut.chest + 16, waist=cut.waist + 18, hem=cut.hem + 10, shoulder=cut.shoulder + 4,
    )
    length, angle = arms(look, 394, 19)
    lay_sleeves(sheet, look, cut, cloth, length=length, angle=angle, cuff=66, puff=14, crease=0.5, quilt=46)
    lay_front(sheet, look, cut, cloth, hem=False)
    with sheet.within(cut.body()):
        for i in range(11):
            y = cut.top + 34 + i * 46
            if y > cut.hem_y - 12:
                break
            half = [(MIDDLE - 190, y + 4), (MIDDLE - 90, y + 7), (MIDDLE, y + 3)]
            for side in (-1, 1):
                row = mirrored_points(-side, half)
                sheet.seam(row, cloth, 1.3)
                sheet.fold([(x, yy + 23) for x, yy in row], 9, 26, start=22, end=22, soft=8)
                for j in range(7):
                    x = MIDDLE + side * (14 + j * 24 + float(look.rng.uniform(-6, 6)))
                    sheet.fold(
                        [(x, y + 4), (x + 3, y + 12), (x + float(look.rng.uniform(-6, 6)), y + 22)], -3.4,
                        6, soft=3,
                    )
    for side in (-1, 1):
        slanted_pocket(sheet, cloth, side, MIDDLE + 70, 462, 66)
    stand_collar(sheet, cut, cloth, 46)
    sheet.zip((MIDDLE, cut.top + cut.depth - 30), (MIDDLE, cut.hem_y + 2), STEEL, 9)


def _field(sheet: Sheet, look: Look) -> None:
    cloth = look.cloth
    cut = _cut(look, depth=40.0, neck=52.0, hem_y=628.0)
    length, angle = arms(look)
    inside_neck(sheet, cut, cloth, label=(226, 214, 190))
    lay_sleeves(sheet, look, cut, cloth, length=length, angle=angle, cuff=60, band=32)
    lay_front(sheet, look, cut, cloth)
    hem_stitches(sheet, cut, cloth)
    for side in (-1, 1):
        x = 40 if side > 0 else -40 - 66
        chest_pocket(sheet, cloth, MIDDLE + x, cut.underarm - 14, 66, 66, flap=True)
        x = 36 if side > 0 else -36 - 84
        chest_pocket(sheet, cloth, MIDDLE + x, cut.waist_y + 32, 84, 96, flap=True)
    placket(sheet, cut, cloth, cut.hem_y + 7, darker(cloth.colour, 0.45), 6, 17)
    shirt_collar(sheet, cut, cloth, point=36, spread=0.6, stand=16)


def _rain(sheet: Sheet, look: Look) -> None:
    cloth = look.cloth
    cut = _cut(look, depth=36.0, top=172.0, hem_y=650.0)
    length, angle = arms(look)
    hood(sheet, look, cut, cloth)
    lay_sleeves(sheet, look, cut, cloth, length=length, angle=angle, cuff=60, band=20)
    lay_front(sheet, look, cut, cloth)
    hem_stitches(sheet, cut, cloth)
    for side in (-1, 1):
        pocket_flap(sheet, cloth, side, MIDDLE + 40, cut.waist_y + 62, 80, 30)
    flap = rectangle(MIDDLE - 15, cut.top + cut.depth - 6, MIDDLE + 15, cut.hem_y + 6, 2)
    sheet.piece(flap, cloth, over=True, lift=3, bulge=2, spread=4)
    for i in range(5):
        sheet.disc(
            MIDDLE, cut.top + cut.depth + 26 + i * 84, 5.5,
            STEEL if brightness(cloth.colour) > 0.3 else (90, 92, 96),
        )


DRAWERS: dict[str, Drawer] = {"Jackets": draw_jacket, "Blazers": draw_blazer}
