"""Curators put right what a picture shows: in the picture's labels, or in the catalogue."""

import json

from django.db import transaction

from accounts.models import User
from catalog.models import Product, ProductImage
from catalog.signals import products_changed
from catalog.stocking import search_terms
from vision.corrections import PRODUCT_FIELDS, SUBJECT
from vision.labels import OTHER, LabelSpace
from vision.model_files import LABELS, ModelError
from vision.models import LabelCorrection, ModelVersion
from vision.registry import folder_of
from vision.seen_words import note_seen_words

# The shelf follows from the type and the family from the colour: nobody has to say them.
CORRECTABLE = ("type", "colour", "gender", "pattern")


class CannotCorrect(ValueError):
    """A label that this shop's model has no word for; the text says what to do."""


def choices(version: ModelVersion) -> dict[str, tuple[str, ...]]:
    """Kind -> the labels that a curator may choose from: those which ``version`` can learn to see.

    Raises:
        ModelError: when the model's files cannot be read.
    """
    space = label_space(version)
    return {kind: space.kinds[kind] for kind in CORRECTABLE if kind in space.kinds}


def label_space(version: ModelVersion) -> LabelSpace:
    """What ``version`` can answer, read from its folder; the network itself stays closed.

    Raises:
        ModelError: when the file cannot be read.
    """
    file = folder_of(version) / LABELS
    try:
        return LabelSpace.from_json(json.loads(file.read_bytes()))
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise ModelError(f"{file} cannot be read ({error}). Register {version} again.") from error


def correct(
    image: ProductImage, kind: str, label: str, *, by: User, version: ModelVersion
) -> LabelCorrection:
    """Say that ``image`` shows ``label``; what was said before of that kind gives way.

    "Shows nothing we sell" (kind ``subject``, label ``other``) and a garment's labels exclude each other.

    Raises:
        CannotCorrect: when ``label`` is none that the model in use can learn.
    """
    if (kind, label) != (SUBJECT, OTHER) and label not in choices(version).get(kind, ()):
        raise CannotCorrect(f"“{label}” is no {kind} that {version} knows. Choose one from the list.")
    with transaction.atomic():
        excluded = (
            image.corrections.exclude(kind=SUBJECT)
            if kind == SUBJECT
            else image.corrections.filter(kind=SUBJECT)
        )
        excluded.delete()
        correction, _ = LabelCorrection.objects.update_or_create(
            image=image, kind=kind, defaults={"label": label, "by": by}
        )
        note_seen_words([image.product_id])
    return correction


def undo(image: ProductImage, kind: str) -> LabelCorrection | None:
    """Let the network's own answer count again; returns what was undone, or None when there was nothing."""
    with transaction.atomic():
        correction = image.corrections.filter(kind=kind).first()
        if correction is not None:
            correction.delete()
            note_seen_words([image.product_id])
    return correction


def believe_picture(product: Product, kind: str, label: str) -> None:
    """Write what the picture shows into the catalogue, where the catalogue was wrong or silent.

    Raises:
        CannotCorrect: when a product has no field for ``kind``, or the field does not take ``label``.
    """
    name = PRODUCT_FIELDS.get(kind)
    if name is None:
        raise CannotCorrect(f"A product says nothing about its {kind}. Correct the picture instead.")
    allowed = Product._meta.get_field(name)
    if allowed.choices and label not in dict(allowed.flatchoices):
        raise CannotCorrect(f"“{label}” is no {kind} that a product can have.")
    setattr(product, name, label)
    fields = [name, "search_terms", "updated_at"]
    if kind == "colour" and product.colour_hex:
        product.colour_hex = ""  # the swatch showed the colour that it was not
        fields.append("colour_hex")
    product.search_terms = search_terms(product, product.attributes.values_list("value", flat=True))
    product.save(update_fields=fields)
    products_changed.send(Product, product_ids=[product.pk])
