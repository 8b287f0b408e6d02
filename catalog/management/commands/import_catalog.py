"""``manage.py import_catalog PATH``: fill the shop from a folder of photos, a CSV file or a zip."""

import time
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandParser
from tqdm import tqdm

from catalog.command_line import ReportingCommand, UsageError
from catalog.importing import ImportRecord, Source, SourceError, brands_from_names
from catalog.picture_import import jobs_from_source, picture_processes
from catalog.stocking import stock


class Command(ReportingCommand):
    help = (
        "Fill the shop from a folder of labelled photos, a CSV file beside its pictures, or a zip of either."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("path", type=Path, metavar="PATH")
        parser.add_argument("--limit", type=int, metavar="N", help="only the first N rows")
        parser.add_argument(
            "--dry-run", action="store_true", help="check every row and picture, and write nothing"
        )
        parser.add_argument(
            "--analyse", action="store_true", help="wait until the pictures have been analysed"
        )

    def run(
        self, *, path: Path, limit: int | None, dry_run: bool, analyse: bool, **options: Any
    ) -> dict[str, Any]:
        if dry_run and analyse:
            raise UsageError("After --dry-run there is nothing to analyse: leave out --analyse.")
        started = time.monotonic()
        try:
            source = Source(path)
            rows = list(islice(source, limit))
        except SourceError as error:
            raise UsageError(str(error)) from error
        if not any(isinstance(row, ImportRecord) and row.brand for row in rows):
            brands = brands_from_names([row.name for row in rows if isinstance(row, ImportRecord)])
            rows = [replace(r, brand=brands[r.name]) if isinstance(r, ImportRecord) else r for r in rows]
        with picture_processes() as executor, tqdm(total=len(rows), desc="products", unit="") as progress:
            report = stock(rows, jobs_from_source(source), executor, progress.update, is_rehearsal=dry_run)
        if analyse:
            call_command("analyse_pictures", json=None)
        return {
            "created": report.created,
            "updated": report.updated,
            "unchanged": report.unchanged,
            "rejected": [
                {"row": rejection.row, "id": rejection.external_id, "error": rejection.error}
                for rejection in report.rejected
            ],
            "seconds": round(time.monotonic() - started, 1),
            **({"dry_run": True} if dry_run else {}),
        }

    def summary(self, report: dict[str, Any]) -> str:
        lines = [f"row {r['row']} ({r['id'] or 'no id'}): {r['error']}" for r in report["rejected"][:20]]
        if len(report["rejected"]) > 20:
            lines.append(f"… and {len(report['rejected']) - 20} more rejected rows; --json lists them all.")
        would = "Nothing was written. It would be: " if report.get("dry_run") else ""
        lines.append(
            f"{would}{report['created']} created, {report['updated']} updated, {report['unchanged']} unchanged, "
            f"{len(report['rejected'])} rejected in {report['seconds']} s"
        )
        return "\n".join(lines)

    def exit_code(self, report: dict[str, Any]) -> int:
        return 1 if report["rejected"] else 0
