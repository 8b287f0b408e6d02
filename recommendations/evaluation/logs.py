"""Shoppers' logs and what they were about, read from CSV files and numbered."""

import csv
import gzip
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self, cast

import numpy as np
import numpy.typing as npt

from recommendations.profiles import Interactions

Ids = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

REQUIRED = ("user", "item", "kind", "timestamp")
ARRIVAL = "first_seen"  # the column of an items file that says when an item came into the shop
PRICE_BANDS = 5
MANY_VALUES = 20  # a column of numbers with more distinct values is cut into bands
_WORD = re.compile(r"[^\W\d_]{3,}")


class LogError(ValueError):
    """The file is no log that can be measured with; the text says what to change."""


@dataclass(frozen=True)
class Log:
    """First meetings of shoppers and items, (e,) parallel arrays, oldest first; what happened at once is shuffled.

    Items are numbered from 1, users from 0. ``baskets`` is -1 where no basket is known.
    """

    users: Ids
    items: Ids
    times: Floats  # UTC seconds; all NaN for a log without times
    ratings: Floats  # NaN where none was given
    baskets: Ids

    def __len__(self) -> int:
        return len(self.users)

    @property
    def has_times(self) -> bool:
        """Whether it is known when things happened."""
        return bool(len(self)) and not bool(np.isnan(self.times).any())

    @property
    def has_ratings(self) -> bool:
        """Whether every event is a rating."""
        return bool(len(self)) and not bool(np.isnan(self.ratings).any())

    def where(self, kept: npt.NDArray[np.bool_]) -> "Log":
        """Return the events marked in ``kept`` (e,), in the same order."""
        return Log(
            self.users[kept], self.items[kept], self.times[kept], self.ratings[kept], self.baskets[kept]
        )

    def interactions(self) -> Interactions:
        """Return who met what, each pair with strength 1."""
        return Interactions.from_pairs(
            self.users, self.items, None, self.times if self.has_times else np.arange(len(self))
        )


@dataclass(frozen=True)
class Shelf:
    """What is known of the items, by their numbers in the log."""

    attributes: Mapping[int, frozenset[str]]
    categories: Mapping[int, str]
    arrived: Mapping[int, float]  # UTC seconds

    @classmethod
    def empty(cls) -> Self:
        """Nothing is known."""
        return cls({}, {}, {})


def read_log(path: Path, seed: int = 0) -> tuple[Log, dict[str, int]]:
    """Read ``user,item,kind,timestamp[,value]`` and return the log and the number of each item's name.

    Of each (user, item) the first event stays. ``value`` is the rating of a ``rating`` and the basket of a
    ``purchase``; elsewhere it is not looked at.

    Raises:
        LogError: for a missing column, a time that is no number, or a file without events.
    """
    try:
        with _opened(path) as file:
            reader = csv.DictReader(file)
            missing = [name for name in REQUIRED if name not in (reader.fieldnames or ())]
            if missing:
                raise LogError(
                    f"{path.name} has no column {', '.join(missing)}: its header must be {','.join(REQUIRED)}[,value]"
                )
            rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise LogError(f"{path} cannot be read ({error}): give a CSV file, plain or .gz") from error
    if not rows:
        raise LogError(f"{path.name} holds no events: give a log with at least one")
    try:
        times = np.array([float(row["timestamp"] or "nan") for row in rows])
        ratings = np.array(
            [float(row.get("value") or "nan") if row["kind"] == "rating" else np.nan for row in rows]
        )
    except ValueError as error:
        raise LogError(
            f"{path.name}: {error}: timestamps (UTC seconds) and ratings must be numbers"
        ) from error
    users = np.unique([row["user"] for row in rows], return_inverse=True)[1]
    names, items = np.unique([row["item"] for row in rows], return_inverse=True)
    baskets = _numbered([row.get("value") or "" if row["kind"] == "purchase" else "" for row in rows])
    log = Log(users.astype(np.int64), items.astype(np.int64) + 1, times, ratings, baskets)
    return first_meetings(log, seed), {str(name): number + 1 for number, name in enumerate(names)}


def first_meetings(log: Log, seed: int) -> Log:
    """Put events in order of time, those of one moment shuffled, and keep the first of each (user, item)."""
    shuffled = np.random.default_rng(seed).permutation(len(log))
    order = np.lexsort((shuffled, log.times)) if log.has_times else shuffled
    pairs = log.users[order] * (log.items.max(initial=0) + 1) + log.items[order]
    first = np.sort(np.unique(pairs, return_index=True)[1])
    kept = order[first]
    return Log(log.users[kept], log.items[kept], log.times[kept], log.ratings[kept], log.baskets[kept])


def read_items(path: Path, numbers: dict[str, int]) -> Shelf:
    """Read an items file with a column ``item``; every other column becomes attributes.

    Words of a text with many values count one by one, numbers with many values in bands of equal size. The column
    ``category``, or else ``genres``, says what is popular among what. Items that the log does not hold get numbers
    behind the others: ``numbers`` grows.

    Raises:
        LogError: when there is no column ``item`` or the file cannot be read.
    """
    try:
        with _opened(path) as file:
            reader = csv.DictReader(file)
            columns = list(reader.fieldnames or ())
            if "item" not in columns:
                raise LogError(f"{path.name} has no column item: give one row per item, its name in item")
            rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise LogError(f"{path} cannot be read ({error}): give a CSV file, plain or .gz") from error
    ids = [numbers.setdefault(row["item"], len(numbers) + 1) for row in rows]
    words: list[set[str]] = [set() for _ in rows]
    for column in columns:
        if column not in ("item", ARRIVAL):
            for row, found in enumerate(_attributes_of(column, [row[column] or "" for row in rows])):
                words[row] |= found
    topic = next((name for name in ("category", "genres") if name in columns), None)
    return Shelf(
        {item: frozenset(found) for item, found in zip(ids, words, strict=True)},
        {item: row[topic] for item, row in zip(ids, rows, strict=True) if row[topic]} if topic else {},
        {
            item: float(row[ARRIVAL])
            for item, row in zip(ids, rows, strict=True)
            if ARRIVAL in columns and _is_number(row[ARRIVAL])
        },
    )


def _attributes_of(column: str, values: Sequence[str]) -> list[set[str]]:
    """Return each row's attributes from one column."""
    numeric = [_is_number(value) for value in values]
    distinct = len(set(values))
    if distinct > MANY_VALUES and all(
        is_number or not value for is_number, value in zip(numeric, values, strict=True)
    ):
        figures = np.array([float(value) if value else np.nan for value in values])
        edges = np.nanquantile(figures, np.arange(1, PRICE_BANDS) / PRICE_BANDS)
        bands = np.searchsorted(edges, figures)
        return [
            {f"{column}:{band}"} if value else set()
            for band, value in zip(bands.tolist(), values, strict=True)
        ]
    if distinct > MANY_VALUES:
        return [{f"{column}:{word.lower()}" for word in _WORD.findall(value)} for value in values]
    return [{f"{column}:{value.lower()}"} if value else set() for value in values]


def _is_number(text: str | None) -> bool:
    try:
        return bool(np.isfinite(float(text or "")))
    except ValueError:
        return False


def _numbered(names: Sequence[str]) -> Ids:
    """Number the names from 0; -1 for an empty one."""
    found, numbers = np.unique(names, return_inverse=True)
    return np.asarray(numbers - 1 if len(found) and not found[0] else numbers, np.int64)


def _opened(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return cast("IO[str]", gzip.open(path, "rt", encoding="utf-8", newline=""))
    return path.open(encoding="utf-8", newline="")
