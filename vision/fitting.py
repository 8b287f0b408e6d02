"""Fit a Keras network epoch by epoch, so that an interrupted run goes on where it stopped."""

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from keras import ops
from safetensors import safe_open
from safetensors.numpy import save_file

from vision.augmentation import Augmentation
from vision.labels import LabelSpace

BATCH = 32
Epoch = dict[str, float]  # loss, accuracy, validation_loss, validation_accuracy


@dataclass(frozen=True)
class Examples:
    """Rows for a network, (n, …), and what each is: (n, labels), 1 for each label that may be meant."""

    rows: npt.NDArray[Any]
    targets: npt.NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.rows)


class _Batches(keras.utils.PyDataset):
    """One epoch of examples, shuffled and changed anew by its own seed."""

    def __init__(
        self, examples: Examples, batch: int, seed: tuple[int, int], augmentation: Augmentation | None
    ) -> None:
        super().__init__()
        self._examples, self._batch, self._augmentation = examples, batch, augmentation
        self._rng = np.random.default_rng(seed)
        self._order = self._rng.permutation(len(examples))

    def __len__(self) -> int:
        return -(-len(self._order) // self._batch)

    def __getitem__(self, index: int) -> tuple[npt.NDArray[Any], npt.NDArray[np.float32]]:
        chosen = self._order[index * self._batch : (index + 1) * self._batch]
        rows = self._examples.rows[chosen]
        if self._augmentation:
            rows = np.stack([self._augmentation.apply(row, self._rng) for row in rows])
        return rows, self._examples.targets[chosen]


@dataclass(frozen=True)
class Checkpoint:
    """One safetensors file with all that a run needs to go on. ``settings`` names the run: another starts anew."""

    file: Path
    settings: str

    def save(self, network: keras.Model, history: Sequence[Epoch]) -> None:
        """Replace the file at once, so that a killed run leaves a whole one."""
        unfinished = self.file.with_suffix(".unfinished")
        tensors = {name: np.asarray(variable) for name, variable in _variables(network).items()}
        save_file(tensors, unfinished, {"settings": self.settings, "history": json.dumps(list(history))})
        os.replace(unfinished, self.file)

    def restore(self, network: keras.Model) -> list[Epoch]:
        """Put a saved state into the network; the epochs it has behind it, none when there is no state of this run."""
        if not self.file.exists():
            return []
        with safe_open(self.file, "numpy") as saved:
            metadata = saved.metadata() or {}
            if metadata.get("settings") != self.settings:
                return []
            for name, variable in _variables(network).items():
                variable.assign(saved.get_tensor(name))
        history: list[Epoch] = json.loads(metadata["history"])
        return history


def _variables(network: keras.Model) -> dict[str, Any]:
    network.optimizer.build(network.trainable_variables)
    parts = {"network": network.variables, "optimizer": network.optimizer.variables}
    return {
        f"{part}/{number:03}": variable
        for part, all_ in parts.items()
        for number, variable in enumerate(all_)
    }


def fit(
    network: keras.Model,
    train: Examples,
    validation: Examples,
    *,
    epochs: int,
    seed: int,
    checkpoint: Checkpoint,
    batch: int = BATCH,
    augmentation: Augmentation | None = None,
    on_epoch: Callable[[int, Epoch], None] = lambda number, epoch: None,
) -> list[Epoch]:
    """Train a compiled network for ``epochs`` in all, counting those that ``checkpoint`` already holds.

    ``on_epoch(number, figures)`` hears of every epoch, those of an interrupted run first. Returns the history. The same
    seed, rows and machine give the same weights, interrupted or not.
    """
    history = checkpoint.restore(network)
    for number, epoch in enumerate(history, start=1):
        on_epoch(number, epoch)
    for number in range(len(history), epochs):
        fitted = network.fit(_Batches(train, batch, (seed, number), augmentation), shuffle=False, verbose=0)
        epoch = {name: float(values[0]) for name, values in fitted.history.items()}
        if len(validation):
            judged = network.evaluate(
                validation.rows, validation.targets, batch_size=256, verbose=0, return_dict=True
            )
            epoch |= {f"validation_{name}": float(value) for name, value in judged.items()}
        history.append(epoch)
        checkpoint.save(network, history)
        on_epoch(number + 1, epoch)
    return history


def exclusive_loss(space: LabelSpace) -> Callable[[Any, Any], Any]:
    """Cross-entropy per kind on logits (n, labels), for truths that may be coarse or missing.

    Of a coarse truth any label may be meant: the loss is -log of the probability of them all together. A kind without a
    label costs nothing.
    """

    def loss(truth: Any, logits: Any) -> Any:
        total = 0.0
        for where in space.slices.values():
            scores, meant = logits[:, where], truth[:, where]
            allowed = ops.logsumexp(scores + (1.0 - meant) * -1e9, axis=-1)
            known = ops.max(meant, axis=-1)
            total = total + known * (ops.logsumexp(scores, axis=-1) - allowed)
        return total

    return loss


def exclusive_accuracy(space: LabelSpace) -> Callable[[Any, Any], Any]:
    """Share of the known kinds of each picture whose best label is one that may be meant, (n,)."""

    def accuracy(truth: Any, logits: Any) -> Any:
        right, known = 0.0, 1e-9
        for where in space.slices.values():
            best = ops.one_hot(ops.argmax(logits[:, where], axis=-1), where.stop - where.start)
            right = right + ops.sum(best * truth[:, where], axis=-1)
            known = known + ops.max(truth[:, where], axis=-1)
        return right / known

    return accuracy


def subset_accuracy(truth: Any, probabilities: Any) -> Any:
    """Share of pictures whose labels are all answered right, (n,)."""
    return ops.all(ops.equal(probabilities >= 0.5, truth >= 0.5), axis=-1)
