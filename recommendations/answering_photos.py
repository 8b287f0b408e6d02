"""A shopper's photo from the worker's side: decoded, looked at, answered. The web's side is ``photo_answers``."""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import structlog
from django.db import connection, transaction
from django.utils.translation import gettext_noop

from catalog.images import ImageRejected, encode_jpeg, resize_within
from recommendations import versions
from recommendations.attaching import finder_of
from recommendations.body_slots import slot_of
from recommendations.clusters import NO_PRODUCT
from recommendations.gathering import traits_of
from recommendations.models import ClusterNetwork
from recommendations.network_files import vocabulary_from
from recommendations.outfits.completing import StoredLook
from recommendations.photo_answers import N_COMPLEMENTARY, SURE_ENOUGH_TO_SAY, wish_of
from recommendations.photo_matching import SPARE, SeenPiece, Wish, find_similar, limited, packed
from recommendations.photo_parts import PICTURE_SIDE, Part, asked_parts, open_photo, parts_of
from recommendations.photo_pieces import Candidate, pieces_of
from recommendations.photo_waiting import announce
from recommendations.placing_photos import company_of, place_photo
from recommendations.traits import Traits
from vision.colour import lab_of, nearest_colour_name
from vision.exact import NEAREST_IN_DETAIL, Comparison, exact_match, likely_match, product_of_file
from vision.inference import Prediction
from vision.labels import shelf_of
from vision.looking import LOOK_SIDE, Look, classifier_of, detector_of, refusal_of, whole_look
from vision.model_files import ModelError
from vision.models import ModelVersion, PhotoQuery
from vision.placing import best_shelf, on_shelf
from vision.refusal import NEAREST, evidence_of
from vision.registry import model_in_use
from vision.search import Match, Neighbour, nearest_by_looks
from vision.visual_words import Keypoints, find_keypoints

logger = structlog.get_logger(__name__)

# Kept with the answer in English; the page says it in its language.
NO_MODEL = gettext_noop("We cannot look at photos at the moment. We have been told; please try again later.")
OUR_FAULT = gettext_noop(
    "Something went wrong on our side while we looked at your photo. Please send it once more."
)
NOTHING_FITS = gettext_noop(
    "Nothing in the shop fits this photo and your filters. Take a filter off and ask again."
)
NOTHING_KNOWN = gettext_noop("A box around one piece, or a photo of it alone, may help.")
NOTHING_LIKE_IT = gettext_noop(
    "The closest we have is below. A box around one piece, or a photo of it alone, may help."
)

SURE_PROPOSAL = 0.5  # the detector's score from which its word counts beside the classifier's
ONE_THING = {"type": 0.7, "category": 0.9}  # how sure the classifier is of a photo of one thing
# Products nearest by looks that are fetched for each part: refusal, proof and keypoints each take the first few, and
# those that are sold out or filtered away are no loss to the last.
NEAREST_BY_LOOKS = 2 * NEAREST_IN_DETAIL
PICTURE_QUALITY = 82  # of the JPEG on the answer's page
# The garment map is drawn here while the classifier looks and keypoints are found, all three outside Python's own lock.
# A single thread: a network is not for two at once.
BESIDE = ThreadPoolExecutor(1, thread_name_prefix="garment-map")


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


def get_ready() -> None:
    """Load what an answer needs, where this process has not: the first photo would wait for it for seconds."""
    try:
        version = model_in_use()
        for load in (classifier_of, detector_of, refusal_of):
            load(version)
    except ModelError as error:
        logger.warning("not_ready_for_photos", reason=str(error))
        return
    network = versions.active(ClusterNetwork)
    if network is not None:
        finder_of(network)


