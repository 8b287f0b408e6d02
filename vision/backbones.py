"""The ways from a picture to labels: what a row of training data is, what is fitted to it, what is served.

``SmallerVGG``, the report's, learns from the pixels up and answers every label on its own. ``FrozenLite0`` keeps an
ImageNet trunk as it is and learns linear heads, one per kind of label, in minutes. ``vision.tuned`` turns the trunk
itself to clothes.
"""

from collections.abc import Mapping
from typing import Any, Literal, Protocol

import keras
import numpy as np
import numpy.typing as npt
from keras import layers

from catalog.images import RGB
from vision.augmentation import Augmentation
from vision.fitting import (
    BATCH,
    Changes,
    Examples,
    Order,
    each_once,
    exclusive_accuracy,
    exclusive_loss,
    subset_accuracy,
)
from vision.labels import LabelSpace
from vision.lite0_weights import imagenet_weights
from vision.litert_export import runner, to_litert
from vision.networks import (
    LITE0_FEATURES,
    LITE0_SIDE,
    PALETTE_SIZE,
    efficientnet_lite0,
    palette,
    smaller_vggnet,
)

EMBEDDING_SIZE = 128
VGG_SIDE = 96
# How far the embedding's directions are evened out: 0 not at all; 1 whitens, and noise speaks as loud as shape.
WHITENING = 0.5

Floats = npt.NDArray[np.float32]
Head = Literal["sigmoid", "softmax"]


class Backbone(Protocol):
    """What training needs to know. ``side`` is the square a picture is brought to before ``row``."""

    name: str
    head: Head
    side: int
    row_shape: tuple[int, ...]
    row_dtype: npt.DTypeLike
    batch: int
    augmentation: Changes | None

    def row(self, image: RGB) -> npt.NDArray[Any]:
        """One picture (side, side, 3) as a row of training data."""

    def network(self, space: LabelSpace, learnt: Examples, epochs: int) -> keras.Model:
        """A compiled network from rows to labels, to be trained on ``learnt`` for ``epochs``."""

    def order(self, space: LabelSpace, learnt: Examples) -> Order:
        """In which order an epoch shows the examples."""

    def truth(self, space: LabelSpace, targets: Floats, groups: npt.NDArray[np.int64]) -> Any:
        """What the network's answers are held against in training, from targets (n, labels) and groups (n,)."""

    def settle(self, network: keras.Model, space: LabelSpace, learnt: Examples) -> keras.Model:
        """The network with what is fitted last of all, when its features are as they will be."""

    def logits(self, network: keras.Model, rows: npt.NDArray[Any]) -> Floats:
        """Answers before sigmoid or softmax, (n, labels)."""

    def serving(
        self,
        network: keras.Model,
        space: LabelSpace,
        temperatures: Mapping[str, float],
        rows: npt.NDArray[Any],
    ) -> keras.Model:
        """image (n, side, side, 3) → ``probabilities`` (n, labels) and ``embedding`` (n, 128) of length 1.

        ``rows`` are those that were learnt from.
        """


class Whitener:
    """Principal components with their spread evened out by ``WHITENING``: features → 128 numbers.

    Fitted in scikit-learn's manner. With fewer pictures than components the rest of the numbers stay 0.
    """

    def __init__(self, n_components: int = EMBEDDING_SIZE, power: float = WHITENING) -> None:
        self.n_components = n_components
        self.power = power

    def fit(self, features: Floats) -> "Whitener":
        """Learn ``mean_`` (f,) and ``projection_`` (f, n_components) from features (n, f)."""
        self.mean_ = features.mean(axis=0)
        centred = (features - self.mean_).astype(np.float64)
        variances, directions = np.linalg.eigh(centred.T @ centred / max(1, len(features) - 1))
        order = np.argsort(variances)[::-1][: min(self.n_components, max(1, len(features) - 1))]
        spread = np.sqrt(np.maximum(variances[order], 1e-12))
        self.projection_ = np.zeros((features.shape[1], self.n_components), np.float32)
        self.projection_[:, : len(order)] = directions[:, order] / spread**self.power
        return self

    def layers(self, features: Any) -> Any:
        """The same in Keras, and scaled to length 1."""
        project = layers.Dense(self.n_components, name="project")
        projected = project(features)
        project.set_weights([self.projection_, -self.mean_ @ self.projection_])
        return layers.UnitNormalization(name="embedding")(projected)


def softened_chances(logits: Any, space: LabelSpace, temperatures: Mapping[str, float]) -> Any:
    """Logits (n, labels) → probabilities, a softmax for each kind at its temperature."""
    chances = [
        layers.Softmax(name=f"{kind}_chances")(logits[:, where] / temperatures[kind])
        for kind, where in space.slices.items()
    ]
    return layers.Concatenate(name="probabilities")(chances) if len(chances) > 1 else chances[0]


