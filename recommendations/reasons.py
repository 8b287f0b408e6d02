"""Why a product is shown, in words. Every code that is stored has its sentence here."""

from django.utils.translation import gettext_lazy as _

_SENTENCES = {
    "recent": _("You looked at this"),
    "because": _("Because you looked at %(because)s"),
    "because_wish": _("Because you saved %(because)s"),
    "because_cart": _("Because you put %(because)s into your bag"),
    "because_purchase": _("Because you bought %(because)s"),
    "because_quiz": _("Because you like %(because)s"),
    "taste": _("Shoppers with your taste"),
    "looks": _("Looks like %(because)s"),
    "attributes": _("Like %(because)s"),
    "goes_with": _("Goes with %(because)s"),
    "bought_together": _("Often bought with %(because)s"),
    "popular": _("Popular this week"),
    "new": _("New in the shop"),
    "back_in_stock": _("Back in stock"),
    "price_drop": _("Costs less than when you looked"),
    "similar_look": _("Close in shape and colour"),
    "near_shape": _("Close in shape"),
    "same_shape": _("Same shape, other colour"),
    "same_colour": _("Same colour, another cut"),
    "same_kind": _("Same kind of piece"),
    "looks_alike": _("Another kind, but looks alike"),
    "closest": _("The closest we have"),
    "similar_words": _("Close in cut and fabric"),
    "same_style": _("Same cut, other colour"),
    "same_brand": _("Same brand, same spirit"),
    "same_theme": _("Same print or theme"),
    "other_shelf": _("Like it, from the next shelf"),
    "same_cluster": _("From the same family of looks"),
    "same_category": _("More of the same kind"),
    "complement": _("Goes well with it"),
    "complement_colour": _("Colours that are worn together"),
    "complement_kind": _("Often worn with it"),
    "complement_theme": _("Same team, print or theme"),
    "complement_basket": _("Often bought with it"),
    "complement_brand": _("Goes with it, same brand"),
    "curated": _("Chosen by our stylists"),
    "same_picture": _("We have exactly this"),
}
_WITHOUT_PRODUCT = {
    "because": _("Like what you looked at"),
    "because_wish": _("Like what you saved"),
    "because_cart": _("Like what you put into your bag"),
    "because_purchase": _("Like what you bought"),
    "because_quiz": _("Like what you tapped"),
    "looks": _("Looks like what you looked at"),
    "attributes": _("Like what you looked at"),
    "goes_with": _("Goes with what you looked at"),
    "bought_together": _("Often bought together"),
}

_WHY = {
    "recent": _("You looked at it, saved it or put it into your bag lately."),
    "back_in_stock": _("You met it before, and a size that was sold out has come back since."),
    "price_drop": _("You met it before, and a size of it costs less now."),
    "because": _("You looked at %(because)s."),
    "because_wish": _("You saved %(because)s."),
    "because_cart": _("You put %(because)s into your bag."),
    "because_purchase": _("You bought %(because)s."),
    "because_quiz": _("You tapped %(because)s when we asked what you like."),
    "looks": _("%(because)s is in your history, and this looks like it."),
    "attributes": _("%(because)s is in your history, and this is of its kind, colour, brand or cut."),
    "goes_with": _("%(because)s is in your history, and this goes with it."),
    "same_style": _("You met this model in another colour."),
    "taste": _(
        "Shoppers who met the same products as you chose this, or something very like it. "
        "No single thing you did is the reason, but your history as a whole."
    ),
    "popular": _("At least three shoppers chose it. It is here for everybody, whatever they looked at."),
    "new": _("It has come into the shop lately. It is here for everybody, whatever they looked at."),
}
_NEAR = _("This is like it, or is where at least three shoppers who met it went.")
_NAMES = "%(because)s"  # a sentence that names the product


def is_code(text: str) -> bool:
    """Whether ``text`` is the code of a reason, and not something that an address made up."""
    return text in _SENTENCES


def why(code: str, because: str = "") -> str:
    """The reason ``code`` at length; "" where ``sentence`` says it all, or ``because`` would have to be named."""
    text = str(_WHY.get(code, ""))
    if _NAMES in text:
        text = text % {"because": because} if because else ""
    return f"{text} {_NEAR}" if text and code.startswith("because") else text


def sentence(code: str, because: str = "") -> str:
    """The reason ``code`` in words; ``because`` names the product that it is because of.

    Raises:
        KeyError: for a code without words, so that a new code cannot be forgotten here.
    """
    if not because and code in _WITHOUT_PRODUCT:
        return str(_WITHOUT_PRODUCT[code])
    text = str(_SENTENCES[code])
    return text % {"because": because} if _NAMES in text else text
