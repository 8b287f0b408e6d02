"""Shoes, from the side (toe to the right) and as a pair. The ground is at y = 540."""

# Outlines are rows of knots; the formatter would give every knot a line of its own.
# fmt: off

from collections.abc import Callable
from contextlib import AbstractContextManager

import skia

from catalog.drawing.fabric import FABRICS
from catalog.drawing.garment import Drawer, Look
from catalog.drawing.palette import RGB, brightness, darker
from catalog.drawing.patterns import ink
from catalog.drawing.shapes import HEIGHT, Knot, along, curve, ellipse, outline, rectangle, strip
from catalog.drawing.sheet import Cloth, Sheet

Points = list[tuple[float, float]]

GUM: RGB = (186, 142, 96)
WHITE_SOLE: RGB = (240, 237, 229)
DARK_SOLE: RGB = (44, 38, 36)
GROUND = 540.0  # y
STACK: RGB = (92, 64, 46)
THREAD_TAN: RGB = (206, 174, 120)

_RUBBER = FABRICS["Rubber"]


def lay_sole(sheet: Sheet, path: skia.Path, colour: RGB, bulge: float = 5.0) -> None:
    sheet.piece(path, Cloth(colour, _RUBBER), lift=6, bulge=bulge, spread=8)


def lay_laces(
    sheet: Sheet, a: tuple[float, float], b: tuple[float, float], n: int, colour: RGB, width: float = 8.0,
    reach: float = 34.0,
) -> None:
    """Lace the shoe between ``a`` (low) and ``b`` (high): bars across the tongue that vanish under the eyelets."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = (dx * dx + dy * dy) ** 0.5
    nx, ny = -dy / length, dx / length
    if ny < 0:
        nx, ny = -nx, -ny
    for i in range(n):
        x, y = along(a, b, i / max(1, n - 1))
        bar = strip(
            [
                (x - nx * reach * 0.25, y - ny * reach * 0.25),
                (x + nx * reach * 0.4 + 3, y + ny * reach * 0.3), (x + nx * reach, y + ny * reach),
            ],
            width,
        )
        sheet.piece(bar, Cloth(colour, FABRICS["Cotton"]), over=True, lift=3.5, bulge=3, spread=3, edge=0.45)
        sheet.disc(
            x + nx * reach, y + ny * reach, 3.2,
            darker(colour, 0.45) if brightness(colour) > 0.5 else (150, 146, 140), 1,
        )


def _lace_colour(cloth: Cloth) -> RGB:
    pale = brightness(cloth.colour) > 0.55 or cloth.fabric.texture in ("linen", "mesh")
    return (242, 239, 232) if pale else darker(cloth.colour, 0.45)


def toe_creases(sheet: Sheet, path: skia.Path, at: Points, strength: float) -> None:
    """Crease the leather where the toes bend."""
    with sheet.within(path):
        for i, (x, y) in enumerate(at):
            sheet.fold(
                [(x - 4, y - 26), (x + 3, y), (x - 2, y + 24)], (3.6 if i % 2 else -4.2) * strength, 9,
                soft=4,
            )


def lay_opening(sheet: Sheet, cloth: Cloth, *knots: Knot) -> None:
    """Lay the lining that shows inside the collar."""
    lining = Cloth(
        darker(cloth.colour, 0.5) if brightness(cloth.colour) < 0.75 else (206, 198, 184),
        FABRICS["Cotton"],
    )
    sheet.piece(outline(*knots), lining, lift=1, bulge=0)


def _sneaker(sheet: Sheet, look: Look, style: str) -> None:
    cloth = look.cloth
    high = style == "high-top"
    accent = Cloth(look.accent, cloth.fabric)
    rise = 110.0 if high else 0.0
    lay_opening(
        sheet, cloth, (140, 382 - rise), (206, 362 - rise), (282, 362 - rise), (262, 420 - rise),
        (190, 424 - rise),
    )
    tongue = outline(
        (250, 392 - rise), (264, 350 - rise), (296, 338 - rise), (324, 378 - rise * 0.6), (352, 436),
        (280, 436),
    )
    sheet.piece(tongue, cloth.tinted(-0.06), lift=5, bulge=6, spread=8)
    upper = outline(
        (124, 380 - rise), (138, 366 - rise), (164, 386 - rise), (206, 408 - rise), (250, 402 - rise),
        (280, 384 - rise * 0.96, True),
       
        (334, 416 - rise * 0.28), (396, 450), (452, 462), (490, 484), (498, 516, True), (300, 518), (120, 516, True),
        (114, 470), (119, 420 - rise * 0.5),
    )
    sheet.piece(upper, cloth, bulge=20, spread=24)
    toe_creases(sheet, upper, [(398, 474), (414, 480), (382, 470)], cloth.fabric.fold)
    eyestay = outline(
        (274, 388 - rise * 0.96, True), (330, 420 - rise * 0.26), (390, 456, True), (368, 478),
        (316, 450 - rise * 0.14), (258, 420 - rise * 0.9, True),
    )
    if style != "slip-on":
        sheet.piece(eyestay, cloth, over=True, lift=2.5, bulge=2, spread=4)
        sheet.stitch([(264, 418 - rise * 0.88), (316, 444 - rise * 0.16), (364, 472)], cloth, alpha=0.6)
    if style in ("canvas", "high-top"):
        cap = outline(
            (430, 456, True), (470, 470), (498, 496), (500, 518, True), (424, 518, True), (418, 484),
        )
        sheet.piece(cap, Cloth(WHITE_SOLE, _RUBBER), over=True, lift=3, bulge=5, spread=8)
        sheet.seam([(196, 516), (214, 464), (250, 416 - rise * 0.9)], cloth, 0.8)
        if high:
            sheet.disc(200, 400, 23, WHITE_SOLE, 2)
            sheet.line(
                ellipse(200, 400, 18, 18), look.accent if brightness(look.accent) < 0.7 else cloth.colour,
                2.4,
            )
    else:
        toe = [(440, 464), (424, 492), (426, 516)]
        sheet.seam(toe, cloth, 0.8)
        sheet.stitch([(x - 5, y) for x, y in toe], cloth, alpha=0.5)
        heel = outline(
            (124, 382), (138, 367), (164, 387, True), (172, 440), (160, 516, True), (120, 516, True),
            (114, 470), (119, 420),
        )
        if style == "court":
            sheet.piece(heel, accent, over=True, lift=2.5, bulge=2, spread=4)
            sheet.seam([(176, 470), (250, 448), (330, 470)], cloth, 0.6)
            for i in range(3):
                sheet.canvas.drawCircle(420 + i * 14, 478 + i * 5, 1.8, ink(darker(cloth.colour, 0.5)))
        elif style == "slip-on":
            gore = outline((272, 388, True), (330, 416, True), (328, 452), (300, 456), (268, 430))
            sheet.piece(gore, cloth.of("Rib").tinted(0.3), over=True, lift=1.5, bulge=2, spread=4)
    sheet.line(
        curve(
            [(138, 367 - rise), (164, 387 - rise), (206, 409 - rise), (250, 403 - rise), (280, 385 - rise)]
        ),
        darker(cloth.colour, 0.4), 3, 0.5,
    )
    if style != "slip-on":
        lay_laces(sheet, (378, 442), (290, 378 - rise * 0.94), 7 if high else 5, _lace_colour(cloth))
    sole_colour = GUM if cloth.fabric.texture == "suede" else WHITE_SOLE
    sole = outline(
        (112, 500, True), (300, 512), (460, 506), (504, 500, True), (508, 528), (490, 541, True),
        (130, 541, True), (110, 528),
    )
    lay_sole(sheet, sole, sole_colour)
    sheet.line(
        curve([(112, 515), (300, 525), (506, 513)]),
        look.accent if style in ("canvas", "high-top") else darker(sole_colour, 0.3),
        3 if style in ("canvas", "high-top") else 1.4, 0.75,
    )


def _boat(sheet: Sheet, look: Look) -> None:
    cloth = look.cloth
    lay_opening(sheet, cloth, (140, 392), (214, 378), (300, 386), (290, 428), (200, 430))
    upper = outline(
        (122, 402), (136, 388), (186, 418), (262, 428), (318, 410, True), (382, 440), (452, 464),
        (494, 492), (498, 518, True), (122, 518, True), (116, 460),
    )
    sheet.piece(upper, cloth, bulge=17, spread=22)
    toe_creases(sheet, upper, [(380, 480), (366, 474)], 0.9)
    apron = [(318, 410), (372, 452), (430, 470), (470, 478), (462, 498), (400, 494), (330, 474), (296, 430)]
    sheet.seam(apron, cloth)
    sheet.stitch([(x, y + 5) for x, y in apron[:5]], cloth, (232, 222, 200), 0.8)
    lace: RGB = (222, 200, 164)
    for y, dy in ((430, 0), (432, 3)):
        sheet.line(curve([(146, y + dy), (200, y + 18), (270, y + 14), (306, y - 8)]), darker(lace, 0.2), 4.5)
    lay_laces(sheet, (372, 446), (330, 418), 3, lace)
    sole = outline(
        (114, 506, True), (300, 516), (504, 508, True), (504, 532), (488, 541, True), (128, 541, True),
        (112, 530),
    )
    lay_sole(sheet, sole, WHITE_SOLE, 4)
    sheet.line(curve([(114, 522), (300, 528), (504, 522)]), (150, 140, 122), 1.2, 0.6)


def draw_casual(sheet: Sheet, look: Look) -> None:
    """Draw sneakers, slip-ons or boat shoes."""
    style = look.trait("style", "court")
    with _lowered(sheet, 1.0 if style == "high-top" else 0.87):
        if style == "boat":
            _boat(sheet, look)
        else:
            _sneaker(sheet, look, style)


def _lowered(sheet: Sheet, stretch: float) -> AbstractContextManager[None]:
    """Squash what follows towards the ground: a low shoe is about two and a half times as long as tall."""
    return sheet.moved(0, (GROUND - HEIGHT / 2) * (1 - stretch), stretch=stretch)


def draw_sports(sheet: Sheet, look: Look) -> None:
    """Draw running or trail shoes."""
    with _lowered(sheet, 0.88):
        _runner(sheet, look)


def _runner(sheet: Sheet, look: Look) -> None:
    cloth = look.cloth
    trail = look.trait("style") == "trail"
    accent = Cloth(look.accent, FABRICS["Rubber"])
    lay_opening(sheet, cloth, (140, 366), (206, 352), (276, 356), (262, 410), (194, 414))
    sheet.piece(
        outline((244, 388), (256, 340), (288, 330), (330, 386), (362, 434), (280, 434)), cloth.tinted(-0.1),
        lift=5, bulge=7, spread=9,
    )
    upper = outline(
        (114, 364), (126, 346), (150, 366), (184, 396), (226, 400),
        (268, 376, True), (330, 412), (394, 444), (456, 458), (504, 484), (514, 506, True),
        (300, 514), (110, 500, True), (110, 456), (117, 410),
    )
    sheet.piece(upper, cloth, bulge=21, spread=26)
    heel = outline(
        (114, 366), (126, 347), (150, 366), (184, 397, True), (190, 446), (226, 506, True),
        (110, 500, True), (110, 456), (117, 410),
    )
    sheet.piece(heel, cloth.of("Rubber").tinted(0.16), over=True, lift=3, bulge=3, spread=6)
    toe = outline((452, 458, True), (504, 484), (512, 506, True), (404, 510, True), (440, 494), (448, 476))
    sheet.piece(toe, cloth.of("Rubber").tinted(0.16), over=True, lift=2.5, bulge=3, spread=6)
    stripe = outline(
        (232, 498, True), (276, 452), (322, 426, True), (352, 446, True), (312, 466), (270, 506, True),
    )
    sheet.piece(stripe, accent, over=True, lift=2, bulge=2, spread=3)
    stripe = outline(
        (294, 506, True), (336, 466), (372, 452, True), (390, 462, True), (362, 478), (330, 508, True),
    )
    sheet.piece(stripe, accent, over=True, lift=2, bulge=2, spread=3)
    eyestay = outline(
        (262, 381, True), (328, 415), (390, 448, True), (376, 466), (318, 444), (250, 410, True),
    )
    sheet.piece(eyestay, cloth.of("Rubber").tinted(0.1), over=True, lift=2, bulge=2, spread=4)
    lay_laces(
        sheet, (380, 438), (282, 378), 6,
        look.accent if brightness(cloth.colour) < 0.4 else _lace_colour(cloth), 7,
    )
    sheet.line(
        curve([(126, 347), (150, 367), (184, 397), (226, 401), (268, 378)]), darker(cloth.colour, 0.4), 3,
        0.45,
    )
    mid: RGB = WHITE_SOLE if not trail else darker(cloth.colour, 0.5)
    sole = outline(
        (98, 482), (112, 480), (160, 496), (300, 505), (430, 501), (512, 488), (524, 492), (526, 508),
        (506, 530, True), (360, 536), (240, 532), (112, 534, True), (94, 508),
    )
    lay_sole(sheet, sole, mid, 9)
    sheet.line(curve([(98, 496), (180, 514), (320, 520), (520, 503)]), look.accent, 4, 0.85)
    under = outline(
        (110, 529, True), (240, 527), (360, 531), (512, 523, True), (500, 541), (360, 545),
        (116, 543, True),
    )
    lay_sole(sheet, under, DARK_SOLE, 2)
    if trail:
        for i in range(13):
            x = 122 + i * 29
            lay_sole(
                sheet,
                outline((x, 538, True), (x + 18, 538, True), (x + 15, 547, True), (x + 3, 547, True)),
                DARK_SOLE, 2,
            )


def _footbed(sheet: Sheet, cx: float, side: int, colour: RGB, fabric: str = "Leather") -> skia.Path:
    """Lay one sole seen from above, toes up; return its outline."""
    knots: list[Knot] = [
        (-14, 178), (34, 186), (66, 236), (68, 320), (50, 420), (52, 520), (40, 588), (0, 612), (-42, 590),
        (-56, 520), (-50, 430), (-66, 330), (-62, 238),
    ]
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
            band = outline(
                (cx - 78, 262, True), (cx - 30, 240), (cx + 30, 240), (cx + 78, 262, True),
                (cx + 70, 372, True), (cx + 24, 350), (cx - 24, 350), (cx - 70, 372, True),
            )
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
                sheet.line(
                    curve([(cx - 70, y), (cx, y + 3), (cx + 70, y)]), darker(cloth.colour, 0.4), 1.2, 0.22,
                )
        toe = (cx + side * 4, 262.0)
        accent = Cloth(look.accent, FABRICS["Rubber"])
        for end in ((cx - 68.0, 402.0), (cx + 66.0, 402.0)):
            bow = (toe[0] + (end[0] - toe[0]) * 0.62, toe[1] + (end[1] - toe[1]) * 0.36)
            sheet.piece(strip([toe, bow, end], 19), accent, lift=18, bulge=8, spread=7)
        sheet.disc(*toe, 10, look.accent, 8)


DRAWERS: dict[str, Drawer] = {
    "Casual Shoes": draw_casual,
    "Sports Shoes": draw_sports,
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
