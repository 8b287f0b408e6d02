"""Upper bodies: measurements, necklines, sleeves and collars shared by tops, dresses and outerwear."""

# Outlines are rows of knots; the formatter would give every knot a line of its own.
# fmt: off

import math
from dataclasses import dataclass

import skia

from catalog.drawing.garment import Look
from catalog.drawing.shapes import (
    MIDDLE,
    Knot,
    along,
    mirror,
    mirrored,
    outline,
    reflected,
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
        (sx - 22, sy - 7, True),
        (sx - 1 + puff * 0.2, sy - 1 - puff * 0.2),
        (sx + dx * length * 0.2 + 10 * dy + puff, sy + dy * length * 0.2 - 10 * dx),
        (elbow_out[0] + dy * (bend + puff), elbow_out[1] - dx * (bend + puff)),
        (outer[0] + puff * 0.4, outer[1], True),
        (inner[0], inner[1], True),
        (elbow_in[0] + dy * bend * 0.2 - puff * 0.2, elbow_in[1] + puff * 0.4),
        (ux + 2, uy - 1, True),
        (ux - 26, uy - 20, True),
    ]
    middle = ((outer[0] + inner[0]) / 2, (outer[1] + inner[1]) / 2)
    return Sleeve(outline(*knots), ((sx - 6, sy + 20), middle), (outer, inner), angle)


def flipped(point: Point, side: int) -> Point:
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
        shoulder, hand = (flipped(p, side) for p in arm.axis)
        outer, inner = (flipped(p, side) for p in arm.cuff)
        sheet.piece(path, cloth, grain=-lean * side, origin=shoulder, bulge=13, spread=17)
        strength = cloth.fabric.fold * crease * 1.35
        with sheet.within(path):
            _sleeve_folds(sheet, look, shoulder, hand, flipped(cut.underarm_point, side), strength, length)
            if quilt:
                _quilt_sleeve(sheet, cloth, shoulder, hand, quilt)
        hem_in = (max(band, 9.0)) / length
        a, b = (
            along(outer, flipped(cut.shoulder_point, side), hem_in),
            along(inner, flipped(cut.underarm_point, side), hem_in),
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
        row = [
            (x - across[0], y - across[1]), (x + dx / length * 5, y + dy / length * 5),
            (x + across[0], y + across[1]),
        ]
        sheet.seam(row, cloth, 1.3)
        puffed = [(px + dx / length * step / 2, py + dy / length * step / 2) for px, py in row]
        sheet.fold(puffed, 9, 26, start=22, end=22, soft=8)


def body_folds(sheet: Sheet, look: Look, cut: Cut, strength: float, hem: bool = True) -> None:
    """Raise the folds a front has: drag lines from the armholes, long soft ones towards the hem."""
    rng = look.rng
    strength *= 1.35
    for side in (-1, 1):
        u = flipped((MIDDLE + cut.chest - 4, cut.underarm - 8), side)
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
        sheet.seam([flipped(p, side) for p in knots], cloth, strength)
