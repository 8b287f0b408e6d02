import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from tests.vision.tiny_photos import album, catalogue
from vision.model_files import REFUSAL
from vision.refusal import Refusal

FIGURES = {"precision_at_1", "precision_at_10", "map_at_10", "ndcg_at_10"}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return catalogue(tmp_path_factory.mktemp("shop"), each=6)


@pytest.fixture(scope="module")
def noise(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six pictures of nothing, in no folders by label."""
    folder = tmp_path_factory.mktemp("noise")
    for number in range(6):
        picture = np.random.default_rng(number).integers(0, 256, (48, 48, 3), np.uint8)
        cv2.imwrite(str(folder / f"{number}.png"), picture)
    return folder


def test_a_gallery_is_searched_for_its_own_pictures(shop: Path, noise: Path, tmp_path: Path) -> None:
    report = _report(
        tmp_path, "evaluate_visual_search", "--gallery", shop, "--queries", shop, "--unknown", noise, "--perturb",
        "--sample", 4, "--report", tmp_path / "charts",
    )  # fmt: skip

    assert (report["gallery"], report["queries"], report["left_out"], report["same"]) == (24, 24, 0, "type")
    assert report["channels"].keys() == {"pixels", "histogram", "visual_words", "embedding", "blend"}
    for figures in report["channels"].values():
        assert figures.keys() == FIGURES | {f"{figure}_interval" for figure in FIGURES}
    assert report["channels"]["blend"]["precision_at_1"] == 1
    assert report["latency_ms"]["p50"] <= report["latency_ms"]["p95"]
    assert report["refusal"].keys() >= {"auroc", "wrongly_refused", "wrongly_accepted"}
    assert report["same_picture"]["untouched"] == 1
    assert report["same_picture"]["among"] == 24
    assert "Not even another colour" in (tmp_path / "charts" / "visual-search.html").read_text()


def test_photos_in_folders_search_a_catalogue(shop: Path, tmp_path: Path) -> None:
    photos = album(tmp_path / "photos", each=2)
    words = tmp_path / "words.json"
    words.write_text(json.dumps({"dress": ["Dresses"], "jeans": ["Jeans"]}))

    report = _report(
        tmp_path, "evaluate_visual_search", "--gallery", shop, "--queries", photos, "--same", "type",
        "--label-map", words,
    )  # fmt: skip

    assert (report["queries"], report["left_out"]) == (8, 0)
    assert report["channels"]["blend"]["precision_at_1"] == 1
    assert report["other_models"] is None


def test_other_kinds_than_types_can_be_asked_for(shop: Path, tmp_path: Path) -> None:
    report = _report(
        tmp_path,
        "evaluate_visual_search",
        "--gallery",
        shop,
        "--queries",
        shop,
        "--same",
        "colour",
        "--limit",
        5,
    )

    assert report["queries"] == 5
    assert report["refusal"] is report["same_picture"] is None


def test_what_to_refuse_is_learned_and_used(shop: Path, noise: Path, tmp_path: Path) -> None:
    model = tmp_path / "model"
    model.mkdir()
    for file in Path(settings.SHIPPED_MODEL_DIR).iterdir():
        (model / file.name).write_bytes(file.read_bytes())

    learned = _report(
        tmp_path, "fit_refusal", "--model", model, "--gallery", shop, "--known", shop, "--unknown", noise
    )
    report = _report(
        tmp_path, "evaluate_visual_search", "--model", model, "--gallery", shop, "--queries", shop, "--unknown", noise
    )  # fmt: skip

    assert json.loads((model / REFUSAL).read_text())["weights"] == learned["weights"]
    assert Refusal.load(model).weights == learned["weights"]
    assert report["refusal"]["auroc"] == pytest.approx(learned["figures"]["auroc"])
    assert report["refusal"]["wrongly_refused"] == learned["figures"]["wrongly_refused"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--gallery", "nowhere"),
        ("--same", ","),
        ("--same", "pattern"),
        ("--label-map", "nowhere.json"),
        ("--unknown", "nowhere"),
        ("--sample", "0"),
        ("--held-out", "nowhere"),
        ("--model", "nowhere"),
    ],
)
def test_wrong_usage_exits_with_two(shop: Path, arguments: tuple[str, str]) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("evaluate_visual_search", "--gallery", str(shop), "--queries", str(shop), *arguments)

    assert refused.value.returncode == 2
    assert str(refused.value).endswith(".")


def _report(tmp_path: Path, command: str, *args: object) -> dict[str, Any]:
    target = tmp_path / "report.json"
    call_command(command, *map(str, args), "--json", str(target))
    return json.loads(target.read_text())
