import io
import pickle

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from catalog.images import decode_image
from tests.conftest import SHARED_DATA
from vision.inference import square
from vision.lite0_weights import WeightsError, imagenet_weights, read_torch_file
from vision.networks import efficientnet_lite0

STRIDES = (1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1)
RUNNING_SHOE = 770  # its number among the thousand classes of ImageNet


@pytest.fixture(scope="module")
def weights() -> dict[str, np.ndarray]:
    return imagenet_weights()


@pytest.fixture(scope="module")
def network(weights: dict[str, np.ndarray]):
    return efficientnet_lite0(weights)


class _Forbidden:
    def __reduce__(self):
        return (print, ("this code ran",))


def _torch_file(tensors: object) -> io.BytesIO:
    parts = (0x1950A86A20F9469CFC6C, 1001, {"little_endian": True}, tensors, [])
    return io.BytesIO(b"".join(pickle.dumps(part, protocol=2) for part in parts))


def test_a_file_that_would_run_code_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(WeightsError, match=r"print, which is no part of a tensor"):
        read_torch_file(_torch_file({"weight": _Forbidden()}))

    assert capsys.readouterr().out == ""


def test_a_file_of_another_kind_is_refused() -> None:
    with pytest.raises(WeightsError):
        read_torch_file(io.BytesIO(b"PK\x03\x04 a zip, as PyTorch writes today"))


def test_a_file_that_ends_too_early_is_refused() -> None:
    with pytest.raises(WeightsError):
        read_torch_file(io.BytesIO(_torch_file({}).getvalue()[:-20]))


def test_the_wheel_holds_the_published_network(weights: dict[str, np.ndarray]) -> None:
    learnt = [name for name in weights if "running" not in name and "num_batches" not in name]

    assert sum(weights[name].size for name in learnt) == 4_652_008  # 4.7 million, as published
    assert all((weights[name] >= 0).all() for name in weights if name.endswith("running_var"))


def _convolve(x: np.ndarray, filters: np.ndarray, stride: int) -> np.ndarray:
    """PyTorch's convolution with TensorFlow's "same" padding; x (channels, h, w), filters (out, in / groups, k, k)."""
    k = filters.shape[-1]
    missing = max((-(-x.shape[1] // stride) - 1) * stride + k - x.shape[1], 0)
    padded = np.pad(x, ((0, 0), *[(missing // 2, missing - missing // 2)] * 2))
    windows = sliding_window_view(padded, (k, k), axis=(1, 2))[:, ::stride, ::stride]
    if filters.shape[1] == 1 < x.shape[0]:
        return np.einsum("chwij,cij->chw", windows, filters[:, 0])
    return np.einsum("chwij,ocij->ohw", windows, filters, optimize=True)


def _by_hand(weights: dict[str, np.ndarray], image: np.ndarray) -> np.ndarray:
    """The network's forward pass once more, in NumPy, from PyTorch's own names and layouts."""

    def layer(x: np.ndarray, convolution: str, norm: str, stride: int = 1, relu: bool = True) -> np.ndarray:
        x = _convolve(x, weights[f"{convolution}.weight"], stride)
        scale = weights[f"{norm}.weight"] / np.sqrt(weights[f"{norm}.running_var"] + 1e-3)
        x = (x - weights[f"{norm}.running_mean"][:, None, None]) * scale[:, None, None]
        x += weights[f"{norm}.bias"][:, None, None]
        return np.clip(x, 0, 6) if relu else x

    x = layer((image.transpose(2, 0, 1) - 127.0) / 128.0, "_conv_stem", "_bn0", 2)
    for number, stride in enumerate(STRIDES):
        block, before = f"_blocks.{number}", x
        if f"{block}._expand_conv.weight" in weights:
            x = layer(x, f"{block}._expand_conv", f"{block}._bn0")
        x = layer(x, f"{block}._depthwise_conv", f"{block}._bn1", stride)
        x = layer(x, f"{block}._project_conv", f"{block}._bn2", relu=False)
        x = x + before if x.shape == before.shape else x
    features = layer(x, "_conv_head", "_bn1").mean(axis=(1, 2))
    return features @ weights["_fc.weight"].T + weights["_fc.bias"]


def test_our_network_answers_like_the_original(weights: dict[str, np.ndarray], network) -> None:
    image = np.random.default_rng(3).integers(0, 256, (224, 224, 3)).astype(np.float32)

    ours = network.predict(image[None], verbose=0)[0]

    np.testing.assert_allclose(ours, _by_hand(weights, image), atol=2e-3)


def test_left_over_weights_are_an_error(weights: dict[str, np.ndarray]) -> None:
    with pytest.raises(ValueError, match=r"without a layer: extra\.weight"):
        efficientnet_lite0(weights | {"extra.weight": np.zeros(1)})


@pytest.mark.shared_data
def test_it_knows_running_shoes_when_it_sees_them(network) -> None:
    rows = (SHARED_DATA / "products" / "products.csv").read_text().splitlines()
    shoes = [row.rsplit(",", 1)[1] for row in rows if ",Sports Shoes," in row][:12]
    pictures = [square(decode_image((SHARED_DATA / "products" / shoe).read_bytes()), 224) for shoe in shoes]

    best = network.predict(np.stack(pictures).astype(np.float32), verbose=0).argmax(axis=1)

    assert (best == RUNNING_SHOE).sum() >= 9
