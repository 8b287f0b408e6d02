"""Rows of a catalogue file become records, or rejections that say what is wrong."""

import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.colour_names import hex_of
from catalog.importing import ImportRecord, Rejection, Source, SourceError, brands_from_names

HEADER = "id,name,category,type,colour,gender,price,was_price,sizes,image,season\n"


def csv_source(folder: Path, *rows: str, header: str = HEADER) -> Source:
    (folder / "products.csv").write_text(header + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return Source(folder / "products.csv")


def test_a_row_becomes_a_record_and_unknown_columns_become_attributes(tmp_path):
    row = "7,Breton tee,Apparel>Tops,Tshirts,Blue,women,39.00,49.5,S:3|M:0|L,a.jpg|b.jpg,Summer"
    (record,) = csv_source(tmp_path, row)
    assert record == ImportRecord(
        row=2,
        external_id="7",
        name="Breton tee",
        category=("Apparel", "Tops"),
        article_type="Tshirts",
        colour="Blue",
        colour_hex=hex_of("Blue"),
        gender="Women",
        price=Decimal("39.00"),
        was_price=Decimal("49.50"),
        sizes=(("S", 3), ("M", 0), ("L", 10)),
        attributes={"season": "Summer"},
        pictures=("a.jpg", "b.jpg"),
    )


def test_a_weight_is_whole_grams_and_a_file_without_one_says_what_it_said_before(tmp_path):
    header = "id,name,category,image,weight\n"
    heavy, plain, wrong = csv_source(
        tmp_path, "1,Tee,Tops,a.jpg,250", "2,Tee,Tops,a.jpg,", "3,Tee,Tops,a.jpg,1.5", header=header
    )
    assert (heavy.weight, plain.weight) == (250, None)
    assert wrong.error == "weight '1.5' is not a whole number of grams up to 1,000,000"
    (before,) = csv_source(tmp_path, "2,Tee,Tops,a.jpg", header="id,name,category,image\n")
    assert (
        replace(plain, row=2).digest() == before.digest() != replace(heavy, row=2, external_id="2").digest()
    )


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("1,,Tops,,,,,,,a.jpg,", "name is empty"),
        ("1,Tee,,,,,,,,a.jpg,", "category is empty"),
        ("1,Tee,Tops,,,,,,,,", "the row names no image"),
        ("1,Tee,Tops,,,,cheap,,,a.jpg,", "price 'cheap' is not an amount such as 49.90"),
        ("1,Tee,Tops,,,,-3,,,a.jpg,", "price '-3' is not an amount between 0"),
        ("1,Tee,Tops,,,,NaN,,,a.jpg,", "price 'NaN' is not an amount between 0"),
        ("1,Tee,Tops,,,,50,40,,a.jpg,", "was_price 40.00 is not above price 50.00"),
        ("1,Tee,Tops,,,,9,,S:-1,a.jpg,", "stock -1 is below zero"),
        ("1,Tee,Tops,,,,9,,S:many,a.jpg,", "stock 'many' is not a whole number"),
        ("1,Tee,Tops,,,,9,,S:1|S:2,a.jpg,", "a size is named twice"),
        ("1,Tee,Tops,,,robot,9,,,a.jpg,", "gender 'robot' is none of"),
        ("1,Tee,Tops,,,,9,,,a.jpg,,extra", "more cells than the header"),
    ],
)
def test_a_bad_row_is_rejected_with_a_sentence_and_the_good_one_is_kept(tmp_path, row, sentence):
    rejected, kept = csv_source(tmp_path, row, "2,Tee,Tops,,,,9,,,a.jpg,")
    assert isinstance(rejected, Rejection)
    assert sentence in rejected.error
    assert kept.external_id == "2"


def test_the_second_row_with_the_same_id_is_rejected(tmp_path):
    _, twin = csv_source(tmp_path, *["1,Tee,Tops,,,,9,,,a.jpg,"] * 2)
    assert twin.error == "this id was used by an earlier row"


def test_a_source_that_is_nothing_says_what_is_expected(tmp_path):
    with pytest.raises(SourceError, match="does not exist"):
        Source(tmp_path / "nowhere")
    with pytest.raises(SourceError, match="holds no CSV file and no folders of pictures"):
        Source(tmp_path)
    with pytest.raises(SourceError, match="lacks the columns category, name"):
        list(csv_source(tmp_path, "1", header="id\n"))


def test_a_folder_per_label_names_colour_and_type(tmp_path):
    (tmp_path / "red_dress").mkdir()
    (tmp_path / "red_dress" / "1.jpg").write_bytes(b"picture")
    source = Source(tmp_path)
    (record,) = source
    assert (record.name, record.colour, record.article_type) == ("Red dress", "Red", "Dress")
    assert source.read(record.pictures[0]) == b"picture"


def test_a_zip_reads_like_the_folder_it_holds(tmp_path):
    with zipfile.ZipFile(tmp_path / "shop.zip", "w") as archive:
        archive.writestr("shop/products.csv", HEADER + "1,Tee,Tops,,,,9,,,images/a.jpg,\n")
        archive.writestr("shop/images/a.jpg", b"picture")
    source = Source(tmp_path / "shop.zip")
    (record,) = source
    assert source.read(record.pictures[0]) == b"picture"


def test_pictures_may_come_in_a_zip_beside_the_csv(tmp_path):
    with zipfile.ZipFile(tmp_path / "images.zip", "w") as archive:
        archive.writestr("images/a.jpg", b"picture")
    source = csv_source(tmp_path, "1,Tee,Tops,,,,9,,,images/a.jpg,")
    (record,) = source
    assert source.read(record.pictures[0]) == b"picture"


def test_a_missing_picture_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"the picture gone\.jpg is not there"):
        csv_source(tmp_path, "1,Tee,Tops,,,,9,,,gone.jpg,").read("gone.jpg")


def test_a_file_outside_the_source_cannot_be_reached(tmp_path):
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    (tmp_path / "shop").mkdir()
    source = csv_source(tmp_path / "shop", "1,Tee,Tops,,,,9,,,../secret.jpg,")
    (record,) = source
    with pytest.raises(FileNotFoundError):
        source.read(record.pictures[0])


def test_equal_rows_have_equal_digests_wherever_they_stand(tmp_path):
    first, second = csv_source(tmp_path, "1,Tee,Tops,,,,9,,,a.jpg,", "2,Tee,Tops,,,,9,,,a.jpg,")
    (again,) = csv_source(tmp_path, "2,Tee,Tops,,,,9,,,a.jpg,")
    assert second.digest() == again.digest()
    assert first.digest() != second.digest()


def test_brands_are_guessed_from_the_words_that_names_share():
    names = [f"Peter England Men {c} Shirt" for c in ("Red", "Blue", "Green", "White")]
    names += [f"Nike {w} Shoe" for w in ("Men", "Women", "Kids", "Air")]
    brands = brands_from_names([*names, "Lonely Women Dress"])
    assert {brands[name] for name in names[:4]} == {"Peter England"}
    assert {brands[name] for name in names[4:]} == {"Nike"}
    assert brands["Lonely Women Dress"] == ""


@given(st.lists(st.text(max_size=30), max_size=8))
def test_any_text_in_a_row_gives_a_record_or_a_rejection(tmp_path_factory, cells):
    import csv

    folder = tmp_path_factory.mktemp("any")
    with (folder / "products.csv").open("w", newline="", encoding="utf-8", errors="replace") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER.strip().split(","))
        writer.writerow([c.encode("utf-8", "replace").decode() for c in cells])
    assert all(isinstance(row, ImportRecord | Rejection) for row in Source(folder / "products.csv"))
