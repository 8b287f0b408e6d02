"""Which pictures a figure is measured on: those that were never learnt from, of labels that are frequent enough."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from vision.datasets import Dataset, DatasetError
from vision.model_files import HELD_OUT


def held_out(dataset: Dataset, model: Path) -> Dataset:
    """The pictures of a data set that the training of ``model`` set aside.

    Raises:
        DatasetError: when the model does not say which these are, or none of them is here.
    """
    file = model / HELD_OUT
    try:
        names = frozenset(json.loads(file.read_bytes()))
    except (OSError, ValueError, TypeError) as error:
        raise DatasetError(
            f"{file} does not tell which pictures were set aside ({error}). Train the model again, or leave "
            "--held-out away."
        ) from error
    kept = [picture for picture in dataset.pictures if picture.name in names]
    if not kept:
        raise DatasetError(
            f"None of the pictures of {dataset.name} was set aside by {model}. Name the data set by the same path as "
            "in its training."
        )
    return replace(dataset, pictures=kept)


def frequent(dataset: Dataset, kind: str, at_least: int, also: Sequence[Dataset] = ()) -> Dataset:
    """The pictures whose label of ``kind`` is on ``at_least`` pictures, here and in each data set of ``also``."""
    counts = [Counter(picture.words.get(kind) for picture in each.pictures) for each in (dataset, *also)]
    kept = [
        picture
        for picture in dataset.pictures
        if kind in picture.words and min(count[picture.words[kind]] for count in counts) >= at_least
    ]
    if not kept:
        raise DatasetError(
            f"No {kind} of {dataset.name} is on {at_least} pictures in every data set. Choose a smaller --at-least."
        )
    return replace(dataset, pictures=kept)