class SmallerVGG:
    """The report's network on 96x96 pictures: sigmoid outputs, binary cross-entropy, Adam from 1e-3 down."""

    name = "smallervggnet"
    head: Head = "sigmoid"
    side = VGG_SIDE
    row_shape: tuple[int, ...] = (VGG_SIDE, VGG_SIDE, 3)
    row_dtype: npt.DTypeLike = np.uint8
    batch = BATCH
    augmentation: Changes | None = Augmentation()

    def row(self, image: RGB) -> npt.NDArray[Any]:
        return image

    def network(self, space: LabelSpace, learnt: Examples, epochs: int) -> keras.Model:
        network = smaller_vggnet(len(space), self.side)
        # The report lets the rate fall by lr / epochs a batch, which is next to nothing: from one epoch to the next the
        # same run swung between .58 and .95 of the pictures right. Falling to nothing, it comes to rest.
        rate = keras.optimizers.schedules.CosineDecay(1e-3, epochs * -(-len(learnt) // BATCH))
        accuracy = keras.metrics.MeanMetricWrapper(subset_accuracy, name="accuracy")
        network.compile(keras.optimizers.Adam(rate), "binary_crossentropy", metrics=[accuracy])
        return network

    def order(self, space: LabelSpace, learnt: Examples) -> Order:
        return each_once(learnt)

    def truth(self, space: LabelSpace, targets: Floats, groups: npt.NDArray[np.int64]) -> Any:
        return targets

    def settle(self, network: keras.Model, space: LabelSpace, learnt: Examples) -> keras.Model:
        return network

    def logits(self, network: keras.Model, rows: npt.NDArray[Any]) -> Floats:
        probabilities = np.clip(network.predict(rows, verbose=0).astype(np.float64), 1e-7, 1 - 1e-7)
        return np.asarray(np.log(probabilities) - np.log1p(-probabilities), np.float32)

    def serving(
        self,
        network: keras.Model,
        space: LabelSpace,
        temperatures: Mapping[str, float],
        rows: npt.NDArray[Any],
    ) -> keras.Model:
        kernel, bias = network.get_layer("labels").get_weights()
        softened = layers.Dense(len(space), activation="sigmoid", name="probabilities")
        dense = network.get_layer("norm_dense").output
        features = keras.Model(network.input, dense).predict(rows, verbose=0)
        probabilities = softened(dense)
        scale = np.concatenate(
            [np.full(len(names), temperatures[kind]) for kind, names in space.kinds.items()]
        )
        softened.set_weights([kernel / scale, bias / scale])
        return keras.Model(
            network.input,
            {"probabilities": probabilities, "embedding": Whitener().fit(features).layers(dense)},
        )


class FrozenLite0:
    """EfficientNet-Lite0's 1280 ImageNet features with the picture's palette beside them, and a head per kind.

    All heads are linear on the features but colour's, which looks at the palette: ImageNet taught the trunk to see past
    colour.
    """

    name = "efficientnet-lite0-frozen"
    head: Head = "softmax"
    side = LITE0_SIDE
    row_shape: tuple[int, ...] = (LITE0_FEATURES + PALETTE_SIZE,)
    row_dtype: npt.DTypeLike = np.float32
    batch = BATCH
    augmentation: Changes | None = None

    def __init__(self, num_threads: int = 2) -> None:
        whole = efficientnet_lite0(imagenet_weights())
        parts = [whole.get_layer("features").output, palette(whole.input)]
        self._trunk = keras.Model(whole.input, {"row": layers.Concatenate(name="row")(parts)}, name="trunk")
        # LiteRT runs the trunk several times faster than Keras on a CPU.
        self._run = runner(to_litert(self._trunk, half=False), num_threads)

    def row(self, image: RGB) -> npt.NDArray[Any]:
        (row,) = self._run(image=image[None].astype(np.float32))["row"]
        return np.asarray(row, np.float32)

    def network(self, space: LabelSpace, learnt: Examples, epochs: int) -> keras.Model:
        row = keras.Input(self.row_shape, name="row")
        rows = learnt.rows
        even = layers.Normalization(mean=rows.mean(axis=0), variance=rows.var(axis=0) + 1e-4, name="even")(
            row
        )
        features, colours = even[:, :LITE0_FEATURES], even[:, LITE0_FEATURES:]
        heads = []
        for kind, names in space.kinds.items():
            seen = features
            if kind == "colour":
                seen = layers.Dropout(0.3)(layers.Dense(128, activation="relu", name="mix")(colours))
            heads.append(layers.Dense(len(names), name=kind)(seen))
        logits = layers.Concatenate(name="logits")(heads) if len(heads) > 1 else heads[0]
        network = keras.Model(row, logits, name="heads")
        batches = epochs * -(-len(learnt) // BATCH)
        network.compile(
            keras.optimizers.AdamW(keras.optimizers.schedules.CosineDecay(1e-3, batches), weight_decay=1e-2),
            exclusive_loss(space),
            metrics=[keras.metrics.MeanMetricWrapper(exclusive_accuracy(space), name="accuracy")],
        )
        return network

    def order(self, space: LabelSpace, learnt: Examples) -> Order:
        return each_once(learnt)

    def truth(self, space: LabelSpace, targets: Floats, groups: npt.NDArray[np.int64]) -> Any:
        return targets

    def settle(self, network: keras.Model, space: LabelSpace, learnt: Examples) -> keras.Model:
        return network

    def logits(self, network: keras.Model, rows: npt.NDArray[Any]) -> Floats:
        return np.asarray(network.predict(rows, batch_size=1024, verbose=0), np.float32)

    def serving(
        self,
        network: keras.Model,
        space: LabelSpace,
        temperatures: Mapping[str, float],
        rows: npt.NDArray[Any],
    ) -> keras.Model:
        row = self._trunk.output["row"]
        logits = network(row)
        probabilities = softened_chances(logits, space, temperatures)
        embedding = Whitener().fit(rows[:, :LITE0_FEATURES]).layers(row[:, :LITE0_FEATURES])
        return keras.Model(self._trunk.input, {"probabilities": probabilities, "embedding": embedding})
