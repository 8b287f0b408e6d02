"""T-shirts, shirts, tops, sweaters and sweatshirts."""

# Outlines are rows of knots; the formatter would give every knot a line of its own.
# fmt: off

from dataclasses import replace

import skia

from catalog.drawing.bodice import Cut, armhole_seams, body_folds, hem_stitches, lay_sleeves
from catalog.drawing.collars import (
    button_colour,
    chest_pocket,
    inside_neck,
    neck_rib,
    placket,
    shirt_collar,
)
from catalog.drawing.garment import Drawer, Look
from catalog.drawing.palette import darker, lighter, mix
from catalog.drawing.shapes import MIDDLE, Knot, curve, ellipse, mirror, mirrored, outline, rectangle, strip
from catalog.drawing.sheet import Sheet

LABEL = (238, 232, 220)

_SLEEVES = {  # length, angle when lying, cuff width
    "short": (128.0, 47.0, 98.0),
    "elbow": (205.0, 34.0, 88.0),
    "three-quarter": (280.0, 25.0, 70.0),
    "long": (398.0, 17.0, 54.0),
}


def top_cut(look: Look, **changes: float | str) -> Cut:
    """Return the measurements for the look's fit, length and neckline."""
    cut = Cut(
        shoulder=look.about(126), chest=look.about(130), waist=look.about(129), hem=look.about(131),
        hem_y=look.about(600, 0.025), slope=look.about(36, 0.1),
    )
    fit = look.trait("fit", "regular")
    if fit == "slim":
        cut = replace(
            cut, shoulder=cut.shoulder - 8, chest=cut.chest - 12, waist=cut.waist - 15, hem=cut.hem - 12
        )
    elif fit in ("relaxed", "oversized", "boxy"):
        wide = 14 if fit != "oversized" else 22
        cut = replace(
            cut,
            shoulder=cut.shoulder + wide,
            chest=cut.chest + wide,
            waist=cut.waist + wide + 4,
            hem=cut.hem + wide - 2,
            slope=cut.slope + 4,
        )
    if look.gender == "Women" and fit != "oversized":
        cut = replace(
            cut,
            shoulder=cut.shoulder - 10,
            chest=cut.chest - 10,
            waist=cut.waist - 16,
            hem=cut.hem - 9,
            waist_y=cut.waist_y - 14,
            hem_y=cut.hem_y - 26,
            neck=cut.neck + 3,
        )
    if look.trait("length") == "cropped":
        cut = replace(cut, hem_y=cut.hem_y - 110, waist_y=cut.waist_y - 50)
    elif look.trait("length") == "long":
        cut = replace(cut, hem_y=cut.hem_y + 50)
    neckline = look.trait("neckline", "crew")
    depth, neck = {
        "v":
        (104.0, 52.0), "scoop": (84.0, 68.0), "boat": (26.0, 88.0), "square": (72.0, 74.0), "henley": (40.0, 52.0),
    }.get(neckline, (42.0, cut.neck))
    cut = replace(cut, neckline=neckline if neckline != "henley" else "crew", depth=depth, neck=neck)
    return replace(cut, **changes)  # type: ignore[arg-type]


def sleeve_measures(look: Look, default: str) -> tuple[float, float, float]:
    length, angle, cuff = _SLEEVES[look.trait("sleeve", default)]
    if look.hanging:
        angle *= 0.55
    return look.about(length), angle, look.about(cuff)


