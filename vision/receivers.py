"""News from the catalogue."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from catalog.models import ProductImage
from catalog.signals import product_image_saved, products_changed
from vision import tasks
from vision.seen_words import note_seen_words


@receiver(product_image_saved)
def look_at_pictures(sender: Any, image_ids: Sequence[int], **kwargs: Any) -> None:
    """Have new pictures looked at as soon as they are saved for good."""
    for start in range(0, len(image_ids), tasks.BLOCK):
        tasks.analyse_images.delay_on_commit(list(image_ids[start : start + tasks.BLOCK]))


@receiver(products_changed)
def weigh_seen_words_again(sender: Any, product_ids: Sequence[int], **kwargs: Any) -> None:
    """A product that now says its colour, or shows another cover, is found by other words."""
    note_seen_words(product_ids)


@receiver(post_delete, sender=ProductImage)
def forget_what_a_deleted_picture_showed(sender: Any, instance: ProductImage, **kwargs: Any) -> None:
    """The words go with the picture; after commit, so that nobody waits with a picture in hand for its product."""
    transaction.on_commit(partial(note_seen_words, [instance.product_id]))
