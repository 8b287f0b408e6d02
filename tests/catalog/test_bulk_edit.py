"""Changing many products at once."""

import re
from decimal import Decimal

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from catalog.bulk_edit import BulkEdit, plan_of
from catalog.models import Product, Variant
from catalog.planned_changes import NotPossible, PlanChanged, carry_out
from tests.factories import BrandFactory, CategoryFactory, ProductFactory, UserFactory
from tests.forms_on_pages import filled_form

PRODUCTS = "/admin/catalog/product/"


@pytest.mark.parametrize(
    ("how", "price", "ending", "before", "after"),
    [
        ("", "5", None, "39.00", "39.00"),
        ("set", "9.9", None, "39.00", "9.90"),
        ("percent", "-20", None, "39.00", "31.20"),
        ("percent", "-20", "0.90", "39.00", "30.90"),
        ("amount", "-5", "0.95", "39.00", "33.95"),
        ("percent", "-33.33", None, "9.99", "6.66"),
        ("set", "0", "0.90", "5.00", "0.90"),
    ],
)
def test_prices_become_what_was_said(how, price, ending, before, after):
    edit = BulkEdit(price_how=how, price=Decimal(price), ending=ending and Decimal(ending))
    assert edit.price_after(Decimal(before)) == Decimal(after)


@given(
    st.decimals("0", "9999.99", places=2),
    st.decimals("-90", "300", places=1),
    st.sampled_from(["0.00", "0.90", "0.99"]),
)
def test_an_ending_moves_a_price_by_half_a_unit_at_most(before, percent, ending):
    plain = before * (1 + percent / 100)
    after = BulkEdit(price_how="percent", price=percent, ending=Decimal(ending)).price_after(before)
    assert after % 1 == Decimal(ending)
    assert abs(after - plain) <= Decimal("0.5") or after == Decimal(ending)


@pytest.fixture
def two(db) -> list[Product]:
    return [
        ProductFactory(name="Tee", variants=[("S", 5), ("M", 0)], variants__price="39.00"),
        ProductFactory(name="Shirt", variants=[("", 2)], variants__price="10.00", status="draft"),
    ]


def ids(products) -> list[int]:
    return [product.pk for product in products]


def test_a_plan_names_every_change_and_nothing_that_stays(two):
    edit = BulkEdit(status="active", price_how="percent", price=Decimal(-50), stock_how="set", stock=5)
    plan = plan_of(edit, ids(two))
    assert [(str(c.product), c.of and c.of.size, c.field, c.before, c.after) for c in plan.changes] == [
        ("Tee", "S", "price", "39.00", "19.50"),
        ("Tee", "M", "price", "39.00", "19.50"),
        ("Tee", "M", "stock", "0", "5"),
        ("Shirt", None, "status", "Draft", "Active"),
        ("Shirt", "", "price", "10.00", "5.00"),
        ("Shirt", "", "stock", "2", "5"),
    ]
    assert plan.n_products == 2
    assert Variant.objects.filter(price=39).count() == 2  # so far nothing was done


def test_what_was_planned_is_done_and_cards_and_search_follow(two):
    edit = BulkEdit(
        status="active",
        category=CategoryFactory(name="Sale"),
        brand=BrandFactory(name="Loom"),
        price_how="set",
        price=Decimal(7),
    )
    carry_out(lambda lock: plan_of(edit, ids(two), lock=lock), plan_of(edit, ids(two)).digest)
    for product in Product.objects.all():
        assert (product.status, str(product.category), str(product.brand)) == ("active", "Sale", "Loom")
        assert product.price == 7
        assert "Loom" in product.search_terms
    assert plan_of(edit, ids(two)).changes == []


def test_what_was_sold_in_between_is_planned_anew(two):
    edit = BulkEdit(stock_how="add", stock=10)
    shown = plan_of(edit, ids(two)).digest
    Variant.objects.filter(size="S").update(stock=4)
    with pytest.raises(PlanChanged):
        carry_out(lambda lock: plan_of(edit, ids(two), lock=lock), shown)
    assert Variant.objects.get(size="S").stock == 4