def print_on_chest(sheet: Sheet, look: Look, cut: Cut) -> None:
    """Print a quiet graphic on the chest: a sun over waves, stacked bars, an arch or a wordless stamp."""
    motif = look.trait("graphic")
    if not motif:
        return
    ink_colour = mix(look.accent, look.cloth.colour, 0.08)
    x, y = MIDDLE, cut.underarm + 22
    if motif == "sun":
        sheet.canvas.drawPath(ellipse(x, y - 14, 34, 34), _flat(ink_colour))
        for i in range(4):
            w = 62 - 9 * i
            sheet.line(
                curve(
                    [
                        (x - w, y + 32 + 12 * i),
                        (x - w / 3, y + 27 + 12 * i),
                        (x + w / 3, y + 37 + 12 * i),
                        (x + w, y + 32 + 12 * i),
                    ]
                ),
                ink_colour,
                4,
            )
    elif motif == "bars":
        for i in range(5):
            sheet.canvas.drawPath(
                rectangle(x - 62, y - 42 + i * 19, x + 62 - 17 * i, y - 31 + i * 19),
                _flat(mix(ink_colour, look.cloth.colour, 0.14 * i)),
            )
    elif motif == "arch":
        for i in range(4):
            arch = skia.Path()
            r = 62 - 15 * i
            arch.addArc(skia.Rect.MakeLTRB(x - r, y - r, x + r, y + r), 180, 180)
            sheet.line(arch, mix(ink_colour, look.cloth.colour, 0.12 * i), 8)
        sheet.line(curve([(x - 66, y + 8), (x + 66, y + 8)]), ink_colour, 3)
    else:
        sheet.line(rectangle(x - 42, y - 42, x + 42, y + 42, 42), ink_colour, 4)
        for i in range(3):
            sheet.line(curve([(x - 24, y - 14 + 14 * i), (x + 24, y - 14 + 14 * i)]), ink_colour, 4)


def _flat(colour: tuple[int, int, int]) -> skia.Paint:
    return skia.Paint(Color=skia.Color(*colour, 235), AntiAlias=True)


def draw_tshirt(sheet: Sheet, look: Look) -> None:
    """Draw a T-shirt or a polo shirt."""
    cloth = look.cloth
    collar = look.trait("collar")
    cut = top_cut(look, **({"depth": 34.0, "neck": 50.0} if collar == "polo" else {}))
    length, angle, cuff = sleeve_measures(look, "short")
    rib = look.trait("neckline") != "boat"
    ringer = look.trait("trim") == "ringer"
    trim = replace(cloth.plain(), colour=look.accent) if ringer else cloth.plain()
    inside_neck(sheet, cut, cloth, label=LABEL)
    lay_sleeves(
        sheet, look, cut, cloth, length=length, angle=angle, cuff=cuff,
        band=15 if collar == "polo" or ringer else (26 if length > 350 else 0), band_cloth=trim.of("Rib"),
    )
    body = cut.body()
    sheet.piece(body, cloth, bulge=8, spread=14)
    with sheet.within(body):
        body_folds(sheet, look, cut, cloth.fabric.fold)
        print_on_chest(sheet, look, cut)
    armhole_seams(sheet, cut, cloth)
    hem_stitches(sheet, cut, cloth)
    if look.trait("pocket") == "chest":
        chest_pocket(sheet, cloth, MIDDLE + 34, cut.underarm - 30)
    if collar == "polo":
        placket(sheet, cut, cloth.plain(), cut.underarm + 8, button_colour(cloth, look.rng.random()), 3, 11)
        shirt_collar(sheet, cut, trim.of("Rib"), point=24, spread=0.5, stand=12)
    elif rib:
        neck_rib(sheet, cut, trim, 12 if cut.neckline != "scoop" else 9)
    if look.trait("neckline") == "henley":
        placket(sheet, cut, cloth.plain(), cut.underarm + 6, button_colour(cloth, look.rng.random()), 3, 10)


