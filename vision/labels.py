"""Label names and vectors: what a picture is called, per kind (type, colour, …), and how a network counts it.

``LabelSpace`` is the order in which a network answers. The functions around it turn folder names and everyday words
into labels and labels into words for a page.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from vision.vocabulary import (
    ALWAYS_PLURAL,
    COLOUR_FAMILIES,
    DISPLAY_NAMES,
    EVERYDAY_TYPES,
    SHELVES,
)

KINDS = ("type", "category", "colour", "family", "gender", "pattern", "subject")
# A picture shows goods, of the kind that the shop sells, or something else. The network's answer to that is no label.
GOODS, OTHER = SUBJECTS = ("goods", "other")

# What a picture is known to be: kind -> the labels that may be meant. More than one where a word is coarse: "shoes" is
# any of ten article types. A kind that is not known is absent.
Labels = Mapping[str, frozenset[str]]

_SHELF_OF = {label: shelf for shelf, labels in SHELVES.items() for label in labels}
_FAMILY_OF = {label: family for family, labels in COLOUR_FAMILIES.items() for label in labels}
_EVERYDAY_COLOURS = {family.lower(): names for family, names in COLOUR_FAMILIES.items()}
# Every word of a colour's name ("navy", "blue"), in lower case.
COLOUR_WORDS = frozenset(word for name in _FAMILY_OF for word in name.lower().split()) | {
    "gray",
    "multicolour",
}


class UnknownLabel(ValueError):
    """A label that the label space does not hold."""


@dataclass(frozen=True)
class LabelSpace:
    """The labels a network knows: kind -> names, in the order of its outputs, kind after kind."""

    kinds: Mapping[str, tuple[str, ...]]

    def __post_init__(self) -> None:
        for kind, names in self.kinds.items():
            if not names or len(set(names)) < len(names):
                raise ValueError(f"the labels of {kind!r} must be some names, each once")

    @classmethod
    def of(cls, pictures: Iterable[Labels], kinds: Iterable[str]) -> "LabelSpace":
        """The space of all labels in ``pictures``, sorted by name; kinds without a label are left out."""
        found: dict[str, set[str]] = {kind: set() for kind in kinds}
        for labels in pictures:
            for kind in found.keys() & labels.keys():
                found[kind] |= labels[kind]
        return cls({kind: tuple(sorted(names)) for kind, names in found.items() if names})

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "LabelSpace":
        """Read what ``to_json`` wrote."""
        return cls({str(kind): tuple(str(name) for name in names) for kind, names in content.items()})

    def to_json(self) -> dict[str, list[str]]:
        """Kind -> names, for ``labels.json``."""
        return {kind: list(names) for kind, names in self.kinds.items()}

    def __len__(self) -> int:
        return sum(len(names) for names in self.kinds.values())

    @property
    def slices(self) -> dict[str, slice]:
        """Where each kind lies in a vector."""
        slices, start = {}, 0
        for kind, names in self.kinds.items():
            slices[kind] = slice(start, start + len(names))
            start += len(names)
        return slices

    def vector(self, labels: Labels) -> npt.NDArray[np.float32]:
        """1 for each label that may be meant, else 0; float32 (len(self),). A kind that is not known stays all 0.

        Raises:
            UnknownLabel: when a label is none of this space.
        """
        vector = np.zeros(len(self), np.float32)
        for kind, where in self.slices.items():
            for label in labels.get(kind, frozenset()):
                try:
                    vector[where.start + self.kinds[kind].index(label)] = 1
                except ValueError:
                    raise UnknownLabel(f"{label!r} is no {kind} this model knows") from None
        return vector

    def labels(self, vector: npt.ArrayLike, threshold: float = 0.5) -> dict[str, frozenset[str]]:
        """The labels whose entry is above ``threshold``; the other way of ``vector``."""
        numbers = np.asarray(vector)
        if numbers.shape != (len(self),):
            raise ValueError(f"a vector of {len(self)} labels is expected, not {numbers.shape}")
        found = {
            kind: frozenset(
                name
                for name, value in zip(self.kinds[kind], numbers[where], strict=True)
                if value > threshold
            )
            for kind, where in self.slices.items()
        }
        return {kind: names for kind, names in found.items() if names}


def labels_from_folder(name: str) -> dict[str, str]:
    """Read a folder's name as labels.

    ``red_dress`` → colour red, type dress; ``dress`` → type dress; ``navy_blue_shirt`` → colour navy blue, type shirt.
    """
    words = name.strip().lower().split("_")
    colour, kind = " ".join(words[:-1]), words[-1]
    if not colour:
        return {"type": kind}
    if COLOUR_WORDS.issuperset(colour.split()):
        return {"colour": colour, "type": kind}
    return {"type": " ".join(words)}


def meant_by(word: str, kind: str, known: Iterable[str]) -> frozenset[str]:
    """The labels among ``known`` that a word of a folder or a file may mean; empty when there is none.

    A label's own name means that label alone. Any other word means what people call by it ("shoes" ten article types,
    "red" all shades of red), or a label that people call it by ("Dresses" the label dress).
    """
    known = frozenset(known)
    if word in known:
        return frozenset({word})
    everyday = {"type": EVERYDAY_TYPES, "colour": _EVERYDAY_COLOURS}.get(kind, {})
    narrower = everyday.get(word.lower(), ())
    return frozenset(
        name
        for name in known
        if name.lower() == word.lower() or name in narrower or word in everyday.get(name.lower(), ())
    )


def shelf_of(article_type: str) -> str | None:
    """The shop's shelf (tops, shoes, …) of an article type, or None for what no shelf takes."""
    return _SHELF_OF.get(article_type)


def colour_family(colour: str) -> str | None:
    """One of 13 families (``Navy Blue`` → ``Blue``), or None for a colour nobody has named."""
    return _FAMILY_OF.get(colour) or _FAMILY_OF.get(colour.title())


def display_name(label: str) -> str:
    """How a label reads on a page: ``Tshirts`` → T-shirt, ``Casual Shoes`` → casual shoes, ``Tops`` → top."""
    if label in DISPLAY_NAMES:
        return DISPLAY_NAMES[label]
    last = label.split()[-1] if label.split() else ""
    if last.endswith("s") and not last.endswith("ss") and last not in ALWAYS_PLURAL:
        label = label[:-1]
    return label.lower()
