"""Dresses: a bodice, a waist and a skirt."""

# Outlines are rows of knots; the formatter would give every knot a line of its own.
# fmt: off

from dataclasses import replace

from catalog.drawing.bodice import Cut, armhole_seams, body_folds, lay_sleeves
from catalog.drawing.collars import button_colour, inside_neck, neck_rib, placket, shirt_collar
from catalog.drawing.garment import Drawer, Look
from catalog.drawing.palette import darker, lighter
from catalog.drawing.shapes import MIDDLE, along, curve, mirrored, outline, rectangle, strip
from catalog.drawing.sheet import Cloth, Sheet
from catalog.drawing.skirts import lay_skirt

_SLEEVES = {
    "short": (92.0, 40.0, 72.0), "elbow": (158.0, 27.0, 66.0), "three-quarter": (212.0, 20.0, 56.0),
    "long": (292.0, 14.0, 42.0),
}
_HEMS = {"mini": 470.0, "knee": 560.0, "midi": 655.0, "maxi": 728.0}


def _bodice(look: Look, neckline: str, depth: float) -> Cut:
    """Return the upper part of a dress, drawn at three quarters of a top's size to leave room for the skirt."""
    return Cut(
        top=78, neck=46, shoulder=look.about(94), slope=26, underarm=190, chest=look.about(97), waist_y=256, waist=82,
        hem_y=302, hem=look.about(79), hem_bow=5, neckline=neckline, depth=depth,
    )


def _sleeveless(cut: Cut) -> Cut:
    return replace(cut, shoulder=cut.neck + 27, slope=9)


def _sleeves(sheet: Sheet, look: Look, cut: Cut, cloth: Cloth, default: str, puff: float = 4.0) -> bool:
    kind = look.trait("sleeve", default)
    if kind == "sleeveless":
        return False
    length, angle, cuff = _SLEEVES[kind]
    if look.hanging:
        angle *= 0.6
    lay_sleeves(
        sheet, look, cut, cloth, length=length, angle=angle, cuff=cuff, band=10 if kind != "long" else 0,
        puff=puff,
    )
    return True


def _bound_edge(sheet: Sheet, cut: Cut, cloth: Cloth) -> None:
    """Bind the neckline of a sleeveless dress."""
    line = curve(cut.neck_line())
    sheet.line(line, darker(cloth.colour, 0.3), 6, 0.4)
    sheet.line(line, lighter(cloth.colour, 0.25), 1.3, 0.5)


def _waist_seam(sheet: Sheet, cut: Cut, cloth: Cloth) -> None:
    y, w = cut.hem_y, cut.hem
    sheet.seam(
        [
            (MIDDLE - w, y), (MIDDLE - w * 0.4, y + cut.hem_bow), (MIDDLE + w * 0.4, y + cut.hem_bow),
            (MIDDLE + w, y),
        ],
        cloth,
    )


def _upper(sheet: Sheet, look: Look, cut: Cut, cloth: Cloth) -> None:
    body = cut.body()
    sheet.piece(body, cloth, bulge=8, spread=14)
    with sheet.within(body):
        body_folds(sheet, look, cut, cloth.fabric.fold * 0.8, hem=False)
        for side in (-1, 1):  # darts
            sheet.seam([(MIDDLE + side * 44, cut.hem_y), (MIDDLE + side * 40, cut.hem_y - 66)], cloth, 0.5)


def draw_dress(sheet: Sheet, look: Look) -> None:
    """Draw a dress in one of its styles."""
    style = look.trait("style", "swing")
    _STYLES[style](sheet, look)


def _swing(sheet: Sheet, look: Look) -> None:
    cloth = look.cloth
    cut = _bodice(look, "scoop", 72)
    hem_y = _HEMS[look.trait("length", "knee")]
    bare = look.trait("sleeve", "sleeveless") == "sleeveless"
    cut = _sleeveless(cut) if bare else cut
    inside_neck(sheet, cut, cloth)
    _sleeves(sheet, look, cut, cloth, "sleeveless")
    lay_skirt(
        sheet, look, cloth, cut.hem_y - 4, cut.hem + 1, hem_y, look.about(196), bow=30, flare=1.05,
        folds=11,
    )
    _upper(sheet, look, cut, cloth)
    _waist_seam(sheet, cut, cloth)
    _bound_edge(sheet, cut, cloth)
    if not bare:
        armhole_seams(sheet, cut, cloth, 0.6)


