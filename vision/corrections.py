"""What curators said a picture shows, where the network was wrong or unsure.

A correction is kept apart from what the network saw, so it outlives every new look and every new model, and taking it
back brings back the network's own answer. Whoever reads stored labels lays the corrections over them with
``as_corrected``. Corrections are made by ``vision.correcting``; ``vision.corrected_pictures`` trains on them.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from catalog.models import Product
from vision.labels import GOODS, OTHER, colour_family, shelf_of
from vision.models import LabelCorrection

SUBJECT = "subject"
# Kind -> the product's field that says the same.
PRODUCT_FIELDS = {"type": "article_type", "colour": "colour", "gender": "gender"}


def said_of(image_ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """What curators have said of these pictures: image id -> kind -> label; one query. Silent pictures are absent."""
    said: dict[int, dict[str, str]] = {}
    rows = LabelCorrection.objects.filter(image__in=list(image_ids)).values_list("image_id", "kind", "label")
    for image_id, kind, label in rows:
        said.setdefault(image_id, {})[kind] = label
    return said


def as_corrected(labels: Sequence[Mapping[str, Any]], said: Mapping[str, str]) -> list[dict[str, Any]]:
    """``labels`` (``ImageAnalysis.labels``) with a curator's word in place of the network's, sorted by probability.

    What a curator said is certain (probability 1) and so is what follows from it: the shelf of a type, the family of a
    colour. A picture that shows nothing we sell has no labels.
    """
    if said.get(SUBJECT) == OTHER:
        return []
    certain = {kind: label for kind, label in said.items() if kind != SUBJECT}
    if shelf := shelf_of(certain.get("type", "")):
        certain["category"] = shelf
    if family := colour_family(certain.get("colour", "")):
        certain["family"] = family
    spoken = [{"label": label, "kind": kind, "probability": 1.0} for kind, label in certain.items()]
    return spoken + [dict(label) for label in labels if label["kind"] not in certain]


def truth_about(product: Product, said: Mapping[str, str]) -> dict[str, str]:
    """What is known of a picture of ``product``: kind -> label, a curator's word before the catalogue's."""
    if said.get(SUBJECT) == OTHER:
        return {SUBJECT: OTHER}
    stated = {kind: str(getattr(product, name)) for kind, name in PRODUCT_FIELDS.items()}
    known = {kind: label for kind, label in {**stated, **said}.items() if label}
    if family := colour_family(known.get("colour", "")):
        known["family"] = family
    return known | {SUBJECT: GOODS}
