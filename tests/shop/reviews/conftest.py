"""A dress in two colours, who bought it, and what they say."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from catalog.models import Product
from shop.checkout.models import Order, OrderLine
from shop.reviews.counting import recount
from shop.reviews.models import Review, style_of
from tests import factories


def buy(user: User, product: Product, size: str = "M", status: str = Order.Status.DELIVERED) -> Order:
    """``user`` ordered ``product``, and the order came as far as ``status``."""
    order = Order.objects.create(
        user=user, email=user.email, name="Ada Example", street="1 Loom Lane", postcode="1010", city="Vienna",
        country="AT", currency="EUR", subtotal=Decimal(39), shipping=Decimal(0), total=Decimal(39), status=status,
    )  # fmt: skip
    OrderLine.objects.create(
        order=order, product=product, sku="SKU", name=product.name, size=size, quantity=1, price=Decimal(39)
    )
    return order


def published(product: Product, **said: Any) -> Review:
    """A review that can be read."""
    usual = {"author": "Ada", "stars": 5, "title": "Lovely", "words": "I wear it every day."}
    review = Review.objects.create(
        product=product,
        style=style_of(product),
        status=Review.Status.PUBLISHED,
        published_at=timezone.now(),
        **{**usual, **said},
    )
    recount(review.style)
    return review


@pytest.fixture
def dress(db) -> Product:
    return factories.ProductFactory(
        name="Linen dress", style_code="linen-1", colour="Blue", variants=[("S", 3), ("M", 3)]
    )


@pytest.fixture
def red_dress(dress: Product) -> Product:
    """The same dress in another colour."""
    return factories.ProductFactory(
        name="Linen dress", style_code="linen-1", colour="Red", variants=[("S", 3)]
    )


@pytest.fixture
def buyer(shopper: User, dress: Product) -> Client:
    """The cast's shopper, signed in, who has the dress in M."""
    buy(shopper, dress)
    client = Client()
    client.force_login(shopper)
    return client


@pytest.fixture
def page_of(client: Client) -> Callable[[str], str]:
    """What a visitor reads at an address."""
    return lambda url: client.get(url).content.decode()
