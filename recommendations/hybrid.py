"""The shop's hybrid: user-user neighbours, their output fed into the content model, what is near and what comes next,
blended by how well the shopper is known. Pure: arrays in, rankings out."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Self, cast

import numpy as np

from recommendations.associations import StagedRules
from recommendations.blending import WEIGHTS, Hybrid, fuse
from recommendations.collaborative import UserNeighbours
from recommendations.content import ContentModel, Expansion
from recommendations.ease import Ease
from recommendations.item_neighbours import MIN_SHOPPERS, ItemNeighbours
from recommendations.popularity import Popularity
from recommendations.profiles import Interactions, Profile
from recommendations.proving_blend import Mixture
from recommendations.ranking import Ranking, Recommender

RECENT_DAYS = 7.0  # after so many days a like counts half in what is popular
EASE_ITEMS = (
    5_000  # a worker holds three squares of so many items, 0.3 GB; larger shops do without this voice
)
EASE_DECAY = 0.5  # per step back; chosen on the validation part of a clothing shop's clicks (e-shop)
SHIPPED = Mixture(WEIGHTS)
LEADING = ("next", "ease", "items")  # the voices that lead from one product to others


class Supported:
    """A recommender without the lines behind which fewer than ``MIN_SHOPPERS`` of its shoppers stand.

    Without this, an account that has clicked on everything is a neighbour of everybody and fills the ends of their
    lists.
    """

    def __init__(self, recommender: Recommender) -> None:
        self.recommender = recommender

    def fit(self, interactions: Interactions) -> Self:
        """Fit the recommender."""
        self.recommender.fit(interactions)
        return self

    def recommend_for(self, profile: Profile, n: int = 24, *, exclude: Sequence[int] = ()) -> Ranking:
        """Rank as the recommender does; there may be fewer lines than it has."""
        found = self.recommender.recommend_for(profile, n, exclude=exclude)
        return found.take(np.flatnonzero(found.support >= MIN_SHOPPERS))


def fit_voices(
    interactions: Interactions, content: ContentModel, categories: Mapping[int, Hashable]
) -> dict[str, Recommender]:
    """Fit every voice on ``interactions``; ``content`` has been fitted on the shop's products already."""
    taste = Supported(UserNeighbours().fit(interactions))
    voices: dict[str, Recommender] = {
        "taste": taste,
        "items": ItemNeighbours().fit(interactions),
        "next": StagedRules().fit(interactions),
        "content": cast(Recommender, content),  # its fit() takes products: it is fitted already
        "expansion": Expansion(seeds=taste, content=content),
        "popular": Popularity(half_life_days=RECENT_DAYS, category_pull=1.0).fit(interactions, categories),
    }
    if interactions.n_items <= EASE_ITEMS:
        voices["ease"] = _supported_ease(interactions)
    return voices


def fit_hybrid(
    interactions: Interactions,
    content: ContentModel,
    categories: Mapping[int, Hashable],
    mixture: Mixture = SHIPPED,
) -> Hybrid:
    """Fit the voices and blend them as ``mixture`` says. None of them is the one that a place for new things is for.

    For a newcomer, and where a list is too short, what is popular is dealt round the categories.
    """
    varied = Popularity(half_life_days=RECENT_DAYS, varied=True).fit(interactions, categories)
    voices = fit_voices(interactions, content, categories)
    return Hybrid(
        members=voices,
        filler=varied,
        weights=mixture.weights,
        alike=content.alike,
        meetings=interactions.meetings_of,
        spread=mixture.spread,
    )


def leads_from(hybrid: Hybrid, item_id: int, n: int, *, exclude: Sequence[int] = ()) -> Ranking:
    """Rank where one item leads shoppers, by the voices that know, weighed as for a shopper of one item.

    A page adds these up over what its shopper has just met, so that a click counts before any refresh. Where none of
    them is heard, since another voice is best alone, the shipped weights say how much each counts.
    """
    weights = hybrid.weights.get("1", {})
    if not any(weights.get(name, 0.0) > 0 for name in LEADING):
        weights = WEIGHTS["1"]
    profile = Profile.of(item_id)
    found = fuse(
        {
            name: hybrid.members[name].recommend_for(profile, n, exclude=exclude)
            for name in LEADING
            if name in hybrid.members and weights.get(name, 0.0) > 0
        },
        weights,
    )
    found = hybrid.spread_over_catalogue(found)
    return found.take(np.arange(min(n, len(found))))


def _supported_ease(interactions: Interactions) -> Ease:
    """EASE without the links between items that fewer than ``MIN_SHOPPERS`` shoppers share.

    The regression finds some for any two items; one that a single shopper made would tell what that shopper did.
    """
    model = Ease(decay=EASE_DECAY).fit(interactions)
    likes = interactions.likes()
    together = (likes.T @ likes).tocsr()
    together.data = (together.data >= MIN_SHOPPERS).astype(np.float32)
    model.links_ = np.where(together.toarray() > 0, model.links_, 0)
    return model
