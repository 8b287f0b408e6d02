"""Necks and fronts: ribs, collars, hoods, button bands and pockets."""

# Outlines are rows of knots; the formatter would give every knot a line of its own.
# fmt: off

import math

from catalog.drawing.bodice import Cut, flipped
from catalog.drawing.garment import Look
from catalog.drawing.palette import RGB, darker, lighter, mix
from catalog.drawing.patterns import ink
from catalog.drawing.shapes import (
    MIDDLE,
    Knot,
    curve,
    mirrored,
    outline,
    rectangle,
    reflected,
)
from catalog.drawing.sheet import Cloth, Sheet


def inside_neck(sheet: Sheet, cut: Cut, cloth: Cloth, rise: float = 7.0, label: RGB | None = None) -> None:
    """Lay the inside of the back that shows in the neckline, with the maker's label."""
    back: list[Knot] = [
        (MIDDLE, cut.top + rise * 1.6),
        (MIDDLE + cut.neck * 0.6, cut.top + rise),
        (MIDDLE + cut.neck, cut.top - 1, True),
    ]
    front = [(k[0], k[1] + 8, len(k) == 3) for k in reversed(cut.neck_knots())]
    path = mirrored(*back, *front)
    sheet.piece(path, cloth.tinted(0.30), lift=1.0, bulge=0)
    if label is not None and cut.depth > 26:
        y = cut.top + rise * 1.6 + 5
        tag = rectangle(MIDDLE - 12, y, MIDDLE + 12, y + 9, 1)
        sheet.canvas.drawPath(tag, ink(label))
        sheet.line(curve([(MIDDLE - 7, y + 4.5), (MIDDLE + 7, y + 4.5)]), darker(label, 0.6), 1.2, 0.8)


def neck_rib(sheet: Sheet, cut: Cut, cloth: Cloth, width: float = 13.0) -> None:
    """Lay the ribbed band around the neckline; it also hides where the front ends."""
    half = cut.neck_knots()
    pointed = cut.neckline in ("v", "wrap")
    outer: list[Knot] = []
    for i, knot in enumerate(half):
        before, after = half[max(0, i - 1)], half[min(len(half) - 1, i + 1)]
        length = math.hypot(after[0] - before[0], after[1] - before[1]) or 1.0
        hx, hy = (after[0] - before[0]) / length, (after[1] - before[1]) / length
        if i == 0:
            outer.append((MIDDLE, knot[1] + width * (1.7 if pointed else 1.0), pointed))
        else:
            outer.append((knot[0] - hy * width, knot[1] + hx * width, knot is half[-1]))
    band = mirrored(*half, *reversed(outer))
    rib = cloth.of("Rib")
    sheet.piece(band, rib, over=True, lift=2.5, bulge=2.5, spread=4)
    if not pointed:
        right = [(x, y + 4) for x, y, *_ in outer[:-1]]
        sheet.stitch([*[flipped(p, -1) for p in reversed(right)], *right[1:]], cloth, alpha=0.35)


def shirt_collar(
    sheet: Sheet, cut: Cut, cloth: Cloth, point: float = 34.0, spread: float = 0.55, stand: float = 15.0
) -> None:
    """Lay a turned-down collar: the band at the back, then both leaves, meeting at the middle front."""
    top, neck, low = cut.top, cut.neck, cut.top + cut.depth
    band = mirrored(
        (MIDDLE, top - stand * 0.35),
        (MIDDLE + neck * 0.7, top - stand * 0.7),
        (MIDDLE + neck + 1, top - stand * 0.5, True),
        (MIDDLE + neck * 0.9, top + 14),
        (MIDDLE, top + stand + 9),
    )
    sheet.piece(band, cloth.tinted(0.22), lift=1.0, bulge=0)
    leaf = outline(
        (MIDDLE + 1, low - 4, True),
        (MIDDLE + neck * 0.62, top + cut.depth * 0.42),
        (MIDDLE + neck * 0.86, top - stand + 2),
        (MIDDLE + neck * 0.97, top - stand + 1),
        (MIDDLE + neck + 9, top + 2),
        (MIDDLE + neck + 11, top + 13),
        (MIDDLE + neck * spread + 12, low + point, True),
    )
    for side in (-1, 1):
        path = leaf if side > 0 else reflected(leaf)
        sheet.piece(path, cloth, grain=-32 * side, over=True, lift=5, bulge=4, spread=6, edge=0.34)
        inner = [
            (MIDDLE + 6, low + 2),
            (MIDDLE + neck * spread + 9, low + point - 7),
            (MIDDLE + neck + 5, top + 16),
        ]
        with sheet.within(path):
            sheet.stitch([flipped(p, side) for p in inner], cloth, alpha=0.4)


