"""EfficientNet-Lite0 turned to clothes: one network, an answer for each kind of label, and an embedding for likeness.

The embedding is the report's "second network that models the similarity of a pair of pictures": trained on pairs by a
contrastive loss, on the trunk that also names what it sees.
"""

from collections.abc import Callable, Mapping
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from keras import layers, ops

from catalog.drawing.photo import background
from catalog.images import RGB
from vision.augmentation import PhotoAugmentation
from vision.backbones import EMBEDDING_SIZE, Backbone, Floats, FrozenLite0, Head, SmallerVGG, softened_chances
from vision.fitting import Changes, Examples, Order, balanced_pairs, exclusive_accuracy, exclusive_loss
from vision.labels import LabelSpace
from vision.lite0_weights import imagenet_weights
from vision.litert_export import runner, to_litert
from vision.networks import colour_shares, common_shades, efficientnet_lite0, garment_shades

SIDE = 160
COLOUR_KINDS = ("colour", "family")
# Up to here (stride 8) the ImageNet filters stay: edges and textures of clothes are those of everything, and training
# is a third faster.
LAST_FROZEN = "blocks.4."
PLACES, LOCAL = (
    "blocks.10.skip",
    "blocks.4.skip",
)  # stride 16: where the garment is; stride 8: what its surface is like
TEMPERATURE = 0.1
# The heads are fitted in as many epochs as this, or in as many as make so many batches.
HEAD_EPOCHS, HEAD_BATCHES, HEAD_BATCH = 12, 1500, 256
HEAD_RATE = 1e-3
HEAD_MEMBERS = 3  # answer together: the colour family of small pictures .717 instead of .708
SHADES = 128
MANY_PAIRS = 200
ALIKE = 0.25  # what another thing of the same type is worth as a partner, where the same thing is worth 1
RATE = 6e-4


