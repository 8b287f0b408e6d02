"""Paths through a few knots. Logical units: a garment stands on a sheet 600 wide and 800 high, y downwards."""

import math
from collections.abc import Sequence

import skia

WIDTH, HEIGHT, MIDDLE = 600.0, 800.0, 300.0

# (x, y) is passed smoothly, (x, y, True) is a corner.
Knot = tuple[float, float] | tuple[float, float, bool]


def _is_corner(knot: Knot) -> bool:
    return len(knot) == 3 and bool(knot[2])


def _heading(before: Knot, after: Knot) -> tuple[float, float]:
    dx, dy = after[0] - before[0], after[1] - before[1]
    length = math.hypot(dx, dy) or 1.0
    return dx / length, dy / length


def curve(knots: Sequence[Knot], closed: bool = False) -> skia.Path:
    """Return the path through the knots: Catmull-Rom headings, handles a third of each chord, so no overshoot."""
    n = len(knots)
    path = skia.Path()
    path.moveTo(knots[0][0], knots[0][1])
    for i in range(n if closed else n - 1):
        start, end = knots[i], knots[(i + 1) % n]
        chord = math.hypot(end[0] - start[0], end[1] - start[1])
        straight = _heading(start, end)
        leaving = arriving = straight
        if not _is_corner(start) and (closed or i > 0):
            leaving = _heading(knots[i - 1], end)
        if not _is_corner(end) and (closed or i + 2 < n):
            arriving = _heading(start, knots[(i + 2) % n])
        reach = chord / 3
        path.cubicTo(
            start[0] + leaving[0] * reach,
            start[1] + leaving[1] * reach,
            end[0] - arriving[0] * reach,
            end[1] - arriving[1] * reach,
            end[0],
            end[1],
        )
    if closed:
        path.close()
    return path


def outline(*knots: Knot) -> skia.Path:
    """Return the closed path through the knots."""
    return curve(knots, closed=True)


def mirror(knots: Sequence[Knot], middle: float = MIDDLE) -> list[Knot]:
    """Return the knots reflected at the vertical line x = ``middle``, in the same order."""
    return [(2 * middle - k[0], k[1], _is_corner(k)) for k in knots]


def mirrored(*right: Knot, middle: float = MIDDLE) -> skia.Path:
    """Return the closed path whose right half runs through the knots from top to bottom."""
    left = [k for k in reversed(mirror(right, middle)) if abs(k[0] - middle) > 0.01]
    return curve([*right, *left], closed=True)


def reflected(path: skia.Path, middle: float = MIDDLE) -> skia.Path:
    """Return a copy of the path reflected at x = ``middle``."""
    copy = skia.Path()
    path.transform(skia.Matrix.MakeAll(-1, 0, 2 * middle, 0, 1, 0, 0, 0, 1), copy)
    return copy


def taper(knots: Sequence[tuple[float, float]], start: float, middle: float, end: float) -> skia.Path:
    """Return a closed lens around the knots, ``start``, ``middle`` and ``end`` wide: the shape of a fold."""
    n = len(knots)
    left: list[Knot] = []
    right: list[Knot] = []
    for i, (x, y) in enumerate(knots):
        t = i / (n - 1)
        width = start + (middle - start) * t * 2 if t < 0.5 else middle + (end - middle) * (t * 2 - 1)
        hx, hy = _heading(knots[max(0, i - 1)], knots[min(n - 1, i + 1)])
        left.append((x - hy * width / 2, y + hx * width / 2))
        right.append((x + hy * width / 2, y - hx * width / 2))
    return curve([*left, *reversed(right)], closed=True)


def strip(knots: Sequence[tuple[float, float]], width: float) -> skia.Path:
    """Return a closed band of one width along the knots: a strap, a belt, a waistband."""
    n = len(knots)
    left: list[Knot] = []
    right: list[Knot] = []
    for i, (x, y) in enumerate(knots):
        hx, hy = _heading(knots[max(0, i - 1)], knots[min(n - 1, i + 1)])
        edge = i in (0, n - 1)
        left.append((x - hy * width / 2, y + hx * width / 2, edge))
        right.append((x + hy * width / 2, y - hx * width / 2, edge))
    return curve([*left, *reversed(right)], closed=True)


def along(a: tuple[float, float], b: tuple[float, float], t: float) -> tuple[float, float]:
    """Return the point a share ``t`` of the way from ``a`` to ``b``."""
    return a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t


def ellipse(x: float, y: float, rx: float, ry: float) -> skia.Path:
    """Return the ellipse around (x, y)."""
    path = skia.Path()
    path.addOval(skia.Rect.MakeLTRB(x - rx, y - ry, x + rx, y + ry))
    return path


def rectangle(left: float, top: float, right: float, bottom: float, radius: float = 0.0) -> skia.Path:
    """Return the rectangle, its corners rounded by ``radius``."""
    path = skia.Path()
    path.addRoundRect(skia.Rect.MakeLTRB(left, top, right, bottom), radius, radius)
    return path
