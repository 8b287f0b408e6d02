"""From what was seen in a picture to ranked products. The web process may search too: nothing here loads the network or
OpenCV.

Looks (the network's embedding) and colour (the garment's histogram) are separate channels that are weighted against
each other here. Small catalogues are scanned whole, which is exact; large ones go through the HNSW index by looks, and
the nearest are ranked again with their colour.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from django.db import connection, transaction
from django.db.models import Case, F, FloatField, QuerySet, Value, When
from numpy.typing import NDArray
from pgvector.django import MaxInnerProduct

from catalog.models import Product, ProductImage
from vision.labels import shelf_of
from vision.models import ImageAnalysis, ModelVersion
from vision.vocabulary import SHELVES

if TYPE_CHECKING:
    from vision.inference import (
        Label,  # at run time it would bring the network's library into the web process
    )

# Chosen on 200 phone photos of ten types that no network was trained on, and measured on the same: the first answer was
# of the right kind for .51 by looks and colour alone and for .83 with the kinds. The colour channel costs nothing there
# and turns the shade right.
COLOUR_WEIGHT = 0.3
TYPE_WEIGHT = 0.5
SHELF_WEIGHT = 0.2
KNOWN_FROM = 0.33
EXACT_BELOW = 20_000  # pictures; up to there the whole scan takes a few milliseconds
PICTURES_PER_PRODUCT = 4  # how many pictures of one product may crowd the front of the line


@dataclass(frozen=True)
class Match:
    """A product found by its nearest picture. ``looks`` and ``colour`` are cosines, ``score`` is both (and the kinds,
    where they were given) by their weights; all at most 1, which is the same."""

    product_id: int
    image_id: int
    score: float
    looks: float
    colour: float


def similar_to_embedding(
    embedding: NDArray[np.float32],
    colour_histogram: NDArray[np.float32],
    *,
    version: ModelVersion,
    among: QuerySet[Product] | None = None,
    n: int = 24,
    kinds: Mapping[str, float] | None = None,
    colour_weight: float = COLOUR_WEIGHT,
    exact_below: int = EXACT_BELOW,
) -> list[Match]:
    """The ``n`` products of ``among`` (all visible ones) that look most like a picture, best first.

    ``embedding`` (128,) and ``colour_histogram`` (64,) have length 1 and come from ``version``: pictures that another
    model has seen cannot be compared and are left out. ``among`` filters inside the query, so that n answers are found
    wherever there are n. ``kinds`` (see ``kinds_seen``) says for each article type what being of it is worth. Of
    several pictures of a product the best counts.
    """
    among = Product.objects.visible() if among is None else among
    pictures = (
        ImageAnalysis.objects.filter(
            model=version,
            image__state=ProductImage.State.READY,
            image__product__in=among.order_by().values("pk"),
        )
        .annotate(
            # pgvector's operator gives the negative inner product.
            away=MaxInnerProduct("embedding", embedding),
            colour_away=MaxInnerProduct("colour_histogram", colour_histogram),
        )
        .annotate(
            blend=F("away") * Value(1 - colour_weight, FloatField())
            + F("colour_away") * Value(colour_weight, FloatField())
            - _worth_of_kind(kinds or {})
        )
        .values_list("image__product_id", "image_id", "blend", "away", "colour_away")
    )
    if _estimated_pictures() < exact_below:
        rows = list(pictures.order_by("blend", "image_id")[: n * PICTURES_PER_PRODUCT])
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            # Filters may discard what the index finds first: it goes on until enough is left.
            cursor.execute("SET LOCAL hnsw.iterative_scan = strict_order")
            cursor.execute("SET LOCAL hnsw.ef_search = 200")
            rows = list(pictures.order_by("away")[: n * PICTURES_PER_PRODUCT * 2])
        rows.sort(key=lambda row: (row[2], row[1]))
    most = 1 + (TYPE_WEIGHT + SHELF_WEIGHT if kinds else 0)
    best: dict[int, Match] = {}
    for product_id, image_id, blend, away, colour_away in rows:
        if product_id not in best:
            best[product_id] = Match(product_id, image_id, -blend / most, -away, -colour_away)
    return list(best.values())[:n]


def kinds_seen(labels: "Iterable[Label]") -> dict[str, float]:
    """What it is worth to a product to be of an article type, given what was seen: its probability, and that of its
    shelf, by their weights. Types that were not seen, on shelves that were not seen, are left out."""
    seen = list(labels)
    shelves = {x.label: SHELF_WEIGHT * x.probability for x in seen if x.kind == "category"}
    worth = {name: shelves[shelf] for shelf in shelves.keys() & SHELVES.keys() for name in SHELVES[shelf]}
    for label in seen:
        if label.kind == "type":
            worth[label.label] = worth.get(label.label, 0.0) + TYPE_WEIGHT * label.probability
    return worth


def knows(labels: "Iterable[Label]") -> bool:
    """Whether a picture shows something of the shop's kind, as far as its labels tell.

    Two heads of the network name what they see independently, the article type and the shelf. Of a garment they agree
    (Bhattacharyya coefficient) and the type is certain (root of the sum of squares); of a cat or a page of text they
    guess apart. At the threshold 4 % of held-out phone photos are refused and 31 % of 130 pictures of other things are
    not (area under the curve .935). A model without both heads refuses nothing.
    """
    seen = list(labels)
    types = {x.label: x.probability for x in seen if x.kind == "type"}
    shelves = {x.label: x.probability for x in seen if x.kind == "category"}
    if not types or not shelves:
        return True
    by_shelf: dict[str | None, float] = {}
    for name, probability in types.items():
        by_shelf[shelf_of(name)] = by_shelf.get(shelf_of(name), 0.0) + probability
    agreement = sum(math.sqrt(p * shelves[shelf]) for shelf, p in by_shelf.items() if shelf in shelves)
    certainty = math.sqrt(sum(p * p for p in types.values()))
    return agreement * certainty >= KNOWN_FROM


def _worth_of_kind(kinds: Mapping[str, float]) -> Case:
    """``kinds`` in SQL, one branch for all types of the same worth."""
    types: dict[float, list[str]] = {}
    for name, worth in kinds.items():
        types.setdefault(worth, []).append(name)
    return Case(
        *[When(image__product__article_type__in=names, then=Value(worth)) for worth, names in types.items()],
        default=Value(0.0),
        output_field=FloatField(),
    )


def _estimated_pictures() -> int:
    """About how many pictures are indexed, from the planner's statistics: counting would cost more than the search."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [ImageAnalysis._meta.db_table]
        )
        return int(cursor.fetchone()[0])  # -1 while the table has never been analysed: it is small