class TunedLite0:
    """The trunk with frozen batch norm, fine-tuned from stride 16 on, at 160 x 160.

    Trunk and embedding learn from changed pictures, together with heads that only guide them. The heads that answer are
    fitted afterwards, to the pictures as they are: brightness tells white from grey, and a changed picture has lost it.
    On held-out shop photos that took colour families from 60 to 71 % and gender from 86 to 91 %.
    """

    name = "efficientnet-lite0"
    head: Head = "softmax"
    side = SIDE
    row_shape: tuple[int, ...] = (SIDE, SIDE, 3)
    row_dtype: npt.DTypeLike = np.uint8
    batch = 64

    def __init__(self) -> None:
        self.augmentation: Changes | None = PhotoAugmentation(grounds=_grounds(48))

    def row(self, image: RGB) -> npt.NDArray[Any]:
        return image

    def network(self, space: LabelSpace, learnt: Examples, epochs: int) -> keras.Model:
        network = several_answers(space, efficientnet_lite0(imagenet_weights(), SIDE))
        n_batches = max(1, epochs) * -(
            -len(self.order(space, learnt)(np.random.default_rng(0))) // self.batch
        )
        rate = keras.optimizers.schedules.CosineDecay(
            RATE / 20, n_batches, warmup_target=RATE, warmup_steps=min(400, n_batches // 5)
        )
        accuracy = keras.metrics.MeanMetricWrapper(exclusive_accuracy(space), name="accuracy")
        network.compile(
            keras.optimizers.AdamW(rate, weight_decay=2e-2, global_clipnorm=5.0),
            loss={"logits": exclusive_loss(space), "embedding": pair_loss},
            metrics={"logits": [accuracy]},
        )
        return network

    def order(self, space: LabelSpace, learnt: Examples) -> Order:
        return balanced_pairs(learnt, _types(space))

    def truth(self, space: LabelSpace, targets: Floats, groups: npt.NDArray[np.int64]) -> Any:
        pairs = np.column_stack([groups.astype(np.float32), targets[:, _types(space)]])
        return {"logits": targets, "embedding": pairs}

    def settle(self, network: keras.Model, space: LabelSpace, learnt: Examples) -> keras.Model:
        features = network.get_layer("features").output
        shades = garment_shades(network.input, common_shades(learnt.rows, SHADES))
        colours = layers.Concatenate(name="seen_colours")([network.get_layer("colours").output, shades])
        # LiteRT runs the trunk several times faster than Keras on a CPU.
        seen = keras.Model(network.input, {"features": features, "colours": colours})
        run = runner(to_litert(seen, half=False), num_threads=2)
        answers = [run(image=row[None].astype(np.float32)) for row in learnt.rows]
        known = {
            name: np.concatenate([answer[name] for answer in answers]) for name in ("features", "colours")
        }
        heads = fit_heads(known["features"], known["colours"], space, learnt)
        outputs = {"logits": heads([features, colours]), "embedding": network.output["embedding"]}
        return keras.Model(network.input, outputs, name="settled")

    def logits(self, network: keras.Model, rows: npt.NDArray[Any]) -> Floats:
        return np.asarray(network.predict(rows, batch_size=128, verbose=0)["logits"], np.float32)

    def serving(
        self,
        network: keras.Model,
        space: LabelSpace,
        temperatures: Mapping[str, float],
        rows: npt.NDArray[Any],
    ) -> keras.Model:
        probabilities = softened_chances(network.output["logits"], space, temperatures)
        embedding = network.output["embedding"]
        return keras.Model(network.input, {"probabilities": probabilities, "embedding": embedding})


def several_answers(space: LabelSpace, lite0: keras.Model) -> keras.Model:
    """A network from pictures (n, side, side, 3) to ``logits`` (n, labels) and ``embedding`` (n, 128) of length 1.

    Type, category, gender and the like are linear on the trunk's features. Colour is read elsewhere: from the picture's
    own colours and the first filters' answers, averaged with an attention that learns where the garment is, so that the
    floor's colour counts little. These heads guide the training; ``fit_heads`` makes those that answer.
    """
    frozen = True
    for layer in lite0.layers:
        layer.trainable = not frozen and not isinstance(layer, layers.BatchNormalization)
        if layer.name == LOCAL:
            frozen = False
    features = layers.Dropout(0.25, name="drop_features")(lite0.get_layer("features").output)
    colours = layers.Dropout(0.25, name="drop_colours")(_garment_colours(lite0))
    heads = [
        layers.Dense(len(names), name=kind)(colours if kind in COLOUR_KINDS else features)
        for kind, names in space.kinds.items()
    ]
    logits = layers.Concatenate(name="logits")(heads) if len(heads) > 1 else heads[0]
    projected = layers.Dense(EMBEDDING_SIZE, name="project")(lite0.get_layer("features").output)
    embedding = layers.UnitNormalization(name="embedding")(projected)
    return keras.Model(lite0.input, {"logits": logits, "embedding": embedding}, name="several_answers")


def fit_heads(features: Floats, colours: Floats, space: LabelSpace, learnt: Examples) -> keras.Model:
    """A head for each kind of label on the trunk's features (n, f) and colours (n, c) → logits (n, labels).

    Linear but for colour's, which has a hidden layer. It mixes both where there are many pairs of type and colour to
    learn from: what is called navy on jeans is called blue on shirts. From few, the features would teach it by heart
    that shirts are blue, so there it sees the colours alone: a red shirt is red even if every shirt so far was blue.
    Pictures of small sources count more, by the root of their number. ``HEAD_MEMBERS`` heads are fitted from starts of
    their own, and their logits averaged.
    """

    def evened(values: Floats, name: str) -> Any:
        spread = {"mean": values.mean(axis=0), "variance": values.var(axis=0) + 1e-4}
        given = keras.Input(values.shape[1:], name=name)
        return given, layers.Normalization(**spread, name=f"even_{name}")(given)

    seen, even_features = evened(features, "features_given")
    shades, even_colours = evened(colours, "colours_given")
    mixes = _n_pairs(space, learnt.targets) >= MANY_PAIRS

    def member() -> Any:
        of_features, of_colours = layers.Dropout(0.3)(even_features), layers.Dropout(0.3)(even_colours)
        both = layers.Concatenate()([of_colours, of_features]) if mixes else of_colours
        mixed = layers.Dropout(0.3)(layers.Dense(256, activation="relu")(both))
        answers = [
            layers.Dense(len(names))(mixed if kind in COLOUR_KINDS else of_features)
            for kind, names in space.kinds.items()
        ]
        return layers.Concatenate()(answers) if len(answers) > 1 else answers[0]

    members = [member() for _ in range(HEAD_MEMBERS)]
    heads = keras.Model([seen, shades], members, name="heads")
    n_batches = -(-len(features) // HEAD_BATCH)
    epochs = max(HEAD_EPOCHS, -(-HEAD_BATCHES // n_batches))
    rate = keras.optimizers.schedules.CosineDecay(HEAD_RATE, epochs * n_batches)
    heads.compile(keras.optimizers.AdamW(rate, weight_decay=0.05), [exclusive_loss(space)] * HEAD_MEMBERS)
    weights = 1 / np.sqrt(np.bincount(learnt.sources)[learnt.sources])
    heads.fit(
        [features, colours],
        [learnt.targets] * HEAD_MEMBERS,
        sample_weight=[weights / weights.mean()] * HEAD_MEMBERS,
        batch_size=HEAD_BATCH,
        epochs=epochs,
        verbose=0,
    )
    return keras.Model([seen, shades], layers.Average(name="answers")(members), name="averaged_heads")


def _n_pairs(space: LabelSpace, targets: Floats) -> int:
    """How many pairs of type and colour there are among the pictures that carry both; 0 where a kind is not learnt."""
    if not {"type", "colour"} <= space.kinds.keys():
        return 0
    types, colours = targets[:, space.slices["type"]], targets[:, space.slices["colour"]]
    known = (types.any(axis=1)) & (colours.any(axis=1))
    return len(np.unique(np.hstack([types, colours])[known], axis=0))


def _garment_colours(lite0: keras.Model) -> Any:
    """The colours of the garment and its surroundings, and how its surface answers to the first filters: the layer
    ``colours``, (n, 232), mixed by a dense layer, (n, 192)."""
    places = lite0.get_layer(PLACES).output
    cells = places.shape[1] * places.shape[2]
    attention = layers.Softmax(axis=1, name="garment")(
        layers.Reshape((cells, 1))(layers.Conv2D(1, 1, name="look_for_garment")(places))
    )
    shares = layers.AveragePooling2D(2, name="shares")(colour_shares(lite0.input))
    surface = layers.AveragePooling2D(2, name="surface")(lite0.get_layer(LOCAL).output)
    local = layers.Concatenate(name="local")([shares, surface])
    local = layers.Reshape((cells, local.shape[-1]))(local)
    of_garment = ops.sum(attention * local, axis=1)
    n_colours = shares.shape[-1]
    of_all = layers.GlobalAveragePooling2D(name="palette_whole")(shares)
    middle = layers.Cropping2D(shares.shape[1] // 4, name="palette_crop")(shares)
    of_middle = layers.GlobalAveragePooling2D(name="palette_middle")(middle)
    counted = ops.sqrt(ops.concatenate([of_garment[:, :n_colours], of_middle, of_all], axis=-1) + 1e-6)
    seen = layers.Concatenate(name="colours")([counted, of_garment[:, n_colours:]])
    return layers.Dense(192, activation="relu", name="mix_colours")(seen)


def pair_loss(pairs: Any, embedding: Any) -> Any:
    """Draw together what shows the same thing, and less what is of the same type; push the rest of the batch apart.

    Supervised contrastive loss (Khosla et al., "Supervised Contrastive Learning", 2020) with graded partners: cross
    entropy between the softmax of the cosines over a temperature and the shares of the partners. Chosen over triplets
    (Wang et al., "Learning Fine-grained Image Similarity with Deep Ranking", 2014) because every picture of the batch
    is a negative of every other, without mining.

    Args:
        pairs: (n, 1 + types): the group of each picture, then 1 for each type it may be of.
        embedding: (n, d), of length 1.
    """
    myself = ops.eye(ops.shape(embedding)[0])
    groups, types = pairs[:, :1], pairs[:, 1:]
    same = ops.cast(ops.equal(groups, ops.transpose(groups)), "float32")
    types = types / (ops.norm(types, axis=1, keepdims=True) + 1e-6)
    alike = ops.matmul(types, ops.transpose(types))
    partners = (same + ALIKE * alike * (1 - same)) * (1 - myself)
    total = ops.sum(partners, axis=1, keepdims=True)
    cosines = ops.matmul(embedding, ops.transpose(embedding)) / TEMPERATURE - 1e9 * myself
    chances = ops.log_softmax(cosines, axis=1) * (1 - myself)
    return -ops.sum(partners / (total + 1e-6) * chances, axis=1)


def _types(space: LabelSpace) -> slice:
    """Where the labels lie that tell what a thing is; all of them where no kind is called type."""
    return space.slices.get("type", slice(0, len(space)))


def _grounds(n: int) -> list[RGB]:
    """Floors, sheets, carpets and plain walls of many colours to photograph garments on."""
    rng = np.random.default_rng(7)
    drawn = [np.clip(background(SIDE, SIDE, rng), 0, 255).astype(np.uint8) for _ in range(n)]
    flat = [np.full((SIDE, SIDE, 3), rng.integers(0, 256, 3), np.uint8) for _ in range(n // 2)]
    return drawn + flat


def backbone_called(name: str) -> Backbone:
    """The backbone of that name, ready to make rows."""
    backbones: dict[str, Callable[[], Backbone]] = {
        SmallerVGG.name: SmallerVGG,
        FrozenLite0.name: FrozenLite0,
        TunedLite0.name: TunedLite0,
    }
    return backbones[name]()
