import json
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from catalog.images import RGB
from tests.vision.conftest import Trained
from tests.vision.street_photos import LABELS, PLACES, street
from vision.detection import CLASSES, Box, Region
from vision.detection_data import photo_pairs
from vision.evaluation.detecting import (
    Truth,
    evaluate_detection,
    mean_average_precision,
    recall_by_kind,
    right_shelves,
    selective_search,
    truths_in,
    whole_photo,
)
from vision.inference import Classifier
from vision.model_files import read_manifest

TOP, BAG = Truth("blouse", "top", (0, 0, 10, 10), (5, 5)), Truth("bag", "bag", (50, 50, 10, 10), (55, 55))


def test_each_label_of_a_photo_is_one_product_and_specks_are_none() -> None:
    mask = np.zeros((160, 120), np.uint8)
    for label, (x, y, wide, tall) in PLACES.items():
        mask[y : y + tall, x : x + wide] = label
    mask[150:158, 100:118] = 4  # a second bag joins the first one's box

    found = {truth.label: truth for truth in truths_in(mask, LABELS)}

    assert set(found) == {"blouse", "jeans", "bag"}
    assert found["blouse"].box == PLACES[2]
    assert found["bag"].box == (90, 70, 28, 88)
    x, y = found["bag"].tap
    assert mask[y, x] == 4


def test_recall_counts_the_true_boxes_that_some_box_meets() -> None:
    photos: list[tuple[list[Truth], list[Box]]] = [([TOP, BAG], [(0, 0, 10, 9), (90, 90, 5, 5)]), ([TOP], [])]

    recall = recall_by_kind(photos)

    assert recall["all"] == pytest.approx(1 / 3, abs=1e-4)
    assert recall["top"] == 0.5
    assert recall["bag"] == 0


def test_only_the_first_ten_boxes_count() -> None:
    far: list[Box] = [(200 + i, 0, 1, 1) for i in range(10)]

    assert recall_by_kind([([TOP], [*far, TOP.box])])["all"] == 0


def test_average_precision_is_one_when_all_is_right_and_falls_with_false_boxes_before_it() -> None:
    right = Region(TOP.box, "top", 0.9)
    wrong = Region((30, 30, 5, 5), "top", 0.95)

    assert mean_average_precision([([TOP], [right])]) == 1
    assert mean_average_precision([([TOP], [wrong, right])]) == 0.5
    assert mean_average_precision([([TOP, BAG], [right])]) == 0.5
    assert mean_average_precision([([TOP], [Region(TOP.box, "bag", 0.9)])]) == 0


def test_one_true_box_is_found_once() -> None:
    twice = [Region(TOP.box, "top", 0.9), Region(TOP.box, "top", 0.8)]

    assert mean_average_precision([([TOP, Truth("shirt", "top", (80, 0, 9, 9), (84, 4))], twice)]) == 0.5


def test_what_may_stand_on_two_shelves_is_right_on_both() -> None:
    assert right_shelves("jeans") == {"bottoms"}
    assert right_shelves("cardigan") == {"tops", "outerwear"}


def test_selective_search_proposes_boxes_within_the_photo() -> None:
    rgb = np.full((60, 60, 3), 240, np.uint8)
    rgb[10:40, 10:40] = (200, 20, 20)

    boxes = selective_search(rgb)

    assert 0 < len(boxes) <= 10
    assert all(x >= 0 and y >= 0 and x + wide <= 60 and y + tall <= 60 for x, y, wide, tall in boxes)
    assert whole_photo(rgb) == [(0, 0, 60, 60)]


def test_perfect_boxes_find_everything(tmp_path: Path, tiny_vgg: Trained) -> None:
    folder = street(tmp_path, 3)
    kinds = {2: "top", 3: "bottom", 4: "bag"}

    def map_of(rgb: RGB) -> np.ndarray:
        probabilities = np.zeros((*rgb.shape[:2], len(CLASSES)), np.float32)
        probabilities[..., CLASSES.index("ground")] = 1
        for number, kind in kinds.items():
            x, y, wide, tall = PLACES[number]
            probabilities[y : y + tall, x : x + wide] = 0
            probabilities[y : y + tall, x : x + wide, CLASSES.index(kind)] = 1
        return probabilities

    report = evaluate_detection(
        photo_pairs(folder / "photos", folder / "masks"),
        LABELS,
        map_of,
        Classifier.load(tiny_vgg.folder),
        lambda things, title: things,
        {"whole_photo": whole_photo},
    )

    assert report["photos"] == 3
    assert report["products"] == 9
    assert report["proposals_per_photo"] == 3
    assert report["recall_at_iou_50"]["all"] == 1
    assert report["map_50"] == 1
    assert report["recall_of_others"] == {"whole_photo": 0}
    assert report["category_at_1"]["proposed_box"] == report["category_at_1"]["true_box"]


def test_a_model_without_a_detector_is_refused_with_a_sentence(tmp_path: Path, tiny_vgg: Trained) -> None:
    folder = street(tmp_path, 1)
    arguments = f"--photos {folder}/photos --masks {folder}/masks --labels {folder}/labels.txt"

    with pytest.raises(CommandError, match="train_detector"):
        call_command("evaluate_detection", *arguments.split(), "--model", str(tiny_vgg.folder))


def test_train_detector_puts_a_detector_into_the_model_s_folder(tmp_path: Path, tiny_vgg: Trained) -> None:
    folder = street(tmp_path / "street", 6)
    model = tmp_path / "model"
    model.mkdir()
    for file in tiny_vgg.folder.iterdir():
        (model / file.name).write_bytes(file.read_bytes())
    before = Classifier.load(model).version

    call_command(
        "train_detector",
        *f"--street {folder} --drawn 2 --pasted 2 --epochs 1 --hold-out 0.2 --output {model}".split(),
        "--json",
        str(tmp_path / "trained.json"),
    )
    arguments = (
        f"--photos {folder}/photos --masks {folder}/masks --labels {folder}/labels.txt --model {model}"
    )
    call_command("evaluate_detection", *arguments.split(), "--json", str(tmp_path / "report.json"))

    trained = json.loads((tmp_path / "trained.json").read_text())
    report = json.loads((tmp_path / "report.json").read_text())
    assert trained["version"].startswith(f"{before}+d")
    assert report["model"]["version"] == trained["version"]
    assert report["photos"] == 6
    assert {"whole_photo", "proposed_box", "true_box"} <= report["category_at_1"].keys()
    assert (model / "detector.tflite").stat().st_size < 5e6

    retrained = tmp_path / "retrained"
    retrained.mkdir()
    for file in tiny_vgg.folder.iterdir():
        (retrained / file.name).write_bytes(file.read_bytes())
    call_command("train_detector", "--take-from", str(model), "--output", str(retrained))
    assert read_manifest(retrained)["version"] == trained["version"]
    assert (retrained / "detector.tflite").read_bytes() == (model / "detector.tflite").read_bytes()
