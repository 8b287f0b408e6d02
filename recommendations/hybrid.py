"""The shop's hybrid: user-user neighbours, their output fed into the content model, what is near and what comes next,
blended by how well the shopper is known. Pure: arrays in, rankings out."""

from collections.abc import Hashable, Mapping
from typing import cast

from recommendations.associations import SequentialRules
from recommendations.blending import Hybrid
from recommendations.collaborative import UserNeighbours
from recommendations.content import ContentModel, Expansion
from recommendations.item_neighbours import ItemNeighbours
from recommendations.popularity import Popularity
from recommendations.profiles import Interactions
from recommendations.ranking import Recommender

RECENT_DAYS = 7.0  # after so many days a like counts half in what is popular


def fit_hybrid(
    interactions: Interactions, content: ContentModel, categories: Mapping[int, Hashable]
) -> Hybrid:
    """Fit every voice on ``interactions``; ``content`` has been fitted on the shop's products already.

    For a newcomer, and where a list is too short, what is popular is dealt round the categories.
    """
    taste = UserNeighbours().fit(interactions)
    members: dict[str, Recommender] = {
        "taste": taste,
        "items": ItemNeighbours().fit(interactions),
        "next": SequentialRules().fit(interactions),
        "content": cast(Recommender, content),  # its fit() takes products: it is fitted already
        "expansion": Expansion(seeds=taste, content=content),
        "popular": Popularity(half_life_days=RECENT_DAYS, category_pull=1.0).fit(interactions, categories),
    }
    varied = Popularity(half_life_days=RECENT_DAYS, varied=True).fit(interactions, categories)
    return Hybrid(members=members, filler=varied, alike=content.alike)
