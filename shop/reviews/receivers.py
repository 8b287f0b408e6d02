"""News that reviews listen to."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from accounts.models import User
from accounts.signals import account_erased, personal_data_wanted
from catalog.renditions import delete_files
from catalog.signals import products_changed
from shop.reviews import erasing
from shop.reviews.counting import follow_styles, recount
from shop.reviews.models import Question, Review, ReviewPhoto


@receiver(post_delete, sender=ReviewPhoto)
def remove_files(sender: type, instance: ReviewPhoto, **kwargs: Any) -> None:
    """A picture's files go with it, once it is certain that it goes."""
    transaction.on_commit(partial(delete_files, instance))


@receiver(post_delete, sender=Review)
@receiver(post_delete, sender=Question)
def count_anew(sender: type, instance: Review | Question, **kwargs: Any) -> None:
    """Deleted by hand, or with its product."""
    recount(instance.style)


@receiver(products_changed)
def follow_products(sender: Any, product_ids: Sequence[int], **kwargs: Any) -> None:
    """A product may be a colour of another model now."""
    follow_styles(product_ids)


@receiver(personal_data_wanted)
def tell_what_was_said(sender: Any, user: User, **kwargs: Any) -> dict[str, Any]:
    return erasing.personal_data(user)


@receiver(account_erased)
def anonymise_what_was_said(sender: Any, user: User, **kwargs: Any) -> None:
    erasing.anonymise(user)
