"""A trained model at work: pictures in, labels and embeddings out. LiteRT and NumPy; TensorFlow is never loaded.

A model is a folder: ``model.tflite`` (the graph), ``labels.json`` (what its outputs mean) and ``manifest.json`` (name,
version, hashes, data, figures). Nothing in it can run code.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import cv2
import numpy as np
import numpy.typing as npt
from ai_edge_litert.interpreter import Interpreter

from vision.labels import GOODS, LabelSpace
from vision.model_files import GRAPH, LABELS, ModelError, read_manifest

# Of each kind that excludes itself (a thing has one type), this many guesses are told, if they are this likely.
BEST_PER_KIND = 3
WORTH_TELLING = 0.02

RGB = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Label:
    """One thing a picture is said to be, and how likely that is, 0..1."""

    label: str
    kind: str
    probability: float


@dataclass(frozen=True)
class Prediction:
    """What a model says about one picture: labels by falling probability, a unit vector for comparing looks, and how
    likely it shows ``goods`` of the shop's kind at all (1 from a model that was not taught that)."""

    labels: tuple[Label, ...]
    embedding: Floats
    goods: float = 1.0


@dataclass(frozen=True)
class Answers:
    """Raw answers for n pictures: ``probabilities`` (n, labels) in the order of the label space, ``embeddings``
    (n, embedding_size)."""

    probabilities: Floats
    embeddings: Floats


def square(image: RGB, side: int) -> RGB:
    """Bring a picture to (side, side, 3). It is squeezed, not cut: nothing of a garment is lost."""
    height, width = image.shape[:2]
    shrinks = height >= side and width >= side
    resized = cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return np.asarray(resized, np.uint8)


class Classifier:
    """A loaded model. ``Classifier.load(folder).predict([picture])`` is all that is needed.

    Not safe for two threads at once: give each its own.
    """

    def __init__(
        self, graph: bytes, manifest: Mapping[str, Any], labels: LabelSpace, num_threads: int = 1
    ) -> None:
        self.manifest = manifest
        self.name = str(manifest["name"])
        self.version = str(manifest["version"])
        self.labels = labels
        self.head: Literal["sigmoid", "softmax"] = manifest["head"]
        self.input_size = int(manifest["input_size"])
        self.embedding_size = int(manifest["embedding_size"])
        self._interpreter = Interpreter(model_content=graph, num_threads=num_threads)
        self._run = self._interpreter.get_signature_runner()

    @classmethod
    def load(cls, folder: Path, num_threads: int = 1) -> "Classifier":
        """Open a model folder after holding each file against the hash in its manifest.

        Raises:
            ModelError: when a file is missing, changed or not of this project's making.
        """
        manifest = read_manifest(folder)
        try:
            labels = LabelSpace.from_json(json.loads((folder / LABELS).read_bytes()))
            classifier = cls((folder / GRAPH).read_bytes(), manifest, labels, num_threads)
            answers = classifier.answer([np.zeros((8, 8, 3), np.uint8)])
        except (KeyError, TypeError, ValueError, AttributeError, RuntimeError) as error:
            raise ModelError(f"The model in {folder} cannot be used ({error}). Train it again.") from error
        if (
            answers.probabilities.shape[1] != len(labels)
            or answers.embeddings.shape[1] != classifier.embedding_size
        ):
            raise ModelError(
                f"The model in {folder} answers with other sizes than its manifest says. Train it again."
            )
        return classifier

    def answer(self, images: Sequence[RGB]) -> Answers:
        """Probabilities and embeddings of pictures (RGB, uint8, any size), one graph run each."""
        probabilities = np.empty((len(images), len(self.labels)), np.float32)
        embeddings = np.empty((len(images), self.embedding_size), np.float32)
        for row, image in enumerate(images):
            outputs = self._run(image=square(image, self.input_size)[None].astype(np.float32))
            probabilities[row], embeddings[row] = outputs["probabilities"][0], outputs["embedding"][0]
        return Answers(probabilities, embeddings)

    def predict(self, images: Sequence[RGB]) -> list[Prediction]:
        """Name each picture (RGB, uint8, any size) and place it among the others."""
        answers = self.answer(images)
        return [
            Prediction(self._told(probabilities), embedding, self._goods(probabilities))
            for probabilities, embedding in zip(answers.probabilities, answers.embeddings, strict=True)
        ]

    def _goods(self, probabilities: Floats) -> float:
        where = self.labels.slices.get("subject")
        if where is None:
            return 1.0
        return float(probabilities[where.start + self.labels.kinds["subject"].index(GOODS)])

    def _told(self, probabilities: Floats) -> tuple[Label, ...]:
        told: list[Label] = []
        for kind, where in self.labels.slices.items():
            if kind == "subject":
                continue
            guesses = [
                Label(name, kind, float(probability))
                for name, probability in zip(self.labels.kinds[kind], probabilities[where], strict=True)
            ]
            guesses.sort(key=lambda label: -label.probability)
            if self.head == "softmax":
                guesses = guesses[:1] + [
                    g for g in guesses[1:BEST_PER_KIND] if g.probability >= WORTH_TELLING
                ]
            told += guesses
        return tuple(sorted(told, key=lambda label: -label.probability))
