"""How well a product suits a shopper, as an expression that a listing can be sorted by."""

from dataclasses import dataclass, field

import numpy as np
from django.db.models import Case, Expression, FloatField, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce
from pgvector.django import MaxInnerProduct

from accounts.shopper import Shopper
from recommendations.profiles import Profile
from recommendations.recording import profile_of, recent_events
from vision.models import ImageAnalysis

STEP_BACK = 0.9
BRAND_SHARE = 0.15  # what a brand adds that all of the shopper's likes have
GENDER_SHARE = 0.3
SOLD_OUT = 2.0  # more than looks, brand and gender can add up to: what is sold out comes last


@dataclass
class _Liking:
    """What the liked products have in common."""

    looks: np.ndarray | None = None  # (128,)
    brands: dict[int, float] = field(default_factory=dict)
    genders: dict[str, float] = field(default_factory=dict)


def taste_score(shopper: Shopper) -> Expression | None:
    """An expression over products that is larger the better a product suits ``shopper``; None for a newcomer.

    Looks first: the product's cover against the recency-weighted mean of what the shopper liked.
    """
    liked = profile_of(recent_events(shopper)).liked().faded(STEP_BACK)
    liking = _liking_of(liked)
    if liking.looks is None:
        return None
    cover = ImageAnalysis.objects.active().filter(image__product=OuterRef("pk")).order_by("image__position")
    # pgvector's <#> is the negative inner product.
    nearness = cover.values(nearness=Value(0.0) - MaxInnerProduct("embedding", liking.looks.tolist()))[:1]
    return (
        Coalesce(Subquery(nearness, output_field=FloatField()), Value(0.0))
        + _bonus("brand_id", liking.brands, BRAND_SHARE)
        + _bonus("gender", liking.genders, GENDER_SHARE)
        - Case(When(in_stock=False, then=Value(SOLD_OUT)), default=Value(0.0), output_field=FloatField())
    )


def _liking_of(liked: Profile) -> _Liking:
    """Sum up the liked products' looks, brands and genders, each weighted by its share of the whole liking."""
    liking = _Liking()
    if not len(liked):
        return liking
    shares = dict(
        zip(liked.item_ids.tolist(), (liked.strengths / liked.strengths.sum()).tolist(), strict=True)
    )
    covers = (
        ImageAnalysis.objects.active()
        .filter(image__product__in=shares)
        .order_by("image__product_id", "image__position")
        .distinct("image__product_id")
        .values_list("image__product_id", "embedding", "image__product__brand_id", "image__product__gender")
    )
    looks = np.zeros(0, np.float32)
    for product_id, embedding, brand_id, gender in covers:
        share = shares[product_id]
        vector = share * np.asarray(embedding, np.float32)
        looks = looks + vector if looks.size else vector
        if brand_id:
            liking.brands[brand_id] = liking.brands.get(brand_id, 0.0) + share
        if gender:
            liking.genders[gender] = liking.genders.get(gender, 0.0) + share
    norm = float(np.linalg.norm(looks))
    if norm > 0:
        liking.looks = looks / norm
    return liking


def _bonus(column: str, shares: dict, weight: float) -> Expression:
    """``weight`` times the share of the liking that has the product's value in ``column``."""
    if not shares:
        return Value(0.0)
    return Case(
        *(When(**{column: value, "then": Value(weight * share)}) for value, share in shares.items()),
        default=Value(0.0),
        output_field=FloatField(),
    )
