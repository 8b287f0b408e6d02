import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers, ops
from safetensors import safe_open
from scipy.special import log_softmax

from tests.vision.tiny_photos import album, draw
from vision.augmentation import Augmentation, PhotoAugmentation, on_ground
from vision.backbones import SmallerVGG, Whitener
from vision.datasets import read_dataset
from vision.fitting import (
    Checkpoint,
    Epoch,
    Examples,
    balanced_pairs,
    exclusive_accuracy,
    exclusive_loss,
    fit,
)
from vision.labels import LabelSpace
from vision.training import Recipe, TrainingError, calibrate, take_weights, train

SPACE = LabelSpace({"colour": ("blue", "red"), "type": ("a", "b", "c")})


class Interrupted(Exception):
    pass


def _network() -> keras.Model:
    keras.utils.set_random_seed(5)
    network = keras.Sequential(
        [keras.Input((4,)), layers.Dense(8, "relu"), layers.Dropout(0.5), layers.Dense(2)]
    )
    network.compile(keras.optimizers.Adam(0.01), "mse", metrics=[keras.metrics.MeanSquaredError("accuracy")])
    return network


def _examples(n: int) -> Examples:
    rows = np.random.default_rng(0).normal(size=(n, 4)).astype(np.float32)
    return Examples(rows, rows[:, :2] * 2, np.arange(n), np.zeros(n, np.int64))


def _stop_after(epochs: int) -> Any:
    def on_epoch(number: int, epoch: Epoch) -> None:
        if number == epochs:
            raise Interrupted

    return on_epoch


def test_an_interrupted_run_ends_like_one_that_was_not(tmp_path: Path) -> None:
    straight, first, second = _network(), _network(), _network()
    how = {"epochs": 4, "seed": 3, "batch": 8}
    history = fit(straight, _examples(40), _examples(8), checkpoint=Checkpoint(tmp_path / "a", "x"), **how)
    interrupted = Checkpoint(tmp_path / "b", "x")

    with pytest.raises(Interrupted):
        fit(first, _examples(40), _examples(8), checkpoint=interrupted, on_epoch=_stop_after(2), **how)
    resumed = fit(second, _examples(40), _examples(8), checkpoint=interrupted, **how)

    assert [epoch["loss"] for epoch in resumed] == pytest.approx(
        [epoch["loss"] for epoch in history], rel=1e-5
    )
    for ours, theirs in zip(second.get_weights(), straight.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5)


def test_another_run_does_not_take_over_a_checkpoint(tmp_path: Path) -> None:
    fit(
        _network(),
        _examples(8),
        _examples(0),
        epochs=1,
        seed=1,
        checkpoint=Checkpoint(tmp_path / "a", "one run"),
    )

    assert Checkpoint(tmp_path / "a", "another run").restore(_network()) == []


def test_an_interrupted_training_goes_on(tmp_path: Path) -> None:
    datasets = [read_dataset(album(tmp_path / "photos", each=3))]
    recipe = Recipe(epochs=2, validation=0.25, split="random")
    shown: list[str] = []

    def progress(things: Any, title: str) -> Any:
        for number, thing in enumerate(things):
            if title == "epochs" and number == 1 and not shown:
                shown.append("interrupted")
                raise Interrupted
            yield thing

    with pytest.raises(Interrupted):
        train(datasets, SmallerVGG(), recipe, tmp_path / "model", progress)
    left = {file.name.partition("-")[0] for file in (tmp_path / "model").iterdir()}
    report = train(datasets, SmallerVGG(), recipe, tmp_path / "model", progress)

    assert left == {"checkpoint.safetensors", "rows"}
    assert len(json.loads((tmp_path / "model" / "held-out.json").read_text())) == report["validation_images"]
    assert (
        report["epochs"] == len(json.loads((tmp_path / "model" / "report.json").read_text())["history"]) == 2
    )
    assert not list((tmp_path / "model").glob("rows-*"))
    assert not (tmp_path / "model" / "checkpoint.safetensors").exists()


