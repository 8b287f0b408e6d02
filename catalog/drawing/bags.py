"""Handbags, backpacks and clutches."""

# Outlines are rows of knots; the formatter would give every knot a line of its own.
# fmt: off

from dataclasses import replace

import skia

from catalog.drawing.fabric import FABRICS
from catalog.drawing.garment import Drawer, Look
from catalog.drawing.palette import RGB, brightness, darker, mix
from catalog.drawing.shapes import (
    MIDDLE,
    Knot,
    curve,
    ellipse,
    mirrored,
    outline,
    rectangle,
    reflected,
    strip,
)
from catalog.drawing.sheet import Cloth, Sheet

BRASS: RGB = (196, 164, 100)
STEEL: RGB = (178, 178, 176)

Points = list[tuple[float, float]]


def _ring(
    sheet: Sheet, x: float, y: float, rx: float, ry: float, colour: RGB = BRASS, width: float = 5.0,
) -> None:
    """Draw a metal ring: dark, body, glint."""
    path = ellipse(x, y, rx, ry)
    sheet.line(path, darker(colour, 0.6), width + 1.6, 0.7)
    sheet.line(path, colour, width)
    shine = skia.Path()
    shine.addArc(skia.Rect.MakeLTRB(x - rx, y - ry, x + rx, y + ry), 190, 80)
    sheet.line(shine, (255, 248, 226), width * 0.4, 0.85)


def _buckle(sheet: Sheet, x: float, y: float, width: float, height: float, colour: RGB = BRASS) -> None:
    path = rectangle(x - width / 2, y - height / 2, x + width / 2, y + height / 2, 4)
    sheet.line(path, darker(colour, 0.6), 6, 0.7)
    sheet.line(path, colour, 4.4)
    sheet.line(curve([(x, y - height / 2), (x, y + height / 2 + 3)]), colour, 3)
    sheet.line(
        curve(
            [(x - width / 2, y + height * 0.3), (x - width / 2, y - height / 2 + 2), (x - 2, y - height / 2)]
        ),
        (255, 248, 226), 1.4, 0.8,
    )


def _handle(sheet: Sheet, cloth: Cloth, knots: Points, width: float = 14.0, lift: float = 6.0) -> None:
    sheet.piece(strip(knots, width), cloth, lift=lift, bulge=7, spread=6)
    inner = strip(knots, width - 6)
    sheet.line(
        inner,
        darker(cloth.colour, 0.4) if brightness(cloth.colour) > 0.4 else mix(
            cloth.colour, (255, 250, 240), 0.3,
        ),
        0.9, 0.45,
    )


def _body(sheet: Sheet, look: Look, path: skia.Path, cloth: Cloth, sag: float = 1.0) -> None:
    sheet.piece(path, cloth, bulge=16, spread=24)
    bounds = path.getBounds()
    left, top, right, bottom = bounds.left(), bounds.top(), bounds.right(), bounds.bottom()
    tall = bottom - top
    with sheet.within(path):
        for i in range(4):
            x = left + (right - left) * (0.16 + 0.22 * i + float(look.rng.uniform(-0.04, 0.04)))
            lean = (x - (left + right) / 2) * 0.12
            sheet.fold(
                [(x, top + tall * 0.12), (x + lean, top + tall * 0.5), (x + lean * 2, bottom - tall * 0.12)],
                (5.0 if i % 2 else -4.6) * sag, 26, soft=12,
            )
        sheet.fold(
            [(left + 10, bottom - 20), ((left + right) / 2, bottom - 8), (right - 10, bottom - 20)],
            -6 * sag, 20, soft=8,
        )


def _edge_stitch(sheet: Sheet, cloth: Cloth, knots: list[Knot]) -> None:
    sheet.stitch(knots, cloth, alpha=0.65)


def _label(sheet: Sheet, cloth: Cloth, x: float, y: float) -> None:
    """Emboss a small blank plate."""
    sheet.piece(
        rectangle(x - 32, y - 11, x + 32, y + 11, 3), cloth.tinted(0.25), over=True, lift=1.5, bulge=1,
        spread=2, edge=0.3,
    )
    sheet.line(curve([(x - 18, y), (x + 18, y)]), BRASS, 2, 0.8)


