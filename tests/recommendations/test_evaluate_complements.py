"""``manage.py fit_complements`` and ``evaluate_complements`` on photos whose answers are obvious."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from recommendations.outfits.learnt import OutfitKnowledge
from tests.vision.street_photos import street

LISTS = "source,outfit,category\n" + "".join(f"x,{n},Hats\nx,{n},Coats\n" for n in range(12))


@pytest.fixture
def photos(tmp_path: Path) -> list[str]:
    root = street(tmp_path / "street", 8)
    (tmp_path / "lists.csv").write_text(LISTS)
    return [f"--photos={root / 'photos'}", f"--masks={root / 'masks'}", f"--labels={root / 'labels.txt'}"]


def test_what_was_learnt_is_judged_on_parts_and_other_photos_by_the_model(
    tmp_path: Path, photos: list[str]
) -> None:
    model, report = tmp_path / "outfits.json", tmp_path / "report.json"
    call_command("fit_complements", *photos, f"--outfits={tmp_path / 'lists.csv'}", f"--output={model}")
    knowledge = OutfitKnowledge.load(model)
    assert knowledge.kinds.kinds_ == ["Coats", "Hats"]
    assert knowledge.learnt_from == {f"{n:04}" for n in range(8)}

    call_command(
        "evaluate_complements",
        *photos,
        f"--outfits={tmp_path / 'lists.csv'}",
        f"--model={model}",
        f"--json={report}",
    )
    found = json.loads(report.read_text())
    assert found["outfits"] == 8
    assert found["judged_by"] == "2 parts kept from learning"
    assert found["tag_hit_at_3"]["ours"] == 1.0
    assert 0 <= found["fill_in_the_blank"] <= 1
    ways = {"ours", "colour_likeness", "visual_words", "popularity", "random"}
    for light in ("as_photographed", "neutral_light"):
        assert set(found[light]["fill_in_the_blank"]) == set(found[light]["pair_auc"]) == ways
    assert found["lists"]["hit_at_5"]["ours"] == 1.0

    for photo in sorted((tmp_path / "street" / "photos").glob("*.jpg"))[
        :6
    ]:  # seen under other names: never learnt from
        photo.rename(photo.with_name(f"new-{photo.name}"))
        mask = tmp_path / "street" / "masks" / f"{photo.stem}.png"
        mask.rename(mask.with_name(f"new-{mask.name}"))
    call_command("evaluate_complements", *photos, f"--model={model}", f"--json={report}")
    found = json.loads(report.read_text())
    assert (found["outfits"], found["left_out"], found["judged_by"]) == (6, 2, "the model")


def test_wrong_usage_is_told(tmp_path: Path, photos: list[str]) -> None:
    with pytest.raises(CommandError, match="together, or --outfits"):
        call_command("evaluate_complements", photos[0])
    with pytest.raises(CommandError, match="fit_complements"):
        call_command("evaluate_complements", *photos, f"--model={tmp_path / 'none.json'}")
    with pytest.raises(CommandError, match="it has x"):
        call_command("evaluate_complements", f"--outfits={tmp_path / 'lists.csv'}", "--source=y")
    with pytest.raises(CommandError, match="cannot be read as outfits"):
        call_command("fit_complements", *photos, f"--outfits={tmp_path / 'missing.csv'}")
