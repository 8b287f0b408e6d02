"""Coats."""

# Outlines are rows of knots; the formatter would give every knot a line of its own.
# fmt: off

from dataclasses import replace

from catalog.drawing.bodice import Cut, hem_stitches, lay_sleeves
from catalog.drawing.collars import button_colour, chest_pocket, hood, inside_neck
from catalog.drawing.garment import Drawer, Look
from catalog.drawing.outerwear import arms, lapels, lay_front, pocket_flap, slanted_pocket, welt_pocket
from catalog.drawing.palette import RGB, darker
from catalog.drawing.shapes import MIDDLE, mirrored, outline, rectangle, reflected
from catalog.drawing.sheet import Sheet


def _long_cut(look: Look, **changes: float | str) -> Cut:
    """Return the measurements of a coat, drawn smaller so that its length fits the sheet."""
    women = look.gender == "Women"
    cut = Cut(
        top=82, neck=45, shoulder=look.about(102 if women else 112), slope=28, underarm=214,
        chest=look.about(106 if women else 116),
        waist_y=330, waist=look.about(98 if women else 114), hem_y=look.about(690, 0.015),
        hem=look.about(132 if women else 136), depth=40, hem_bow=7,
    )
    return replace(cut, **changes)  # type: ignore[arg-type]


def draw_coat(sheet: Sheet, look: Look) -> None:
    """Draw a coat in one of its styles."""
    {
        "overcoat": _overcoat, "trench": _trench, "wrap": _wrap, "parka": _parka,
    }[look.trait("style", "overcoat")](sheet, look)


def _coat_front(sheet: Sheet, look: Look, cut: Cut, cuff: float = 48.0, band: float = 0.0) -> None:
    cloth = look.cloth
    inside_neck(sheet, cut, cloth.plain().tinted(0.25), label=(238, 232, 220))
    length, angle = arms(look, 330, 12)
    lay_sleeves(sheet, look, cut, cloth, length=length, angle=angle, cuff=cuff, band=band, crease=0.75)
    lay_front(sheet, look, cut, cloth)


def _overcoat(sheet: Sheet, look: Look) -> None:
    cloth = look.cloth
    cut = _long_cut(look, neckline="v", depth=168.0)
    _coat_front(sheet, look, cut)
    low = cut.top + cut.depth
    sheet.seam([(MIDDLE + 2, low), (MIDDLE + 2, cut.hem_y + 6)], cloth, 1.2)
    for side in (-1, 1):
        pocket_flap(sheet, cloth, side, MIDDLE + 36, 420, 62, 22)
    welt_pocket(sheet, cloth, MIDDLE + 38, 246, 46, 4, 11)
    lapels(sheet, cut, cloth, "notch", 1.1)
    colour = button_colour(cloth, look.rng.random())
    for i in range(3):
        sheet.button(MIDDLE + 2, low + 16 + 66 * i, colour, 7)


def _trench(sheet: Sheet, look: Look) -> None:
    cloth = look.cloth
    cut = _long_cut(look, neckline="v", depth=108.0)
    _coat_front(sheet, look, cut, 50, 0)
    low = cut.top + cut.depth
    horn: RGB = (96, 72, 52)
    storm = outline(
        (MIDDLE + 10, cut.top + 46, True), (MIDDLE + cut.shoulder - 4, cut.top + cut.slope + 2, True),
        (MIDDLE + cut.chest - 12, cut.underarm + 4), (MIDDLE + 60, cut.underarm + 26),
        (MIDDLE + 30, low + 20, True),
    )
    sheet.piece(storm, cloth, over=True, lift=3, bulge=3, spread=6)
    sheet.seam([(MIDDLE - 40, low), (MIDDLE - 42, cut.hem_y + 5)], cloth, 1.2)
    for y in (low + 34, low + 104, low + 230):
        for x in (-34, 34):
            sheet.button(MIDDLE + x, y, horn, 7)
    y = cut.waist_y + 8
    belt = mirrored(
        (MIDDLE, y - 13), (MIDDLE + cut.waist + 5, y - 16, True), (MIDDLE + cut.waist + 6, y + 11, True),
        (MIDDLE, y + 15),
    )
    sheet.piece(belt, cloth, grain=90, over=True, lift=6, bulge=3, spread=5, edge=0.4)
    tail = outline(
        (MIDDLE + 22, y, True), (MIDDLE + 46, y - 2, True), (MIDDLE + 58, y + 96, True),
        (MIDDLE + 34, y + 100, True),
    )
    sheet.piece(tail, cloth, over=True, lift=5, bulge=3, spread=5, edge=0.4)
    sheet.line(rectangle(MIDDLE - 20, y - 18, MIDDLE + 20, y + 20, 5), horn, 6)
    sheet.line(rectangle(MIDDLE - 21, y - 19, MIDDLE + 19, y + 19, 5), (150, 120, 92), 1.2, 0.8)
    for side in (-1, 1):
        slanted_pocket(sheet, cloth, side, MIDDLE + 52, y + 46, 70)
        strap = outline(
            (MIDDLE + cut.neck + 10, cut.top + 8, True),
            (MIDDLE + cut.shoulder - 2, cut.top + cut.slope - 5, True),
            (MIDDLE + cut.shoulder - 4, cut.top + cut.slope + 11, True),
            (MIDDLE + cut.neck + 12, cut.top + 24, True),
        )
        sheet.piece(
            strap if side > 0 else reflected(strap), cloth, over=True, lift=3, bulge=2, spread=4, edge=0.4,
        )
    lapels(sheet, cut, cloth, "notch", 1.7)


