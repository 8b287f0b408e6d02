"""Belts, caps, hats, scarves, ties, sunglasses, watches and socks."""

# Outlines are rows of knots; the formatter would give every knot a line of its own.
# fmt: off

import math
from dataclasses import replace

import skia

from catalog.drawing.bags import BRASS, STEEL
from catalog.drawing.fabric import FABRICS
from catalog.drawing.garment import Drawer, Look
from catalog.drawing.palette import RGB, brightness, darker, lighter, mix
from catalog.drawing.patterns import ink
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


def draw_belt(sheet: Sheet, look: Look) -> None:
    """Draw a closed belt: the far side seen from within, the near side with the buckle."""
    cloth = look.cloth
    width = 44.0
    far = strip(
        [(104, 374), (132, 338), (220, 306), (MIDDLE, 299), (380, 306), (468, 338), (496, 374)], width,
    )
    inside: RGB = (186, 150, 112) if cloth.fabric.texture != "linen" else darker(cloth.colour, 0.3)
    sheet.piece(far, Cloth(darker(inside, 0.15), cloth.fabric), lift=2, bulge=5, spread=10)
    near = [
        (116, 356), (93, 398), (126, 458), (214, 492), (MIDDLE, 500), (386, 492), (474, 458), (507, 398),
        (484, 356),
    ]
    sheet.piece(strip(near, width), cloth, lift=18, bulge=9, spread=14)
    for offset in (-15.0, 15.0):
        sheet.stitch([(x, y + offset) for x, y in near[2:-2]], cloth, alpha=0.6)
    for i in range(5):
        x = 392 + i * 18
        sheet.canvas.drawCircle(x, 491 - i * i * 0.9 - i * 2, 2.8, ink(darker(cloth.colour, 0.8)))
    metal = STEEL if look.trait("buckle") == "square" and brightness(cloth.colour) < 0.3 else BRASS
    loop = rectangle(232, 473, 250, 526, 3)
    sheet.piece(loop, cloth.tinted(0.1), over=True, lift=5, bulge=3, spread=4, edge=0.45)
    frame = skia.Path()
    if look.trait("buckle") == "round":
        frame.addOval(skia.Rect.MakeLTRB(MIDDLE - 36, 462, MIDDLE + 40, 536))
    else:
        frame.addRoundRect(skia.Rect.MakeLTRB(MIDDLE - 36, 464, MIDDLE + 36, 534), 9, 9)
    sheet.line(frame, (20, 16, 12), 12, 0.4)
    sheet.line(frame, metal, 9)
    sheet.line(frame, lighter(metal, 0.6), 2, 0.8)
    sheet.line(curve([(MIDDLE - 34, 500), (MIDDLE + 42, 498)]), darker(metal, 0.5), 8, 0.7)
    sheet.line(curve([(MIDDLE - 34, 499), (MIDDLE + 42, 497)]), lighter(metal, 0.15), 5.4)


def draw_scarf(sheet: Sheet, look: Look) -> None:
    """Draw a folded woollen scarf with fringes or a silk square."""
    cloth = look.cloth
    if look.trait("style") == "square":
        _silk_square(sheet, look)
        return
    back = outline(
        (196, 214, True), (300, 196), (404, 214, True), (424, 640, True), (300, 650), (250, 640, True),
    )
    sheet.piece(back, cloth.tinted(0.12), grain=-4, lift=5, bulge=9, spread=16)
    _fringe(sheet, cloth, 262, 424, 640)
    front = outline(
        (186, 210), (300, 176), (414, 210), (408, 300), (372, 690, True), (190, 690, True), (178, 300),
    )
    sheet.piece(front, cloth, origin=(280, 180), grain=2, bulge=13, spread=22)
    with sheet.within(front):
        for i in range(5):
            x = 206 + 42 * i
            sheet.fold(
                [(x + 16, 200), (x + 2, 420), (x - 2, 700)], (6 if i % 2 else -5.4) * cloth.fabric.fold, 18,
                soft=8,
            )
        sheet.fold([(180, 244), (296, 270), (416, 240)], -7, 20, soft=8)
        sheet.fold([(184, 212), (300, 226), (414, 210)], 7, 24, soft=8)
    _fringe(sheet, cloth, 192, 371, 688)


