"""The models that are compared, and the settings that a validation part of the training period chooses among."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

import numpy as np

from recommendations.arrivals import NewArrivals
from recommendations.associations import BoughtTogether, StagedRules
from recommendations.collaborative import UserNeighbours
from recommendations.content import ContentModel, Expansion
from recommendations.ease import Ease, NextByRegression
from recommendations.evaluation import surprise_reference
from recommendations.evaluation.logs import Log, Shelf
from recommendations.evaluation.measuring import available_mb
from recommendations.item_neighbours import ItemNeighbours
from recommendations.popularity import Popularity
from recommendations.profiles import Interactions
from recommendations.ranking import Recommender

Setting = Mapping[str, Any]


@dataclass(frozen=True)
class Known:
    """Everything a model may learn from: the past, and what the shop knows of its items."""

    log: Log
    shelf: Shelf

    @cached_property
    def interactions(self) -> Interactions:
        """Who met what."""
        return self.log.interactions()

    def rated(self) -> Interactions:
        """Who met what, each pair with the rating that was given, or 1."""
        log = self.log
        return Interactions.from_pairs(
            log.users, log.items, log.ratings if log.has_ratings else None, log.times
        )


class NotPossible(ValueError):
    """This model cannot be fitted to this log; the text says why."""


@dataclass(frozen=True)
class Candidate:
    """One model: how it is fitted with a setting, and the settings to choose among."""

    name: str
    fit: Callable[[Known, Setting], Recommender]
    choices: Mapping[str, Sequence[Any]] = field(
        default_factory=dict
    )  # the first of each is where the search begins
    voice: bool = True  # may be heard in the hybrid
    slow: bool = False  # is asked a seeded part of the questions only


def _timed(known: Known) -> None:
    if not known.log.has_times:
        raise NotPossible("the log has no times")


def _described(known: Known) -> None:
    if not known.shelf.attributes:
        raise NotPossible("nothing is known of the items: give --items")


def _popularity(known: Known, setting: Setting) -> Recommender:
    return Popularity().fit(known.interactions)


def _recent_popularity(known: Known, setting: Setting) -> Recommender:
    _timed(known)
    return Popularity(**setting).fit(known.interactions)


def _category_popularity(known: Known, setting: Setting) -> Recommender:
    _timed(known)
    if not known.shelf.categories:
        raise NotPossible("no categories are known: give --items with a column category")
    return Popularity(**setting).fit(known.interactions, known.shelf.categories)


def _user_user(known: Known, setting: Setting) -> Recommender:
    return UserNeighbours(**setting).fit(known.interactions)


def _item_item(known: Known, setting: Setting) -> Recommender:
    return ItemNeighbours(**setting).fit(known.interactions)


def _sequential(known: Known, setting: Setting) -> Recommender:
    _timed(known)
    return StagedRules(**setting).fit(known.interactions)


def _next_by_regression(known: Known, setting: Setting) -> Recommender:
    _timed(known)
    return NextByRegression(**setting).fit(known.interactions)


def _ease(known: Known, setting: Setting) -> Recommender:
    return Ease(**setting).fit(known.interactions)


def _recent_ease(known: Known, setting: Setting) -> Recommender:
    _timed(known)
    return Ease(**setting).fit(known.interactions)


def _bought_together(known: Known, setting: Setting) -> Recommender:
    if (known.log.baskets < 0).all():
        raise NotPossible("the log names no baskets")
    bought = known.log.where(known.log.baskets >= 0)
    return BoughtTogether(**setting).fit(
        Interactions.from_pairs(bought.baskets, bought.items, None, bought.times)
    )


def _content(known: Known, setting: Setting) -> ContentModel:
    _described(known)
    items = sorted(known.shelf.attributes)
    return ContentModel(looks=0.0, **setting).fit(items, [known.shelf.attributes[item] for item in items])


def _attributes(known: Known, setting: Setting) -> Recommender:
    return cast(Recommender, _content(known, setting))  # its fit() takes products: it is fitted already


def _expansion(known: Known, setting: Setting) -> Recommender:
    return Expansion(seeds=UserNeighbours().fit(known.interactions), content=_content(known, setting))


def _surprise_user_user(known: Known, setting: Setting) -> Recommender:
    needed = surprise_reference.BYTES_PER_PAIR * known.interactions.n_users**2 / 2**20
    if needed > (free := available_mb()):
        raise NotPossible(
            f"Surprise's square of {known.interactions.n_users} shoppers needs {needed:,.0f} MB, {free:,.0f} are free"
        )
    return surprise_reference.neighbours().fit(known.rated())


def _surprise_svd(known: Known, setting: Setting) -> Recommender:
    return surprise_reference.matrix_factorisation().fit(known.rated())


def _arrivals(known: Known, setting: Setting) -> Recommender:
    if not known.shelf.arrived:
        raise NotPossible("it is not known when items arrived: give --items with a column first_seen")
    return NewArrivals(arrived=known.shelf.arrived, categories=known.shelf.categories, **setting).fit(
        known.interactions
    )


HALF_LIVES = (30.0, 1.0, 7.0, 90.0, 365.0)

CANDIDATES: Sequence[Candidate] = (
    Candidate("popularity", _popularity),
    Candidate("recent_popularity", _recent_popularity, {"half_life_days": HALF_LIVES}),
    Candidate(
        "category_popularity",
        _category_popularity,
        {"category_pull": (1.0, 4.0, 16.0), "half_life_days": HALF_LIVES},
    ),
    Candidate("surprise_user_user", _surprise_user_user, voice=False, slow=True),
    Candidate("surprise_svd", _surprise_svd, voice=False, slow=True),
    Candidate(
        "user_user",
        _user_user,
        {"measure": ("cosine", "jaccard"), "neighbours": (200, 100, 50, 1000), "decay": (1.0, 0.4, 0.1)},
    ),
    Candidate(
        "item_item",
        _item_item,
        {"decay": (1.0,), "measure": ("cosine", "jaccard"), "shrinkage": (0.0, 20.0), "min_shoppers": (3, 2)},
    ),
    Candidate(
        "recent_item_item",
        _item_item,
        {"shrinkage": (0.0, 20.0), "min_shoppers": (3, 2), "decay": (0.5, 0.3, 0.1, 0.8)},
    ),
    Candidate(
        "sequential",
        _sequential,
        {"late": (0.8, 1.0), "window": (10, 3), "min_shoppers": (3, 2), "decay": (0.4, 0.3, 0.7)},
    ),
    Candidate(
        "next_by_regression",
        _next_by_regression,
        {"regularisation": (30.0, 3.0, 300.0), "decay": (0.5, 0.3, 0.7)},
    ),
    Candidate("ease", _ease, {"decay": (1.0,), "regularisation": (100.0, 30.0, 500.0)}),
    Candidate(
        "recent_ease",
        _recent_ease,
        {
            "regularisation": (100.0, 30.0, 500.0),
            "half_life_days": (np.inf, 90.0),
            "decay": (0.5, 0.1, 0.3, 0.8),
        },
    ),
    Candidate("bought_together", _bought_together, {"decay": (0.5, 1.0, 0.2)}),
    Candidate("content", _attributes, {"decay": (0.8, 0.5, 0.2)}),
    Candidate("expansion", _expansion),
    Candidate("new_arrivals", _arrivals, {"half_life_days": (30.0, 7.0, 180.0)}),
)
NAMES = (*(candidate.name for candidate in CANDIDATES), "hybrid")