def _tote(sheet: Sheet, look: Look) -> None:
    cloth = look.cloth
    canvas = cloth.fabric.texture == "linen"
    strap = replace(cloth.plain(), fabric=FABRICS["Leather"], colour=(120, 82, 54)) if canvas else cloth
    handle: Points = [(212, 330), (222, 210), (258, 138), (342, 138), (378, 210), (388, 330)]
    _handle(sheet, strap.tinted(0.2), [(x, y - 12) for x, y in handle], 13)
    top, bottom = 300.0, look.about(630, 0.02)
    inside = mirrored(
        (MIDDLE, top - 12), (MIDDLE + 120, top - 10), (MIDDLE + 158, top + 2, True), (MIDDLE, top + 16),
    )
    sheet.piece(inside, cloth.plain().tinted(0.45), lift=1, bulge=0)
    path = mirrored(
        (MIDDLE, top + 8), (MIDDLE + 100, top + 5), (MIDDLE + 160, top, True), (MIDDLE + 176, 480),
        (MIDDLE + 184, bottom - 26), (MIDDLE + 168, bottom), (MIDDLE + 80, bottom + 6),
        (MIDDLE, bottom + 8),
    )
    _body(sheet, look, path, cloth)
    sheet.stitch([(MIDDLE - 156, top + 20), (MIDDLE, top + 27), (MIDDLE + 156, top + 20)], cloth, alpha=0.6)
    for side in (-1, 1):
        sheet.stitch(
            [(MIDDLE + side * 152, top + 10), (MIDDLE + side * 167, 480), (MIDDLE + side * 174, bottom - 24)],
            cloth, alpha=0.5,
        )
    _handle(sheet, strap, handle, 14)
    for x in (212.0, 388.0):
        tab = outline(
            (x - 13, top + 2, True), (x + 13, top + 2, True), (x + 11, top + 64), (x, top + 76),
            (x - 11, top + 64),
        )
        sheet.piece(tab, strap, over=True, lift=4, bulge=3, spread=4, edge=0.4)
        sheet.disc(x, top + 58, 4, BRASS, 2)
    _label(sheet, strap, MIDDLE, 408)


def _satchel(sheet: Sheet, look: Look) -> None:
    cloth = look.cloth
    _handle(sheet, cloth.tinted(0.15), [(150, 330), (178, 210), (MIDDLE, 128), (422, 210), (450, 330)], 12)
    path = mirrored(
        (MIDDLE, 292), (MIDDLE + 150, 292), (MIDDLE + 172, 312), (MIDDLE + 180, 450), (MIDDLE + 178, 586),
        (MIDDLE + 158, 606), (MIDDLE, 610),
    )
    _body(sheet, look, path, cloth, 0.6)
    _handle(sheet, cloth, [(250, 296), (256, 262), (284, 250), (316, 250), (344, 262), (350, 296)], 15)
    flap = mirrored(
        (MIDDLE, 286), (MIDDLE + 150, 286), (MIDDLE + 178, 306), (MIDDLE + 182, 400), (MIDDLE + 170, 452),
        (MIDDLE + 120, 474), (MIDDLE, 478),
    )
    sheet.piece(flap, cloth, over=True, lift=6, bulge=7, spread=12, edge=0.4)
    _edge_stitch(
        sheet, cloth,
        [
            (MIDDLE - 172, 310), (MIDDLE - 172, 400), (MIDDLE - 162, 444), (MIDDLE - 118, 465),
            (MIDDLE, 469), (MIDDLE + 118, 465), (MIDDLE + 162, 444), (MIDDLE + 172, 400),
            (MIDDLE + 172, 310),
        ],
    )
    for x in (MIDDLE - 96, MIDDLE + 96):
        strap = outline((x - 14, 300, True), (x + 14, 300, True), (x + 14, 540), (x, 556), (x - 14, 540))
        sheet.piece(strap, cloth.tinted(0.08), over=True, lift=4, bulge=3, spread=5, edge=0.4)
        sheet.stitch([(x - 9, 306), (x - 9, 536)], cloth, alpha=0.5)
        sheet.stitch([(x + 9, 306), (x + 9, 536)], cloth, alpha=0.5)
        _buckle(sheet, x, 496, 40, 32)


