"""A model's folder, checked without running anything: the manifest and the files that it vouches for.

``manifest.json`` names the model (``name``, ``version``, ``backbone``, ``embedding_size``) and, under ``files``, the
SHA-256 of each of its files.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"
NETWORK = "model.tflite"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,79}")


class ModelError(ValueError):
    """A model that cannot be used; the text says what is wrong and what to do."""


@dataclass(frozen=True)
class Manifest:
    """What a model says about itself; ``content`` is the whole file."""

    name: str
    version: str
    backbone: str
    embedding_size: int
    files: dict[str, str]
    content: dict[str, Any]


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest in ``folder`` and check every file that it names against its hash.

    Raises:
        ModelError: with a sentence, when something is missing, changed or of the wrong form.
    """
    path = folder / MANIFEST
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelError(
            f"There is no model in {folder}: {MANIFEST} is missing. Train one, or take a complete copy."
        ) from error
    except (OSError, ValueError) as error:
        raise ModelError(f"{path} cannot be read ({error}). Take a complete copy of the model.") from error
    try:
        manifest = Manifest(
            name=str(content["name"]),
            version=str(content["version"]),
            backbone=str(content["backbone"]),
            embedding_size=int(content["embedding_size"]),
            files={str(name): str(digest) for name, digest in content["files"].items()},
            content=content,
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ModelError(f"{path} does not describe a model ({error!r}). Train the model again.") from error
    for what, text in (("name", manifest.name), ("version", manifest.version)):
        if not NAME.fullmatch(text):
            raise ModelError(
                f"{path}: the {what} {text[:100]!r} must be letters, digits, dots, plus and minus signs."
            )
    if NETWORK not in manifest.files:
        raise ModelError(f"{path} vouches for no {NETWORK}, so the model cannot be served. Export it again.")
    for name, expected in manifest.files.items():
        _check_file(folder, name, expected)
    return manifest


def _check_file(folder: Path, name: str, expected: str) -> None:
    if Path(name).name != name:
        raise ModelError(f"{folder / MANIFEST} names a file outside its folder: {name!r}.")
    try:
        with (folder / name).open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"{folder / name} cannot be read ({error}). Take a complete copy of the model.") from error
    if found != expected:
        raise ModelError(
            f"{folder / name} is not the file that the manifest vouches for. Take a fresh copy of the model."
        )
