"""Jeans, trousers, shorts, leggings and skirts."""

# Outlines are rows of knots; the formatter would give every knot a line of its own.
# fmt: off

from dataclasses import dataclass

import skia

from catalog.drawing.garment import Drawer, Look
from catalog.drawing.palette import RGB, brightness, darker, lighter
from catalog.drawing.patterns import ink
from catalog.drawing.shapes import (
    MIDDLE,
    along,
    curve,
    ellipse,
    mirrored,
    outline,
    rectangle,
    reflected,
)
from catalog.drawing.sheet import Cloth, Sheet

COPPER: RGB = (176, 122, 74)
THREAD: RGB = (202, 150, 84)


@dataclass(frozen=True)
class Legs:
    """Measurements of trousers in logical units; widths are half widths, legs are measured from the middle."""

    top: float = 100.0
    waist: float = 103.0
    hip_y: float = 232.0
    hip: float = 123.0
    crotch: float = 322.0
    knee_y: float = 480.0
    knee: tuple[float, float] = (22.0, 122.0)  # inner, outer
    hem_y: float = 712.0
    hem: tuple[float, float] = (30.0, 116.0)

    def leg(self) -> skia.Path:
        """Return the right leg with its half of the seat."""
        return outline(
            (MIDDLE - 0.5, self.top, True),
            (MIDDLE + self.waist, self.top - 3, True),
            (MIDDLE + self.waist + (self.hip - self.waist) * 0.62, self.top + (self.hip_y - self.top) * 0.5),
            (MIDDLE + self.hip, self.hip_y + 20),
            (MIDDLE + self.knee[1], self.knee_y),
            (MIDDLE + self.hem[1], self.hem_y, True),
            (MIDDLE + (self.hem[0] + self.hem[1]) / 2, self.hem_y + 4),
            (MIDDLE + self.hem[0], self.hem_y, True),
            (MIDDLE + self.knee[0], self.knee_y),
            (MIDDLE + 7, self.crotch + 26),
            (MIDDLE - 0.5, self.crotch, True),
        )


_LEGS: dict[str, Legs] = {
    "slim": Legs(hip=118, knee=(26, 104), hem=(40, 96)),
    "straight": Legs(),
    "tapered": Legs(hip=128, knee=(22, 116), hem=(42, 100)),
    "wide": Legs(hip=130, knee=(12, 146), hem=(12, 166), hem_y=716),
    "flared": Legs(hip=116, knee=(27, 104), hem=(14, 138), hem_y=718),
}


