"""Upper bodies: measurements, necklines, sleeves and collars shared by tops, dresses and outerwear."""

import math
from dataclasses import dataclass

import skia

from catalog.drawing.garment import Look
from catalog.drawing.palette import RGB, darker, lighter, mix
from catalog.drawing.patterns import ink
from catalog.drawing.shapes import (
    MIDDLE,
    Knot,
    along,
    curve,
    mirror,
    mirrored,
    outline,
    rectangle,
    reflected,
    strip,
)
from catalog.drawing.sheet import Cloth, Sheet

Point = tuple[float, float]


@dataclass(frozen=True)
class Cut:
    """Measurements of an upper body in logical units; widths are half widths from the middle."""

    top: float = 150.0  # y where the shoulder seam meets the neck
    neck: float = 52.0
    shoulder: float = 128.0
    slope: float = 34.0  # how far the shoulder point lies below the neck
    underarm: float = 305.0
    chest: float = 132.0
    waist_y: float = 440.0
    waist: float = 126.0
    hem_y: float = 610.0
    hem: float = 132.0
    hem_bow: float = 8.0  # how far the middle of the hem hangs below its ends
    neckline: str = "crew"
    depth: float = 44.0  # how far the neckline dips below ``top``

    @property
    def shoulder_point(self) -> Point:
        """Right shoulder."""
        return MIDDLE + self.shoulder, self.top + self.slope

    @property
    def underarm_point(self) -> Point:
        """Where the right sleeve ends at the side seam."""
        return MIDDLE + self.chest, self.underarm

    def neck_knots(self) -> list[Knot]:
        """Return the right half of the neckline, from the middle front to the shoulder."""
        x, y, low = MIDDLE + self.neck, self.top, self.top + self.depth
        if self.neckline in ("v", "wrap"):
            return [
                (MIDDLE, low, True),
                (MIDDLE + self.neck * 0.58, self.top + self.depth * 0.40),
                (x, y, True),
            ]
        if self.neckline == "square":
            return [(MIDDLE, low), (x - 10, low, True), (x, y, True)]
        if self.neckline == "boat":
            return [(MIDDLE, low), (MIDDLE + self.neck * 0.6, low - self.depth * 0.25), (x, y, True)]
        side = MIDDLE + self.neck * 0.66
        return [
            (MIDDLE, low),
            (side, self.top + self.depth * 0.74),
            (x - self.neck * 0.07, y + 10),
            (x, y, True),
        ]

    def side_knots(self) -> list[Knot]:
        """Return the right half from the shoulder to the middle of the hem."""
        sx, sy = self.shoulder_point
        ux, uy = self.underarm_point
        return [
            (sx, sy, True),
            (min(sx, ux) - 10, along((sx, sy), (ux, uy), 0.62)[1]),
            (ux, uy, True),
            (MIDDLE + self.waist, self.waist_y),
            (MIDDLE + self.hem, self.hem_y, True),
            (MIDDLE + self.hem * 0.5, self.hem_y + self.hem_bow * 0.8),
            (MIDDLE, self.hem_y + self.hem_bow),
        ]

    def body(self) -> skia.Path:
        """Return the outline of the front."""
        return mirrored(*self.neck_knots(), *self.side_knots())

    def neck_line(self) -> list[Knot]:
        """Return the whole neckline from the left shoulder to the right one."""
        half = self.neck_knots()
        return [*reversed(mirror(half)), *half[1:]]


@dataclass(frozen=True)
class Sleeve:
    """A right sleeve (its mirror image serves the left)."""

    path: skia.Path
    axis: tuple[Point, Point]  # from the shoulder to the middle of the cuff
    cuff: tuple[Point, Point]  # outer and inner end
    angle: float  # degrees from hanging straight down


def sleeve(cut: Cut, length: float, angle: float, cuff: float, puff: float = 0.0) -> Sleeve:
    """Return the right sleeve: ``length`` along its outer edge, ``cuff`` wide at the end."""
    sx, sy = cut.shoulder_point
    ux, uy = cut.underarm_point
    a = math.radians(angle)
    dx, dy = math.sin(a), math.cos(a)
    outer = (sx + dx * length, sy + dy * length)
    inner = (outer[0] - dy * cuff, outer[1] + dx * cuff)
    bend = 7.0 if length > 200 else 3.0
    elbow_out = along((sx, sy), outer, 0.5)
    elbow_in = along((ux, uy), inner, 0.45)
    knots: list[Knot] = [
        (sx - 22, sy - 5, True),
        (sx + 5 + puff * 0.3, sy + 5),
        (sx + dx * length * 0.22 + 9 * dy + puff, sy + dy * length * 0.22 - 9 * dx * 0.4),
        (elbow_out[0] + dy * (bend + puff), elbow_out[1] - dx * (bend + puff)),
        (outer[0] + puff * 0.4, outer[1], True),
        (inner[0], inner[1], True),
        (elbow_in[0] + dy * bend * 0.2 - puff * 0.2, elbow_in[1] + puff * 0.4),
        (ux + 2, uy - 1, True),
        (ux - 26, uy - 20, True),
    ]
    middle = ((outer[0] + inner[0]) / 2, (outer[1] + inner[1]) / 2)
    return Sleeve(outline(*knots), ((sx - 6, sy + 20), middle), (outer, inner), angle)


