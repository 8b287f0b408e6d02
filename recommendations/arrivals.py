"""What has just come into the shop: the only list that a product which nobody has met yet can be on at once."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Self

import numpy as np
import numpy.typing as npt

from recommendations.popularity import NO_CATEGORY
from recommendations.profiles import SECONDS_A_DAY, Interactions, Profile, positions_in
from recommendations.ranking import NEW, Ranking, hidden_from, rank


class NewArrivals:
    """Rank the newest items that are for sale, those of liked categories first.

    Args:
        arrived: when each item came, UTC seconds. ``exclude`` carries what has not come yet.
        categories: each item's category; without one an item has no pull.
        half_life_days: an item so many days older than the newest one for sale counts half.
        category_pull: how much more an item counts in a category that makes up all of the profile.
    """

    def __init__(
        self,
        *,
        arrived: Mapping[int, float],
        categories: Mapping[int, Hashable],
        half_life_days: float = 30.0,
        category_pull: float = 1.0,
    ) -> None:
        self.arrived = arrived
        self.categories = categories
        self.half_life_days = half_life_days
        self.category_pull = category_pull

    def fit(self, interactions: Interactions) -> Self:
        """Take the items over; what shoppers did says nothing of new ones."""
        self.item_ids_ = np.array(sorted(self.arrived), dtype=np.int64)
        self.times_ = np.array([self.arrived[item] for item in self.item_ids_.tolist()], dtype=np.float64)
        names = list(dict.fromkeys(self.categories.values()))
        numbers = {name: number for number, name in enumerate(names)}
        self.category_ = np.array(
            [
                numbers[self.categories[item]] if item in self.categories else NO_CATEGORY
                for item in self.item_ids_.tolist()
            ],
            dtype=np.int64,
        )
        return self

    def recommend_for(self, profile: Profile, n: int = 24, *, exclude: Sequence[int] = ()) -> Ranking:
        """Rank what is new among the items for sale."""
        hidden = hidden_from(profile, exclude)
        for_sale = ~np.isin(self.item_ids_, hidden)
        if not for_sale.any():
            return rank(self.item_ids_, np.zeros(len(self.item_ids_)), 0, reason=NEW)
        age_days = (self.times_[for_sale].max() - self.times_) / SECONDS_A_DAY
        scores = 0.5 ** (np.maximum(age_days, 0) / self.half_life_days)
        scores *= 1 + self.category_pull * self._share_of(profile)
        return rank(self.item_ids_, scores, n, reason=NEW, hidden=hidden)

    def _share_of(self, profile: Profile) -> npt.NDArray[np.float64]:
        """Return for each item how much of the liked profile lies in its category: (i,) in 0..1."""
        liked = profile.liked()
        columns = positions_in(self.item_ids_, liked.item_ids)
        mine = self.category_[columns[columns >= 0]]
        mine = mine[mine != NO_CATEGORY]
        shares = np.bincount(mine, minlength=int(self.category_.max(initial=0)) + 1) / max(1, len(mine))
        return np.where(self.category_ == NO_CATEGORY, 0.0, shares[self.category_])
