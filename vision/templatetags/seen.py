"""What the network saw and curators corrected, for pages of upper apps and of the admin."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import template

from catalog.models import Product, ProductImage
from vision.corrections import as_corrected, said_of
from vision.labels import display_name
from vision.models import ImageAnalysis, LabelCorrection

register = template.Library()

N_LABELS = 6


@dataclass(frozen=True)
class SeenPicture:
    """One picture: its labels as (words, kind, probability 0..1), its colours as (hex, share 0..1)."""

    image: ProductImage
    model: str
    labels: list[tuple[str, str, float]]
    colours: list[tuple[str, float]]
    is_corrected: bool


@dataclass(frozen=True)
class KnownKind:
    """What is known of one kind of label: what was seen, as (words, probability), what a curator said, and what may be
    said, as (label, words). ``chosen`` is the label that counts."""

    name: str
    labels: list[tuple[str, float]]
    said: LabelCorrection | None
    said_words: str
    choices: list[tuple[str, str]]
    chosen: str


@register.inclusion_tag("admin/catalog/product/_seen.html")
def what_was_seen(product: Product) -> dict[str, Any]:
    """The labels and colours of each picture of ``product``, as curators corrected them; two queries."""
    analyses = list(
        ImageAnalysis.objects.active()
        .filter(image__product=product)
        .select_related("image", "model")
        .defer("embedding", "colour_histogram")
        .order_by("image__position", "image_id")
    )
    said = said_of(analysis.image_id for analysis in analyses)
    return {"pictures": [_seen(analysis, said.get(analysis.image_id, {})) for analysis in analyses]}


def _seen(analysis: ImageAnalysis, said: Mapping[str, str]) -> SeenPicture:
    return SeenPicture(
        image=analysis.image,
        model=str(analysis.model),
        labels=[
            (display_name(label["label"]), label["kind"], label["probability"])
            for label in as_corrected(analysis.labels, said)[:N_LABELS]
        ],
        colours=[(colour, share) for colour, share in analysis.colours],
        is_corrected=bool(said),
    )


def known_of(
    labels: Sequence[Mapping[str, Any]],
    said: Mapping[str, LabelCorrection],
    choices: Mapping[str, Sequence[str]],
) -> list[KnownKind]:
    """What is known of a picture, kind by kind: those that may be corrected first, then what else was seen."""
    seen: dict[str, list[Mapping[str, Any]]] = {}
    for label in labels:
        seen.setdefault(label["kind"], []).append(label)
    known = []
    for kind in [*choices, *(kind for kind in seen if kind not in choices)]:
        guesses, correction = seen.get(kind, []), said.get(kind)
        best = guesses[0]["label"] if guesses else ""
        known.append(
            KnownKind(
                name=kind,
                labels=[(display_name(guess["label"]), guess["probability"]) for guess in guesses],
                said=correction,
                said_words=display_name(correction.label) if correction else "",
                choices=sorted(
                    ((label, display_name(label)) for label in choices.get(kind, ())),
                    key=lambda choice: choice[1].lower(),
                ),
                chosen=correction.label if correction else best,
            )
        )
    return known
