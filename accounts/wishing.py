"""The wish list."""

from django.http import HttpRequest

from accounts.models import User, WishlistItem
from accounts.signals import wish_added, wish_removed
from catalog.models import Product

PENDING_KEY = "wish_after_sign_in"


def add_wish(user: User, product: Product) -> bool:
    """Save ``product`` for later. False: it was saved already."""
    _, is_new = WishlistItem.objects.get_or_create(user=user, product=product)
    if is_new:
        wish_added.send(User, user=user, product_id=product.pk)
    return is_new


def remove_wish(user: User, product: Product) -> bool:
    """Take ``product`` off the list. False: it was not on it."""
    deleted, _ = WishlistItem.objects.filter(user=user, product=product).delete()
    if deleted:
        wish_removed.send(User, user=user, product_id=product.pk)
    return bool(deleted)


def wish_after_sign_in(request: HttpRequest, product: Product) -> None:
    """Remember what a visitor wanted to save until it is known who that is."""
    request.session[PENDING_KEY] = product.pk


def add_pending_wish(request: HttpRequest, user: User) -> Product | None:
    """Save what the visitor wanted before signing in, if there was something and it is still sold."""
    product = Product.objects.visible().filter(pk=request.session.pop(PENDING_KEY, None)).first()
    if product:
        add_wish(user, product)
    return product
