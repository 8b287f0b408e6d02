"""Formal shoes, heels, flats and boots, from the side."""

# Outlines are rows of knots; the formatter would give every knot a line of its own.
# fmt: off

from catalog.drawing.fabric import FABRICS
from catalog.drawing.garment import Drawer, Look
from catalog.drawing.palette import darker, lighter
from catalog.drawing.patterns import ink
from catalog.drawing.shapes import along, curve, outline, strip
from catalog.drawing.sheet import Cloth, Sheet
from catalog.drawing.shoes import (
    DARK_SOLE,
    GUM,
    STACK,
    THREAD_TAN,
    lay_laces,
    lay_opening,
    lay_sole,
    toe_creases,
)


def draw_formal(sheet: Sheet, look: Look) -> None:
    """Draw derby shoes, brogues or loafers."""
    cloth, style = look.cloth, look.trait("style", "derby")
    loafer = style == "loafer"
    lay_opening(sheet, cloth, (142, 404), (206, 392), (286, 398), (270, 430), (196, 436))
    if not loafer:
        sheet.piece(
            outline((250, 410), (272, 382), (298, 378), (338, 416), (360, 450), (280, 446)),
            cloth.tinted(0.1), lift=4, bulge=5, spread=8,
        )
    upper = outline(
        (122, 406), (136, 392), (180, 424), (234, 430),
        (282, 412 if not loafer else 424, True), (350, 438), (424, 462), (488, 480), (514, 502), (510, 518, True),
        (320, 516), (230, 508), (120, 512, True), (114, 466),
    )
    sheet.piece(upper, cloth, bulge=19, spread=24)
    toe_creases(sheet, upper, [(392, 482), (376, 478)], 0.7)
    if loafer:
        apron = [
            (288, 426), (350, 452), (420, 472), (484, 488), (470, 502), (396, 498), (320, 478), (284, 446),
        ]
        sheet.seam(apron, cloth, 1.2)
        saddle = outline((286, 424, True), (338, 440, True), (322, 512, True), (262, 510, True), (266, 460))
        sheet.piece(saddle, cloth, over=True, lift=4, bulge=3, spread=5)
        sheet.line(curve([(290, 460), (302, 464), (314, 466)]), darker(cloth.colour, 0.7), 5, 0.7)
        sheet.stitch([(283, 430), (271, 464), (268, 506)], cloth, alpha=0.5)
    else:
        quarter = outline(
            (282, 413, True), (330, 436), (358, 462, True), (320, 484), (268, 509, True), (230, 508),
            (120, 512, True), (114, 466), (122, 406), (136, 392), (180, 424), (234, 430),
        )
        sheet.piece(quarter, cloth, over=True, lift=3, bulge=4, spread=6)
        cap = [(448, 470), (428, 494), (432, 516)]
        sheet.seam(cap, cloth)
        if style == "brogue":
            wing = [(352, 500), (400, 494), (424, 480), (440, 470)]
            sheet.seam(wing, cloth)
            hole = ink(darker(cloth.colour, 0.75))
            for line in (wing, cap, [(304, 432), (336, 456), (304, 488), (266, 504)]):
                for i in range(12):
                    x, y = along(
                        line[min(int(i / 12 * (len(line) - 1)), len(line) - 2)],
                        line[min(int(i / 12 * (len(line) - 1)) + 1, len(line) - 1)],
                        (i / 12 * (len(line) - 1)) % 1,
                    )
                    sheet.canvas.drawCircle(x - 3, y + 5, 1.9, hole)
            for dx, dy in ((0, 0), (9, 5), (-8, 5), (0, 10), (10, -6), (-9, -4), (0, -10)):
                sheet.canvas.drawCircle(476 + dx, 496 + dy * 0.8, 1.8, hole)
        else:
            sheet.stitch([(x - 5, y) for x, y in cap], cloth, alpha=0.5)
        sheet.seam([(196, 428), (186, 474), (196, 510)], cloth, 0.7)
        lay_laces(sheet, (346, 442), (294, 412), 4, darker(cloth.colour, 0.55), 6, 28)
    sheet.line(
        curve([(136, 393), (180, 425), (234, 431), (282, 414 if not loafer else 425)]),
        darker(cloth.colour, 0.5), 3, 0.6,
    )
    sole = outline(
        (114, 506, True), (230, 504), (330, 516), (514, 510, True), (518, 522), (506, 531, True),
        (330, 531, True), (236, 520), (114, 520, True),
    )
    lay_sole(sheet, sole, darker(cloth.colour, 0.55), 3)
    sheet.stitch([(240, 510), (340, 520), (512, 514)], cloth, (196, 170, 130), 0.5)
    heel = outline((114, 516, True), (222, 516, True), (218, 541, True), (116, 541, True))
    lay_sole(sheet, heel, darker(STACK, 0.35), 3)
    for y in (524, 532):
        sheet.line(curve([(116, y), (220, y)]), (20, 14, 10), 1, 0.5)


