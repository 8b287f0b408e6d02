"""The look around a product as a page shows it: of what the network stored for each place, the first that is for sale
now. What a shopper swapped away comes last again, so that swapping goes round.

A look is told by its address alone (``?swap=12&swap=45``, the pieces that were swapped away, oldest first): it can be
shared, Back works, and no script is needed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import pgettext_lazy

from catalog.models import Product
from recommendations.body_slots import PLACES
from recommendations.hydration import Answer, Found

Stored = Mapping[str, Sequence[Sequence[Any]]]
"""[product id, score, reason] of every piece by place, as ``outfits.completing.Looks`` stores it."""

SWAP = "swap"
MOST_SWAPPED = 40  # more than any look has pieces
# Looked up for each place: the piece to show, the next one, and some more that may be sold out.
SPARE = 4
FEWEST = 2  # pieces beside the product itself; one alone is no look
WORDS = {
    "top": pgettext_lazy("other …", "top"),
    "bottom": pgettext_lazy("other …", "bottoms"),
    "feet": pgettext_lazy("other …", "shoes"),
    "bag": pgettext_lazy("other …", "bag"),
}


@dataclass(frozen=True)
class Piece:
    """A piece of a look in its ``place``. ``swap`` is the address's part that shows another one instead; empty where
    there is none."""

    place: str
    answer: Answer
    swap: str

    @property
    def product(self) -> Product:
        return self.answer.product

    @property
    def score(self) -> float:
        return self.answer.score

    @property
    def reason_code(self) -> str:
        return self.answer.reason_code

    @property
    def reason(self) -> str:
        return self.answer.reason

    @property
    def place_name(self) -> str:
        """The place as a shopper says it: "shoes"."""
        return str(WORDS.get(self.place, self.place))


@dataclass(frozen=True)
class Look:
    """A whole outfit: ``own``, the product that it is around where that can be bought, and the pieces chosen to go with
    it. What they cost is what their cards say."""

    own: Product | None
    pieces: list[Piece]

    @property
    def products(self) -> list[Product]:
        return [*([self.own] if self.own else []), *(piece.product for piece in self.pieces)]

    @property
    def total(self) -> Decimal:
        return sum((product.price for product in self.products), Decimal(0))

    @property
    def currency(self) -> str:
        return self.products[0].currency


def swapped_ids(texts: Iterable[str]) -> list[int]:
    """The product ids that an address names as swapped away, each where it stands last; nonsense is passed over."""
    ids = [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 18]
    return list(reversed(dict.fromkeys(reversed(ids))))[-MOST_SWAPPED:]


def offered(stored: Stored, swapped: Sequence[int], never: Iterable[int] = ()) -> list[Found]:
    """What to look up for a look, place by place, the piece to show first; nothing that a curator forbids beside it."""
    forbidden = set(never)
    return [
        Found(pk, score, reason)
        for pieces in _by_place(stored).values()
        for pk, score, reason in _in_turn(pieces, swapped)[:SPARE]
        if pk not in forbidden
    ]


def look_from(
    stored: Stored, answers: Iterable[Answer], swapped: Sequence[int], own: Product | None = None
) -> Look | None:
    """Put a look together from ``answers``, which are for sale; None where too little of it is.

    ``own`` is the product that the look is around. A bag holds one currency, and so does a look.
    """
    there = {answer.product.pk: answer for answer in answers}
    if own is not None and not own.in_stock:
        own = None
    currency = own.currency if own else ""
    pieces = []
    for place, candidates in _by_place(stored).items():
        found = [
            there[pk]
            for pk, _, _ in _in_turn(candidates, swapped)
            if pk in there and currency in ("", there[pk].product.currency)
        ]
        if found:
            first = found[0]
            currency = first.product.currency
            pieces.append(Piece(place, first, _address(swapped, found)))
    return Look(own, pieces) if len(pieces) >= FEWEST else None


def _by_place(stored: Stored) -> Stored:
    """The look from top to toe: the database keeps no order of keys."""
    return {place: stored[place] for place in PLACES if place in stored}


def _in_turn(pieces: Sequence[Sequence[Any]], swapped: Sequence[int]) -> list[Sequence[Any]]:
    """Those not swapped away as they stand, then the others, the longest away first."""
    turn = {pk: number for number, pk in enumerate(swapped)}
    return sorted(pieces, key=lambda piece: turn.get(piece[0], -1))


def _address(swapped: Sequence[int], found: Sequence[Answer]) -> str:
    """What an address says without the first of ``found``, and without the same model in other colours: who swaps it
    wants something else. Empty where there is nothing else."""
    first = found[0].product
    away = [
        answer.product.pk
        for answer in found
        if answer.product.pk == first.pk
        or (first.style_code and answer.product.style_code == first.style_code)
    ]
    if len(away) == len(found):
        return ""
    return urlencode(
        [(SWAP, pk) for pk in [*(pk for pk in swapped if pk not in away), *away][-MOST_SWAPPED:]]
    )
