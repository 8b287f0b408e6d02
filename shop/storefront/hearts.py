"""Which hearts are full: every page of cards asks, so the answer is kept in the cache."""

from typing import Any

from django.core.cache import cache

from accounts.models import User, WishlistItem

CACHE_SECONDS = 300


def wished_ids(user_id: int) -> frozenset[int]:
    """The ids of the products on a shopper's wish list."""
    ids = cache.get(_key(user_id))
    if ids is None:
        ids = list(WishlistItem.objects.filter(user_id=user_id).values_list("product_id", flat=True))
        cache.set(_key(user_id), ids, CACHE_SECONDS)
    return frozenset(ids)


def forget_wished_ids(user: User, **signal: Any) -> None:
    """Look again at the next page: a heart was pressed."""
    cache.delete(_key(user.pk))


def _key(user_id: int) -> str:
    return f"storefront-wished-{user_id}"
