"""The folder that pictures are collected into, which training and the import of a catalogue both read.

    DIR/products.csv         a row per picture: what it is, what it costs, where it lies
    DIR/red_dress/3f….jpg    the pictures, a folder per label
    DIR/journal.jsonl        a line per address that is done with, so that it is never fetched again

Each picture is whole on the disk before its row, and the row before its line in the journal: a run that is stopped at
any moment leaves a folder that can be used and gone on with.
"""

import csv
import fcntl
import hashlib
import io
import json
import os
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from catalog.images import RGB, encode_jpeg
from vision.collecting.candidates import Candidate
from vision.collecting.sights import Sight
from vision.labels import labels_from_folder, meant_by
from vision.vocabulary import COLOUR_FAMILIES, SHELVES

COLUMNS = ("id", "name", "category", "type", "colour", "price", "was_price", "currency", "image")
_HEADER = ",".join(COLUMNS).encode()
_TYPES = [name for names in SHELVES.values() for name in names]
_COLOURS = {name.lower(): name for names in COLOUR_FAMILIES.values() for name in names}


class FolderError(Exception):
    """A folder that cannot be collected into; the text says what to do."""


@dataclass(frozen=True)
class Words:
    """What a label says about a product, in the words of retailers' files where those are clear."""

    type: str
    colour: str

    @classmethod
    def of(cls, label: str) -> "Words":
        """``red_dress`` -> Dresses, Red; ``shoes``, which may be ten types, stays Shoes."""
        said = labels_from_folder(label)
        types, colour = meant_by(said["type"], "type", _TYPES), said.get("colour", "")
        return cls(
            type=next(iter(types)) if len(types) == 1 else said["type"].replace("-", " ").capitalize(),
            colour=_COLOURS.get(colour, colour.capitalize()),
        )


