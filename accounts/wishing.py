"""Wish lists: what hearts, pages and the API do to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User, WishList, WishlistItem
from accounts.models.wishes import DEFAULT_NAME
from accounts.shopper import Shopper
from accounts.signals import wish_added, wish_removed, wishes_merged
from catalog.models import Product, Variant
from catalog.querysets import ready_pictures

MOST_PIECES = 300  # on one list: a page shows all of them
MOST_LISTS = 20
REMOVED_KEY = "wish_removed"
HAS_WISHES_KEY = "has_wishes"  # a visitor without one costs no page a query


class CannotSave(Exception):
    """A wish or a list that cannot be kept; ``str(error)`` is a sentence for the shopper."""


# --- Finding them -------------------------------------------------------------------------------------------------


def owned_by(shopper: Shopper) -> dict[str, Any]:
    """The lists of ``shopper`` as keywords of a filter."""
    return {"user_id": shopper.user_id} if shopper.user_id else {"user": None, "visitor": shopper.visitor}


def lists_of(shopper: Shopper) -> QuerySet[WishList]:
    """The shopper's lists, the default one first, each with its number of pieces (``pieces``)."""
    if not shopper.is_known:
        return WishList.objects.none()
    return WishList.objects.filter(**owned_by(shopper)).annotate(pieces=Count("items"))


def items_of(shopper: Shopper) -> QuerySet[WishlistItem]:
    """All that the shopper saved, newest first."""
    if not shopper.is_known:
        return WishlistItem.objects.none()
    owner = {f"list__{name}": value for name, value in owned_by(shopper).items()}
    return WishlistItem.objects.filter(**owner)


def visible_items(wish_list: WishList) -> QuerySet[WishlistItem]:
    """The pieces of a list that are sold, with all that a card draws and the sizes as plain values (``options``), in
    two queries."""
    sizes = Variant.objects.filter(product=OuterRef("product")).order_by("position", "id")
    return (
        wish_list.items.filter(product__status=Product.Status.ACTIVE)
        .select_related("variant", "product__category", "product__brand")
        .prefetch_related(ready_pictures("product__"))
        .annotate(options=ArraySubquery(sizes.values(json=JSONObject(id="id", size="size", stock="stock"))))
    )


def default_list(shopper: Shopper) -> WishList:
    """The list that hearts fill; made where there is none yet.

    Raises:
        ValueError: for somebody without a number.
    """
    if not shopper.is_known:
        raise ValueError("A wish list belongs to a user or to a numbered visitor.")
    owner = {"user_id": shopper.user_id} if shopper.user_id else {"visitor": shopper.visitor}
    return WishList.objects.get_or_create(**owner, is_default=True, defaults={"name": DEFAULT_NAME})[0]


# --- Pieces -------------------------------------------------------------------------------------------------------


def add_wish(shopper: Shopper, product: Product, wish_list: WishList | None = None) -> bool:
    """Save ``product`` on one of the shopper's lists (None: the default one). False: it was saved already, and stays
    on the list that it is on.

    Raises:
        CannotSave: when the list is full.
    """
    with transaction.atomic():
        default = _lock(shopper)
        wish_list = wish_list or default
        if items_of(shopper).filter(product=product).exists():
            return False
        _check_room(wish_list)
        WishlistItem.objects.create(
            list=wish_list,
            user_id=shopper.user_id,
            product=product,
            saved_price=product.price,
            saved_currency=product.currency,
        )
        wish_list.save(update_fields=["used_at"])
    wish_added.send(User, shopper=shopper, product_id=product.pk)
    return True


def remove_wish(shopper: Shopper, product: Product) -> WishlistItem | None:
    """Take ``product`` off the list that it is on. Returns what was taken off, None: it was on no list."""
    item = items_of(shopper).filter(product=product).first()
    if item is None or not WishlistItem.objects.filter(pk=item.pk).delete()[0]:
        return None
    wish_removed.send(User, shopper=shopper, product_id=product.pk)
    return item


