"""From what was seen in a picture to ranked products. The web process may search too: nothing here loads the network or
OpenCV.

Looks (the network's embedding) and colour (the garment's histogram) are separate channels, weighed against each other
by ``vision.blend``. Where few pictures can be answers, because the catalogue is small or the filters are narrow, all of
them are compared: that is exact. Else the model's HNSW index finds the nearest by looks, going on until enough of them
pass the filters, and those are ranked by the whole blend.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass

import numpy as np
from django.db import connection, transaction
from django.db.models import Case, Exists, Expression, F, FloatField, OuterRef, QuerySet, Value, When
from django.db.models.functions import Cast
from numpy.typing import NDArray
from pgvector.django import HalfVectorField, MaxInnerProduct

from catalog.models import Product, ProductImage
from vision.blend import COLOUR_APART, COLOUR_WEIGHT, LOOKS_CLOSE, MOST_WORTH, MatchBy, colour_share
from vision.indexing import index_name
from vision.labels import OTHER
from vision.models import EMBEDDING_SIZE, ImageAnalysis, LabelCorrection, ModelVersion

EXACT_BELOW = 20_000  # pictures that may be answers; to compare so many takes a few milliseconds
PICTURES_PER_PRODUCT = 4  # how many pictures of one product may crowd the front of the line
# Pictures that the index is asked for. More than are shown: ranking by colour and kind turns their order, and what it
# would have brought forward from further behind is lost. By looks alone, of the ten nearest of 1,000,000 moved copies
# of 2,421 ../shared/data/products it finds .88 when asked for 100, .91 for 200, .955 for 400 (docs/benchmarks.md).
FROM_INDEX = 400


Vector = NDArray[np.float32]


@dataclass(frozen=True)
class Neighbour:
    """A product and that picture of it which looks most like a given one; ``looks`` is their cosine."""

    product_id: int
    image_id: int
    looks: float


@dataclass(frozen=True)
class Match:
    """A product found by its nearest picture. ``looks`` and ``colour`` are cosines, ``score`` is both (and the kinds,
    where they were given) by their weights; all at most 1, which is the same."""

    product_id: int
    image_id: int
    score: float
    looks: float
    colour: float


def nearest_by_looks(
    embeddings: Sequence[Vector],
    *,
    version: ModelVersion,
    n: int,
    exact_below: int = EXACT_BELOW,
) -> list[list[Neighbour]]:
    """For each of ``embeddings``, (128,) of length 1 and from ``version``, the ``n`` visible products nearest by looks
    alone, the nearest first; all of them in one query."""
    if not embeddings:
        return []
    pictures = _answers(version, Product.objects.visible())
    wide = _n_indexed(version) >= exact_below
    asked = []
    for place, embedding in enumerate(embeddings):
        ranked = pictures.annotate(place=Value(place), away=MaxInnerProduct("embedding", embedding))
        ranked = _by_index(ranked, embedding) if wide else ranked.order_by("away", "image_id")
        rows = ranked.values_list("place", "image__product_id", "image_id", "away")
        asked.append(rows[: n * PICTURES_PER_PRODUCT])
    with _index_asked_for(FROM_INDEX) if wide else nullcontext():
        rows = sorted(asked[0].union(*asked[1:], all=True), key=lambda row: (row[0], row[3], row[2]))
    found: list[dict[int, Neighbour]] = [{} for _ in embeddings]
    for place, product_id, image_id, away in rows:
        found[place].setdefault(product_id, Neighbour(product_id, image_id, -away))
    return [list(nearest.values())[:n] for nearest in found]


def similar_to_embedding(
    embedding: Vector,
    colour_histogram: Vector,
    *,
    version: ModelVersion,
    among: QuerySet[Product] | None = None,
    n: int = 24,
    kinds: Mapping[str, float] | None = None,
    match: MatchBy = "both",
    colour_weight: float = COLOUR_WEIGHT,
    exact_below: int = EXACT_BELOW,
) -> list[Match]:
    """The ``n`` products of ``among`` (all visible ones) that look most like a picture, best first.

    ``embedding`` (128,) and ``colour_histogram`` (64,) have length 1 and come from ``version``: pictures that another
    model has seen cannot be compared and are left out. ``among`` filters inside the query, so that n answers are found
    wherever there are n; so does ``match``: "shape" takes the same shape in a visibly other colour, "colour" the same
    colour in another shape, and only with "both" does ``colour_weight`` (0..1) say what the colour counts. ``kinds``
    (see ``vision.blend.kinds_seen``) says for each article type what being of it is worth. Of several pictures of a
    product the best counts. Up to ``exact_below`` pictures are all compared; for "colour", which the index knows
    nothing of, always.
    """
    pictures = _answers(version, Product.objects.visible() if among is None else among)
    wide = match != "colour" and _n_indexed(version) >= exact_below and _n_planned(pictures) >= exact_below
    ranked = _ranked(pictures, embedding, colour_histogram, kinds or {}, match, colour_weight)
    rows = _by_index(ranked, embedding) if wide else ranked.order_by("blend", "image_id")
    rows = rows.values_list("image__product_id", "image_id", "blend", "away", "colour_away")
    if wide:
        with _index_asked_for(FROM_INDEX):
            found = sorted(rows[:FROM_INDEX], key=lambda row: (row[2], row[1]))
    else:
        found = list(rows[: n * PICTURES_PER_PRODUCT])
    most = 1 + (MOST_WORTH if kinds else 0)
    best: dict[int, Match] = {}
    for product_id, image_id, blend, away, colour_away in found:
        if product_id not in best:
            best[product_id] = Match(product_id, image_id, -blend / most, -away, -colour_away)
    return list(best.values())[:n]


def _answers(version: ModelVersion, among: QuerySet[Product]) -> QuerySet[ImageAnalysis]:
    """What ``version`` saw in the pictures of ``among``."""
    # What a curator has called "nothing we sell" is no answer: a size chart, a care label.
    set_right = LabelCorrection.objects.filter(image=OuterRef("image"), label=OTHER)
    return ImageAnalysis.objects.filter(
        ~Exists(set_right),
        model=version,
        image__state=ProductImage.State.READY,
        image__product__in=among.order_by().values("pk"),
    )


def _ranked(
    pictures: QuerySet[ImageAnalysis],
    embedding: Vector,
    colour_histogram: Vector,
    kinds: Mapping[str, float],
    match: MatchBy,
    colour_weight: float,
) -> QuerySet[ImageAnalysis]:
    """``vision.blend.blend`` in SQL: ``blend`` is the negative score, as pgvector's operator gives the negative inner
    products ``away`` and ``colour_away``; pictures that ``match`` rules out are left out."""
    share = colour_share(match, colour_weight)
    ranked = pictures.annotate(
        away=MaxInnerProduct("embedding", embedding),
        colour_away=MaxInnerProduct("colour_histogram", colour_histogram),
        blend=F("away") * Value(1 - share, FloatField())
        + F("colour_away") * Value(share, FloatField())
        - _worth_of_kind(kinds),
    )
    if match == "shape":
        return ranked.filter(colour_away__gt=-COLOUR_APART)
    if match == "colour":
        return ranked.filter(away__gt=-LOOKS_CLOSE, colour_away__lte=-COLOUR_APART)
    return ranked


@contextmanager
def _index_asked_for(n: int) -> Iterator[None]:
    """Have the queries inside take ``n`` pictures, or more, from the model's index."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Filters may discard what the index finds first: it goes on until enough is left. Nothing but the index gives
        # that order without sorting, and a plan that sorts reads every row.
        cursor.execute(
            f"SET LOCAL hnsw.iterative_scan = relaxed_order; SET LOCAL hnsw.ef_search = {n:d}; "
            "SET LOCAL enable_sort = off"
        )
        yield