def draw_shirt(sheet: Sheet, look: Look) -> None:
    """Draw a buttoned shirt with a collar."""
    cloth = look.cloth
    cut = top_cut(look, depth=40.0, neck=50.0, neckline="crew")
    cut = replace(cut, hem_bow=26.0, hem_y=cut.hem_y + 4, hem=cut.hem - 3)
    length, angle, cuff = sleeve_measures(look, "long")
    long = length > 350
    buttons = button_colour(cloth, look.rng.random())
    inside_neck(sheet, cut, cloth, label=LABEL)
    lay_sleeves(
        sheet,
        look,
        cut,
        cloth,
        length=length,
        angle=angle,
        cuff=cuff + 4,
        band=44 if long else 17,
        crease=1.15,
    )
    body = cut.body()
    sheet.piece(body, cloth, bulge=7, spread=13)
    with sheet.within(body):
        body_folds(sheet, look, cut, cloth.fabric.fold)
    armhole_seams(sheet, cut, cloth)
    hem_stitches(sheet, cut, cloth, 9)
    for side in (-1, 1):
        yoke = [
            (MIDDLE + side * cut.neck, cut.top + 22),
            (MIDDLE + side * (cut.shoulder - 4), cut.top + cut.slope + 22),
        ]
        sheet.seam(yoke, cloth, 0.6)
    pockets = look.trait("pocket")
    if pockets in ("chest", "two"):
        chest_pocket(sheet, cloth, MIDDLE + 36, cut.underarm - 26, flap=pockets == "two")
        if pockets == "two":
            chest_pocket(sheet, cloth, MIDDLE - 36 - 54, cut.underarm - 26, flap=True)
    if look.trait("closure") == "popover":
        placket(sheet, cut, cloth, cut.waist_y - 20, buttons, 4)
    else:
        placket(sheet, cut, cloth, cut.hem_y + cut.hem_bow - 3, buttons, 7)
    if look.trait("collar") == "band":
        neck_rib(sheet, cut, cloth.plain(), 17)
    else:
        spread = 0.82 if look.trait("collar") == "camp" else 0.5
        shirt_collar(sheet, cut, cloth, point=30 if spread > 0.6 else 36, spread=spread)


def draw_top(sheet: Sheet, look: Look) -> None:
    """Draw a blouse, a tank top or a camisole."""
    style = look.trait("style", "blouse")
    if style in ("camisole", "tank"):
        _draw_strap_top(sheet, look, style)
        return
    cloth = look.cloth
    cut = top_cut(look)
    cut = replace(cut, hem=cut.hem + 9, hem_y=cut.hem_y - 22, waist=cut.waist + 5)
    length, angle, cuff = sleeve_measures(look, "long")
    puff = 12.0 if look.trait("volume") == "puff" else 3.0
    inside_neck(sheet, cut, cloth)
    lay_sleeves(
        sheet,
        look,
        cut,
        cloth,
        length=length * 0.98,
        angle=angle,
        cuff=cuff + 10,
        band=24 if length > 200 else 12,
        puff=puff,
        crease=1.3,
    )
    body = cut.body()
    sheet.piece(body, cloth, bulge=7, spread=14)
    with sheet.within(body):
        body_folds(sheet, look, cut, cloth.fabric.fold * 1.2)
        for i in range(7):  # gathers below the neckline
            x = MIDDLE + (i - 3) * cut.neck * 0.34
            top = cut.top + cut.depth + 4 - abs(i - 3) * cut.depth * 0.16
            sheet.fold(
                [(x, top), (x + (i - 3) * 2.5, top + 34), (x + (i - 3) * 5, top + 78)],
                3.2 if i % 2 else -3,
                7,
                soft=4,
            )
    armhole_seams(sheet, cut, cloth, 0.6)
    hem_stitches(sheet, cut, cloth, 9)
    if cut.neckline == "v":
        neck_rib(sheet, cut, cloth.plain(), 8)
        tie = lighter(cloth.colour, 0.1)
        for side in (-1, 1):
            y = cut.top + cut.depth
            sheet.line(
                curve([(MIDDLE, y), (MIDDLE + side * 9, y + 34), (MIDDLE + side * 14, y + 78)]),
                darker(tie, 0.25),
                3.2,
            )
    elif look.trait("collar") == "bow":
        _bow(sheet, look, cut)
    else:
        neck_rib(sheet, cut, cloth.plain(), 9)


