"""Rows of a catalogue file -> validated records. No database here.

A source is one of: a folder per label (``red_dress/*.jpg``), a CSV file beside its pictures (or a folder that holds
them), a zip of either, or a CSV beside ``images.zip``. See docs/operations.md for the columns.
"""

import csv
import hashlib
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path, PurePosixPath

from catalog.colour_names import hex_of

PICTURE_SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif"}
MAX_FILE_BYTES = 20 * 1024 * 1024
KNOWN_GENDERS = {
    "men": "Men", "man": "Men", "male": "Men", "women": "Women", "woman": "Women", "female": "Women",
    "unisex": "Unisex", "girls": "Girls", "girl": "Girls", "boys": "Boys", "boy": "Boys",
}  # fmt: skip
_COLUMNS = {
    "id", "name", "description", "category", "subcategory", "type", "article_type", "brand", "gender", "colour",
    "color", "colour_hex", "price", "was_price", "currency", "sizes", "size", "stock", "weight", "style", "style_code",
    "image", "images", "status",
}  # fmt: skip
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


class SourceError(Exception):
    """The source as a whole cannot be read; the text says what is expected."""


@dataclass(frozen=True)
class ImportRecord:
    """One product as a file describes it.

    ``category`` is the path from the top shelf down. ``sizes`` pairs a size name ("" for one-size) with its stock.
    ``price`` is None when the file names none, and so is ``weight``, that of one piece in grams. ``was_price`` is what
    it claims to have cost before, which no page strikes (see ``catalog.prices``). ``pictures`` are names that
    ``Source.read`` understands.
    """

    row: int
    external_id: str
    name: str
    category: tuple[str, ...]
    brand: str = ""
    gender: str = ""
    article_type: str = ""
    colour: str = ""
    colour_hex: str = ""
    description: str = ""
    style_code: str = ""
    status: str = "active"
    price: Decimal | None = None
    was_price: Decimal | None = None
    currency: str = ""
    sizes: tuple[tuple[str, int], ...] = (("", 10),)
    weight: int | None = None
    attributes: dict[str, str] = field(default_factory=dict)
    pictures: tuple[str, ...] = ()

    def digest(self) -> str:
        """SHA-256 over everything but the row number: equal digests mean that nothing changed."""
        content = {key: value for key, value in vars(self).items() if key != "row"}
        if self.weight is None:  # so that files from before this column still say the same
            del content["weight"]
        return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


@dataclass(frozen=True)
class Rejection:
    """A row that cannot be used, and why."""

    row: int
    external_id: str
    error: str


