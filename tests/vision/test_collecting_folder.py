import csv
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from catalog.images import decode_image, encode_jpeg, resize_within
from catalog.importing import ImportRecord, Source
from tests.vision.served_pages import garment
from vision.collecting.candidates import Candidate, Price
from vision.collecting.folder import Folder, FolderError, Words
from vision.collecting.sights import Sight
from vision.datasets import read_dataset

PAGE = "https://shop.test/dresses.html"


def _keep(folder: Folder, label: str, seed: int, name: str = "", price: Price | None = None) -> Path:
    rgb = decode_image(garment(seed))
    return folder.keep(
        Candidate(f"https://shop.test/{seed}.jpg", name, price), label, rgb, Sight.of(rgb), PAGE
    )


def _rows(root: Path) -> list[dict[str, str]]:
    with (root / "products.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_the_catalogue_and_the_training_read_the_same_folder(tmp_path):
    with Folder(tmp_path) as folder:
        _keep(folder, "red_dress", 1, "Silk dress", Price(Decimal("59.90"), Decimal("80.00"), "EUR"))
        _keep(folder, "navy_blue_jeans", 2)

    dress, jeans = Source(tmp_path)
    assert isinstance(dress, ImportRecord)
    assert (dress.name, dress.category, dress.article_type, dress.colour) == (
        "Silk dress",
        ("Dresses",),
        "Dresses",
        "Red",
    )
    assert (dress.price, dress.was_price, dress.currency) == (Decimal("59.90"), Decimal("80.00"), "EUR")
    assert (jeans.article_type, jeans.colour, jeans.price) == ("Jeans", "Navy Blue", None)
    pictures = read_dataset(tmp_path).pictures
    assert [picture.words["colour"] for picture in pictures] == ["Red", "Navy Blue"]
    assert [picture.read().shape for picture in pictures] == [(200, 160, 3)] * 2
    assert len({picture.group for picture in pictures}) == 2


def test_without_its_table_the_folder_is_a_folder_per_label(tmp_path):
    with Folder(tmp_path) as folder:
        _keep(folder, "red_dress", 1)
    (tmp_path / "products.csv").unlink()

    (record,) = Source(tmp_path)
    assert record.name == "Red dress"


def test_pictures_without_a_name_do_not_pass_for_one_product(tmp_path):
    with Folder(tmp_path) as folder:
        for seed in range(5):
            _keep(folder, "red_dress", seed)

    assert len({picture.group for picture in read_dataset(tmp_path).pictures}) == 5


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("red_dress", Words("Dresses", "Red")),
        ("navy_blue_shirt", Words("Shirts", "Navy Blue")),
        ("shoes", Words("Shoes", "")),
        ("jeans", Words("Jeans", "")),
        ("t-shirt", Words("Tshirts", "")),
    ],
)
def test_a_label_is_said_in_the_words_of_the_catalogue(label, words):
    assert Words.of(label) == words


def test_a_picture_is_kept_without_the_notes_of_its_camera(tmp_path):
    with Folder(tmp_path) as folder:
        file = _keep(folder, "red_dress", 1)

    assert b"taken at home" in garment(1)
    assert b"taken at home" not in file.read_bytes()
    with Image.open(file) as picture:
        assert (picture.format, picture.size, dict(picture.getexif())) == ("JPEG", (160, 200), {})


def test_a_later_run_knows_what_is_there(tmp_path):
    rgb = decode_image(garment(1))
    with Folder(tmp_path) as folder:
        _keep(folder, "red_dress", 1)
        folder.give_up("https://shop.test/icon.png", "red_dress", "skipped", "16 x 16 pixels")

    with Folder(tmp_path) as folder:
        assert folder.knows("https://shop.test/1.jpg")
        assert folder.knows("https://shop.test/icon.png")
        assert not folder.knows("https://shop.test/2.jpg")
        assert folder.holds(Sight.of(rgb))
        assert (folder.count("red_dress"), folder.count("blue_dress")) == (1, 0)
        _keep(folder, "blue_dress", 2)

    assert [row["image"].split("/")[0] for row in _rows(tmp_path)] == ["red_dress", "blue_dress"]


