"""What is struck beside a price: the lowest of the thirty days before the reduction, or nothing."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import InternalError, connection, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from catalog.models import PriceChange, Product, Variant
from catalog.prices import end_reductions, percent_off, prune_price_log, strike_prices
from tests import factories


def sold_at(prices: dict[int, str | None], variant: Variant | None = None, currency: str = "EUR") -> Variant:
    """A variant that cost each price since so many days ago; None: it was not offered."""
    variant = variant or factories.ProductFactory().variants.get()
    variant.price = Decimal([price for price in prices.values() if price][-1])
    variant.save(update_fields=["price"])
    variant.price_changes.all().delete()
    PriceChange.objects.bulk_create(
        PriceChange(
            variant=variant,
            price=price and Decimal(price),
            currency=currency if days > 0 else "EUR",
            since=timezone.now() - timedelta(days=days),
        )
        for days, price in prices.items()
    )
    strike_prices([variant.product_id])
    variant.refresh_from_db()
    return variant


def log_of(variant: Variant) -> list[str]:
    return [str(price) for price in variant.price_changes.values_list("price", flat=True)]


# --- What is struck ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prices", "struck"),
    [
        ({0: "80"}, None),  # the first price
        ({60: "80"}, None),
        ({60: "100", 0: "80"}, "100"),  # a reduction
        ({30: "100", 0: "80"}, "100"),
        ({29: "100", 0: "80"}, None),  # not known for thirty days
        ({60: "100", 20: "90", 0: "80"}, "90"),  # a reduction of a reduction
        ({60: "100", 20: "60", 10: "100", 0: "80"}, None),  # it was cheaper three weeks ago
        ({60: "100", 50: "60", 40: "100", 0: "80"}, "100"),  # that is longer ago than what counts
        ({60: "100", 10: "120", 0: "80"}, "100"),  # risen only to fall
        ({60: "100", 10: "80", 0: "100"}, None),  # back up
        ({60: "100", 10: "80", 0: "90"}, None),  # half back up
        ({200: "100", 89: "80"}, "100"),
        ({200: "100", 91: "80"}, None),  # the price of a season is the price
        ({60: "100", 20: None, 10: "80"}, None),  # nobody could have it for thirty days
        ({60: None, 40: "100", 0: "80"}, "100"),
        ({60: "80.01", 0: "80"}, "80.01"),
    ],
)
@pytest.mark.django_db
def test_the_lowest_price_of_the_thirty_days_before_is_struck(prices, struck):
    variant = sold_at(prices)
    assert variant.was_price == (struck and Decimal(struck))
    assert variant.product.was_price == variant.was_price


@pytest.mark.django_db
def test_another_currency_strikes_nothing():
    assert sold_at({60: "100", 0: "80"}, currency="USD").was_price is None


@pytest.mark.django_db
def test_each_size_has_a_price_of_its_own_and_the_card_shows_that_of_the_cheapest_to_be_had():
    product = factories.ProductFactory(variants=[("S", 0), ("M", 2), ("L", 2)])
    small, medium, large = product.variants.all()
    sold_at({60: "50", 0: "20"}, small)  # sold out
    sold_at({60: "100", 0: "90"}, large)
    sold_at({60: "70"}, medium)
    product.refresh_from_db()
    assert (product.price, product.was_price) == (Decimal(70), None)
    sold_at({60: "70", 0: "65"}, medium)
    product.refresh_from_db()
    assert (product.price, product.was_price) == (Decimal(65), Decimal(70))
    assert [v.was_price for v in product.variants.all()] == [Decimal(50), Decimal(70), Decimal(100)]


@pytest.mark.django_db
def test_what_is_typed_in_is_not_struck():
    variant = factories.ProductFactory(variants__was_price="999.00").variants.get()
    assert Variant.objects.get().was_price is None
    Variant.objects.filter(pk=variant.pk).update(price=Decimal("20.00"), was_price=Decimal("999.00"))
    assert Variant.objects.get().was_price is None


@pytest.mark.django_db
def test_a_price_changed_behind_the_shops_back_strikes_nothing_until_it_is_looked_up():
    variant = sold_at({60: "100", 0: "80"})
    Variant.objects.filter(pk=variant.pk).update(price=Decimal("150.00"))
    assert Variant.objects.get().was_price is None


@given(st.decimals("0.01", 9999, places=2), st.decimals("0.01", 9999, places=2))
def test_the_percentage_never_promises_more_than_there_is(price, more):
    was = price + more
    percent = percent_off(price, was) or 0
    assert was * (100 - percent) / 100 >= price
    assert 0 <= percent < 100
    assert percent_off(price, None) is None


# --- The log ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_way_to_write_a_price_is_logged_once():
    variant = factories.ProductFactory(variants__price="50.00").variants.get()
    variant.price = Decimal("40.00")
    variant.save()
    variant.save()
    Variant.objects.update(price=Decimal("30.00"))
    Variant.objects.update(price=Decimal("30.00"), stock=1)
    variant.price = Decimal("20.00")
    Variant.objects.bulk_update([variant], ["price", "stock"])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE catalog_variant SET price = 10")
    assert log_of(variant) == ["50.00", "40.00", "30.00", "20.00", "10.00"]


@pytest.mark.django_db
def test_the_price_of_a_draft_was_never_asked_of_anybody():
    product = factories.ProductFactory(status="draft", variants__price="500.00")
    variant = product.variants.get()
    assert log_of(variant) == []
    Product.objects.update(status="active")
    Product.objects.update(status="archived")
    variant.price = Decimal("80.00")
    variant.save()
    Product.objects.update(status="active")
    assert log_of(variant) == ["500.00", "None", "80.00"]
    strike_prices([product.pk])
    assert Variant.objects.get().was_price is None


@pytest.mark.django_db
def test_a_logged_price_cannot_be_changed():
    variant = factories.ProductFactory().variants.get()
    with pytest.raises(InternalError, match="only ever added to"), transaction.atomic():
        variant.price_changes.update(price=Decimal("999.00"))


@pytest.mark.django_db
def test_the_log_goes_with_its_product():
    factories.ProductFactory(variants=[("S", 1), ("M", 1)]).delete()
    assert not PriceChange.objects.exists()


@pytest.mark.django_db
def test_a_reduction_ends_with_its_season():
    variant = sold_at({200: "100", 80: "80"})
    assert end_reductions(timezone.now()) == 0
    variant.price_changes.all().delete()
    for days, price in ((200, "100"), (95, "80")):
        since = timezone.now() - timedelta(days=days)
        PriceChange.objects.create(variant=variant, price=price, currency="EUR", since=since)
    assert end_reductions(timezone.now()) == 1
    assert (Variant.objects.get().was_price, Product.objects.get().was_price) == (None, None)


@pytest.mark.django_db
def test_prices_of_long_ago_are_forgotten_and_what_is_in_force_is_kept():
    variant = sold_at({900: "50", 800: "60", 400: "70", 100: "80"})
    assert prune_price_log(timezone.now()) == 2
    assert log_of(variant) == ["70.00", "80.00"]
    assert prune_price_log(timezone.now()) == 0


# --- What shoppers and curators see -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_struck_price_costs_a_page_of_cards_no_query(django_assert_num_queries):
    for _ in range(3):
        sold_at({60: "100", 0: "80"})
    with django_assert_num_queries(2):
        cards = list(Product.objects.with_card_data())
        assert [(card.was_price, card.percent_off) for card in cards] == [(Decimal(100), 20)] * 3


@pytest.mark.django_db
def test_a_curator_reads_what_a_product_has_cost_and_can_type_no_former_price(curator):
    variant = sold_at({60: "123.45", 10: None, 0: "80"})
    desk = Client()
    desk.force_login(curator)
    page = desk.get(f"/admin/catalog/product/{variant.product_id}/change/").content.decode()
    assert "<td>123.45 EUR</td>" in page
    assert "<td>Not offered</td>" in page
    assert "variants-0-price" in page
    assert "variants-0-was_price" not in page
    assert "What it has cost" not in desk.get("/admin/catalog/product/add/").content.decode()


@pytest.mark.django_db
def test_archiving_in_the_admin_ends_a_reduction(curator):
    variant = sold_at({60: "100", 0: "80"})
    desk = Client()
    desk.force_login(curator)
    for action in ("archive", "activate"):
        desk.post("/admin/catalog/product/", {"action": action, "_selected_action": [variant.product_id]})
    assert Product.objects.get().is_visible
    assert (Variant.objects.get().was_price, Product.objects.get().was_price) == (None, None)