def _wrap(sheet: Sheet, look: Look) -> None:
    cloth = look.cloth
    cut = _long_cut(look, neckline="v", depth=206.0)
    _coat_front(sheet, look, cut, 54, 40)
    low = cut.top + cut.depth
    sheet.seam([(MIDDLE - 6, low), (MIDDLE - 26, 520), (MIDDLE - 34, cut.hem_y + 5)], cloth, 1.3)
    lapels(sheet, cut, cloth, "shawl", 1.8)
    y = low + 12
    belt = mirrored(
        (MIDDLE, y - 14), (MIDDLE + cut.waist + 5, y - 17, True), (MIDDLE + cut.waist + 6, y + 12, True),
        (MIDDLE, y + 16),
    )
    sheet.piece(belt, cloth, grain=90, over=True, lift=6, bulge=5, spread=6)
    for dx, drop in ((-30, 170), (10, 148)):
        tail = outline(
            (MIDDLE - 10, y, True), (MIDDLE + 12, y, True), (MIDDLE + dx + 22, y + drop, True),
            (MIDDLE + dx - 4, y + drop - 4, True),
        )
        sheet.piece(tail, cloth, grain=6, over=True, lift=5, bulge=5, spread=6)
    sheet.piece(
        outline((MIDDLE - 18, y - 14), (MIDDLE + 18, y - 16), (MIDDLE + 19, y + 18), (MIDDLE - 17, y + 19)),
        cloth, over=True, lift=8, bulge=6, spread=7,
    )
    for side in (-1, 1):
        slanted_pocket(sheet, cloth, side, MIDDLE + 54, y + 46, 66)


def _parka(sheet: Sheet, look: Look) -> None:
    cloth = look.cloth
    cut = _long_cut(look, depth=36.0, top=120.0, hem_y=640.0)
    cut = replace(cut, chest=cut.chest + 10, waist=cut.waist + 10, underarm=cut.underarm + 30)
    hood(sheet, look, cut, cloth)
    length, angle = arms(look, 326, 13)
    lay_sleeves(sheet, look, cut, cloth, length=length, angle=angle, cuff=54, band=22)
    lay_front(sheet, look, cut, cloth)
    hem_stitches(sheet, cut, cloth)
    sheet.seam([(MIDDLE - cut.waist, 366), (MIDDLE, 372), (MIDDLE + cut.waist, 366)], cloth, 0.8)
    for side in (-1, 1):
        x = 32 if side > 0 else -32 - 74
        chest_pocket(sheet, cloth, MIDDLE + x, 430, 74, 86, flap=True)
        slanted_pocket(sheet, cloth, side, MIDDLE + 40, 270, 56)
    flap = rectangle(MIDDLE - 15, cut.top + cut.depth - 4, MIDDLE + 15, cut.hem_y + 6, 2)
    sheet.piece(flap, cloth, over=True, lift=3, bulge=2, spread=4)
    for i in range(6):
        sheet.disc(MIDDLE, cut.top + cut.depth + 28 + i * 78, 5, darker(cloth.colour, 0.4))


DRAWERS: dict[str, Drawer] = {"Coats": draw_coat}