def _fringe(sheet: Sheet, cloth: Cloth, left: float, right: float, y: float) -> None:
    n = int((right - left) / 11)
    for i in range(n):
        x = left + 5 + i * (right - left - 10) / max(1, n - 1)
        sway = 3 * math.sin(i * 2.3)
        colour = darker(cloth.colour, 0.12 * (i % 2)) if not cloth.pattern or i % 3 else cloth.second
        sheet.piece(
            strip([(x, y - 5), (x + sway * 0.4, y + 18), (x + sway, y + 42 + 4 * math.sin(i * 1.7))], 5.5),
            replace(cloth.plain(), colour=colour), lift=3, bulge=3, spread=3, edge=0.2,
        )


def _silk_square(sheet: Sheet, look: Look) -> None:
    cloth = look.cloth
    square = outline(
        (MIDDLE, 176, True), (412, 286), (520, 400, True), (410, 516), (MIDDLE, 624, True), (188, 514),
        (80, 400, True), (190, 284),
    )
    sheet.piece(
        square, cloth.plain() if not cloth.pattern else cloth, grain=45, origin=(300, 400), bulge=6,
        spread=12,
    )
    for inset, width in ((0.93, 9.0), (0.86, 2.5)):
        r = [
            (MIDDLE, 400 - 224 * inset, True), (MIDDLE + 220 * inset, 400.0, True),
            (MIDDLE, 400 + 224 * inset, True), (MIDDLE - 220 * inset, 400.0, True),
        ]
        sheet.line(outline(*r), look.accent, width, 0.9)
    fold = outline((MIDDLE, 624, True), (80, 400, True), (520, 400, True))
    sheet.piece(fold, cloth, grain=-45, origin=(300, 400), over=True, lift=5, bulge=4, spread=8)
    for inset, width in ((0.90, 9.0), (0.80, 2.5)):
        sheet.line(
            curve(
                [
                    (MIDDLE - 216 * inset, 404.0, True), (MIDDLE, 404 + 218 * inset, True),
                    (MIDDLE + 216 * inset, 404.0, True),
                ]
            ),
            look.accent, width, 0.9,
        )
    with sheet.within(square):
        for i in range(6):
            x = 140 + 62 * i
            sheet.fold([(x, 300), (x + 26, 410), (x + 30, 560)], (6 if i % 2 else -5.4), 22, soft=9)


def draw_tie(sheet: Sheet, look: Look) -> None:
    """Draw a knotted tie."""
    cloth = look.cloth
    square = look.trait("style") == "square"
    loop = outline(
        (262, 150), (236, 106), (268, 84), (332, 84), (364, 106), (338, 150, True), (324, 128), (300, 116),
        (276, 128), (262, 150, True),
    )
    sheet.piece(loop, cloth.tinted(0.18) if not cloth.pattern else cloth, grain=60, lift=3, bulge=5, spread=8)
    tail = outline((292, 214, True), (316, 214, True), (338, 620, True), (322, 646, True), (304, 620, True))
    sheet.piece(tail, cloth, grain=42, lift=3, bulge=4, spread=8)
    if square:
        blade = outline((280, 208, True), (320, 208, True), (336, 660, True), (264, 660, True))
    else:
        blade = outline(
            (280, 208, True), (320, 208, True), (354, 636, True), (300, 706, True), (246, 636, True),
        )
    sheet.piece(blade, cloth, grain=-42, lift=7, bulge=9, spread=14)
    with sheet.within(blade):
        sheet.fold([(294, 212), (290, 260), (284, 330)], 5, 10, soft=4)
        sheet.fold([(306, 212), (308, 250), (312, 300)], -5, 9, soft=4)
    knot = outline(
        (262, 146, True), (300, 138), (338, 146, True), (322, 212, True), (300, 217), (278, 212, True),
    )
    sheet.piece(knot, cloth, grain=40, over=True, lift=9, bulge=9, spread=10, edge=0.4)


