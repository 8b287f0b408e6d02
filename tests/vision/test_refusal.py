import json
from pathlib import Path

import pytest

from tests.vision.conftest import Trained
from vision.inference import Label
from vision.model_files import REFUSAL, ModelError, add_file
from vision.refusal import Evidence, Refusal, evidence_of

SURE = (Label("Shirts", "type", 0.9), Label("tops", "category", 0.95))
TORN = (Label("Shirts", "type", 0.5), Label("Tshirts", "type", 0.45), Label("tops", "category", 0.97))
AT_ODDS = (Label("Shirts", "type", 0.9), Label("shoes", "category", 0.95))
NO_IDEA = (Label("Shirts", "type", 0.12), Label("Heels", "type", 0.11), Label("tops", "category", 0.3))
NO_SHELVES = (Label("Blue", "colour", 0.9), Label("Shirts", "type", 0.1))


@pytest.mark.parametrize(
    ("labels", "is_known"),
    [(SURE, True), (TORN, True), (AT_ODDS, False), (NO_IDEA, False), (NO_SHELVES, True)],
    ids=["sure", "torn between two of one shelf", "the heads disagree", "no idea", "a model without shelves"],
)
def test_a_model_without_weights_is_judged_by_what_it_says(labels: tuple[Label, ...], is_known: bool) -> None:
    assert Refusal().knows(evidence_of(labels, 1.0, [])) is is_known


def test_only_the_nearest_pictures_count() -> None:
    near = evidence_of(SURE, 1.0, [0.1, 0.9, 0.9, 0.9, 0.9, 0.9, -0.5])

    assert near.nearness == pytest.approx(0.9)


def test_a_certain_answer_is_still_a_number() -> None:
    assert evidence_of(SURE, 1.0, []).goods == pytest.approx(-evidence_of(SURE, 0.0, []).goods)


def test_learned_weights_can_refuse_what_is_far_from_everything() -> None:
    refusal = Refusal({"goods": 0, "certainty": 0, "agreement": 0, "nearness": 10}, bias=-5, threshold=0.5)

    assert refusal.knows(Evidence(0, 0, 0, 0.6))
    assert not refusal.knows(Evidence(9, 1, 1, 0.4))


def test_what_was_learned_lies_beside_the_model(tiny_vgg: Trained, tmp_path: Path) -> None:
    folder = _copy(tiny_vgg, tmp_path)
    weights = {"goods": 1.0, "certainty": 2.0, "agreement": 3.0, "nearness": 4.0}
    refusal = Refusal(weights, bias=-1.5, threshold=0.3)

    add_file(folder, REFUSAL, json.dumps(refusal.to_json()).encode())

    assert Refusal.load(folder) == refusal
    assert Refusal.load(tiny_vgg.folder) == Refusal()


def test_a_changed_file_is_not_believed(tiny_vgg: Trained, tmp_path: Path) -> None:
    folder = _copy(tiny_vgg, tmp_path)
    add_file(folder, REFUSAL, json.dumps(Refusal().to_json()).encode())

    with pytest.raises(ModelError, match="fit_refusal"):
        Refusal.load(folder)
    (folder / REFUSAL).write_text("{}")
    with pytest.raises(ModelError, match="Copy the whole model folder again"):
        Refusal.load(folder)


def _copy(model: Trained, target: Path) -> Path:
    for file in model.folder.iterdir():
        (target / file.name).write_bytes(file.read_bytes())
    return target
