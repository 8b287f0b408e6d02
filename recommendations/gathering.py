"""Reads what the recommenders need out of the database, as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import structlog
from numpy.typing import NDArray

from catalog.models import Product, ProductAttribute
from recommendations.body_slots import slot_of
from recommendations.channels import Facts, Guess
from recommendations.clusters import numbers_of
from recommendations.outlines import fingerprint
from recommendations.traits import Traits
from vision.colour import lab_of
from vision.datasets import name_stem
from vision.labels import colour_family
from vision.models import COLOUR_SIZE, EMBEDDING_SIZE, ImageAnalysis
from vision.visual_words import DESCRIPTOR_SIZE, Descriptors

logger = structlog.get_logger(__name__)

OCCASION_ATTRIBUTES = ("usage", "occasion")
STATED = ("price", "article_type", "gender", "brand_id", "style_code", "name", "colour")
THEME_ATTRIBUTES = ("theme", "team", "print", "character", "collection")
GREY = "#808080"  # goes with everything: for a product whose colour nobody knows


@dataclass(frozen=True)
class Pictures:
    """The cover pictures of m products, row by row."""

    product_ids: NDArray[np.int64]  # (m,)
    descriptors: list[Descriptors]  # m arrays (n, 128); n is 0 for a picture without keypoints
    embeddings: NDArray[np.float32]  # (m, 128)
    colours: NDArray[np.float32]  # (m, 64)
    source_hashes: list[str]
    facts: Facts
    damaged: list[int]  # products whose stored keypoints could not be read: they count as without any

    def __len__(self) -> int:
        return len(self.product_ids)


def cover_pictures(
    *, category_id: int | None = None, product_ids: Sequence[int] | None = None, limit: int | None = None
) -> Pictures:
    """The analysed covers of visible products, in order of product id.

    ``limit`` takes so many of them, spread evenly over the ids.
    """
    rows = ImageAnalysis.objects.active().filter(
        image__product__status="active", image__state="ready", image__descriptors__isnull=False
    )
    if category_id is not None:
        rows = rows.filter(image__product__category_id=category_id)
    if product_ids is not None:
        rows = rows.filter(image__product_id__in=product_ids)
    covers = rows.order_by("image__product_id", "image__position", "image_id").distinct("image__product_id")
    if limit is not None:
        pks = list(covers.values_list("pk", flat=True))
        chosen = np.linspace(0, len(pks) - 1, min(limit, len(pks))).astype(int) if pks else []
        covers = rows.filter(pk__in=[pks[i] for i in chosen]).order_by("image__product_id")
    found = list(
        covers.values_list(
            "image__product_id",
            "image__descriptors__descriptors",
            "embedding",
            "colour_histogram",
            "image__descriptors__source_hash",
            "labels",
        )
    )
    descriptors, damaged = [], []
    for row in found:
        whole = len(row[1]) % DESCRIPTOR_SIZE == 0
        descriptors.append(np.frombuffer(row[1] if whole else b"", np.uint8).reshape(-1, DESCRIPTOR_SIZE))
        if not whole:
            damaged.append(row[0])
            logger.warning(
                "keypoints_damaged",
                product=row[0],
                bytes=len(row[1]),
                remedy="manage.py analyse_pictures --all",
            )
    ids = [row[0] for row in found]
    return Pictures(
        product_ids=np.array(ids, np.int64),
        descriptors=descriptors,
        embeddings=np.array([as_array(row[2]) for row in found], np.float32).reshape(-1, EMBEDDING_SIZE),
        colours=np.array([as_array(row[3]) for row in found], np.float32).reshape(-1, COLOUR_SIZE),
        source_hashes=[row[4] for row in found],
        facts=facts_of(ids, [row[5] for row in found]),
        damaged=damaged,
    )


def fingerprints_of(category_id: int) -> dict[int, int]:
    """A fingerprint of all that a category knows of each product, by product id: enough to tell which changed.

    Stock is not in it: it changes by the hour, and pages ask for it when they are drawn.
    """
    covers = (
        ImageAnalysis.objects.active()
        .filter(
            image__product__status="active",
            image__state="ready",
            image__descriptors__isnull=False,
            image__product__category_id=category_id,
        )
        .order_by("image__product_id", "image__position", "image_id")
        .distinct("image__product_id")
    )
    attributes: dict[int, list[tuple[str, str]]] = {}
    for pk, slug, value in (
        ProductAttribute.objects.filter(
            product__category_id=category_id,
            attribute__slug__in=[*OCCASION_ATTRIBUTES, *THEME_ATTRIBUTES],
        )
        .order_by("product_id", "attribute_id", "value")
        .values_list("product_id", "attribute__slug", "value")
    ):
        attributes.setdefault(pk, []).append((slug, value))
    rows = covers.values_list(
        "image__product_id",
        "image__descriptors__source_hash",
        "model_id",
        *(f"image__product__{name}" for name in STATED),
    )
    return {row[0]: fingerprint(category_id, row, attributes.get(row[0])) for row in rows}


def facts_of(product_ids: Sequence[int], labels: Sequence[list[dict[str, Any]]]) -> Facts:
    """What is stated of products and, where nothing is stated, what was seen on their covers; in the given order.

    ``labels`` are those of each cover as ``ImageAnalysis`` keeps them.
    """
    columns = (
        "article_type", "gender", "brand__name", "price", "style_code", "name", "colour", "in_stock",
    )  # fmt: skip
    products = {
        row[0]: row[1:] for row in Product.objects.filter(pk__in=product_ids).values_list("pk", *columns)
    }
    stated = dict[str, dict[int, str]](occasion={}, theme={})
    attributes = ProductAttribute.objects.filter(
        product__in=product_ids, attribute__slug__in=[*OCCASION_ATTRIBUTES, *THEME_ATTRIBUTES]
    )
    for pk, slug, value in attributes.values_list("product_id", "attribute__slug", "value"):
        stated["occasion" if slug in OCCASION_ATTRIBUTES else "theme"][pk] = value
    seen = [_guesses(each) for each in labels]
    rows = [products.get(pk, ("", "", None, 0, "", "", "", False)) for pk in product_ids]
    return Facts(
        types=[_known(row[0]) or guess.get("type", {}) for row, guess in zip(rows, seen, strict=True)],
        genders=[_known(row[1]) or guess.get("gender", {}) for row, guess in zip(rows, seen, strict=True)],
        occasions=[_known(stated["occasion"].get(pk)) for pk in product_ids],
        themes=[
            _known(stated["theme"].get(pk)) or guess.get("pattern", {})
            for pk, guess in zip(product_ids, seen, strict=True)
        ],
        brands=[_known(row[2]) for row in rows],
        prices=[float(row[3]) for row in rows],
        models=[_model(row[4], row[5]) for row in rows],
        tones=[colour_family(row[6]) or _likeliest(guess) for row, guess in zip(rows, seen, strict=True)],
        available=[row[7] for row in rows],
    )


def _model(style_code: str, name: str) -> str:
    """What products that differ in colour only have in common; a name without its colour where nobody says."""
    return style_code or name_stem(name)


def _known(word: str | None) -> Guess:
    return {word: 1.0} if word else {}


def _guesses(labels: list[dict[str, Any]]) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for each in labels:
        found.setdefault(each["kind"], {})[each["label"]] = float(each["probability"])
    return found


def _likeliest(guess: dict[str, dict[str, float]]) -> str:
    families = guess.get("family", {})
    return max(families, key=lambda name: families[name], default="")


def as_array(vector: object) -> NDArray[np.float32]:
    """A pgvector column's value as float32 (d,)."""
    return np.asarray(vector, np.float32)