def mirrored_points(side: int, points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    return points if side > 0 else [(2 * MIDDLE - x, y) for x, y in points]


def _lay_legs(sheet: Sheet, look: Look, legs: Legs, cloth: Cloth, crease: bool = False) -> None:
    rng = look.rng
    strength = cloth.fabric.fold * 1.4
    for side in (-1, 1):
        path = legs.leg() if side > 0 else reflected(legs.leg())
        lean = (legs.hem[0] + legs.hem[1] - legs.hip) / (legs.hem_y - legs.hip_y) * -20
        sheet.piece(
            path, cloth, grain=lean * side, origin=(MIDDLE + side * 60, legs.top), bulge=15, spread=20,
        )
        inner, outer = legs.hem
        with sheet.within(path):
            for i in range(3):  # whiskers from the crotch to the hip
                start = (MIDDLE + 6, legs.crotch - 14 + 9 * i)
                end = (MIDDLE + legs.hip * float(rng.uniform(0.62, 0.85)), legs.crotch - 60 + 34 * i)
                sheet.fold(
                    mirrored_points(side, [start, along(start, end, 0.55), end]), (4.4, -4.2, 3.6)[i] * strength, 11,
                    soft=4.5,
                )
            for i in range(4):  # behind the knee
                y = legs.knee_y - 34 + 24 * i + float(rng.uniform(-6, 6))
                x0, x1 = MIDDLE + legs.knee[0] + 4, MIDDLE + legs.knee[1] - 8
                a, b = ((x0, y), (x0 + (x1 - x0) * 0.7, y + 16)) if i % 2 else (
                    (x1, y), (x0 + (x1 - x0) * 0.35, y + 18),
                )
                sheet.fold(
                    mirrored_points(side, [a, (along(a, b, 0.5)[0], a[1] + 3), b]),
                    (3.6 if i % 2 else -3.4) * strength, 11, soft=5,
                )
            for i in range(3):  # breaking above the hem
                y = legs.hem_y - 22 - 26 * i
                x0, x1 = MIDDLE + inner + 6, MIDDLE + outer - 6
                sheet.fold(
                    mirrored_points(side, [(x0, y - 4), ((x0 + x1) / 2, y + 8), (x1, y - 6)]),
                    (3.0 if i % 2 else -2.8) * strength, 10, soft=5,
                )
            if crease:
                middle = [
                    (MIDDLE + legs.waist * 0.5, legs.top + 50), (MIDDLE + sum(legs.knee) / 2, legs.knee_y),
                    (MIDDLE + (inner + outer) / 2, legs.hem_y),
                ]
                sheet.fold(mirrored_points(side, middle), 6, 5, start=3, end=5, soft=2)
                sheet.line(curve(mirrored_points(side, middle)), darker(cloth.colour, 0.5), 1.2, 0.35)


def _fade(sheet: Sheet, look: Look, legs: Legs, strength: float) -> None:
    """Rub the indigo off the thighs and knees."""
    pale = lighter(look.cloth.colour, 0.55)
    for side in (-1, 1):
        x = MIDDLE + side * (legs.hip * 0.52)
        for y, rx, ry, alpha in ((legs.crotch + 20, 32, 120, 0.30), (legs.knee_y + 60, 26, 130, 0.20)):
            paint = ink(pale, alpha * strength)
            paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, 22))
            with sheet.within(legs.leg() if side > 0 else reflected(legs.leg())):
                sheet.canvas.drawPath(ellipse(x, y, rx, ry), paint)


def waistband(
    sheet: Sheet, legs: Legs, cloth: Cloth, tall: float = 26.0, loops: bool = True,
    stitch: RGB | None = None,
) -> None:
    """Lay the waistband, its inside at the back and the belt loops."""
    w, top = legs.waist, legs.top
    back = mirrored(
        (MIDDLE, top - 16), (MIDDLE + w * 0.6, top - 17), (MIDDLE + w - 5, top - 17, True),
        (MIDDLE + w, top + 8, True), (MIDDLE, top + 12),
    )
    sheet.piece(back, cloth.tinted(0.32), lift=1, bulge=0)
    band = mirrored(
        (MIDDLE, top - tall * 0.32), (MIDDLE + w * 0.6, top - tall * 0.42),
        (MIDDLE + w - 3, top - tall * 0.74, True),
        (MIDDLE + w + 2, top + 2, True), (MIDDLE + w * 0.6, top + tall * 0.50), (MIDDLE, top + tall * 0.66),
    )
    sheet.piece(
        band, cloth, grain=90 if cloth.pattern else 0, lift=cloth.fabric.thickness + 3, bulge=4, spread=6,
    )
    for dy in (4.0, tall * 0.9):
        y = top - tall * 0.36 + dy
        sheet.stitch(
            [
                (MIDDLE - w + 2, y - tall * 0.42), (MIDDLE - w * 0.5, y - 2), (MIDDLE, y),
                (MIDDLE + w * 0.5, y - 2), (MIDDLE + w - 2, y - tall * 0.42),
            ],
            cloth, stitch, 0.5,
        )
    if loops:
        for share in (-0.86, -0.42, 0.42, 0.86):
            x = MIDDLE + share * w
            y = top - tall * (0.36 + 0.34 * share * share)
            sheet.piece(
                rectangle(x - 4, y - 2, x + 4, y + tall + 6, 1), cloth.plain(), over=True, lift=4, bulge=2,
                spread=3,
            )


