"""From what was seen of a piece to the products that are like it: for the worker, and again for a page that narrows.

A piece keeps its two vectors in the answer, so that "same shape, other colour", "this but black" or a price limit is
one more search and not one more look. The web process can do that: nothing here loads the network or OpenCV.
"""

import base64
import functools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np
from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet
from django.http import QueryDict
from numpy.typing import NDArray

from catalog.facets import filtered
from catalog.listing_query import ListingQuery
from catalog.matching import matching
from catalog.models import Category, Product
from recommendations.photo_words import PhotoWords, understood
from vision.blend import (
    COLOUR_APART,
    COLOUR_CLOSE,
    COLOUR_WEIGHT,
    LOOKS_CLOSE,
    MATCHES,
    MatchBy,
    SeenLabel,
    kinds_seen,
)
from vision.labels import shelf_of
from vision.models import ModelVersion
from vision.search import Match, similar_to_embedding
from vision.vocabulary import COLOUR_FAMILIES, SHELVES

N_SIMILAR = 12
N_ALIKE = 4
SPARE = 2  # so many times as many are kept as are shown: some may be sold out when the page is opened
# A product is of the piece's kind when it stands on the same shelf and the network gave its article type at least this
# probability.
SAME_KIND_FROM = 0.15


@dataclass(frozen=True)
class Wish:
    """What a shopper wants of the answers beside the photo itself: to match by shape, by colour or both; words
    ("this but black, under 50"); the filters of a listing."""

    match: MatchBy = "both"
    filters: ListingQuery = field(default_factory=ListingQuery)

    @classmethod
    def parse(cls, data: QueryDict) -> Self:
        """Read a page's address; what makes no sense is left out."""
        match = data.get("match", "both")
        asked = replace(ListingQuery.parse(data), sort="", cursor=None)
        return cls(match if match in MATCHES else "both", asked)

    @classmethod
    def asked(cls, data: QueryDict) -> Self | None:
        """The wish in a page's address; None where it says nothing, and the photo's own wish holds."""
        wish = cls.parse(data)
        return None if wish.is_open and "match" not in data else wish

    @property
    def is_open(self) -> bool:
        """Whether nothing is wished for: the answer is then as it was found first."""
        return self.match == "both" and not self.narrows

    @property
    def narrows(self) -> bool:
        return self.filters.is_filtered or bool(self.filters.q)

    @property
    def names_kind(self) -> bool:
        """Whether the words or filters say what kind of thing it should be."""
        return bool(self.words.types or self.filters.type)

    @property
    def names_colour(self) -> bool:
        return bool(self.words.colours or self.filters.colour)

    @property
    def words(self) -> PhotoWords:
        return understood(self.filters.q)

    def query_string(self) -> str:
        """The part of an address after the question mark; empty for an open wish."""
        matched = [f"match={self.match}"] if self.match != "both" else []
        return "&".join(filter(None, [*matched, self.filters.query_string()]))


@dataclass(frozen=True)
class SeenPiece:
    """What an answer keeps of a piece so that it can be searched with again.

    ``embedding`` (128,) and ``colour_histogram`` (64,) have length 1; ``labels`` are empty for a piece that is not
    ``known``; ``exact`` is the product of the photo itself. ``likely``, the one that it probably shows, is known while
    the photo is looked at and not kept.
    """

    embedding: NDArray[np.float32]
    colour_histogram: NDArray[np.float32]
    labels: Sequence[SeenLabel]
    known: bool
    exact: int | None = None
    likely: Match | None = None

    def probability(self, kind: str, name: str) -> float:
        return next((x.probability for x in self.labels if (x.kind, x.label) == (kind, name)), 0.0)

    @property
    def best_type(self) -> str:
        """The likeliest article type; empty where none was seen."""
        types = [x for x in self.labels if x.kind == "type"]
        return max(types, key=lambda x: x.probability).label if types else ""


@dataclass(frozen=True)
class Similar:
    """Ids with scores and reason codes: ``same_kind``, and ``alike``, other kinds of things that look like it."""

    same_kind: list[dict[str, Any]]
    alike: list[dict[str, Any]]

    @property
    def ids(self) -> list[int]:
        """All products, those of the same kind first."""
        return [item["product"] for item in [*self.same_kind, *self.alike]]


def packed(vector: NDArray[np.float32]) -> str:
    """A unit vector as text, in half precision: 2 bytes a number, cosines right to the third digit."""
    return base64.b64encode(vector.astype(np.float16).tobytes()).decode()


def unpacked(text: str) -> NDArray[np.float32]:
    """What ``packed`` wrote, with length 1 again."""
    vector = np.frombuffer(base64.b64decode(text), np.float16).astype(np.float32)
    return np.asarray(vector / max(1e-6, float(np.linalg.norm(vector))), np.float32)


