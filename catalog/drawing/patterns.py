"""Patterns: tiles in logical units that a piece of cloth is cut from."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import skia

from catalog.drawing.palette import RGB, brightness, darker, lighter, mix
from catalog.drawing.shapes import curve, ellipse

DENSITY = 2.0  # tile pixels per logical unit

Painter = Callable[[skia.Canvas, RGB, RGB, np.random.Generator], None]


def ink(colour: RGB, alpha: float = 1.0) -> skia.Paint:
    """Return an anti-aliased paint of the colour."""
    return skia.Paint(Color=skia.Color(colour[0], colour[1], colour[2], round(alpha * 255)), AntiAlias=True)


def _band(canvas: skia.Canvas, top: float, height: float, width: float, paint: skia.Paint) -> None:
    canvas.drawRect(skia.Rect.MakeXYWH(0, top, width, height), paint)


def _breton(canvas: skia.Canvas, base: RGB, second: RGB, rng: np.random.Generator) -> None:
    _band(canvas, 9, 7.5, 64, ink(second))
    _band(canvas, 41, 7.5, 64, ink(second))


def _even(canvas: skia.Canvas, base: RGB, second: RGB, rng: np.random.Generator) -> None:
    _band(canvas, 0, 26, 64, ink(second))


def _pinstripe(canvas: skia.Canvas, base: RGB, second: RGB, rng: np.random.Generator) -> None:
    for x in (8, 24, 40, 56):
        canvas.drawRect(skia.Rect.MakeXYWH(x, 0, 1.6, 64), ink(second, 0.75))


def _bengal(canvas: skia.Canvas, base: RGB, second: RGB, rng: np.random.Generator) -> None:
    for x in (0, 16, 32, 48):
        canvas.drawRect(skia.Rect.MakeXYWH(x, 0, 6, 64), ink(second, 0.85))


def _gingham(canvas: skia.Canvas, base: RGB, second: RGB, rng: np.random.Generator) -> None:
    for offset in (0, 32):
        _band(canvas, offset, 14, 64, ink(second, 0.55))
        canvas.drawRect(skia.Rect.MakeXYWH(offset, 0, 14, 64), ink(second, 0.55))


def _tartan(canvas: skia.Canvas, base: RGB, second: RGB, rng: np.random.Generator) -> None:
    dark = darker(base, 0.55)
    for start, wide, colour, alpha in (
        (0, 22, dark, 0.5),
        (31, 9, dark, 0.45),
        (50, 2.6, second, 0.75),
        (10, 2.0, second, 0.5),
    ):
        _band(canvas, start, wide, 64, ink(colour, alpha))
        canvas.drawRect(skia.Rect.MakeXYWH(start, 0, wide, 64), ink(colour, alpha))


def _windowpane(canvas: skia.Canvas, base: RGB, second: RGB, rng: np.random.Generator) -> None:
    _band(canvas, 30, 1.8, 64, ink(second, 0.65))
    canvas.drawRect(skia.Rect.MakeXYWH(30, 0, 1.8, 64), ink(second, 0.65))


def _dots(canvas: skia.Canvas, base: RGB, second: RGB, rng: np.random.Generator) -> None:
    for x, y in (
        (16, 16),
        (48, 16),
        (0, 0),
        (32, 0),
        (64, 0),
        (0, 32),
        (32, 32),
        (64, 32),
        (16, 48),
        (48, 48),
    ):
        canvas.drawCircle(x, y, 4.2, ink(second))
    for x in (0, 32, 64):
        canvas.drawCircle(x, 64, 4.2, ink(second))


def _pin_dots(canvas: skia.Canvas, base: RGB, second: RGB, rng: np.random.Generator) -> None:
    for x in range(8, 64, 16):
        for y in range(8, 64, 16):
            canvas.drawCircle(x + (4 if y % 32 > 16 else -4), y, 1.9, ink(second))


def _wrapped(canvas: skia.Canvas, size: float, x: float, y: float, draw: Callable[[], None]) -> None:
    """Draw at (x, y) and at its copies over the tile's edges, so that the tile repeats without a seam."""
    for ox in (-size, 0, size):
        for oy in (-size, 0, size):
            canvas.save()
            canvas.translate(x + ox, y + oy)
            draw()
            canvas.restore()


def _scattered(rng: np.random.Generator, n: int, size: float, gap: float) -> list[tuple[float, float]]:
    """Return up to ``n`` points at least ``gap`` apart on the torus."""
    points: list[tuple[float, float]] = []
    for _ in range(n * 30):
        x, y = (float(v) for v in rng.uniform(0, size, 2))
        apart = all(
            np.hypot(min(abs(x - a), size - abs(x - a)), min(abs(y - b), size - abs(y - b))) > gap
            for a, b in points
        )
        if apart:
            points.append((x, y))
        if len(points) == n:
            break
    return points


def _blossom(canvas: skia.Canvas, petals: int, size: float, petal: RGB, heart: RGB) -> None:
    for i in range(petals):
        canvas.save()
        canvas.rotate(360 / petals * i)
        canvas.drawPath(ellipse(0, -size * 0.62, size * 0.40, size * 0.58), ink(petal))
        canvas.drawPath(ellipse(0, -size * 0.45, size * 0.13, size * 0.36), ink(darker(petal, 0.18), 0.5))
        canvas.restore()
    canvas.drawCircle(0, 0, size * 0.27, ink(heart))