def stand_collar(sheet: Sheet, cut: Cut, cloth: Cloth, tall: float = 36.0, open_front: bool = True) -> None:
    """Lay a collar that stands up; with ``open_front`` its inside shows."""
    neck, top, low = cut.neck, cut.top, cut.top + cut.depth
    inside = mirrored(
        (MIDDLE, top - tall * 0.55),
        (MIDDLE + neck * 0.6, top - tall * 0.8),
        (MIDDLE + neck * 0.92, top - tall + 2, True),
        (MIDDLE + neck * 0.9, low - 20),
        (MIDDLE, low),
    )
    sheet.piece(inside, cloth.tinted(0.32), lift=1, bulge=0)
    half = outline(
        (MIDDLE + (1 if open_front else -1), low + 2, True),
        (MIDDLE + neck * 0.6, low - cut.depth * 0.55),
        (MIDDLE + neck * 0.87, top - tall + 1),
        (MIDDLE + neck * 0.96, top - tall + 1),
        (MIDDLE + neck + 6, top - tall * 0.4),
        (MIDDLE + neck + 8, top + 8, True),
        (MIDDLE + neck * 0.8, low - cut.depth * 0.1),
        (MIDDLE + (1 if open_front else -1), low + tall * 0.55, True),
    )
    for side in (-1, 1):
        sheet.piece(half if side > 0 else reflected(half), cloth, over=True, lift=4, bulge=5, spread=8)


def turtleneck(sheet: Sheet, cut: Cut, cloth: Cloth, tall: float = 56.0) -> None:
    """Lay a folded-over ribbed collar."""
    neck, top = cut.neck, cut.top
    rib = cloth.of("Rib")
    inside = mirrored(
        (MIDDLE, top - tall + 4),
        (MIDDLE + neck * 0.7, top - tall + 2),
        (MIDDLE + neck * 0.93, top - tall + 8, True),
        (MIDDLE + neck * 0.6, top - tall + 24),
        (MIDDLE, top - tall + 28),
    )
    sheet.piece(inside, rib.tinted(0.35), lift=1, bulge=0)
    tube = mirrored(
        (MIDDLE, top - tall + 22),
        (MIDDLE + neck * 0.6, top - tall + 18),
        (MIDDLE + neck * 0.95, top - tall + 5, True),
        (MIDDLE + neck + 3, top - tall * 0.35),
        (MIDDLE + neck + 4, top + 6, True),
        (MIDDLE + neck * 0.55, top + cut.depth * 0.75),
        (MIDDLE, top + cut.depth * 0.9),
    )
    sheet.piece(tube, rib, over=True, lift=5, bulge=8, spread=12)