def _bucket(sheet: Sheet, look: Look) -> None:
    cloth = look.cloth
    _handle(
        sheet, cloth.tinted(0.12), [(176, 350), (184, 210), (240, 126), (360, 126), (416, 210), (424, 350)],
        13,
    )
    inside = mirrored((MIDDLE, 308), (MIDDLE + 100, 312), (MIDDLE + 132, 330, True), (MIDDLE, 360))
    sheet.piece(inside, cloth.tinted(0.45), lift=1, bulge=0)
    path = mirrored(
        (MIDDLE, 346), (MIDDLE + 80, 338), (MIDDLE + 134, 326, True), (MIDDLE + 124, 390),
        (MIDDLE + 142, 520), (MIDDLE + 138, 612), (MIDDLE + 118, 634), (MIDDLE, 640),
    )
    _body(sheet, look, path, cloth)
    with sheet.within(path):
        for i in range(9):
            x = MIDDLE + (i - 4) * 28
            sheet.fold(
                [(x, 340), (MIDDLE + (x - MIDDLE) * 0.9, 384), (x + (x - MIDDLE) * 0.06, 450)],
                6 if i % 2 else -6, 13, soft=5,
            )
        base = mirrored((MIDDLE, 556), (MIDDLE + 150, 550, True), (MIDDLE + 150, 650, True), (MIDDLE, 650))
        sheet.piece(base, cloth.tinted(0.1), over=True, lift=1.5, bulge=0)
        sheet.stitch([(MIDDLE - 146, 562), (MIDDLE, 568), (MIDDLE + 146, 562)], cloth, alpha=0.6)
    cord = strip(
        [(MIDDLE - 128, 388), (MIDDLE - 60, 396), (MIDDLE, 399), (MIDDLE + 60, 396), (MIDDLE + 128, 388)],
        7,
    )
    sheet.piece(cord, cloth.tinted(0.25), over=True, lift=3, bulge=3, spread=3)
    for i in range(6):
        sheet.disc(MIDDLE + (i - 2.5) * 44, 396 - abs(i - 2.5), 6, BRASS, 1)
    for dx, drop in ((-10, 92), (12, 108)):
        sheet.piece(
            strip([(MIDDLE + dx * 0.3, 400), (MIDDLE + dx, 440), (MIDDLE + dx * 1.6, 400 + drop)], 6),
            cloth.tinted(0.25), over=True, lift=3, bulge=3, spread=3,
        )
        sheet.piece(
            rectangle(MIDDLE + dx * 1.6 - 6, 392 + drop, MIDDLE + dx * 1.6 + 6, 424 + drop, 3),
            cloth.tinted(0.3), over=True, lift=4, bulge=3, spread=3,
        )


def _shoulder(sheet: Sheet, look: Look) -> None:
    cloth = look.cloth
    strap = strip([(132, 392), (140, 270), (214, 176), (MIDDLE, 152), (386, 176), (460, 270), (468, 392)], 24)
    sheet.piece(strap, cloth, lift=4, bulge=6, spread=9)
    path = mirrored(
        (MIDDLE, 372), (MIDDLE + 110, 364), (MIDDLE + 176, 376), (MIDDLE + 196, 430), (MIDDLE + 168, 536),
        (MIDDLE + 90, 592), (MIDDLE, 604),
    )
    _body(sheet, look, path, cloth, 1.1)
    with sheet.within(path):
        for side in (-1, 1):
            sheet.fold(
                [(MIDDLE + side * 180, 420), (MIDDLE + side * 120, 480), (MIDDLE + side * 30, 500)], 6, 20,
                soft=8,
            )
    sheet.zip((MIDDLE - 150, 384), (MIDDLE + 150, 384), BRASS, 7)
    _edge_stitch(
        sheet, cloth,
        [
            (MIDDLE - 186, 432), (MIDDLE - 160, 530), (MIDDLE - 86, 584), (MIDDLE, 595), (MIDDLE + 86, 584),
            (MIDDLE + 160, 530), (MIDDLE + 186, 432),
        ],
    )
    for side in (-1, 1):
        _ring(sheet, MIDDLE + side * 167, 390, 15, 13)


