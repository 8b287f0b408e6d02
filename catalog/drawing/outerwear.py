"""Jackets, blazers and coats."""

import math
from dataclasses import replace

from catalog.drawing.bodice import (
    Cut,
    armhole_seams,
    body_folds,
    button_colour,
    chest_pocket,
    hem_band,
    hem_stitches,
    hood,
    inside_neck,
    lay_sleeves,
    placket,
    shirt_collar,
    stand_collar,
)
from catalog.drawing.bottoms import COPPER, THREAD
from catalog.drawing.fabric import FABRICS
from catalog.drawing.garment import Drawer, Look
from catalog.drawing.palette import RGB, brightness, darker
from catalog.drawing.shapes import MIDDLE, Knot, mirrored, outline, rectangle, reflected
from catalog.drawing.sheet import Cloth, Sheet

STEEL: RGB = (182, 180, 174)

Points = list[tuple[float, float]]


def _side(side: int, points: Points) -> Points:
    return points if side > 0 else [(2 * MIDDLE - x, y) for x, y in points]


def _cut(look: Look, **changes: float | str) -> Cut:
    women = look.gender == "Women"
    cut = Cut(
        top=142, neck=54, shoulder=look.about(126 if women else 138), slope=36, underarm=312, chest=look.about(130 if women else 142),
        waist_y=440, waist=look.about(118 if women else 138), hem_y=look.about(600, 0.02), hem=look.about(130 if women else 142), depth=46,
    )  # fmt: skip
    return replace(cut, **changes)  # type: ignore[arg-type]


def _long_cut(look: Look, **changes: float | str) -> Cut:
    """Return the measurements of a coat, drawn smaller so that its length fits the sheet."""
    women = look.gender == "Women"
    cut = Cut(
        top=82, neck=45, shoulder=look.about(102 if women else 112), slope=28, underarm=214, chest=look.about(106 if women else 116),
        waist_y=330, waist=look.about(98 if women else 114), hem_y=look.about(690, 0.015), hem=look.about(132 if women else 136), depth=40, hem_bow=7,
    )  # fmt: skip
    return replace(cut, **changes)  # type: ignore[arg-type]


def _arms(look: Look, length: float = 400.0, angle: float = 15.0) -> tuple[float, float]:
    return look.about(length, 0.02), angle * (0.55 if look.hanging else 1.0)


def _front(sheet: Sheet, look: Look, cut: Cut, cloth: Cloth, hem: bool = True, cutaway: float = 0.0) -> None:
    """Lay the front; ``cutaway`` rounds the corners below the last button."""
    knots: list[Knot] = [*cut.neck_knots(), *cut.side_knots()]
    if cutaway:
        knots = [*knots[:-2], (MIDDLE + cut.hem * 0.42, cut.hem_y + 6), (MIDDLE + 20, cut.hem_y - 6), (MIDDLE + 1, cut.hem_y - cutaway, True)]
    body = mirrored(*knots)
    sheet.piece(body, cloth, bulge=9, spread=15)
    with sheet.within(body):
        body_folds(sheet, look, cut, cloth.fabric.fold, hem=hem)
    armhole_seams(sheet, cut, cloth)


