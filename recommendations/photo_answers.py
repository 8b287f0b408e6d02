"""A shopper's photo from the web's side: taken in, queued, and its answer made ready for a page.

The picture itself is not decoded here; see ``recommendations.answering_photos`` for what the worker does with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext, gettext_lazy, pgettext, pgettext_lazy
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from accounts.shopper import Shopper
from catalog.dictionary import spoken
from catalog.models import Product
from recommendations.hydration import Answer, Found, hydrate
from recommendations.looks import Look, look_from, offered
from recommendations.photo_matching import N_ALIKE, N_SIMILAR, SeenPiece, Wish, find_similar, unpacked
from recommendations.reasons import sentence
from recommendations.showing import note_photo_search
from recommendations.tasks import answer_photo
from vision.labels import display_name
from vision.models import ModelVersion, PhotoQuery

logger = structlog.get_logger(__name__)

EMPTY = gettext_lazy("That file is empty. Choose the picture again and send it once more.")
NOT_A_PICTURE = gettext_lazy(
    "That file is not a picture we can read. Send a JPEG, PNG, WebP or HEIC picture."
)
TOO_MANY_BYTES = gettext_lazy(
    "That picture has %(has)s MB; we take up to %(limit)s MB. Send a smaller one, or a screenshot of it."
)
RESTING = gettext_lazy(
    "Photo search is taking a short rest. Please try again in a minute; the rest of the shop is open."
)
BAD_BOX = gettext_lazy(
    "That box lies outside the picture. Draw a box around the piece you mean and try again."
)
SLOW = gettext_lazy("This takes longer than usual. Leave the page open, or come back to it in a minute.")
SLOW_AFTER = timedelta(seconds=20)

N_COMPLEMENTARY = 6
LARGEST_SIDE = 100_000  # pixels; no box can lie further out
HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}

# Kinds of labels in the order in which people say them. For whom a piece is, is not said: on people's own photos that
# is a guess which offends more often than it helps.
SPOKEN_KINDS = ("type", "colour", "pattern")
SURE_ENOUGH_TO_SAY = 0.4
# A colour is not said that is more likely wrong than right: it stands beside the swatches, and red sandals that are
# called black make the shopper doubt all the rest.
SURE_OF_COLOUR = 0.5
# What a piece is called when its shelf is sure and its type is not.
SHELF_WORDS = {
    "tops": pgettext_lazy("a piece", "top"),
    "bottoms": pgettext_lazy("a piece", "trousers or skirt"),
    "dresses": pgettext_lazy("a piece", "dress"),
    "outerwear": pgettext_lazy("a piece", "jacket or coat"),
    "shoes": pgettext_lazy("a piece", "shoes"),
    "bags": pgettext_lazy("a piece", "bag"),
    "accessories": pgettext_lazy("a piece", "accessory"),
}


class PhotoRefused(ValueError):
    """A photo that is not taken; the text says why and what to do, in the shop's voice."""


@dataclass(frozen=True)
class SeenLabel:
    """Something seen in the photo: ``label`` in the catalogue's words, ``words`` as a page says it."""

    label: str
    kind: str
    probability: float
    words: str


@dataclass(frozen=True)
class GarmentColour:
    """A main colour of a piece: "#rrggbb", its share (0..1) of the piece, and what it is called."""

    hex: str
    share: float
    name: str


@dataclass(frozen=True)
class Piece:
    """One product in the photo and what the shop has for it.

    ``number`` is its place in the answer, ``box`` is [x, y, width, height] in pixels of the photo, ``is_whole`` says
    that this is the whole of it. ``labels`` are sorted by probability, ``seen`` are the best of each kind in the order
    in which people say them; ``title`` names the piece in words. ``similar`` are of its kind, ``alike`` are other
    things that look like it. ``known``: the shop sells such things. ``cluster`` is its place in the cluster network, as
    ``placing_photos`` tells it.
    """

    number: int
    box: list[int]
    is_whole: bool
    known: bool
    labels: list[SeenLabel]
    seen: list[SeenLabel]
    title: str
    colours: list[GarmentColour]
    exact: Answer | None
    similar: list[Answer]
    alike: list[Answer]
    complementary: list[Answer]
    cluster: dict[str, Any] | None

    @property
    def short_title(self) -> str:
        """One or two words for a chip."""
        kind = next((label.words for label in self.seen if label.kind == "type"), "")
        return kind[0].upper() + kind[1:] if kind else self.title


