"""What the storefront keeps in the cache, and the news that make it out of date."""

from django.db.models.signals import post_delete, post_save

from accounts.signals import wish_added, wish_removed
from catalog.models import Category
from catalog.signals import products_changed
from shop.storefront.hearts import forget_wished_ids
from shop.storefront.shelves import forget_shelves

post_save.connect(forget_shelves, sender=Category)
post_delete.connect(forget_shelves, sender=Category)
products_changed.connect(forget_shelves)
wish_added.connect(forget_wished_ids)
wish_removed.connect(forget_wished_ids)