def _fly(sheet: Sheet, legs: Legs, cloth: Cloth, stitch: RGB | None = None) -> None:
    x, top, low = MIDDLE, legs.top + 16, legs.crotch
    sheet.seam([(x, top), (x, (top + low) / 2), (x, low)], cloth)
    sheet.stitch(
        [(x + 25, top), (x + 25, low - 92), (x + 20, low - 66), (x + 3, low - 50)], cloth, stitch, 0.75,
    )
    sheet.stitch(
        [(x + 30, top), (x + 30, low - 92), (x + 24, low - 62), (x + 3, low - 44)], cloth, stitch, 0.55,
    )


def draw_jeans(sheet: Sheet, look: Look) -> None:
    """Draw five-pocket jeans."""
    cloth = look.cloth
    legs = _LEGS[look.trait("fit", "straight")]
    _lay_legs(sheet, look, legs, cloth)
    if look.trait("wash") != "raw" and brightness(cloth.colour) < 0.7:
        _fade(sheet, look, legs, 1.5 if look.trait("wash") == "faded" else 0.85)
    thread = THREAD if 0.12 < brightness(cloth.colour) < 0.7 else darker(cloth.colour, 0.3)
    for side in (-1, 1):
        pocket = mirrored_points(
            side,
            [
                (MIDDLE + 42, legs.top + 12), (MIDDLE + 54, legs.top + 48),
                (MIDDLE + legs.waist + 12, legs.top + 66),
            ],
        )
        sheet.seam(pocket, cloth)
        sheet.stitch([(x - side * 2, y + 5) for x, y in pocket], cloth, thread, 0.8)
        sheet.disc(*pocket[0], 2.6, COPPER, 2)
        outer = mirrored_points(
            side,
            [
                (MIDDLE + legs.hip - 5, legs.hip_y + 26), (MIDDLE + legs.knee[1] - 5, legs.knee_y),
                (MIDDLE + legs.hem[1] - 5, legs.hem_y - 4),
            ],
        )
        sheet.stitch(outer, cloth, thread, 0.35)
        inner, out = legs.hem
        sheet.stitch(
            mirrored_points(
                side,
                [
                    (MIDDLE + inner + 1, legs.hem_y - 13), (MIDDLE + (inner + out) / 2, legs.hem_y - 9),
                    (MIDDLE + out - 1, legs.hem_y - 13),
                ],
            ),
            cloth, thread, 0.85,
        )
    coin = [(MIDDLE + 54, legs.top + 34), (MIDDLE + 80, legs.top + 36), (MIDDLE + 86, legs.top + 58)]
    sheet.stitch(coin, cloth, thread, 0.6)
    _fly(sheet, legs, cloth, thread)
    waistband(sheet, legs, cloth, stitch=thread)
    sheet.disc(MIDDLE + 2, legs.top + 3, 6.6, COPPER, 3)
    sheet.line(ellipse(MIDDLE + 2, legs.top + 3, 4, 4), darker(COPPER, 0.5), 1, 0.6)