def hood(sheet: Sheet, look: Look, cut: Cut, cloth: Cloth) -> None:
    """Lay a hood behind the neck: its outer shell and the darker lining in the opening."""
    neck, top, low = cut.neck, cut.top, cut.top + cut.depth
    shell = mirrored(
        (MIDDLE, top - 74),
        (MIDDLE + neck * 0.95, top - 62),
        (MIDDLE + neck * 1.62, top - 12),
        (MIDDLE + neck * 1.55, top + 26),
        (MIDDLE + neck * 0.8, low + 18),
        (MIDDLE, low + 28),
    )
    sheet.piece(shell, cloth, lift=7, bulge=12, spread=16)
    with sheet.within(shell):
        for side in (-1, 1):
            sheet.fold(
                [
                    (MIDDLE + side * neck * 1.4, top - 20),
                    (MIDDLE + side * neck * 1.15, top + 14),
                    (MIDDLE + side * neck * 0.6, low + 14),
                ],
                5,
                13,
            )
            sheet.fold(
                [
                    (MIDDLE + side * neck * 0.7, top - 60),
                    (MIDDLE + side * neck * 1.1, top - 34),
                    (MIDDLE + side * neck * 1.2, top),
                ],
                -4,
                9,
            )
    opening = mirrored(
        (MIDDLE, top - 46),
        (MIDDLE + neck * 0.78, top - 34),
        (MIDDLE + neck * 1.0, top - 2),
        (MIDDLE + neck * 0.62, low - 10),
        (MIDDLE, low + 10, True),
    )
    sheet.piece(opening, cloth.tinted(0.34), lift=-2, bulge=0, over=True)
    sheet.seam([(MIDDLE, top - 74), (MIDDLE, top - 46)], cloth, 0.7)


def placket(
    sheet: Sheet,
    cut: Cut,
    cloth: Cloth,
    bottom: float,
    button: RGB,
    n: int,
    width: float = 13.0,
    start: float = 8.0,
) -> None:
    """Lay the button band from the neckline to ``bottom`` and sew ``n`` buttons on it."""
    top = cut.top + cut.depth
    band = rectangle(MIDDLE - width, top - 2, MIDDLE + width, bottom, 1.5)
    sheet.piece(band, cloth, over=True, lift=1.5, bulge=1.5, spread=4, edge=0.2)
    for x in (-width + 3, width - 3):
        sheet.stitch([(MIDDLE + x, top + 4), (MIDDLE + x, bottom - 4)], cloth, alpha=0.35)
    for i in range(n):
        y = top + start + 8 + (bottom - top - start - 24) * (i / max(1, n - 1) if n > 1 else 0.3)
        sheet.button(MIDDLE, y, button)


def button_colour(cloth: Cloth, seed: float) -> RGB:
    """Return a button that suits the cloth: horn, pearl or tone in tone."""
    horn: RGB = (92, 66, 46)
    pearl: RGB = (236, 230, 218)
    if sum(cloth.colour) > 540:
        return pearl if seed < 0.7 else mix(horn, cloth.colour, 0.3)
    return (pearl, horn, lighter(cloth.colour, 0.18), darker(cloth.colour, 0.3))[min(3, int(seed * 4))]


def chest_pocket(
    sheet: Sheet,
    cloth: Cloth,
    x: float,
    y: float,
    width: float = 54.0,
    tall: float = 62.0,
    flap: bool = False,
) -> None:
    """Lay a patch pocket."""
    path = outline(
        (x, y, True),
        (x + width, y, True),
        (x + width, y + tall - 12, True),
        (x + width / 2, y + tall, True),
        (x, y + tall - 12, True),
    )
    sheet.piece(path, cloth, origin=(MIDDLE, 100), over=True, lift=2, bulge=2, spread=5)
    sheet.stitch([(x + 4, y + 11), (x + width - 4, y + 11)], cloth, alpha=0.45)
    if flap:
        lid = outline(
            (x - 2, y - 4, True),
            (x + width + 2, y - 4, True),
            (x + width + 2, y + 14, True),
            (x + width / 2, y + 24, True),
            (x - 2, y + 14, True),
        )
        sheet.piece(lid, cloth, origin=(MIDDLE, 100), over=True, lift=3, bulge=2, spread=5)