@dataclass(frozen=True)
class PhotoAnswer:
    """The answer to a photo, ready for a page. ``refused``: the shop sells nothing like it; ``similar`` is then only
    the closest it has. ``wish`` is what the answers were narrowed by."""

    status: str
    progress: int
    products: list[Piece]
    refused: bool
    message: str
    wish: Wish = field(default_factory=Wish)

    @property
    def boxes(self) -> list[Piece]:
        """The pieces that have a place in the photo, the largest first: a small one in front stays within reach."""
        pieces = [piece for piece in self.products if not piece.is_whole]
        return sorted(pieces, key=lambda piece: -piece.box[2] * piece.box[3])


def start_photo_query(
    shopper: Shopper, data: bytes, box: Sequence[int] | None = None, wish: Wish | None = None
) -> PhotoQuery:
    """Take a photo in and queue it.

    ``box`` is the part that the shopper means, in pixels of the upright picture; ``wish`` narrows the answers. Only
    the size and the first bytes are looked at: everything else is the worker's.

    Raises:
        PhotoRefused: with a sentence for the shopper, when the file cannot be a picture or nobody can look at it now.
    """
    if not data:
        raise PhotoRefused(EMPTY)
    if len(data) > settings.PICTURE_MAX_BYTES:
        raise PhotoRefused(
            TOO_MANY_BYTES
            % {
                "has": number_format(len(data) / 2**20, 1),
                "limit": number_format(settings.PICTURE_MAX_BYTES / 2**20, 0),
            }
        )
    if not _begins_like_a_picture(data):
        raise PhotoRefused(NOT_A_PICTURE)
    if not shopper.is_known:
        raise ValueError("a photo needs a shopper to give the answer to: shopper_of(request, create=True)")
    query = PhotoQuery(
        user_id=shopper.user_id,
        session_key="" if shopper.user_id else shopper.visitor,
        upload=data,
        box=_checked_box(box),
        filters={"query": wish.query_string()} if wish and not wish.is_open else {},
    )
    with transaction.atomic(), connection.cursor() as cursor:
        # Nobody waits for the disk: a photo that a power cut takes is sent again.
        cursor.execute("SET LOCAL synchronous_commit = off")
        query.save(force_insert=True)
    try:
        answer_photo.delay(str(query.pk))
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("photo_not_queued", photo=str(query.pk), error=str(error))
        query.delete()
        raise PhotoRefused(RESTING) from error
    note_photo_search(shopper)
    return query


def presented(query: PhotoQuery, wish: Wish | None = None, *, only: int | None = None) -> PhotoAnswer:
    """The answer as it is now, with its products as their cards need them; what is gone since then is left out.

    ``wish`` searches once more with what is kept of each piece (of the piece ``only`` alone, where a page shows one);
    without it the answer is as the worker found it.
    """
    stored = list(query.answer)
    if wish is not None and wish != wish_of(query):
        stored = [
            _searched_again(piece, wish) if only is None or number == only else piece
            for number, piece in enumerate(stored)
        ]
    products = _products_of(stored)
    message = gettext(query.message) if query.message else ""  # the worker writes it down in English
    if query.status == PhotoQuery.Status.PENDING and timezone.now() - query.created_at > SLOW_AFTER:
        message = str(SLOW)
    whole = [0, 0, query.width, query.height]
    return PhotoAnswer(
        status=query.status,
        progress=query.progress,
        products=[_piece(number, piece, products, whole) for number, piece in enumerate(stored)],
        refused=query.refused,
        message=message,
        wish=wish or wish_of(query),
    )


def look_around(query: PhotoQuery, number: int, swapped: Sequence[int] = ()) -> Look | None:
    """The look around piece ``number`` of the answer, with that piece itself where the shop has exactly it; two
    queries. None where the shop has too little for one, and for answers from before there were looks."""
    stored = query.answer[number].get("look", {})
    exact = query.answer[number]["exact"]
    pieces = offered(stored, swapped)
    if not pieces:
        return None
    own = [Found(exact["product"], exact["score"], exact["reason"])] if exact else []
    answers = hydrate([*own, *pieces], with_sizes=True)
    owned = next((a.product for a in answers if exact and a.product.pk == exact["product"]), None)
    return look_from(stored, answers, swapped, owned)


def wish_of(query: PhotoQuery) -> Wish:
    """What the photo was sent with."""
    return Wish.parse(QueryDict(query.filters.get("query", "")))


def _searched_again(piece: Mapping[str, Any], wish: Wish) -> Mapping[str, Any]:
    """The stored piece with other similar products. Without the model that saw it, it stays as it was."""
    version = ModelVersion.objects.filter(pk=piece.get("model")).first()
    if version is None:
        return piece
    seen = SeenPiece(
        embedding=unpacked(piece["embedding"]),
        colour_histogram=unpacked(piece["colour_histogram"]),
        labels=_labels(piece),
        known=piece["known"],
        exact=piece["exact"]["product"] if piece["exact"] else None,
    )
    found = find_similar(seen, wish, version)
    return {**piece, "similar": found.same_kind, "alike": found.alike}


