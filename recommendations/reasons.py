"""Why a product is shown, in words. Every code that is stored has its sentence here."""

_SENTENCES = {
    "recent": "You looked at this",
    "because": "Because you looked at {because}",
    "because_wish": "Because you saved {because}",
    "because_cart": "Because {because} is in your bag",
    "because_purchase": "Because you bought {because}",
    "taste": "Shoppers with your taste",
    "looks": "Looks like {because}",
    "attributes": "Like {because}",
    "goes_with": "Goes with {because}",
    "bought_together": "Often bought with {because}",
    "popular": "Popular this week",
    "new": "New in the shop",
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
    "because_cart": "Like what is in your bag",
    "because_purchase": "Like what you bought",
    "looks": "Looks like what you looked at",
    "attributes": "Like what you looked at",
    "goes_with": "Goes with what you looked at",
    "bought_together": "Often bought together",
}


def sentence(code: str, because: str = "") -> str:
    """The reason ``code`` in words; ``because`` names the product that it is because of.

    Raises:
        KeyError: for a code without words, so that a new code cannot be forgotten here.
    """
    if not because and code in _WITHOUT_PRODUCT:
        return _WITHOUT_PRODUCT[code]
    return _SENTENCES[code].format(because=because)
