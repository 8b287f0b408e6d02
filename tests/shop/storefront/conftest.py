"""A browser without scripts, as a person uses it."""

import pytest
from django.test import Client

from tests import factories

PERSON = {"User-Agent": "Mozilla/5.0 (a person at a laptop)"}


@pytest.fixture
def visitor(db) -> Client:
    """Somebody who is not signed in."""
    return Client(headers=PERSON)


@pytest.fixture
def signed_in(shopper) -> Client:
    """The cast's shopper, signed in."""
    client = Client(headers=PERSON)
    client.force_login(shopper)
    return client


@pytest.fixture
def tops(db):
    return factories.CategoryFactory(name="Tops")


@pytest.fixture
def shoes(db):
    return factories.CategoryFactory(name="Shoes")
