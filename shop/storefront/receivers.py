"""News that the storefront listens to: what makes its caches out of date, and shoppers who ask about themselves."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from accounts.models import User
from accounts.signals import account_erased, personal_data_wanted, wish_added, wish_removed, wishes_merged
from catalog.models import Category
from catalog.signals import products_changed
from shop.storefront.hearts import forget_users_wished_ids, forget_wished_ids
from shop.storefront.models import ContactMessage
from shop.storefront.shelves import forget_shelves

post_save.connect(forget_shelves, sender=Category)
post_delete.connect(forget_shelves, sender=Category)
products_changed.connect(forget_shelves)
wish_added.connect(forget_wished_ids)
wish_removed.connect(forget_wished_ids)
wishes_merged.connect(forget_users_wished_ids)


@receiver(personal_data_wanted)
def tell_what_was_written(sender: Any, user: User, **kwargs: Any) -> dict[str, Any]:
    """The messages that the shopper wrote while signed in."""
    written = ContactMessage.objects.filter(user=user).order_by("created_at")
    return {"messages": list(written.values("name", "email", "subject", "message", "created_at"))}


@receiver(account_erased)
def erase_what_was_written(sender: Any, user: User, **kwargs: Any) -> None:
    ContactMessage.objects.filter(user=user).delete()
