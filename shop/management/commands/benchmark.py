"""``manage.py benchmark``: measure the shop against simple baselines, both sides alternating in one run."""

import os
import platform
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psutil
from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from catalog.command_line import ReportingCommand
from shop.benchmarks import (
    clusters,
    many_shoppers,
    neighbours,
    pages,
    photos,
    pictures,
    retrieval,
    searching,
    vectors,
)
from shop.benchmarks.scenery import scenery
from shop.benchmarks.timing import Row

KINDS = ["pictures", "neighbours", "pages", "searching", "vectors", "retrieval"]
LONG = ["clusters", "many_shoppers"]  # minutes: only when asked for
PHOTOS = ["photos", "photo_steps"]  # only when asked for, with --photos


class Command(ReportingCommand):
    help = "Measure the shop against simple baselines. The made-up products and shoppers are gone afterwards."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--products", type=int, default=2_400, metavar="N")
        parser.add_argument(
            "--vectors",
            type=int,
            default=30_000,
            metavar="N",
            help="pictures in the large catalogue of --only retrieval; 200,000 take two to three minutes",
        )
        parser.add_argument("--users", type=int, default=4_000, metavar="N")
        parser.add_argument(
            "--only",
            nargs="+",
            choices=[*KINDS, *LONG, *PHOTOS],
            metavar="NAME",
            default=None,
        )
        parser.add_argument(
            "--photos", type=Path, metavar="DIR", help="photos for --only photos and photo_steps"
        )
        parser.add_argument("--n-photos", type=int, default=40, metavar="N")
        parser.add_argument(
            "--shop",
            default="http://127.0.0.1:8000",
            metavar="URL",
            help="the running shop that --only photos asks",
        )

    def run(
        self, *, products: int, users: int, vectors: int, only: list[str] | None, **options: Any
    ) -> dict[str, Any]:
        wanted = set(only or KINDS)
        if wanted & {*PHOTOS} and (options["photos"] is None or not options["photos"].is_dir()):
            raise CommandError("Name the folder with the photos to ask about: --photos DIR.", returncode=2)
        rows = []
        with tqdm(desc="rows", unit="") as progress:
            for row in (
                *self.rows(products, users, vectors, wanted),
                *self.photo_rows(options["photos"], options["n_photos"], options["shop"], wanted),
            ):
                rows.append(row)
                progress.set_postfix_str(row.name)
                progress.update()
        return {"machine": machine(), "rows": [asdict(row) for row in rows]}

    def rows(self, n_products: int, n_users: int, n_vectors: int, wanted: set[str]) -> Iterator[Row]:
        if "pictures" in wanted:
            yield from pictures.rows()
        if "neighbours" in wanted:
            yield from neighbours.rows(n_users, n_products)
        if "retrieval" in wanted:
            yield from retrieval.rows(n_vectors)
        if "clusters" in wanted:
            yield from clusters.rows(n_products)
        if "many_shoppers" in wanted:
            yield from many_shoppers.rows()
        if wanted & {"pages", "searching", "vectors"}:
            with scenery(n_products, max(1, n_users)) as products:
                if "pages" in wanted:
                    yield from pages.rows(products)
                if "searching" in wanted:
                    yield from searching.rows(products)
                if "vectors" in wanted:
                    yield from vectors.rows(products)

    def photo_rows(self, folder: Path, n: int, shop: str, wanted: set[str]) -> Iterator[Row]:
        if not wanted & {*PHOTOS}:
            return
        sent = photos.phone_photos(folder, n)
        if "photos" in wanted:
            yield from photos.over_http(shop, sent)
        if "photo_steps" in wanted:
            yield from photos.in_process(sent)

    def summary(self, report: dict[str, Any]) -> str:
        lines = [
            f"{row['name']:40} {row['ours']:10.2f} ms {row['baseline']:10.2f} ms  ×{row['ratio']:<7.3f} "
            f"{'holds' if row['holds'] else 'MISSES'} {row['target']} {row['unit']}  {row['what']}"
            for row in report["rows"]
        ]
        return "\n".join([f"{'':40} {'ours':>10}    {'baseline':>10}", *lines])


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30, 1),
        "load": round(os.getloadavg()[0], 2),
    }