def _leaf(canvas: skia.Canvas, size: float, colour: RGB) -> None:
    leaf = curve(
        [(0, 0, True), (size * 0.34, -size * 0.5), (0, -size * 1.15, True), (-size * 0.3, -size * 0.55)], True
    )
    canvas.drawPath(leaf, ink(colour))


def _flowers(
    canvas: skia.Canvas, base: RGB, second: RGB, rng: np.random.Generator, size: float, n: int
) -> None:
    tile = 128.0
    dark = brightness(base) < 0.45
    leaf = mix((96, 124, 84), base, 0.25) if dark else mix((74, 100, 70), base, 0.15)
    petals = [second, mix(second, (206, 110, 104), 0.55), lighter(mix(base, second, 0.5), 0.25)]
    for i, (x, y) in enumerate(_scattered(rng, n, tile, size * 2.2)):
        turn, kind = float(rng.uniform(0, 360)), i % 3

        def draw(turn: float = turn, kind: int = kind) -> None:
            canvas.rotate(turn)
            for angle in (100, 150, 250):
                canvas.save()
                canvas.rotate(angle)
                canvas.translate(0, -size * 0.55)
                _leaf(canvas, size * 0.95, leaf)
                canvas.restore()
            _blossom(canvas, 5, size * (1.0, 0.8, 0.6)[kind], petals[kind], (222, 178, 84))

        _wrapped(canvas, tile, x, y, draw)
    for x, y in _scattered(rng, n * 2, tile, size * 1.1):
        _wrapped(canvas, tile, x, y, lambda: canvas.drawCircle(0, 0, size * 0.12, ink(second)))


def _ditsy(canvas: skia.Canvas, base: RGB, second: RGB, rng: np.random.Generator) -> None:
    _flowers(canvas, base, second, rng, 6.5, 22)


def _garden(canvas: skia.Canvas, base: RGB, second: RGB, rng: np.random.Generator) -> None:
    _flowers(canvas, base, second, rng, 14, 10)


def _brushstrokes(canvas: skia.Canvas, base: RGB, second: RGB, rng: np.random.Generator) -> None:
    colours = (second, darker(base, 0.35), lighter(base, 0.4))
    for i, (x, y) in enumerate(_scattered(rng, 22, 128, 20)):
        turn = float(rng.uniform(-40, 40))

        def draw(turn: float = turn, colour: RGB = colours[i % 3]) -> None:
            canvas.rotate(turn)
            canvas.drawPath(curve([(-11, 2), (-2, -4), (11, -2), (10, 2), (-1, 3)], True), ink(colour, 0.85))

        _wrapped(canvas, 128, x, y, draw)


def _leaves(canvas: skia.Canvas, base: RGB, second: RGB, rng: np.random.Generator) -> None:
    colours = (second, mix(base, second, 0.5))
    for i, (x, y) in enumerate(_scattered(rng, 20, 128, 22)):
        turn = float(rng.uniform(0, 360))

        def draw(turn: float = turn, colour: RGB = colours[i % 2]) -> None:
            canvas.rotate(turn)
            for angle in (-70, -35, 0, 35, 70):
                canvas.save()
                canvas.rotate(angle)
                _leaf(canvas, 14 - abs(angle) * 0.05, colour)
                canvas.restore()

        _wrapped(canvas, 128, x, y, draw)


def _geometric(canvas: skia.Canvas, base: RGB, second: RGB, rng: np.random.Generator) -> None:
    for x in (0, 32, 64):
        for y in (0, 32, 64):
            canvas.drawPath(
                curve([(x, y - 13, True), (x + 9, y, True), (x, y + 13, True), (x - 9, y, True)], True),
                ink(second, 0.9),
            )
            canvas.drawCircle(x + 16, y + 16, 3.2, ink(second, 0.9))


# name -> (side of the tile in logical units, painter). The first word before ":" is the pattern label.
_TILES: dict[str, tuple[float, Painter]] = {
    "Striped:breton": (64, _breton),
    "Striped:even": (64, _even),
    "Striped:pinstripe": (64, _pinstripe),
    "Striped:bengal": (64, _bengal),
    "Checked:gingham": (64, _gingham),
    "Checked:tartan": (64, _tartan),
    "Checked:windowpane": (64, _windowpane),
    "Dotted:dots": (64, _dots),
    "Dotted:pin": (64, _pin_dots),
    "Floral:ditsy": (128, _ditsy),
    "Floral:garden": (128, _garden),
    "Print:brush": (128, _brushstrokes),
    "Print:leaves": (128, _leaves),
    "Print:geometric": (64, _geometric),
}


def pattern_names(label: str) -> list[str]:
    """Return the drawn variants of a pattern label ("Striped"); none for "Solid" and "Denim"."""
    return [name for name in _TILES if name.split(":")[0] == label]


@lru_cache(maxsize=96)
def pattern_tile(name: str, base: RGB, second: RGB) -> skia.Image:
    """Return the tile of a pattern on its base colour, ``DENSITY`` pixels per logical unit."""
    side, paint = _TILES[name]
    surface = skia.Surface(round(side * DENSITY), round(side * DENSITY))
    canvas = surface.getCanvas()
    canvas.clear(skia.Color(*base))
    canvas.scale(DENSITY, DENSITY)
    paint(canvas, base, second, np.random.default_rng(23))
    return surface.makeImageSnapshot().withDefaultMipmaps()