def _top_handle(sheet: Sheet, look: Look) -> None:
    cloth = look.cloth
    _handle(sheet, cloth, [(232, 326), (236, 250), (266, 206), (334, 206), (364, 250), (368, 326)], 17, 8)
    path = mirrored(
        (MIDDLE, 318), (MIDDLE + 134, 318), (MIDDLE + 146, 326), (MIDDLE + 178, 588), (MIDDLE + 166, 606),
        (MIDDLE, 610),
    )
    _body(sheet, look, path, cloth, 0.5)
    for side in (-1, 1):
        gusset = outline(
            (MIDDLE + 136, 320, True), (MIDDLE + 150, 330), (MIDDLE + 204, 566), (MIDDLE + 178, 596, True),
        )
        sheet.piece(gusset if side > 0 else reflected(gusset), cloth.tinted(0.22), lift=1, bulge=5, spread=9)
    flap = mirrored(
        (MIDDLE, 312), (MIDDLE + 136, 312), (MIDDLE + 150, 322), (MIDDLE + 158, 420), (MIDDLE + 110, 440),
        (MIDDLE, 448),
    )
    sheet.piece(flap, cloth, over=True, lift=6, bulge=6, spread=10, edge=0.42)
    _edge_stitch(
        sheet, cloth,
        [
            (MIDDLE - 143, 326), (MIDDLE - 150, 414), (MIDDLE - 106, 432), (MIDDLE, 440),
            (MIDDLE + 106, 432), (MIDDLE + 150, 414), (MIDDLE + 143, 326),
        ],
    )
    lock = rectangle(MIDDLE - 20, 424, MIDDLE + 20, 466, 6)
    sheet.piece(lock, Cloth(BRASS, FABRICS["Metal"]), over=True, lift=4, bulge=4, spread=5, edge=0.5)
    sheet.disc(MIDDLE, 445, 6, darker(BRASS, 0.35), 1)
    for x in (232.0, 368.0):
        _ring(sheet, x, 326, 13, 11)


def draw_handbag(sheet: Sheet, look: Look) -> None:
    """Draw a handbag in one of its styles."""
    {
        "tote": _tote, "satchel": _satchel, "bucket": _bucket, "shoulder": _shoulder,
        "top-handle": _top_handle,
    }[look.trait("style", "tote")](sheet, look)


def draw_backpack(sheet: Sheet, look: Look) -> None:
    """Draw a day pack or a roll-top."""
    cloth = look.cloth
    roll = look.trait("style") == "roll-top"
    leather = Cloth((118, 82, 56) if brightness(cloth.colour) < 0.6 else (86, 62, 48), FABRICS["Leather"])
    for side in (-1, 1):
        strap = strip(
            [
                (MIDDLE + side * 62, 190), (MIDDLE + side * 120, 250), (MIDDLE + side * 196, 420),
                (MIDDLE + side * 182, 600),
            ],
            26,
        )
        sheet.piece(strap, cloth.plain().tinted(0.25), lift=2, bulge=5, spread=8)
    _handle(sheet, leather, [(270, 190), (276, 152), (300, 142), (324, 152), (330, 190)], 13)
    top = 176.0 if not roll else 210.0
    path = mirrored(
        (MIDDLE, top), (MIDDLE + 92, top + 8), (MIDDLE + 146, top + 70), (MIDDLE + 160, 360),
        (MIDDLE + 168, 580), (MIDDLE + 150, 632), (MIDDLE + 80, 642), (MIDDLE, 644),
    )
    _body(sheet, look, path, cloth, 1.2)
    if roll:
        collar = mirrored(
            (MIDDLE, 170), (MIDDLE + 118, 172), (MIDDLE + 142, 200), (MIDDLE + 144, 262),
            (MIDDLE + 120, 284), (MIDDLE, 288),
        )
        sheet.piece(collar, cloth, over=True, lift=6, bulge=12, spread=15, edge=0.4)
        for y in (204, 236):
            sheet.seam([(MIDDLE - 138, y), (MIDDLE, y + 5), (MIDDLE + 138, y)], cloth, 1.1)
        sheet.piece(
            rectangle(MIDDLE - 12, 168, MIDDLE + 12, 416, 4), leather, over=True, lift=5, bulge=3, spread=5,
            edge=0.4,
        )
        _buckle(sheet, MIDDLE, 352, 40, 34, STEEL)
    else:
        line = [
            (MIDDLE - 150, 372), (MIDDLE - 134, 270), (MIDDLE - 80, 218), (MIDDLE, 206), (MIDDLE + 80, 218),
            (MIDDLE + 134, 270), (MIDDLE + 150, 372),
        ]
        sheet.line(curve(line), (34, 32, 34), 8, 0.7)
        sheet.line(curve(line), STEEL, 3, 0.8)
        sheet.piece(
            rectangle(MIDDLE - 156, 362, MIDDLE - 142, 398, 3), leather, over=True, lift=4, bulge=3,
            spread=3,
        )
        _label(sheet, leather, MIDDLE, 330)
    pocket = mirrored(
        (MIDDLE, 418), (MIDDLE + 100, 420), (MIDDLE + 124, 436), (MIDDLE + 134, 590), (MIDDLE + 112, 616),
        (MIDDLE, 620),
    )
    sheet.piece(pocket, cloth, over=True, lift=8, bulge=9, spread=14, edge=0.4)
    sheet.zip((MIDDLE - 104, 446), (MIDDLE + 104, 446), STEEL, 7)
    sheet.stitch([(MIDDLE - 110, 432), (MIDDLE, 428), (MIDDLE + 110, 432)], cloth, alpha=0.5)
    base = mirrored(
        (MIDDLE, 604), (MIDDLE + 168, 590, True), (MIDDLE + 160, 622), (MIDDLE + 140, 640), (MIDDLE, 648),
    )
    sheet.piece(base, leather, over=True, lift=3, bulge=4, spread=6, edge=0.4)
    sheet.stitch([(MIDDLE - 164, 600), (MIDDLE, 612), (MIDDLE + 164, 600)], leather, alpha=0.6)


