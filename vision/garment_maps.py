"""The network that says for every fourth pixel which garment it belongs to, and its training. Keras.

EfficientNet-Lite0's trunk up to stride 16, its finer features added on the way back up (Lin et al., Feature Pyramid
Networks for Object Detection, 2017). Its coarsest features look around with dilated filters (Chen et al., Rethinking
Atrous Convolution, 2017), so that a skirt knows of the blouse above it.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from keras import layers, ops

from vision.detection import CLASSES, SIDE
from vision.detection_data import CutOut, Example, compose, vary
from vision.fitting import Checkpoint, Epoch
from vision.lite0_weights import imagenet_weights
from vision.litert_export import to_litert
from vision.model_files import DETECTOR, DETECTOR_HELD_OUT, add_detector
from vision.networks import efficientnet_lite0

CHECKPOINT = "detector-checkpoint.safetensors"
BATCH = 16
TRAINED_SHAPE = (256, 192)  # height and width: street photos are upright
STRIDE = 4
# The last layer of the trunk at strides 4, 8 and 16.
TRUNK_LEVELS = ("blocks.2.skip", "blocks.4.skip", "blocks.10.skip")
FROZEN_UNTIL = (
    "blocks.4.skip"  # edges and textures are ImageNet's own; leaving them halves the time of a batch
)
WIDTH = 96
PEAK_RATE = 6e-4
# Small things are few pixels: without weight the network does best to see no belts at all.
CLASS_WEIGHTS = np.array([0.6, 1, 1, 1, 1, 1, 1.5, 1.5, 1.5, 2, 1.5, 2, 1.5, 2], np.float32)

Progress = Callable[[Iterable[Any], str], Iterable[Any]]


@dataclass(frozen=True)
class DetectorRecipe:
    """What a run is asked to do. ``pasted`` pictures are composed anew in each epoch beside the street photos."""

    epochs: int
    seed: int = 1
    pasted: int = 500


def garment_network() -> keras.Model:
    """image (n, height, width, 3), 0..255, sides multiples of 16 → logits (n, height / 4, width / 4, classes).

    Batch normalisation of the trunk stays as ImageNet left it: with small batches its own means would be noise.
    """
    lite0 = efficientnet_lite0(imagenet_weights())
    levels = keras.Model(lite0.input, [lite0.get_layer(name).output for name in TRUNK_LEVELS])
    image = keras.Input((None, None, 3), name="image")
    trunk = keras.models.clone_model(levels, input_tensors=image)
    trunk.set_weights(levels.get_weights())
    frozen = True
    for layer in trunk.layers:
        layer.trainable = not frozen and not isinstance(layer, layers.BatchNormalization)
        frozen = frozen and layer.name != FROZEN_UNTIL
    fine, middle, coarse = trunk.outputs
    x = _convolve(coarse, WIDTH, "coarse")
    around = [x]
    for rate in (2, 5):
        wider = layers.DepthwiseConv2D(3, padding="same", dilation_rate=rate, name=f"around_{rate}")(x)
        around.append(_convolve(wider, WIDTH, f"around_{rate}_mix"))
    x = layers.Add(name="context")(around)
    for name, finer, width in (("middle", middle, WIDTH), ("fine", fine, 64)):
        x = layers.UpSampling2D(2, interpolation="bilinear", name=f"{name}_up")(
            _convolve(x, width, f"{name}_from")
        )
        x = layers.Add(name=f"{name}_join")([x, _convolve(finer, width, f"{name}_side")])
        x = layers.DepthwiseConv2D(5, padding="same", use_bias=False, name=f"{name}_spread")(x)
        x = _convolve(x, width, f"{name}_mix")
    logits = layers.Conv2D(len(CLASSES), 1, name="classes")(x)
    return keras.Model(image, logits, name="garment_map")


def _convolve(x: Any, width: int, name: str) -> Any:
    x = layers.Conv2D(width, 1, use_bias=False, name=name)(x)
    x = layers.BatchNormalization(momentum=0.95, name=f"{name}_norm")(x)
    return layers.ReLU(6.0, name=f"{name}_relu")(x)


def map_loss(truth: Any, logits: Any) -> Any:
    """Weighted cross-entropy per pixel, and the soft Dice loss (Milletari et al., V-Net, 2016) per class of a batch,
    which small classes feel as much as large ones."""
    truth = ops.cast(truth, "int32")
    right = ops.one_hot(truth, len(CLASSES))
    weights = ops.take(ops.convert_to_tensor(CLASS_WEIGHTS), truth)
    entropy = -ops.sum(right * ops.log_softmax(logits, axis=-1), axis=-1) * weights
    chances = ops.softmax(logits, axis=-1)
    both = ops.sum(chances * right, axis=(0, 1, 2))
    either = ops.sum(chances, axis=(0, 1, 2)) + ops.sum(right, axis=(0, 1, 2))
    there = ops.cast(ops.sum(right, axis=(0, 1, 2)) > 0, "float32")
    dice = ops.sum(there * (1 - (2 * both + 1) / (either + 1))) / ops.maximum(ops.sum(there), 1.0)
    return ops.mean(entropy) + 0.5 * dice


class _Views(keras.utils.PyDataset):
    """One epoch: each street photo once, and garments pasted anew, shuffled, each varied."""

    def __init__(
        self,
        street: Sequence[Example],
        pieces: Sequence[CutOut],
        grounds: Sequence[npt.NDArray[np.uint8]],
        pasted: int,
        seed: tuple[int, int],
    ) -> None:
        super().__init__()
        self._street, self._pieces, self._grounds = street, pieces, grounds
        self._seed = seed
        n = len(street) + (pasted if pieces else 0)
        self._order = np.random.default_rng(seed).permutation(n)

    def __len__(self) -> int:
        return -(-len(self._order) // BATCH)

    def __getitem__(self, index: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.uint8]]:
        rng = np.random.default_rng((*self._seed, index))
        pairs = []
        for i in self._order[index * BATCH : (index + 1) * BATCH]:
            if i < len(self._street):
                example = self._street[i]
            else:
                example = compose(self._pieces, self._grounds, TRAINED_SHAPE, rng)
            pairs.append(vary(example, TRAINED_SHAPE, rng))
        images = np.stack([image for image, _ in pairs]).astype(np.float32)
        return images, np.stack([coarse_labels(labels) for _, labels in pairs])


def coarse_labels(labels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The class in the middle of each cell of the map: (h, w) → (h / 4, w / 4)."""
    return labels[STRIDE // 2 :: STRIDE, STRIDE // 2 :: STRIDE]


def train_garment_map(
    street: Sequence[Example],
    held_out: Sequence[str],
    pieces: Sequence[CutOut],
    grounds: Sequence[npt.NDArray[np.uint8]],
    recipe: DetectorRecipe,
    folder: Path,
    progress: Progress,
) -> dict[str, Any]:
    """Train, write the detector beside the classifier in ``folder`` and put it into the manifest.

    ``held_out`` names the photos that were kept from ``street``; they are written down, so that measuring can keep to
    them. An interrupted run goes on when it is started again with the same input.
    """
    keras.utils.set_random_seed(recipe.seed)
    network = garment_network()
    batches = len(_Views(street, pieces, grounds, recipe.pasted, (recipe.seed, 0)))
    steps = recipe.epochs * batches
    warm = min(steps // 10, 100)
    rate = keras.optimizers.schedules.CosineDecay(
        1e-5, max(1, steps - warm), warmup_target=PEAK_RATE, warmup_steps=max(1, warm)
    )
    network.compile(keras.optimizers.AdamW(rate, weight_decay=1e-3), map_loss)
    names = [example.name for example in street]
    settings = hashlib.sha256(json.dumps([asdict(recipe), names, len(pieces)]).encode()).hexdigest()[:16]
    checkpoint = Checkpoint(folder / CHECKPOINT, settings)
    history = checkpoint.restore(network)
    for number in progress(range(len(history), recipe.epochs), "epochs"):
        views = _Views(street, pieces, grounds, recipe.pasted, (recipe.seed, number))
        fitted = network.fit(views, shuffle=False, verbose=0)
        epoch: Epoch = {"loss": float(fitted.history["loss"][0])}
        history.append(epoch)
        checkpoint.save(network, history)
    (folder / DETECTOR).write_bytes(to_litert(serving(network)))
    (folder / DETECTOR_HELD_OUT).write_text(json.dumps(sorted(held_out)) + "\n")
    about = {"recipe": asdict(recipe), "street_photos": len(street), "cut_outs": len(pieces)}
    version = add_detector(folder, about)
    checkpoint.file.unlink(missing_ok=True)
    return {
        "version": version,
        "epochs": len(history),
        "train_images": len(street),
        "held_out": len(held_out),
        "cut_outs": len(pieces),
        "losses": [round(epoch["loss"], 4) for epoch in history],
    }


def serving(network: keras.Model) -> keras.Model:
    """image (1, 320, 320, 3) → ``classes`` (1, 80, 80, classes), probabilities."""
    image = keras.Input((SIDE, SIDE, 3), batch_size=1, name="image")
    return keras.Model(image, {"classes": layers.Softmax(name="chances")(network(image))})