class Source:
    """Reads records and picture bytes from a folder, a CSV file or a zip, all alike.

    Iterating yields an ``ImportRecord`` or a ``Rejection`` per row, in order. ``read`` returns a picture's bytes.

    Raises:
        SourceError: when ``path`` is nothing that can be imported.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.exists():
            raise SourceError(
                f"{path} does not exist. Give a folder of labelled folders, a CSV file or a zip."
            )
        self._archives: list[tuple[str, zipfile.ZipFile]] = []
        self._files: dict[str, Path] = {}
        if zipfile.is_zipfile(path):
            self._archives.append(("", zipfile.ZipFile(path)))
        elif path.is_dir():
            self._take_folder(path)
        elif path.suffix.lower() == ".csv":
            self._take_folder(path.parent)
            self._files = {n: p for n, p in self._files.items() if p.suffix.lower() != ".csv" or p == path}
        else:
            raise SourceError(f"{path} is neither a folder, a CSV file nor a zip.")
        self._zip_names = {
            prefix + info.filename: (archive, info)
            for prefix, archive in self._archives
            for info in archive.infolist()
            if not info.is_dir() and "__MACOSX" not in info.filename
        }
        self._csv_name = self._only_csv()
        if self._csv_name is None and not self._labelled_pictures():
            raise SourceError(
                f"{path} holds no CSV file and no folders of pictures. Expected red_dress/1.jpg, … or products.csv "
                "with a header of id,name,category,…,image."
            )

    def _take_folder(self, folder: Path) -> None:
        for file in sorted(folder.rglob("*")):
            if file.is_file() and (file.suffix.lower() in PICTURE_SUFFIXES | {".csv"}):
                self._files[file.relative_to(folder).as_posix()] = file
        for archive in sorted(folder.glob("images*.zip")):
            self._archives.append(("", zipfile.ZipFile(archive)))

    def _names(self) -> list[str]:
        return [*self._files, *self._zip_names]

    def _only_csv(self) -> str | None:
        found = [name for name in self._names() if name.lower().endswith(".csv")]
        shallow = [n for n in found if n.count("/") == min(f.count("/") for f in found)] if found else []
        if len(shallow) > 1:
            raise SourceError(
                f"{self.path} holds several CSV files ({', '.join(shallow[:3])}): name the one to import."
            )
        return shallow[0] if shallow else None

    def _labelled_pictures(self) -> list[str]:
        return sorted(
            name
            for name in self._names()
            if "/" in name and PurePosixPath(name).suffix.lower() in PICTURE_SUFFIXES
        )

    @property
    def has_table(self) -> bool:
        """Whether the rows come from a CSV file; otherwise the folders' names are all that is known."""
        return self._csv_name is not None

    def read(self, name: str) -> bytes:
        """The bytes of the file ``name``.

        Raises:
            FileNotFoundError: when the source has no such file.
            ValueError: when the file is larger than a picture may be.
        """
        if name in self._files:
            if self._files[name].stat().st_size > MAX_FILE_BYTES:
                raise ValueError(f"{name} is larger than {MAX_FILE_BYTES // 1024 // 1024} MB")
            return self._files[name].read_bytes()
        if name in self._zip_names:
            archive, info = self._zip_names[name]
            with archive.open(info) as stream:
                data = stream.read(MAX_FILE_BYTES + 1)  # not info.file_size: a header may lie
            if len(data) > MAX_FILE_BYTES:
                raise ValueError(f"{name} is larger than {MAX_FILE_BYTES // 1024 // 1024} MB")
            return data
        raise FileNotFoundError(f"the picture {name} is not there")

    def __iter__(self) -> Iterator[ImportRecord | Rejection]:
        if self._csv_name is None:
            yield from self._labelled_records()
        else:
            yield from self._csv_records()

    def _labelled_records(self) -> Iterator[ImportRecord]:
        for row, name in enumerate(self._labelled_pictures(), start=1):
            label = PurePosixPath(name).parent.name
            colour, _, kind = label.rpartition("_")
            kind = kind.replace("-", " ")
            title = " ".join(part for part in (colour.replace("_", " "), kind) if part)
            yield ImportRecord(
                row=row,
                external_id=name,
                name=title.capitalize(),
                category=(kind.capitalize(),),
                article_type=kind.capitalize(),
                colour=colour.replace("_", " ").capitalize(),
                pictures=(name,),
            )

    def _csv_records(self) -> Iterator[ImportRecord | Rejection]:
        assert self._csv_name is not None  # noqa: S101 - __iter__ has looked
        try:
            text = self._csv_bytes(self._csv_name).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise SourceError(
                f"{self._csv_name} is not UTF-8 text ({error.reason}). Save it as UTF-8."
            ) from error
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        header = [name.strip().lower() for name in reader.fieldnames or []]
        missing = {"id", "name", "category"} - set(header)
        if missing:
            raise SourceError(
                f"{self._csv_name} lacks the column{'s' if len(missing) > 1 else ''} {', '.join(sorted(missing))}; "
                f"it has {', '.join(header) or 'no header'}."
            )
        reader.fieldnames = header
        folder = PurePosixPath(self._csv_name).parent
        seen: set[str] = set()
        row = 1
        while True:
            row += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Rejection(row, "", f"the row cannot be read: {error}")
                continue
            external_id = (cells.get("id") or "").strip()
            if external_id in seen:
                yield Rejection(row, external_id, "this id was used by an earlier row")
                continue
            seen.add(external_id)
            try:
                yield _record(row, cells, folder)
            except ValueError as error:
                yield Rejection(row, external_id, str(error))

    def _csv_bytes(self, name: str) -> bytes:
        if name in self._files:
            return self._files[name].read_bytes()
        archive, info = self._zip_names[name]
        return archive.read(info)


def amount_of(text: str, column: str) -> Decimal | None:
    if not text:
        return None
    try:
        amount = Decimal(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text)
    except InvalidOperation:
        raise ValueError(f"{column} {text!r} is not an amount such as 49.90") from None
    if not amount.is_finite() or not 0 <= amount < 100_000_000:
        raise ValueError(f"{column} {text!r} is not an amount between 0 and 99,999,999.99")
    return amount.quantize(Decimal("0.01"))


def sizes_of(cells: dict[str, str]) -> tuple[tuple[str, int], ...]:
    """``S:3|M:0|L`` (sizes with their stock), or one ``size`` and one ``stock``."""
    text = cells.get("sizes") or cells.get("size") or ""
    usual = cells.get("stock") or "10"
    sizes = []
    for part in text.split("|"):
        size, _, stock = part.strip().partition(":")
        try:
            sizes.append((size.strip()[:20], int(stock or usual)))
        except ValueError:
            raise ValueError(f"stock {stock or usual!r} is not a whole number") from None
        if sizes[-1][1] < 0:
            raise ValueError(f"stock {sizes[-1][1]} is below zero")
    if len({size for size, _ in sizes}) < len(sizes):
        raise ValueError(f"a size is named twice in {text!r}")
    return tuple(sizes)


