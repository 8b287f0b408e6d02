"""Bar charts as plain geometry, drawn by a template as SVG: no script, and a table can stand beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 420, 140  # of the viewBox; the page scales it
TOP, BOTTOM = 18, 22  # room for the figure above and the labels below
GAP = 0.3  # of a bar's share


@dataclass(frozen=True)
class Bar:
    """One bar in viewBox units, with what it stands for."""

    label: str
    value: float
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True)
class Chart:
    """A title and (label, value) pairs; values are not negative. ``unit`` follows each value in the table, whose first
    column is headed ``column``; values have at most ``places`` decimal places."""

    title: str
    points: Sequence[tuple[str, float]]
    unit: str = ""
    column: str = "Day"
    places: int = 2

    width = WIDTH
    height = HEIGHT
    base = HEIGHT - BOTTOM

    @property
    def number_format(self) -> str:
        """As ``floatformat`` reads it."""
        return f"-{self.places}g"

    @property
    def total(self) -> float:
        return sum(value for _, value in self.points)

    @property
    def highest(self) -> float:
        return max((value for _, value in self.points), default=0)

    @property
    def bars(self) -> list[Bar]:
        """From left to right; the highest fills the height, and where all are zero none has any."""
        share = WIDTH / max(1, len(self.points))
        scale = (self.base - TOP) / self.highest if self.highest else 0
        return [
            Bar(
                label=label,
                value=value,
                x=round((i + GAP / 2) * share, 1),
                y=round(self.base - value * scale, 1),
                width=round((1 - GAP) * share, 1),
                height=round(value * scale, 1),
            )
            for i, (label, value) in enumerate(self.points)
        ]
