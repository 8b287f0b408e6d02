"""How often somebody may do what costs others something, such as have a mail sent."""

import hashlib

from django.core.cache import cache


def may_again(what: str, who: str, *, most: int, seconds: int) -> bool:
    """Count once more that ``who`` (an address of the network or of mail) does ``what``; False: it is too much."""
    key = f"limit-{what}-{hashlib.sha256(who.lower().encode()).hexdigest()[:32]}"
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) <= most
    except ValueError:  # the time ended between the two calls, or the cache is away
        return True