def _lapels(sheet: Sheet, cut: Cut, cloth: Cloth, kind: str, width: float = 1.0) -> None:
    """Lay collar and lapels along the neckline, which must be a V."""
    neck, top, low = cut.neck, cut.top, cut.top + cut.depth
    tall = cut.depth
    gorge = (MIDDLE + neck * 0.78, top + tall * 0.20)
    tip = (MIDDLE + neck * (1.42 + 0.35 * width), top + tall * 0.36)
    band = mirrored(
        (MIDDLE, top - 10), (MIDDLE + neck * 0.7, top - 14), (MIDDLE + neck + 2, top - 10, True), (MIDDLE + neck * 0.95, top + 14), (MIDDLE, top + 20)
    )
    sheet.piece(band, cloth.plain().tinted(0.12), lift=2, bulge=3, spread=5)
    if kind == "shawl":
        parts = [
            outline((MIDDLE + 1, low + 2, True), (MIDDLE + neck * 0.55, top + tall * 0.42), (MIDDLE + neck * 0.95, top - 12, True), (MIDDLE + neck + 15, top + 10), (tip[0] - 6, top + tall * 0.36), (MIDDLE + neck * 0.9, top + tall * 0.74))
        ]
    else:
        lapel = outline(
            (MIDDLE + 1, low + 2, True), (MIDDLE + neck * 0.5, top + tall * 0.48), (*gorge, True), (*tip, True),
            (MIDDLE + neck * 1.18 * width, top + tall * 0.66), (MIDDLE + neck * 0.42, top + tall * 0.9),
        )  # fmt: skip
        collar = outline(
            (MIDDLE + neck * 0.92, top - 13, True), (MIDDLE + neck + 17, top + 8), (MIDDLE + neck * 1.52, top + tall * 0.16, True),
            (tip[0] - 25, top + tall * 0.315, True), (*gorge, True),
        )  # fmt: skip
        parts = [lapel, collar]
    for side in (-1, 1):
        for part in parts:
            path = part if side > 0 else reflected(part)
            sheet.piece(path, cloth, grain=-24 * side, origin=(MIDDLE, top), over=True, lift=5, bulge=4, spread=7, edge=0.42)


def _welt(sheet: Sheet, cloth: Cloth, x: float, y: float, width: float, slope: float = 0.0, tall: float = 13.0) -> None:
    path = outline((x, y + slope, True), (x + width, y, True), (x + width, y + tall, True), (x, y + tall + slope, True))
    sheet.piece(path, cloth, over=True, lift=2.5, bulge=2, spread=4, edge=0.4)


def _flap(sheet: Sheet, cloth: Cloth, side: int, x: float, y: float, width: float, tall: float = 26.0) -> None:
    path = outline((x, y - 3, True), (x + width, y, True), (x + width, y + tall, True), (x + width * 0.5, y + tall + 1), (x, y + tall - 3, True))
    sheet.piece(path if side > 0 else reflected(path), cloth, over=True, lift=3.5, bulge=3, spread=5, edge=0.4)


def draw_blazer(sheet: Sheet, look: Look) -> None:
    """Draw a single- or double-breasted blazer."""
    cloth = look.cloth
    double = look.trait("buttons") == "double-breasted"
    cut = _cut(look, neckline="v", depth=206.0 if not double else 190.0, hem_y=look.about(610, 0.015))
    buttons = button_colour(cloth, look.rng.random())
    lining = replace(cloth.plain(), fabric=FABRICS["Satin"], colour=darker(look.accent, 0.15) if brightness(look.accent) < 0.8 else darker(cloth.colour, 0.2))
    inside_neck(sheet, cut, lining, label=(238, 232, 220))
    length, angle = _arms(look, 402)
    lay_sleeves(sheet, look, cut, cloth, length=length, angle=angle, cuff=58, crease=0.7)
    _sleeve_buttons(sheet, look, cut, length, angle, buttons)
    _front(sheet, look, cut, cloth, hem=False, cutaway=0 if double else 66)
    low = cut.top + cut.depth
    for side in (-1, 1):
        sheet.seam(_side(side, [(MIDDLE + 74, cut.underarm + 34), (MIDDLE + 66, 430), (MIDDLE + 74, 486)]), cloth, 0.5)
        _flap(sheet, cloth, side, MIDDLE + 44, 488, 74)
    _welt(sheet, cloth, MIDDLE + 44, 318, 56, 6)
    if double:
        sheet.seam([(MIDDLE - 46, low + 14), (MIDDLE - 50, cut.hem_y + 4)], cloth, 1.1)
    else:
        sheet.seam([(MIDDLE, low), (MIDDLE, (low + cut.hem_y) / 2), (MIDDLE, cut.hem_y - 68)], cloth, 1.2)
    _lapels(sheet, cut, cloth, look.trait("lapel", "notch"), 1.2 if double else 1.0)
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
    {"biker": _biker, "bomber": _bomber, "trucker": _trucker, "puffer": _puffer, "field": _field, "rain": _rain}[
        look.trait("style", "bomber")
    ](sheet, look)


