"""Bringing prices, stock and words up to date from a spreadsheet."""

import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from catalog import csv_update
from catalog.csv_update import plan_of_rows, read
from catalog.exporting import csv_lines
from catalog.models import Product, Variant
from catalog.planned_changes import NotPossible
from tests.factories import ProductFactory
from tests.forms_on_pages import filled_form

FROM_FILE = "/admin/catalog/product/from-file/"


@pytest.fixture
def tee(db) -> Product:
    return ProductFactory(
        external_id="T1", name="Tee", variants=[("S", 5), ("M", 0)], variants__price="39.00"
    )


def planned(text: str) -> list[tuple[str, str, str, str]]:
    plan, _ = plan_of_rows(read(text))
    return [(c.of.size if c.of else "", c.field, c.before, c.after) for c in plan.changes]


def problems(text: str) -> list[str]:
    return plan_of_rows(read(text))[1]


def test_an_export_that_is_not_changed_changes_nothing(tee):
    Variant.objects.filter(size="M").update(price="45.00")  # one size costs more
    ProductFactory(external_id="T2", name="=1+1", description="+ a 'quoted' word, with a comma")
    assert planned("".join(csv_lines(Product.objects.order_by("pk")))) == []


def test_a_changed_export_changes_what_was_changed(tee):
    text = "".join(csv_lines(Product.objects.all())).replace("39.00", "29.00").replace("M:0", "M:12")
    assert planned(text.replace(",Tee,", ",Breton tee,")) == [
        ("", "name", "Tee", "Breton tee"),
        ("S", "price", "39.00", "29.00"),
        ("M", "price", "39.00", "29.00"),
        ("M", "stock", "0", "12"),
    ]


@pytest.mark.parametrize(
    "text",
    ["id;price\nT1;29,90\n", "id\tprice\nT1\t29.90\n", "\ufeffID , Price\nT1,29.90\n".lstrip("\ufeff")],
)
def test_the_tables_of_all_spreadsheets_are_read(tee, text):
    assert planned(text)[0] == ("S", "price", "39.00", "29.90")


def test_empty_cells_and_other_columns_change_nothing(tee):
    assert planned("id,name,price,sizes,colour\nT1,,,,Green\n") == []


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("T9,1,", "Line 2: there is no product T9. Import it with its pictures."),
        (",1,", "Line 2: the id is empty."),
        ("T1,cheap,", "Line 2: price 'cheap' is not an amount such as 49.90."),
        ("T1,1,XL:3", "Line 2: Tee has no size XL. Add it on its page."),
        ("T1,1,S:-3", "Line 2: stock -3 is below zero."),
    ],
)
def test_a_line_that_makes_no_sense_is_told_and_changes_nothing(tee, line, sentence):
    text = f"id,price,sizes\n{line}\n"
    assert planned(text) == []
    assert problems(text) == [sentence]


def test_the_second_line_of_a_product_is_told(tee):
    assert problems("id,price\nT1,1\nT1,2\n") == ["Line 3: T1 stands in line 2 too."]


@pytest.mark.parametrize("text", ["", "id\nT1\n", "name,price\nTee,1\n", "id,colour\nT1,Red\n"])
def test_a_file_without_the_columns_is_refused(db, text):
    with pytest.raises(NotPossible, match="needs a header with id"):
        read(text)


def test_a_file_of_too_many_lines_is_refused(db, monkeypatch):
    monkeypatch.setattr(csv_update, "MOST", 3)
    with pytest.raises(NotPossible, match="Divide the file"):
        read("id,price\n" + "".join(f"T{n},1\n" for n in range(5)))


# --- In the admin -------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(curator) -> Client:
    client = Client()
    client.force_login(curator)
    return client


def upload(desk: Client, text: str | bytes):
    data = text.encode() if isinstance(text, str) else text
    return desk.post(FROM_FILE, {"file": SimpleUploadedFile("products.csv", data)})


def test_a_curator_uploads_looks_and_confirms(desk, tee):
    preview = upload(desk, "id,price\nT1,29.00\nT9,1\n")
    page = preview.content.decode()
    assert "2 changes of 1 product" in page
    assert "there is no product T9" in page
    digest = re.search(r'name="confirm" value="(\w+)"', page)[1]
    done = desk.post(FROM_FILE, filled_form(preview, "plan_form") | {"confirm": digest}, follow=True)
    assert "Changed 1 product." in done.content.decode()
    assert set(Variant.objects.values_list("price", flat=True)) == {Decimal("29.00")}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ("Größe".encode("latin-1"), "This is not UTF-8 text."),
        (b"x" * (4 * 2**20 + 1), "The file is larger than 4 MB."),
        (b"a,b\n", "needs a header with id"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(desk, data, sentence):
    assert sentence in upload(desk, data).content.decode()


def test_a_file_that_was_kept_too_long_is_asked_for_again(desk):
    page = desk.post(FROM_FILE, {"kept": "long-ago", "confirm": "x"}).content.decode()
    assert "Choose it again." in page
