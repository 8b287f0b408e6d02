"""Telling shoppers that something on a list of theirs costs less, where they asked for it.

The log of prices (``catalog.models.PriceChange``) says what fell: the last change of a size that a list's piece was
not told of yet, if it is a reduction, still holds, and is below what the piece cost when it was saved.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from smtplib import SMTPRecipientsRefused

import structlog
from django.core import signing
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.mailing import letter
from accounts.models import WishList, WishlistItem

log = structlog.get_logger(__name__)

APART = timedelta(days=1)  # between two mails about one product
PER_LOOK = 200  # lists that one look mails; the next look mails the rest
SALT = "price-drops"

_FALLEN = """
SELECT DISTINCT ON (item.id) item.id, item.list_id, before.price, newest.price, newest.currency
FROM accounts_wishlistitem AS item
JOIN accounts_wishlist AS list ON list.id = item.list_id AND list.mails_price_drops
JOIN accounts_user AS owner ON owner.id = list.user_id AND owner.is_active
JOIN catalog_product AS product ON product.id = item.product_id AND product.status = 'active'
JOIN catalog_variant AS variant ON variant.product_id = product.id AND variant.stock > 0
    AND (item.variant_id IS NULL OR item.variant_id = variant.id)
JOIN LATERAL (
    SELECT id, price, currency, since FROM catalog_pricechange
    WHERE variant_id = variant.id ORDER BY since DESC, id DESC LIMIT 1
) AS newest ON newest.since > item.told_at AND newest.price = variant.price
JOIN LATERAL (  -- what it cost before, also where it was not offered for a while in between
    SELECT price, currency FROM catalog_pricechange
    WHERE variant_id = variant.id AND (since, id) < (newest.since, newest.id) AND price IS NOT NULL
    ORDER BY since DESC, id DESC LIMIT 1
) AS before ON before.currency = newest.currency AND before.price > newest.price
WHERE (item.mailed_at IS NULL OR item.mailed_at <= %(apart)s)
  AND (item.saved_price IS NULL OR item.saved_currency <> newest.currency OR newest.price < item.saved_price)
  AND (%(ids)s::bigint[] IS NULL OR item.id = ANY(%(ids)s::bigint[]))
ORDER BY item.id, newest.price, variant.id
"""


@dataclass(frozen=True)
class Drop:
    """A saved piece that costs less: its product, the price before and now."""

    item: WishlistItem
    before: Decimal
    now: Decimal
    currency: str


def send_price_drops(now: datetime | None = None) -> int:
    """Mail the owners of lists about what has fallen, all of a list in one mail; returns how many mails went.

    Safe to run twice, at once, and to be killed: a list's pieces are locked while its mail is handed over, and marked
    in the same transaction.

    Raises:
        OSError: the mail server does not answer. What is left is told at the next look.
    """
    now = now or timezone.now()
    by_list: dict[int, list[int]] = defaultdict(list)
    for item_id, list_id, *_prices in _fallen(now):
        by_list[list_id].append(item_id)
    return sum(_mail(list_id, by_list[list_id], now) for list_id in sorted(by_list)[:PER_LOOK])


def _fallen(now: datetime, ids: Iterable[int] | None = None) -> list[tuple[int, int, Decimal, Decimal, str]]:
    """(piece, list, price before, price now, currency) of what is to be told; among ``ids`` alone, where given."""
    with connection.cursor() as cursor:
        cursor.execute(_FALLEN, {"apart": now - APART, "ids": None if ids is None else list(ids)})
        return cursor.fetchall()


def _mail(list_id: int, item_ids: list[int], now: datetime) -> bool:
    with transaction.atomic():
        items = (
            WishlistItem.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("product", "list__user")
            .in_bulk(item_ids)
        )
        fallen = _fallen(now, items)  # once more: another worker may have told it just now
        drops = [Drop(items[row[0]], *row[2:]) for row in fallen if row[0] in items]
        if not drops:
            return False
        WishlistItem.objects.filter(pk__in=[drop.item.pk for drop in drops]).update(
            told_at=now, mailed_at=now
        )
        wish_list = drops[0].item.list
        context = {"drops": drops, "list": wish_list}
        mail = letter("price_drops", wish_list.user.email, context, stop_path=stop_path(wish_list))
        try:
            mail.send()
        except SMTPRecipientsRefused:  # this address alone: the others are not to wait for it
            log.warning("An address does not take mails about lower prices.", list=list_id)
            return False
    return True


# --- The link that ends them --------------------------------------------------------------------------------------


def stop_path(wish_list: WishList) -> str:
    return reverse("price_drops_stop", args=[signing.Signer(salt=SALT).sign_object(wish_list.pk)])


def list_of_stop_link(text: str) -> WishList | None:
    """The list whose mails a link ends; None for a link that we did not make, or a list that is gone."""
    try:
        pk = signing.Signer(salt=SALT).unsign_object(text)
    except signing.BadSignature:
        return None
    return WishList.objects.filter(pk=pk).first()
