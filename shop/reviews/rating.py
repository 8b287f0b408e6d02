"""What many buyers say in figures. No database here."""

from collections.abc import Sequence
from dataclasses import dataclass

STARS = 5
FITS = ("small", "true", "large")
FEW_FOR_FIT = 3  # buyers who must have spoken before a fit is told: one opinion is none
MOST = 0.5  # the share of them that must agree


@dataclass(frozen=True)
class Bar:
    """How many gave so many ``stars``; ``percent`` of all, rounded."""

    stars: int
    n: int
    percent: int


@dataclass(frozen=True)
class Rating:
    """``stars[i]`` reviews gave ``i + 1`` stars; ``fits[i]`` said that the fit is ``FITS[i]``."""

    stars: Sequence[int] = (0,) * STARS
    fits: Sequence[int] = (0,) * len(FITS)

    @property
    def n(self) -> int:
        return sum(self.stars)

    @property
    def average(self) -> float:
        """The mean number of stars, to one digit; 0 without reviews."""
        given = sum(n * stars for stars, n in enumerate(self.stars, start=1))
        return round(given / self.n, 1) if self.n else 0.0

    @property
    def bars(self) -> list[Bar]:
        """Five bars, the best first."""
        return [
            Bar(stars, n, round(100 * n / self.n) if self.n else 0)
            for stars, n in sorted(enumerate(self.stars, start=1), reverse=True)
        ]

    @property
    def fit(self) -> str:
        """What more than half of the buyers say of the fit, one of ``FITS``; empty where few spoke or they disagree."""
        spoken = sum(self.fits)
        if spoken < FEW_FOR_FIT:
            return ""
        n, fit = max(zip(self.fits, FITS, strict=True), key=lambda pair: pair[0])
        return fit if n > MOST * spoken else ""
