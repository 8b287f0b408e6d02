"""What a bag costs."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.checkout.cart import (
    MAX_PER_LINE,
    PricedLine,
    Seen,
    fit_to_stock,
    merged,
    read_seen,
    write_seen,
)

prices = st.decimals(min_value=0, max_value=10_000, places=2)
quantities = st.integers(min_value=1, max_value=MAX_PER_LINE)


def line(price: str, quantity: int = 1, currency: str = "EUR") -> PricedLine:
    return PricedLine(Decimal(price), quantity, currency)


def test_fractions_of_a_cent_are_rounded_line_by_line_halves_up():
    assert line("0.335", 1).total == Decimal("0.34")


@pytest.mark.parametrize(("price", "quantity"), [("-0.01", 1), ("1.00", 0)])
def test_a_line_is_never_negative_or_empty(price, quantity):
    with pytest.raises(ValueError, match="A line needs"):
        line(price, quantity)


@given(st.dictionaries(st.integers(1, 10**12), st.tuples(quantities, prices), max_size=8), prices)
def test_what_a_shopper_has_seen_survives_the_hidden_field(lines, total):
    assert read_seen(write_seen(Seen(lines, total))) == Seen(lines, total)


@pytest.mark.parametrize(
    "text", ["", "nonsense", "1*2 =1", "1*2*three =1", "a*1*2.00 =1", "1*2*3*4 =1", "1*2*3", "=NaN", "=x"]
)
def test_a_hidden_field_that_was_tampered_with_is_refused(text):
    with pytest.raises(ValueError, match=r"is not|does not end|is no amount"):
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
