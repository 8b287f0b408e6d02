"""There is a whole order or none, wherever the work stops."""

import pytest

from accounts.shopper import Shopper
from catalog.models import Variant
from shop.checkout.carts import add, cart_of
from shop.checkout.models import Order, OrderEvent, OrderLine
from shop.checkout.placing import BagEmpty, Delivery, place_order
from tests.power_cuts import cut_everywhere

HOME = Delivery("guest@example.com", "Gwen Guest", "7 Bobbin Street", "1010", "Vienna", "AT")
VISITOR = Shopper(visitor="v")


@pytest.fixture
def cart(tee, coat):
    cart = cart_of(VISITOR, create=True)
    add(cart, tee, 2)
    add(cart, coat)
    return cart


def books() -> tuple:
    """All that an order changes."""
    return (
        Order.objects.count(),
        OrderLine.objects.count(),
        OrderEvent.objects.count(),
        sorted(Variant.objects.values_list("sku", "stock", "product__in_stock")),
        cart_of(VISITOR).lines.count(),
    )


@pytest.mark.django_db(transaction=True)
def test_a_power_cut_after_any_statement_leaves_everything_as_it_was(cart):
    cuts = cut_everywhere(lambda: place_order(cart, VISITOR, HOME), books)
    assert cuts > 8  # the order took several statements, and each was cut once
    assert books()[0] == 1


def test_an_empty_bag_and_no_bag_order_nothing(cart):
    cart.lines.all().delete()
    for bag in (cart, None):
        with pytest.raises(BagEmpty, match="Your bag is empty"):
            place_order(bag, VISITOR, HOME)
    assert not Order.objects.exists()


def test_a_number_says_nothing_about_how_many_orders_there_are(cart, tee):
    first = place_order(cart, VISITOR, HOME)
    add(cart, tee)
    second = place_order(cart, VISITOR, HOME)
    assert first.number != second.number
    assert len(first.number) == 10
    assert not set(first.number) & set("01IOL")
