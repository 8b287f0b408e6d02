"""Reads what the recommenders need out of the database, as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog.models import Product, ProductAttribute
from recommendations.body_slots import slot_of
from recommendations.complements import Traits
from vision.colour import lab_of
from vision.models import COLOUR_SIZE, EMBEDDING_SIZE, ImageAnalysis

OCCASION_ATTRIBUTES = ("usage", "occasion")
GREY = "#808080"  # goes with everything: for a product whose colour nobody knows


@dataclass(frozen=True)
class Pictures:
    """The cover pictures of m products, row by row."""

    product_ids: NDArray[np.int64]  # (m,)
    descriptors: list[NDArray[np.uint8]]  # m arrays (n, 128)
    embeddings: NDArray[np.float32]  # (m, 128)
    colours: NDArray[np.float32]  # (m, 64)
    source_hashes: list[str]

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
        )
    )
    return Pictures(
        product_ids=np.array([row[0] for row in found], np.int64),
        descriptors=[np.frombuffer(row[1], np.uint8).reshape(-1, 128) for row in found],
        embeddings=np.array([as_array(row[2]) for row in found], np.float32).reshape(-1, EMBEDDING_SIZE),
        colours=np.array([as_array(row[3]) for row in found], np.float32).reshape(-1, COLOUR_SIZE),
        source_hashes=[row[4] for row in found],
    )


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
        )
    }
    occasions = dict(
        ProductAttribute.objects.filter(product__in=ids, attribute__slug__in=OCCASION_ATTRIBUTES).values_list(
            "product_id", "value"
        )
    )
    seen = dict(
        ImageAnalysis.objects.active()
        .filter(image__product__in=ids)
        .order_by("-image__position")  # the cover comes last and stays
        .values_list("image__product_id", "colours")
    )
    unknown = ("", "", None, "", "", None)
    rows = [products.get(pk, unknown) for pk in ids]
    return Traits(
        kinds=[row[0] for row in rows],
        slots=[slot_of(row[0], row[4] or "", row[5] or "") for row in rows],
        genders=[row[1].lower() for row in rows],
        occasions=[occasions.get(pk, "").lower() for pk in ids],
        brands=[row[2] or "" for row in rows],
        colours=lab_of(
            [seen[pk][0][0] if seen.get(pk) else row[3] or GREY for pk, row in zip(ids, rows, strict=True)]
        ),
    )
