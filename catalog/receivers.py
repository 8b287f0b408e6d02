"""What follows when rows of the catalogue are saved or deleted, in the admin or anywhere else."""

from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from catalog.models import ProductImage, Variant
from catalog.prices import strike_prices
from catalog.renditions import delete_files
from catalog.signals import product_image_saved, products_changed
from catalog.vocabulary import learn_words


@receiver(post_save, sender=ProductImage)
def announce_upload(sender: type, instance: ProductImage, **kwargs: object) -> None:
    """Tell the apps above that a picture waits to be looked at."""
    if instance.state == ProductImage.State.WAITING and instance.upload:
        product_image_saved.send(ProductImage, image_ids=[instance.pk])


@receiver(post_delete, sender=ProductImage)
def remove_files(sender: type, instance: ProductImage, **kwargs: object) -> None:
    """A picture's files go with it, once it is certain that it goes."""
    transaction.on_commit(partial(delete_files, instance))


@receiver([post_save, post_delete], sender=Variant)
def repeat_offer_on_product(sender: type, instance: Variant, **kwargs: object) -> None:
    """Keep what is struck in step with the log of prices, and the product in step with its variants."""
    strike_prices([instance.product_id])


@receiver(products_changed)
def learn_new_words(sender: type, product_ids: Sequence[int], **kwargs: object) -> None:
    """Know the words of new products once they are saved for good. Should it fail, the hourly count makes up for it."""
    transaction.on_commit(partial(learn_words, product_ids), robust=True)
