"""Fit a Keras network epoch by epoch, so that an interrupted run goes on where it stopped."""

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import keras
import numpy as np
import numpy.typing as npt
from keras import ops
from safetensors import safe_open
from safetensors.numpy import save_file

from catalog.images import RGB
from vision.labels import LabelSpace

BATCH = 32
Epoch = dict[str, float]  # loss, accuracy, validation_loss, validation_accuracy


@dataclass(frozen=True)
class Examples:
    """Rows for a network, (n, …), what each is: (n, labels), 1 for each label that may be meant; and which rows belong
    together: ``groups`` and ``sources``, whole numbers (n,)."""

    rows: npt.NDArray[Any]
    targets: npt.NDArray[np.float32]
    groups: npt.NDArray[np.int64]
    sources: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.rows)


Order = Callable[[np.random.Generator], npt.NDArray[np.int64]]
# What the network's answers are held against, from the targets (n, labels) and groups (n,) of some examples.
Truth = Callable[[npt.NDArray[np.float32], npt.NDArray[np.int64]], Any]


class Changes(Protocol):
    """A way to change a training picture (side, side, 3) at random."""

    def apply(self, image: RGB, rng: np.random.Generator) -> RGB:
        """A changed copy."""


def each_once(examples: Examples) -> Order:
    """The order of an epoch in which every example comes once, shuffled."""
    return lambda rng: rng.permutation(len(examples))


def balanced_pairs(examples: Examples, labels: slice, most: int = 24_000) -> Order:
    """The order of an epoch of pairs that belong together, with rare labels and small sources drawn more often.

    An example is drawn with a chance that falls with the root of how many share its ``labels`` (a slice of the targets)
    and of how many come from its source. Its partner, the next in order, is half the time another of its group, else
    itself: changed at random, it is another picture of the same thing. ``most`` examples make an epoch.
    """
    _, label = np.unique(examples.targets[:, labels], axis=0, return_inverse=True)
    _, source = np.unique(examples.sources, return_inverse=True)
    chances = 1 / np.sqrt(np.bincount(label.ravel())[label.ravel()] * np.bincount(source)[source])
    chances /= chances.sum()
    by_group = np.argsort(examples.groups, kind="stable")
    starts = np.searchsorted(examples.groups[by_group], examples.groups)
    sizes = np.searchsorted(examples.groups[by_group], examples.groups, side="right") - starts
    n_pairs = max(1, min(len(examples), most) // 2)

    def order(rng: np.random.Generator) -> npt.NDArray[np.int64]:
        first = rng.choice(len(examples), n_pairs, p=chances)
        other = by_group[starts[first] + rng.integers(0, sizes[first])]
        second = np.where(rng.random(n_pairs) < 0.5, other, first)
        return np.stack([first, second], axis=1).ravel()

    return order


class _Batches(keras.utils.PyDataset):
    """One epoch of examples, in an order and with changes drawn anew by its own seed."""

    def __init__(
        self,
        examples: Examples,
        order: Order,
        truth: Truth,
        batch: int,
        seed: tuple[int, int],
        augmentation: Changes | None,
    ) -> None:
        super().__init__()
        self._examples, self._truth, self._batch, self._augmentation = examples, truth, batch, augmentation
        self._rng = np.random.default_rng(seed)
        self._order = order(self._rng)

    def __len__(self) -> int:
        return -(-len(self._order) // self._batch)

    def __getitem__(self, index: int) -> tuple[npt.NDArray[Any], Any]:
        chosen = self._order[index * self._batch : (index + 1) * self._batch]
        rows = self._examples.rows[chosen]
        if self._augmentation:
            rows = np.stack([self._augmentation.apply(row, self._rng) for row in rows])
        return rows, self._truth(self._examples.targets[chosen], self._examples.groups[chosen])


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
    order: Order | None = None,
    truth: Truth = lambda targets, groups: targets,
    batch: int = BATCH,
    augmentation: Changes | None = None,
    on_epoch: Callable[[int, Epoch], None] = lambda number, epoch: None,
) -> list[Epoch]:
    """Train a compiled network for ``epochs`` in all, counting those that ``checkpoint`` already holds.

    ``order`` draws the examples of an epoch (by default each once), ``truth`` says what the answers are held against.
    ``on_epoch(number, figures)`` hears of every epoch, those of an interrupted run first. Returns the history. The same
    seed, rows and machine give the same weights, interrupted or not.
    """
    history = checkpoint.restore(network)
    for number, epoch in enumerate(history, start=1):
        on_epoch(number, epoch)
    order = order or each_once(train)
    for number in range(len(history), epochs):
        batches = _Batches(train, order, truth, batch, (seed, number), augmentation)
        fitted = network.fit(batches, shuffle=False, verbose=0)
        epoch = {_figure(name): float(values[0]) for name, values in fitted.history.items()}
        if len(validation):
            judged = network.evaluate(
                validation.rows,
                truth(validation.targets, validation.groups),
                batch_size=256,
                verbose=0,
                return_dict=True,
            )
            epoch |= {f"validation_{_figure(name)}": float(value) for name, value in judged.items()}
        history.append(epoch)
        checkpoint.save(network, history)
        on_epoch(number + 1, epoch)
    return history


def _figure(name: str) -> str:
    """Keras's name of a figure; that of a network with several answers names the answer first."""
    return "accuracy" if name.endswith("_accuracy") else name


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
