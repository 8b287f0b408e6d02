"""What a bag costs with discounts, delivery and tax."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.checkout.cart import MAX_PER_LINE, PricedLine, rounded
from shop.checkout.pricing import Band, Kind, Offer, Tariff, Why, bill, overlapping, split, tax_of

DRESSES, BOOTS = 1, 2
FLAT = Tariff((Band(Decimal(0), None, Decimal("4.90"), Decimal("100.00")),))


def line(price: str, quantity: int = 1, **facts) -> PricedLine:
    return PricedLine(Decimal(price), quantity, facts.pop("currency", "EUR"), **facts)


def total(*bag: PricedLine, offers=(), tariff=FLAT, **options):
    return bill(bag, currency="EUR", tariff=tariff, offers=offers, **options)


def offer(kind: Kind = Kind.PERCENT, number: int = 1, **facts) -> Offer:
    return Offer(number, f"Offer {number}", kind, **facts)


def percent(value: int, number: int = 1, **facts) -> Offer:
    return offer(number=number, percent=Decimal(value), **facts)


# --- Delivery -----------------------------------------------------------------------------------------------------


def test_a_small_bag_pays_delivery_and_hears_what_is_missing_for_free_delivery():
    sums = total(line("20.00", 2))
    assert (sums.subtotal, sums.shipping, sums.total) == (Decimal("40.00"), Decimal("4.90"), Decimal("44.90"))
    assert sums.until_free_shipping == Decimal("60.00")


def test_delivery_is_free_from_exactly_the_threshold():
    assert total(line("100.00")).shipping == 0
    assert total(line("99.99")).shipping == Decimal("4.90")


def test_an_empty_bag_costs_nothing():
    assert total().total == 0


def test_fractions_of_a_cent_are_rounded_line_by_line_halves_up():
    assert total(line("0.335"), line("0.335")).subtotal == Decimal("0.68")


def test_two_currencies_do_not_add_up():
    with pytest.raises(ValueError, match="cannot hold prices in USD"):
        total(line("1.00"), line("1.00", currency="USD"))


def test_a_heavy_bag_pays_the_heavy_price_and_a_too_heavy_one_does_not_go():
    by_weight = Tariff(
        (
            Band(Decimal(0), Decimal(2000), Decimal("5.00")),
            Band(Decimal(2000), Decimal(5000), Decimal("9.00")),
        ),
        by_weight=True,
    )
    prices = [total(line("1.00", n, grams=1000), tariff=by_weight).shipping for n in (1, 2, 4)]
    assert prices == [Decimal("5.00"), Decimal("9.00"), Decimal("9.00")]
    assert not total(line("1.00", 5, grams=1000), tariff=by_weight).is_deliverable


def test_a_bag_without_a_way_of_delivery_is_not_deliverable():
    assert not total(line("1.00"), tariff=None).is_deliverable


def test_bands_that_share_a_value_are_found_and_those_that_only_touch_are_not():
    low, high = Band(Decimal(0), Decimal(10), Decimal(1)), Band(Decimal(10), None, Decimal(2))
    assert overlapping([high, low]) is None
    between = Band(Decimal(9), Decimal(11), Decimal(3))
    assert overlapping([high, low, between]) == (low, between)


# --- Tax ----------------------------------------------------------------------------------------------------------


def test_tax_within_a_price_and_on_top_of_it():
    assert tax_of(Decimal("120.00"), Decimal(20), included=True) == Decimal("20.00")
    assert tax_of(Decimal("100.00"), Decimal(20), included=False) == Decimal("20.00")


def test_tax_is_rounded_line_by_line_and_the_delivery_has_its_own():
    taxed = Tariff(FLAT.bands, tax_percent=Decimal(20))
    sums = total(line("10.00", tax_percent=Decimal(20)), line("5.00", tax_percent=Decimal(10)), tariff=taxed)
    assert [billed.tax for billed in sums.lines] == [Decimal("1.67"), Decimal("0.45")]
    assert (sums.shipping_tax, sums.tax) == (Decimal("0.82"), Decimal("2.94"))
    assert sums.total == Decimal("19.90")


def test_where_prices_have_no_tax_it_comes_on_top():
    sums = total(line("10.00", tax_percent=Decimal(20)), prices_include_tax=False)
    assert (sums.tax, sums.total) == (Decimal("2.00"), Decimal("16.90"))


# --- Promotions ---------------------------------------------------------------------------------------------------


def test_a_percentage_is_taken_off_the_lines_it_is_about():
    sums = total(
        line("50.00", category=DRESSES),
        line("30.00", category=BOOTS),
        offers=[percent(20, categories=frozenset({DRESSES}))],
    )
    assert [billed.discount for billed in sums.lines] == [Decimal("10.00"), Decimal(0)]
    assert sums.total == Decimal("74.90")


def test_shelves_brands_and_products_must_all_hold():
    both = percent(50, categories=frozenset({DRESSES}), brands=frozenset({7}), products=frozenset({70, 71}))
    assert both.covers(line("1.00", category=DRESSES, brand=7, product=70))
    assert not both.covers(line("1.00", category=DRESSES, brand=8, product=70))
    assert not both.covers(line("1.00", category=DRESSES, brand=7, product=72))


def test_an_amount_is_split_over_the_lines_to_the_cent():
    sums = total(
        line("10.00"), line("10.00"), line("10.00"), offers=[offer(Kind.AMOUNT, amount=Decimal("10.00"))]
    )
    assert [billed.discount for billed in sums.lines] == [Decimal("3.34"), Decimal("3.33"), Decimal("3.33")]


def test_an_amount_never_takes_more_than_there_is():
    sums = total(line("5.00"), offers=[offer(Kind.AMOUNT, amount=Decimal("50.00"))])
    assert (sums.discount, sums.total) == (Decimal("5.00"), Decimal("4.90"))


def test_of_three_pieces_for_two_the_cheapest_is_free():
    three_for_two = offer(Kind.BUY_X_GET_Y, buy=2, get=1)
    sums = total(line("30.00", 2), line("8.00"), offers=[three_for_two])
    assert [billed.discount for billed in sums.lines] == [Decimal(0), Decimal("8.00")]
    assert total(line("30.00"), line("8.00"), offers=[three_for_two]).discount == 0
    assert total(line("10.00", 7), offers=[three_for_two]).discount == Decimal("20.00")


def test_free_delivery_takes_the_delivery_off_and_says_how_much_that_was():
    sums = total(line("20.00"), offers=[offer(Kind.FREE_DELIVERY)])
    assert (sums.shipping, sums.total, sums.discount) == (0, Decimal("20.00"), 0)
    assert sums.applied[0].amount == Decimal("4.90")


def test_a_discount_can_cost_the_free_delivery():
    sums = total(line("100.00"), offers=[percent(10)])
    assert (sums.shipping, sums.until_free_shipping) == (Decimal("4.90"), Decimal("10.00"))


def test_a_minimum_that_is_not_reached_says_what_is_missing():
    (unused,) = total(line("20.00"), offers=[percent(10, minimum=Decimal("50.00"))]).unused
    assert (unused.why, unused.missing) == (Why.MINIMUM, Decimal("30.00"))


def test_promotions_stack_by_priority_each_on_what_the_last_one_left():
    ten_euros = offer(Kind.AMOUNT, number=2, amount=Decimal("10.00"), priority=1)
    assert total(line("100.00"), offers=[ten_euros, percent(50)]).discount == Decimal("60.00")
    first = offer(Kind.AMOUNT, number=2, amount=Decimal("10.00"), priority=-1)
    assert total(line("100.00"), offers=[first, percent(50)]).discount == Decimal("55.00")


def test_an_exclusive_promotion_stands_alone():
    alone, other = percent(10, is_exclusive=True), percent(30, number=2)
    assert total(line("100.00"), offers=[alone, other]).discount == Decimal("10.00")
    late = percent(10, number=3, is_exclusive=True, priority=5)
    sums = total(line("100.00"), offers=[other, late])
    assert sums.discount == Decimal("30.00")
    assert [unused.why for unused in sums.unused] == [Why.NOT_COMBINED]


# --- What always holds --------------------------------------------------------------------------------------------

amounts = st.decimals(min_value=0, max_value=10_000, places=2)
percents = st.decimals(min_value=0, max_value=100, places=1)
few = st.frozensets(st.integers(1, 3), max_size=2)
lines = st.lists(
    st.builds(
        PricedLine,
        price=amounts,
        quantity=st.integers(1, MAX_PER_LINE),
        currency=st.just("EUR"),
        grams=st.integers(0, 2000),
        tax_percent=percents,
        product=st.integers(1, 3),
        category=st.integers(1, 3),
        brand=st.integers(1, 3),
    ),
    max_size=6,
)
offers = st.lists(
    st.builds(
        Offer,
        id=st.integers(1, 99),
        name=st.just("An offer"),
        kind=st.sampled_from(Kind),
        percent=percents,
        amount=amounts,
        buy=st.integers(1, 3),
        get=st.integers(1, 2),
        minimum=amounts,
        categories=few,
        brands=few,
        products=few,
        priority=st.integers(0, 3),
        is_exclusive=st.booleans(),
    ),
    max_size=5,
)
tariffs = st.builds(
    lambda price, free_from, tax: Tariff((Band(Decimal(0), None, price, free_from),), tax_percent=tax),
    amounts,
    st.none() | amounts,
    percents,
)


@given(lines, offers, tariffs, st.booleans())
def test_lines_and_delivery_and_tax_less_discounts_are_the_total_and_never_below_zero(
    bag, given, tariff, included
):
    sums = bill(bag, currency="EUR", tariff=tariff, offers=given, prices_include_tax=included)
    added = Decimal(0) if included else sums.tax
    goods = sum((billed.line.total - billed.discount for billed in sums.lines), Decimal(0))
    assert sums.total == goods + sums.shipping + added == rounded(sums.total)
    assert sums.total >= 0
    assert all(0 <= billed.discount <= billed.line.total for billed in sums.lines)
    assert sums.tax == sum((billed.tax for billed in sums.lines), Decimal(0)) + sums.shipping_tax
    assert 0 <= sums.tax <= sums.total


@given(lines, offers, tariffs)
def test_what_the_promotions_say_they_take_is_what_is_taken(bag, given, tariff):
    sums = bill(bag, currency="EUR", tariff=tariff, offers=given)
    off_goods = [one.amount for one in sums.applied if one.offer.kind != Kind.FREE_DELIVERY]
    assert sum(off_goods, Decimal(0)) == sums.discount
    assert len(sums.applied) + len(sums.unused) == (len(given) if bag else 0)


@given(st.lists(amounts, min_size=1, max_size=8), st.data())
def test_splitting_is_exact_and_no_part_exceeds_its_weight(weights, data):
    amount = data.draw(st.decimals(min_value=0, max_value=sum(weights), places=2))
    parts = split(amount, weights)
    assert sum(parts) == amount
    assert all(0 <= part <= weight for part, weight in zip(parts, weights, strict=True))


@pytest.mark.parametrize(
    ("amount", "weights"), [("1.00", []), ("1.00", ["0"]), ("-1", ["1"]), ("1", ["2", "-1"])]
)
def test_what_cannot_be_split_is_refused(amount, weights):
    with pytest.raises(ValueError, match="cannot be split"):
        split(Decimal(amount), [Decimal(weight) for weight in weights])
