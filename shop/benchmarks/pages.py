"""How long the pages take that shoppers see most, beside the barest page of the same shop."""

from collections.abc import Iterator

from django.conf import settings
from django.db import connection
from django.test import Client

from accounts.models import User
from accounts.shopper import Shopper
from catalog.models import Product
from recommendations.serving import home_for
from shop.benchmarks.timing import Row, compare

PAGE_TARGET_MS = 60
LIST_TARGET = 10


def rows(products: list[Product]) -> Iterator[Row]:
    """A home list; home, listing and product page as a signed-in shopper with a history gets them."""
    shopper = Client(headers={"user-agent": "Mozilla/5.0 (benchmark)", "host": settings.ALLOWED_HOSTS[0]})
    account = User.objects.filter(email__startswith="benchmark-").first()
    shopper.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    yield compare(
        "home_list",
        lambda: home_for(Shopper(user_id=account.pk), n=24),
        _select_one,
        target=LIST_TARGET,
        unit="ratio",
        what=f"a shopper's home list with its cards' data, against SELECT 1, {len(products)} products",
        rounds=100,
    )
    product = products[len(products) // 2]
    for name, path in {
        "home_page": "/",
        "listing_page": product.category.get_absolute_url(),
        "product_page": product.get_absolute_url(),
    }.items():
        yield compare(
            name,
            lambda path=path: _fetch(shopper, path),
            lambda: _fetch(shopper, "/health/live"),
            target=PAGE_TARGET_MS,
            unit="ms",
            what=f"{path.split('/')[1] or 'home'} against /health/live, in process, {len(products)} products",
            rounds=15,
        )


def _select_one() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()


def _fetch(client: Client, path: str) -> None:
    response = client.get(path, secure=settings.HTTPS)
    if response.status_code != 200:
        raise RuntimeError(
            f"{path} answered {response.status_code}: a page that is not there cannot be timed."
        )