def draw_trousers(sheet: Sheet, look: Look) -> None:
    """Draw chinos, pleated trousers, joggers or cargo trousers."""
    cloth, style = look.cloth, look.trait("style", "chino")
    legs = _LEGS[look.trait("fit", "straight")]
    pleated = style == "pleated"
    _lay_legs(sheet, look, legs, cloth, crease=pleated)
    for side in (-1, 1):
        slant = mirrored_points(
            side, [(MIDDLE + legs.waist * 0.72, legs.top + 14), (MIDDLE + legs.hip - 7, legs.top + 104)],
        )
        sheet.seam(slant, cloth)
        sheet.stitch([(x - side * 5, y + 2) for x, y in slant], cloth, alpha=0.4)
        if pleated:
            for x in (0.34, 0.52):
                sheet.seam(
                    mirrored_points(
                        side,
                        [
                            (MIDDLE + legs.waist * x, legs.top + 15),
                            (MIDDLE + legs.waist * x + 2, legs.top + 62),
                        ],
                    ),
                    cloth, 0.7,
                )
        if style == "cargo":
            x, y = MIDDLE + legs.hip - 66, legs.crotch + 50
            path = rectangle(x, y, x + 60, y + 92, 3)
            flap = rectangle(x - 2, y - 8, x + 62, y + 20, 3)
            for part, lift in ((path, 5.0), (flap, 3.0)):
                sheet.piece(
                    part if side > 0 else reflected(part), cloth, over=True, lift=lift, bulge=4, spread=7,
                )
            sheet.disc(*mirrored_points(side, [(x + 30, y + 8)])[0], 4, darker(cloth.colour, 0.4))
    if style == "jogger":
        sheet.seam([(MIDDLE, legs.top + 14), (MIDDLE, legs.crotch)], cloth)
        waistband(sheet, legs, cloth.of("Rib"), 36, loops=False)
        _drawstring(sheet, legs, cloth)
        for side in (-1, 1):
            inner, outer = legs.hem
            cuff = outline(
                (MIDDLE + inner - 1, legs.hem_y - 40, True), (MIDDLE + outer + 1, legs.hem_y - 40, True),
                (MIDDLE + outer - 8, legs.hem_y + 4, True), (MIDDLE + inner + 7, legs.hem_y + 4, True),
            )
            sheet.piece(
                cuff if side > 0 else reflected(cuff), cloth.of("Rib"), over=True, lift=3, bulge=5,
                spread=7,
            )
        return
    _fly(sheet, legs, cloth)
    waistband(sheet, legs, cloth.plain() if not cloth.pattern else cloth, 28)
    sheet.button(
        MIDDLE + 8, legs.top + 4,
        darker(cloth.colour, 0.35) if brightness(cloth.colour) > 0.3 else lighter(cloth.colour, 0.2),
    )


def _drawstring(sheet: Sheet, legs: Legs, cloth: Cloth) -> None:
    cord = lighter(cloth.colour, 0.5) if brightness(cloth.colour) < 0.7 else darker(cloth.colour, 0.35)
    for side in (-1, 1):
        x, y = MIDDLE + side * 12, legs.top + 4
        path = curve([(x, y), (x + side * 9, y + 40), (x + side * 4, y + 92)])
        sheet.line(path, (20, 14, 14), 6, 0.25)
        sheet.line(path, cord, 4.4)
        sheet.disc(x, y, 3.6, (168, 162, 150), 1.5)


