"""The channels in which two products are alike, joined into one row of numbers whose Euclidean distance is the
unlikeness.

Pictures give three: visual words, the network's embedding, the garment's colours. What is stated of a product, or was
seen where nothing is stated, gives more: article type, gender, occasion, theme (a print, a team), brand, price. A word
becomes a code of unit length made from its letters (feature hashing; Weinberger et al., "Feature hashing for large
scale multitask learning", ICML 2009): the same word is at distance 0, two different words are about d² = 2 apart, an
unknown word stands at 0, halfway to all. A new brand needs no refitting, and a type that was only seen is the mixture
of what it may be.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from math import log
from typing import Self

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]
Guess = Mapping[str, float]  # what something may be, with probabilities; {} when nothing is known

PICTURE_CHANNELS = ("words", "embedding", "colour")
FACT_SIZES = {"type": 32, "gender": 8, "occasion": 8, "theme": 16, "brand": 16, "price": 2}
CHANNELS = (*PICTURE_CHANNELS, *FACT_SIZES)

# Root mean square distance from the mean. A category with few pictures cannot know that of its pictures; it leans on
# these as if on so many more pictures: words' and colour's measured on 2,421 shop photos, the embedding's set by
# judgement. That of the facts is by construction.
TYPICAL_SPREAD = {"words": 0.15, "embedding": 0.75, "colour": 0.65}
TYPICAL_PICTURES = 5
FACT_SPREAD = 1.0


@dataclass(frozen=True)
class Weights:
    """How much each channel counts in "alike". Any scale; 0 leaves a channel out.

    Learnt by ``recommendations.learning_weights`` on one half (by name stem) of the 307 products of
    ../shared/data/products that the network has not learnt from, and rounded; docs/benchmarks.md has the figures of the
    other half. That data states neither brands nor prices: those two are set, not learnt.
    """

    words: float = 3.0
    embedding: float = 18.0
    colour: float = 3.0
    type: float = 28.0
    gender: float = 14.0
    occasion: float = 3.0
    theme: float = 6.0
    brand: float = 3.0
    price: float = 1.0

    @classmethod
    def of(cls, values: Mapping[str, float]) -> Self:
        """The weights of a mapping by channel; a channel that it does not name counts nothing."""
        return cls(**{name: float(values.get(name, 0.0)) for name in CHANNELS})

    def as_array(self) -> Floats:
        """The weights in the order of ``CHANNELS``."""
        return np.array([asdict(self)[name] for name in CHANNELS], np.float64)


LEARNT = Weights()
WORDS_ALONE = Weights.of({"words": 1.0})
PICTURES_ALONE = Weights(type=0.0, gender=0.0, occasion=0.0, theme=0.0, brand=0.0, price=0.0)


@dataclass(frozen=True)
class Facts:
    """What is known of m products beside their pictures; every list in the same order.

    ``prices`` are positive, 0 where unknown. ``models`` name what differs in colour only, "" where unknown. ``tones``
    are colour families, "" where unknown. ``available`` says whether one can be bought now.
    """

    types: Sequence[Guess]
    genders: Sequence[Guess]
    occasions: Sequence[Guess]
    themes: Sequence[Guess]
    brands: Sequence[Guess]
    prices: Sequence[float]
    models: Sequence[str]
    tones: Sequence[str]
    available: Sequence[bool]

    @classmethod
    def unknown(cls, m: int) -> Self:
        """Nothing is known of m products, except that they can be bought."""
        guesses: list[Guess] = [{}] * m
        return cls(guesses, guesses, guesses, guesses, guesses, [0.0] * m, [""] * m, [""] * m, [True] * m)

    def __len__(self) -> int:
        return len(self.types)

    def chosen(self, rows: Sequence[int] | npt.NDArray[np.int64]) -> "Facts":
        """The facts of some rows, in that order."""
        return Facts(*([column[row] for row in rows] for column in vars(self).values()))

    def channels(self) -> dict[str, Rows]:
        """The fact channels, each float32 (m, its size)."""
        words = {
            "type": self.types,
            "gender": self.genders,
            "occasion": self.occasions,
            "theme": self.themes,
            "brand": self.brands,
        }
        rows = {name: codes_of(name, guesses) for name, guesses in words.items()}
        return {**rows, "price": price_codes(self.prices)}


def codes_of(kind: str, guesses: Sequence[Guess]) -> Rows:
    """Each guess as the mixture of its words' codes, float32 (m, size of the kind)."""
    rows = np.zeros((len(guesses), FACT_SIZES[kind]), np.float32)
    for row, guess in zip(rows, guesses, strict=True):
        for word, probability in guess.items():
            if word:
                row += np.float32(probability) * _code(kind, word.strip().casefold())
    return rows


@lru_cache(maxsize=20_000)
def _code(kind: str, word: str) -> Rows:
    seed = int.from_bytes(hashlib.blake2b(f"{kind}\n{word}".encode(), digest_size=8).digest(), "big")
    size = FACT_SIZES[kind]
    signs = np.random.default_rng(seed).integers(0, 2, size) * 2 - 1
    return np.asarray(signs / np.sqrt(size), np.float32)


def price_codes(prices: Sequence[float]) -> Rows:
    """Prices on a circle, float32 (m, 2): twice the price is d² = 0.46 apart, 23 times is as far as it goes."""
    turns = np.array([log(price) if price > 0 else 0.0 for price in prices], np.float64)
    rows = np.stack([np.cos(turns), np.sin(turns)], axis=1).reshape(-1, 2)
    rows[np.asarray(prices, np.float64) <= 0] = 0.0
    return rows.astype(np.float32)


def channel_scales(channels: Mapping[str, Rows | None], weights: Weights) -> Floats:
    """What to multiply each channel by, (channels,): two random products are d² = 2 apart, shared out by the weights.

    Raises:
        ValueError: when no channel with a weight is there.
    """
    present = np.array([channels.get(name) is not None for name in CHANNELS])
    shares = weights.as_array() * present
    if shares.sum() <= 0:
        raise ValueError("no channel counts: give a positive weight to one that is present")
    spreads = [
        spread_of(rows, TYPICAL_SPREAD[name])
        if name in TYPICAL_SPREAD and (rows := channels.get(name)) is not None
        else FACT_SPREAD
        for name in CHANNELS
    ]
    scales: Floats = np.sqrt(shares / shares.sum()) / np.array(spreads)
    return scales


def spread_of(rows: Rows, typical: float) -> float:
    """Root mean square distance from the mean, drawn towards the typical one when there are few rows."""
    around_mean = float(((rows - rows.mean(axis=0)) ** 2).sum())
    return float(np.sqrt((around_mean + TYPICAL_PICTURES * typical**2) / (len(rows) + TYPICAL_PICTURES)))


def blend(channels: Mapping[str, Rows | None], scales: Floats) -> Rows:
    """Join the channels that count into one feature row per product, float32 (m, d).

    Raises:
        ValueError: when a channel that counts is not there.
    """
    parts = []
    for name, scale in zip(CHANNELS, scales, strict=True):
        if scale == 0:
            continue
        rows = channels.get(name)
        if rows is None:
            raise ValueError(f"this network was built with the {name} channel; give the picture's {name}")
        parts.append((scale * rows).astype(np.float32))
    return np.concatenate(parts, axis=1)
