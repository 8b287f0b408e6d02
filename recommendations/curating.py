"""What curators say of products, laid over what a network found. Plain values; no database.

Words about pairs are applied when a page is drawn, so they count at once and outlive every refresh. A word about a
product's cluster names company instead of a number, since every refresh numbers the clusters anew.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from recommendations.body_slots import GENDERS_THAT_FIT, OTHER

T = TypeVar("T")

NEVER, RELATED, COMPLEMENTARY = "never", "related", "complementary"
CURATED = "curated"  # the reason code of what is promoted
ROW = 6  # places of a row on a page
# Half of a row stays the network's: three more places are enough for its rule of three body slots among the first six.
MOST_PROMOTED = 3


@dataclass(frozen=True)
class Piece:
    """What the rules ask of a product; "" is unknown."""

    slot: str  # body_slots.slot_of
    gender: str
    style_code: str
    is_visible: bool = True
    in_stock: bool = True


@dataclass(frozen=True)
class Pair:
    """A curator's word on two products. ``place`` counts from 1; ``obstacle`` says why the pair is not shown now."""

    product_id: int
    other_id: int
    verb: str
    place: int = 1
    obstacle: str = ""


@dataclass(frozen=True)
class Curation:
    """All that holds on one product's page: who is never there, and who always is, with the place."""

    never: frozenset[int] = frozenset()
    related: Mapping[int, int] = field(default_factory=dict)
    complementary: Mapping[int, int] = field(default_factory=dict)

    def places(self, kind: str) -> Mapping[int, int]:
        """Product id -> place of what is promoted in the row ``kind``, first places first."""
        return self.related if kind == RELATED else self.complementary

    def leaves(self, product_id: int) -> bool:
        """Whether a product found by the network may stand where the network put it."""
        return not (
            product_id in self.never or product_id in self.related or product_id in self.complementary
        )


def curation_of(product_id: int, pairs: Iterable[Pair]) -> Curation:
    """What ``pairs`` say about the page of one product. Never beats always, in both directions."""
    about = list(pairs)
    never = frozenset(
        other
        for pair in about
        if pair.verb == NEVER and product_id in (pair.product_id, pair.other_id)
        for other in (pair.product_id, pair.other_id)
        if other != product_id
    )
    promoted = sorted(
        (
            pair
            for pair in about
            if pair.verb != NEVER
            and pair.product_id == product_id
            and pair.other_id not in never
            and not pair.obstacle
        ),
        key=lambda pair: (pair.place, pair.other_id),
    )
    return Curation(
        never=never,
        related={pair.other_id: pair.place for pair in promoted if pair.verb == RELATED},
        complementary={pair.other_id: pair.place for pair in promoted if pair.verb == COMPLEMENTARY},
    )


def in_place(items: Iterable[T], places: Mapping[int, int], id_of: Callable[[T], int]) -> list[T]:
    """``items`` in their order, but for those with a place: each goes there, or to the end of what is shorter.

    Of two with one place the one that comes first in ``places`` has it, the other the next.
    """
    everything = list(items)
    promoted = {id_of(item): item for item in everything if id_of(item) in places}
    row = [item for item in everything if id_of(item) not in places]
    free = 0
    for product_id in sorted(promoted, key=list(places).index):
        free = max(free, places[product_id] - 1)
        row.insert(free, promoted[product_id])
        free += 1
    return row


def standing_obstacle(verb: str, product: Piece, other: Piece) -> str:
    """Why ``other`` can never be promoted on the page of ``product`` as they are; "" when it can."""
    if verb == NEVER:
        return ""
    if product.style_code and product.style_code == other.style_code:
        return "It is the same model in another colour: the page has it as a swatch."
    if verb == COMPLEMENTARY:
        if product.slot == other.slot != OTHER:
            return f"Both belong to the same place on the body ({product.slot}): promote it as related."
        fitting = GENDERS_THAT_FIT.get(product.gender.lower())
        if fitting is not None and other.gender.lower() not in fitting:
            return f"It is for somebody else: {other.gender}, not {product.gender}."
    return ""


def obstacle(verb: str, product: Piece, other: Piece) -> str:
    """Why a promoted pair is not shown at the moment, in a sentence; "" when it is shown."""
    if verb == NEVER:
        return ""
    if not other.is_visible:
        return "It is not for sale: activate it first."
    if not other.in_stock:
        return "It is sold out, and comes back by itself with the stock."
    return standing_obstacle(verb, product, other)


def pinned_cluster(company: Sequence[int], cluster_of: Mapping[int, int]) -> int | None:
    """The cluster in which most of ``company`` are now; of equals that of the first named. None: all are gone."""
    clusters = [cluster_of[pk] for pk in company if pk in cluster_of]
    return Counter(clusters).most_common(1)[0][0] if clusters else None
