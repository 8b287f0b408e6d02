"""Training: labelled pictures in, a model folder out.

Pictures become rows, rows are split so that near-duplicates stay on one side, a network is fitted to them; then trunk,
labels and embedding become one LiteRT graph beside its figures, plot and manifest.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import keras
import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from safetensors import safe_open
from safetensors.numpy import save_file
from scipy.optimize import minimize_scalar
from scipy.special import log_expit, log_softmax, logsumexp

from vision.backbones import EMBEDDING_SIZE, Backbone
from vision.datasets import Dataset, label_pictures, split_groups
from vision.fitting import Checkpoint, Epoch, Examples, fit
from vision.inference import Classifier, square
from vision.labels import Labels, LabelSpace
from vision.litert_export import to_litert
from vision.model_files import GRAPH, HELD_OUT, LABELS, MANIFEST, ModelError, read_manifest
from vision.rows import Rows, read_rows
from vision.scoring import decide, score_labels, score_space
from vision.serving_check import served_agreement

CHECKPOINT, WEIGHTS, PLOT, REPORT = "checkpoint.safetensors", "weights.safetensors", "plot.png", "report.json"
COMPARED = 100  # pictures on which the graph must answer as the network did

Floats = npt.NDArray[np.float32]
Progress = Callable[[Iterable[Any], str], Iterable[Any]]


class TrainingError(Exception):
    """Nothing can be learnt from this input; the text says why."""


@dataclass(frozen=True)
class Recipe:
    """What a run is asked to do. ``split`` "random" lets near-duplicates fall on both sides: for the figure that
    leaks. Labels on fewer than ``at_least`` pictures are not learnt. ``start`` is the folder of a model whose weights
    the network begins with, as far as they fit."""

    epochs: int
    seed: int = 1
    validation: float = 0.2
    split: Literal["grouped", "random"] = "grouped"
    kinds: tuple[str, ...] = ("colour", "type")
    at_least: int = 1
    start: Path | None = None


def train(
    datasets: Sequence[Dataset], backbone: Backbone, recipe: Recipe, folder: Path, progress: Progress
) -> dict[str, Any]:
    """Train by ``recipe``, write the model to ``folder`` and return the report.

    ``progress(things, title)`` yields the things while it shows how far it is. A run that was interrupted goes on when
    it is started again with the same pictures, recipe and folder.

    Raises:
        TrainingError: when the pictures do not make a training set.
    """
    folder.mkdir(parents=True, exist_ok=True)
    keras.utils.set_random_seed(recipe.seed)
    pictures = [picture for dataset in datasets for picture in dataset.pictures]
    space, truths = label_pictures(datasets, recipe.kinds, recipe.at_least)
    if len(space) < 2:
        raise TrainingError(
            f"The pictures carry {len(space)} labels of {', '.join(recipe.kinds)}; two are needed."
        )
    settings = _digest(backbone.name, asdict(recipe), space.to_json(), [picture.name for picture in pictures])
    known = [index for index, labels in enumerate(truths) if labels]
    rows = read_rows([pictures[i] for i in known], backbone, folder, progress)
    truth = [truths[known[i]] for i in rows.kept]
    aside = _set_aside(rows, recipe)
    if aside.all() or len(aside) < 2:
        raise TrainingError(f"{len(aside)} readable pictures with a label are too few to learn from.")
    targets = np.stack([space.vector(labels) for labels in truth])
    _, groups = np.unique(rows.groups, return_inverse=True)
    of_picture = np.repeat(np.arange(len(datasets)), [len(dataset.pictures) for dataset in datasets])
    sources = of_picture[[known[i] for i in rows.kept]]
    learnt, held = (
        Examples(rows.values[part], targets[part], groups[part], sources[part]) for part in (~aside, aside)
    )

    network = backbone.network(space, learnt, recipe.epochs)
    if recipe.start is not None:
        take_weights(network, recipe.start, space)
    checkpoint = Checkpoint(folder / CHECKPOINT, settings)
    epochs = iter(progress(range(recipe.epochs), "epochs"))
    next(epochs, None)  # the first has begun
    history = fit(
        network,
        learnt,
        held,
        epochs=recipe.epochs,
        # A run that goes on from a model shows other views of the pictures than the run that made the model.
        seed=recipe.seed if recipe.start is None else int(settings, 16) % 2**31,
        checkpoint=checkpoint,
        order=backbone.order(space, learnt),
        truth=lambda targets, groups: backbone.truth(space, targets, groups),
        batch=backbone.batch,
        augmentation=backbone.augmentation,
        on_epoch=lambda number, epoch: next(epochs, None),
    )
    network = backbone.settle(network, space, learnt)
    judged, judged_truth = (
        (held, [t for t, out in zip(truth, aside, strict=True) if out]) if len(held) else (learnt, truth)
    )
    logits = backbone.logits(network, judged.rows)
    temperatures = calibrate(logits, judged.targets, space, backbone.head)
    metrics = _score(logits, judged_truth, judged.targets, space, temperatures, backbone.head)
    serving = backbone.serving(network, space, temperatures, learnt.rows)
    graph = to_litert(serving)
    shown = np.flatnonzero(aside if aside.any() else ~aside)[:COMPARED]
    again = [square(pictures[known[rows.kept[i]]].read(), backbone.side) for i in shown]
    report = {
        "version": f"{datetime.now(UTC):%Y%m%d}-{hashlib.sha256(graph).hexdigest()[:8]}",
        "epochs": len(history),
        "train_images": len(learnt),
        "validation_images": len(held),
        "metrics": metrics,
        "served": served_agreement(graph, serving, again, space),
        "rejected": [message for dataset in datasets for message in dataset.rejected] + rows.rejected,
    }
    manifest = {
        "name": backbone.name,
        "version": report["version"],
        "backbone": backbone.name,
        "head": backbone.head,
        "input_size": backbone.side,
        "embedding_size": EMBEDDING_SIZE,
        "kinds": list(space.kinds),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "recipe": asdict(recipe) | {"start": recipe.start and recipe.start.name},
        "data": [{"name": dataset.name, "pictures": len(dataset.pictures)} for dataset in datasets],
        "train_images": len(learnt),
        "validation_images": len(held),
        "temperatures": temperatures,
        "metrics": metrics,
    }
    set_aside = [pictures[known[i]].name for i, out in zip(rows.kept, aside, strict=True) if out]
    (folder / HELD_OUT).write_text(json.dumps(set_aside, indent=0, ensure_ascii=False) + "\n")
    (folder / GRAPH).write_bytes(graph)
    (folder / LABELS).write_text(json.dumps(space.to_json(), indent=1, ensure_ascii=False) + "\n")
    save_file(_worth_starting_from(network), folder / WEIGHTS)
    plot_history(history, folder / PLOT)
    (folder / REPORT).write_text(json.dumps(report | {"history": history}, indent=1) + "\n")
    vouch_for(folder, manifest)
    rows.forget()
    checkpoint.file.unlink(missing_ok=True)
    return report


def take_weights(network: keras.Model, folder: Path, space: LabelSpace) -> None:
    """Begin with another model's weights where name and shape are the same; the heads answer in labels of their own."""
    taken = 0
    try:
        read_manifest(folder)
        with safe_open(folder / WEIGHTS, "numpy") as saved:
            names = set(saved.keys())
            for variable in network.weights:
                if variable.path.partition("/")[0] in space.kinds or variable.path not in names:
                    continue
                value = saved.get_tensor(variable.path)
                if value.shape == tuple(variable.shape):
                    variable.assign(value.astype(np.float32))
                    taken += 1
    except (ModelError, FileNotFoundError) as error:
        raise TrainingError(f"{folder} is no model to start from: {error}") from error
    if not taken:
        raise TrainingError(
            f"{folder} holds the weights of another network; start from one of the same backbone."
        )


