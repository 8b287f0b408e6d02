import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings

from tests.vision.conftest import Trained
from tests.vision.tiny_photos import draw
from vision.inference import BEST_PER_KIND, Classifier, square
from vision.model_files import ModelError


@pytest.fixture(scope="module")
def shipped() -> Classifier:
    return Classifier.load(settings.SHIPPED_MODEL_DIR)


@pytest.fixture
def copy(tiny_vgg: Trained, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_vgg.folder, tmp_path / "model"))


def test_labels_come_by_falling_probability(shipped: Classifier) -> None:
    (prediction,) = shipped.predict([draw("red", "dress", 0)])

    probabilities = [label.probability for label in prediction.labels]
    assert probabilities == sorted(probabilities, reverse=True)
    assert {"type", "category", "colour", "gender"} <= {label.kind for label in prediction.labels}


def test_a_few_guesses_are_told_for_each_kind(shipped: Classifier) -> None:
    (prediction,) = shipped.predict([draw("blue", "jeans", 0)])

    for kind in shipped.labels.kinds.keys() - {"subject"}:
        told = [label for label in prediction.labels if label.kind == kind]
        assert 1 <= len(told) <= BEST_PER_KIND
        assert sum(label.probability for label in told) <= 1.001
    assert "subject" not in {label.kind for label in prediction.labels}


def test_embeddings_have_length_one(shipped: Classifier) -> None:
    predictions = shipped.predict([draw("red", "dress", 0), draw("blue", "jeans", 0)])

    for prediction in predictions:
        assert prediction.embedding.shape == (128,)
        assert prediction.embedding.dtype == np.float32
        assert np.linalg.norm(prediction.embedding) == pytest.approx(1, abs=1e-4)


def test_alike_pictures_are_near_each_other(shipped: Classifier) -> None:
    one, other, another = (
        prediction.embedding
        for prediction in shipped.predict(
            [draw("red", "dress", 0), draw("red", "dress", 1), draw("red", "jeans", 0)]
        )
    )

    assert one @ other > one @ another


def test_the_same_picture_gives_the_same_answer(shipped: Classifier) -> None:
    first, second = shipped.predict([draw("red", "dress", 0)] * 2)

    assert first.labels == second.labels
    assert (first.embedding == second.embedding).all()


def test_no_pictures_give_no_answers(shipped: Classifier) -> None:
    assert shipped.predict([]) == []


def test_the_reports_network_answers_every_label(tiny_vgg: Trained) -> None:
    (prediction,) = Classifier.load(tiny_vgg.folder).predict([draw("red", "dress", 0)])

    assert {label.label for label in prediction.labels} == {"red", "blue", "dress", "jeans"}


def test_a_picture_is_squeezed_not_cut() -> None:
    image = np.zeros((40, 10, 3), np.uint8)
    image[:20, :, 0] = 200

    small = square(image, 20)

    assert small.shape == (20, 20, 3)
    assert small[0, 0, 0] == small[9, 19, 0] == 200
    assert small[10, 0, 0] == small[19, 19, 0] == 0


@pytest.mark.parametrize("name", ["model.tflite", "labels.json"])
def test_a_changed_file_is_refused(copy: Path, name: str) -> None:
    with (copy / name).open("ab") as file:
        file.write(b" ")

    with pytest.raises(ModelError, match="is not the file its manifest names"):
        Classifier.load(copy)


@pytest.mark.parametrize("name", ["model.tflite", "manifest.json"])
def test_a_missing_file_is_named(copy: Path, name: str) -> None:
    (copy / name).unlink()

    with pytest.raises(ModelError, match=name.replace(".", r"\.")):
        Classifier.load(copy)


def test_labels_that_do_not_fit_the_graph_are_refused(copy: Path) -> None:
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["embedding_size"] = 64
    (copy / "manifest.json").write_text(json.dumps(manifest))

    with pytest.raises(ModelError, match="Train it again"):
        Classifier.load(copy)


def test_serving_never_loads_tensorflow() -> None:
    program = (
        "import sys, pathlib, numpy\n"
        "from vision.inference import Classifier\n"
        f"classifier = Classifier.load(pathlib.Path({str(settings.SHIPPED_MODEL_DIR)!r}))\n"
        "classifier.predict([numpy.zeros((9, 9, 3), numpy.uint8)])\n"
        "heavy = {'tensorflow', 'keras', 'torch'} & sys.modules.keys()\n"
        "sys.exit(', '.join(heavy) or 0)\n"
    )

    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=settings.BASE_DIR, capture_output=True, text=True
    )

    assert ended.returncode == 0, ended.stderr
