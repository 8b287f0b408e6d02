"""The two networks, in Keras: the report's SmallerVGGNet, and EfficientNet-Lite0.

Both take RGB as it is stored, float32 0..255, shape (n, side, side, 3): the scaling is their first layer, so a network
that leaves here as LiteRT needs no recipe beside it.
"""

from collections.abc import Mapping
from typing import Any, Literal

import cv2
import keras
import numpy as np
import numpy.typing as npt
from keras import layers, ops
from sklearn.cluster import MiniBatchKMeans

LITE0_SIDE = 224
LITE0_FEATURES = 1280

# Kernel, stride, expansion, filters out, repeats: Tan & Le, EfficientNet, 2019, table 1. Lite drops
# squeeze-and-excitation and replaces swish by ReLU6.
_LITE0_STAGES = (
    (3, 1, 1, 16, 1),
    (3, 2, 6, 24, 2),
    (5, 2, 6, 40, 2),
    (3, 2, 6, 80, 3),
    (5, 1, 6, 112, 3),
    (5, 2, 6, 192, 4),
    (3, 1, 6, 320, 1),
)
# Small sets have few batches in an epoch; Keras's .99 would leave the running means an epoch or two behind the weights.
_VGG_MOMENTUM = 0.9


def smaller_vggnet(
    n_labels: int, input_size: int = 96, head: Literal["sigmoid", "softmax"] = "sigmoid"
) -> keras.Model:
    """The report's network: a VGG (Simonyan & Zisserman, 2014) cut down to five convolutions and one dense layer.

    Convolution 32 → pool 3; 2 x 64 → pool 2; 2 x 128 → pool 2; dense 1024. Each convolution is followed by ReLU and
    batch normalisation, each pool by dropout .25, the dense layer by dropout .5.
    """
    image = keras.Input((input_size, input_size, 3), name="image")
    x = layers.Rescaling(1 / 255, name="scale")(image)
    for block, (filters, convolutions, pool) in enumerate(((32, 1, 3), (64, 2, 2), (128, 2, 2)), start=1):
        for convolution in range(1, convolutions + 1):
            x = layers.Conv2D(filters, 3, padding="same", name=f"conv{block}_{convolution}")(x)
            x = layers.Activation("relu", name=f"relu{block}_{convolution}")(x)
            x = layers.BatchNormalization(momentum=_VGG_MOMENTUM, name=f"norm{block}_{convolution}")(x)
        x = layers.MaxPooling2D(pool, name=f"pool{block}")(x)
        x = layers.Dropout(0.25, name=f"drop{block}")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(1024, name="dense")(x)
    x = layers.Activation("relu", name="relu_dense")(x)
    x = layers.BatchNormalization(momentum=_VGG_MOMENTUM, name="norm_dense")(x)
    x = layers.Dropout(0.5, name="drop_dense")(x)
    labels = layers.Dense(n_labels, activation=head, name="labels")(x)
    return keras.Model(image, labels, name="smallervggnet")


def efficientnet_lite0(
    weights: Mapping[str, npt.NDArray[Any]] | None = None, side: int = LITE0_SIDE
) -> keras.Model:
    """EfficientNet-Lite0 up to its 1000 ImageNet logits; the pooled features (n, 1280) are the layer ``features``.

    ``weights`` are tensors under PyTorch's names, as ``lite0_weights.imagenet_weights`` reads them; None leaves the
    network untrained. "Same" padding is TensorFlow's (the odd pixel goes right and below), as in the original.
    """
    image = keras.Input((side, side, 3), name="image")
    x = layers.Rescaling(1 / 128, offset=-127 / 128, name="scale")(image)
    x = _convolve(x, "_conv_stem", "_bn0", filters=32, kernel=3, stride=2)
    block = 0
    for kernel, stride, expansion, filters, repeats in _LITE0_STAGES:
        for repeat in range(repeats):
            x = _inverted_bottleneck(
                x, f"_blocks.{block}", kernel, stride if repeat == 0 else 1, expansion, filters
            )
            block += 1
    x = _convolve(x, "_conv_head", "_bn1", filters=LITE0_FEATURES, kernel=1)
    x = layers.GlobalAveragePooling2D(name="features")(x)
    logits = layers.Dense(1000, name="fc")(x)
    network = keras.Model(image, logits, name="efficientnet_lite0")
    if weights is not None:
        _take_torch_weights(network, weights)
    return network


