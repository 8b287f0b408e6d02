"""Shoes, from the side (toe to the right) and as a pair. The ground is at y = 540."""

from collections.abc import Callable

import skia

from catalog.drawing.fabric import FABRICS
from catalog.drawing.garment import Drawer, Look
from catalog.drawing.palette import RGB, brightness, darker, lighter
from catalog.drawing.patterns import ink
from catalog.drawing.shapes import Knot, along, curve, ellipse, outline, rectangle, strip
from catalog.drawing.sheet import Cloth, Sheet

Points = list[tuple[float, float]]

GUM: RGB = (186, 142, 96)
WHITE_SOLE: RGB = (240, 237, 229)
DARK_SOLE: RGB = (44, 38, 36)
STACK: RGB = (92, 64, 46)
THREAD_TAN: RGB = (206, 174, 120)

_RUBBER = FABRICS["Rubber"]


def _sole(sheet: Sheet, path: skia.Path, colour: RGB, bulge: float = 5.0) -> None:
    sheet.piece(path, Cloth(colour, _RUBBER), lift=6, bulge=bulge, spread=8)


def _laces(sheet: Sheet, a: tuple[float, float], b: tuple[float, float], n: int, colour: RGB, width: float = 8.0, reach: float = 34.0) -> None:
    """Lace the shoe between ``a`` (low) and ``b`` (high): bars across the tongue that vanish under the eyelets."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = (dx * dx + dy * dy) ** 0.5
    nx, ny = -dy / length, dx / length
    if ny < 0:
        nx, ny = -nx, -ny
    for i in range(n):
        x, y = along(a, b, i / max(1, n - 1))
        bar = strip([(x - nx * reach * 0.25, y - ny * reach * 0.25), (x + nx * reach * 0.4 + 3, y + ny * reach * 0.3), (x + nx * reach, y + ny * reach)], width)
        sheet.piece(bar, Cloth(colour, FABRICS["Cotton"]), over=True, lift=3.5, bulge=3, spread=3, edge=0.45)
        sheet.disc(x + nx * reach, y + ny * reach, 3.2, darker(colour, 0.45) if brightness(colour) > 0.5 else (150, 146, 140), 1)


def _lace_colour(cloth: Cloth) -> RGB:
    return (242, 239, 232) if brightness(cloth.colour) > 0.55 or cloth.fabric.texture in ("linen", "mesh") else darker(cloth.colour, 0.45)


def _creases(sheet: Sheet, path: skia.Path, at: Points, strength: float) -> None:
    """Crease the leather where the toes bend."""
    with sheet.within(path):
        for i, (x, y) in enumerate(at):
            sheet.fold([(x - 4, y - 26), (x + 3, y), (x - 2, y + 24)], (3.6 if i % 2 else -4.2) * strength, 9, soft=4)


def _opening(sheet: Sheet, cloth: Cloth, *knots: Knot) -> None:
    """Lay the lining that shows inside the collar."""
    lining = Cloth(darker(cloth.colour, 0.5) if brightness(cloth.colour) < 0.75 else (206, 198, 184), FABRICS["Cotton"])
    sheet.piece(outline(*knots), lining, lift=1, bulge=0)


def _low_sneaker(sheet: Sheet, look: Look, style: str) -> None:
    cloth = look.cloth
    high = style == "high-top"
    accent = Cloth(look.accent, cloth.fabric)
    rise = 110.0 if high else 0.0
    _opening(sheet, cloth, (142, 366 - rise), (210, 350 - rise), (286, 346 - rise), (262, 404 - rise), (190, 410 - rise))
    tongue = outline((252, 372 - rise), (272, 322 - rise), (312, 318 - rise), (334, 364 - rise * 0.6), (352, 430), (280, 430))
    sheet.piece(tongue, cloth.tinted(-0.06), lift=5, bulge=6, spread=8)
    upper = outline(
        (134, 356 - rise, True), (170, 378 - rise), (214, 394 - rise), (254, 386 - rise), (282, 366 - rise * 0.96, True),
        (330, 398 - rise * 0.28), (392, 442), (452, 464), (490, 488), (496, 516, True), (300, 518), (122, 516, True),
        (116, 466), (122, 410 - rise * 0.5),
    )  # fmt: skip
    sheet.piece(upper, cloth, bulge=20, spread=24)
    _creases(sheet, upper, [(398, 474), (414, 480), (382, 470)], cloth.fabric.fold)
    eyestay = outline((276, 372 - rise * 0.96, True), (326, 404 - rise * 0.26), (384, 448, True), (366, 472), (318, 440 - rise * 0.14), (262, 408 - rise * 0.9, True))
    if style != "slip-on":
        sheet.piece(eyestay, cloth, over=True, lift=2.5, bulge=2, spread=4)
        sheet.stitch([(268, 408 - rise * 0.88), (316, 434 - rise * 0.16), (362, 466)], cloth, alpha=0.6)
    if style in ("canvas", "high-top"):
        cap = outline((430, 456, True), (470, 470), (498, 496), (500, 518, True), (424, 518, True), (418, 484))
        sheet.piece(cap, Cloth(WHITE_SOLE, _RUBBER), over=True, lift=3, bulge=5, spread=8)
        sheet.seam([(196, 516), (214, 460), (250, 404 - rise * 0.9)], cloth, 0.8)
        if high:
            sheet.disc(200, 400, 23, WHITE_SOLE, 2)
            sheet.line(ellipse(200, 400, 18, 18), look.accent if brightness(look.accent) < 0.7 else cloth.colour, 2.4)
    else:
        toe = [(440, 464), (424, 492), (426, 516)]
        sheet.seam(toe, cloth, 0.8)
        sheet.stitch([(x - 5, y) for x, y in toe], cloth, alpha=0.5)
        heel = outline((134, 358, True), (170, 378, True), (176, 430), (164, 516, True), (122, 516, True), (116, 466), (122, 410))
        if style == "court":
            sheet.piece(heel, accent, over=True, lift=2.5, bulge=2, spread=4)
            sheet.seam([(176, 470), (250, 448), (330, 470)], cloth, 0.6)
            for i in range(3):
                sheet.canvas.drawCircle(420 + i * 14, 478 + i * 5, 1.8, ink(darker(cloth.colour, 0.5)))
        elif style == "slip-on":
            gore = outline((268, 376, True), (322, 402, True), (328, 440), (300, 446), (270, 420))
            sheet.piece(gore, cloth.of("Rib").tinted(0.3), over=True, lift=1.5, bulge=2, spread=4)
    sheet.line(curve([(134, 357 - rise), (170, 378 - rise), (214, 394 - rise), (254, 386 - rise), (282, 367 - rise)]), darker(cloth.colour, 0.4), 3, 0.5)
    if style != "slip-on":
        _laces(sheet, (372, 432), (290, 362 - rise * 0.94), 7 if high else 5, _lace_colour(cloth))
    sole_colour = GUM if cloth.fabric.texture == "suede" else WHITE_SOLE
    sole = outline((112, 500, True), (300, 512), (460, 506), (504, 500, True), (508, 528), (490, 541, True), (130, 541, True), (110, 528))
    _sole(sheet, sole, sole_colour)
    sheet.line(curve([(112, 515), (300, 525), (506, 513)]), look.accent if style in ("canvas", "high-top") else darker(sole_colour, 0.3), 3 if style in ("canvas", "high-top") else 1.4, 0.75)


def _boat(sheet: Sheet, look: Look) -> None:
    cloth = look.cloth
    _opening(sheet, cloth, (140, 392), (214, 378), (300, 386), (290, 428), (200, 430))
    upper = outline((132, 384, True), (190, 416), (262, 424), (318, 406, True), (382, 440), (452, 464), (494, 492), (498, 518, True), (122, 518, True), (116, 460))
    sheet.piece(upper, cloth, bulge=17, spread=22)
    _creases(sheet, upper, [(380, 480), (366, 474)], 0.9)
    apron = [(318, 410), (372, 452), (430, 470), (470, 478), (462, 498), (400, 494), (330, 474), (296, 430)]
    sheet.seam(apron, cloth)
    sheet.stitch([(x, y + 5) for x, y in apron[:5]], cloth, (232, 222, 200), 0.8)
    lace: RGB = (222, 200, 164)
    for y, dy in ((430, 0), (432, 3)):
        sheet.line(curve([(146, y + dy), (200, y + 18), (270, y + 14), (306, y - 8)]), darker(lace, 0.2), 4.5)
    _laces(sheet, (372, 446), (330, 418), 3, lace)
    sole = outline((114, 506, True), (300, 516), (504, 508, True), (504, 532), (488, 541, True), (128, 541, True), (112, 530))
    _sole(sheet, sole, WHITE_SOLE, 4)
    sheet.line(curve([(114, 522), (300, 528), (504, 522)]), (150, 140, 122), 1.2, 0.6)


def draw_casual(sheet: Sheet, look: Look) -> None:
    """Draw sneakers, slip-ons or boat shoes."""
    style = look.trait("style", "court")
    if style == "boat":
        _boat(sheet, look)
    else:
        _low_sneaker(sheet, look, style)


def draw_formal(sheet: Sheet, look: Look) -> None:
    """Draw derby shoes, brogues or loafers."""
    cloth, style = look.cloth, look.trait("style", "derby")
    loafer = style == "loafer"
    _opening(sheet, cloth, (142, 378), (206, 362), (288, 366), (270, 416), (196, 420))
    if not loafer:
        sheet.piece(outline((250, 386), (274, 350), (306, 350), (340, 400), (360, 446), (280, 440)), cloth.tinted(0.1), lift=4, bulge=5, spread=8)
    upper = outline(
        (132, 368, True), (182, 404), (234, 412), (282, 394 if not loafer else 412, True), (346, 428), (420, 462), (486, 482), (512, 502), (510, 518, True),
        (320, 516), (230, 508), (122, 512, True), (116, 460),
    )  # fmt: skip
    sheet.piece(upper, cloth, bulge=19, spread=24)
    _creases(sheet, upper, [(392, 482), (376, 478)], 0.7)
    if loafer:
        apron = [(288, 414), (350, 446), (420, 470), (484, 488), (470, 502), (396, 496), (320, 472), (280, 436)]
        sheet.seam(apron, cloth, 1.2)
        saddle = outline((286, 414, True), (336, 432, True), (322, 512, True), (262, 510, True), (266, 456))
        sheet.piece(saddle, cloth, over=True, lift=4, bulge=3, spread=5)
        sheet.line(curve([(292, 452), (304, 456), (316, 458)]), darker(cloth.colour, 0.7), 5, 0.7)
        sheet.stitch([(282, 420), (270, 460), (268, 506)], cloth, alpha=0.5)
    else:
        quarter = outline((282, 396, True), (330, 428), (354, 458, True), (318, 480), (268, 508, True), (230, 508), (122, 512, True), (116, 460), (132, 368, True), (182, 404), (234, 412))
        sheet.piece(quarter, cloth, over=True, lift=3, bulge=4, spread=6)
        cap = [(448, 470), (428, 494), (432, 516)]
        sheet.seam(cap, cloth)
        if style == "brogue":
            wing = [(352, 500), (400, 494), (424, 480), (440, 470)]
            sheet.seam(wing, cloth)
            hole = ink(darker(cloth.colour, 0.75))
            for line in (wing, cap, [(300, 420), (330, 446), (300, 486), (262, 504)]):
                for i in range(12):
                    x, y = along(line[min(int(i / 12 * (len(line) - 1)), len(line) - 2)], line[min(int(i / 12 * (len(line) - 1)) + 1, len(line) - 1)], (i / 12 * (len(line) - 1)) % 1)
                    sheet.canvas.drawCircle(x - 3, y + 5, 1.9, hole)
            for dx, dy in ((0, 0), (9, 5), (-8, 5), (0, 10), (10, -6), (-9, -4), (0, -10)):
                sheet.canvas.drawCircle(476 + dx, 496 + dy * 0.8, 1.8, hole)
        else:
            sheet.stitch([(x - 5, y) for x, y in cap], cloth, alpha=0.5)
        sheet.seam([(196, 412), (186, 470), (196, 510)], cloth, 0.7)
        _laces(sheet, (340, 432), (290, 396), 4, darker(cloth.colour, 0.55), 6, 30)
    sheet.line(curve([(132, 369), (182, 405), (234, 413), (282, 396)]), darker(cloth.colour, 0.5), 3, 0.6)
    sole = outline((114, 506, True), (230, 504), (330, 516), (514, 510, True), (518, 522), (506, 531, True), (330, 531, True), (236, 520), (114, 520, True))
    _sole(sheet, sole, darker(cloth.colour, 0.55), 3)
    sheet.stitch([(240, 510), (340, 520), (512, 514)], cloth, (196, 170, 130), 0.5)
    heel = outline((114, 516, True), (222, 516, True), (218, 541, True), (116, 541, True))
    _sole(sheet, heel, darker(STACK, 0.35), 3)
    for y in (524, 532):
        sheet.line(curve([(116, y), (220, y)]), (20, 14, 10), 1, 0.5)


def draw_sports(sheet: Sheet, look: Look) -> None:
    """Draw running or trail shoes."""
    cloth = look.cloth
    trail = look.trait("style") == "trail"
    accent = Cloth(look.accent, FABRICS["Rubber"])
    _opening(sheet, cloth, (146, 352), (206, 338), (276, 342), (262, 402), (194, 404))
    sheet.piece(outline((244, 372), (258, 312), (296, 310), (334, 376), (362, 430), (280, 430)), cloth.tinted(-0.1), lift=5, bulge=7, spread=9)
    upper = outline(
        (126, 334, True), (152, 352), (186, 384), (226, 390), (268, 362, True), (328, 402), (392, 440), (456, 458), (504, 484), (512, 506, True),
        (300, 514), (112, 500, True), (112, 456), (126, 400),
    )  # fmt: skip
    sheet.piece(upper, cloth, bulge=21, spread=26)
    heel = outline((126, 336, True), (154, 354), (186, 385, True), (190, 440), (226, 506, True), (112, 500, True), (112, 456), (126, 400))
    sheet.piece(heel, cloth.of("Rubber").tinted(0.16), over=True, lift=3, bulge=3, spread=6)
    toe = outline((452, 458, True), (504, 484), (512, 506, True), (404, 510, True), (440, 494), (448, 476))
    sheet.piece(toe, cloth.of("Rubber").tinted(0.16), over=True, lift=2.5, bulge=3, spread=6)
    stripe = outline((232, 498, True), (276, 452), (322, 426, True), (352, 446, True), (312, 466), (270, 506, True))
    sheet.piece(stripe, accent, over=True, lift=2, bulge=2, spread=3)
    stripe = outline((294, 506, True), (336, 466), (372, 452, True), (390, 462, True), (362, 478), (330, 508, True))
    sheet.piece(stripe, accent, over=True, lift=2, bulge=2, spread=3)
    eyestay = outline((262, 368, True), (326, 406), (388, 444, True), (376, 462), (318, 436), (250, 398, True))
    sheet.piece(eyestay, cloth.of("Rubber").tinted(0.1), over=True, lift=2, bulge=2, spread=4)
    _laces(sheet, (376, 432), (280, 364), 6, look.accent if brightness(cloth.colour) < 0.4 else _lace_colour(cloth), 7)
    sheet.line(curve([(126, 335), (152, 353), (186, 385), (226, 391), (268, 364)]), darker(cloth.colour, 0.4), 3, 0.45)
    mid: RGB = WHITE_SOLE if not trail else darker(cloth.colour, 0.5)
    sole = outline((94, 474, True), (150, 494), (300, 504), (430, 500), (520, 486, True), (528, 506), (506, 530, True), (360, 536), (240, 532), (112, 534, True), (92, 506))
    _sole(sheet, sole, mid, 9)
    sheet.line(curve([(98, 496), (180, 514), (320, 520), (520, 503)]), look.accent, 4, 0.85)
    under = outline((110, 529, True), (240, 527), (360, 531), (512, 523, True), (500, 541), (360, 545), (116, 543, True))
    _sole(sheet, under, DARK_SOLE, 2)
    if trail:
        for i in range(13):
            x = 122 + i * 29
            _sole(sheet, outline((x, 538, True), (x + 18, 538, True), (x + 15, 551, True), (x + 3, 551, True)), DARK_SOLE, 2)


def draw_heels(sheet: Sheet, look: Look) -> None:
    """Draw pumps, block heels or slingbacks."""
    cloth, style = look.cloth, look.trait("style", "stiletto")
    block = style == "block"
    sling = style == "slingback"
    under = darker(cloth.colour, 0.5) if cloth.fabric.texture != "satin" else STACK
    if block:
        heel = outline((136, 452, True), (222, 470, True), (208, 543, True), (138, 543, True))
    else:
        heel = outline((136, 446, True), (220, 470, True), (182, 492), (166, 543, True), (150, 543, True), (146, 496))
    sheet.piece(heel, cloth, lift=5, bulge=6, spread=9)
    insole = outline((150, 424), (220, 446), (320, 496), (392, 516), (360, 522), (280, 500), (190, 462))
    sheet.piece(insole, Cloth((214, 188, 156), FABRICS["Leather"]), lift=2, bulge=0)
    if sling:
        upper = outline((330, 470, True), (372, 478), (420, 484), (470, 512), (512, 534), (508, 543, True), (380, 543), (310, 520, True))
    else:
        upper = outline(
            (132, 366, True), (160, 404), (222, 452), (296, 492), (352, 500), (396, 482, True), (444, 494), (490, 524), (518, 538), (508, 544, True),
            (396, 544), (300, 506), (212, 468), (138, 456, True), (124, 412),
        )  # fmt: skip
    sole = outline((134, 452, True), (214, 464), (300, 504), (398, 540), (512, 540, True), (510, 548, True), (394, 549), (292, 514), (212, 476), (136, 462, True))
    sheet.piece(sole, Cloth(under, _RUBBER), lift=4, bulge=2, spread=4)
    sheet.piece(upper, cloth, bulge=16, spread=20)
    with sheet.within(upper):
        sheet.fold([(400, 500), (440, 512), (480, 534)], 6, 14, soft=6)
        sheet.fold([(150, 400), (170, 440), (190, 456)], 4, 14, soft=6)
    if sling:
        strap = strip([(336, 478), (270, 440), (200, 408), (150, 406), (136, 430), (142, 452)], 8)
        sheet.piece(strap, cloth, lift=4, bulge=3, spread=4)
        sheet.disc(216, 412, 5, (196, 168, 108), 2)
    else:
        sheet.line(curve([(132, 368), (160, 405), (222, 453), (296, 493), (352, 501), (396, 484)]), lighter(cloth.colour, 0.25), 1.6, 0.6)
    if block and not sling:
        strap = strip([(214, 448), (250, 400), (300, 392), (340, 412), (352, 470)], 10)
        sheet.piece(strap, cloth, lift=5, bulge=3, spread=4)
        sheet.disc(330, 404, 5.5, (196, 168, 108), 2)


def draw_flats(sheet: Sheet, look: Look) -> None:
    """Draw ballet flats or pointed flats."""
    cloth = look.cloth
    pointed = look.trait("style") == "pointed"
    toe_x = 524.0 if pointed else 500.0
    _opening(sheet, cloth, (140, 438), (230, 446), (330, 464), (398, 476), (340, 500), (200, 490))
    upper = outline(
        (132, 418, True), (170, 458), (260, 484), (340, 490), (398, 466, True), (452, 484), (toe_x - 14, 512), (toe_x, 526), (toe_x - 6, 534, True), (120, 534, True), (114, 480)
    )
    sheet.piece(upper, cloth, bulge=16, spread=20)
    with sheet.within(upper):
        sheet.fold([(410, 490), (440, 504), (470, 522)], 5, 14, soft=6)
    edge = curve([(132, 420), (170, 459), (260, 485), (340, 491), (398, 468)])
    sheet.line(edge, darker(cloth.colour, 0.3), 5, 0.6)
    sheet.line(edge, lighter(cloth.colour, 0.25), 1.3, 0.6)
    if not pointed:
        for side in (-1, 1):
            loop = outline((396, 470, True), (396 + side * 26, 456), (396 + side * 30, 474), (396 + side * 14, 480))
            sheet.piece(loop, cloth, over=True, lift=5, bulge=4, spread=5)
        sheet.disc(396, 470, 6, cloth.colour, 3)
    else:
        sheet.seam([(420, 474), (408, 504), (414, 532)], cloth, 0.7)
    _sole(sheet, outline((118, 530, True), (toe_x - 6, 530, True), (toe_x - 10, 540, True), (200, 538, True), (196, 543, True), (122, 543, True)), darker(cloth.colour, 0.5), 2)


def draw_boots(sheet: Sheet, look: Look) -> None:
    """Draw Chelsea, lace-up or knee boots."""
    cloth, style = look.cloth, look.trait("style", "chelsea")
    top = {"chelsea": 250.0, "lace-up": 216.0, "knee": 60.0}.get(style, 250.0)
    wide = 22.0 if style == "knee" else 8.0
    back, front = 134.0 - wide, 290.0 + wide
    _opening(sheet, cloth, (back + 2, top + 6), ((back + front) / 2, top - 12), (front - 2, top + 6), ((back + front) / 2, top + 24))
    if style == "lace-up":
        sheet.piece(outline((236, top - 26, True), (300, top - 22, True), (330, 360), (380, 440), (280, 440)), cloth.tinted(0.1), lift=4, bulge=5, spread=8)
    upper = outline(
        (back, top, True), ((back + front) / 2, top + 14), (front, top, True), (front - wide * 0.5, top + (380 - top) * 0.45), (292, 380), (330, 426), (420, 460), (482, 484), (502, 508), (498, 520, True),
        (120, 520, True), (118, 460), (138, 390), (back + 2, top + (380 - top) * 0.5),
    )  # fmt: skip
    sheet.piece(upper, cloth, bulge=24, spread=30)
    strength = cloth.fabric.fold
    with sheet.within(upper):
        for i in range(4):
            y = 350 + 24 * i
            sheet.fold([(150, y - 6), (220, y + 10), (300 + 10 * i, y - 8)], (5 if i % 2 else -5) * strength, 13, soft=5)
        if style == "knee":
            for i in range(3):
                sheet.fold([(back + 40 + 44 * i, top + 40), (back + 52 + 40 * i, 220), (160 + 38 * i, 340)], (5 if i % 2 else -4.5) * strength, 16, soft=7)
    _creases(sheet, upper, [(392, 476), (408, 484)], 0.9)
    if style == "chelsea":
        gore = outline((176, top + 12, True), (246, top + 12, True), (234, 380), (212, 414), (190, 380))
        sheet.piece(gore, cloth.of("Rib").tinted(0.32), over=True, lift=1, bulge=3, spread=5)
        sheet.seam([(212, 414), (260, 450), (318, 516)], cloth, 0.8)
        sheet.piece(strip([(back + 6, top + 22), (back - 4, top - 14), (back + 14, top - 18), (back + 18, top + 18)], 9), cloth.of("Canvas"), lift=3, bulge=2, spread=3)
    elif style == "lace-up":
        facing = [(front - 34, top + 12), (262, 350), (300, 430), (350, 476), (330, 518)]
        sheet.seam(facing, cloth)
        sheet.stitch([(x - 6, y) for x, y in facing], cloth, THREAD_TAN, 0.7)
        cap = [(446, 466), (426, 492), (430, 518)]
        sheet.seam(cap, cloth)
        _laces(sheet, (360, 432), (316, 400), 3, THREAD_TAN, 6, 34)
        _laces(sheet, (298, 372), (296, top + 12), 5, THREAD_TAN, 6, 30)
    else:
        sheet.seam([(212, top + 14), (216, 300), (214, 420), (230, 516)], cloth, 0.7)
    lugged = style == "lace-up"
    sole = outline((112, 512, True), (320, 518), (508, 510, True), (514, 530), (504, 537, True), (240, 537, True), (112, 530, True))
    _sole(sheet, sole, GUM if lugged and cloth.fabric.texture == "suede" else darker(cloth.colour, 0.6), 4)
    heel_top = 526.0
    _sole(sheet, outline((112, heel_top, True), (228, heel_top, True), (224, 552, True), (116, 552, True)), darker(STACK, 0.4), 3)
    if lugged:
        sheet.stitch([(120, 520), (320, 526), (508, 519)], cloth, THREAD_TAN, 0.7)
    for x in range(250, 500, 26):
        if lugged:
            _sole(sheet, outline((x, 534, True), (x + 17, 534, True), (x + 15, 551, True), (x + 2, 551, True)), DARK_SOLE, 2)



def _footbed(sheet: Sheet, cx: float, side: int, colour: RGB, fabric: str = "Leather") -> skia.Path:
    """Lay one sole seen from above, toes up; return its outline."""
    knots: list[Knot] = [(-14, 178), (34, 186), (66, 236), (68, 320), (50, 420), (52, 520), (40, 588), (0, 612), (-42, 590), (-56, 520), (-50, 430), (-66, 330), (-62, 238)]
    path = outline(*[(cx - side * k[0], k[1]) for k in knots])
    sheet.piece(path, Cloth(colour, FABRICS[fabric]), lift=9, bulge=7, spread=10)
    inner = outline(*[(cx - side * k[0] * 0.88, 395 + (k[1] - 395) * 0.95) for k in knots])
    sheet.line(inner, darker(colour, 0.5), 1.4, 0.5)
    with sheet.within(path):  # where the foot presses
        sheet.fold([(cx - side * 2, 540), (cx, 560), (cx + side * 2, 575)], -7, 56, start=40, end=40, soft=14)
        sheet.fold([(cx - side * 6, 250), (cx - side * 4, 290), (cx, 330)], -6, 84, start=60, end=60, soft=16)
    return path


def draw_sandals(sheet: Sheet, look: Look) -> None:
    """Draw a pair of sandals or slides from above."""
    cloth = look.cloth
    slide = look.trait("style") == "slide"
    bed: RGB = (196, 160, 118) if cloth.fabric.texture != "plain" else darker(cloth.colour, 0.2)
    for cx, side in ((198.0, 1), (402.0, -1)):
        _footbed(sheet, cx, side, bed, "Leather" if cloth.fabric.texture != "plain" else "Rubber")
        if slide:
            band = outline((cx - 78, 262, True), (cx - 30, 240), (cx + 30, 240), (cx + 78, 262, True), (cx + 70, 372, True), (cx + 24, 350), (cx - 24, 350), (cx - 70, 372, True))
            sheet.piece(band, cloth, lift=22, bulge=14, spread=16)
            for y in (250, 356):
                sheet.stitch([(cx - 70, y + 18), (cx, y + 1), (cx + 70, y + 18)], cloth, alpha=0.5)
            continue
        straps: list[Points] = [
            [(cx - 74, 286), (cx - 20, 258), (cx + 30, 262), (cx + 74, 290)],
            [(cx - 74, 350), (cx - 10, 316), (cx + 40, 318), (cx + 70, 346)],
            [(cx - 62, 520), (cx - 48, 468), (cx, 452), (cx + 48, 468), (cx + 62, 520)],
        ]
        for i, knots in enumerate(straps):
            sheet.piece(strip(knots, 26 if i < 2 else 20), cloth, grain=90, lift=20, bulge=7, spread=7)
            sheet.stitch([(x, y - 8) for x, y in knots[1:-1]], cloth, alpha=0.4)
        buckle = rectangle(cx - side * 40 - 12, 452, cx - side * 40 + 12, 480, 4)
        sheet.line(buckle, (190, 164, 110), 4)


def draw_flip_flops(sheet: Sheet, look: Look) -> None:
    """Draw a pair of flip-flops from above."""
    cloth = look.cloth
    for cx, side in ((198.0, 1), (402.0, -1)):
        path = _footbed(sheet, cx, side, cloth.colour, "Rubber")
        with sheet.within(path):
            for y in range(200, 600, 12):
                sheet.line(curve([(cx - 70, y), (cx, y + 3), (cx + 70, y)]), darker(cloth.colour, 0.4), 1.2, 0.22)
        toe = (cx + side * 4, 262.0)
        accent = Cloth(look.accent, FABRICS["Rubber"])
        for end in ((cx - 68.0, 402.0), (cx + 66.0, 402.0)):
            bow = (toe[0] + (end[0] - toe[0]) * 0.62, toe[1] + (end[1] - toe[1]) * 0.36)
            sheet.piece(strip([toe, bow, end], 19), accent, lift=18, bulge=8, spread=7)
        sheet.disc(*toe, 10, look.accent, 8)


DRAWERS: dict[str, Drawer] = {
    "Casual Shoes": draw_casual,
    "Formal Shoes": draw_formal,
    "Sports Shoes": draw_sports,
    "Heels": draw_heels,
    "Flats": draw_flats,
    "Boots": draw_boots,
    "Sandals": draw_sandals,
    "Flip Flops": draw_flip_flops,
}

FROM_ABOVE: frozenset[str] = frozenset({"Sandals", "Flip Flops"})


def as_pair(draw: Callable[[Sheet, Look], None]) -> Drawer:
    """Return a drawer that stands a second shoe behind the first."""

    def both(sheet: Sheet, look: Look) -> None:
        with sheet.moved(42, -78, 0.96):
            draw(sheet, look)
        with sheet.moved(-14, 44, 1.0):
            draw(sheet, look)

    return both