def _wrap(sheet: Sheet, look: Look) -> None:
    cloth = look.cloth
    cut = _bodice(look, "wrap", 132)
    hem_y = _HEMS[look.trait("length", "midi")]
    inside_neck(sheet, cut, cloth)
    _sleeves(sheet, look, cut, cloth, "elbow", 5)
    skirt = lay_skirt(
        sheet, look, cloth, cut.hem_y - 4, cut.hem + 1, hem_y, look.about(168), bow=26, flare=0.9, folds=9,
    )
    with sheet.within(skirt):
        edge = [
            (MIDDLE - 30, cut.hem_y), (MIDDLE + 18, cut.hem_y + (hem_y - cut.hem_y) * 0.5),
            (MIDDLE + 40, hem_y + 30),
        ]
        sheet.seam(edge, cloth, 1.2)
        sheet.fold([(x + 8, y) for x, y in edge], -7, 10, start=3, end=22, soft=5)
    _upper(sheet, look, cut, cloth)
    armhole_seams(sheet, cut, cloth, 0.6)
    low = cut.top + cut.depth
    sheet.seam([(MIDDLE, low), (MIDDLE - 40, low + 40), (MIDDLE - cut.hem + 6, cut.hem_y - 10)], cloth, 1.1)
    _bound_edge(sheet, cut, cloth)
    y = cut.hem_y + 2
    sash = mirrored(
        (MIDDLE, y - 9), (MIDDLE + cut.hem + 2, y - 14, True), (MIDDLE + cut.hem + 3, y + 9, True),
        (MIDDLE, y + 14),
    )
    sheet.piece(sash, cloth, grain=90, over=True, lift=4, bulge=4, spread=6)
    knot = MIDDLE - 50
    for dx, drop in ((-22, 120), (12, 104)):
        tail = outline(
            (knot - 4, y, True), (knot + 6, y, True), (knot + dx + 14, y + drop, True),
            (knot + dx - 4, y + drop - 6, True),
        )
        sheet.piece(tail, cloth, grain=8, over=True, lift=4, bulge=4, spread=6)
    sheet.piece(
        outline((knot - 12, y - 10), (knot + 11, y - 11), (knot + 12, y + 13), (knot - 11, y + 12)), cloth,
        over=True, lift=7, bulge=5, spread=6,
    )


def _shirt(sheet: Sheet, look: Look) -> None:
    cloth = look.cloth
    cut = replace(_bodice(look, "crew", 34), neck=42, hem=86, waist=88)
    hem_y = _HEMS[look.trait("length", "midi")]
    inside_neck(sheet, cut, cloth)
    _sleeves(sheet, look, cut, cloth, "elbow", 3)
    lay_skirt(
        sheet, look, cloth, cut.hem_y - 4, cut.hem + 1, hem_y, look.about(142), bow=18, flare=0.7, folds=9,
    )
    _upper(sheet, look, cut, cloth)
    armhole_seams(sheet, cut, cloth, 0.7)
    placket(sheet, cut, cloth, hem_y + 14, button_colour(cloth, look.rng.random()), 9, 11)
    shirt_collar(sheet, cut, cloth, point=28, spread=0.5, stand=12)
    y = cut.hem_y + 2
    belt = mirrored(
        (MIDDLE, y - 11), (MIDDLE + cut.hem + 2, y - 14, True), (MIDDLE + cut.hem + 3, y + 11, True),
        (MIDDLE, y + 14),
    )
    sheet.piece(belt, cloth.tinted(0.12), grain=90, over=True, lift=5, bulge=3, spread=5)
    buckle = rectangle(MIDDLE - 14, y - 15, MIDDLE + 14, y + 18, 4)
    sheet.line(buckle, darker(cloth.colour, 0.45), 4.5)


