"""Hold a classifier against labelled pictures it has not learnt from."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from catalog.images import ImageRejected
from vision.datasets import Dataset, Picture, understand
from vision.inference import Classifier
from vision.labels import Labels, LabelSpace, meant_by
from vision.scoring import best_of_kind, decide, meant_labels, score_labels, score_space

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]
Progress = Callable[[Iterable[Any], str], Iterable[Any]]


@dataclass(frozen=True)
class Answered:
    """What a model said about one kind of label (type, colour, …), picture by picture.

    ``truth`` and ``guesses`` are names, ``confidence`` (n,) the probability of each guess.
    """

    kind: str
    pictures: Sequence[Picture]
    truth: Sequence[str]
    guesses: Sequence[str]
    confidence: Floats

    @property
    def right(self) -> Bools:
        """Which guesses are right, (n,)."""
        return np.array([a == b for a, b in zip(self.truth, self.guesses, strict=True)], bool)


@dataclass(frozen=True)
class Evaluation:
    """The figures of ``report``, ready for JSON, and the answers they come from, kind by kind."""

    report: dict[str, Any]
    answered: Sequence[Answered]


def evaluate_folders(classifier: Classifier, dataset: Dataset, progress: Progress) -> Evaluation:
    """Figures on a folder per label, for the labels that the folders name.

    The model answers in its own labels; a folder's word may mean several of them, whose probabilities are added. A
    model that has one type for each picture is asked which of the folders' words it is; its best label counts as
    the picture's word when that may mean it. Pictures with a word the model does not know are left out and counted.
    """
    space = classifier.labels
    understood = [_understand(picture.words, space) for picture in dataset.pictures]
    known = [i for i, labels in enumerate(understood) if labels is not None]
    probabilities, kept, rejected = _answers(classifier, [dataset.pictures[i] for i in known], progress)
    pictures = [dataset.pictures[known[i]] for i in kept]
    words = sorted({(kind, word) for picture in pictures for kind, word in picture.words.items()})
    truth = np.array(
        [[picture.words.get(kind) == word for kind, word in words] for picture in pictures], bool
    )
    meanings = np.array(
        [space.vector({kind: meant_by(word, kind, space.kinds[kind])}) for kind, word in words]
    )
    report: dict[str, Any] = {"images": len(pictures)}
    answered: list[Answered] = []
    if pictures:
        sums = np.minimum(probabilities @ meanings.T, 1.0)
        if classifier.head == "sigmoid":
            decided = decide(probabilities, space.slices, exclusive=False) @ meanings.T > 0
            best = sums
        else:
            decided = _best_words(probabilities, words, meanings > 0, truth, space)
            best = np.where(decided, sums, -1.0)
        report |= score_labels(sums, decided, truth, [word for _, word in words])
        answered = _answered_words(pictures, words, best)
    return Evaluation(
        report
        | {
            "unknown_labels": len(dataset.pictures) - len(known),
            "rejected": [*dataset.rejected, *rejected],
        },
        answered,
    )


def evaluate_attributes(
    classifier: Classifier, dataset: Dataset, kinds: Sequence[str], progress: Progress
) -> Evaluation:
    """Figures per kind on the rows of a CSV. A label the model does not know is left out and counted.

    The category (shelf) and the colour's family follow from a row's type and colour and may be asked for like columns.
    """
    space = classifier.labels
    asked = [kind for kind in kinds if kind in space.kinds]
    sources = {"category": "type", "family": "colour"}  # what a kind that no column holds follows from
    columns = {sources.get(kind, kind) for kind in kinds}
    known_labels = {kind: names for kind, names in space.kinds.items() if kind in columns}
    truths: list[Labels] = []
    unknown = 0
    for picture in dataset.pictures:
        labels = understand(picture.words, known_labels)
        unknown += sum(kind in picture.words and kind not in labels for kind in columns)
        truths.append({kind: names for kind, names in labels.items() if kind in asked})
    known = [i for i, labels in enumerate(truths) if labels]
    probabilities, kept, rejected = _answers(classifier, [dataset.pictures[i] for i in known], progress)
    pictures, truth = [dataset.pictures[known[i]] for i in kept], [truths[known[i]] for i in kept]
    scores = score_space(probabilities, truth, space)
    attributes = {kind: scores[kind] for kind in asked if kind in scores}
    report = {
        "images": len(kept),
        "attributes": attributes,
        "unknown_labels": unknown,
        "rejected": [*dataset.rejected, *rejected],
    }
    return Evaluation(
        report, [_answered_kind(kind, pictures, truth, probabilities, space) for kind in attributes]
    )


def _understand(words: Mapping[str, str], space: LabelSpace) -> Labels | None:
    """What a picture's words mean in the model's labels; None when one of them means nothing."""
    meant = {kind: meant_by(word, kind, space.kinds.get(kind, ())) for kind, word in words.items()}
    return meant if all(meant.values()) else None


def _answers(
    classifier: Classifier, pictures: Sequence[Picture], progress: Progress
) -> tuple[Floats, list[int], list[str]]:
    """Probabilities (n, labels) of the pictures that can be read, which these are, what is wrong with the rest."""
    found, kept, rejected = [], [], []
    for position, picture in enumerate(progress(pictures, "pictures")):
        try:
            image = picture.read()
        except (ImageRejected, OSError, ValueError) as error:
            rejected.append(f"{picture.name}: {error}")
            continue
        found.append(classifier.answer([image]).probabilities[0])
        kept.append(position)
    probabilities = np.array(found, np.float32).reshape(len(kept), len(classifier.labels))
    return probabilities, kept, rejected


def _best_words(
    probabilities: Floats, words: Sequence[tuple[str, str]], meanings: Bools, truth: Bools, space: LabelSpace
) -> Bools:
    """The word of each kind that the model's best label stands for: bool (pictures, words).

    Only labels that some word may mean are asked for. Where two words may mean the best label, it is the picture's own.
    """
    decided = np.zeros(truth.shape, bool)
    for kind, where in space.slices.items():
        columns = [k for k, (of, _) in enumerate(words) if of == kind]
        if not columns:
            continue
        meant = meanings[columns][:, where]
        best = np.where(meant.any(axis=0), probabilities[:, where], -1.0).argmax(axis=1)
        may_mean = meant[:, best].T
        preferred = (may_mean * (1 + truth[:, columns])).argmax(axis=1)
        decided[np.arange(len(decided)), np.array(columns)[preferred]] = True
    return decided


def _answered_words(
    pictures: Sequence[Picture], words: Sequence[tuple[str, str]], best: Floats
) -> list[Answered]:
    """The guessed word of each kind: the one of the highest ``best`` (pictures, words) among the kind's words."""
    answered = []
    for kind in dict.fromkeys(kind for kind, _ in words):
        rows = [i for i, picture in enumerate(pictures) if kind in picture.words]
        names = [word for of, word in words if of == kind]
        scores = best[rows][:, [k for k, (of, _) in enumerate(words) if of == kind]]
        answered.append(
            Answered(
                kind,
                [pictures[i] for i in rows],
                [pictures[i].words[kind] for i in rows],
                [names[k] for k in scores.argmax(axis=1)],
                scores.max(axis=1),
            )
        )
    return answered


def _answered_kind(
    kind: str, pictures: Sequence[Picture], truth: Sequence[Labels], probabilities: Floats, space: LabelSpace
) -> Answered:
    rows = [i for i, labels in enumerate(truth) if labels.get(kind)]
    guesses, confidence = best_of_kind(probabilities[rows], kind, space)
    meant = meant_labels(guesses, [truth[i][kind] for i in rows])
    return Answered(kind, [pictures[i] for i in rows], meant, guesses, np.asarray(confidence, np.float32))