def traits_of(product_ids: Sequence[int] | NDArray[np.int64]) -> Traits:
    """What is known about these products beside their pictures, in the given order."""
    ids = [int(pk) for pk in product_ids]
    products = {
        row[0]: row[1:]
        for row in Product.objects.filter(pk__in=ids).values_list(
            "pk",
            "article_type",
            "gender",
            "brand__name",
            "colour_hex",
            "category__name",
            "category__parent__name",
            "style_code",
            "name",
        )
    }
    stated = dict[str, dict[int, str]](occasion={}, theme={})
    attributes = ProductAttribute.objects.filter(
        product__in=ids, attribute__slug__in=[*OCCASION_ATTRIBUTES, *THEME_ATTRIBUTES]
    )
    for pk, slug, value in attributes.values_list("product_id", "attribute__slug", "value"):
        stated["occasion" if slug in OCCASION_ATTRIBUTES else "theme"][pk] = value.lower()
    seen = {
        row[0]: row[1:]
        for row in ImageAnalysis.objects.active()
        .filter(image__product__in=ids)
        .order_by("-image__position")  # the cover comes last and stays
        .values_list("image__product_id", "colours", "colour_histogram")
    }
    unknown = ("", "", None, "", "", None, "", "")
    rows = [products.get(pk, unknown) for pk in ids]
    return Traits(
        kinds=[row[0] for row in rows],
        slots=[slot_of(row[0], row[4] or "", row[5] or "") for row in rows],
        genders=[row[1].lower() for row in rows],
        occasions=[stated["occasion"].get(pk, "") for pk in ids],
        brands=[row[2] or "" for row in rows],
        colours=lab_of(
            [
                seen[pk][0][0][0] if pk in seen and seen[pk][0] else row[3] or GREY
                for pk, row in zip(ids, rows, strict=True)
            ]
        ),
        themes=[stated["theme"].get(pk, "") for pk in ids],
        histograms=np.array(
            [as_array(seen[pk][1]) if pk in seen else np.zeros(COLOUR_SIZE) for pk in ids], np.float32
        ).reshape(-1, COLOUR_SIZE),
        styles=numbers_of([_model(row[6], row[7]) for row in rows]),
    )