def draw_shorts(sheet: Sheet, look: Look) -> None:
    """Draw shorts: chino, drawstring, denim or for running."""
    cloth, style = look.cloth, look.trait("style", "chino")
    sport = style == "sport"
    legs = Legs(
        top=190, waist=118, hip_y=330, hip=150, crotch=432, knee_y=500, knee=(10, 160),
        hem_y=520 if sport else 572, hem=(14, 176 if sport else 170),
    )
    _lay_legs(sheet, look, legs, cloth)
    thread = THREAD if style == "denim" and 0.12 < brightness(cloth.colour) < 0.7 else None
    if style == "denim":
        _fade(sheet, look, Legs(**{**legs.__dict__, "knee_y": 420}), 0.7)
    for side in (-1, 1):
        inner, out = legs.hem
        y = legs.hem_y - 15
        sheet.stitch(
            mirrored_points(side, [(MIDDLE + inner, y), (MIDDLE + (inner + out) / 2, y + 4), (MIDDLE + out - 2, y)]),
            cloth, thread, 0.6,
        )
        slant = mirrored_points(
            side, [(MIDDLE + legs.waist * 0.66, legs.top + 14), (MIDDLE + legs.hip - 8, legs.top + 108)],
        )
        sheet.seam(slant, cloth)
        sheet.stitch([(x - side * 5, y + 2) for x, y in slant], cloth, thread, 0.5)
        if sport:
            stripe = outline(
                (MIDDLE + legs.hip - 24, legs.top + 150, True),
                (MIDDLE + legs.hip + 30, legs.top + 160, True), (MIDDLE + out + 10, legs.hem_y + 10, True),
                (MIDDLE + out - 16, legs.hem_y + 10, True),
            )
            with sheet.within(legs.leg() if side > 0 else reflected(legs.leg())):
                sheet.canvas.drawPath(stripe if side > 0 else reflected(stripe), ink(look.accent, 0.9))
    if style in ("drawstring", "sport"):
        sheet.seam([(MIDDLE, legs.top + 14), (MIDDLE, legs.crotch)], cloth)
        waistband(sheet, legs, cloth.of("Rib") if sport else cloth.plain(), 36, loops=False)
        with sheet.within(rectangle(MIDDLE - legs.waist, legs.top - 30, MIDDLE + legs.waist, legs.top + 40)):
            for i in range(13):
                x = MIDDLE + (i - 6) * legs.waist / 6.4
                sheet.fold([(x, legs.top - 18), (x, legs.top + 30)], 3.4 if i % 2 else -3.4, 6, soft=3)
        _drawstring(sheet, legs, cloth)
    else:
        _fly(sheet, legs, cloth, thread)
        waistband(sheet, legs, cloth, 30, stitch=thread)
        if style == "denim":
            sheet.disc(MIDDLE + 2, legs.top + 4, 6.6, COPPER, 3)
        else:
            sheet.button(MIDDLE + 6, legs.top + 5, lighter(cloth.colour, 0.3))


def draw_leggings(sheet: Sheet, look: Look) -> None:
    """Draw leggings with a broad waistband."""
    cloth = look.cloth
    capri = look.trait("length") == "capri"
    legs = Legs(
        waist=82, hip=103, crotch=312, knee=(25, 82), knee_y=490, hem=(36, 76), hem_y=600 if capri else 716,
    )
    _lay_legs(sheet, look, legs, cloth)
    sheet.seam([(MIDDLE, legs.top + 30), (MIDDLE, legs.crotch)], cloth, 0.7)
    for side in (-1, 1):
        panel = mirrored_points(
            side,
            [
                (MIDDLE + legs.hip - 8, legs.hip_y), (MIDDLE + legs.knee[1] - 22, legs.knee_y),
                (MIDDLE + legs.hem[1] - 12, legs.hem_y - 8),
            ],
        )
        sheet.stitch(panel, cloth, alpha=0.35)
        inner, out = legs.hem
        sheet.stitch(
            mirrored_points(side, [(MIDDLE + inner, legs.hem_y - 10), (MIDDLE + out, legs.hem_y - 10)]), cloth,
            alpha=0.5,
        )
    w, top = legs.waist, legs.top
    band = mirrored(
        (MIDDLE, top - 26), (MIDDLE + w * 0.6, top - 30), (MIDDLE + w - 5, top - 36, True),
        (MIDDLE + w + 8, top + 30, True), (MIDDLE + w * 0.5, top + 50), (MIDDLE, top + 62),
    )
    back = mirrored((MIDDLE, top - 38), (MIDDLE + w - 8, top - 40, True), (MIDDLE, top - 10))
    sheet.piece(back, cloth.tinted(0.3), lift=1, bulge=0)
    sheet.piece(band, cloth.plain(), lift=cloth.fabric.thickness + 2, bulge=9, spread=14)
    sheet.stitch(
        [
            (MIDDLE - w - 6, top + 27), (MIDDLE - w * 0.5, top + 46), (MIDDLE, top + 58),
            (MIDDLE + w * 0.5, top + 46), (MIDDLE + w + 6, top + 27),
        ],
        cloth, alpha=0.4,
    )


DRAWERS: dict[str, Drawer] = {
    "Jeans": draw_jeans,
    "Trousers": draw_trousers,
    "Shorts": draw_shorts,
    "Leggings": draw_leggings,
}