def _slip(sheet: Sheet, look: Look) -> None:
    cloth = look.cloth
    hem_y = _HEMS[look.trait("length", "midi")]
    top, strap = 148.0, 46.0
    for side in (-1, 1):
        sheet.piece(
            strip([(MIDDLE + side * (strap - 8), 178), (MIDDLE + side * strap, 66)], 4.5),
            cloth.tinted(0.15), lift=2, bulge=2, spread=3,
        )
    sheet.piece(
        mirrored((MIDDLE, 172), (MIDDLE + 50, 176), (MIDDLE + 88, 196, True), (MIDDLE, 220)),
        cloth.tinted(0.34), lift=1, bulge=0,
    )
    body = mirrored(
        (MIDDLE, top + 48, True), (MIDDLE + 24, top + 20), (MIDDLE + strap, top, True), (MIDDLE + 68, top + 24),
        (MIDDLE + 90, top + 50, True),
        (MIDDLE + 80, 290), (MIDDLE + 104, 420),
        (MIDDLE + 138, hem_y, True), (MIDDLE + 70, hem_y + 14), (MIDDLE, hem_y + 17),
    )
    sheet.piece(body, cloth, grain=8, bulge=11, spread=20)
    strength = cloth.fabric.fold
    rng = look.rng
    with sheet.within(body):
        for i in range(8):
            share = (i + 0.5) / 8 * 2 - 1 + float(rng.uniform(-0.06, 0.06))
            start = float(rng.uniform(250, 420))
            sheet.fold(
                [
                    (MIDDLE + share * 80, start), (MIDDLE + share * 100, (start + hem_y) / 2),
                    (MIDDLE + share * 136, hem_y + 24),
                ],
                (6 if i % 2 else -5.4) * strength, 13, end=24, soft=7,
            )
        for i in range(4):  # the cowl and the waist
            y = top + 58 + 20 * i
            sheet.fold(
                [(MIDDLE - 66 + 6 * i, y - 12), (MIDDLE, y + 12), (MIDDLE + 66 - 6 * i, y - 12)],
                (4 if i % 2 else -3.6) * strength, 9, soft=4,
            )
        for side in (-1, 1):
            sheet.fold(
                [(MIDDLE + side * 84, 280), (MIDDLE + side * 40, 310), (MIDDLE + side * 6, 380)],
                4.5 * strength, 14, soft=6,
            )
    edge = curve(
        [
            (MIDDLE - 90, top + 50), (MIDDLE - 68, top + 24), (MIDDLE - strap, top, True),
            (MIDDLE - 24, top + 20), (MIDDLE, top + 48, True), (MIDDLE + 24, top + 20),
            (MIDDLE + strap, top, True), (MIDDLE + 68, top + 24), (MIDDLE + 90, top + 50),
        ]
    )
    sheet.line(edge, lighter(cloth.colour, 0.25), 2, 0.5)
    for side in (-1, 1):
        sheet.piece(
            strip(
                [
                    (MIDDLE + side * strap, 66), (MIDDLE + side * (strap + 1), 110),
                    (MIDDLE + side * strap, top + 4),
                ],
                4.5,
            ),
            cloth.plain(), lift=3, bulge=2, spread=3,
        )