def _biker(sheet: Sheet, look: Look) -> None:
    cloth = look.cloth
    cut = _cut(look, neckline="v", depth=118.0, hem_y=562.0)
    length, angle = _arms(look)
    inside_neck(sheet, cut, cloth.tinted(0.2), label=(200, 196, 186))
    lay_sleeves(sheet, look, cut, cloth, length=length, angle=angle, cuff=56, crease=1.3)
    _front(sheet, look, cut, cloth)
    low = cut.top + cut.depth
    for side in (-1, 1):
        sheet.seam(_side(side, [(MIDDLE + cut.neck + 8, cut.top + 30), (MIDDLE + cut.shoulder, cut.top + cut.slope + 30)]), cloth, 0.6)
    sheet.zip((MIDDLE + 26, low - 6), (MIDDLE + 8, cut.hem_y + 2), STEEL, 9)
    for x0, y0, x1, y1 in ((-102, 452, -44, 414), (56, 414, 112, 452), (-96, 322, -56, 300)):
        sheet.zip((MIDDLE + x0, y0), (MIDDLE + x1, y1), STEEL, 7)
    band = mirrored((MIDDLE, cut.hem_y - 34), (MIDDLE + cut.hem - 1, cut.hem_y - 42, True), (MIDDLE + cut.hem, cut.hem_y, True), (MIDDLE, cut.hem_y + 8))
    sheet.piece(band, cloth, over=True, lift=3, bulge=3, spread=6)
    for x in (-96, 96):
        sheet.line(rectangle(MIDDLE + x - 13, cut.hem_y - 33, MIDDLE + x + 13, cut.hem_y - 6, 3), STEEL, 3)
    _lapels(sheet, cut, cloth, "notch", 1.5)
    for side in (-1, 1):
        sheet.disc(*_side(side, [(MIDDLE + cut.neck * 1.62, cut.top + cut.depth * 0.40)])[0], 4, STEEL, 2)
        sheet.disc(*_side(side, [(MIDDLE + cut.neck * 1.2, cut.top + cut.depth * 0.12)])[0], 4, STEEL, 2)


def _bomber(sheet: Sheet, look: Look) -> None:
    cloth = look.cloth
    cut = _cut(look, depth=38.0, hem_bow=4.0)
    cut = replace(cut, chest=cut.chest + 6, waist=cut.waist + 8, hem=cut.hem - 6, hem_y=cut.hem_y - 14)
    length, angle = _arms(look, 398, 18)
    lay_sleeves(sheet, look, cut, cloth, length=length, angle=angle, cuff=58, band=36, band_cloth=cloth.of("Rib"), puff=7, crease=1.25)
    _front(sheet, look, cut, cloth)
    hem_band(sheet, cut, cloth, 42)
    for side in (-1, 1):
        _welt_slant(sheet, cloth, side, MIDDLE + 62, 452)
    stand_collar(sheet, cut, cloth.of("Rib"), 26)
    sheet.zip((MIDDLE, cut.top + cut.depth - 4), (MIDDLE, cut.hem_y + 3), STEEL, 9)


def _welt_slant(sheet: Sheet, cloth: Cloth, side: int, x: float, y: float, length: float = 74.0) -> None:
    path = outline((x, y, True), (x + 14, y - 3, True), (x + 44, y + length - 4, True), (x + 30, y + length, True))
    sheet.piece(path if side > 0 else reflected(path), cloth, over=True, lift=3, bulge=2, spread=4, edge=0.4)


