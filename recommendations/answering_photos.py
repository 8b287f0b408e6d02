"""A shopper's photo from the worker's side: decoded, looked at, answered. The web's side is ``photo_answers``."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.http import QueryDict

from catalog.images import RGB, ImageRejected, encode_webp, inspect_header, resize_within
from catalog.listing_query import ListingQuery
from catalog.models import Category, Product
from catalog.search import filtered, matching
from recommendations import versions
from recommendations.attaching import finder_of
from recommendations.body_slots import slot_of
from recommendations.clusters import NO_PRODUCT
from recommendations.complements import Traits
from recommendations.gathering import traits_of
from recommendations.models import ClusterNetwork
from recommendations.network_files import vocabulary_from
from recommendations.photo_answers import BAD_BOX, N_COMPLEMENTARY, N_SIMILAR, SURE_ENOUGH_TO_SAY
from vision.colour import lab_of
from vision.labels import shelf_of
from vision.looking import LOOK_SIDE, Look, classifier_of, look_at
from vision.model_files import ModelError
from vision.models import ModelVersion, PhotoQuery
from vision.opening import decode
from vision.registry import model_in_use
from vision.search import Match, exact_match, kinds_seen, knows, similar_to_embedding

logger = structlog.get_logger(__name__)

PICTURE_SIDE = 960  # pixels; what the answer's page shows
SMALLEST_BOX = 16  # pixels; less shows nothing
SPARE = 2  # so many times as many are kept as are shown: some may be sold out when the page is opened

NO_MODEL = "We cannot look at photos at the moment. We have been told; please try again later."
OUR_FAULT = "Something went wrong on our side while we looked at your photo. Please send it once more."
NOTHING_FITS = "Nothing in the shop fits this photo and your filters. Take a filter off and ask again."
NOTHING_KNOWN = "A box around one piece, or a photo of it alone, may help."
NOTHING_LIKE_IT = "The closest we have is below. A box around one piece, or a photo of it alone, may help."

JUDGES = 7  # nearest products that decide for whom a photographed piece is


@dataclass(frozen=True)
class _Opened:
    """A decoded photo; ``scale``: pixels of ``rgb`` for each pixel of the upright photo as it was sent."""

    rgb: RGB
    width: int
    height: int
    scale: float


def answer_photo(query: PhotoQuery) -> None:
    """Look at the photo of ``query`` and write the answer, or the sentence that says why there is none.

    Safe to run twice. The file that was sent is dropped as soon as the answer is there.
    """
    try:
        _answer(query)
    except ImageRejected as rejected:
        _fail(query, rejected.sentence)
    except ModelError as error:
        logger.error("photo_without_model", photo=str(query.pk), error=str(error))
        _fail(query, NO_MODEL)
    except Exception:
        _fail(query, OUR_FAULT)  # the shopper gets a sentence, the worker's log the trace
        raise


def _answer(query: PhotoQuery) -> None:
    _save(query, progress=10)
    version = model_in_use()
    classifier = classifier_of(version)
    upload = bytes(query.upload or b"")
    photo = _open(upload, query.box)
    boxes = _boxes(photo, query.box)
    _save(query, progress=40, width=photo.width, height=photo.height)
    parts = [_cut(photo, box) for box in boxes]
    looks = look_at(parts, classifier)
    _save(query, progress=70)
    among = _limited(query.filters)
    digest = hashlib.sha256(upload).hexdigest()
    network = versions.active(ClusterNetwork)
    pieces = []
    for box, part, look in zip(boxes, parts, looks, strict=True):
        # Only the whole photo can be the very file that the catalogue has.
        exact = exact_match(look, part, version=version, source_hash=digest if box is boxes[-1] else "")
        pieces.append(_piece(box, look, exact, among, version, network))
    refused, message = _verdict(pieces[0], looks[0])
    _save(
        query,
        picture=encode_webp(resize_within(photo.rgb, PICTURE_SIDE), effort=1),  # a shopper waits
        answer=pieces,
        refused=refused,
        message=message,
        status=PhotoQuery.Status.DONE,
        progress=100,
        upload=None,
    )


def _open(upload: bytes, box: Sequence[int] | None) -> _Opened:
    """Decode no larger than needed: a small box asks for more pixels than the whole photo does."""
    header = inspect_header(
        upload, max_bytes=settings.PICTURE_MAX_BYTES, max_pixels=settings.PICTURE_MAX_PIXELS
    )
    longest = max(header.width, header.height)
    target = PICTURE_SIDE
    if box is not None:
        wanted = round(LOOK_SIDE * longest / max(box[2], box[3]))
        target = min(max(wanted, PICTURE_SIDE), 4 * PICTURE_SIDE)
    rgb = decode(upload, target)
    short, long = sorted((header.width, header.height))
    # The header's sides may be those of a photo that lies on its side; the decoded one is upright.
    width, height = (short, long) if rgb.shape[0] >= rgb.shape[1] else (long, short)
    return _Opened(rgb, width, height, max(rgb.shape[:2]) / longest)


def _boxes(photo: _Opened, drawn: Sequence[int] | None) -> list[list[int]]:
    """The parts to look at: the box that the shopper drew, and always the whole photo.

    Raises:
        ImageRejected: when the box lies outside the photo.
    """
    whole = [0, 0, photo.width, photo.height]
    if drawn is None:
        return [whole]
    x, y, width, height = drawn
    width, height = min(width, photo.width - x), min(height, photo.height - y)
    if min(width, height) < 1:
        raise ImageRejected("box", BAD_BOX)
    return [[x, y, width, height], whole]


def _cut(photo: _Opened, box: Sequence[int]) -> RGB:
    x, y, width, height = (round(number * photo.scale) for number in box)
    return np.ascontiguousarray(photo.rgb[y : y + max(1, height), x : x + max(1, width)])


def _limited(filters: dict[str, Any]) -> QuerySet[Product]:
    """The products that may be answers: visible, in stock and within the shopper's filters."""
    products = Product.objects.visible().in_stock()
    if not filters:
        return products
    query = ListingQuery.parse(QueryDict(filters["query"]))
    if query.q:
        products, _ = matching(products, query.q)
    return filtered(products, query, Category.objects.ids_below(query.category) if query.category else [])


