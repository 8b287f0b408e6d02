"""What a drawing function is told about the thing it draws."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from catalog.drawing.palette import RGB
from catalog.drawing.sheet import Cloth, Sheet


@dataclass(frozen=True)
class Look:
    """One garment to draw.

    ``traits`` are the product's attributes in lower case ("neckline": "crew"). ``rng`` is seeded by the model, not
    by the colour, so that two colours of one model share the silhouette. ``pose`` is "flat" or "hanger".
    """

    traits: Mapping[str, str]
    cloth: Cloth
    accent: RGB
    rng: np.random.Generator
    gender: str = "Unisex"
    pose: str = "flat"
    view: str = "flat"

    def trait(self, name: str, default: str = "") -> str:
        """Return a trait in lower case, or the default."""
        return self.traits.get(name, default)

    def about(self, middle: float, share: float = 0.04) -> float:
        """Return a measure near ``middle``: no two models are cut alike."""
        return middle * (1 + float(self.rng.uniform(-share, share)))

    @property
    def hanging(self) -> bool:
        """Whether it hangs rather than lies."""
        return self.pose == "hanger"


Drawer = Callable[[Sheet, Look], None]