def draw_heels(sheet: Sheet, look: Look) -> None:
    """Draw pumps, block heels or slingbacks."""
    cloth, style = look.cloth, look.trait("style", "stiletto")
    block = style == "block"
    sling = style == "slingback"
    under = darker(cloth.colour, 0.5) if cloth.fabric.texture != "satin" else STACK
    if block:
        heel = outline((136, 452, True), (222, 470, True), (208, 543, True), (138, 543, True))
    else:
        heel = outline(
            (132, 440, True), (206, 464, True), (166, 478), (149, 543, True), (139, 543, True), (137, 488),
        )
    sheet.piece(heel, cloth, lift=5, bulge=6, spread=9)
    insole = outline((150, 424), (220, 446), (320, 496), (392, 516), (360, 522), (280, 500), (190, 462))
    sheet.piece(insole, Cloth((214, 188, 156), FABRICS["Leather"]), lift=2, bulge=0)
    if sling:
        upper = outline(
            (330, 470, True), (372, 478), (420, 484), (470, 512), (512, 534), (508, 543, True), (380, 543),
            (310, 520, True),
        )
    else:
        upper = outline(
            (124, 372), (136, 360), (166, 402), (228, 452), (300, 490), (352, 498),
            (396, 480, True), (444, 490), (488, 518), (516, 536), (508, 544, True),
            (396, 544), (300, 506), (212, 468), (134, 456, True), (120, 414),
        )
    sole = outline(
        (134, 452, True), (214, 464), (300, 504), (398, 540), (512, 540, True), (510, 548, True),
        (394, 549), (292, 514), (212, 476), (136, 462, True),
    )
    sheet.piece(sole, Cloth(under, FABRICS["Rubber"]), lift=4, bulge=2, spread=4)
    sheet.piece(upper, cloth, bulge=16, spread=20)
    with sheet.within(upper):
        sheet.fold([(400, 500), (440, 512), (480, 534)], 6, 14, soft=6)
        sheet.fold([(150, 400), (170, 440), (190, 456)], 4, 14, soft=6)
    if sling:
        strap = strip([(336, 478), (270, 440), (200, 408), (150, 406), (136, 430), (142, 452)], 8)
        sheet.piece(strap, cloth, lift=4, bulge=3, spread=4)
        sheet.disc(216, 412, 5, (196, 168, 108), 2)
    else:
        sheet.line(
            curve([(136, 362), (166, 403), (228, 453), (300, 491), (352, 499), (396, 482)]),
            lighter(cloth.colour, 0.25), 1.6, 0.6,
        )
    if block and not sling:
        strap = strip([(250, 470), (276, 436), (318, 432), (352, 494)], 12)
        sheet.piece(strap, cloth, lift=5, bulge=3, spread=4)
        sheet.disc(286, 438, 5.5, (196, 168, 108), 2)


def draw_flats(sheet: Sheet, look: Look) -> None:
    """Draw ballet flats or pointed flats."""
    cloth = look.cloth
    pointed = look.trait("style") == "pointed"
    toe_x = 524.0 if pointed else 500.0
    lay_opening(sheet, cloth, (138, 440), (230, 446), (330, 462), (398, 474), (340, 500), (200, 490))
    upper = outline(
        (118, 434), (132, 424), (172, 460), (260, 484), (340, 490), (398, 464, True), (452, 476), (toe_x - 18, 502),
        (toe_x, 522), (toe_x - 6, 534, True), (118, 534, True), (112, 486)
    )
    sheet.piece(upper, cloth, bulge=16, spread=20)
    with sheet.within(upper):
        sheet.fold([(410, 490), (440, 504), (470, 522)], 5, 14, soft=6)
    edge = curve([(132, 425), (172, 461), (260, 485), (340, 491), (398, 466)])
    sheet.line(edge, darker(cloth.colour, 0.3), 5, 0.6)
    sheet.line(edge, lighter(cloth.colour, 0.25), 1.3, 0.6)
    if not pointed:
        for side in (-1, 1):
            loop = outline(
                (396, 470, True), (396 + side * 26, 456), (396 + side * 30, 474), (396 + side * 14, 480),
            )
            sheet.piece(loop, cloth, over=True, lift=5, bulge=4, spread=5)
        sheet.disc(396, 470, 6, cloth.colour, 3)
    else:
        sheet.seam([(420, 474), (408, 504), (414, 532)], cloth, 0.7)
    lay_sole(
        sheet,
        outline(
            (118, 530, True), (toe_x - 6, 530, True), (toe_x - 10, 540, True), (200, 538, True),
            (196, 543, True), (122, 543, True),
        ),
        darker(cloth.colour, 0.5), 2,
    )


