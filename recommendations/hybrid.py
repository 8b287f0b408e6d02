"""The shop's hybrid: user-user neighbours, their output fed into the content model, what is near and what comes next,
blended by how well the shopper is known. Pure: arrays in, rankings out."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Self

from recommendations.associations import SequentialRules
from recommendations.blending import Hybrid
from recommendations.collaborative import UserNeighbours
from recommendations.content import ContentModel
from recommendations.item_neighbours import ItemNeighbours
from recommendations.popularity import Popularity
from recommendations.profiles import Interactions, Profile
from recommendations.ranking import Ranking

TASTE, TASTE_CONTENT, ITEMS, NEXT, CONTENT = "taste", "taste_content", "items", "next", "content"

# Few clicks say little about other shoppers' taste, so the content speaks first and the neighbours' voice grows.
WEIGHTS: Mapping[str, Mapping[str, float]] = {
    "0": {},
    "1": {CONTENT: 1.0, NEXT: 0.8, ITEMS: 0.5, TASTE_CONTENT: 0.2, TASTE: 0.3},
    "2-4": {CONTENT: 0.8, NEXT: 0.9, ITEMS: 0.8, TASTE_CONTENT: 0.3, TASTE: 0.5},
    "5-19": {CONTENT: 0.6, NEXT: 1.0, ITEMS: 1.0, TASTE_CONTENT: 0.4, TASTE: 0.7},
    "20+": {CONTENT: 0.5, NEXT: 1.0, ITEMS: 1.0, TASTE_CONTENT: 0.4, TASTE: 0.8},
}


class TasteThenContent:
    """The collaborative list as seeds of the content model: what is like the things that shoppers of the same taste
    have, although no such shopper may have met it yet."""

    def __init__(self, neighbours: UserNeighbours, content: ContentModel) -> None:
        self.neighbours = neighbours
        self.content = content

    def fit(self, interactions: Interactions) -> Self:
        """Fit the neighbours; the content model knows the shop already."""
        self.neighbours.fit(interactions)
        return self

    def recommend_for(self, profile: Profile, n: int = 24, *, exclude: Sequence[int] = ()) -> Ranking:
        """Expand the neighbours' list for ``profile``."""
        seeds = self.neighbours.recommend_for(profile, n)
        return self.content.expand(seeds, n, exclude=[*exclude, *profile.item_ids.tolist()])


def fit_hybrid(
    interactions: Interactions, content: ContentModel, categories: Mapping[int, Hashable]
) -> tuple[Hybrid, Popularity]:
    """Fit every voice on ``interactions``; ``content`` has been fitted on the shop's products.

    Returns the hybrid and the popular-and-varied recommender that fills it up and serves newcomers.
    """
    neighbours = UserNeighbours().fit(interactions)
    popular = Popularity(half_life_days=7, varied=True).fit(interactions, categories)
    members = {
        TASTE: neighbours,
        TASTE_CONTENT: TasteThenContent(neighbours, content),
        ITEMS: ItemNeighbours().fit(interactions),
        NEXT: SequentialRules().fit(interactions),
        CONTENT: content,
    }
    return Hybrid(members=members, weights=WEIGHTS, filler=popular, alike=content.alike), popular