def toggle_wish(request: HttpRequest, shopper: Shopper, product: Product) -> bool:
    """Press the heart of ``product``. Returns whether it is saved now.

    What is taken off comes back as it was (list, note, size, price) when the same heart is pressed next.

    Raises:
        CannotSave: when the list is full.
    """
    removed = remove_wish(shopper, product)
    if removed:
        request.session[REMOVED_KEY] = {
            "product": product.pk,
            "list": removed.list_id,
            "note": removed.note,
            "variant": removed.variant_id,
            "saved_price": None if removed.saved_price is None else str(removed.saved_price),
            "saved_currency": removed.saved_currency,
        }
        return False
    before = request.session.pop(REMOVED_KEY, {})
    is_undone = before.get("product") == product.pk
    wish_list = lists_of(shopper).filter(pk=before["list"]).first() if is_undone else None
    if add_wish(shopper, product, wish_list) and is_undone:
        _restore(shopper, product, before)
    if not shopper.user_id:
        request.session[HAS_WISHES_KEY] = True
    return True


def _restore(shopper: Shopper, product: Product, before: Mapping[str, Any]) -> None:
    is_there = product.variants.filter(pk=before["variant"]).exists()
    items_of(shopper).filter(product=product).update(
        note=before["note"],
        variant_id=before["variant"] if is_there else None,
        saved_price=before["saved_price"],
        saved_currency=before["saved_currency"],
    )


def move_wish(item: WishlistItem, wish_list: WishList) -> None:
    """Put a saved piece onto another list of the same shopper.

    Raises:
        CannotSave: when that list is full.
    """
    if item.list_id == wish_list.pk:
        return
    with transaction.atomic():
        _lock(Shopper(user_id=wish_list.user_id, visitor=wish_list.visitor))
        _check_room(wish_list)
        item.list = wish_list
        item.save(update_fields=["list"])


def _check_room(wish_list: WishList) -> None:
    if wish_list.items.count() >= MOST_PIECES:
        sentence = _("A list holds %(n)d pieces. Take one off, or begin another list.")
        raise CannotSave(sentence % {"n": MOST_PIECES})


def _lock(shopper: Shopper) -> WishList:
    """The shopper's default list; until the transaction ends nobody else saves or moves what is theirs."""
    return WishList.objects.select_for_update(no_key=True).get(pk=default_list(shopper).pk)


# --- Lists --------------------------------------------------------------------------------------------------------


def begin_list(user: User, name: str) -> WishList:
    """Make a further list.

    Raises:
        CannotSave: when there are enough.
    """
    default_list(Shopper(user_id=user.pk))
    if user.wish_lists.count() >= MOST_LISTS:
        raise CannotSave(_("%(n)d lists are the most. Delete one to begin another.") % {"n": MOST_LISTS})
    return WishList.objects.create(user=user, name=name)


def delete_list(wish_list: WishList) -> int:
    """Delete a list; its pieces go to the default one, which itself stays. Returns how many moved.

    Raises:
        CannotSave: for the default list.
    """
    if wish_list.is_default:
        raise CannotSave(_("This list stays: the hearts fill it. You can rename it or empty it."))
    with transaction.atomic():
        target = _lock(Shopper(user_id=wish_list.user_id))
        moved = wish_list.items.update(list=target)
        wish_list.delete()
    return moved


def mail_price_drops(wish_list: WishList, *, wanted: bool) -> None:
    """Switch the mails about lower prices on or off; what fell before is no news."""
    if wanted and not wish_list.mails_price_drops:
        wish_list.items.update(told_at=timezone.now())
    wish_list.mails_price_drops = wanted
    wish_list.save(update_fields=["mails_price_drops"])


# --- Visitors -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MergedWishes:
    """What became of a visitor's list at sign-in: pieces that joined the user's, and pieces that were there already."""

    came: int
    were_there: int


def merge_visitors_wishes(visitor: str, user: User) -> MergedWishes:
    """Pour a visitor's list into the user's default list, each product once, however often this runs."""
    if not visitor:
        return MergedWishes(0, 0)
    with transaction.atomic():
        theirs = WishList.objects.select_for_update().filter(user=None, visitor=visitor).first()
        if theirs is None:
            return MergedWishes(0, 0)
        target = _lock(Shopper(user_id=user.pk))
        total = theirs.items.count()
        saved = WishlistItem.objects.filter(user=user).values("product")
        came = theirs.items.exclude(product__in=saved).update(list=target, user=user)
        theirs.delete()
    if total:
        wishes_merged.send(User, user=user)
    return MergedWishes(came, total - came)


def forget_visitors_lists() -> int:
    """Delete the lists of visitors whose session has run out. Returns how many."""
    last_used = timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    forgotten = WishList.objects.filter(user=None, used_at__lt=last_used)
    return forgotten.delete()[1].get(WishList._meta.label, 0)
