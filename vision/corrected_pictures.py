"""The shop's own pictures as training data, where a curator has put a label right. For workers and commands."""

from functools import partial

from catalog.images import RGB
from catalog.models import ProductImage
from vision.corrections import said_of, truth_about
from vision.datasets import DECODED, Dataset, Picture, name_stem
from vision.models import LabelCorrection
from vision.opening import open_rendition


def corrected_dataset() -> Dataset:
    """All corrected pictures, each with everything that is known of it: what curators said, and what its product states
    where they said nothing. The colours of one model stay together in a split."""
    corrected = LabelCorrection.objects.order_by().values("image")
    images = list(
        ProductImage.objects.filter(pk__in=corrected, state=ProductImage.State.READY)
        .select_related("product")
        .order_by("pk")
    )
    said = said_of(image.pk for image in images)
    return Dataset(
        f"{len(images)} corrected pictures of the shop",
        [_picture(image, said.get(image.pk, {})) for image in images],
        exact=True,
    )


def _picture(image: ProductImage, said: dict[str, str]) -> Picture:
    return Picture(
        # What a run has read is kept by this name: a corrected label needs no new reading, a new file does.
        name=f"corrected {image.pk} {image.source_hash[:12]}",
        words=truth_about(image.product, said),
        read=partial(_read, image),
        group=name_stem(image.product.name)
        or None,  # as rows of a CSV are grouped: they may show the same product
    )


def _read(image: ProductImage) -> RGB:
    return open_rendition(image, DECODED)