def _piece(
    box: list[int],
    look: Look,
    exact: int | None,
    among: QuerySet[Product],
    version: ModelVersion,
    network: ClusterNetwork | None,
) -> dict[str, Any]:
    """One piece of the answer, as it is stored: product ids with scores and reason codes."""
    is_known = exact is not None or knows(look.labels)
    found = similar_to_embedding(
        look.embedding,
        look.colour_histogram,
        version=version,
        among=among,
        n=N_SIMILAR * SPARE * 2,
        kinds=kinds_seen(look.labels) if is_known else None,
    )
    return {
        "box": box,
        # What the shop does not know gets no names: they would be wrong.
        "labels": [
            {"label": x.label, "kind": x.kind, "probability": round(float(x.probability), 4)}
            for x in look.labels
            if is_known
        ],
        "exact": {"product": exact, "score": 1.0, "reason": "same_picture"} if exact else None,
        "similar": _varied(found, exact)[: N_SIMILAR * SPARE],
        "complementary": _complementary(look, exact, found, network) if is_known else [],
    }


def _varied(found: Sequence[Match], exact: int | None) -> list[dict[str, Any]]:
    """One colour of each model, and not the product that the photo shows: six colours of one shirt are one idea."""
    ids = [match.product_id for match in found]
    styles = dict(
        Product.objects.filter(pk__in=[*ids, *([exact] if exact else [])]).values_list("pk", "style_code")
    )
    own_style = styles.get(exact, "") if exact else ""
    seen: set[str] = set()
    kept = []
    for match in found:
        style = styles.get(match.product_id, "")
        if match.product_id == exact or (style and style in seen):
            continue
        seen.add(style)
        reason = "same_style" if own_style and style == own_style else "similar_look"
        kept.append(_found(match.product_id, match.score, reason))
    return kept


def _complementary(
    look: Look, exact: int | None, similar: Sequence[Match], network: ClusterNetwork | None
) -> list[dict[str, Any]]:
    """What goes with the piece, from the active cluster network; nothing before its first refresh."""
    if network is None:
        return []
    traits = traits_of([exact]) if exact else _traits(look, _gender_of(similar))
    words = vocabulary_from(network.shared_vocabulary).histogram(look.keypoints.descriptors)
    goes_with = finder_of(network).complements(words[None], traits, N_COMPLEMENTARY * SPARE)
    return [
        _found(int(pk), float(score), str(reason))
        for pk, score, reason in zip(
            goes_with.product_ids[0], goes_with.scores[0], goes_with.reasons[0], strict=True
        )
        if pk != NO_PRODUCT
    ]


def _gender_of(similar: Sequence[Match]) -> str:
    """For whom most of the nearest products are. The network's own guess is worth little on people's own photos."""
    nearest = [match.product_id for match in similar[:JUDGES]]
    genders = Counter(
        Product.objects.filter(pk__in=nearest).exclude(gender="").values_list("gender", flat=True)
    )
    return genders.most_common(1)[0][0] if genders else ""


def _traits(look: Look, gender: str) -> Traits:
    """What can be told from the photo and what is like it, in the form in which the shop knows its products."""
    best: dict[str, str] = {}
    for label in look.labels:
        if label.probability >= SURE_ENOUGH_TO_SAY:
            best.setdefault(label.kind, label.label)
    kind = best.get("type", "")
    return Traits(
        kinds=[kind],
        slots=[slot_of(kind, shelf_of(kind) or "", best.get("category", ""))],
        genders=[gender],
        occasions=[""],
        brands=[""],
        colours=lab_of([look.colours[0][0]]),
    )


def _verdict(piece: dict[str, Any], look: Look) -> tuple[bool, str]:
    """Whether the shop has nothing like the piece, and what to say about it."""
    if not piece["exact"] and not knows(look.labels):
        return True, NOTHING_LIKE_IT if piece["similar"] else NOTHING_KNOWN
    if not piece["exact"] and not piece["similar"]:
        return False, NOTHING_FITS
    return False, ""


def _found(product_id: int, score: float, reason: str) -> dict[str, Any]:
    return {"product": product_id, "score": round(min(1.0, max(0.0, score)), 4), "reason": reason}


def _fail(query: PhotoQuery, sentence: str) -> None:
    _save(query, status=PhotoQuery.Status.FAILED, message=sentence[:300], progress=100, upload=None)


def _save(query: PhotoQuery, **fields: Any) -> None:
    """Write these fields alone; a photo that has been forgotten in the meantime stays forgotten.

    Nobody waits for the disk: what a power cut takes is a photo without an answer, and those are queued again.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        PhotoQuery.objects.filter(pk=query.pk).update(**fields)
    for name, value in fields.items():
        setattr(query, name, value)
