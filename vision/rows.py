"""Labelled pictures -> rows of training data, kept on disk while a run lasts so that an interrupted one need not read
them again."""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors import safe_open
from safetensors.numpy import save_file

from catalog.images import ImageRejected
from vision.backbones import Backbone
from vision.datasets import Picture
from vision.duplicates import group_near_duplicates, perceptual_hash
from vision.inference import square

BLOCK = 1000


@dataclass(frozen=True)
class Rows:
    """``values`` (n, …) of the pictures that could be read, their positions among all (``kept``), what must stay
    together in a split (``groups``), and a sentence for each picture that could not be read."""

    values: npt.NDArray[Any]
    kept: list[int]
    groups: list[str]
    rejected: list[str]
    files: list[Path]

    def forget(self) -> None:
        """Delete the rows on disk."""
        for file in self.files:
            file.unlink(missing_ok=True)


def read_rows(
    pictures: Sequence[Picture],
    backbone: Backbone,
    folder: Path,
    progress: Callable[[Iterable[Any], str], Iterable[Any]],
) -> Rows:
    """Read all pictures, block by block; what an interrupted run wrote to ``folder`` is taken from there."""
    reading = iter(progress(pictures, "pictures"))
    values, hashes, kept, rejected, files = [], [], [], [], []
    for start in range(0, len(pictures), BLOCK):
        block = [next(reading) for _ in pictures[start : start + BLOCK]]
        names = json.dumps([backbone.name, [picture.name for picture in block]])
        file = folder / f"rows-{hashlib.sha256(names.encode()).hexdigest()[:16]}.safetensors"
        if not file.exists():
            _write_block(block, backbone, file)
        with safe_open(file, "numpy") as saved:
            values.append(saved.get_tensor("values"))
            hashes.append(saved.get_tensor("hashes"))
            kept += [start + int(position) for position in saved.get_tensor("kept")]
            rejected += json.loads(saved.metadata()["rejected"])
        files.append(file)
    next(reading, None)  # lets the progress bar end
    found = np.concatenate(values) if values else np.zeros((0, 1), np.float32)
    groups = _groups([pictures[i] for i in kept], np.concatenate(hashes) if hashes else np.zeros(0, np.int64))
    return Rows(found, kept, groups, rejected, files)


def _write_block(block: Sequence[Picture], backbone: Backbone, file: Path) -> None:
    values, hashes, kept, rejected = [], [], [], []
    for position, picture in enumerate(block):
        try:
            image = picture.read()
        except (ImageRejected, OSError, ValueError) as error:
            rejected.append(f"{picture.name}: {error}")
            continue
        values.append(backbone.row(square(image, backbone.side)))
        hashes.append(perceptual_hash(image))
        kept.append(position)
    tensors = {
        "values": np.stack(values) if values else np.zeros((0, *backbone.row_shape), backbone.row_dtype),
        "hashes": np.array(hashes, np.int64),
        "kept": np.array(kept, np.int64),
    }
    unfinished = file.with_suffix(".unfinished")
    save_file(tensors, unfinished, {"rejected": json.dumps(rejected)})
    os.replace(unfinished, file)


def _groups(pictures: Sequence[Picture], hashes: npt.NDArray[np.int64]) -> list[str]:
    """The group a picture names; near-duplicates among the others share one."""
    unnamed = [i for i, picture in enumerate(pictures) if picture.group is None]
    groups = [picture.group or "" for picture in pictures]
    for i, number in zip(unnamed, group_near_duplicates([int(hashes[i]) for i in unnamed]), strict=True):
        groups[i] = f"near-duplicates {number}"
    return groups
