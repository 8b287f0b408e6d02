"""The exported file is one that the import understands."""

import csv
from decimal import Decimal

import pytest

from catalog.exporting import csv_lines
from catalog.importing import ImportRecord, Source
from catalog.models import Attribute, Product, ProductAttribute
from tests import factories

pytestmark = pytest.mark.django_db


def exported(folder) -> list[ImportRecord]:
    file = folder / "products.csv"
    file.write_text("".join(csv_lines(Product.objects.order_by("pk"))), encoding="utf-8", newline="")
    return list(Source(file))


def test_what_is_exported_can_be_imported_again(tmp_path):
    shelf = factories.CategoryFactory(name="T-shirts", parent=factories.CategoryFactory(name="Tops"))
    product = factories.ProductFactory(
        name='Tee "Zoé", blue', external_id="P1", category=shelf, variants=[("S", 3), ("M", 0)]
    )
    season = Attribute.objects.create(name="season", slug="season")
    ProductAttribute.objects.create(product=product, attribute=season, value="Summer")
    [record] = exported(tmp_path)
    assert (record.external_id, record.name) == ("P1", 'Tee "Zoé", blue')
    assert record.category == ("Tops", "T-shirts")
    assert record.brand == "Fjord"
    assert record.sizes == (("S", 3), ("M", 0))
    assert record.price == Decimal("39.00")
    assert record.attributes == {"season": "Summer"}
    assert record.pictures == (product.images.get().rendition_name(320),)


def test_a_spreadsheet_runs_nothing_of_it():
    factories.ProductFactory(name='=HYPERLINK("https://evil.example")', description="@SUM(A1)")
    row = next(csv.DictReader(csv_lines(Product.objects.all())))
    assert row["name"].startswith("'=HYPERLINK")
    assert row["description"] == "'@SUM(A1)"


def test_hidden_products_keep_their_status(tmp_path):
    factories.ProductFactory(status="archived")
    assert exported(tmp_path)[0].status == "archived"


def test_the_questions_do_not_grow_with_the_products(django_assert_num_queries):
    factories.ProductFactory.create_batch(12)
    with django_assert_num_queries(6):
        assert len(list(csv_lines(Product.objects.all()))) == 13


def test_a_curator_downloads_the_ticked_products(client, curator):
    client.force_login(curator)
    ticked, _other = factories.ProductFactory(external_id="A"), factories.ProductFactory(external_id="B")
    response = client.post("/admin/catalog/product/", {"action": "export", "_selected_action": [ticked.pk]})
    assert response["Content-Disposition"].startswith('attachment; filename="products-')
    rows = list(csv.DictReader(b"".join(response.streaming_content).decode().splitlines()))
    assert [row["id"] for row in rows] == ["A"]
