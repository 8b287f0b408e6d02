"""Keras network -> LiteRT graph, the form in which the worker serves it."""

import contextlib
import io
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter


def to_litert(network: keras.Model, half: bool = True) -> bytes:
    """Convert a network with named inputs and outputs to a LiteRT flatbuffer.

    With ``half`` the weights are stored as float16: half the size, the same answers to three digits.
    """
    converter = tf.lite.TFLiteConverter.from_keras_model(network)
    if half:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.target_spec.supported_types = [tf.float16]
    # The converter prints every tensor of the graph; stdout belongs to the command's report.
    with contextlib.redirect_stdout(io.StringIO()):
        return bytes(converter.convert())


def runner(graph: bytes, num_threads: int = 1) -> Callable[..., dict[str, npt.NDArray[np.float32]]]:
    """A function from the graph's inputs, by name, to its outputs, by name."""
    interpreter = Interpreter(model_content=graph, num_threads=num_threads)
    run: Callable[..., Any] = interpreter.get_signature_runner()
    return run