def draw_sunglasses(sheet: Sheet, look: Look) -> None:
    """Draw folded sunglasses from the front."""
    cloth, style = look.cloth, look.trait("style", "square")
    lens: RGB = mix((60, 52, 46), cloth.colour, 0.15)

    def rim(inset: float) -> skia.Path:
        x = MIDDLE + 104
        if style == "round":
            return ellipse(x, 404, 78 - inset, 76 - inset)
        if style == "cat-eye":
            knots: list[Knot] = [
                (x - 80 + inset, 380 + inset * 0.5), (x - 20, 352 + inset),
                (x + 100 - inset * 1.6, 338 + inset, True), (x + 88 - inset, 414), (x + 22, 462 - inset),
                (x - 56 + inset * 0.4, 446 - inset),
            ]
        else:
            knots = [
                (x - 82 + inset, 366 + inset), (x, 352 + inset), (x + 84 - inset, 362 + inset),
                (x + 82 - inset, 420), (x + 46, 462 - inset), (x - 30, 466 - inset), (x - 76 + inset, 434),
            ]
        return outline(*knots)

    for side in (-1, 1):
        temple = outline(
            (MIDDLE + 176, 372, True), (MIDDLE + 200, 370, True), (MIDDLE + 150, 330), (MIDDLE - 60, 316),
            (MIDDLE - 62, 304), (MIDDLE + 156, 314), (MIDDLE + 206, 356),
        )
        sheet.piece(temple if side > 0 else reflected(temple), cloth, lift=3, bulge=4, spread=5)
    for side in (-1, 1):
        outer, inner = rim(0), rim(13 if style != "round" else 11)
        if side < 0:
            outer, inner = reflected(outer), reflected(inner)
        sheet.piece(outer, cloth, lift=10, bulge=8, spread=7, edge=0.5)
        sheet.piece(inner, Cloth(lens, FABRICS["Rubber"]), lift=8, bulge=0, edge=0.6)
        with sheet.within(inner):
            centre = MIDDLE + side * 104
            shader = skia.GradientShader.MakeLinear(
                [skia.Point(0, 340), skia.Point(0, 470)],
                [skia.Color(*darker(lens, 0.5)), skia.Color(*lighter(lens, 0.42))],
            )
            sheet.canvas.drawPath(inner, skia.Paint(AntiAlias=True, Shader=shader))
            glare = outline(
                (centre - 66, 470, True), (centre - 8, 340, True), (centre + 22, 340, True),
                (centre - 36, 470, True),
            )
            sheet.canvas.drawPath(glare, ink((255, 255, 255), 0.13))
            glare = outline(
                (centre - 22, 470, True), (centre + 36, 340, True), (centre + 44, 340, True),
                (centre - 14, 470, True),
            )
            sheet.canvas.drawPath(glare, ink((255, 255, 255), 0.1))
    bridge = strip([(MIDDLE - 30, 390), (MIDDLE - 12, 374), (MIDDLE + 12, 374), (MIDDLE + 30, 390)], 12)
    sheet.piece(bridge, cloth, lift=11, bulge=5, spread=5)


