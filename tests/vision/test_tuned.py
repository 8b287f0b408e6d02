import keras
import numpy as np
import pytest
from keras import layers, ops

from vision.fitting import Examples
from vision.labels import LabelSpace
from vision.networks import efficientnet_lite0
from vision.tuned import SIDE, fit_heads, pair_loss, several_answers

SPACE = LabelSpace({"colour": ("Blue", "Red"), "type": ("Dresses", "Jeans", "Skirts")})


@pytest.fixture(scope="module")
def network() -> keras.Model:
    return several_answers(SPACE, efficientnet_lite0(side=SIDE))


def test_one_network_gives_all_labels_and_an_embedding(network: keras.Model) -> None:
    answers = network.predict(np.random.default_rng(0).uniform(0, 255, (2, SIDE, SIDE, 3)), verbose=0)

    assert answers["logits"].shape == (2, len(SPACE))
    np.testing.assert_allclose(np.linalg.norm(answers["embedding"], axis=1), 1, rtol=1e-4)


def test_the_first_filters_and_the_batch_norms_keep_what_imagenet_taught(network: keras.Model) -> None:
    learning = {layer.name for layer in network.layers if layer.trainable and layer.weights}

    assert not {name for name in learning if name.startswith(("conv_stem", "blocks.0.", "blocks.4."))}
    assert "blocks.5._depthwise_conv" in learning
    assert not [x for x in network.layers if isinstance(x, layers.BatchNormalization) and x.trainable]


def _loss(pairs: list[list[float]], embedding: list[list[float]]) -> np.ndarray:
    rows = np.array(embedding, np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(
        pair_loss(ops.convert_to_tensor(np.array(pairs, np.float32)), ops.convert_to_tensor(rows))
    )


def test_the_same_thing_close_together_costs_less_than_apart() -> None:
    groups = [[1, 1, 0], [1, 1, 0], [2, 0, 1], [2, 0, 1]]

    together = _loss(groups, [[1, 0], [1, 0.1], [0, 1], [0.1, 1]])
    apart = _loss(groups, [[1, 0], [0, 1], [1, 0.1], [0.1, 1]])

    assert (together < apart).all()


def test_things_of_one_type_may_lie_closer_than_things_of_two() -> None:
    groups = [[1, 1, 0], [2, 1, 0], [3, 0, 1]]

    sorted_by_type = _loss(groups, [[1, 0], [1, 0.1], [0, 1]])
    mixed = _loss(groups, [[1, 0], [0, 1], [1, 0.1]])

    assert sorted_by_type[0] < mixed[0]


def test_a_picture_without_a_partner_costs_nothing() -> None:
    assert _loss([[1, 1, 0], [2, 0, 1]], [[1, 0], [0, 1]]) == pytest.approx([0, 0], abs=1e-5)


def test_the_heads_learn_each_kind_from_what_tells_it() -> None:
    rng = np.random.default_rng(3)
    colour, kind = rng.integers(0, 2, 300), rng.integers(0, 3, 300)
    features = np.eye(3, dtype=np.float32)[kind] + rng.normal(0, 0.1, (300, 3)).astype(np.float32)
    colours = np.eye(2, dtype=np.float32)[colour] + rng.normal(0, 0.1, (300, 2)).astype(np.float32)
    targets = np.hstack([np.eye(2)[colour], np.eye(3)[kind]]).astype(np.float32)
    targets[:50, :2] = 0  # of some the colour is not known
    learnt = Examples(features, targets, np.arange(300), np.repeat([0, 1], 150))

    logits = fit_heads(features, colours, SPACE, learnt).predict([features, colours], verbose=0)

    assert (logits[:, :2].argmax(axis=1) == colour).mean() > 0.99
    assert (logits[:, 2:].argmax(axis=1) == kind).mean() > 0.99
