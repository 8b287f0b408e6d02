"""Which pieces are worn together, learnt from people's outfits by the colours of the pieces.

What a garment looks like is taken as the sum of what is ordinary for its kind, something that all pieces of the outfit
share, and something of its own. How much of each direction of colour is shared is learnt from outfits; that two pieces
belong together is then a likelihood ratio in closed form: how much better one shared part explains both than two.
How unusual a piece is in itself counts less there than the closed form has it (``RARITY``), since people's outfits say
so.
This is probabilistic linear discriminant analysis (Ioffe, "Probabilistic Linear Discriminant Analysis", 2006; its
two-covariance form, Brümmer and de Villiers, 2010) with outfits as its classes. No rule of a colour wheel is in it, and
a piece that goes with everything gains nothing: what is likely beside anything explains nothing.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy.linalg import eigh

Floats = npt.NDArray[np.float64]

SHARES_WEIGHT = 0.75  # see ``looks_of``
# How much of what the likelihood ratio takes off for pieces that are far from ordinary is kept. A logistic regression
# of pieces worn together against strangers of the same kind, on parts of ../shared/data/street that the directions were
# not learnt from, found .05 to .28, .14 on average: colours have longer tails than the normal distribution.
RARITY = 0.15
# Of 1, what two pieces are worth that are worn together as likely as not; see ``belonging``.
ENOUGH = 0.99
MOST_SHARED = 0.95  # of a direction's variance: a model of few outfits must not be sure of anything


class Harmony:
    """Says how well pieces go together by their looks.

    ``fit`` learns ``ordinary_`` (mean looks by kind; "" is everything's), ``directions_`` (d, k), in which a piece is
    placed so that the total variance is 1, and ``shared_`` (k,), the part of that variance which an outfit shares.

    Args:
        directions: how many of the most shared directions are kept.
        shrinkage: added to the variance of every direction, as a part of their mean (chosen among .005 to .1 on the
            same parts as ``RARITY``).
        smoothing: a kind's ordinary looks lean on everything's with the weight of so many pieces.
    """

    ordinary_: dict[str, Floats]
    directions_: Floats
    shared_: Floats

    def __init__(self, *, directions: int = 50, shrinkage: float = 0.02, smoothing: float = 10.0) -> None:
        self.directions = directions
        self.shrinkage = shrinkage
        self.smoothing = smoothing

    def fit(self, looks: npt.NDArray[np.floating[Any]], kinds: Sequence[str], outfits: npt.ArrayLike) -> Self:
        """Learn from m pieces: looks (m, d), the kind of each, and the number of the outfit it belongs to.

        Raises:
            ValueError: when no outfit has two pieces.
        """
        everything, numbers = np.asarray(looks, np.float64), np.asarray(outfits, np.int64)
        _, outfit_of, sizes = np.unique(numbers, return_inverse=True, return_counts=True)
        if len(everything) != len(kinds) or len(everything) != len(numbers):
            raise ValueError(f"{len(everything)} looks, {len(kinds)} kinds and {len(numbers)} outfits")
        if not len(sizes) or sizes.max() < 2:
            raise ValueError("no outfit of two pieces: nothing tells what is worn together")
        self.ordinary_ = ordinary_looks(everything, kinds, self.smoothing)
        own = everything - self._ordinary(kinds, self.ordinary_)
        total = own.T @ own / len(own)
        # Products of different pieces of one outfit: their mean is the covariance of what the outfit shares. Each
        # piece counts once, however many others it is worn with.
        sums = np.zeros((len(sizes), own.shape[1]))
        np.add.at(sums, outfit_of, own)
        others = np.maximum(sizes - 1, 1)[outfit_of]
        worn = sizes[outfit_of] > 1
        left, right = own[worn] / others[worn, None], (sums[outfit_of] - own)[worn]
        shared = left.T @ right / worn.sum()
        shared = (shared + shared.T) / 2
        dimensions = len(total)
        scatter = total.trace() / dimensions
        total = total + (self.shrinkage * scatter + 1e-12) * np.eye(dimensions)
        parts, directions = eigh(shared, total)
        order = np.argsort(-parts)[: self.directions]
        order = order[parts[order] > 0]
        self.directions_ = directions[:, order]
        self.shared_ = np.minimum(parts[order], MOST_SHARED)
        return self

    def place(
        self,
        looks: npt.NDArray[np.floating[Any]],
        kinds: Sequence[str],
        ordinary: Mapping[str, Floats] | None = None,
    ) -> Floats:
        """Place pieces, looks (m, d), in the learnt directions: (m, k).

        ``ordinary`` says what is ordinary elsewhere than where was learnt, e.g. in a shop (``ordinary_looks``).
        """
        means = self._ordinary(kinds, self.ordinary_ if ordinary is None else ordinary)
        placed: Floats = (np.asarray(looks, np.float64) - means) @ self.directions_
        return placed

    def pairs(self, places: Floats, others: Floats) -> Floats:
        """Log likelihood ratio that each of q pieces and each of m others are worn together: (q, m), above 0 for it."""
        shared = self.shared_
        left = 1 - shared**2
        constant = -0.5 * RARITY * np.log(left).sum()
        ours = (places**2) @ (0.5 * RARITY * shared**2 / left)
        theirs = (others**2) @ (0.5 * RARITY * shared**2 / left)
        ratio: Floats = constant + (places * (shared / left)) @ others.T - ours[:, None] - theirs
        return ratio

    def beside(self, pieces: Floats, candidates: Floats) -> Floats:
        """Log likelihood ratio that each of m candidates belongs to the outfit of p pieces: (m,)."""
        ratio: Floats = self.beside_each(
            pieces.sum(axis=0)[None], np.array([len(pieces)], np.int64), candidates[None]
        )[0]
        return ratio

    def beside_each(self, sums: Floats, counts: npt.NDArray[np.int64], candidates: Floats) -> Floats:
        """The same for q outfits at once: the sum (q, k) and number (q,) of the pieces of each, and its own candidates
        (q, m, k); returns (q, m). Beside no piece at all everything is as likely as not: 0."""
        shared = self.shared_
        pull = shared * counts[:, None] / (1 + (counts[:, None] - 1) * shared)
        expected = pull * sums / np.maximum(counts, 1)[:, None]
        left = 1 - shared * pull
        # c² - (c - e)² / left, multiplied out: three products of matrices instead of a large array of differences.
        squares = (candidates**2) @ (RARITY * (1 - 1 / left))[:, :, None]
        mixed = candidates @ (2 * expected / left)[:, :, None]
        constant = RARITY * ((expected**2 / left).sum(axis=1) + np.log(left).sum(axis=1))
        ratio: Floats = 0.5 * (squares[:, :, 0] + mixed[:, :, 0] - constant[:, None])
        return ratio

    @staticmethod
    def _ordinary(kinds: Sequence[str], ordinary: Mapping[str, Floats]) -> Floats:
        return np.array([ordinary.get(kind, ordinary[""]) for kind in kinds]).reshape(len(kinds), -1)

    def to_json(self) -> dict[str, Any]:
        """What was learnt, as plain values, to five digits."""
        return {
            "directions": np.round(self.directions_, 5).tolist(),
            "shared": np.round(self.shared_, 5).tolist(),
            "ordinary": {kind: np.round(looks, 5).tolist() for kind, looks in self.ordinary_.items()},
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Read what ``to_json`` wrote.

        Raises:
            ValueError: when the sizes do not agree.
        """
        known = cls()
        known.directions_ = np.asarray(stored["directions"], np.float64)
        known.shared_ = np.asarray(stored["shared"], np.float64)
        known.ordinary_ = {kind: np.asarray(looks, np.float64) for kind, looks in stored["ordinary"].items()}
        size = len(known.ordinary_.get("", ()))
        if known.directions_.shape != (size, len(known.shared_)) or any(
            looks.shape != (size,) for looks in known.ordinary_.values()
        ):
            raise ValueError("the learnt harmony does not fit together: fit the complements anew")
        return known


def likelihood(ratio: Floats) -> Floats:
    """The chance that pieces of a log likelihood ratio are worn together, 0..1, if half of all such pairs were."""
    chance: Floats = 1 / (1 + np.exp(-np.clip(ratio, -30, 30)))
    return chance


def belonging(ratio: Floats) -> Floats:
    """How good it is to show pieces of a log likelihood ratio together, 0..1, rising with it.

    Of many candidates the likeliest is the one most alike, and looks of nothing but those are tone in tone as people
    are not. So what is likelier than chance is good enough, and how much likelier breaks ties. ``ENOUGH`` (of .95 and
    .99) was chosen by how alike the pieces of 300 looks among ../shared/data/products are: as those that people wear
    together in ../shared/data/street.
    """
    chance = 2 * likelihood(ratio)
    good: Floats = np.where(chance < 1, ENOUGH * chance, ENOUGH + (1 - ENOUGH) * (chance - 1))
    return good


def looks_of(colours: npt.NDArray[np.floating[Any]]) -> Floats:
    """Looks (m, 128) from colour histograms (m, 64) of length 1 (``vision.colour.colour_histogram``).

    Beside the square roots of the shares, in which a small print counts, stand the shares themselves, in which the
    ground does. Their weight makes their variance a quarter of the roots'.
    """
    roots = np.asarray(colours, np.float64)
    return np.concatenate([roots, SHARES_WEIGHT * roots**2], axis=1)


def ordinary_looks(
    looks: npt.NDArray[np.floating[Any]], kinds: Sequence[str], smoothing: float = 10.0
) -> dict[str, Floats]:
    """What is ordinary for each kind of m pieces, looks (m, d): its mean, leaning on everything's; that one is ""."""
    everything = np.asarray(looks, np.float64)
    mean = everything.mean(axis=0)
    found = {"": mean}
    names = np.array(kinds, np.str_)
    for kind in set(kinds) - {""}:
        rows = everything[names == kind]
        found[kind] = (rows.sum(axis=0) + smoothing * mean) / (len(rows) + smoothing)
    return found