def draw_watch(sheet: Sheet, look: Look) -> None:
    """Draw a wristwatch with its strap."""
    cloth = look.cloth
    diver = look.trait("style") == "diver"
    metal: RGB = STEEL if diver or brightness(cloth.colour) < 0.25 else (206, 180, 128)
    strap = mirrored(
        (MIDDLE, 110), (MIDDLE + 30, 112), (MIDDLE + 36, 124), (MIDDLE + 52, 320, True),
        (MIDDLE + 52, 480, True), (MIDDLE + 36, 690), (MIDDLE + 26, 706), (MIDDLE, 708),
    )
    sheet.piece(strap, cloth, bulge=9, spread=14)
    for side in (-1, 1):
        sheet.stitch([(MIDDLE + side * 29, 128), (MIDDLE + side * 44, 310)], cloth, alpha=0.6)
        sheet.stitch([(MIDDLE + side * 44, 490), (MIDDLE + side * 29, 694)], cloth, alpha=0.6)
    for i in range(6):
        sheet.canvas.drawPath(ellipse(MIDDLE, 590 + i * 17, 3, 4), ink(darker(cloth.colour, 0.8)))
    frame = rectangle(MIDDLE - 42, 92, MIDDLE + 42, 132, 7)
    sheet.line(frame, darker(metal, 0.5), 9)
    sheet.line(frame, metal, 6.4)
    sheet.line(curve([(MIDDLE, 92), (MIDDLE, 134)]), metal, 5)
    sheet.piece(
        rectangle(MIDDLE - 40, 160, MIDDLE + 40, 178, 4), cloth.tinted(0.1), over=True, lift=4, bulge=3,
        spread=4,
    )
    plate = Cloth(metal, FABRICS["Metal"])
    for side in (-1, 1):
        lug = outline(
            (MIDDLE + 40, 306, True), (MIDDLE + 66, 306, True), (MIDDLE + 80, 350), (MIDDLE + 80, 450),
            (MIDDLE + 66, 494, True), (MIDDLE + 40, 494, True),
        )
        sheet.piece(lug if side > 0 else reflected(lug), plate, lift=8, bulge=5, spread=6)
    sheet.piece(rectangle(MIDDLE + 96, 388, MIDDLE + 116, 412, 4), plate, lift=8, bulge=4, spread=5)
    sheet.piece(ellipse(MIDDLE, 400, 102, 102), plate, lift=14, bulge=10, spread=8, edge=0.5)
    face: RGB = darker(cloth.colour, 0.45) if diver else (246, 243, 235)
    hand: RGB = (244, 242, 236) if diver else (38, 36, 36)
    if diver:
        sheet.piece(
            ellipse(MIDDLE, 400, 95, 95), Cloth(darker(cloth.colour, 0.5), FABRICS["Rubber"]), lift=16,
            bulge=3, spread=4,
        )
        for i in range(60):
            a = math.radians(6 * i)
            r0 = 78.0 if i % 5 == 0 else 84.0
            sheet.line(
                curve(
                    [
                        (MIDDLE + r0 * math.sin(a), 400 - r0 * math.cos(a)),
                        (MIDDLE + 91 * math.sin(a), 400 - 91 * math.cos(a)),
                    ]
                ),
                hand, 2.4 if i % 5 == 0 else 1.1, 0.85,
            )
    radius = 74.0 if diver else 86.0
    sheet.canvas.drawPath(ellipse(MIDDLE, 400, radius, radius), ink(face))
    sheet.line(ellipse(MIDDLE, 400, radius, radius), (16, 14, 14), 2.5, 0.45)
    for i in range(12):
        a = math.radians(30 * i)
        r1, r0 = radius - 6, radius - (17 if i % 3 else 23)
        sheet.line(
            curve(
                [
                    (MIDDLE + r0 * math.sin(a), 400 - r0 * math.cos(a)),
                    (MIDDLE + r1 * math.sin(a), 400 - r1 * math.cos(a)),
                ]
            ),
            hand, 4 if i % 3 == 0 else 2.2,
        )
    for angle, length, width in ((305, 44, 5.5), (54, 64, 4.0), (190, 66, 1.4)):
        a = math.radians(angle)
        tip = (MIDDLE + length * math.sin(a), 400 - length * math.cos(a))
        sheet.line(curve([(MIDDLE + 1.5, 402.5), (tip[0] + 1.5, tip[1] + 2.5)]), (0, 0, 0), width, 0.22)
        sheet.line(curve([(MIDDLE, 400), tip]), hand if width > 2 else (178, 60, 44), width)
    sheet.canvas.drawCircle(MIDDLE, 400, 5, ink(hand))


def draw_socks(sheet: Sheet, look: Look) -> None:
    """Draw a pair of socks, one on the other."""
    cloth = look.cloth
    trim = cloth.tinted(0.22) if not cloth.pattern else replace(cloth.plain(), colour=cloth.second)
    for dx, dy in ((52.0, -26.0), (-30.0, 18.0)):
        with sheet.moved(dx, dy):
            path = outline(
               
                (196, 170, True), (250, 176), (306, 170, True), (308, 330), (316, 440),
                (356, 496), (430, 540), (456, 590), (430, 632),
                (360, 636), (280, 606), (214, 552), (192, 490), (194, 330),
            )
            sheet.piece(path, cloth, lift=5, bulge=13, spread=20)
            with sheet.within(path):
                toe = outline(
                    (404, 516, True), (480, 540, True), (480, 660, True), (372, 650, True), (388, 590),
                )
                sheet.piece(toe, trim, over=True, lift=0.5, bulge=0)
                heel = outline((180, 470, True), (236, 476), (262, 520), (248, 590, True), (170, 570, True))
                sheet.piece(heel, trim, over=True, lift=0.5, bulge=0)
                for i in range(4):
                    y = 430 + 20 * i
                    sheet.fold(
                        [(316 + 8 * i, y), (268, y + 18), (228, y + 4)], 4.5 if i % 2 else -4.5, 12, soft=5,
                    )
            cuff = outline(
                (193, 166, True), (250, 172), (309, 166, True), (309, 226, True), (250, 232),
                (193, 226, True),
            )
            sheet.piece(cuff, trim.of("Rib"), over=True, lift=3, bulge=5, spread=8)


DRAWERS: dict[str, Drawer] = {
    "Belts": draw_belt,
    "Scarves": draw_scarf,
    "Ties": draw_tie,
    "Sunglasses": draw_sunglasses,
    "Watches": draw_watch,
    "Socks": draw_socks,
}
