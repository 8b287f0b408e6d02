"""What every page shows around its own content: shelves, counts, hearts."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.shopper import shopper_of
from accounts.wishing import HAS_WISHES_KEY
from shop.checkout.carts import cart_count
from shop.storefront.hearts import wished_ids
from shop.storefront.shelves import shelf_plan

HEADER_SHELVES = 7


def storefront(request: HttpRequest) -> dict[str, Any]:
    """The context of every page; what a page does not draw costs nothing."""
    return {
        "shop_name": settings.SHOP_NAME,
        "shop_email": settings.SHOP_EMAIL,
        "photo_max_bytes": settings.PICTURE_MAX_BYTES,
        "prices_include_tax": settings.PRICES_INCLUDE_TAX,
        "return_days": settings.RETURN_DAYS,
        "default_currency": settings.DEFAULT_CURRENCY,
        "shelves": SimpleLazyObject(lambda: shelf_plan().top[:HEADER_SHELVES]),
        "wished_ids": SimpleLazyObject(lambda: _wished_ids(request)),
        "cart_count": SimpleLazyObject(lambda: cart_count(request)),
    }


def _wished_ids(request: HttpRequest) -> frozenset[int]:
    has_any = request.user.is_authenticated or request.session.get(HAS_WISHES_KEY)
    return wished_ids(shopper_of(request)) if has_any else frozenset()