def _weight(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and int(text) <= 1_000_000):
        raise ValueError(f"weight {text!r} is not a whole number of grams up to 1,000,000")
    return int(text)


def _record(row: int, raw: dict[str, str], folder: PurePosixPath) -> ImportRecord:
    """Check one CSV row; raises ``ValueError`` with a sentence about the first thing that is wrong."""
    if None in raw:
        raise ValueError("the row has more cells than the header")
    cells = {key: (value or "").replace("\x00", "").strip() for key, value in raw.items()}
    for column, limit in {
        "id": 100,
        "name": 200,
        "category": 80,
        "subcategory": 80,
        "brand": 80,
        "type": 60,
    }.items():
        if len(cells.get(column, "")) > limit:
            raise ValueError(f"{column} is longer than {limit} characters")
    for column in ("id", "name", "category"):
        if not cells[column]:
            raise ValueError(f"{column} is empty")
    price, was_price = (
        amount_of(cells.get("price", ""), "price"),
        amount_of(cells.get("was_price", ""), "was_price"),
    )
    if was_price is not None and (price is None or was_price <= price):
        raise ValueError(f"was_price {was_price} is not above price {price}")
    gender = cells.get("gender", "").lower()
    if gender and gender not in KNOWN_GENDERS:
        raise ValueError(f"gender {cells['gender']!r} is none of Men, Women, Unisex, Girls, Boys")
    colour_hex = cells.get("colour_hex", "") or hex_of(cells.get("colour", "") or cells.get("color", ""))
    if colour_hex and not _HEX.fullmatch(colour_hex):
        raise ValueError(f"colour_hex {colour_hex!r} does not look like #8c1d2f")
    status = cells.get("status", "").lower() or "active"
    if status not in {"draft", "active", "archived"}:
        raise ValueError(f"status {status!r} is none of draft, active, archived")
    path = [part.strip() for part in cells["category"].split(">")]
    if cells.get("subcategory"):
        path.append(cells["subcategory"])
    pictures = [p.strip() for p in (cells.get("images") or cells.get("image") or "").split("|") if p.strip()]
    if not pictures:
        raise ValueError("the row names no image")
    return ImportRecord(
        row=row,
        external_id=cells["id"],
        name=cells["name"],
        category=tuple(part for part in path if part),
        brand=cells.get("brand", ""),
        gender=KNOWN_GENDERS.get(gender, ""),
        article_type=cells.get("article_type") or cells.get("type", ""),
        colour=(cells.get("colour") or cells.get("color", ""))[:40],
        colour_hex=colour_hex,
        description=cells.get("description", ""),
        style_code=(cells.get("style_code") or cells.get("style", ""))[:100],
        status=status,
        price=price,
        was_price=was_price,
        currency=cells.get("currency", "").upper()[:3],
        sizes=sizes_of(cells),
        weight=_weight(cells.get("weight", "")),
        attributes={k: v[:200] for k, v in cells.items() if k not in _COLUMNS and v and v.upper() != "NA"},
        pictures=tuple(str(folder / name) for name in pictures),
    )


def brands_from_names(names: list[str], minimum: int = 4) -> dict[str, str]:
    """Guess the brand of each name from the words that many names begin with.

    The longest prefix of up to three words that begins at least ``minimum`` names, and at least 60 % of the names
    that share its first word, is the brand; names without such a prefix get none. Shops' exports often lack a brand
    column while every name starts with the brand.
    """
    counts: Counter[tuple[str, ...]] = Counter()
    for name in set(names):
        words = name.split()
        for length in (1, 2, 3):
            if len(words) > length:
                counts[tuple(words[:length])] += 1
    generic = {"men", "women", "unisex", "girls", "boys", "kids", "the"} | set(KNOWN_GENDERS)
    brands: dict[str, str] = {}
    for name in names:
        first_words = tuple(name.split())
        best = ""
        for length in (1, 2, 3):
            prefix = first_words[:length]
            if any(word.lower() in generic or not word[:1].isupper() for word in prefix):
                break
            enough = counts[prefix] >= minimum
            if enough and (length == 1 or counts[prefix] >= 0.6 * counts[prefix[:1]]):
                best = " ".join(prefix)
        brands[name] = best
    return brands
