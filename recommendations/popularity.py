"""What many shoppers like: the list for a newcomer, the filler of short lists, and the judge of cleverer models."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Self

import numpy as np
import numpy.typing as npt

from recommendations.profiles import SECONDS_A_DAY, Interactions, Profile, positions_in
from recommendations.ranking import POPULAR, Ranking, hidden_from, rank

Ids = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

MIN_SHOPPERS = 3  # what fewer shoppers like is not popular, and would show what they did
NO_CATEGORY = -1


class Popularity:
    """Rank items by how many shoppers like them; each shopper is heard once per item, however often they click.

    Args:
        half_life_days: None counts all times alike; a number lets a like count half after so many days, seen
            from the newest event.
        varied: deal the categories round, the most popular of each first, so that no category fills the page.
        category_pull: how much more an item counts in a category that makes up all of the profile.
        min_shoppers: items that fewer shoppers like are left out.
    """

    def __init__(
        self,
        *,
        half_life_days: float | None = None,
        varied: bool = False,
        category_pull: float = 0.0,
        min_shoppers: int = MIN_SHOPPERS,
    ) -> None:
        self.half_life_days = half_life_days
        self.varied = varied
        self.category_pull = category_pull
        self.min_shoppers = min_shoppers

    def fit(self, interactions: Interactions, categories: Mapping[int, Hashable] | None = None) -> Self:
        """Count. ``categories`` names each item's category; items without one share a nameless one."""
        liked = interactions.strengths.data > 0
        columns = interactions.strengths.indices[liked]
        weights = np.ones(len(columns))
        if self.half_life_days is not None and len(columns):
            times = interactions.times[liked]
            weights = 0.5 ** ((times.max() - times) / SECONDS_A_DAY / self.half_life_days)
        self.item_ids_ = interactions.item_ids
        self.support_ = np.bincount(columns, minlength=interactions.n_items).astype(np.int64)
        self.scores_ = np.bincount(columns, weights, minlength=interactions.n_items).astype(np.float64)
        self.scores_[self.support_ < self.min_shoppers] = 0
        names = list(dict.fromkeys((categories or {}).values()))
        numbers = {name: number for number, name in enumerate(names)}
        self.category_numbers_ = numbers
        self.categories_ = np.array(
            [
                numbers[categories[item]] if categories and item in categories else NO_CATEGORY
                for item in self.item_ids_.tolist()
            ],
            dtype=np.int64,
        )
        return self

    def recommend_for(self, profile: Profile, n: int = 24, *, exclude: Sequence[int] = ()) -> Ranking:
        """Rank popular items that the shopper has not met, drawn to their categories by ``category_pull``."""
        scores = self.scores_ * (1 + self.category_pull * self._category_shares(profile))
        hidden = hidden_from(profile, exclude)
        if self.varied:
            return self._deal_round(scores, n, hidden)
        return rank(self.item_ids_, scores, n, reason=POPULAR, hidden=hidden, support=self.support_)

    def in_category(self, category: Hashable, n: int = 24, *, exclude: Sequence[int] = ()) -> Ranking:
        """Rank the popular items of one category; empty for a category that nobody has seen."""
        inside = self.categories_ == self.category_numbers_.get(category, NO_CATEGORY - 1)
        return rank(
            self.item_ids_,
            np.where(inside, self.scores_, 0),
            n,
            reason=POPULAR,
            hidden=np.asarray(exclude, dtype=np.int64),
            support=self.support_,
        )

    def _category_shares(self, profile: Profile) -> Floats:
        """Return for each item how much of the liked profile lies in its category: (i,) in 0..1."""
        liked = profile.liked()
        columns = positions_in(self.item_ids_, liked.item_ids)
        known = columns >= 0
        if not known.any():
            return np.zeros(len(self.item_ids_))
        shares = np.bincount(
            self.categories_[columns[known]] + 1,
            liked.strengths[known],
            minlength=len(self.category_numbers_) + 1,
        ).astype(np.float64)
        shares[NO_CATEGORY + 1] = 0
        shares /= liked.strengths[known].sum()
        return np.asarray(shares[self.categories_ + 1], dtype=np.float64)

    def _deal_round(self, scores: Floats, n: int, hidden: Ids) -> Ranking:
        """Deal one item of each category, then a second … Scores fall with the round, then with popularity."""
        everything = rank(
            self.item_ids_, scores, len(scores), reason=POPULAR, hidden=hidden, support=self.support_
        )
        groups = self.categories_[positions_in(self.item_ids_, everything.ids)]
        by_group = np.argsort(groups, kind="stable")
        firsts = np.searchsorted(groups[by_group], groups[by_group])
        rounds = np.empty(len(groups), np.int64)
        rounds[by_group] = np.arange(len(groups)) - firsts
        dealt = everything.take(np.lexsort((np.arange(len(groups)), rounds))[:n])
        # A position is all that is left of a score here: the dealt order is not the order of popularity.
        falling = 1 - np.arange(len(dealt)) / max(1, len(dealt))
        return Ranking(dealt.ids, falling, dealt.reasons, dealt.because, dealt.support)
