"""The sheet a garment is laid on: colours on one surface, heights on another, put together by the light."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
import skia

from catalog.drawing.fabric import FABRICS, TEXELS_PER_UNIT, Fabric, texture_tile
from catalog.drawing.light import HEIGHT_RANGE, WRINKLE_RANGE, shading, shadow
from catalog.drawing.palette import RGB, brightness, darker, lighter
from catalog.drawing.patterns import DENSITY, ink, pattern_tile
from catalog.drawing.shapes import HEIGHT, WIDTH, Knot, curve, ellipse, taper

Point = tuple[float, float]

_SMOOTH = skia.SamplingOptions(skia.FilterMode.kLinear, skia.MipmapMode.kLinear)
_LINEAR = skia.SamplingOptions(skia.FilterMode.kLinear)


@dataclass(frozen=True)
class Cloth:
    """What a piece is cut from: a colour, a fabric and, perhaps, a pattern tile with its second colour."""

    colour: RGB
    fabric: Fabric
    pattern: str = ""
    second: RGB = (240, 236, 226)
    scale: float = 1.0

    def plain(self) -> "Cloth":
        """Return the same cloth without its pattern."""
        return replace(self, pattern="")

    def tinted(self, share: float) -> "Cloth":
        """Return plain cloth, darker by ``share`` (lighter when negative)."""
        colour = darker(self.colour, share) if share > 0 else lighter(self.colour, -share)
        return replace(self, colour=colour, pattern="")

    def of(self, fabric: str) -> "Cloth":
        """Return plain cloth of the same colour in another fabric."""
        return replace(self, fabric=FABRICS[fabric], pattern="")


@dataclass(frozen=True)
class Placing:
    """Where the 600×800 logical units land on the picture: enlarged, turned (degrees), about the middle."""

    zoom: float = 1.0
    focus: Point = (WIDTH / 2, HEIGHT / 2)
    turn: float = 0.0


class Sheet:
    """Collects pieces, folds and details; ``finish`` lights them.

    Coordinates are logical (600×800). The relief is kept at half the resolution of the picture.
    """

    def __init__(self, width: int, height: int, placing: Placing | None = None, gloss: float = 0.0) -> None:
        placing = placing or Placing()
        self.width, self.height = width, height
        self.gloss = gloss
        self._surface = skia.Surface(width, height)
        self.canvas = self._surface.getCanvas()
        self._relief = np.zeros(((height + 1) // 2, (width + 1) // 2, 4), dtype=np.float32)
        info = skia.ImageInfo.Make(
            self._relief.shape[1], self._relief.shape[0], skia.kRGBA_F32_ColorType, skia.kPremul_AlphaType
        )
        self._ground = skia.Surface.MakeRasterDirect(info, self._relief, self._relief.strides[0])
        self.relief = self._ground.getCanvas()
        scale = min(width / WIDTH, height / HEIGHT) * placing.zoom
        self.unit = 2 / scale  # logical size of a relief pixel
        for canvas, share in ((self.canvas, 1.0), (self.relief, 0.5)):
            canvas.scale(share, share)
            canvas.translate(width / 2, height / 2)
            canvas.rotate(placing.turn)
            canvas.scale(scale, scale)
            canvas.translate(-placing.focus[0], -placing.focus[1])

    # Pieces of cloth

    def piece(
        self,
        path: skia.Path,
        cloth: Cloth,
        *,
        grain: float = 0.0,
        origin: Point = (300.0, 100.0),
        lift: float | None = None,
        bulge: float = 9.0,
        spread: float = 13.0,
        over: bool = False,
        edge: float = 0.28,
    ) -> None:
        """Lay a piece of cloth.

        ``grain`` turns the weave and the pattern (degrees) about ``origin``. ``lift`` is the height of its edge,
        ``bulge`` how far the middle rises above the edge within ``spread``. With ``over`` it lies on what is there
        (collar, pocket); otherwise it replaces the relief below. ``edge`` is the strength of the drawn outline.
        """
        matrix = skia.Matrix.RotateDeg(grain, skia.Point(*origin))
        self.canvas.drawPath(path, self._dye(cloth, matrix, origin))
        tile = texture_tile(cloth.fabric.texture, self._contrast(cloth))
        self.canvas.drawPath(path, self._repeat(tile, TEXELS_PER_UNIT, matrix))
        if edge:
            self._stroke(path, 1.3, (20, 14, 14), edge)
        rise = (cloth.fabric.thickness if lift is None else lift) / HEIGHT_RANGE
        wrinkle = cloth.fabric.wrinkle / WRINKLE_RANGE
        if over:
            self._raise(path, skia.Color4f(rise, 0, 0, 1), skia.BlendMode.kPlus)
        else:
            self._raise(path, skia.Color4f(rise, 0, wrinkle, 1), skia.BlendMode.kSrcOver)
        if bulge:
            paint = skia.Paint(
                Color4f=skia.Color4f(1, 1, 1, 1), AntiAlias=True, BlendMode=skia.BlendMode.kPlus
            )
            paint.setColor4f(skia.Color4f(bulge / HEIGHT_RANGE, 0, 0, 0))
            paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kInner_BlurStyle, spread))
            self.relief.drawPath(path, paint)

    @staticmethod
    def _contrast(cloth: Cloth) -> float:
        """Weaves show less on pale cloth; steps keep the number of cached tiles small."""
        pale = brightness(cloth.colour)
        return round(cloth.fabric.contrast * (1.25 - 0.6 * pale), 2)

    @staticmethod
    def _repeat(tile: skia.Image, density: float, matrix: skia.Matrix) -> skia.Paint:
        local = skia.Matrix.Concat(matrix, skia.Matrix.Scale(1 / density, 1 / density))
        # Passed to the constructor: Paint.setShader copies an image shader by encoding it, 20 ms each time.
        shader = tile.makeShader(skia.TileMode.kRepeat, skia.TileMode.kRepeat, _SMOOTH, local)
        return skia.Paint(AntiAlias=True, Shader=shader)

    def _dye(self, cloth: Cloth, matrix: skia.Matrix, origin: Point) -> skia.Paint:
        if not cloth.pattern:
            return ink(cloth.colour)
        local = skia.Matrix.Concat(matrix, skia.Matrix.Translate(*origin))
        tile = pattern_tile(cloth.pattern, cloth.colour, cloth.second)
        return self._repeat(tile, DENSITY / cloth.scale, local)

    def _raise(self, path: skia.Path, colour: skia.Color4f, mode: skia.BlendMode) -> None:
        paint = skia.Paint(AntiAlias=True, BlendMode=mode)
        paint.setColor4f(colour)
        self.relief.drawPath(path, paint)

    @contextmanager
    def within(self, path: skia.Path) -> Iterator[None]:
        """Keep everything drawn inside the path."""
        for canvas in (self.canvas, self.relief):
            canvas.save()
            canvas.clipPath(path, doAntiAlias=True)
        try:
            yield
        finally:
            for canvas in (self.canvas, self.relief):
                canvas.restore()

    @contextmanager
    def moved(self, dx: float, dy: float, zoom: float = 1.0, stretch: float = 1.0) -> Iterator[None]:
        """Draw everything enlarged about the middle of the sheet, ``stretch`` times taller, shifted by (dx, dy)."""
        for canvas in (self.canvas, self.relief):
            canvas.save()
            canvas.translate(WIDTH / 2 + dx, HEIGHT / 2 + dy)
            canvas.scale(zoom, zoom * stretch)
            canvas.translate(-WIDTH / 2, -HEIGHT / 2)
        try:
            yield
        finally:
            for canvas in (self.canvas, self.relief):
                canvas.restore()

    # Folds

    def fold(
        self,
        knots: Sequence[Point],
        depth: float = 5.0,
        width: float = 14.0,
        *,
        start: float = 1.0,
        end: float = 1.0,
        soft: float = 5.0,
    ) -> None:
        """Raise a ridge along the knots (a valley when ``depth`` is negative), ``depth`` logical units high."""
        value = abs(depth) / HEIGHT_RANGE
        paint = skia.Paint(AntiAlias=True, BlendMode=skia.BlendMode.kPlus)
        paint.setColor4f(skia.Color4f(value, 0, 0, 1) if depth > 0 else skia.Color4f(0, value, 0, 1))
        paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, soft))
        self.relief.drawPath(taper(knots, start, width, end), paint)

    # Thin details

    def _stroke(self, path: skia.Path, width: float, colour: RGB, alpha: float) -> None:
        paint = ink(colour, alpha)
        paint.setStyle(skia.Paint.kStroke_Style)
        paint.setStrokeWidth(width)
        paint.setStrokeCap(skia.Paint.kRound_Cap)
        paint.setStrokeJoin(skia.Paint.kRound_Join)
        self.canvas.drawPath(path, paint)

    def line(self, path: skia.Path, colour: RGB, width: float = 1.5, alpha: float = 1.0) -> None:
        """Draw a plain line."""
        self._stroke(path, width, colour, alpha)

    def seam(self, knots: Sequence[Knot], cloth: Cloth, strength: float = 1.0) -> None:
        """Draw a seam: a dark line with a light lip, pressed into the cloth."""
        path = curve(list(knots))
        self._stroke(path, 1.5, darker(cloth.colour, 0.75), 0.55 * strength)
        lip = skia.Path()
        path.transform(skia.Matrix.Translate(1.4, 1.0), lip)
        self._stroke(lip, 1.2, lighter(cloth.colour, 0.5), 0.32 * strength)
        paint = skia.Paint(AntiAlias=True, Style=skia.Paint.kStroke_Style, StrokeWidth=4)
        paint.setBlendMode(skia.BlendMode.kPlus)
        paint.setColor4f(skia.Color4f(0, 3.0 * strength / HEIGHT_RANGE, 0, 1))
        self.relief.drawPath(path, paint)

    def stitch(
        self, knots: Sequence[Knot], cloth: Cloth, colour: RGB | None = None, alpha: float = 0.6
    ) -> None:
        """Draw a row of stitches along the knots."""
        thread = colour or (
            lighter(cloth.colour, 0.4) if brightness(cloth.colour) < 0.45 else darker(cloth.colour, 0.4)
        )
        paint = ink(thread, alpha)
        paint.setStyle(skia.Paint.kStroke_Style)
        paint.setStrokeWidth(1.25)
        paint.setStrokeCap(skia.Paint.kRound_Cap)
        paint.setPathEffect(skia.DashPathEffect.Make([4.0, 3.2], 0))
        self.canvas.drawPath(curve(list(knots)), paint)

    def disc(self, x: float, y: float, radius: float, colour: RGB, height: float = 4.0) -> None:
        """Draw a small round thing that stands up: a snap, a rivet, a knob."""
        self.canvas.drawCircle(x + 0.8, y + 1.4, radius, ink((20, 14, 12), 0.35))
        tones = [skia.Color(*tone) for tone in (lighter(colour, 0.35), colour, darker(colour, 0.3))]
        glint = skia.Point(x - radius * 0.4, y - radius * 0.4)
        shader = skia.GradientShader.MakeRadial(glint, radius * 1.6, tones)
        self.canvas.drawCircle(x, y, radius, skia.Paint(AntiAlias=True, Shader=shader))
        self._raise(
            ellipse(x, y, radius, radius), skia.Color4f(height / HEIGHT_RANGE, 0, 0, 1), skia.BlendMode.kPlus
        )

    def button(self, x: float, y: float, colour: RGB, radius: float = 5.5) -> None:
        """Draw a sewn button with a rim and four holes."""
        self.disc(x, y, radius, colour, 2.0)
        self._stroke(ellipse(x, y, radius * 0.68, radius * 0.68), 0.8, darker(colour, 0.5), 0.5)
        for dx in (-0.24, 0.24):
            for dy in (-0.24, 0.24):
                self.canvas.drawCircle(
                    x + dx * radius, y + dy * radius, radius * 0.12, ink(darker(colour, 0.7))
                )

    def zip(self, top: Point, bottom: Point, metal: RGB = (176, 170, 158), width: float = 7.0) -> None:
        """Draw a closed zip from its slider down."""
        length = math.dist(top, bottom)
        self._stroke(curve([top, bottom]), width, (34, 32, 34), 0.8)
        paint = ink(metal)
        paint.setStyle(skia.Paint.kStroke_Style)
        paint.setStrokeWidth(width * 0.6)
        paint.setPathEffect(skia.DashPathEffect.Make([2.2, 1.6], 0))
        self.canvas.drawPath(curve([top, bottom]), paint)
        self._stroke(curve([top, bottom]), 0.9, (30, 28, 28), 0.7)
        if length > 20:
            x, y = top
            tab = skia.Path()
            tab.addRoundRect(skia.Rect.MakeXYWH(x - 3.4, y, 6.8, 9), 2, 2)
            tab.addRoundRect(skia.Rect.MakeXYWH(x - 2.2, y + 9, 4.4, 14), 2, 2)
            self.canvas.drawPath(tab, ink(lighter(metal, 0.2)))
            self._stroke(tab, 0.8, darker(metal, 0.6), 0.7)

    # Light

    def cover(self) -> np.ndarray:
        """Return where cloth lies, (h/2, w/2) float32, 0..1."""
        cover: np.ndarray = np.clip(self._relief[..., 3], 0, 1)
        return cover

    def _light(self, seed: int, crumple: float) -> None:
        self.canvas.resetMatrix()
        veil = shading(self._relief, self.unit, self.gloss, seed, crumple)
        whole = skia.Rect.MakeWH(self.width, self.height)
        self.canvas.drawImageRect(veil, whole, _LINEAR, skia.Paint(BlendMode=skia.BlendMode.kSrcATop))

    def finish(self, background: skia.Image, seed: int, hanging: bool = False) -> np.ndarray:
        """Light everything and return the picture, (height, width, 3) uint8 RGB. The sheet is used up."""
        self._light(seed, 1.0)
        picture = skia.Surface(self.width, self.height)
        canvas = picture.getCanvas()
        canvas.drawImage(background, 0, 0)
        whole = skia.Rect.MakeWH(self.width, self.height)
        canvas.drawImageRect(shadow(self.cover(), self.unit, hanging), whole, _LINEAR)
        self._surface.draw(canvas, 0, 0)
        return np.ascontiguousarray(picture.toarray(colorType=skia.kRGBA_8888_ColorType)[..., :3])

    def cut_out(self, seed: int, crumple: float = 1.0) -> np.ndarray:
        """Light everything and return it without a background, (height, width, 4) uint8 RGBA, not premultiplied.

        ``crumple`` enlarges the small creases. The sheet is used up.
        """
        self._light(seed, crumple)
        pixels: np.ndarray = self._surface.toarray(colorType=skia.kRGBA_8888_ColorType)
        return pixels
