"""Who changed what, and taking it back."""

from datetime import timedelta

import pghistory
import pytest
from django.db.models import F
from django.utils import timezone

from catalog.history import changes_of, forget_history, stock_changes, take_back
from catalog.models import Product, ProductBefore, StockBefore, Variant
from tests.factories import BrandFactory, CategoryFactory, ProductFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)  # a context lasts until the transaction ends


def told(product: Product) -> list[tuple[str, str, str, str]]:
    return [(c.of, c.field, c.before, c.after) for c in changes_of(product)]


def test_every_change_tells_what_it_was_and_became_the_newest_first():
    product = ProductFactory(name="Tee", variants=[("S", 5)], brand=BrandFactory(name="Fjord"))
    product.name = "Breton tee"
    product.save()
    Variant.objects.filter(product=product).update(stock=F("stock") - 2)  # no save() passes by
    Product.objects.filter(pk=product.pk).update(brand=BrandFactory(name="Loom"), status="archived")
    assert told(product) == [
        ("", "status", "Active", "Archived"),
        ("", "brand", "Fjord", "Loom"),
        ("S", "stock", "5", "3"),
        ("", "name", "Tee", "Breton tee"),
    ]


def test_what_the_shop_repeats_for_itself_is_no_change():
    product = ProductFactory(variants=[("S", 1)])
    Product.objects.filter(pk=product.pk).update(search_terms="new words", seen_words="a tee", price=1)
    assert told(product) == []


def test_who_it_was_is_told_by_name_and_what_it_was_by_its_reason():
    ada = UserFactory(first_name="Ada", is_staff=True)
    product = ProductFactory(name="Tee")
    with pghistory.context(user=ada.pk):
        Product.objects.filter(pk=product.pk).update(name="Tee 2")
    with pghistory.context(why="Order K7M2"):
        Variant.objects.filter(product=product).update(stock=1)
    Product.objects.filter(pk=product.pk).update(name="Tee 3")
    assert [change.who for change in changes_of(product)] == ["–", "Order K7M2", "Ada"]


def test_the_admin_writes_down_who_it_was(client):
    ada = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(ada)
    product = ProductFactory()
    client.post("/admin/catalog/product/", {"action": "archive", "_selected_action": [product.pk]})
    assert ProductBefore.objects.get().pgh_context.metadata == {"user": ada.pk}


def test_the_log_of_stock_tells_before_and_after():
    variant = ProductFactory(variants=[("S", 5)]).variants.get()
    for stock in (3, 0, 10):
        Variant.objects.filter(pk=variant.pk).update(stock=stock)
    assert [(change.stock, change.after) for change in stock_changes()] == [(0, 10), (3, 0), (5, 3)]


# --- Taking it back -----------------------------------------------------------------------------------------------


def change(**values) -> object:
    """Everything in the catalogue, under one context, whose id it returns."""
    with pghistory.context(user=None) as context:
        variant_fields = {k: v for k, v in values.items() if k in {"price", "stock"}}
        if variant_fields:
            Variant.objects.update(**variant_fields)
        if rest := {k: v for k, v in values.items() if k not in variant_fields}:
            Product.objects.update(**rest)
        return context.id


def test_a_change_of_many_is_taken_back_as_one():
    first, second = ProductFactory(name="Tee"), ProductFactory(name="Shirt", status="draft")
    shelf = CategoryFactory(name="Sale")
    before = list(Product.objects.order_by("pk").values())
    context = change(category=shelf, status="archived", price="9.00")
    n, conflicts = take_back(context)
    assert (n, conflicts) == (2, [])
    for row, was in zip(Product.objects.order_by("pk").values(), before, strict=True):
        assert (row["category_id"], row["status"], row["price"]) == (
            was["category_id"],
            was["status"],
            was["price"],
        )
    assert first.pk != second.pk


def test_what_was_changed_again_since_stays_and_is_told():
    product = ProductFactory(name="Tee")
    context = change(name="Tee, reduced", colour="Red")
    Product.objects.filter(pk=product.pk).update(name="Breton tee")
    n, conflicts = take_back(context)
    product.refresh_from_db()
    assert (product.name, product.colour) == ("Breton tee", "Blue")
    assert (n, conflicts) == (1, ["Breton tee: the name was changed again since and stays Breton tee."])


def test_what_was_sold_meanwhile_stays_sold():
    variant = ProductFactory(variants=[("S", 5)]).variants.get()
    context = change(stock=20)
    Variant.objects.update(stock=F("stock") - 3)
    take_back(context)
    variant.refresh_from_db()
    assert variant.stock == 2


def test_twice_taken_back_is_as_it_was_changed():
    ProductFactory(name="Tee")
    context = change(name="Shirt")
    with pghistory.context(user=None) as undoing:
        take_back(context)
    assert Product.objects.get().name == "Tee"
    take_back(undoing.id)
    assert Product.objects.get().name == "Shirt"


def test_history_is_kept_for_a_year():
    product = ProductFactory(name="Tee", variants=[("S", 5)])
    context = change(name="Shirt", stock=1)
    assert forget_history(timezone.now()) == 0
    forget_history(timezone.now() + timedelta(days=366))
    assert not ProductBefore.objects.exists()
    assert not StockBefore.objects.exists()
    assert told(product) == []
    assert take_back(context) == (0, [])