def _flip(point: Point, side: int) -> Point:
    return (point[0], point[1]) if side > 0 else (2 * MIDDLE - point[0], point[1])


def lay_sleeves(
    sheet: Sheet,
    look: Look,
    cut: Cut,
    cloth: Cloth,
    *,
    length: float,
    angle: float,
    cuff: float,
    band: float = 0.0,
    band_cloth: Cloth | None = None,
    puff: float = 0.0,
    crease: float = 1.0,
    quilt: float = 0.0,
) -> None:
    """Lay both sleeves with their folds; ``band`` is the height of a cuff, ``quilt`` the distance of quilted rows."""
    for side in (-1, 1):
        lean = angle + float(look.rng.uniform(-1.8, 1.8))
        arm = sleeve(cut, length, lean, cuff, puff)
        path = arm.path if side > 0 else reflected(arm.path)
        shoulder, hand = (_flip(p, side) for p in arm.axis)
        outer, inner = (_flip(p, side) for p in arm.cuff)
        sheet.piece(path, cloth, grain=-lean * side, origin=shoulder, bulge=13, spread=17)
        strength = cloth.fabric.fold * crease
        with sheet.within(path):
            _sleeve_folds(sheet, look, shoulder, hand, _flip(cut.underarm_point, side), strength, length)
            if quilt:
                _quilt_sleeve(sheet, cloth, shoulder, hand, quilt)
        hem_in = (max(band, 9.0)) / length
        a, b = (
            along(outer, _flip(cut.shoulder_point, side), hem_in),
            along(inner, _flip(cut.underarm_point, side), hem_in),
        )
        if band:
            edge = outline((*outer, True), (*inner, True), (*b, True), (*a, True))
            sheet.piece(
                edge,
                band_cloth or cloth,
                grain=-lean * side,
                origin=outer,
                lift=2.5,
                bulge=4,
                spread=6,
                over=True,
            )
        else:
            sheet.stitch([a, along(a, b, 0.5), b], cloth, alpha=0.45)


def _sleeve_folds(
    sheet: Sheet, look: Look, shoulder: Point, hand: Point, underarm: Point, strength: float, length: float
) -> None:
    rng = look.rng
    spread = rng.uniform(0.3, 0.7, 6)
    for i in range(2):
        end = along(shoulder, hand, 0.35 + 0.3 * float(spread[i]))
        bow = along(underarm, end, 0.5)
        sheet.fold([underarm, (bow[0], bow[1] - 6 - 9 * i), end], (5.5 - 9 * i) * strength, 12, soft=5)
    if length > 220:
        for i in range(4):
            at = along(shoulder, hand, 0.42 + 0.10 * i + 0.05 * float(spread[i]))
            dx = 24 * (1 if i % 2 else -1)
            sheet.fold(
                [(at[0] - dx, at[1] - 10), (at[0], at[1] + 4), (at[0] + dx, at[1] + 2)],
                (3.4 if i % 2 else -3.6) * strength,
                9,
                soft=4,
            )


def _quilt_sleeve(sheet: Sheet, cloth: Cloth, shoulder: Point, hand: Point, step: float) -> None:
    dx, dy = hand[0] - shoulder[0], hand[1] - shoulder[1]
    length = math.hypot(dx, dy)
    across = (-dy / length * 60, dx / length * 60)
    for i in range(int(length / step) + 1):
        x, y = along(shoulder, hand, (i + 0.3) * step / length)
        row = [(x - across[0], y - across[1]), (x + dx / length * 5, y + dy / length * 5), (x + across[0], y + across[1])]
        sheet.seam(row, cloth, 1.3)
        puffed = [(px + dx / length * step / 2, py + dy / length * step / 2) for px, py in row]
        sheet.fold(puffed, 9, 26, start=22, end=22, soft=8)


