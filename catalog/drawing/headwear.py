"""Caps and hats."""

# Outlines are rows of knots; the formatter would give every knot a line of its own.
# fmt: off

from catalog.drawing.fabric import FABRICS
from catalog.drawing.garment import Drawer, Look
from catalog.drawing.palette import darker
from catalog.drawing.shapes import MIDDLE, curve, ellipse, mirrored, outline, rectangle
from catalog.drawing.sheet import Cloth, Sheet


def draw_cap(sheet: Sheet, look: Look) -> None:
    """Draw a baseball cap or a beanie."""
    cloth = look.cloth
    if look.trait("style") == "beanie":
        dome = mirrored(
            (MIDDLE, 250), (MIDDLE + 92, 274), (MIDDLE + 150, 372), (MIDDLE + 158, 486, True),
            (MIDDLE, 494),
        )
        sheet.piece(dome, cloth, bulge=26, spread=36)
        with sheet.within(dome):
            for i in range(7):
                x = MIDDLE + (i - 3) * 40
                sheet.fold(
                    [(MIDDLE + (i - 3) * 7, 256), (MIDDLE + (i - 3) * 28, 330), (x, 490)],
                    5 if i % 2 else -4, 14, soft=6,
                )
        cuff = mirrored(
            (MIDDLE, 452), (MIDDLE + 120, 446), (MIDDLE + 162, 438, True), (MIDDLE + 166, 540, True),
            (MIDDLE + 90, 553), (MIDDLE, 556),
        )
        sheet.piece(cuff, cloth.of("Rib"), over=True, lift=8, bulge=10, spread=14)
        sheet.piece(
            rectangle(MIDDLE + 52, 490, MIDDLE + 92, 516, 2), Cloth((214, 196, 162), FABRICS["Leather"]),
            over=True, lift=2, bulge=1, spread=2,
        )
        return
    crown = outline(
        (118, 470, True), (122, 370), (176, 286), (268, 252), (360, 280), (418, 370), (428, 462, True),
        (280, 486),
    )
    sheet.piece(crown, cloth, bulge=26, spread=34)
    for knots in ([(268, 252), (196, 330), (176, 476)], [(268, 252), (330, 340), (342, 478)]):
        sheet.seam(knots, cloth, 0.9)
        sheet.stitch([(x + 6, y + 2) for x, y in knots], cloth, alpha=0.5)
    for x, y in ((222, 340), (318, 340), (150, 380)):
        sheet.disc(x, y, 5, darker(cloth.colour, 0.25), -1)
    sheet.disc(268, 253, 9, cloth.colour, 4)
    mark = look.accent
    sheet.line(ellipse(262, 412, 25, 25), mark, 4)
    sheet.line(curve([(248, 422), (262, 398), (276, 422)]), mark, 4)
    brim = outline(
        (120, 462, True), (240, 486), (360, 480), (430, 452, True), (520, 496), (540, 536), (470, 548),
        (330, 522), (210, 512),
    )
    sheet.piece(brim, cloth.plain(), over=False, lift=10, bulge=12, spread=16, edge=0.4)
    for i in range(4):
        d = 12.0 * i
        sheet.stitch(
            [
                (250, 494 + d * 0.3), (370, 494 + d * 0.7), (440 + d * 0.9, 474 + d * 1.1),
                (500 - d * 0.1, 506 + d * 0.5),
            ],
            cloth, alpha=0.42,
        )