def _by_index(pictures: QuerySet[ImageAnalysis], embedding: Vector) -> QuerySet[ImageAnalysis]:
    """In the order that the model's index gives: by looks, in half precision (``vision.indexing``)."""
    half = Cast("embedding", HalfVectorField(dimensions=EMBEDDING_SIZE))
    return pictures.order_by(MaxInnerProduct(half, embedding))


def _worth_of_kind(kinds: Mapping[str, float]) -> Expression:
    """``kinds`` in SQL, one branch for all types of the same worth."""
    types: dict[float, list[str]] = {}
    for name, worth in kinds.items():
        types.setdefault(worth, []).append(name)
    return Case(
        *[When(image__product__article_type__in=names, then=Value(worth)) for worth, names in types.items()],
        default=Value(0.0),
        output_field=FloatField(),
    )


def _n_indexed(version: ModelVersion) -> int:
    """About how many pictures the index of ``version`` holds, from the planner's statistics: counting would cost more
    than the search. 0 while there is no index."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = to_regclass(%s)", [index_name(version)])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _n_planned(pictures: QuerySet[ImageAnalysis]) -> int:
    """About how many pictures pass the filters, by the planner's estimate."""
    (plan,) = json.loads(pictures.values("pk").explain(format="json"))
    return int(plan["Plan"]["Plan Rows"])
