"""Why a product is shown, in words. Every code that is stored has its sentence here."""

_SENTENCES = {
    "recent": "You looked at this",
    "because": "Because you looked at {because}",
    "because_wish": "Because you saved {because}",
    "because_cart": "Because you put {because} into your bag",
    "because_purchase": "Because you bought {because}",
    "because_quiz": "Because you like {because}",
    "taste": "Shoppers with your taste",
    "looks": "Looks like {because}",
    "attributes": "Like {because}",
    "goes_with": "Goes with {because}",
    "bought_together": "Often bought with {because}",
    "popular": "Popular this week",
    "new": "New in the shop",
    "back_in_stock": "Back in stock",
    "price_drop": "Costs less than when you looked",
    "similar_look": "Close in shape and colour",
    "near_shape": "Close in shape",
    "same_shape": "Same shape, other colour",
    "same_colour": "Same colour, another cut",
    "same_kind": "Same kind of piece",
    "looks_alike": "Another kind, but looks alike",
    "closest": "The closest we have",
    "similar_words": "Close in cut and fabric",
    "same_style": "Same cut, other colour",
    "same_brand": "Same brand, same spirit",
    "same_theme": "Same print or theme",
    "other_shelf": "Like it, from the next shelf",
    "same_cluster": "From the same family of looks",
    "same_category": "More of the same kind",
    "complement": "Goes well with it",
    "complement_colour": "Colours that are worn together",
    "complement_kind": "Often worn with it",
    "complement_theme": "Same team, print or theme",
    "complement_basket": "Often bought with it",
    "complement_brand": "Goes with it, same brand",
    "curated": "Chosen by our stylists",
    "same_picture": "We have exactly this",
}
_WITHOUT_PRODUCT = {
    "because": "Like what you looked at",
    "because_wish": "Like what you saved",
    "because_cart": "Like what you put into your bag",
    "because_purchase": "Like what you bought",
    "because_quiz": "Like what you tapped",
    "looks": "Looks like what you looked at",
    "attributes": "Like what you looked at",
    "goes_with": "Goes with what you looked at",
    "bought_together": "Often bought together",
}

_NEAR = "This is like it, or is where at least three shoppers who met it went."
_WHY = {
    "recent": "You looked at it, saved it or put it into your bag lately.",
    "back_in_stock": "You met it before, and a size that was sold out has come back since.",
    "price_drop": "You met it before, and a size of it costs less now.",
    "because": f"You looked at {{because}}. {_NEAR}",
    "because_wish": f"You saved {{because}}. {_NEAR}",
    "because_cart": f"You put {{because}} into your bag. {_NEAR}",
    "because_purchase": f"You bought {{because}}. {_NEAR}",
    "because_quiz": f"You tapped {{because}} when we asked what you like. {_NEAR}",
    "looks": "{because} is in your history, and this looks like it.",
    "attributes": "{because} is in your history, and this is of its kind, colour, brand or cut.",
    "goes_with": "{because} is in your history, and this goes with it.",
    "same_style": "You met this model in another colour.",
    "taste": "Shoppers who met the same products as you chose this, or something very like it. "
    "No single thing you did is the reason, but your history as a whole.",
    "popular": "At least three shoppers chose it. It is here for everybody, whatever they looked at.",
    "new": "It has come into the shop lately. It is here for everybody, whatever they looked at.",
}


def is_code(text: str) -> bool:
    """Whether ``text`` is the code of a reason, and not something that an address made up."""
    return text in _SENTENCES


def why(code: str, because: str = "") -> str:
    """The reason ``code`` at length; "" where ``sentence`` says it all, or ``because`` would have to be named."""
    text = _WHY.get(code, "")
    return "" if not because and "{because}" in text else text.format(because=because)


def sentence(code: str, because: str = "") -> str:
    """The reason ``code`` in words; ``because`` names the product that it is because of.

    Raises:
        KeyError: for a code without words, so that a new code cannot be forgotten here.
    """
    if not because and code in _WITHOUT_PRODUCT:
        return _WITHOUT_PRODUCT[code]
    return _SENTENCES[code].format(because=because)