def _trucker(sheet: Sheet, look: Look) -> None:
    cloth = look.cloth
    cut = _cut(look, depth=40.0, neck=52.0, hem_y=568.0)
    thread = THREAD if 0.12 < brightness(cloth.colour) < 0.7 else darker(cloth.colour, 0.3)
    length, angle = _arms(look, 396)
    inside_neck(sheet, cut, cloth, label=(220, 200, 170))
    lay_sleeves(sheet, look, cut, cloth, length=length, angle=angle, cuff=58, band=34)
    _front(sheet, look, cut, cloth)
    yoke = cut.underarm - 22
    for side in (-1, 1):
        across = _side(side, [(MIDDLE + 8, yoke + 6), (MIDDLE + 60, yoke + 2), (MIDDLE + cut.chest - 10, yoke - 6)])
        sheet.seam(across, cloth)
        sheet.stitch([(x, y + 5) for x, y in across], cloth, thread, 0.8)
        for x0, x1 in ((44, 24), (98, 62)):
            line = _side(side, [(MIDDLE + x0, yoke + 8), (MIDDLE + x1, cut.hem_y - 36)])
            sheet.seam(line, cloth, 0.8)
            sheet.stitch([(x + side * 5, y) for x, y in line], cloth, thread, 0.8)
        _flap(sheet, cloth, side, MIDDLE + 42, yoke + 2, 58, 28)
        sheet.disc(*_side(side, [(MIDDLE + 71, yoke + 22)])[0], 5, COPPER)
    band = mirrored((MIDDLE, cut.hem_y - 30), (MIDDLE + cut.hem + 1, cut.hem_y - 36, True), (MIDDLE + cut.hem, cut.hem_y, True), (MIDDLE, cut.hem_y + 8))
    sheet.piece(band, cloth, over=True, lift=3, bulge=3, spread=5)
    sheet.stitch([(MIDDLE - cut.hem, cut.hem_y - 28), (MIDDLE, cut.hem_y - 22), (MIDDLE + cut.hem, cut.hem_y - 28)], cloth, thread, 0.8)
    placket(sheet, cut, cloth, cut.hem_y + 7, COPPER, 6, 14)
    shirt_collar(sheet, cut, cloth, point=38, spread=0.62, stand=14)


def _puffer(sheet: Sheet, look: Look) -> None:
    cloth = look.cloth
    cut = _cut(look, depth=34.0, neck=58.0, hem_y=596.0, hem_bow=3.0)
    cut = replace(cut, chest=cut.chest + 16, waist=cut.waist + 18, hem=cut.hem + 10, shoulder=cut.shoulder + 4)
    length, angle = _arms(look, 394, 19)
    lay_sleeves(sheet, look, cut, cloth, length=length, angle=angle, cuff=66, puff=14, crease=0.5, quilt=46)
    _front(sheet, look, cut, cloth, hem=False)
    with sheet.within(cut.body()):
        for i in range(11):
            y = cut.top + 34 + i * 46
            if y > cut.hem_y - 12:
                break
            half = [(MIDDLE - 190, y + 4), (MIDDLE - 90, y + 7), (MIDDLE, y + 3)]
            for side in (-1, 1):
                row = _side(-side, half)
                sheet.seam(row, cloth, 1.3)
                sheet.fold([(x, yy + 23) for x, yy in row], 9, 26, start=22, end=22, soft=8)
                for j in range(7):
                    x = MIDDLE + side * (14 + j * 24 + float(look.rng.uniform(-6, 6)))
                    sheet.fold([(x, y + 4), (x + 3, y + 12), (x + float(look.rng.uniform(-6, 6)), y + 22)], -3.4, 6, soft=3)
    for side in (-1, 1):
        _welt_slant(sheet, cloth, side, MIDDLE + 70, 462, 66)
    stand_collar(sheet, cut, cloth, 46)
    sheet.zip((MIDDLE, cut.top + cut.depth - 30), (MIDDLE, cut.hem_y + 2), STEEL, 9)


