"""A model's folder, checked without running anything: the manifest and the files that it vouches for.

``manifest.json`` names the model (``name``, ``version``, ``backbone``, ``embedding_size``, …) and, under ``sha256``,
the hash of each of its files. A folder may also hold a detector of several products, ``detector.tflite``.
"""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

GRAPH, LABELS, MANIFEST = "model.tflite", "labels.json", "manifest.json"
HELD_OUT = "held-out.json"  # the names of the pictures that training set aside
REFUSAL = "refusal.json"  # when a picture is of no kind that the shop sells
DETECTOR, DETECTOR_HELD_OUT = "detector.tflite", "detector-held-out.json"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,79}")  # names become folders


class ModelError(Exception):
    """A model folder that cannot be used; the text says what is wrong and what to do."""


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a model folder, once every file it names has the hash it names.

    Raises:
        ModelError: when a file is missing or another one than was written.
    """
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
        hashes = dict(manifest["sha256"])
        labels = {what: str(manifest[what]) for what in ("name", "version")}
    except FileNotFoundError as error:
        raise ModelError(
            f"{folder} holds no model: {MANIFEST} is missing. Train one with train_classifier."
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{folder / MANIFEST} cannot be read ({error}). Train the model again.") from error
    for what, text in labels.items():
        if not NAME.fullmatch(text):
            raise ModelError(
                f"{folder / MANIFEST}: the {what} {text[:100]!r} must be letters, digits, dots, plus and minus signs."
            )
    for name in sorted({GRAPH, LABELS} | hashes.keys()):
        file = folder / name
        if file.parent != folder or not file.is_file():
            raise ModelError(f"{file} is missing. Copy the whole model folder again.")
        with file.open("rb") as opened:
            found = hashlib.file_digest(opened, "sha256").hexdigest()
        if found != hashes.get(name):
            raise ModelError(f"{file} is not the file its manifest names. Copy the whole model folder again.")
    return manifest


def add_file(folder: Path, name: str, content: bytes) -> None:
    """Put one more file into a model's folder, or another one in its place, and let the manifest vouch for it.

    Raises:
        ModelError: when the folder's other files are not those that its manifest names.
    """
    manifest = read_manifest(folder)
    (folder / name).write_bytes(content)
    manifest["sha256"] = manifest["sha256"] | {name: hashlib.sha256(content).hexdigest()}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n")


def add_detector(folder: Path, about: dict[str, Any]) -> str:
    """Put the detector's files into the manifest of a model folder; the model becomes a new version, which is returned.

    A version names exact files: with a detector ``20261124-1234abcd`` becomes ``20261124-1234abcd+d5678``. ``about``
    says what the detector has learnt from.
    """
    manifest = json.loads((folder / MANIFEST).read_bytes())
    for name in (DETECTOR, DETECTOR_HELD_OUT):
        manifest["sha256"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    version = f"{manifest['version'].partition('+d')[0]}+d{manifest['sha256'][DETECTOR][:4]}"
    manifest |= {"version": version, "detector": about}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n")
    return version


def take_detector(source: Path, folder: Path) -> str:
    """Put the detector of another model folder into this one, so that a classifier trained anew keeps it.

    Returns the folder's new version.

    Raises:
        ModelError: when the source has no detector or either folder cannot be used.
    """
    manifest = read_manifest(source)
    read_manifest(folder)
    if DETECTOR not in manifest["sha256"]:
        raise ModelError(f"The model in {source} has no detector. Train one with train_detector.")
    for name in (DETECTOR, DETECTOR_HELD_OUT):
        (folder / name).write_bytes((source / name).read_bytes())
    return add_detector(folder, manifest["detector"])