def test_pictures_without_labels_are_no_training_set(tmp_path: Path) -> None:
    datasets = [read_dataset(album(tmp_path / "photos", each=1))]

    with pytest.raises(TrainingError, match="two are needed"):
        train(
            datasets,
            SmallerVGG(),
            Recipe(epochs=1, kinds=("gender",)),
            tmp_path,
            lambda things, title: things,
        )


def test_a_coarse_truth_costs_only_what_lies_outside_it() -> None:
    logits = np.array([[0.3, 1.2, 2.0, 1.0, -1.0]], np.float32)
    truth = np.array([[0, 0, 1, 1, 0]], np.float32)  # the colour is not known; the type is a or b

    loss = float(exclusive_loss(SPACE)(ops.convert_to_tensor(truth), ops.convert_to_tensor(logits))[0])

    chances = np.exp(log_softmax(logits[0, 2:]))
    assert loss == pytest.approx(-np.log(chances[0] + chances[1]), rel=1e-4)


def test_accuracy_counts_the_kinds_that_are_known() -> None:
    logits = np.array([[0, 1, 5, 0, 0], [1, 0, 5, 0, 0]], np.float32)
    truth = np.array([[0, 1, 0, 1, 0], [0, 0, 1, 1, 0]], np.float32)

    right = exclusive_accuracy(SPACE)(ops.convert_to_tensor(truth), ops.convert_to_tensor(logits))

    np.testing.assert_allclose(right, [0.5, 1], atol=1e-5)


def test_calibration_finds_how_overconfident_the_answers_are() -> None:
    rng = np.random.default_rng(2)
    honest = rng.normal(size=(4000, 5)).astype(np.float32)
    truth = np.zeros_like(honest)
    for where in SPACE.slices.values():
        chances = np.exp(log_softmax(honest[:, where], axis=1))
        drawn = (chances.cumsum(axis=1) > rng.random((4000, 1))).argmax(axis=1)
        truth[np.arange(4000), where.start + drawn] = 1

    temperatures = calibrate(honest * 3, truth, SPACE, "softmax")

    assert temperatures == pytest.approx({"colour": 3, "type": 3}, rel=0.15)


def test_the_embedding_keeps_the_directions_that_vary_most() -> None:
    rng = np.random.default_rng(1)
    features = (rng.normal(size=(200, 6)) * (9, 5, 0.1, 0.1, 0.1, 0.1)).astype(np.float32)

    whitener = Whitener(n_components=2, power=1).fit(features)
    projected = (features - whitener.mean_) @ whitener.projection_

    np.testing.assert_allclose(np.cov(projected.T), np.eye(2), atol=1e-2)
    assert abs(np.corrcoef(projected[:, 0], features[:, 0])[0, 1]) > 0.99


def test_fewer_pictures_than_components_leave_the_rest_empty() -> None:
    whitener = Whitener(n_components=5).fit(np.random.default_rng(1).normal(size=(3, 8)).astype(np.float32))

    assert whitener.projection_.shape == (8, 5)
    assert not whitener.projection_[:, 2:].any()


def test_augmentation_changes_a_picture_and_keeps_its_shape() -> None:
    image = np.ascontiguousarray(draw("red", "dress", 0)[:48])

    changed = Augmentation().apply(image, np.random.default_rng(1))

    assert changed.shape == image.shape
    assert (changed != image).any()


def test_no_augmentation_leaves_a_picture_alone() -> None:
    image = np.ascontiguousarray(draw("red", "dress", 0)[:48])
    nothing = Augmentation(rotation=0, shift=0, shear=0, zoom=0, flip=False)

    np.testing.assert_array_equal(nothing.apply(image, np.random.default_rng(1)), image)