def _begins_like_a_picture(data: bytes) -> bool:
    return (
        data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"))
        or (data.startswith(b"RIFF") and data[8:12] == b"WEBP")
        or (data[4:8] == b"ftyp" and data[8:12] in HEIF_BRANDS)
    )


def _checked_box(box: Sequence[int] | None) -> list[int] | None:
    """The box as whole numbers; whether it lies in the picture is seen when the picture is decoded."""
    if box is None:
        return None
    try:
        x, y, width, height = (int(number) for number in box)
    except (TypeError, ValueError, OverflowError) as error:
        raise PhotoRefused(BAD_BOX) from error
    if min(x, y) < 0 or min(width, height) < 1 or max(x + width, y + height) > LARGEST_SIDE:
        raise PhotoRefused(BAD_BOX)
    return [x, y, width, height]


def _products_of(pieces: Sequence[Mapping[str, Any]]) -> dict[int, Product]:
    """All products of an answer in two queries."""
    ids = {
        found["product"]
        for piece in pieces
        for found in [
            *piece["similar"],
            *piece["alike"],
            *piece["complementary"],
            *filter(None, [piece["exact"]]),
        ]
    }
    return Product.objects.visible().with_card_data().in_bulk(ids) if ids else {}


def _piece(
    number: int, piece: Mapping[str, Any], products: Mapping[int, Product], whole: Sequence[int]
) -> Piece:
    labels = _labels(piece)
    seen = _best_of_each_kind(labels)
    exact = _answers([piece["exact"]], products, with_sold_out=True) if piece["exact"] else []
    return Piece(
        number=number,
        box=piece["box"],
        is_whole=piece["box"] == whole,
        known=piece["known"],
        labels=labels,
        seen=seen,
        title=_title(seen, labels, is_whole=piece["box"] == whole),
        colours=[GarmentColour(**{**colour, "name": spoken(colour["name"])}) for colour in piece["colours"]],
        exact=exact[0] if exact else None,
        similar=_answers(piece["similar"], products)[:N_SIMILAR],
        alike=_answers(piece["alike"], products)[:N_ALIKE],
        complementary=_answers(piece["complementary"], products)[:N_COMPLEMENTARY],
        cluster=piece.get("cluster"),  # answers from before have none
    )


def label_words(label: str) -> str:
    """How a label reads on a page in the page's language: ``Tshirts`` as "T-shirt"."""
    return spoken(label, one=True, otherwise=display_name(label))


def _labels(piece: Mapping[str, Any]) -> list[SeenLabel]:
    return [SeenLabel(**label, words=label_words(label["label"])) for label in piece["labels"]]


def _answers(
    found: Sequence[Mapping[str, Any]], products: Mapping[int, Product], *, with_sold_out: bool = False
) -> list[Answer]:
    return [
        Answer(products[item["product"]], item["score"], item["reason"], sentence(item["reason"]))
        for item in found
        if item["product"] in products and (with_sold_out or products[item["product"]].in_stock)
    ]


def _best_of_each_kind(labels: Sequence[SeenLabel]) -> list[SeenLabel]:
    best: dict[str, SeenLabel] = {}
    for label in labels:
        sure = SURE_OF_COLOUR if label.kind in ("colour", "family") else SURE_ENOUGH_TO_SAY
        if label.probability >= sure:
            best.setdefault(label.kind, label)
    if "colour" not in best and "family" in best:
        best["colour"] = best["family"]  # not sure of the shade, but of the colour
    return [best[kind] for kind in SPOKEN_KINDS if kind in best]


def _title(seen: Sequence[SeenLabel], labels: Sequence[SeenLabel], *, is_whole: bool) -> str:
    """The piece in words: "Navy blue T-shirt"; only what is fairly sure is said, if need be the shelf alone."""
    kinds = [label.words for label in seen if label.kind == "type"] or [
        str(SHELF_WORDS[label.label])
        for label in labels
        if label.kind == "category" and label.label in SHELF_WORDS and label.probability >= SURE_ENOUGH_TO_SAY
    ]
    if not kinds:
        return gettext("Your photo") if is_whole else gettext("This piece")
    colours = [label.words for label in seen if label.kind in ("colour", "family")]
    title = kinds[0]
    if colours:
        # Translators: what is seen in a photo, such as "navy blue T-shirt".
        title = pgettext("a piece", "%(colour)s %(thing)s") % {"colour": colours[0], "thing": title}
    return title[0].upper() + title[1:]
