import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from django.core.management import CommandError, call_command

from tests.vision.conftest import Trained
from tests.vision.tiny_photos import catalogue


def _report(tmp_path: Path, command: str, *args: object, exit_code: int = 0) -> dict[str, Any]:
    target = tmp_path / "report.json"
    arguments = [command, *map(str, args), "--json", str(target)]
    if exit_code:
        with pytest.raises(SystemExit) as ended:
            call_command(*arguments)
        assert ended.value.code == exit_code
    else:
        call_command(*arguments)
    return json.loads(target.read_text())


def test_training_writes_a_whole_model(tiny_vgg: Trained) -> None:
    files = {file.name for file in tiny_vgg.folder.iterdir()}
    manifest = json.loads((tiny_vgg.folder / "manifest.json").read_text())

    assert files == {
        "model.tflite", "weights.safetensors", "labels.json", "manifest.json", "plot.png", "report.json",
        "held-out.json",
    }  # fmt: skip
    assert manifest["sha256"].keys() == files - {"manifest.json"}
    assert manifest["backbone"] == "smallervggnet"
    assert json.loads((tiny_vgg.folder / "labels.json").read_text()) == {
        "colour": ["blue", "red"],
        "type": ["dress", "jeans"],
    }


def test_training_reports_what_it_did(tiny_vgg: Trained) -> None:
    report = tiny_vgg.report

    assert report["epochs"] == 2
    assert report["train_images"] + report["validation_images"] == 40
    assert report["metrics"].keys() == {
        "binary_accuracy", "subset_accuracy", "subset_accuracy_interval", "macro_map", "macro_f1", "ece", "labels",
    }  # fmt: skip
    assert report["rejected"] == []


def test_a_broken_picture_is_left_out_of_training_and_named(tiny_vgg: Trained, tmp_path: Path) -> None:
    photos = catalogue(tmp_path / "shop", each=3)
    (photos / "images" / "red_dress" / "1.png").write_bytes(b"\x89PNG broken")

    report = _report(
        tmp_path,
        "train_classifier",
        "--dataset",
        photos,
        "--epochs",
        1,
        "--output",
        tmp_path / "m",
        exit_code=1,
    )

    assert report["train_images"] + report["validation_images"] == 11
    assert len(report["rejected"]) == 1
    assert "red_dress/1.png" in report["rejected"][0]


@pytest.mark.parametrize(
    "arguments",
    [
        ("train_classifier", "--dataset", "nowhere", "--output", "out"),
        ("train_classifier", "--output", "out"),
        ("train_classifier", "--drawn", "4", "--epochs", "0", "--output", "out"),
        ("train_classifier", "--drawn", "4", "--epochs", "0", "--start", "model", "--output", "out"),
        ("train_classifier", "--drawn", "4", "--validation", "1.5", "--output", "out"),
        ("classify_image", "photo.jpg", "--model", "nowhere"),
        ("evaluate_classifier", "--dataset", "nowhere"),
    ],
)
def test_wrong_usage_exits_with_two(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError) as refused:
        call_command(*arguments)

    assert refused.value.returncode == 2
    assert str(refused.value).endswith(".")


def test_pictures_are_named_and_drawn_on(tiny_vgg: Trained, tmp_path: Path) -> None:
    photo = tiny_vgg.photos / "red_dress" / "0.png"

    report = _report(
        tmp_path, "classify_image", photo, "--model", tiny_vgg.folder, "--annotate", tmp_path / "drawn"
    )

    (image,) = report["images"]
    (product,) = image["products"]
    assert report["model"] == {"name": "smallervggnet", "version": tiny_vgg.report["version"]}
    assert (image["width"], image["height"], image["error"]) == (48, 64, None)
    assert product["box"] == [0, 0, 48, 64]
    assert {label["kind"] for label in product["labels"]} == {"colour", "type"}
    drawn = cv2.imread(str(tmp_path / "drawn" / "0.jpg"))
    assert drawn.shape == (64, 48, 3)
    assert np.abs(drawn.astype(int) - cv2.imread(str(photo))).mean() > 5