def test_no_price_falls_below_zero(two):
    edit = BulkEdit(price_how="amount", price=Decimal(-20))
    with pytest.raises(NotPossible, match=r"Shirt would cost -10.00 EUR"):
        plan_of(edit, ids(two))


def test_too_many_at_once_are_refused(db):
    with pytest.raises(NotPossible, match="At most 5,000"):
        plan_of(BulkEdit(), range(5_001))


# --- In the admin -------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(curator) -> Client:
    client = Client()
    client.force_login(curator)
    return client


def chosen(desk: Client, products) -> dict:
    """The page that the action opens for the ticked products, as a browser would send it."""
    answer = desk.post(PRODUCTS, {"action": "change_several", "_selected_action": ids(products)})
    return filled_form(answer, "several_form")


@pytest.mark.django_db(transaction=True)
def test_a_curator_sees_what_changes_does_it_and_takes_it_back(desk, two):
    form = chosen(desk, two) | {"price_how": "percent", "price": "-50"}
    preview = desk.post(f"{PRODUCTS}several/", form).content.decode()
    assert "3 changes of 2 products" in preview
    assert "19.50" in preview
    digest = re.search(r'name="confirm" value="(\w+)"', preview)[1]

    done = desk.post(f"{PRODUCTS}several/", form | {"confirm": digest}, follow=True).content.decode()
    assert "Changed 2 products." in done
    assert set(Variant.objects.values_list("price", flat=True)) == {Decimal("19.50"), Decimal("5.00")}

    address = re.search(r'href="([^"]*take-back[^"]*)"', done)[1]
    assert "Take the change back?" in desk.get(address).content.decode()
    back = desk.post(address, follow=True).content.decode()
    assert "Took back what was changed of 2 products." in back
    assert set(Variant.objects.values_list("price", flat=True)) == {Decimal("39.00"), Decimal("10.00")}


def test_what_was_shown_and_is_different_now_is_shown_anew(desk, two):
    form = chosen(desk, two) | {"stock_how": "add", "stock": "1"}
    page = desk.post(f"{PRODUCTS}several/", form | {"confirm": "what was shown"}).content.decode()
    assert "Nothing was changed: look at it again." in page
    assert Variant.objects.get(size="S").stock == 5


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"price_how": "set"}, "Say by how much."),
        ({"price_how": "set", "price": "-1"}, "This cannot be below zero."),
        ({"stock_how": "add"}, "Say how many."),
        ({"ids": "1,x"}, "Choose the products in the list again."),
        ({"price_how": "amount", "price": "-100"}, "would cost"),
    ],
)
def test_what_makes_no_sense_is_said_and_changes_nothing(desk, two, wrong, sentence):
    page = desk.post(f"{PRODUCTS}several/", chosen(desk, two) | wrong).content.decode()
    assert sentence in page
    assert Variant.objects.get(size="S").price == 39


def test_whoever_may_only_look_changes_nothing(two):
    reader = UserFactory(is_staff=True)
    client = Client()
    client.force_login(reader)
    assert client.post(f"{PRODUCTS}several/", {"ids": "1"}).status_code == 403
    assert client.get(f"{PRODUCTS}take-back/{'0' * 8}-0000-0000-0000-{'0' * 12}/").status_code == 403


def test_nothing_is_taken_back_that_was_never_changed(desk):
    assert desk.get(f"{PRODUCTS}take-back/{'0' * 8}-0000-0000-0000-{'0' * 12}/").status_code == 404


def test_the_products_page_and_the_stock_log_tell_who_changed_what(desk, two):
    Variant.objects.filter(size="S").update(stock=3)
    page = desk.get(f"{PRODUCTS}{two[0].pk}/change/").content.decode()
    assert re.search(r"<td>S</td><td>stock</td><td>5</td><td>3</td>", page)
    log = desk.get("/admin/catalog/stockbefore/").content.decode()
    assert "5 → 3 (-2)" in log
    assert "5 → 3 (-2)" in desk.get("/admin/catalog/stockbefore/?q=Tee").content.decode()
    assert "5 → 3 (-2)" not in desk.get("/admin/catalog/stockbefore/?q=Boots").content.decode()