def test_a_picture_that_somebody_took_out_does_not_come_back(tmp_path):
    with Folder(tmp_path) as folder:
        file = _keep(folder, "red_dress", 1)
    file.unlink()

    with Folder(tmp_path) as folder:
        assert folder.count("red_dress") == 0
        assert folder.knows("https://shop.test/1.jpg")


def test_lines_that_were_not_finished_are_written_again(tmp_path):
    with Folder(tmp_path) as folder:
        _keep(folder, "red_dress", 1)
        _keep(folder, "red_dress", 2)
    for name in ("journal.jsonl", "products.csv"):
        file = tmp_path / name
        file.write_bytes(file.read_bytes()[:-9])

    with Folder(tmp_path) as folder:
        assert not folder.knows("https://shop.test/2.jpg")
        assert len(_rows(tmp_path)) == 1
        _keep(folder, "red_dress", 2)

    assert len(_rows(tmp_path)) == 2
    assert all(isinstance(record, ImportRecord) for record in Source(tmp_path))


def test_a_stop_between_row_and_journal_leaves_no_second_row(tmp_path):
    with Folder(tmp_path) as folder:
        _keep(folder, "red_dress", 1)
    (tmp_path / "journal.jsonl").write_bytes(b"")

    with Folder(tmp_path) as folder:
        _keep(folder, "red_dress", 1)

    assert len(_rows(tmp_path)) == 1


def test_a_table_that_somebody_has_worked_on_stays_as_it_is(tmp_path):
    with Folder(tmp_path) as folder:
        _keep(folder, "red_dress", 1, "Dress")
    table = tmp_path / "products.csv"
    header, row = table.read_text().splitlines()
    table.write_text(
        f"\ufeff{header},brand\n{row.replace('Dress,', 'Evening dress,', 1)},Mille"
    )  # no last line break

    with Folder(tmp_path) as folder:
        _keep(folder, "red_dress", 2)

    first, second = Source(tmp_path)
    assert (first.name, first.brand, second.brand) == ("Evening dress", "Mille", "")


@pytest.mark.parametrize("table", ["sku,title\n1,Dress\n", "sku,title\n1,Dress", "sku,title"])
def test_a_folder_with_another_table_is_left_alone(table, tmp_path):
    (tmp_path / "products.csv").write_text(table)

    with pytest.raises(FolderError, match="another table"):
        Folder(tmp_path)

    assert (tmp_path / "products.csv").read_text() == table


@pytest.mark.parametrize(
    "begun", ["", "id,na", "id,name,category,type,colour,price,was_price,currency,image"]
)
def test_a_table_that_was_only_begun_is_begun_again(begun, tmp_path):
    (tmp_path / "products.csv").write_text(begun)

    with Folder(tmp_path) as folder:
        _keep(folder, "red_dress", 1)

    assert len(_rows(tmp_path)) == 1


def test_two_runs_do_not_write_into_one_folder(tmp_path):
    with Folder(tmp_path), pytest.raises(FolderError, match="Another run"):
        Folder(tmp_path)


def test_a_journal_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "journal.jsonl").write_text("no json\n")

    with pytest.raises(FolderError, match=r"journal.*cannot be read"):
        Folder(tmp_path)


def test_a_copy_is_known_again_and_another_colour_is_not():
    rgb = decode_image(garment(1, size=(600, 480)))
    seen = Sight.of(rgb)

    assert seen.is_like(Sight.of(decode_image(encode_jpeg(resize_within(rgb, 300), 40))))
    assert not seen.is_like(Sight.of(decode_image(garment(2))))
    # The same light and shade in other colours: a perceptual hash alone would say "the same".
    grey = np.repeat(rgb.mean(axis=2, keepdims=True), 3, axis=2).astype(np.uint8)
    red, blue = (
        np.clip(grey.astype(int) // 2 + np.array(tint), 0, 255).astype(np.uint8)
        for tint in ((40, 0, 0), (0, 0, 60))
    )
    assert not Sight.of(red).is_like(Sight.of(blue))
