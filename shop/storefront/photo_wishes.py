"""What a shopper may change about a photo's answer, as links: shape or colour, and words that can be taken off."""

from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from django.utils.translation import pgettext_lazy

from catalog.dictionary import spoken
from catalog.listing_query import CHOICES
from recommendations.photo_matching import Wish
from shop.storefront.listing import Chip, price_words
from shop.storefront.shelves import shelf_plan
from vision.blend import MatchBy

# Each in two lines, so that three of them fit beside each other on a phone.
POSITIONS: dict[MatchBy, tuple[str, str]] = {
    "shape": (pgettext_lazy("line 1", "Same shape,"), pgettext_lazy("line 2", "other colour")),
    "both": (pgettext_lazy("line 1", "Shape"), pgettext_lazy("line 2", "and colour")),
    "colour": (pgettext_lazy("line 1", "Same colour,"), pgettext_lazy("line 2", "other shape")),
}


@dataclass(frozen=True)
class Position:
    """One position of the control between shape and colour; its words stand in two lines."""

    value: MatchBy
    first: str
    second: str
    query_string: str
    is_chosen: bool


def positions(wish: Wish, number: int | None = None) -> list[Position]:
    """The three positions, of a photo's answer for its piece ``number``."""
    return [
        Position(value, first, second, address(replace(wish, match=value), number), value == wish.match)
        for value, (first, second) in POSITIONS.items()
    ]


def chips(wish: Wish, number: int) -> list[Chip]:
    """What narrows the answers, each with the address without it."""
    query = wish.filters
    found = [
        Chip(part.text, address(replace(wish, filters=replace(query, q=wish.words.without(part))), number))
        for part in wish.words.parts
    ]
    names = {shelf.slug: shelf.name for shelf in shelf_plan().by_id.values()}
    for name in CHOICES:
        for value in getattr(query, name):
            text = spoken(names.get(value, value) if name == "category" else value)
            found.append(Chip(text, address(replace(wish, filters=query.toggled(name, value)), number)))
    if query.has_price_limit:
        without = replace(wish, filters=query.without_choice("price"))
        found.append(Chip(price_words(query), address(without, number)))
    return found


def kept(wish: Wish) -> list[tuple[str, str]]:
    """The filters that the form keeps without showing a field for them; their chips take them away."""
    shown = replace(wish.filters, q="", category=(), max_price=None)
    return parse_qsl(shown.query_string())


def address(wish: Wish, number: int | None = None) -> str:
    """The part of the page's address after the question mark."""
    piece = [] if number is None else [f"piece={number}"]
    return "&".join([*piece, wish.query_string() or "match=both"])