def _answer(query: PhotoQuery) -> None:
    version = model_in_use()
    classifier = classifier_of(version)
    upload = bytes(query.upload or b"")
    photo = open_photo(upload, query.box)
    asked = asked_parts(photo, query.box)
    detector = detector_of(version)
    mapped = BESIDE.submit(detector.map, resize_within(photo.rgb, PICTURE_SIDE)) if detector else None
    _save(query, progress=40, width=photo.width, height=photo.height)
    n_asked = len(asked)
    small = [resize_within(part.rgb, LOOK_SIDE) for part in asked]
    seen = classifier.predict(small)
    keypoints: list[Keypoints | None] = [find_keypoints(picture) for picture in small]
    found = parts_of(photo, asked, mapped.result() if mapped else None)
    parts = found.asked
    if found.worn or not _is_one_thing(seen[-1]):
        proposed = found.proposed()
        parts = [*parts, *proposed]
        small += [resize_within(part.rgb, LOOK_SIDE) for part in proposed]
        seen += classifier.predict(small[n_asked:])
        keypoints += [None] * len(proposed)  # of those that become pieces alone
    seen = [_placed(part, prediction) for part, prediction in zip(parts, seen, strict=True)]
    nearest = nearest_by_looks(
        [prediction.embedding for prediction in seen], version=version, n=NEAREST_BY_LOOKS
    )
    known = [
        _is_known(prediction, near, version) or _is_agreed(part, prediction)
        for part, prediction, near in zip(parts, seen, nearest, strict=True)
    ]
    wish = wish_of(query)
    digest = hashlib.sha256(upload).hexdigest()
    network = versions.active(ClusterNetwork)
    answer = []
    for i in _chosen(parts, seen, known, n_asked):
        look = whole_look(small[i], seen[i], parts[i].mask, keypoints[i])
        exact, likely = None, None
        if i < n_asked:
            # The proof is costly, and only the whole photo can be the very file that the catalogue has.
            if i == n_asked - 1:
                exact = product_of_file(digest)
            comparison = Comparison(look, version)
            if exact is None:
                exact = exact_match(comparison, parts[i].rgb, nearest[i])
            if exact is None and wish.match == "both":
                likely = likely_match(comparison, _within(wish, nearest[i]))
        is_known = known[i] or exact is not None
        answer.append(_piece(parts[i].box, look, exact, likely, is_known, wish, version, network))
    refused, message = _verdict(answer, wish)
    _save(
        query,
        picture=encode_jpeg(resize_within(photo.rgb, PICTURE_SIDE), PICTURE_QUALITY, quick=True),
        answer=answer,
        refused=refused,
        message=message,
        status=PhotoQuery.Status.DONE,
        progress=100,
        upload=None,
    )


def _chosen(
    parts: Sequence[Part], seen: Sequence[Prediction], known: Sequence[bool], asked: int
) -> list[int]:
    """The places in ``parts`` of the pieces, in the order of the answer: what was drawn, what was found, the whole.

    The first ``asked`` parts are the drawn one (if any) and the whole photo; the others were proposed.
    """
    candidates = [
        Candidate(part.box, *_best_guess(prediction), part.score, is_known)
        for part, prediction, is_known in zip(parts, seen, known, strict=True)
    ]
    whole = candidates.pop(asked - 1)
    drawn = asked - 1
    # A box that somebody drew is not proposed to them once more.
    found = [i + 1 for i in pieces_of(candidates, whole) if i >= drawn]
    return [*range(drawn), *found, drawn]


def _is_known(seen: Prediction, near: Sequence[Neighbour], version: ModelVersion) -> bool:
    """Whether the shop sells things like what was seen, by what the network says and how near the catalogue is."""
    evidence = evidence_of(seen.labels, seen.goods, [one.looks for one in near[:NEAREST]])
    return refusal_of(version).knows(evidence)


def _within(wish: Wish, near: Sequence[Neighbour]) -> list[Neighbour]:
    """Those of ``near`` that may be answers."""
    allowed = limited(wish).filter(pk__in=[one.product_id for one in near]).order_by()
    allowed_ids = set(allowed.values_list("pk", flat=True))
    return [one for one in near if one.product_id in allowed_ids]


def _is_one_thing(whole: Prediction) -> bool:
    """Whether a photo in which nobody is shows a single thing: then its folds and its shadow are no further pieces.

    Chosen on a third of ../shared/data/phone-photos/validation, where it holds for four in five, and on 20 drawn scenes
    of three garments, where it does for one in five.
    """
    chances = dict.fromkeys(ONE_THING, 0.0)
    for label in whole.labels:
        if label.kind in chances:
            chances[label.kind] = max(chances[label.kind], label.probability)
    return all(chances[kind] >= least for kind, least in ONE_THING.items())


