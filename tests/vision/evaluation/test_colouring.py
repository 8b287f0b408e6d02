import json
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from tests.vision.street_photos import street
from tests.vision.tiny_photos import catalogue
from vision.colour import COLOUR_NAMES
from vision.detection_data import CutOut
from vision.evaluation.colouring import WAYS, family_of_name, lay_on_floor
from vision.vocabulary import COLOUR_FAMILIES


def test_every_name_has_a_family_of_the_catalogue() -> None:
    assert {family_of_name(name) for name in COLOUR_NAMES} <= set(COLOUR_FAMILIES)


def test_a_garment_on_a_floor_is_where_the_truth_says() -> None:
    red = CutOut(np.full((80, 60, 4), (200, 30, 30, 255), np.uint8), 2)
    floor = np.full((200, 200, 3), 150, np.uint8)

    photo, truth = lay_on_floor(red, floor, np.random.default_rng(1))

    redness = photo[..., 0].astype(int) - photo[..., 2]
    assert 0.1 < truth.mean() < 0.7
    assert redness[truth].mean() > 100
    assert abs(redness[~truth].mean()) < 15


def test_ways_are_compared_on_products_floors_and_streets(tmp_path: Path) -> None:
    shop, photos = catalogue(tmp_path / "shop", each=2), street(tmp_path / "street", 1)

    call_command(
        "evaluate_colour", "--products", str(shop), "--street", str(photos), "--json", str(tmp_path / "report.json")
    )  # fmt: skip

    report = json.loads((tmp_path / "report.json").read_text())
    assert (report["products"], report["street"]) == (8, 3)
    assert report["ways"].keys() == WAYS.keys()
    assert report["ways"]["border"]["products"]["nearest_family"] == 1
    assert report["ways"]["border"]["street"]["iou"] > report["ways"]["centre"]["street"]["iou"]


@pytest.mark.parametrize(
    "arguments",
    [("--limit", "0"), ("--street", "nowhere"), ("--model", "nowhere"), ("--products", "nowhere")],
)
def test_wrong_usage_exits_with_two(tmp_path: Path, arguments: tuple[str, str]) -> None:
    shop, photos = catalogue(tmp_path / "shop", each=1), street(tmp_path / "street", 1)

    with pytest.raises(CommandError) as refused:
        call_command("evaluate_colour", "--products", str(shop), "--street", str(photos), *arguments)

    assert refused.value.returncode == 2