def _field(sheet: Sheet, look: Look) -> None:
    cloth = look.cloth
    cut = _cut(look, depth=40.0, neck=52.0, hem_y=628.0)
    length, angle = _arms(look)
    inside_neck(sheet, cut, cloth, label=(226, 214, 190))
    lay_sleeves(sheet, look, cut, cloth, length=length, angle=angle, cuff=60, band=32)
    _front(sheet, look, cut, cloth)
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
    length, angle = _arms(look)
    hood(sheet, look, cut, cloth)
    lay_sleeves(sheet, look, cut, cloth, length=length, angle=angle, cuff=60, band=20)
    _front(sheet, look, cut, cloth)
    hem_stitches(sheet, cut, cloth)
    for side in (-1, 1):
        _flap(sheet, cloth, side, MIDDLE + 40, cut.waist_y + 62, 80, 30)
    flap = rectangle(MIDDLE - 15, cut.top + cut.depth - 6, MIDDLE + 15, cut.hem_y + 6, 2)
    sheet.piece(flap, cloth, over=True, lift=3, bulge=2, spread=4)
    for i in range(5):
        sheet.disc(MIDDLE, cut.top + cut.depth + 26 + i * 84, 5.5, STEEL if brightness(cloth.colour) > 0.3 else (90, 92, 96))


def draw_coat(sheet: Sheet, look: Look) -> None:
    """Draw a coat in one of its styles."""
    {"overcoat": _overcoat, "trench": _trench, "wrap": _wrap, "parka": _parka}[look.trait("style", "overcoat")](sheet, look)


def _coat_front(sheet: Sheet, look: Look, cut: Cut, cuff: float = 48.0, band: float = 0.0) -> None:
    cloth = look.cloth
    inside_neck(sheet, cut, cloth.plain().tinted(0.25), label=(238, 232, 220))
    length, angle = _arms(look, 330, 12)
    lay_sleeves(sheet, look, cut, cloth, length=length, angle=angle, cuff=cuff, band=band, crease=0.75)
    _front(sheet, look, cut, cloth)


def _overcoat(sheet: Sheet, look: Look) -> None:
    cloth = look.cloth
    cut = _long_cut(look, neckline="v", depth=168.0)
    _coat_front(sheet, look, cut)
    low = cut.top + cut.depth
    sheet.seam([(MIDDLE + 2, low), (MIDDLE + 2, cut.hem_y + 6)], cloth, 1.2)
    for side in (-1, 1):
        _flap(sheet, cloth, side, MIDDLE + 36, 420, 62, 22)
    _welt(sheet, cloth, MIDDLE + 38, 246, 46, 4, 11)
    _lapels(sheet, cut, cloth, "notch", 1.1)
    colour = button_colour(cloth, look.rng.random())
    for i in range(3):
        sheet.button(MIDDLE + 2, low + 16 + 66 * i, colour, 7)


def _trench(sheet: Sheet, look: Look) -> None:
    cloth = look.cloth
    cut = _long_cut(look, neckline="v", depth=108.0)
    _coat_front(sheet, look, cut, 50, 0)
    low = cut.top + cut.depth
    horn: RGB = (96, 72, 52)
    storm = outline((MIDDLE + 10, cut.top + 46, True), (MIDDLE + cut.shoulder - 4, cut.top + cut.slope + 2, True), (MIDDLE + cut.chest - 12, cut.underarm + 4), (MIDDLE + 60, cut.underarm + 26), (MIDDLE + 30, low + 20, True))
    sheet.piece(storm, cloth, over=True, lift=3, bulge=3, spread=6)
    sheet.seam([(MIDDLE - 40, low), (MIDDLE - 42, cut.hem_y + 5)], cloth, 1.2)
    for y in (low + 34, low + 104, low + 230):
        for x in (-34, 34):
            sheet.button(MIDDLE + x, y, horn, 7)
    y = cut.waist_y + 8
    belt = mirrored((MIDDLE, y - 13), (MIDDLE + cut.waist + 5, y - 16, True), (MIDDLE + cut.waist + 6, y + 11, True), (MIDDLE, y + 15))
    sheet.piece(belt, cloth, grain=90, over=True, lift=6, bulge=3, spread=5, edge=0.4)
    tail = outline((MIDDLE + 22, y, True), (MIDDLE + 46, y - 2, True), (MIDDLE + 58, y + 96, True), (MIDDLE + 34, y + 100, True))
    sheet.piece(tail, cloth, over=True, lift=5, bulge=3, spread=5, edge=0.4)
    sheet.line(rectangle(MIDDLE - 20, y - 18, MIDDLE + 20, y + 20, 5), horn, 6)
    sheet.line(rectangle(MIDDLE - 21, y - 19, MIDDLE + 19, y + 19, 5), (150, 120, 92), 1.2, 0.8)
    for side in (-1, 1):
        _welt_slant(sheet, cloth, side, MIDDLE + 52, y + 46, 70)
        strap = outline((MIDDLE + cut.neck + 10, cut.top + 8, True), (MIDDLE + cut.shoulder - 2, cut.top + cut.slope - 5, True), (MIDDLE + cut.shoulder - 4, cut.top + cut.slope + 11, True), (MIDDLE + cut.neck + 12, cut.top + 24, True))
        sheet.piece(strap if side > 0 else reflected(strap), cloth, over=True, lift=3, bulge=2, spread=4, edge=0.4)
    _lapels(sheet, cut, cloth, "notch", 1.7)