def draw_clutch(sheet: Sheet, look: Look) -> None:
    """Draw an envelope or a frame clutch."""
    cloth = look.cloth
    if look.trait("style") == "frame":
        path = mirrored(
            (MIDDLE, 352), (MIDDLE + 150, 346), (MIDDLE + 186, 372), (MIDDLE + 202, 480),
            (MIDDLE + 176, 556), (MIDDLE + 80, 572), (MIDDLE, 574),
        )
        _body(sheet, look, path, cloth, 0.7)
        with sheet.within(path):
            for i in range(11):
                x = MIDDLE + (i - 5) * 32
                sheet.fold(
                    [(x, 360), (x + (x - MIDDLE) * 0.05, 410), (x + (x - MIDDLE) * 0.1, 470)],
                    6 if i % 2 else -5, 12, soft=5,
                )
        frame = strip(
            [
                (MIDDLE - 182, 372), (MIDDLE - 150, 346), (MIDDLE, 348), (MIDDLE + 150, 346),
                (MIDDLE + 182, 372),
            ],
            17,
        )
        sheet.piece(frame, Cloth(BRASS, FABRICS["Metal"]), lift=20, bulge=8, spread=7, edge=0.5)
        sheet.disc(MIDDLE - 9, 334, 9, BRASS, 6)
        sheet.disc(MIDDLE + 9, 332, 9, BRASS, 6)
        return
    path = rectangle(92, 320, 508, 580, 9)
    _body(sheet, look, path, cloth, 0.5)
    _edge_stitch(sheet, cloth, [(101, 330), (101, 571, True), (499, 571, True), (499, 330)])
    flap = mirrored(
        (MIDDLE, 314), (MIDDLE + 200, 315), (MIDDLE + 210, 324, True), (MIDDLE + 204, 344),
        (MIDDLE + 26, 478), (MIDDLE, 488),
    )
    sheet.piece(flap, cloth, over=True, lift=7, bulge=6, spread=12, edge=0.45)
    for side in (-1, 1):
        sheet.stitch([(MIDDLE + side * 192, 342), (MIDDLE + side * 24, 467)], cloth, alpha=0.6)
    sheet.disc(MIDDLE, 458, 11, BRASS, 4)
    loop = strip([(508, 380), (540, 400), (546, 470), (522, 520), (508, 520)], 13)
    sheet.piece(loop, cloth, lift=4, bulge=4, spread=5)


DRAWERS: dict[str, Drawer] = {"Handbags": draw_handbag, "Backpacks": draw_backpack, "Clutches": draw_clutch}