def _placed(part: Part, seen: Prediction) -> Prediction:
    """What is told of a part, on the shelf that the detector and the classifier together put it on."""
    if not part.shelves:
        return seen
    categories = {x.label: x.probability for x in seen.labels if x.kind == "category"}
    return replace(seen, labels=on_shelf(seen.labels, best_shelf(part.shelves, categories)))


def _is_agreed(part: Part, seen: Prediction) -> bool:
    """Whether the detector is sure of a proposal and the classifier has thought of a type on the shelf that both put it
    on: that is goods, however unsure the very type is in a small piece of a street photo."""
    return part.score >= SURE_PROPOSAL and bool(part.shelves) and any(x.kind == "type" for x in seen.labels)


def _best_guess(seen: Prediction) -> tuple[str, str, float]:
    """The likeliest article type, its shelf and its probability; empty and 0 where nothing was seen."""
    best: dict[str, tuple[str, float]] = {}
    for label in seen.labels:
        best.setdefault(label.kind, (label.label, label.probability))
    article_type, certainty = best.get("type", ("", 0.0))
    return article_type, shelf_of(article_type) or best.get("category", ("", 0.0))[0], certainty


def _piece(
    box: list[int],
    look: Look,
    exact: int | None,
    likely: Match | None,
    is_known: bool,
    wish: Wish,
    version: ModelVersion,
    network: ClusterNetwork | None,
) -> dict[str, Any]:
    """One piece of the answer, as it is stored: product ids with scores and reason codes, and what it takes to search
    for it again."""
    # What the shop does not know gets no names: they would be wrong.
    labels = [
        {"label": x.label, "kind": x.kind, "probability": round(float(x.probability), 4)}
        for x in look.labels
        if is_known
    ]
    seen = SeenPiece(
        look.embedding, look.colour_histogram, look.labels if is_known else (), is_known, exact, likely
    )
    similar = find_similar(seen, wish, version)
    complementary, outfit, cluster = [], {}, None
    if is_known and network is not None:  # before the first refresh nothing goes with anything
        company = company_of(similar.ids)
        cluster = place_photo(look, company, network, exact=exact)
        complementary, outfit = _worn_with(look, exact, company.gender, network)
    return {
        "box": box,
        "known": is_known,
        "labels": labels,
        "colours": [
            {"hex": colour, "share": round(float(share), 3), "name": nearest_colour_name(colour)}
            for colour, share in look.colours
        ],
        "exact": {"product": exact, "score": 1.0, "reason": "same_picture"} if exact else None,
        "similar": similar.same_kind,
        "alike": similar.alike,
        "complementary": complementary,
        "look": outfit,
        "cluster": cluster,
        "model": version.pk,
        "embedding": packed(look.embedding),
        "colour_histogram": packed(look.colour_histogram),
    }


def _worn_with(
    look: Look, exact: int | None, gender: str, network: ClusterNetwork
) -> tuple[list[dict[str, Any]], StoredLook]:
    """What goes with the piece, and a whole outfit around it, from the active cluster network."""
    traits = traits_of([exact]) if exact else _traits(look, gender)
    words = vocabulary_from(network.shared_vocabulary).histogram(look.keypoints.descriptors)
    goes_with, outfits = finder_of(network).complete(words[None], traits, N_COMPLEMENTARY * SPARE)
    found = [
        _found(int(pk), float(score), str(reason))
        for pk, score, reason in zip(
            goes_with.product_ids[0], goes_with.scores[0], goes_with.reasons[0], strict=True
        )
        if pk != NO_PRODUCT
    ]
    return found, outfits[0]


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
        histograms=look.colour_histogram[None],
    )


def _verdict(pieces: Sequence[dict[str, Any]], wish: Wish) -> tuple[bool, str]:
    """Whether the shop has nothing like any of the pieces, and what to say about it."""
    first = pieces[0]
    if not any(piece["known"] for piece in pieces):
        return True, NOTHING_LIKE_IT if first["similar"] else NOTHING_KNOWN
    if wish.narrows and not any(piece["exact"] or piece["similar"] for piece in pieces):
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
        if "status" in fields:
            announce(query)
    for name, value in fields.items():
        setattr(query, name, value)
