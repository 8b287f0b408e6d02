"""News from the catalogue."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from catalog.signals import product_image_saved
from vision import tasks


@receiver(product_image_saved)
def look_at_pictures(sender: Any, image_ids: Sequence[int], **kwargs: Any) -> None:
    """Have new pictures looked at as soon as they are saved for good."""
    for start in range(0, len(image_ids), tasks.BLOCK):
        tasks.analyse_images.delay_on_commit(list(image_ids[start : start + tasks.BLOCK]))
