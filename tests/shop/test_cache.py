"""The cache holds plain values, and the shop stays up without it."""

import pytest
from django.core.cache import cache, caches

from shop.cache import JSONSerializer


def test_numbers_can_be_counted_and_plain_values_come_back():
    cache.set("n", 1)
    assert cache.incr("n") == 2
    for value in ({"a": [1, 2.5, None]}, "text", ["x"], True, 0, None):
        cache.set("value", value)
        assert cache.get("value") == value


def test_what_is_cached_runs_no_code_when_it_is_read():
    import pickle

    with pytest.raises(ValueError, match=r"."):
        JSONSerializer().loads(pickle.dumps({"a": 1}))


def test_without_redis_nothing_is_cached_and_nothing_breaks(settings):
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "unix:///nowhere/redis.sock?db=2"},
    }
    away = caches["default"]
    away.set("a", 1)
    assert away.get("a", "fallback") == "fallback"
    assert away.get_many(["a"]) == {}
    assert away.add("a", 1)
    assert not away.delete("a")
    assert away.incr("a") == 1


def test_counters_are_added_up_and_taken_once():
    cache.count("shown", {"home": 2, "related": 1})
    cache.count("shown", {"home": 3})
    assert cache.take_counts("shown") == {"home": 5, "related": 1}
    assert cache.take_counts("shown") == {}
