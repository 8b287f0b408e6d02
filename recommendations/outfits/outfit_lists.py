"""Reads outfits that people have put together, as lists of kinds of things."""

import csv
import gzip
from collections import defaultdict
from pathlib import Path

COLUMNS = {"source", "outfit", "category"}


class OutfitsError(Exception):
    """A file of outfits that cannot be used; the text says what is expected."""


def read_outfit_lists(file: Path) -> dict[str, list[list[str]]]:
    """Every outfit's kinds by the source it comes from, in the file's order, of those that have two or more.

    The file is CSV, gzipped when its name ends so, with the columns source, outfit and category and one line for each
    thing; lines without a category are left out.

    Raises:
        OutfitsError: when the file is not of that form or holds no outfit.
    """
    outfits: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    try:
        with gzip.open(file, "rt") if file.suffix == ".gz" else file.open() as lines:
            rows = csv.DictReader(lines)
            missing = COLUMNS - set(rows.fieldnames or [])
            if missing:
                raise OutfitsError(f"{file} has no column {', '.join(sorted(missing))}.")
            for row in rows:
                if row["category"] and row["category"] not in outfits[row["source"]][row["outfit"]]:
                    outfits[row["source"]][row["outfit"]].append(row["category"])
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise OutfitsError(
            f"{file} cannot be read as outfits ({error}). Expected CSV with {', '.join(sorted(COLUMNS))}."
        ) from error
    found = {source: [kinds for kinds in sets.values() if len(kinds) > 1] for source, sets in outfits.items()}
    if not any(found.values()):
        raise OutfitsError(f"{file} holds no outfit of two things whose category is known.")
    return found