class Folder:
    """What has been collected so far under all labels, for as long as a ``with`` block lasts. One run at a time.

    Raises:
        FolderError: when it cannot be written, is in use, or holds a table of something else.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._done: set[str] = set()
        self._sights: list[Sight] = []
        self._rows: set[str] = set()
        self._files: dict[str, list[Path]] = {}
        try:
            root.mkdir(parents=True, exist_ok=True)
            self._journal = (root / "journal.jsonl").open("a+b")
            try:
                fcntl.flock(self._journal, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise FolderError(
                    f"Another run collects into {root}. Wait for it, or give another --output."
                ) from error
            self._read_journal()
            self._table = (root / "products.csv").open("a+b")
            self._read_table()
        except OSError as error:
            raise FolderError(
                f"{root} cannot be written ({error.strerror}). Give another --output."
            ) from error
        except (ValueError, KeyError, TypeError) as error:
            raise FolderError(
                f"The journal or the table in {root} cannot be read ({error}). Give another --output."
            ) from error

    def __enter__(self) -> "Folder":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._table.close()
        self._journal.close()

    def knows(self, address: str) -> bool:
        """Whether this picture is done with: kept, or found useless for good."""
        return address in self._done

    def count(self, label: str) -> int:
        """Pictures of a label that are in the folder; one that somebody took out does not count."""
        return sum(file.exists() for file in self._files.get(label, ()))

    def holds(self, sight: Sight) -> bool:
        """Whether the same picture is here already, under whatever label; also one that somebody took out."""
        return any(sight.is_like(known) for known in self._sights)

    def keep(self, candidate: Candidate, label: str, rgb: RGB, sight: Sight, page: str) -> Path:
        """Write a picture, encoded anew and without the metadata it came with, and its row."""
        number = hashlib.sha256(candidate.address.encode()).hexdigest()[:16]
        file = self.root / label / f"{number}.jpg"
        file.parent.mkdir(exist_ok=True)
        unfinished = file.with_suffix(".part")
        unfinished.write_bytes(encode_jpeg(rgb))
        os.replace(unfinished, file)
        if number not in self._rows:  # as after a stop between row and journal
            self._add_row(self._row(candidate, label, number))
            self._rows.add(number)
        self._sights.append(sight)
        self._files.setdefault(label, []).append(file)
        self._note(
            candidate.address,
            label,
            "saved",
            file=f"{label}/{file.name}",
            page=page,
            hash=sight.hash,
            thumbnail=sight.thumbnail.hex(),
        )
        return file

    def give_up(self, address: str, label: str, outcome: str, why: str) -> None:
        """Note that an address is not worth another request."""
        self._note(address, label, outcome, why=why)

    def _note(self, address: str, label: str, outcome: str, **more: Any) -> None:
        line = {"address": address, "label": label, "outcome": outcome, **more}
        self._journal.write(json.dumps(line).encode() + b"\n")
        self._journal.flush()
        self._done.add(address)

    def _read_journal(self) -> None:
        whole, unfinished = _lines(self._journal)
        for line in whole:
            entry = json.loads(line)
            self._done.add(entry["address"])
            if entry["outcome"] == "saved":
                self._sights.append(Sight(entry["hash"], bytes.fromhex(entry["thumbnail"])))
                self._files.setdefault(entry["label"], []).append(self.root / entry["file"])
        _cut(self._journal, unfinished)

    def _read_table(self) -> None:
        """Read the rows that are there. Columns and changes of others are left as they are."""
        whole, unfinished = _lines(self._table)
        if not whole and _HEADER.startswith(unfinished):  # new, or stopped in its first line
            _cut(self._table, unfinished)
            self._columns = list(COLUMNS)
            self._add_row({column: column for column in COLUMNS})
            return
        rows = csv.DictReader(io.StringIO(b"\n".join([*whole, unfinished]).decode("utf-8-sig"), newline=""))
        self._columns = list(rows.fieldnames or ())
        if missing := set(COLUMNS) - set(self._columns):
            raise FolderError(
                f"{self.root}/products.csv is another table: it lacks {', '.join(sorted(missing))}. "
                "Give another --output."
            )
        self._rows = {row["id"] for row in rows}
        number = unfinished.partition(b",")[0].decode("utf-8", "replace")
        if not whole or number in {file.stem for files in self._files.values() for file in files}:
            # The journal knows it, so it was written to its end: an editor has left the last line break out.
            self._table.write(b"\n")
        else:
            _cut(self._table, unfinished)
            self._rows.discard(number)

    def _row(self, candidate: Candidate, label: str, number: str) -> dict[str, str]:
        words, price = Words.of(label), candidate.price
        return {
            "id": number,
            "name": candidate.name or _invented_name(label, number),
            "category": words.type,
            "type": words.type,
            "colour": words.colour,
            "price": str(price.amount) if price else "",
            "was_price": str(price.was or "") if price else "",
            "currency": price.currency if price else "",
            "image": f"{label}/{number}.jpg",
        }

    def _add_row(self, row: dict[str, str]) -> None:
        text = io.StringIO()
        csv.DictWriter(text, self._columns, lineterminator="\n").writerow(row)
        self._table.write(text.getvalue().encode())
        self._table.flush()


def _invented_name(label: str, number: str) -> str:
    """``Red dress kfmpcb``: with letters, because a split for training tells products apart by the words of their
    names, and takes those with the same words for one product."""
    letters = "".join(chr(ord("a") + int(digit, 16)) for digit in number[:6])
    return f"{label.replace('_', ' ').capitalize()} {letters}"


def _lines(file: io.BufferedRandom) -> tuple[list[bytes], bytes]:
    """The lines of a file, and what was begun at its end when the machine stopped: b"", most often."""
    file.seek(0)
    *whole, unfinished = file.read().split(b"\n")
    return whole, unfinished


def _cut(file: io.BufferedRandom, unfinished: bytes) -> None:
    file.truncate(file.seek(0, os.SEEK_END) - len(unfinished))