def find_similar(piece: SeenPiece, wish: Wish, version: ModelVersion) -> Similar:
    """The products in stock that are like a piece, as ``wish`` narrows and turns it.

    Where the shop has few of the piece's kind the list is short: what is of another kind and looks alike comes apart.
    """
    found = _search(piece, wish, version)
    likely = piece.likely.product_id if piece.likely else None
    if piece.likely:
        found = [piece.likely, *(match for match in found if match.product_id != likely)]
    details = {
        pk: (style, article_type)
        for pk, style, article_type in Product.objects.filter(
            pk__in=[*(match.product_id for match in found), piece.exact or 0]
        ).values_list("pk", "style_code", "article_type")
    }
    own_style = details.get(piece.exact or 0, ("", ""))[0]
    same_kind: list[dict[str, Any]] = []
    alike: list[dict[str, Any]] = []
    seen: set[str] = set()
    for match in found:
        style, article_type = details.get(match.product_id, ("", ""))
        is_own = bool(own_style) and style == own_style
        # One colour of each model: six colours of one shirt are one idea. Of the very product all colours are.
        if match.product_id == piece.exact or (
            style and style in seen and not (is_own and wish.match == "shape")
        ):
            continue
        seen.add(style)
        if not piece.known:
            same_kind.append(_found(match, "closest"))
        elif wish.names_kind or match.product_id == likely or _is_of_kind(match, article_type, piece, wish):
            same_kind.append(_found(match, "same_style" if is_own else _reason(match)))
        elif _looks_alike(match, article_type, piece, wish):
            alike.append(_found(match, "same_colour" if wish.match == "colour" else "looks_alike"))
    return Similar(same_kind[: N_SIMILAR * SPARE], alike[: N_ALIKE * SPARE])


def _search(piece: SeenPiece, wish: Wish, version: ModelVersion) -> list[Match]:
    """The nearest products by looks, by colour or by both; a colour in words takes the place of the piece's own."""
    labels = piece.labels if piece.known else ()
    if wish.names_kind:
        labels = ()  # what the photo shows no longer says what kind is wanted
    elif wish.match == "colour":
        # Another shape may well be another type of the same shelf.
        labels = [x for x in labels if x.kind != "type"]
    return similar_to_embedding(
        piece.embedding,
        piece.colour_histogram,
        version=version,
        among=limited(wish),
        n=N_SIMILAR * SPARE * 2,
        kinds=kinds_seen(labels) or None,
        match="both" if wish.names_colour else wish.match,
        colour_weight=0.0 if wish.names_colour else COLOUR_WEIGHT,
    )


def limited(wish: Wish) -> QuerySet[Product]:
    """The products that may be answers: visible, in stock, within the shopper's filters and words."""
    products = Product.objects.visible().in_stock()
    query = replace(wish.filters, q="")
    if query.is_filtered:
        below = Category.objects.ids_below(query.category) if query.category else []
        products = filtered(products, query, below)
    words = wish.words
    if not words.parts:
        return products
    if words.colours:
        products = products.filter(_named("colour", words.colours, _ALL_COLOURS))
    if words.unwanted_colours:
        products = products.exclude(colour__in=_in_any_case(words.unwanted_colours))
    if words.types:
        products = products.filter(_named("article_type", words.types, _ALL_TYPES))
    if words.genders:
        products = products.filter(gender__in=words.genders)
    if words.min_price is not None:
        products = products.filter(price__gte=words.min_price)
    if words.max_price is not None:
        products = products.filter(price__lte=words.max_price)
    if words.rest:
        products = matching(products, words.rest).products
    return products


def _in_any_case(names: frozenset[str]) -> list[str]:
    """Names as catalogues write them: an index finds each of them, which it would not for a pattern."""
    return sorted({form for name in names for form in (name, name.lower(), name.capitalize(), name.upper())})


_ALL_COLOURS = _in_any_case(frozenset(name for names in COLOUR_FAMILIES.values() for name in names))
_ALL_TYPES = _in_any_case(frozenset(name for names in SHELVES.values() for name in names))


def _named(field_name: str, names: frozenset[str], known: Sequence[str]) -> Q:
    """Products whose own ``field_name`` is one of ``names``; those that state nothing we know, by their text."""
    text = SearchQuery(
        " OR ".join(f'"{name}"' for name in sorted(names)), config="english", search_type="websearch"
    )
    return Q(**{f"{field_name}__in": _in_any_case(names)}) | (
        ~Q(**{f"{field_name}__in": known}) & Q(search_vector=text)
    )


def _is_of_kind(match: Match, article_type: str, piece: SeenPiece, wish: Wish) -> bool:
    """Whether a product is the kind of thing that was seen; in another shape everything on its shelf is.

    A product whose kind nobody stated may be. One whose kind is none that we know must look like it.
    """
    if not article_type or not piece.best_type:
        return True
    types = _types_of(article_type)
    if not types:
        return match.looks >= LOOKS_CLOSE
    on_shelf = [name for name in types if shelf_of(name) == shelf_of(piece.best_type)]
    if wish.match == "colour":
        return bool(on_shelf)
    return any(
        name == piece.best_type or piece.probability("type", name) >= SAME_KIND_FROM for name in on_shelf
    )


@functools.lru_cache(maxsize=1024)
def _types_of(article_type: str) -> frozenset[str]:
    """The article types that a catalogue's own word may mean: "T-Shirt" the type Tshirts; empty for none we know."""
    return frozenset({article_type}) if shelf_of(article_type) else understood(article_type).types


def _looks_alike(match: Match, article_type: str, piece: SeenPiece, wish: Wish) -> bool:
    """Whether a product of another kind may still be shown, apart: of the same shelf, very like, or in the same colour
    where that is what counts."""
    same_shelf = piece.probability("category", shelf_of(article_type) or "") >= SAME_KIND_FROM
    return same_shelf or wish.match == "colour" or match.looks >= LOOKS_CLOSE


def _reason(match: Match) -> str:
    """What is true of a product of the right kind: its shape, its colour, both or only the kind are near."""
    if match.looks >= LOOKS_CLOSE:
        if match.colour >= COLOUR_CLOSE:
            return "similar_look"
        return "same_shape" if match.colour < COLOUR_APART else "near_shape"
    return "same_colour" if match.colour >= COLOUR_CLOSE else "same_kind"


def _found(match: Match, reason: str) -> dict[str, Any]:
    return {"product": match.product_id, "score": round(min(1.0, max(0.0, match.score)), 4), "reason": reason}
