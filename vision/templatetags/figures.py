"""Shares as people read them."""

from django import template

register = template.Library()


@register.filter
def percent(share: float, digits: int = 1) -> str:
    """``0.847`` → ``84.7 %``."""
    return f"{share * 100:.{digits}f} %"


@register.filter
def points(difference: float) -> str:
    """A difference of shares in percentage points, with its sign: ``-0.021`` → ``−2.1``."""
    return f"{difference * 100:+.1f}".replace("-", "−")