def _convolve(
    x: Any, name: str, norm: str, filters: int, kernel: int, stride: int = 1, relu: bool = True
) -> Any:
    x = layers.Conv2D(filters, kernel, stride, padding="same", use_bias=False, name=_keras_name(name))(x)
    x = layers.BatchNormalization(epsilon=1e-3, momentum=0.99, name=_keras_name(norm))(x)
    return layers.ReLU(6.0, name=_keras_name(f"{name}.relu"))(x) if relu else x


def _inverted_bottleneck(x: Any, name: str, kernel: int, stride: int, expansion: int, filters: int) -> Any:
    """MBConv (Sandler et al., MobileNetV2, 2018): widen, filter each channel, narrow; a skip where the shape allows."""
    inputs, channels = x, x.shape[-1]
    if expansion != 1:
        x = _convolve(x, f"{name}._expand_conv", f"{name}._bn0", channels * expansion, kernel=1)
    depthwise = f"{name}._depthwise_conv"
    x = layers.DepthwiseConv2D(kernel, stride, padding="same", use_bias=False, name=_keras_name(depthwise))(x)
    x = layers.BatchNormalization(epsilon=1e-3, momentum=0.99, name=_keras_name(f"{name}._bn1"))(x)
    x = layers.ReLU(6.0, name=_keras_name(f"{depthwise}.relu"))(x)
    x = _convolve(x, f"{name}._project_conv", f"{name}._bn2", filters, kernel=1, relu=False)
    if stride == 1 and channels == filters:
        x = layers.Add(name=_keras_name(f"{name}.skip"))([x, inputs])
    return x


def _keras_name(torch_name: str) -> str:
    return torch_name.lstrip("_")  # TensorFlow takes no name that begins with an underscore


def _take_torch_weights(network: keras.Model, weights: Mapping[str, npt.NDArray[Any]]) -> None:
    """Put PyTorch's tensors into the layers of the same name, turned to Keras's layout. Nothing may be left over."""
    modules = {_keras_name(name.rpartition(".")[0]): name.rpartition(".")[0] for name in weights}
    used = {
        name for name in weights if name.endswith("num_batches_tracked")
    }  # a counter of training, no weight
    for layer in network.layers:
        if not layer.weights:
            continue
        module = modules[layer.name]
        if isinstance(layer, layers.BatchNormalization):
            names = [f"{module}.{part}" for part in ("weight", "bias", "running_mean", "running_var")]
            layer.set_weights([weights[name] for name in names])
        elif isinstance(layer, layers.Dense):
            names = [f"{module}.weight", f"{module}.bias"]
            layer.set_weights([weights[names[0]].T, weights[names[1]]])
        else:
            names = [f"{module}.weight"]
            # (out, in, h, w) → (h, w, in, out); a depthwise filter (channels, 1, h, w) → (h, w, channels, 1)
            turn = (2, 3, 0, 1) if isinstance(layer, layers.DepthwiseConv2D) else (2, 3, 1, 0)
            layer.set_weights([np.transpose(weights[names[0]], turn)])
        used.update(names)
    if left := set(weights) - used:
        raise ValueError(f"weights without a layer: {', '.join(sorted(left)[:5])}")


_PALETTE_STEPS = 4
PALETTE_SIZE = 2 * _PALETTE_STEPS**3
_PALETTE_SHARPNESS = 60.0