def draw_boots(sheet: Sheet, look: Look) -> None:
    """Draw Chelsea, lace-up or knee boots."""
    cloth, style = look.cloth, look.trait("style", "chelsea")
    top = {"chelsea": 250.0, "lace-up": 216.0, "knee": 60.0}.get(style, 250.0)
    wide = 22.0 if style == "knee" else 8.0
    back, front = 134.0 - wide, 290.0 + wide
    lay_opening(
        sheet, cloth, (back + 2, top + 6), ((back + front) / 2, top - 12), (front - 2, top + 6),
        ((back + front) / 2, top + 24),
    )
    if style == "lace-up":
        sheet.piece(
            outline((236, top - 26, True), (300, top - 22, True), (330, 360), (380, 440), (280, 440)),
            cloth.tinted(0.1), lift=4, bulge=5, spread=8,
        )
    upper = outline(
        (back, top, True), ((back + front) / 2, top + 14), (front, top, True), (
            front - wide * 0.5, top + (380 - top) * 0.45,
        ), (292, 380), (330, 426), (420, 460), (482, 484), (502, 508), (498, 520, True),
        (120, 520, True), (118, 460), (138, 390), (back + 2, top + (380 - top) * 0.5),
    )
    sheet.piece(upper, cloth, bulge=24, spread=30)
    strength = cloth.fabric.fold
    with sheet.within(upper):
        for i in range(4):
            y = 350 + 24 * i
            sheet.fold(
                [(150, y - 6), (220, y + 10), (300 + 10 * i, y - 8)], (5 if i % 2 else -5) * strength, 13,
                soft=5,
            )
        if style == "knee":
            for i in range(3):
                sheet.fold(
                    [(back + 40 + 44 * i, top + 40), (back + 52 + 40 * i, 220), (160 + 38 * i, 340)],
                    (5 if i % 2 else -4.5) * strength, 16, soft=7,
                )
    toe_creases(sheet, upper, [(392, 476), (408, 484)], 0.9)
    if style == "chelsea":
        gore = outline((176, top + 12, True), (246, top + 12, True), (234, 380), (212, 414), (190, 380))
        sheet.piece(gore, cloth.of("Rib").tinted(0.32), over=True, lift=1, bulge=3, spread=5)
        sheet.seam([(212, 414), (260, 450), (318, 516)], cloth, 0.8)
        sheet.piece(
            strip(
                [(back + 6, top + 22), (back - 4, top - 14), (back + 14, top - 18), (back + 18, top + 18)],
                9,
            ),
            cloth.of("Canvas"), lift=3, bulge=2, spread=3,
        )
    elif style == "lace-up":
        facing = [(front - 34, top + 12), (262, 350), (300, 430), (350, 476), (330, 518)]
        sheet.seam(facing, cloth)
        sheet.stitch([(x - 6, y) for x, y in facing], cloth, THREAD_TAN, 0.7)
        cap = [(446, 466), (426, 492), (430, 518)]
        sheet.seam(cap, cloth)
        lay_laces(sheet, (360, 432), (316, 400), 3, THREAD_TAN, 6, 34)
        lay_laces(sheet, (298, 372), (296, top + 12), 5, THREAD_TAN, 6, 30)
    else:
        sheet.seam([(212, top + 14), (216, 300), (214, 420), (230, 516)], cloth, 0.7)
    lugged = style == "lace-up"
    sole = outline(
        (112, 512, True), (320, 518), (508, 510, True), (514, 530), (504, 537, True), (240, 537, True),
        (112, 530, True),
    )
    lay_sole(sheet, sole, GUM if lugged and cloth.fabric.texture == "suede" else darker(cloth.colour, 0.6), 4)
    heel_top = 526.0
    lay_sole(
        sheet, outline((112, heel_top, True), (228, heel_top, True), (224, 552, True), (116, 552, True)),
        darker(STACK, 0.4), 3,
    )
    if lugged:
        sheet.stitch([(120, 520), (320, 526), (508, 519)], cloth, THREAD_TAN, 0.7)
    for x in range(250, 500, 26):
        if lugged:
            lay_sole(
                sheet,
                outline((x, 534, True), (x + 17, 534, True), (x + 15, 547, True), (x + 2, 547, True)),
                DARK_SOLE, 2,
            )


DRAWERS: dict[str, Drawer] = {
    "Formal Shoes": draw_formal,
    "Heels": draw_heels,
    "Flats": draw_flats,
    "Boots": draw_boots,
}
