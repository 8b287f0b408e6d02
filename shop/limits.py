"""How often somebody may do something that costs others time."""

from axes.helpers import get_client_ip_address
from django.core.cache import cache
from django.http import HttpRequest

HOUR = 60 * 60


def may_do(request: HttpRequest, what: str, per_hour: int) -> bool:
    """Count one more time that the sender of ``request`` does ``what``; False when it was too often within the hour."""
    key = f"{what}-{get_client_ip_address(request) or ''}"
    cache.add(key, 0, HOUR)
    try:
        return cache.incr(key) <= per_hour
    except ValueError:  # the hour ended between the two calls
        return True
