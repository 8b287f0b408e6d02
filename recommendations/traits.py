"""What is known of products beside their pictures, as complements ask it: kind, slot, for whom, for what, in which
colours."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from recommendations.body_slots import GENDERS_THAT_FIT
from vision.colour import HISTOGRAM_SIZE, Lab

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]

UNKNOWN = 0
COMPARED = ("genders", "occasions", "brands", "themes")


@dataclass(frozen=True)
class Traits:
    """What is known about m products beside their pictures, each list in the same order; "" is unknown."""

    kinds: Sequence[str]  # article types: "Jeans"
    slots: Sequence[str]  # body_slots.slot_of
    genders: Sequence[str]  # "Men", "Women", "Boys", "Girls", "Unisex", in any capitals
    occasions: Sequence[str]  # usage or theme: "Casual"
    brands: Sequence[str]
    colours: Lab  # (m, 3), the main colour in L*a*b*
    themes: Sequence[str] = ()  # team, print or character; nothing known of any when empty
    # (m, 64), vision.colour.colour_histogram; a row of zeros, or no row at all, is unknown
    histograms: npt.NDArray[np.float32] = field(
        default_factory=lambda: np.zeros((0, HISTOGRAM_SIZE), np.float32)
    )
    # (m,), clusters.numbers_of: the same for what differs in colour only; nothing known of any when empty
    styles: Numbers = field(default_factory=lambda: np.zeros(0, np.int64))

    def __post_init__(self) -> None:
        m = len(self.kinds)
        for name, unknown in (
            ("themes", [""] * m),
            ("histograms", np.zeros((m, HISTOGRAM_SIZE), np.float32)),
            ("styles", np.full(m, UNKNOWN, np.int64)),
        ):
            if not len(getattr(self, name)):
                object.__setattr__(self, name, unknown)

    @classmethod
    def joined(cls, parts: Sequence["Traits"]) -> "Traits":
        """The traits of several lists of products, one after the other."""
        return cls(
            kinds=[value for part in parts for value in part.kinds],
            slots=[value for part in parts for value in part.slots],
            genders=[value for part in parts for value in part.genders],
            occasions=[value for part in parts for value in part.occasions],
            brands=[value for part in parts for value in part.brands],
            colours=np.concatenate([part.colours for part in parts]),
            themes=[value for part in parts for value in part.themes],
            histograms=np.concatenate([part.histograms for part in parts]),
            styles=np.concatenate([part.styles for part in parts]),
        )

    def __len__(self) -> int:
        return len(self.kinds)

    @cached_property
    def numbers(self) -> dict[str, Numbers]:
        """What is compared of them, each word as a number, which is quicker: (m,) for each of ``COMPARED``."""
        return {
            name: np.array([_number(word) for word in getattr(self, name)], np.int64) for name in COMPARED
        }

    @cached_property
    def folded_genders(self) -> npt.NDArray[np.str_]:
        """For whom each is, ``folded``, (m,)."""
        return folded(self.genders)

    @cached_property
    def told(self) -> npt.NDArray[np.bool_]:
        """Of which products all colours are known, (m,)."""
        return np.asarray(self.histograms.any(axis=1), np.bool_)

    def chosen(self, rows: npt.NDArray[np.int64]) -> "Traits":
        """Return the traits of some rows, in that order."""
        return Traits(
            kinds=[self.kinds[row] for row in rows],
            slots=[self.slots[row] for row in rows],
            genders=[self.genders[row] for row in rows],
            occasions=[self.occasions[row] for row in rows],
            brands=[self.brands[row] for row in rows],
            colours=self.colours[rows],
            themes=[self.themes[row] for row in rows],
            histograms=self.histograms[rows],
            styles=self.styles[rows],
        )


def agree(ours: Numbers, theirs: Numbers, *, unknown: float) -> Floats:
    """Where two lists of numbered words (q,) and (k,) are the same, (q, k): 1, 0, or ``unknown`` where one is."""
    left = ours[:, None]
    return np.where((left == UNKNOWN) | (theirs == UNKNOWN), unknown, (left == theirs).astype(np.float64))


def fits_gender(ours: Numbers, theirs: Numbers) -> npt.NDArray[np.bool_]:
    """Where what is for somebody may complete what is for somebody else, (q, k); both numbered."""
    fits = np.ones((len(ours), len(theirs)), bool)
    for gender, fitting in GENDERS_THAT_FIT.items():
        asking = ours == _number(gender)
        if asking.any():
            fits[asking] = np.isin(theirs, [_number(other) for other in fitting])
    return fits


@lru_cache(maxsize=100_000)
def _number(word: str) -> int:
    """The same for the same word but for capitals and the space around it; ``UNKNOWN`` for none."""
    plain = word.strip().lower()
    return int.from_bytes(blake2b(plain.encode(), digest_size=7).digest(), "big") if plain else UNKNOWN


def folded(values: Sequence[str]) -> npt.NDArray[np.str_]:
    """Words without their capitals and the space around them, as they are compared here, (m,)."""
    return np.array([value.strip().lower() for value in values], dtype=np.str_)
