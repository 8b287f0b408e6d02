"""Which hearts are full: every page of cards asks, so the answer is kept in the cache."""

from typing import Any

from django.core.cache import cache

from accounts.models import User
from accounts.shopper import Shopper
from accounts.wishing import items_of

CACHE_SECONDS = 300


def wished_ids(shopper: Shopper) -> frozenset[int]:
    """The ids of the products on the shopper's wish lists."""
    if not shopper.is_known:
        return frozenset()
    ids = cache.get(_key(shopper))
    if ids is None:
        ids = list(items_of(shopper).values_list("product_id", flat=True))
        cache.set(_key(shopper), ids, CACHE_SECONDS)
    return frozenset(ids)


def forget_wished_ids(shopper: Shopper, **signal: Any) -> None:
    """Look again at the next page: a heart was pressed."""
    cache.delete(_key(shopper))


def forget_users_wished_ids(user: User, **signal: Any) -> None:
    """Look again at the next page: what a visitor saved is the user's now."""
    cache.delete(_key(Shopper(user_id=user.pk)))


def _key(shopper: Shopper) -> str:
    return f"storefront-wished-{shopper.user_id or shopper.visitor}"