def _tiered(sheet: Sheet, look: Look) -> None:
    cloth = look.cloth
    cut = replace(_bodice(look, "v", 92), hem_y=272, waist_y=236, hem=80)
    bare = look.trait("sleeve", "sleeveless") == "sleeveless"
    cut = _sleeveless(cut) if bare else cut
    bottom = _HEMS[look.trait("length", "maxi")]
    inside_neck(sheet, cut, cloth)
    _sleeves(sheet, look, cut, cloth, "sleeveless", 8)
    tiers = 3
    bounds = [cut.hem_y + (bottom - cut.hem_y) * i / tiers for i in range(tiers + 1)]
    widths = [cut.hem + 2, 112.0, 146.0, look.about(184)]
    for i in reversed(range(tiers)):
        path = lay_skirt(
            sheet, look, cloth, bounds[i] - 3, widths[i] + (2 if i else 0), bounds[i + 1],
            widths[i + 1] * 1.04, bow=12 + 5 * i, flare=0.72, folds=11 + 2 * i,
        )
        with sheet.within(path):
            for j in range(17):  # gathers
                x = MIDDLE + (j - 8) / 8.4 * widths[i]
                sheet.fold(
                    [(x, bounds[i]), (x + (j - 8) * 0.9, bounds[i] + float(look.rng.uniform(26, 52)))],
                    4 if j % 2 else -4, 6, soft=3,
                )
    _upper(sheet, look, cut, cloth)
    _waist_seam(sheet, cut, cloth)
    if bare:
        _bound_edge(sheet, cut, cloth)
    else:
        armhole_seams(sheet, cut, cloth, 0.6)
        neck_rib(sheet, cut, cloth.plain(), 8)


def _column(
    sheet: Sheet, look: Look, hem: float, hip: float, waist: float, neckline: str, depth: float,
) -> Cut:
    """Lay a dress cut in one length, from the shoulder to the hem."""
    cloth = look.cloth
    bottom = _HEMS[look.trait("length", "knee")]
    cut = _bodice(look, neckline, depth)
    bare = look.trait("sleeve") == "sleeveless"
    cut = _sleeveless(cut) if bare else cut
    inside_neck(sheet, cut, cloth)
    _sleeves(sheet, look, cut, cloth, "short", 2)
    upper = [*cut.neck_knots(), *cut.side_knots()[:3]]
    body = mirrored(
        *upper, (MIDDLE + waist, 274), (MIDDLE + hip, 388), (MIDDLE + hip - 3, 450),
        (MIDDLE + hem, bottom, True), (MIDDLE + hem * 0.5, bottom + 6), (MIDDLE, bottom + 8),
    )
    sheet.piece(body, cloth, bulge=12, spread=20)
    strength = cloth.fabric.fold
    with sheet.within(body):
        body_folds(sheet, look, replace(cut, hem=hem, hem_y=bottom), strength * 0.9)
        for side in (-1, 1):
            for i in range(3):
                y = 262 + 30 * i
                sheet.fold(
                    [
                        (MIDDLE + side * (waist + 2), y), (MIDDLE + side * waist * 0.5, y + 12),
                        (MIDDLE + side * 12, y + 4),
                    ],
                    (3.6 if i % 2 else -3.4) * strength, 11, soft=5,
                )
    if not bare:
        armhole_seams(sheet, cut, cloth, 0.7)
    sheet.stitch(
        [along((MIDDLE - hem, bottom - 10), (MIDDLE + hem, bottom - 10), t) for t in (0.01, 0.5, 0.99)],
        cloth, alpha=0.4,
    )
    return cut


def _sheath(sheet: Sheet, look: Look) -> None:
    knitted = look.cloth.fabric.texture in ("knit", "rib", "cable")
    cut = _column(sheet, look, 92, 112, 82, "crew" if knitted else "boat", 36 if knitted else 24)
    cloth = look.cloth
    if knitted:
        neck_rib(sheet, cut, cloth, 13)
        return
    _bound_edge(sheet, cut, cloth)
    for side in (-1, 1):
        sheet.seam(
            [(MIDDLE + side * 62, 196), (MIDDLE + side * 46, 280), (MIDDLE + side * 60, 400)], cloth, 0.6,
        )
    sheet.seam([(MIDDLE - 82, 276), (MIDDLE, 282), (MIDDLE + 82, 276)], cloth, 0.6)


def _tee(sheet: Sheet, look: Look) -> None:
    cut = _column(sheet, look, 124, 114, 99, "crew", 32)
    neck_rib(sheet, cut, look.cloth.plain(), 10)


_STYLES = {
    "swing": _swing,
    "wrap": _wrap,
    "shirt": _shirt,
    "slip": _slip,
    "tiered": _tiered,
    "sheath": _sheath,
    "tee": _tee,
}

DRAWERS: dict[str, Drawer] = {"Dresses": draw_dress}
