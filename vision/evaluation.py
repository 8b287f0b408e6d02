"""Hold a model against labelled pictures it has not learnt from."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from catalog.images import ImageRejected
from vision.datasets import Dataset, Picture
from vision.inference import Classifier
from vision.labels import Labels, LabelSpace, meant_by
from vision.scoring import decide, score_labels, score_space

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]
Progress = Callable[[Iterable[Any], str], Iterable[Any]]


def evaluate_folders(classifier: Classifier, dataset: Dataset, progress: Progress) -> dict[str, Any]:
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
    if pictures:
        if classifier.head == "sigmoid":
            decided = decide(probabilities, space.slices, exclusive=False) @ meanings.T > 0
        else:
            decided = _best_words(probabilities, words, meanings > 0, truth, space)
        sums = np.minimum(probabilities @ meanings.T, 1.0)
        report |= score_labels(sums, decided, truth, [word for _, word in words])
    return report | {
        "unknown_labels": len(dataset.pictures) - len(known),
        "rejected": [*dataset.rejected, *rejected],
    }


def evaluate_attributes(
    classifier: Classifier, dataset: Dataset, kinds: Sequence[str], progress: Progress
) -> dict[str, Any]:
    """Figures per kind on the rows of a CSV. A label the model does not know is left out and counted."""
    space = classifier.labels
    asked = [kind for kind in kinds if kind in space.kinds]
    truths: list[Labels] = []
    unknown = 0
    for picture in dataset.pictures:
        labels = {}
        for kind in kinds:
            if kind not in picture.words:
                continue
            meant = meant_by(picture.words[kind], kind, space.kinds.get(kind, ()))
            if meant:
                labels[kind] = meant
            else:
                unknown += 1
        truths.append(labels)
    known = [i for i, labels in enumerate(truths) if labels]
    probabilities, kept, rejected = _answers(classifier, [dataset.pictures[i] for i in known], progress)
    scores = score_space(probabilities, [truths[known[i]] for i in kept], space)
    return {
        "images": len(kept),
        "attributes": {kind: scores[kind] for kind in asked if kind in scores},
        "unknown_labels": unknown,
        "rejected": [*dataset.rejected, *rejected],
    }


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
