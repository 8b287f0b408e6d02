"""A model that was really trained, on pictures whose answers are obvious."""

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.core.management import call_command

from tests.vision.tiny_photos import album


class Trained(NamedTuple):
    photos: Path
    folder: Path
    report: dict[str, Any]


@pytest.fixture(scope="session")
def tiny_vgg(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """SmallerVGGNet after a few epochs on red and blue dresses and jeans, by the command."""
    root = tmp_path_factory.mktemp("tiny_vgg")
    photos = album(root / "photos", each=10)
    arguments = (
        f"--dataset {photos} --epochs 2 --split random --output {root}/model --json {root}/report.json"
    )
    call_command("train_classifier", *arguments.split())
    return Trained(photos, root / "model", json.loads((root / "report.json").read_text()))