def draw_hat(sheet: Sheet, look: Look) -> None:
    """Draw a fedora, a wide straw hat or a bucket hat."""
    cloth, style = look.cloth, look.trait("style", "fedora")
    band = Cloth(
        darker(look.accent, 0.1) if style == "wide" else darker(cloth.colour, 0.55), FABRICS["Satin"],
    )
    if style == "bucket":
        brim = mirrored(
            (MIDDLE, 430), (MIDDLE + 126, 428), (MIDDLE + 196, 540), (MIDDLE + 190, 560),
            (MIDDLE + 90, 590), (MIDDLE, 596),
        )
        crown = mirrored(
            (MIDDLE, 256), (MIDDLE + 96, 266), (MIDDLE + 118, 300), (MIDDLE + 134, 452, True),
            (MIDDLE + 60, 474), (MIDDLE, 478),
        )
        sheet.piece(brim, cloth, bulge=14, spread=20)
        for i in range(5):
            d = 20.0 * i
            sheet.stitch(
                [(MIDDLE - 140 - d * 0.5, 468 + d), (MIDDLE, 492 + d), (MIDDLE + 140 + d * 0.5, 468 + d)],
                cloth, alpha=0.45,
            )
        sheet.piece(crown, cloth, lift=8, bulge=18, spread=26)
        sheet.stitch([(MIDDLE - 108, 300), (MIDDLE, 314), (MIDDLE + 108, 300)], cloth, alpha=0.5)
        for x in (-34.0, 34.0):
            sheet.disc(MIDDLE + x, 380, 5, darker(cloth.colour, 0.35), 0)
        return
    wide = style == "wide"
    reach = 252.0 if wide else 206.0
    brim = mirrored(
        (MIDDLE, 440), (MIDDLE + reach * 0.6, 446), (MIDDLE + reach - 6, 484 if wide else 458),
        (MIDDLE + reach, 496 if wide else 474), (MIDDLE + reach * 0.66, 548), (MIDDLE, 566),
    )
    sheet.piece(brim, cloth, bulge=8, spread=16)
    with sheet.within(brim):
        if wide:
            for i in range(1, 6):
                sheet.line(
                    ellipse(MIDDLE, 496, reach - i * 20, 70 - i * 8), darker(cloth.colour, 0.5), 2, 0.3,
                )
        sheet.fold([(MIDDLE - reach, 500), (MIDDLE, 560), (MIDDLE + reach, 500)], 8, 16, soft=7)
    if wide:
        crown = mirrored(
            (MIDDLE, 296), (MIDDLE + 76, 306), (MIDDLE + 112, 372), (MIDDLE + 122, 486, True),
            (MIDDLE + 60, 506), (MIDDLE, 511),
        )
    else:
        crown = mirrored(
            (MIDDLE, 288), (MIDDLE + 40, 262), (MIDDLE + 88, 274), (MIDDLE + 112, 370),
            (MIDDLE + 124, 482, True), (MIDDLE + 60, 503), (MIDDLE, 508),
        )
    sheet.piece(crown, cloth, lift=9, bulge=20, spread=28)
    with sheet.within(crown):
        if wide:
            for i in range(8):
                sheet.line(
                    curve(
                        [(MIDDLE - 130, 330 + i * 20), (MIDDLE, 346 + i * 21), (MIDDLE + 130, 330 + i * 20)]
                    ),
                    darker(cloth.colour, 0.5), 2, 0.25,
                )
        else:
            sheet.fold([(MIDDLE, 290), (MIDDLE + 3, 330), (MIDDLE, 372)], -10, 26, start=24, soft=9)
            for side in (-1, 1):
                sheet.fold(
                    [(MIDDLE + side * 66, 300), (MIDDLE + side * 60, 340), (MIDDLE + side * 66, 384)], -8,
                    22, soft=9,
                )
    ribbon = mirrored(
        (MIDDLE, 468), (MIDDLE + 70, 464), (MIDDLE + 119, 440, True), (MIDDLE + 124, 482, True),
        (MIDDLE + 60, 503), (MIDDLE, 509),
    )
    sheet.piece(ribbon, band, over=True, lift=2, bulge=2, spread=4)
    sheet.piece(
        rectangle(MIDDLE - 112, 446, MIDDLE - 84, 496, 3), band.tinted(0.1), over=True, lift=3, bulge=3,
        spread=5,
    )


DRAWERS: dict[str, Drawer] = {"Caps": draw_cap, "Hats": draw_hat}