def _worth_starting_from(network: keras.Model) -> dict[str, npt.NDArray[np.float16]]:
    """What training changed, by path, but for the heads of a settled network: those are fitted anew each time."""
    layers = [layer for layer in network.layers if layer.trainable and not isinstance(layer, keras.Model)]
    return {variable.path: np.asarray(variable, np.float16) for layer in layers for variable in layer.weights}


def _set_aside(rows: Rows, recipe: Recipe) -> npt.NDArray[np.bool_]:
    groups: Sequence[Any] = rows.groups if recipe.split == "grouped" else range(len(rows.kept))
    return split_groups(groups, recipe.validation, recipe.seed)


def _digest(*parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()[:16]


def calibrate(
    logits: Floats, targets: Floats, space: LabelSpace, head: Literal["sigmoid", "softmax"]
) -> dict[str, float]:
    """One temperature per kind that makes its probabilities believable (Guo et al., On calibration, 2017).

    It is chosen by likelihood on pictures that were not learnt from, (n, labels), and changes no ranking.
    """
    temperatures = {}
    for kind, where in space.slices.items():
        known = targets[:, where].max(axis=1) > 0
        scores, meant = logits[known, where].astype(np.float64), targets[known, where] > 0
        if not known.any():
            temperatures[kind] = 1.0
            continue

        def loss(log_temperature: float, scores: Any = scores, meant: Any = meant) -> float:
            softened = scores / np.exp(log_temperature)
            if head == "sigmoid":
                return float(-np.where(meant, log_expit(softened), log_expit(-softened)).mean())
            return float(-logsumexp(log_softmax(softened, axis=1), axis=1, b=meant).mean())

        found = minimize_scalar(loss, bounds=(np.log(0.25), np.log(8)), method="bounded")
        temperatures[kind] = float(np.exp(found.x))
    return temperatures


def _score(
    logits: Floats,
    truth: Sequence[Labels],
    targets: Floats,
    space: LabelSpace,
    temperatures: dict[str, float],
    head: Literal["sigmoid", "softmax"],
) -> dict[str, Any]:
    scale = np.concatenate([np.full(len(names), temperatures[kind]) for kind, names in space.kinds.items()])
    softened = logits.astype(np.float64) / scale
    if head == "sigmoid":
        probabilities = np.exp(log_expit(softened))
        names = [name for kind in space.kinds.values() for name in kind]
        return score_labels(
            probabilities, decide(probabilities, space.slices, exclusive=False), targets > 0, names
        )
    probabilities = np.hstack(
        [np.exp(log_softmax(softened[:, where], axis=1)) for where in space.slices.values()]
    )
    return score_space(probabilities, truth, space)


def vouch_for(folder: Path, manifest: dict[str, Any]) -> None:
    """Write the manifest, with the hash of every file of the model, and load the model once as the worker will."""
    files = (GRAPH, LABELS, WEIGHTS, PLOT, REPORT, HELD_OUT)
    hashes = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in files}
    (folder / MANIFEST).write_text(json.dumps(manifest | {"sha256": hashes}, indent=1) + "\n")
    Classifier.load(folder)


def plot_history(history: Sequence[Epoch], file: Path) -> None:
    """Draw loss and accuracy over the epochs, learnt from and set aside, as a PNG."""
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    numbers = np.arange(1, len(history) + 1)
    for axes, what in zip(figure.subplots(1, 2), ("loss", "accuracy"), strict=True):
        for prefix, title in (("", "training"), ("validation_", "validation")):
            if history and f"{prefix}{what}" in history[0]:
                axes.plot(numbers, [epoch[f"{prefix}{what}"] for epoch in history], label=title)
        axes.set(xlabel="epoch", title=what.capitalize())
        if history:
            axes.legend()
        axes.grid(alpha=0.3)
    figure.savefig(file, dpi=110)
