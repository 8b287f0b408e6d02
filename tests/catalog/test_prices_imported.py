"""The price log when a catalogue is imported, drawn, or written by two at once."""

import threading
from decimal import Decimal

import pytest
from django.db import connection, transaction

from catalog.drawing.demo import demo_products
from catalog.drawn_catalogue import draw_earlier_prices
from catalog.models import PriceChange, Product, Variant
from tests import factories
from tests.catalog.test_stocking import put, record


@pytest.mark.django_db
def test_an_import_logs_each_size_once_and_the_same_again_nothing():
    put(record(price=Decimal("39.00")))
    put(record(price=Decimal("39.00")))
    put(record(price=Decimal("39.00"), name="Striped tee"))
    assert list(PriceChange.objects.values_list("price", flat=True)) == [Decimal("39.00")] * 2
    put(record(price=Decimal("29.00")))
    assert PriceChange.objects.count() == 4


@pytest.mark.django_db
def test_a_former_price_that_a_file_claims_is_not_struck_and_one_that_was_asked_is():
    put(record(price=Decimal("39.00"), was_price=Decimal("99.00")))
    product = Product.objects.get()
    assert (product.was_price, product.price) == (None, Decimal("39.00"))
    factories.reduced_from(product, "45.00")
    put(record(price=Decimal("29.00"), was_price=Decimal("99.00")))
    product.refresh_from_db()
    assert product.was_price == Decimal("39.00")


@pytest.mark.django_db
def test_a_drawn_catalogue_had_its_prices_before_it_reduced_them():
    drawn = next(product for product in demo_products(200) if product.was_price)
    product = factories.ProductFactory(external_id=drawn.external_id, variants__price=drawn.price)
    draw_earlier_prices([drawn])
    draw_earlier_prices([drawn])
    product.refresh_from_db()
    assert product.was_price == drawn.was_price
    assert PriceChange.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_change_a_price_at_once_are_logged_in_the_order_in_which_it_counted():
    variant = factories.ProductFactory(variants__price="50.00").variants.get()
    prices = Variant.objects.filter(pk=variant.pk)
    slow_has_begun, quick_is_done = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            prices.get()
            slow_has_begun.set()
            quick_is_done.wait(timeout=30)
            prices.update(price=Decimal("30.00"))
        connection.close()

    other = threading.Thread(target=slow)
    other.start()
    assert slow_has_begun.wait(timeout=30)
    prices.update(price=Decimal("40.00"))
    quick_is_done.set()
    other.join(timeout=30)
    assert prices.get().price == Decimal("30.00")
    assert [str(change.price) for change in variant.price_changes.all()] == ["50.00", "40.00", "30.00"]


@pytest.mark.django_db(transaction=True)
def test_a_price_changed_while_its_product_is_shown_for_the_first_time_is_not_missed():
    product = factories.ProductFactory(status="draft", variants__price="50.00")
    is_shown = threading.Event()

    def show() -> None:
        Product.objects.filter(pk=product.pk).update(status="active")
        is_shown.set()
        connection.close()

    other = threading.Thread(target=show)
    with transaction.atomic():
        Variant.objects.filter(product=product).update(price=Decimal("40.00"))
        other.start()
        while not somebody_waits() and not is_shown.wait(timeout=0.01):
            assert other.is_alive()
    other.join(timeout=30)
    assert is_shown.is_set()
    assert PriceChange.objects.order_by("-since", "-id")[0].price == Decimal("40.00")


def somebody_waits() -> bool:
    """Whether another session waits for a row that this one has locked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        return cursor.fetchone() is not None
