"""Bringing prices, stock and words up to date from a spreadsheet: the export, changed and read again.

New products come with pictures and are imported (``import_catalog``); here only known ones change. Columns that are not
there, and empty cells, change nothing.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from catalog.exporting import FORMULA_SIGNS
from catalog.importing import amount_of, sizes_of
from catalog.models import Product, Variant
from catalog.planned_changes import MOST, NotPossible, Plan, PlannedChange, chosen_rows

WORDS = {"name": 200, "description": 20_000}
CHANGEABLE = ("name", "description", "status", "price", "sizes")


@dataclass(frozen=True)
class Row:
    """What a line of the file says of one product. None: nothing."""

    number: int
    external_id: str
    words: dict[str, str] = field(default_factory=dict)
    price: Decimal | None = None
    stock: dict[str, int] = field(default_factory=dict)  # size -> pieces


@dataclass(frozen=True)
class Reading:
    """The rows that make sense, and a sentence about each that does not."""

    rows: Sequence[Row]
    problems: Sequence[str]


def read(text: str) -> Reading:
    """Read a CSV file with a header; commas, semicolons or tabs between the cells, as spreadsheets write them.

    Raises:
        NotPossible: without an ``id`` column, without one that could be changed, or with too many rows.
    """
    try:
        dialect: type[csv.Dialect] = csv.Sniffer().sniff(text.partition("\n")[0], ",;\t")
    except csv.Error:
        dialect = csv.excel
    lines = csv.DictReader(io.StringIO(text, newline=""), dialect=dialect)
    header = [name.strip().lower() for name in lines.fieldnames or []]
    lines.fieldnames = header
    if "id" not in header or not set(CHANGEABLE) & set(header):
        raise NotPossible(
            f"The file needs a header with id and one or more of {', '.join(CHANGEABLE)}. Export some products to see "
            "what it looks like."
        )
    rows: dict[str, Row] = {}
    problems: list[str] = []
    try:
        for cells in lines:
            number = lines.line_num
            if len(rows) + len(problems) > MOST:
                raise NotPossible(f"At most {MOST:,} products can be changed at once. Divide the file.")
            try:
                row = _row(number, {k: _plain(v) for k, v in cells.items() if k and isinstance(v, str)})
            except ValueError as error:
                problems.append(f"Line {number}: {error}.")
                continue
            if row.external_id in rows:
                problems.append(
                    f"Line {number}: {row.external_id} stands in line {rows[row.external_id].number} too."
                )
                continue
            rows[row.external_id] = row
    except csv.Error as error:
        raise NotPossible(f"Line {lines.line_num} cannot be read: {error}.") from error
    return Reading(list(rows.values()), problems)


def _plain(cell: str) -> str:
    """A cell without the sign that kept a spreadsheet from running it (``catalog.exporting``)."""
    cell = cell.strip()
    return cell[1:] if cell[:1] == "'" and cell[1:2] in FORMULA_SIGNS else cell


def _row(number: int, cells: dict[str, str]) -> Row:
    external_id = cells.get("id", "")
    if not external_id:
        raise ValueError("the id is empty")
    words = {name: cells[name] for name in WORDS if cells.get(name)}
    for name, value in words.items():
        if len(value) > WORDS[name]:
            raise ValueError(f"the {name} is longer than {WORDS[name]:,} characters")
    if status := cells.get("status", "").lower():
        if status not in Product.Status.values:
            raise ValueError(f"the status {status!r} is none of {', '.join(Product.Status.values)}")
        words["status"] = status
    stock = dict(sizes_of(cells)) if cells.get("sizes") else {}
    return Row(number, external_id, words, amount_of(cells.get("price", ""), "price"), stock)


def plan_of_rows(reading: Reading, *, lock: bool = False) -> tuple[Plan, list[str]]:
    """What the rows would change, and a sentence for each that names what the shop does not have."""
    problems = list(reading.problems)
    known = dict(
        Product.objects.filter(external_id__in=[row.external_id for row in reading.rows]).values_list(
            "external_id", "pk"
        )
    )
    products, sizes = chosen_rows(known.values(), lock=lock)
    by_id = {product.external_id: product for product in products}
    changes: list[PlannedChange] = []
    for row in reading.rows:
        product = by_id.get(row.external_id)
        if product is None:
            problems.append(
                f"Line {row.number}: there is no product {row.external_id}. Import it with its pictures."
            )
            continue
        variants = {variant.size: variant for variant in sizes.get(product.pk, [])}
        if strange := sorted(row.stock.keys() - variants.keys()):
            problems.append(
                f"Line {row.number}: {product} has no size {', '.join(strange)}. Add it on its page."
            )
            continue
        changes += _changes(row, product, list(variants.values()))
    return Plan(changes), problems


def _changes(row: Row, product: Product, variants: list[Variant]) -> list[PlannedChange]:
    changes = [
        PlannedChange(product, None, name, value, str(getattr(product, name)), value)
        for name, value in row.words.items()
        if value != getattr(product, name)
    ]
    # The export has one price for all sizes: where it is unchanged, sizes that cost something else keep that.
    price = row.price if row.price != product.price else None
    for variant in variants:
        for name, value in (("price", price), ("stock", row.stock.get(variant.size))):
            before = getattr(variant, name)
            if value is not None and value != before:
                changes.append(PlannedChange(product, variant, name, value, str(before), str(value)))
    return changes