def body_folds(sheet: Sheet, look: Look, cut: Cut, strength: float, hem: bool = True) -> None:
    """Raise the folds a front has: drag lines from the armholes, long soft ones towards the hem."""
    rng = look.rng
    for side in (-1, 1):
        u = _flip((MIDDLE + cut.chest - 4, cut.underarm - 8), side)
        for i in range(2):
            x = MIDDLE + side * cut.chest * float(rng.uniform(0.25, 0.6))
            y = cut.underarm + float(rng.uniform(50, 110)) + 34 * i
            mid = along(u, (x, y), 0.5)
            sheet.fold(
                [u, (mid[0] + 6 * side, mid[1] - 8), (x, y)], (4.2 if i == 0 else -4.0) * strength, 14, soft=6
            )
    if hem:
        for i in range(5):
            x = MIDDLE + cut.hem * (-0.8 + 0.4 * i + float(rng.uniform(-0.12, 0.12)))
            tall = float(rng.uniform(0.25, 0.55)) * (cut.hem_y - cut.underarm)
            knots = [
                (MIDDLE + (x - MIDDLE) * 0.86, cut.hem_y - tall),
                (MIDDLE + (x - MIDDLE) * 0.95, cut.hem_y - tall * 0.4),
                (x, cut.hem_y + 12),
            ]
            sheet.fold(knots, (4.0 if i % 2 else -3.6) * strength, 13, end=17, soft=7)


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
    rib = cloth.of("Rib")
    half = cut.neck_knots()
    inset = width * 0.42
    right: list[Point] = []
    for i, k in enumerate(half):
        before, after = half[max(0, i - 1)], half[min(len(half) - 1, i + 1)]
        if i == 0 and cut.neckline not in ("v", "wrap"):
            hx, hy = 1.0, 0.0
        else:
            length = math.hypot(after[0] - before[0], after[1] - before[1]) or 1.0
            hx, hy = (after[0] - before[0]) / length, (after[1] - before[1]) / length
        right.append((k[0] - hy * inset * 0.2, k[1] + hx * inset))
    if cut.neckline in ("v", "wrap"):
        for side in (-1, 1):
            sheet.piece(
                strip([_flip(p, side) for p in right], width),
                rib,
                grain=-35 * side,
                over=True,
                lift=2.5,
                bulge=2.5,
                spread=4,
            )
        return
    line = [*[_flip(p, -1) for p in reversed(right)], *right[1:]]
    sheet.piece(strip(line, width), rib, over=True, lift=2.5, bulge=2.5, spread=4)
    sheet.stitch([(x, y + width * 0.78) for x, y in line[1:-1]], cloth, alpha=0.35)


def hem_stitches(sheet: Sheet, cut: Cut, cloth: Cloth, above: float = 12.0) -> None:
    """Sew the hem with one row of stitches."""
    y = cut.hem_y - above
    sheet.stitch(
        [
            (MIDDLE - cut.hem + 1, y),
            (MIDDLE - cut.hem / 2, y + cut.hem_bow * 0.8),
            (MIDDLE, y + cut.hem_bow),
            (MIDDLE + cut.hem / 2, y + cut.hem_bow * 0.8),
            (MIDDLE + cut.hem - 1, y),
        ],
        cloth,
        alpha=0.45,
    )


def hem_band(sheet: Sheet, cut: Cut, cloth: Cloth, tall: float = 34.0, pull: float = 6.0) -> None:
    """Lay the ribbed band at the hem of knitwear."""
    x, y = MIDDLE + cut.hem, cut.hem_y
    path = mirrored(
        (MIDDLE, y - tall + cut.hem_bow),
        (MIDDLE + cut.hem * 0.6, y - tall + cut.hem_bow * 0.7),
        (x + 1, y - tall, True),
        (x - pull, y, True),
        (MIDDLE + cut.hem * 0.5, y + cut.hem_bow * 0.8),
        (MIDDLE, y + cut.hem_bow),
    )
    sheet.piece(path, cloth.of("Rib"), lift=2.0, bulge=4, spread=6, over=True)


def armhole_seams(sheet: Sheet, cut: Cut, cloth: Cloth, strength: float = 0.8) -> None:
    """Draw the seams where the sleeves are set in."""
    sx, sy = cut.shoulder_point
    ux, uy = cut.underarm_point
    knots = [(sx, sy), (min(sx, ux) - 10, along((sx, sy), (ux, uy), 0.62)[1]), (ux, uy)]
    for side in (-1, 1):
        sheet.seam([_flip(p, side) for p in knots], cloth, strength)


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
        (MIDDLE + neck * 0.93, top - stand, True),
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
            sheet.stitch([_flip(p, side) for p in inner], cloth, alpha=0.4)


def stand_collar(sheet: Sheet, cut: Cut, cloth: Cloth, tall: float = 36.0, open_front: bool = True) -> None:
    """Lay a collar that stands up; with ``open_front`` its inside shows."""
    neck, top, low = cut.neck, cut.top, cut.top + cut.depth
    inside = mirrored(
        (MIDDLE, top - tall * 0.55),
        (MIDDLE + neck * 0.7, top - tall * 0.75),
        (MIDDLE + neck * 0.92, top - tall, True),
        (MIDDLE + neck * 0.9, low - 20),
        (MIDDLE, low),
    )
    sheet.piece(inside, cloth.tinted(0.32), lift=1, bulge=0)
    half = outline(
        (MIDDLE + (1 if open_front else -1), low + 2, True),
        (MIDDLE + neck * 0.6, low - cut.depth * 0.55),
        (MIDDLE + neck * 0.92, top - tall, True),
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