def palette(image: Any) -> Any:
    """How much of each of 64 colours a picture holds: (n, side, side, 3) → (n, 128), the whole, then its middle.

    Square roots make the shares comparable by differences (Hellinger).
    """
    shares = colour_shares(image)
    whole = layers.GlobalAveragePooling2D(name="palette_whole")(shares)
    middle = layers.GlobalAveragePooling2D(name="palette_middle")(
        layers.Cropping2D(shares.shape[1] // 4, name="palette_crop")(shares)
    )
    return keras.ops.sqrt(layers.Concatenate(name="palette_both")([whole, middle]) + 1e-6)


def colour_shares(image: Any) -> Any:
    """Which of 64 colours each place of a picture has: (n, side, side, 3) → (n, side / 8, side / 8, 64), sums of 1.

    The picture is averaged down eightfold and each cell is shared out among the nearest colours of a 4 x 4 x 4 grid in
    RGB, by softmax of the negative squared distance. All of it is one small convolution, so it can stand inside the
    served graph.
    """
    steps = np.linspace(0, 1, _PALETTE_STEPS)
    grid = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(-1, 3)
    nearest = layers.Conv2D(len(grid), 1, activation="softmax", trainable=False, name="palette")
    small = layers.AveragePooling2D(8, name="palette_cells")(
        layers.Rescaling(1 / 255, name="palette_scale")(image)
    )
    # -s |x - p|² = 2s x·p - s |p|² - s |x|², and softmax does not see what all colours have in common.
    nearest.build(small.shape)
    nearest.set_weights(
        [2 * _PALETTE_SHARPNESS * grid.T[None, None], -_PALETTE_SHARPNESS * (grid**2).sum(axis=1)]
    )
    return nearest(small)


_SHADE_SPREAD = 6.0  # Lab units: two shades so far apart are told apart
# Linear RGB → XYZ over the white of daylight (IEC 61966-2-1, D65).
_XYZ = np.array(
    [[0.412453, 0.35758, 0.180423], [0.212671, 0.71516, 0.072169], [0.019334, 0.119193, 0.950227]]
)
_WHITE = np.array([0.950456, 1.0, 1.088754])


def common_shades(pictures: npt.NDArray[np.uint8], n: int, seed: int = 0) -> npt.NDArray[np.float32]:
    """The ``n`` colours in CIE Lab, (n, 3), that the pixels of pictures (m, side, side, 3) gather around.

    White paper is everywhere in shop photos and would take most of them: it is drawn ten times less often.
    """
    rng = np.random.default_rng(seed)
    sample = rng.integers(0, len(pictures), 60_000)
    row, column = rng.integers(0, pictures.shape[1], (2, 60_000))
    drawn = np.stack([pictures[i][r, c] for i, r, c in zip(sample, row, column, strict=True)])
    lab = cv2.cvtColor(drawn[None].astype(np.float32) / 255, cv2.COLOR_RGB2LAB)[0]
    lab = lab[(lab[:, 0] < 97) | (rng.random(len(lab)) < 0.1)]
    return np.asarray(MiniBatchKMeans(n, random_state=seed, n_init=1).fit(lab).cluster_centers_, np.float32)


def garment_shades(image: Any, shades: npt.NDArray[np.float32]) -> Any:
    """How much of each of ``shades`` (k, 3) in Lab a picture holds: (n, side, side, 3) → (n, 3 k).

    Thrice: the garment, the whole picture, its middle. What the picture's edge is made of counts as ground and is taken
    from the garment by back-projection (Swain & Ballard, Color Indexing, 1991). The picture is averaged down eightfold;
    square roots make the shares comparable by differences.
    """
    small = layers.AveragePooling2D(8, name="shade_cells")(
        layers.Rescaling(1 / 255, name="shade_scale")(image)
    )
    cells = small.shape[1] * small.shape[2]
    lab = _lab(layers.Reshape((cells, 3), name="shade_list")(small))
    # -|x - s|² = 2 x·s - |s|² - |x|², and softmax does not see what all shades have in common.
    nearness = (2 * ops.matmul(lab, shades.T) - (shades**2).sum(axis=1)) / (2 * _SHADE_SPREAD**2)
    shares = ops.softmax(nearness, axis=-1)
    edge, middle = np.ones((2, small.shape[1], small.shape[2]), np.float32)
    edge[1:-1, 1:-1] = 0
    quarter = small.shape[1] // 4
    middle[:quarter] = middle[-quarter:] = middle[:, :quarter] = middle[:, -quarter:] = 0
    whole = ops.mean(shares, axis=1)
    ground = ops.sum(shares * (edge.reshape(-1, 1) / edge.sum()), axis=1)
    of_garment = ops.relu(1 - ground / (whole + 1e-6))
    weights = ops.sum(shares * ops.expand_dims(of_garment, 1), axis=2, keepdims=True)
    garment = ops.sum(weights * shares, axis=1) / (ops.sum(weights, axis=1) + 1e-6)
    in_middle = ops.sum(shares * (middle.reshape(-1, 1) / middle.sum()), axis=1)
    return ops.sqrt(ops.concatenate([garment, whole, in_middle], axis=-1) + 1e-6)


def _lab(rgb: Any) -> Any:
    """sRGB 0..1 (n, cells, 3) → CIE Lab."""
    linear = ops.where(
        rgb > 0.04045, ops.power((ops.maximum(rgb, 0.04045) + 0.055) / 1.055, 2.4), rgb / 12.92
    )
    xyz = ops.matmul(linear, (_XYZ / _WHITE[:, None]).T.astype(np.float32))
    root = ops.where(xyz > 0.008856, ops.power(ops.maximum(xyz, 0.008856), 1 / 3), 7.787 * xyz + 16 / 116)
    x, y, z = root[..., 0:1], root[..., 1:2], root[..., 2:3]
    return ops.concatenate([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)