def test_a_broken_file_gets_a_sentence_and_the_others_their_labels(tiny_vgg: Trained, tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no picture")
    whole = tiny_vgg.photos / "blue_jeans" / "0.png"

    report = _report(tmp_path, "classify_image", broken, tmp_path / "gone.jpg", whole, exit_code=1)

    first, second, third = report["images"]
    assert "not a picture" in first["error"]
    assert "cannot be opened" in second["error"]
    assert third["error"] is None
    assert third["products"]


def test_folders_are_measured_label_by_label(tiny_vgg: Trained, tmp_path: Path) -> None:
    report = _report(
        tmp_path, "evaluate_classifier", "--dataset", tiny_vgg.photos, "--model", tiny_vgg.folder
    )

    assert report["images"] == 40
    assert report["labels"].keys() == {"red", "blue", "dress", "jeans"}
    assert report["labels"]["red"]["support"] == 20
    assert 0 <= report["subset_accuracy"] <= report["binary_accuracy"] <= 1
    assert report["unknown_labels"] == 0


def test_folders_the_model_does_not_know_are_left_out_and_counted(tiny_vgg: Trained, tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    for folder in ("red_dress", "red_spaceship"):
        (photos / folder).mkdir(parents=True)
        cv2.imwrite(str(photos / folder / "1.png"), np.zeros((9, 9, 3), np.uint8))

    report = _report(tmp_path, "evaluate_classifier", "--dataset", photos, "--model", tiny_vgg.folder)

    assert (report["images"], report["unknown_labels"]) == (1, 1)


def test_the_shipped_model_understands_folders_in_everyday_words(tiny_vgg: Trained, tmp_path: Path) -> None:
    report = _report(tmp_path, "evaluate_classifier", "--dataset", tiny_vgg.photos)

    assert report["images"] == 40
    assert report["unknown_labels"] == 0
    assert report["labels"]["red"]["recall"] > 0.9


def test_a_csv_is_measured_attribute_by_attribute(tiny_vgg: Trained, tmp_path: Path) -> None:
    shop = catalogue(tmp_path / "shop", each=2)

    report = _report(tmp_path, "evaluate_classifier", "--dataset", shop, "--attributes", "type,colour,gender")

    assert report["attributes"].keys() == {"type", "colour"}
    assert report["attributes"]["type"]["images"] == report["images"] == 8
    assert report["attributes"]["type"]["classes"] == 2
    assert report["attributes"]["colour"]["family_accuracy"] >= report["attributes"]["colour"]["accuracy"]


def test_the_shelf_and_the_colours_family_follow_from_the_rows(tiny_vgg: Trained, tmp_path: Path) -> None:
    shop = catalogue(tmp_path / "shop", each=2)

    report = _report(tmp_path, "evaluate_classifier", "--dataset", shop, "--attributes", "category")

    assert report["attributes"].keys() == {"category"}
    assert report["attributes"]["category"]["classes"] == 2


def test_a_model_is_judged_on_what_its_training_set_aside(tiny_vgg: Trained, tmp_path: Path) -> None:
    arguments = ("--dataset", tiny_vgg.photos, "--model", tiny_vgg.folder, "--held-out", tiny_vgg.folder)

    report = _report(tmp_path, "evaluate_classifier", *arguments)

    assert report["images"] == tiny_vgg.report["validation_images"]


def test_charts_are_written_where_asked(tiny_vgg: Trained, tmp_path: Path) -> None:
    arguments = ("--dataset", tiny_vgg.photos, "--model", tiny_vgg.folder, "--report", tmp_path / "charts")

    _report(tmp_path, "evaluate_classifier", *arguments)

    page = (tmp_path / "charts" / "classifier.html").read_text()
    assert "calibration error" in page
    assert page.count("data:image/svg+xml") >= 4
