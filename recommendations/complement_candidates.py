"""The products among which complements are chosen, as a network keeps them: what each was made from, where it stands,
and what it costs to offer it once more."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Self

import numpy as np
import numpy.typing as npt

from recommendations.clusters import Floats, Ids
from recommendations.traits import Traits

Arrays = Mapping[str, npt.NDArray[np.generic]]
WORDS_OF_TRAITS = ("kinds", "slots", "genders", "occasions", "brands", "themes")


@dataclass(frozen=True)
class Candidates:
    """m products, every field in the same order."""

    product_ids: Ids  # (m,)
    fingerprints: Ids  # (m,), recommendations.outlines: of what was known of each when it was placed
    traits: Traits
    places: Floats  # (m, r), in whose space Euclid's distance of words is Mahalanobis'
    tastes: Floats  # (m, t), where the learnt harmony places them
    prices: Floats  # (m,), what a piece loses so that a few do not complete everything

    def __len__(self) -> int:
        return len(self.product_ids)

    def chosen(self, rows: Ids) -> Self:
        """Some of them, in that order."""
        arrays = {
            field.name: getattr(self, field.name)[rows] for field in fields(self) if field.name != "traits"
        }
        return type(self)(traits=self.traits.chosen(rows), **arrays)

    def and_also(self, others: "Candidates") -> Self:
        """These, then ``others``."""
        arrays = {
            field.name: np.concatenate([getattr(self, field.name), getattr(others, field.name)])
            for field in fields(self)
            if field.name != "traits"
        }
        return type(self)(traits=Traits.joined([self.traits, others.traits]), **arrays)

    def by_kind(self) -> "list[Candidates]":
        """The products of each article type of each slot by themselves."""
        names = [f"{slot}\n{kind}" for slot, kind in zip(self.traits.slots, self.traits.kinds, strict=True)]
        kinds, kind_of = np.unique(np.array(names, np.str_), return_inverse=True)
        return [self.chosen(np.flatnonzero(kind_of == number)) for number in range(len(kinds))]

    def to_arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """Everything as plain arrays; places and tastes in single precision, histograms in half."""
        arrays: dict[str, npt.NDArray[np.generic]] = {
            "product_ids": self.product_ids,
            "fingerprints": self.fingerprints,
            "places": self.places.astype(np.float32),
            "tastes": self.tastes.astype(np.float32),
            "prices": self.prices,
            "colours": np.asarray(self.traits.colours),
            "histograms": self.traits.histograms.astype(np.float16),
            "styles": self.traits.styles,
        }
        for name in WORDS_OF_TRAITS:
            words, codes = np.unique(np.array(getattr(self.traits, name), np.str_), return_inverse=True)
            arrays[name] = codes.astype(np.int32)
            arrays[f"{name}.words"] = np.frombuffer(json.dumps(words.tolist()).encode(), np.uint8).copy()
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Self:
        """Rebuild from ``to_arrays``."""
        words = {
            name: _decoded(arrays[f"{name}.words"].tobytes(), arrays[name].tolist())
            for name in WORDS_OF_TRAITS
        }
        return cls(
            product_ids=arrays["product_ids"].astype(np.int64),
            fingerprints=arrays["fingerprints"].astype(np.int64),
            traits=Traits(
                colours=arrays["colours"].astype(np.float64),
                histograms=arrays["histograms"].astype(np.float32),
                # One that was stored before styles were kept does without until the next refresh.
                styles=arrays.get("styles", np.zeros(0)).astype(np.int64),
                **words,
            ),
            places=arrays["places"].astype(np.float64),
            tastes=arrays["tastes"].astype(np.float64),
            prices=arrays["prices"].astype(np.float64),
        )


def _decoded(words: bytes, codes: Sequence[int]) -> list[str]:
    known = json.loads(words)
    return [known[code] for code in codes]
