"""Sweaters and sweatshirts."""

# Outlines are rows of knots; the formatter would give every knot a line of its own.
# fmt: off

from dataclasses import replace

from catalog.drawing.bodice import armhole_seams, body_folds, hem_band, lay_sleeves
from catalog.drawing.collars import (
    button_colour,
    hood,
    inside_neck,
    neck_rib,
    turtleneck,
)
from catalog.drawing.garment import Drawer, Look
from catalog.drawing.palette import lighter
from catalog.drawing.shapes import MIDDLE, curve, mirrored, rectangle
from catalog.drawing.sheet import Sheet
from catalog.drawing.tops import LABEL, print_on_chest, sleeve_measures, top_cut


def draw_sweater(sheet: Sheet, look: Look) -> None:
    """Draw a pullover or a cardigan."""
    cloth = look.cloth
    cardigan = look.trait("style") == "cardigan"
    roll = look.trait("neckline") == "roll"
    changes: dict[str, float | str] = {"neckline": "crew"} if roll else {}
    if cardigan:
        changes = {"neckline": "v", "depth": 168.0, "neck": 50.0}
    cut = top_cut(look, **changes)
    cut = replace(cut, chest=cut.chest + 5, hem=cut.hem - 4, hem_bow=5)
    length, angle, cuff = sleeve_measures(look, "long")
    inside_neck(sheet, cut, cloth, label=None if roll else LABEL)
    lay_sleeves(
        sheet,
        look,
        cut,
        cloth,
        length=length,
        angle=angle,
        cuff=cuff + 4,
        band=44,
        band_cloth=cloth.of("Rib"),
        puff=4,
        crease=0.8,
    )
    body = cut.body()
    sheet.piece(body, cloth, bulge=12, spread=18)
    with sheet.within(body):
        body_folds(sheet, look, cut, cloth.fabric.fold, hem=False)
    armhole_seams(sheet, cut, cloth, 0.7)
    hem_band(sheet, cut, cloth, 40)
    if roll:
        turtleneck(sheet, cut, cloth)
    elif cardigan:
        bottom = cut.hem_y + cut.hem_bow
        low = cut.top + cut.depth
        sheet.piece(
            rectangle(MIDDLE - 12, low - 4, MIDDLE + 12, bottom, 2),
            cloth.of("Rib"),
            over=True,
            lift=2,
            bulge=3,
            spread=5,
        )
        neck_rib(sheet, cut, cloth, 22)
        colour = button_colour(cloth, look.rng.random())
        for i in range(5):
            sheet.button(MIDDLE, low + 18 + (bottom - low - 44) * i / 4, colour, 7)
    else:
        neck_rib(sheet, cut, cloth, 17)


def draw_sweatshirt(sheet: Sheet, look: Look) -> None:
    """Draw a sweatshirt or a hoodie."""
    cloth = look.cloth
    hooded = look.trait("style") == "hoodie"
    zipped = look.trait("closure") == "zip"
    cut = top_cut(look, neckline="crew", depth=40.0)
    cut = replace(cut, chest=cut.chest + 8, shoulder=cut.shoulder + 5, hem=cut.hem, hem_bow=4)
    if hooded:
        cut = replace(cut, top=cut.top + 26, underarm=cut.underarm + 12, hem_y=cut.hem_y + 22)
        hood(sheet, look, cut, cloth)
    else:
        inside_neck(sheet, cut, cloth, label=LABEL)
    length, angle, cuff = sleeve_measures(look, "long")
    lay_sleeves(
        sheet,
        look,
        cut,
        cloth,
        length=length,
        angle=angle,
        cuff=cuff + 7,
        band=36,
        band_cloth=cloth.of("Rib"),
        puff=5,
    )
    body = cut.body()
    sheet.piece(body, cloth, bulge=11, spread=17)
    with sheet.within(body):
        body_folds(sheet, look, cut, cloth.fabric.fold, hem=False)
        if look.trait("graphic"):
            print_on_chest(sheet, look, cut)
    armhole_seams(sheet, cut, cloth)
    hem_band(sheet, cut, cloth, 36)
    if hooded:
        y = cut.hem_y - 36
        pouch = mirrored(
            (MIDDLE, y - 118),
            (MIDDLE + 58, y - 118, True),
            (MIDDLE + 92, y - 40, True),
            (MIDDLE + 92, y + 2, True),
            (MIDDLE, y + 4),
        )
        sheet.piece(pouch, cloth, over=True, lift=4, bulge=3, spread=7)
        for side in (-1, 1):
            sheet.stitch([(MIDDLE + side * 53, y - 113), (MIDDLE + side * 86, y - 40)], cloth, alpha=0.5)
            x = MIDDLE + side * 24
            low = cut.top + cut.depth
            sheet.line(
                curve([(x, low - 8), (x + side * 5, low + 50), (x + side * 2, low + 118)]),
                (20, 14, 14),
                5.4,
                0.28,
            )
            sheet.line(
                curve([(x, low - 10), (x + side * 4, low + 48), (x, low + 116)]),
                lighter(cloth.colour, 0.45),
                4.6,
            )
            sheet.disc(x, low - 10, 4.4, (170, 164, 152), 2)
    else:
        neck_rib(sheet, cut, cloth, 18)
        y = cut.top + cut.depth + 14
        sheet.stitch([(MIDDLE - 16, y), (MIDDLE, y + 26), (MIDDLE + 16, y)], cloth, alpha=0.5)
    if zipped:
        sheet.zip((MIDDLE, cut.top + cut.depth - 2), (MIDDLE, cut.hem_y + 3))


DRAWERS: dict[str, Drawer] = {"Sweaters": draw_sweater, "Sweatshirts": draw_sweatshirt}
