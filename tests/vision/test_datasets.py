from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.datasets import (
    Dataset,
    DatasetError,
    Picture,
    drawn_dataset,
    label_pictures,
    name_stem,
    read_dataset,
    sample,
    split_groups,
)


def _pictures(*words: dict[str, str]) -> list[Picture]:
    return [Picture(str(i), of, lambda: np.zeros((8, 8, 3), np.uint8)) for i, of in enumerate(words)]


def _labelled_folder(root: Path) -> Path:
    for folder, colour in (("red_dress", (0, 0, 255)), ("blue_jeans", (255, 0, 0))):
        (root / folder).mkdir(parents=True)
        cv2.imwrite(str(root / folder / "1.png"), np.full((20, 10, 3), colour, np.uint8))
    return root


def test_folders_are_read_as_labels(tmp_path: Path) -> None:
    dataset = read_dataset(_labelled_folder(tmp_path / "photos"))

    assert [picture.words for picture in dataset.pictures] == [
        {"colour": "blue", "type": "jeans"},
        {"colour": "red", "type": "dress"},
    ]
    assert dataset.pictures[1].read()[0, 0].tolist() == [255, 0, 0]
    assert not dataset.exact


def test_a_csv_is_read_with_its_columns_as_kinds(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "1.png"), np.zeros((8, 8, 3), np.uint8))
    (tmp_path / "products.csv").write_text(
        "id,name,category,type,colour,gender,season,image\n"
        "1,Puma Men Navy Blue Cap,Accessories,Caps,Navy Blue,Men,Summer,1.png\n"
        ",nameless,Accessories,Caps,Red,Men,Summer,1.png\n"
    )

    dataset = read_dataset(tmp_path)

    (cap,) = dataset.pictures
    assert cap.words == {"type": "Caps", "colour": "Navy Blue", "gender": "Men", "season": "Summer"}
    assert cap.group == "puma cap"
    assert len(dataset.rejected) == 1
    assert dataset.exact


def test_a_folder_with_nothing_in_it_is_no_data_set(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="Expected red_dress"):
        read_dataset(tmp_path)


def test_the_colours_of_one_model_share_a_stem() -> None:
    assert name_stem("Puma Men's Navy Blue Cap 2011") == name_stem("Puma Women Red Cap")
    assert name_stem("Puma Men Red Cap") != name_stem("Nike Men Red Cap")


def test_folders_speak_the_language_of_the_catalogue_beside_them() -> None:
    catalogue = Dataset(
        "csv", _pictures({"type": "Heels"}, {"type": "Flats"}, {"type": "Shirts"}), exact=True
    )
    photos = Dataset("photos", _pictures({"type": "shoes"}, {"type": "spaceship"}), exact=False)

    space, labels = label_pictures([catalogue, photos], ["type", "category"])

    assert space.kinds == {"type": ("Flats", "Heels", "Shirts"), "category": ("shoes", "tops")}
    assert labels[0] == {"type": {"Heels"}, "category": {"shoes"}}
    assert labels[3] == {"type": {"Heels", "Flats"}, "category": {"shoes"}}
    assert labels[4] == {}


def test_folders_alone_bring_their_own_labels() -> None:
    photos = Dataset("photos", _pictures({"type": "shoes"}, {"type": "spaceship"}), exact=False)

    space, _ = label_pictures([photos], ["type", "colour"])

    assert space.kinds == {"type": ("shoes", "spaceship")}


def test_rare_labels_are_not_learnt() -> None:
    catalogue = Dataset("csv", _pictures(*[{"type": "Shirts"}] * 3, {"type": "Free Gifts"}), exact=True)

    space, labels = label_pictures([catalogue], ["type"], at_least=2)

    assert space.kinds == {"type": ("Shirts",)}
    assert labels[3] == {}


def test_a_sample_keeps_the_order_and_the_seed() -> None:
    dataset = Dataset("csv", _pictures(*[{}] * 50), exact=True)

    chosen = [int(picture.name) for picture in sample(dataset, 10, seed=4).pictures]

    assert chosen == sorted(set(chosen))
    assert len(chosen) == 10
    assert chosen == [int(picture.name) for picture in sample(dataset, 10, seed=4).pictures]


@given(
    st.lists(st.integers(0, 12), min_size=2, max_size=80).filter(lambda groups: len(set(groups)) > 1),
    st.floats(0.05, 0.6),
    st.integers(0, 99),
)
def test_a_group_is_never_on_both_sides(groups: list[int], share: float, seed: int) -> None:
    aside = split_groups(groups, share, seed)

    assert {g for g, out in zip(groups, aside, strict=True) if out}.isdisjoint(
        g for g, out in zip(groups, aside, strict=True) if not out
    )
    assert 0 < aside.sum() < len(groups)


def test_a_split_sets_aside_what_was_asked_for() -> None:
    aside = split_groups([i // 3 for i in range(900)], 0.2, seed=1)

    assert abs(aside.mean() - 0.2) < 0.03


def test_drawn_garments_know_what_they_are() -> None:
    dataset = drawn_dataset(2, seed=5)

    as_sold, as_photo = dataset.pictures
    assert as_sold.words.keys() == {"type", "colour", "gender", "pattern"}
    assert as_sold.read().shape == as_photo.read().shape == (400, 300, 3)
    assert as_sold.group
