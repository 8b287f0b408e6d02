"""Words for templates that show reviews: ``{% load reviews %}``."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from shop.reviews.rating import STARS

register = template.Library()


@register.filter
def stars(number: float) -> SafeString:
    """Five stars, of which the first ``number``, rounded, are full; read out as a number."""
    full = min(STARS, max(0, round(number)))
    figure = f"{number:.1f}".removesuffix(".0")
    spoken = ngettext("%(figure)s of %(most)s star", "%(figure)s of %(most)s stars", STARS) % {
        "figure": figure,
        "most": STARS,
    }
    return format_html(
        '<span class="stars"><span aria-hidden="true">{}<span>{}</span></span>'
        '<span class="visually-hidden">{}</span></span>',
        "★" * full,
        "★" * (STARS - full),
        spoken,
    )