def test_a_garment_on_white_paper_is_put_on_another_ground() -> None:
    picture = np.full((40, 40, 3), 255, np.uint8)
    picture[10:30, 10:30] = (200, 20, 20)
    floor = np.full((40, 40, 3), 90, np.uint8)

    moved = on_ground(picture, floor)

    assert (moved[2, 2] == 90).all()
    assert (moved[20, 20] == picture[20, 20]).all()


def test_a_photo_without_paper_keeps_its_ground() -> None:
    photo = np.random.default_rng(1).integers(0, 200, (40, 40, 3), np.uint8)

    np.testing.assert_array_equal(on_ground(photo, np.zeros_like(photo)), photo)


def test_a_photo_is_changed_without_losing_its_colour() -> None:
    red = np.full((64, 64, 3), (190, 30, 30), np.uint8)
    changes = PhotoAugmentation(grounds=[np.zeros_like(red)], covered=0)

    for seed in range(20):
        middle = changes.apply(red.copy(), np.random.default_rng(seed))[16:48, 16:48].mean(axis=(0, 1))
        assert middle[0] > 2 * max(middle[1], middle[2])


def _grouped(groups: list[int], labels: list[int], sources: list[int]) -> Examples:
    targets = np.eye(max(labels) + 1, dtype=np.float32)[labels]
    return Examples(np.zeros((len(groups), 1)), targets, np.array(groups), np.array(sources))


def test_pairs_show_the_same_thing() -> None:
    examples = _grouped([5, 5, 5, 2, 2, 9], [0, 0, 0, 1, 1, 1], [0] * 6)
    order = balanced_pairs(examples, slice(0, 2))

    drawn = np.concatenate([order(np.random.default_rng(seed)) for seed in range(50)])
    first, second = drawn[::2], drawn[1::2]

    assert (examples.groups[first] == examples.groups[second]).all()
    assert (first != second).any()
    assert (first == second).any()


def test_rare_labels_and_small_sources_are_drawn_more_often() -> None:
    examples = _grouped(list(range(110)), [0] * 100 + [1] * 10, [0] * 55 + [1] * 55)
    order = balanced_pairs(examples, slice(0, 2))

    drawn = np.concatenate([order(np.random.default_rng(seed))[::2] for seed in range(200)])
    rare = (drawn >= 100).mean()

    assert rare == pytest.approx(10 * 10**-0.5 / (10 * 10**-0.5 + 100 * 100**-0.5), rel=0.15)


def _train(tmp_path: Path, name: str, **recipe: Any) -> Path:
    album_folder = tmp_path / "photos"
    if not album_folder.exists():
        album(album_folder, each=3)
    datasets = [read_dataset(album_folder)]
    settings = Recipe(epochs=1, validation=0.25, split="random", **recipe)
    train(datasets, SmallerVGG(), settings, tmp_path / name, lambda things, title: things)
    return tmp_path / name


def test_a_network_starts_from_another_ones_weights(tmp_path: Path) -> None:
    first = _train(tmp_path, "first")
    started = SmallerVGG().network(LabelSpace({"type": ("dress", "jeans")}), _grouped([1], [0], [0]), 1)

    take_weights(started, first, LabelSpace({"type": ("dress", "jeans")}))

    with safe_open(first / "weights.safetensors", "numpy") as saved:
        np.testing.assert_allclose(
            started.get_layer("conv1_1").get_weights()[0],
            saved.get_tensor("conv1_1/kernel").astype(np.float32),
        )


def test_a_folder_without_a_model_is_no_start(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="no model to start from"):
        _train(tmp_path, "model", start=tmp_path / "nothing")


def test_the_graph_that_is_served_answers_as_the_network_did(tmp_path: Path) -> None:
    served = json.loads((_train(tmp_path, "model") / "report.json").read_text())["served"]

    assert served["pictures"] > 1
    assert served["cosine"] == pytest.approx(1, abs=0.001)
    assert served["same_best"] == 1
