import json
from pathlib import Path

import pytest

from tests.vision.evaluation.seen_pictures import product
from vision.datasets import Dataset, DatasetError
from vision.evaluation.choosing import frequent, held_out

SHIRTS = [product(f"shirt {i}", "Shirts") for i in range(3)]
SHOES = [product(f"shoe {i}", "Heels") for i in range(2)]
SHOP = Dataset("shop", [*SHIRTS, *SHOES], exact=True)


def test_only_what_training_set_aside_is_kept(tmp_path: Path) -> None:
    (tmp_path / "held-out.json").write_text(json.dumps([SHOES[0].name, "elsewhere/1.jpg"]))

    assert held_out(SHOP, tmp_path).pictures == [SHOES[0]]


def test_a_model_that_set_nothing_of_it_aside_is_told_apart(tmp_path: Path) -> None:
    (tmp_path / "held-out.json").write_text(json.dumps(["elsewhere/1.jpg"]))

    with pytest.raises(DatasetError, match="set aside"):
        held_out(SHOP, tmp_path)


def test_a_model_without_the_list_is_told_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="Train the model again"):
        held_out(SHOP, tmp_path)


def test_rare_types_are_left_out() -> None:
    assert frequent(SHOP, "type", 3).pictures == SHIRTS


def test_a_type_must_be_frequent_in_every_data_set() -> None:
    other = Dataset("other", [*SHOES, *SHIRTS[:1]], exact=True)

    assert frequent(SHOP, "type", 2, [other]).pictures == SHOES
    with pytest.raises(DatasetError, match="--at-least"):
        frequent(SHOP, "type", 3, [other])
