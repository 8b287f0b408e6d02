"""A shopper's photo from the web's side: taken in, queued, and its answer made ready for a page.

The picture itself is not decoded here; see ``recommendations.answering_photos`` for what the worker does with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from accounts.shopper import Shopper
from catalog.listing_query import ListingQuery
from catalog.models import Product
from recommendations.hydration import Answer
from recommendations.reasons import sentence
from recommendations.tasks import answer_photo
from vision.labels import display_name
from vision.models import PhotoQuery

logger = structlog.get_logger(__name__)

ACCEPTED = "JPEG, PNG, WebP or HEIC"
EMPTY = "That file is empty. Choose the picture again and send it once more."
NOT_A_PICTURE = f"That file is not a picture we can read. Send a {ACCEPTED} picture."
TOO_MANY_BYTES = (
    "That picture has {has:.1f} MB; we take up to {limit:.0f} MB. Send a smaller one, or a screenshot of it."
)
RESTING = "Photo search is taking a short rest. Please try again in a minute; the rest of the shop is open."
BAD_BOX = "That box lies outside the picture. Draw a box around the piece you mean and try again."
SLOW = "This takes longer than usual. Leave the page open, or come back to it in a minute."
SLOW_AFTER = timedelta(seconds=20)

N_SIMILAR = 12
N_COMPLEMENTARY = 6
LARGEST_SIDE = 100_000  # pixels; no box can lie further out
HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}

# Kinds of labels in the order in which people say them. For whom a piece is, is not said: on people's own photos that
# is a guess which offends more often than it helps.
SPOKEN_KINDS = ("type", "colour", "pattern")
SURE_ENOUGH_TO_SAY = 0.4


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
class Piece:
    """One product in the photo and what the shop has for it.

    ``box`` is [x, y, width, height] in pixels of the photo; ``labels`` are sorted by probability, ``seen`` are the best
    of each kind in the order in which people say them; ``title`` names the piece in words.
    """

    box: list[int]
    labels: list[SeenLabel]
    seen: list[SeenLabel]
    title: str
    exact: Answer | None
    similar: list[Answer]
    complementary: list[Answer]


@dataclass(frozen=True)
class PhotoAnswer:
    """The answer to a photo, ready for a page. ``refused``: the shop sells nothing like it; ``similar`` is then only
    the closest it has."""

    status: str
    progress: int
    products: list[Piece]
    refused: bool
    message: str


def start_photo_query(
    shopper: Shopper, data: bytes, box: Sequence[int] | None = None, filters: ListingQuery | None = None
) -> PhotoQuery:
    """Take a photo in and queue it.

    ``box`` is the part that the shopper means, in pixels of the upright picture; ``filters`` limit the answers. Only
    the size and the first bytes are looked at: everything else is the worker's.

    Raises:
        PhotoRefused: with a sentence for the shopper, when the file cannot be a picture or nobody can look at it now.
    """
    if not data:
        raise PhotoRefused(EMPTY)
    if len(data) > settings.PICTURE_MAX_BYTES:
        raise PhotoRefused(
            TOO_MANY_BYTES.format(has=len(data) / 2**20, limit=settings.PICTURE_MAX_BYTES / 2**20)
        )
    if not _begins_like_a_picture(data):
        raise PhotoRefused(NOT_A_PICTURE)
    if not shopper.is_known:
        raise ValueError("a photo needs a shopper to give the answer to: shopper_of(request, create=True)")
    query = PhotoQuery.objects.create(
        user_id=shopper.user_id,
        session_key="" if shopper.user_id else shopper.visitor,
        upload=data,
        box=_checked_box(box),
        filters={"query": filters.query_string()} if filters else {},
    )
    try:
        answer_photo.delay(str(query.pk))
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("photo_not_queued", photo=str(query.pk), error=str(error))
        query.delete()
        raise PhotoRefused(RESTING) from error
    return query


def presented(query: PhotoQuery) -> PhotoAnswer:
    """The answer as it is now, with its products as their cards need them; what is gone since then is left out."""
    products = _products_of(query.answer)
    message = query.message
    if query.status == PhotoQuery.Status.PENDING and timezone.now() - query.created_at > SLOW_AFTER:
        message = SLOW
    return PhotoAnswer(
        status=query.status,
        progress=query.progress,
        products=[_piece(piece, products) for piece in query.answer],
        refused=query.refused,
        message=message,
    )


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
        for found in [*piece["similar"], *piece["complementary"], *filter(None, [piece["exact"]])]
    }
    return Product.objects.visible().with_card_data().in_bulk(ids) if ids else {}


def _piece(piece: Mapping[str, Any], products: Mapping[int, Product]) -> Piece:
    labels = [SeenLabel(**label, words=display_name(label["label"])) for label in piece["labels"]]
    seen = _best_of_each_kind(labels)
    exact = _answers([piece["exact"]], products, with_sold_out=True) if piece["exact"] else []
    return Piece(
        box=piece["box"],
        labels=labels,
        seen=seen,
        title=_title(seen),
        exact=exact[0] if exact else None,
        similar=_answers(piece["similar"], products)[:N_SIMILAR],
        complementary=_answers(piece["complementary"], products)[:N_COMPLEMENTARY],
    )


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
        best.setdefault(label.kind, label)
    return [
        best[kind] for kind in SPOKEN_KINDS if kind in best and best[kind].probability >= SURE_ENOUGH_TO_SAY
    ]


def _title(seen: Sequence[SeenLabel]) -> str:
    """The piece in words: "Navy blue T-shirt"; only what is fairly sure is said."""
    words = {label.kind: label.words for label in seen}
    if "type" not in words:
        return "Your photo"
    title = f"{words.get('colour', '')} {words['type']}".strip()
    return title[0].upper() + title[1:]
