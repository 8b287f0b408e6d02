"""The last piece is sold once, however many want it at the same moment."""

import threading
from decimal import Decimal

import pytest
from django.db import transaction

from accounts.shopper import Shopper
from catalog.models import Product, Variant
from shop.checkout import placing
from shop.checkout.carts import add, cart_of
from shop.checkout.models import Order, OrderLine
from shop.checkout.placing import Delivery, NotEnough, cancel_order, place_order
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db(transaction=True)
HOME = Delivery("guest@example.com", "Gwen Guest", "7 Bobbin Street", "1010", "Vienna", "AT")


def piece(stock: int, name: str = "Wool coat") -> Variant:
    return ProductFactory(
        name=name, variants=[("L", stock)], variants__price=Decimal("150.00")
    ).variants.get()


def cart_with(visitor: str, *variants: Variant):
    shopper = Shopper(visitor=visitor)
    cart = cart_of(shopper, create=True)
    for variant in variants:
        add(cart, variant)
    return cart, shopper


def test_two_shoppers_want_the_last_piece_and_one_gets_it(at_once):
    coat = piece(1)
    carts = [cart_with(visitor, coat) for visitor in ("first", "second")]
    answers = at_once(*(lambda c=cart, s=shopper: place_order(c, s, HOME) for cart, shopper in carts))
    assert {type(answer) for answer in answers} == {Order, NotEnough}
    coat.refresh_from_db()
    assert coat.stock == 0
    assert OrderLine.objects.count() == 1


def test_sixteen_shoppers_want_five_pieces_and_five_get_one(at_once):
    coat = piece(5)
    carts = [cart_with(f"visitor-{number}", coat) for number in range(16)]
    answers = at_once(*(lambda c=cart, s=shopper: place_order(c, s, HOME) for cart, shopper in carts))
    assert sum(isinstance(answer, Order) for answer in answers) == 5
    assert sum(isinstance(answer, NotEnough) for answer in answers) == 11
    coat.refresh_from_db()
    coat.product.refresh_from_db()
    assert (coat.stock, coat.product.in_stock) == (0, False)


def naive_order(variant_id: int, both_have_looked: threading.Barrier) -> None:
    """How a shop oversells: look, think, write, without a lock."""
    with transaction.atomic():
        stock = Variant.objects.get(pk=variant_id).stock
        both_have_looked.wait(timeout=30)
        if stock < 1:
            raise NotEnough("sold out")
        Order.objects.create(email="x@example.com", currency="EUR", subtotal=150, shipping=0, total=150)
        Variant.objects.filter(pk=variant_id).update(stock=stock - 1)


def test_without_the_locks_the_same_race_sells_the_last_piece_twice(at_once):
    """The failing twin: it shows that the race is real and that the test above could fail."""
    coat = piece(1)
    both_have_looked = threading.Barrier(2)
    answers = at_once(*(lambda: naive_order(coat.pk, both_have_looked) for _ in range(2)))
    assert answers == [None, None]
    assert Order.objects.count() == 2  # two orders for one coat


def test_where_a_lock_is_forgotten_the_condition_of_the_update_still_holds(at_once, monkeypatch):
    """``place_order`` with its variant locks off: both look at the same moment, and still one coat is sold."""
    coat = piece(1)
    carts = [cart_with(visitor, coat) for visitor in ("first", "second")]
    both_have_looked = threading.Barrier(2)
    check = placing._check

    def lines_without_locks(cart):
        return list(cart.lines.select_related("variant__product"))

    def check_together(lines, seen):
        check(lines, seen)
        both_have_looked.wait(timeout=30)

    monkeypatch.setattr(placing, "_locked_lines", lines_without_locks)
    monkeypatch.setattr(placing, "_check", check_together)
    answers = at_once(*(lambda c=cart, s=shopper: place_order(c, s, HOME) for cart, shopper in carts))
    assert {type(answer) for answer in answers} == {Order, NotEnough}
    assert Order.objects.count() == 1


def test_the_same_pieces_in_opposite_order_never_deadlock(at_once):
    tee, coat = piece(40, "Tee"), piece(40, "Coat")
    carts = [
        cart_with(f"visitor-{number}", *((tee, coat) if number % 2 else (coat, tee))) for number in range(12)
    ]
    answers = at_once(*(lambda c=cart, s=shopper: place_order(c, s, HOME) for cart, shopper in carts))
    assert all(isinstance(answer, Order) for answer in answers), answers
    assert sorted(Variant.objects.values_list("stock", flat=True)) == [28, 28]


def test_selling_out_and_giving_back_at_once_keeps_the_books_right(at_once):
    """Cancelled orders return pieces while others take them: nothing is lost and nothing invented."""
    coat = piece(6)
    placed = [place_order(*cart_with(f"early-{n}", coat), HOME) for n in range(3)]
    late = [cart_with(f"late-{n}", coat) for n in range(3)]
    at_once(
        *(lambda o=order: cancel_order(o) for order in placed),
        *(lambda o=order: cancel_order(o) for order in placed),
        *(lambda c=cart, s=shopper: place_order(c, s, HOME) for cart, shopper in late),
    )
    coat.refresh_from_db()
    sold = OrderLine.objects.exclude(order__status="cancelled").count()
    assert (coat.stock, sold) == (3, 3)
    assert Product.objects.get().in_stock
