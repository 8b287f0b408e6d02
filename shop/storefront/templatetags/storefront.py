"""Words that every template may use: ``{% load storefront %}``."""

import functools
from decimal import Decimal

from django import template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext

from accounts.browsers import browser_name
from catalog.dictionary import spoken

register = template.Library()
register.filter("spoken", spoken)
register.filter("browser_name", browser_name)

CURRENCY_SIGNS = {"EUR": "€", "GBP": "£", "USD": "$"}
ALWAYS_CENTS = {"de"}  # languages in which "39 €" would read as a round guess
SPACE = "\u00a0"  # between figure and sign, never at the end of a line


@register.filter
def money(amount: Decimal | None, currency: str = "EUR") -> str:
    """``€ 1,250`` or ``€ 34.90``: the sign, a space, cents only where there are some. In German ``1.250,00 €``.

    ``None`` gives an empty text, so that a template need not ask first.
    """
    if amount is None:
        return ""
    amount = Decimal(amount).quantize(Decimal("0.01"))
    is_whole = amount == amount.to_integral_value() and get_language() not in ALWAYS_CENTS
    figures = number_format(amount, 0 if is_whole else 2, force_grouping=True)
    sign = CURRENCY_SIGNS.get(currency, currency)
    # Translators: an amount of money; the order of figures and currency differs from language to language.
    text = pgettext("money", "%(sign)s %(figures)s") % {"sign": sign, "figures": figures}
    return text.replace(" ", SPACE)


@register.filter
def percent(share: float | None) -> str:
    """``94 %`` of 0.94; probabilities never read as certainty: at most 99 %, at least 1 %."""
    if share is None:
        return ""
    return f"{min(99, max(1, round(share * 100)))}{SPACE}%"


@register.filter
def undo_url(tags: str) -> str:
    """Where the undo of a message is posted; empty for messages that have none. ``tags``: ``undo-dismiss-<id>``."""
    kind, _, pk = (tags or "").rpartition("-")
    return reverse("dismiss", args=[int(pk)]) if kind == "undo-dismiss" and pk.isdecimal() else ""


@register.simple_tag
@functools.cache  # a page of cards draws some thirty hearts
def icon(name: str, css_class: str = "") -> SafeString:
    """One drawing of the icon sheet. It is decoration: the control around it carries the name."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        css_class,
        static("shop/img/icons.svg"),
        name,
    )
