"""A code for one order serves one, however many use it at the same moment."""

import threading

import pytest
from django.db import transaction

from accounts.shopper import Shopper
from shop.checkout.carts import add, cart_of, set_code
from shop.checkout.models import Order, Promotion, PromotionCode, Redemption
from shop.checkout.placing import Delivery, place_order
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db(transaction=True)


def home(n: int) -> Delivery:
    return Delivery(f"guest{n}@example.com", "Gwen Guest", "7 Bobbin Street", "1010", "Vienna", "AT")


def code_for(limit: int) -> PromotionCode:
    promotion = Promotion.objects.create(
        name="Welcome", kind="percent", percent=10, is_by_code=True, limit=limit
    )
    return PromotionCode.objects.create(promotion=promotion, code="WELCOME")


def carts_with_code(n: int):
    piece = ProductFactory(variants__stock=50).variants.get()
    for number in range(n):
        shopper = Shopper(visitor=f"visitor-{number}")
        cart = cart_of(shopper, create=True)
        add(cart, piece)
        set_code(cart, "WELCOME", "")
        yield number, cart, shopper


def test_sixteen_orders_at_once_use_a_code_for_three_three_times(at_once):
    code_for(3)
    carts = list(carts_with_code(16))
    answers = at_once(
        *(lambda n=n, c=cart, s=shopper: place_order(c, s, home(n)) for n, cart, shopper in carts)
    )
    assert all(isinstance(answer, Order) for answer in answers), answers
    assert Redemption.objects.count() == 3
    assert Order.objects.filter(discount__gt=0).count() == 3


def test_without_the_lock_the_same_race_uses_it_twice(at_once):
    """The failing twin: both count the uses before either writes its own."""
    code = code_for(1)
    both_have_counted = threading.Barrier(2)

    def naive():
        with transaction.atomic():
            used = Redemption.objects.filter(promotion=code.promotion).count()
            both_have_counted.wait(timeout=30)
            if used < code.promotion.limit:
                order = Order.objects.create(
                    email="x@example.com", currency="EUR", subtotal=1, shipping=0, total=1
                )
                Redemption.objects.create(promotion=code.promotion, order=order, name="Welcome", amount=1)

    assert at_once(naive, naive) == [None, None]
    assert Redemption.objects.count() == 2
