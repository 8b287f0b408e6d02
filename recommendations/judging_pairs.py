"""How well two pieces go together, and why: what outfits taught, what is bought together, shared facts, and looks."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommendations.clusters import Floats, Ids, squared_distances
from recommendations.complement_candidates import Candidates
from recommendations.item_neighbours import ItemLinks
from recommendations.outfits.harmony import belonging, likelihood
from recommendations.outfits.judging import Light
from recommendations.outfits.learnt import OutfitKnowledge
from recommendations.outfits.shop_kinds import affinity
from recommendations.profiles import positions_in
from recommendations.traits import agree, fits_gender
from vision.colour import colour_harmony

GOES_WELL = "complement"
GOES_BY_COLOUR = "complement_colour"
GOES_BY_BRAND = "complement_brand"
GOES_BY_KIND = "complement_kind"
GOES_BY_THEME = "complement_theme"
GOES_BY_BASKET = "complement_basket"
# Later ones are the stronger reasons, where several hold.
REASONS = np.array([GOES_WELL, GOES_BY_COLOUR, GOES_BY_KIND, GOES_BY_BRAND, GOES_BY_THEME, GOES_BY_BASKET])
HARMONIOUS = 0.9  # by the colour wheel, where no outfit can be asked
WORN_TOGETHER = 0.7  # how sure outfits must be of two pieces' colours to say so
OFTEN = 0.75  # the affinity of kinds that are worn together 1.4 times as often as by chance
SHOP_LIGHT: Light = "neutral_light"  # a studio's


@dataclass(frozen=True)
class ComplementWeights:
    """How much each sign of going together counts. Any scale; 0 leaves a sign out."""

    words: float = 0.5
    colour: float = 3.0
    kinds: float = 2.0
    occasion: float = 1.0
    brand: float = 0.5
    theme: float = 0.5
    basket: float = 2.0
    spread: float = 0.8  # the part of its fair price that a piece loses


BLENDED = ComplementWeights()
DISTANCE_ALONE = ComplementWeights(
    words=1.0, colour=0.0, kinds=0.0, occasion=0.0, brand=0.0, theme=0.0, basket=0.0, spread=0.0
)


class PairJudge:
    """Judges pieces of different kinds by ``weights``, what outfits taught, and the links between products that are
    bought together."""

    def __init__(
        self, weights: ComplementWeights, knowledge: OutfitKnowledge, bought_together: ItemLinks | None
    ) -> None:
        self.weights = weights
        self.knowledge = knowledge
        self.bought_together = bought_together
        self._affinities: dict[str, dict[str, float]] = {}

    def judge(self, askers: Candidates, kind: Candidates) -> tuple[Floats, npt.NDArray[np.int64]]:
        """Score each product against each of a kind, (q, k), -1 where the gender does not fit; and say why."""
        weights, traits = self.weights, askers.traits
        # Two random pictures are about d² = 2 · rank apart: the same scale as within a category.
        near = np.exp(-squared_distances(askers.places, kind.places) / (2 * max(1, askers.places.shape[1])))
        colour, is_harmonious = self._colours(askers, kind)
        worn = self._worn_with(traits.kinds, kind.traits.kinds[0])
        # Not knowing the occasion speaks neither for nor against.
        ours, theirs = traits.numbers, kind.traits.numbers
        occasion = agree(ours["occasions"], theirs["occasions"], unknown=0.5)
        brand = agree(ours["brands"], theirs["brands"], unknown=0.0)
        theme = agree(ours["themes"], theirs["themes"], unknown=0.0)
        basket = self._baskets(askers.product_ids, kind.product_ids)
        total = weights.words + weights.colour + weights.kinds + weights.occasion + weights.brand
        score = (
            weights.words * near
            + weights.colour * colour
            + weights.kinds * worn
            + weights.occasion * occasion
            + weights.brand * brand
        ) / total
        # Few products have a theme or have been bought often: these add to the others, so that to have none costs
        # nothing.
        score = np.minimum(1.0, score + (weights.theme * theme + weights.basket * basket) / total)
        reason = np.zeros(score.shape, np.int64)
        for code, holds in (
            (1, is_harmonious & (weights.colour > 0)),
            (2, (worn >= OFTEN) & (weights.kinds > 0)),
            (3, (brand == 1) & (weights.brand > 0)),
            (4, (theme == 1) & (weights.theme > 0)),
            (5, (basket > 0) & (weights.basket > 0)),
        ):
            reason = np.where(holds, code, reason)
        return np.where(fits_gender(ours["genders"], theirs["genders"]), np.round(score, 6), -1), reason

    def _colours(self, askers: Candidates, kind: Candidates) -> tuple[Floats, npt.NDArray[np.bool_]]:
        """How well colours go together, 0..1, and where that is worth saying, both (q, k): as outfits taught it, and
        by the colour wheel for pieces of which no more than a main colour is known."""
        wheel = colour_harmony(askers.traits.colours, kind.traits.colours)
        told = np.logical_and.outer(askers.traits.told, kind.traits.told)
        ratio = self.knowledge.learnt.harmony[SHOP_LIGHT].pairs(askers.tastes, kind.tastes)
        colour: Floats = np.where(told, belonging(ratio), wheel)
        return colour, np.where(told, likelihood(ratio) >= WORN_TOGETHER, wheel >= HARMONIOUS)

    def _worn_with(self, kinds: Sequence[str], other: str) -> Floats:
        """How much more often than by chance each of q kinds is worn with another one, (q, 1). Looked up once: a large
        shop asks block by block for the same few kinds."""
        known = self._affinities.setdefault(other, {})
        new = sorted(set(kinds) - known.keys())
        if new:
            found = affinity(self.knowledge.kinds, new, [other])[:, 0]
            known.update(zip(new, found.tolist(), strict=True))
        return np.array([known[kind] for kind in kinds], np.float64)[:, None]

    def _baskets(self, product_ids: Ids, others: Ids) -> Floats:
        """How much more often than by chance products are bought together, 0..1, (q, k)."""
        if self.bought_together is None:
            return np.zeros((len(product_ids), len(others)))
        known = self.bought_together.item_ids_
        rows, columns = positions_in(known, product_ids), positions_in(known, others)
        links = np.zeros((len(product_ids), len(others)))
        there, met = np.flatnonzero(rows >= 0), np.flatnonzero(columns >= 0)
        if len(there) and len(met):
            links[np.ix_(there, met)] = self.bought_together.links_[rows[there]][:, columns[met]].toarray()
        return links / (1 + links)
