"""What the network saw, for pages of upper apps and of the admin."""

from dataclasses import dataclass
from typing import Any

from django import template

from catalog.models import Product, ProductImage
from vision.labels import display_name
from vision.models import ImageAnalysis

register = template.Library()

N_LABELS = 6


@dataclass(frozen=True)
class SeenPicture:
    """One picture: its labels as (words, kind, probability 0..1), its colours as (hex, share 0..1)."""

    image: ProductImage
    model: str
    labels: list[tuple[str, str, float]]
    colours: list[tuple[str, float]]


@register.inclusion_tag("admin/catalog/product/_seen.html")
def what_was_seen(product: Product) -> dict[str, Any]:
    """The labels and colours of each picture of ``product``; one query."""
    analyses = (
        ImageAnalysis.objects.filter(image__product=product)
        .select_related("image", "model")
        .defer("embedding", "colour_histogram")
        .order_by("image__position", "image_id")
    )
    return {"pictures": [_seen(analysis) for analysis in analyses]}


def _seen(analysis: ImageAnalysis) -> SeenPicture:
    return SeenPicture(
        image=analysis.image,
        model=str(analysis.model),
        labels=[
            (display_name(label["label"]), label["kind"], label["probability"])
            for label in analysis.labels[:N_LABELS]
        ],
        colours=[(colour, share) for colour, share in analysis.colours],
    )
