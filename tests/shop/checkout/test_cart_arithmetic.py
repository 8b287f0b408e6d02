"""What a bag costs."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.checkout.cart import (
    MAX_PER_LINE,
    PricedLine,
    fit_to_stock,
    merged,
    read_seen,
    rounded,
    totals,
    write_seen,
)

prices = st.decimals(min_value=0, max_value=10_000, places=2)
quantities = st.integers(min_value=1, max_value=MAX_PER_LINE)
lines = st.lists(
    st.builds(PricedLine, price=prices, quantity=quantities, currency=st.just("EUR")), max_size=8
)


def bill(*bag: PricedLine, shipping: str = "4.90", free_from: str = "100.00"):
    return totals(
        bag, currency="EUR", shipping_price=Decimal(shipping), free_shipping_from=Decimal(free_from)
    )


def line(price: str, quantity: int = 1, currency: str = "EUR") -> PricedLine:
    return PricedLine(Decimal(price), quantity, currency)


def test_a_small_bag_pays_delivery_and_hears_what_is_missing_for_free_delivery():
    sums = bill(line("20.00", 2))
    assert (sums.subtotal, sums.shipping, sums.total) == (Decimal("40.00"), Decimal("4.90"), Decimal("44.90"))
    assert sums.until_free_shipping == Decimal("60.00")


def test_delivery_is_free_from_exactly_the_threshold():
    assert bill(line("100.00")).shipping == 0
    assert bill(line("99.99")).shipping == Decimal("4.90")


def test_an_empty_bag_costs_nothing():
    assert bill().total == 0


def test_fractions_of_a_cent_are_rounded_line_by_line_halves_up():
    assert line("0.335", 1).total == Decimal("0.34")
    assert bill(line("0.335"), line("0.335")).subtotal == Decimal("0.68")


def test_two_currencies_do_not_add_up():
    with pytest.raises(ValueError, match="cannot hold prices in USD"):
        bill(line("1.00"), line("1.00", currency="USD"))


@pytest.mark.parametrize(("price", "quantity"), [("-0.01", 1), ("1.00", 0)])
def test_a_line_is_never_negative_or_empty(price, quantity):
    with pytest.raises(ValueError, match="A line needs"):
        line(price, quantity)


@given(lines, prices, prices)
def test_the_lines_and_the_delivery_always_add_up_to_the_total(bag, shipping, free_from):
    sums = totals(bag, currency="EUR", shipping_price=shipping, free_shipping_from=free_from)
    assert sum((item.total for item in bag), Decimal(0)) + sums.shipping == sums.total
    assert sums.total == rounded(sums.total) >= 0
    assert sums.shipping in (Decimal("0.00"), shipping)


@given(st.dictionaries(st.integers(1, 10**12), st.tuples(quantities, prices)))
def test_what_a_shopper_has_seen_survives_the_hidden_field(seen):
    assert read_seen(write_seen(seen)) == seen


@pytest.mark.parametrize("text", ["nonsense", "1*2", "1*2*three", "a*1*2.00", "1*2*3*4"])
def test_a_hidden_field_that_was_tampered_with_is_refused(text):
    with pytest.raises(ValueError, match="is not variant"):
        read_seen(text)


@given(st.integers(0, 100), st.integers(0, 100))
def test_a_bag_never_holds_more_than_there_is(wanted, stock):
    assert 0 <= fit_to_stock(wanted, stock) <= min(wanted, stock, MAX_PER_LINE)


bags = st.dictionaries(st.integers(1, 5), quantities)


@given(bags, bags, st.dictionaries(st.integers(1, 5), st.integers(0, 50)))
def test_merging_sums_holds_to_stock_and_takes_nothing_away(mine, visitors, stock):
    together = merged(mine, visitors, stock)
    for variant, quantity in together.items():
        before = mine.get(variant, 0)
        assert quantity >= before
        assert quantity <= before + visitors.get(variant, 0)
        assert quantity == before or quantity <= stock.get(variant, 0)
    assert mine.keys() <= together.keys()


def test_merging_two_bags_by_hand():
    together = merged({1: 2, 2: 1}, {2: 1, 3: 4, 4: 1}, {1: 9, 2: 9, 3: 2, 4: 0})
    assert together == {1: 2, 2: 2, 3: 2}
