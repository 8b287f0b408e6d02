"""A cache that may be away: the shop stays up without Redis, only slower.

It holds JSON, never pickles: whoever can write to the cache must not be able to run code here.
"""

import functools
import json
from collections.abc import Mapping
from typing import Any

import structlog
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = structlog.get_logger(__name__)


def _tolerate(name: str, fallback: Any):
    """Make the method ``name`` answer ``fallback()`` and leave a line in the log when Redis does not answer."""
    method = getattr(RedisCache, name)

    @functools.wraps(method)
    def tolerant(self: RedisCache, *args: Any, **kwargs: Any) -> Any:
        try:
            return method(self, *args, **kwargs)
        except (RedisError, OSError) as error:
            logger.warning("cache_unavailable", operation=name, error=str(error))
            return fallback(*args, **kwargs)

    return tolerant


def _default(key: str, default: Any = None, *args: Any, **kwargs: Any) -> Any:
    return default


class JSONSerializer:
    """Whole numbers as Redis counts them, everything else as JSON. Tuples come back as lists."""

    def dumps(self, value: Any) -> int | str:
        return value if type(value) is int else json.dumps(value)

    def loads(self, data: bytes) -> Any:
        return json.loads(data)


class TolerantRedisCache(RedisCache):
    """Django's Redis cache, in which a stopped server means "not cached" instead of an error page."""

    get = _tolerate("get", _default)
    get_many = _tolerate("get_many", lambda *args, **kwargs: {})
    set = _tolerate("set", lambda *args, **kwargs: None)
    set_many = _tolerate("set_many", lambda data, *args, **kwargs: list(data))
    add = _tolerate("add", lambda *args, **kwargs: True)
    incr = _tolerate("incr", lambda key, delta=1, *args, **kwargs: delta)
    touch = _tolerate("touch", lambda *args, **kwargs: False)
    delete = _tolerate("delete", lambda *args, **kwargs: False)
    delete_many = _tolerate("delete_many", lambda *args, **kwargs: None)
    has_key = _tolerate("has_key", lambda *args, **kwargs: False)
    clear = _tolerate("clear", lambda *args, **kwargs: False)

    def count(self, name: str, amounts: Mapping[str, int]) -> None:
        """Add ``amounts`` to the counters of the group ``name``, in one round trip. Without Redis they are lost."""
        if not amounts:
            return
        key = self.make_and_validate_key(name)
        try:
            with self._cache.get_client(key, write=True).pipeline(transaction=False) as pipe:
                for counter, amount in amounts.items():
                    pipe.hincrby(key, counter, amount)
                pipe.execute()
        except (RedisError, OSError) as error:
            logger.warning("cache_unavailable", operation="count", error=str(error))

    def take_counts(self, name: str) -> dict[str, int]:
        """Return the counters of a group and begin it anew; no count is taken twice or missed in between."""
        key = self.make_and_validate_key(name)
        try:
            with self._cache.get_client(key, write=True).pipeline(transaction=True) as pipe:
                counters, _ = pipe.hgetall(key).delete(key).execute()
        except (RedisError, OSError) as error:
            logger.warning("cache_unavailable", operation="take_counts", error=str(error))
            return {}
        return {counter.decode(): int(amount) for counter, amount in counters.items()}