def _wrap(sheet: Sheet, look: Look) -> None:
    cloth = look.cloth
    cut = _long_cut(look, neckline="v", depth=206.0)
    _coat_front(sheet, look, cut, 54, 40)
    low = cut.top + cut.depth
    sheet.seam([(MIDDLE - 6, low), (MIDDLE - 26, 520), (MIDDLE - 34, cut.hem_y + 5)], cloth, 1.3)
    _lapels(sheet, cut, cloth, "shawl", 1.8)
    y = low + 12
    belt = mirrored((MIDDLE, y - 14), (MIDDLE + cut.waist + 5, y - 17, True), (MIDDLE + cut.waist + 6, y + 12, True), (MIDDLE, y + 16))
    sheet.piece(belt, cloth, grain=90, over=True, lift=6, bulge=5, spread=6)
    for dx, drop in ((-30, 170), (10, 148)):
        tail = outline((MIDDLE - 10, y, True), (MIDDLE + 12, y, True), (MIDDLE + dx + 22, y + drop, True), (MIDDLE + dx - 4, y + drop - 4, True))
        sheet.piece(tail, cloth, grain=6, over=True, lift=5, bulge=5, spread=6)
    sheet.piece(outline((MIDDLE - 18, y - 14), (MIDDLE + 18, y - 16), (MIDDLE + 19, y + 18), (MIDDLE - 17, y + 19)), cloth, over=True, lift=8, bulge=6, spread=7)
    for side in (-1, 1):
        _welt_slant(sheet, cloth, side, MIDDLE + 54, y + 46, 66)


def _parka(sheet: Sheet, look: Look) -> None:
    cloth = look.cloth
    cut = _long_cut(look, depth=36.0, top=120.0, hem_y=640.0)
    cut = replace(cut, chest=cut.chest + 10, waist=cut.waist + 10, underarm=cut.underarm + 30)
    hood(sheet, look, cut, cloth)
    length, angle = _arms(look, 326, 13)
    lay_sleeves(sheet, look, cut, cloth, length=length, angle=angle, cuff=54, band=22)
    _front(sheet, look, cut, cloth)
    hem_stitches(sheet, cut, cloth)
    sheet.seam([(MIDDLE - cut.waist, 366), (MIDDLE, 372), (MIDDLE + cut.waist, 366)], cloth, 0.8)
    for side in (-1, 1):
        x = 32 if side > 0 else -32 - 74
        chest_pocket(sheet, cloth, MIDDLE + x, 430, 74, 86, flap=True)
        _welt_slant(sheet, cloth, side, MIDDLE + 40, 270, 56)
    flap = rectangle(MIDDLE - 15, cut.top + cut.depth - 4, MIDDLE + 15, cut.hem_y + 6, 2)
    sheet.piece(flap, cloth, over=True, lift=3, bulge=2, spread=4)
    for i in range(6):
        sheet.disc(MIDDLE, cut.top + cut.depth + 28 + i * 78, 5, darker(cloth.colour, 0.4))


DRAWERS: dict[str, Drawer] = {"Jackets": draw_jacket, "Blazers": draw_blazer, "Coats": draw_coat}