def _bow(sheet: Sheet, look: Look, cut: Cut) -> None:
    cloth = look.cloth
    y = cut.top + cut.depth
    neck_rib(sheet, cut, cloth.plain(), 18)
    for side in (-1, 1):
        tail = outline(
            (MIDDLE, y, True),
            (MIDDLE + side * 30, y + 60),
            (MIDDLE + side * 40, y + 150, True),
            (MIDDLE + side * 8, y + 140, True),
            (MIDDLE + side * 4, y + 70),
        )
        sheet.piece(tail, cloth, grain=-12 * side, over=True, lift=4, bulge=5, spread=8)
        loop = outline(
            (MIDDLE, y, True),
            (MIDDLE + side * 40, y - 22),
            (MIDDLE + side * 74, y - 4),
            (MIDDLE + side * 62, y + 26),
            (MIDDLE + side * 26, y + 16),
        )
        sheet.piece(loop, cloth, grain=-70 * side, over=True, lift=6, bulge=8, spread=9)
    sheet.piece(ellipse(MIDDLE, y + 2, 14, 16), cloth, over=True, lift=8, bulge=5, spread=6)


def _draw_strap_top(sheet: Sheet, look: Look, style: str) -> None:
    cloth = look.cloth
    thin = style == "camisole"
    chest, waist, hem = look.about(106), look.about(98), look.about(120 if thin else 108)
    hem_y = look.about(545, 0.03) - (90 if look.trait("length") == "cropped" else 0)
    strap_x, strap_top = (62.0, 128.0) if thin else (66.0, 130.0)
    dip = 262.0 if look.trait("neckline") == "v" else 236.0
    half = 4.0 if thin else 19.0
    back = mirrored(
        (MIDDLE, 262),
        (MIDDLE + 52, 254),
        (MIDDLE + strap_x, strap_top + 4, True),
        (MIDDLE + strap_x + half, 260),
        (MIDDLE + chest - 10, 300, True),
        (MIDDLE, 320),
    )
    if thin:
        for side in (-1, 1):
            sheet.piece(
                strip(
                    [
                        (MIDDLE + side * (strap_x - 14), 266),
                        (MIDDLE + side * (strap_x - 3), 190),
                        (MIDDLE + side * strap_x, strap_top),
                    ],
                    6,
                ),
                cloth.tinted(0.2),
                lift=2,
                bulge=2,
                spread=3,
            )
        sheet.piece(
            mirrored((MIDDLE, 256), (MIDDLE + 60, 250), (MIDDLE + chest - 12, 296, True), (MIDDLE, 320)),
            cloth.tinted(0.3),
            lift=1,
            bulge=0,
        )
    else:
        sheet.piece(back, cloth.tinted(0.3), lift=1, bulge=0)
    sharp = look.trait("neckline") == "v"
    upper: list[Knot] = [
        (MIDDLE, dip, sharp),
        (MIDDLE + 36, dip - (26 if sharp else 8)),
        (MIDDLE + strap_x - half, (226.0 if thin else strap_top), True),
        (MIDDLE + strap_x + half, (226.0 if thin else strap_top + 6), True),
        (MIDDLE + strap_x + half + (12 if thin else 4), 262 if thin else 236),
        (MIDDLE + chest, 306, True),
    ]
    body = mirrored(
        *upper,
        (MIDDLE + waist, 420),
        (MIDDLE + hem, hem_y, True),
        (MIDDLE + hem * 0.5, hem_y + 8),
        (MIDDLE, hem_y + 10),
    )
    sheet.piece(body, cloth, bulge=8, spread=14)
    cut = Cut(chest=chest, underarm=306, hem=hem, hem_y=hem_y, hem_bow=10)
    with sheet.within(body):
        body_folds(sheet, look, cut, cloth.fabric.fold)
        edge = curve([*reversed(mirror(upper)), *upper[1:]])
        sheet.line(edge, darker(cloth.colour, 0.25), 9, 0.35)
        sheet.line(edge, lighter(cloth.colour, 0.2), 1.4, 0.5)
    hem_stitches(sheet, cut, cloth, 9)
    if thin:
        for side in (-1, 1):
            sheet.piece(
                strip(
                    [
                        (MIDDLE + side * strap_x, strap_top),
                        (MIDDLE + side * (strap_x + 2), 180),
                        (MIDDLE + side * strap_x, 232),
                    ],
                    7,
                ),
                cloth.plain(),
                lift=3,
                bulge=3,
                spread=3,
            )


DRAWERS: dict[str, Drawer] = {
    "Tshirts": draw_tshirt,
    "Shirts": draw_shirt,
    "Tops": draw_top,
}
