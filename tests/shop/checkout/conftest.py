"""A shop with two things to buy."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.test import Client

from catalog.models import Variant
from shop.celery import app
from shop.checkout.models import Order
from tests.factories import ProductFactory
from tests.shopping import checkout_form


@pytest.fixture
def tee(db) -> Variant:
    """Three of them, 20 each."""
    product = ProductFactory(name="Breton tee", variants=[("M", 3)], variants__price=Decimal("20.00"))
    return product.variants.get()


@pytest.fixture
def coat(db) -> Variant:
    """The last one, 150."""
    product = ProductFactory(name="Wool coat", variants=[("L", 1)], variants__price=Decimal("150.00"))
    return product.variants.get()


@pytest.fixture
def eager_tasks() -> Iterator[None]:
    """Tasks run at once, in the test's own process."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


@pytest.fixture
def buyer(client: Client, tee: Variant) -> Client:
    """A guest with one tee in the bag."""
    client.post("/bag/add/", {"variant": tee.pk})
    return client


@pytest.fixture
def place(django_capture_on_commit_callbacks):
    """Places what is in the client's bag; returns the order."""

    def place(client: Client, **changes: str) -> Order:
        response = client.post("/checkout/", checkout_form(client, **changes))
        assert response.status_code == 302, response.content.decode()
        return Order.objects.get(number=response.url.split("/")[2])

    return place


@pytest.fixture
def pay(django_capture_on_commit_callbacks):
    """Pays an order with one of the test cards; what waits for the commit runs."""

    def pay(client: Client, order, choice: str = "approve", **extra: str):
        token = client.get(f"/checkout/{order.number}/pay/", extra).context["form"]["token"].value()
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(f"/checkout/{order.number}/pay/", {"choice": choice, "token": token, **extra})

    return pay
