from pathlib import Path

import cv2
import numpy as np
import pytest

from vision.datasets import DatasetError, drawn_dataset, label_pictures
from vision.labels import GOODS, OTHER
from vision.other_things import drawn_others, street_backgrounds


def test_drawn_other_things_are_pictures_of_nothing_sold() -> None:
    dataset = drawn_others(12, seed=1)

    shapes = {picture.read().shape for picture in dataset.pictures}

    assert shapes == {(200, 200, 3)}
    assert all(picture.words == {"subject": OTHER} for picture in dataset.pictures)
    assert len({picture.group for picture in dataset.pictures}) == 12


def test_the_same_seed_draws_the_same_things() -> None:
    first, second = drawn_others(6, seed=3).pictures, drawn_others(6, seed=3).pictures

    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one.read(), other.read())


def test_what_shows_goods_and_what_does_not_is_told_apart() -> None:
    goods, others = drawn_dataset(3, seed=1), drawn_others(2, seed=1)

    space, truths = label_pictures([goods, others], ("type", "family", "subject"))

    assert set(space.kinds["subject"]) == {GOODS, OTHER}
    assert [labels["subject"] for labels in truths] == [frozenset({GOODS})] * 3 + [frozenset({OTHER})] * 2
    assert all("type" not in labels for labels in truths[3:])
    assert all(labels["family"] for labels in truths[:3])


def test_only_the_parts_of_a_street_without_people_are_other_things(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "masks").mkdir()
    photo = np.full((300, 400, 3), (0, 0, 250), np.uint8)
    photo[:, :110] = (250, 0, 0)  # BGR: the person is blue, the street red
    mask = np.zeros((300, 400), np.uint8)
    mask[:, :110] = 14
    cv2.imwrite(str(tmp_path / "photos" / "1.png"), photo)
    cv2.imwrite(str(tmp_path / "masks" / "1.png"), mask)

    pictures = street_backgrounds(tmp_path, seed=1).pictures

    assert pictures
    for picture in pictures:
        assert (picture.read() == (250, 0, 0)).all()


def test_a_folder_without_streets_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="masks"):
        street_backgrounds(tmp_path, seed=1)
