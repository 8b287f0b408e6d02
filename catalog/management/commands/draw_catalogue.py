"""``manage.py draw_catalogue``: fill the shop with the drawn demo catalogue."""

import time
from typing import Any

from django.core.management.base import CommandParser
from tqdm import tqdm

from catalog.command_line import ReportingCommand
from catalog.drawing.demo import demo_products
from catalog.drawn_catalogue import draw_earlier_prices, jobs_of, records_of, stock_shelves
from catalog.picture_import import picture_processes
from catalog.stocking import stock


class Command(ReportingCommand):
    help = "Fill the shop with the drawn demo catalogue. Running it again continues and changes nothing that is there."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--products", type=int, default=640, metavar="N")
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--width", type=int, default=600, help="pixels; the height is 4/3 of it")

    def run(self, *, products: int, seed: int, width: int, **options: Any) -> dict[str, Any]:
        started = time.monotonic()
        drawn = demo_products(products, seed)
        stock_shelves()
        with (
            picture_processes() as executor,
            tqdm(total=len(drawn), desc="drawn products", unit="") as progress,
        ):
            report = stock(
                records_of(drawn), jobs_of(drawn, width, width * 4 // 3), executor, progress.update
            )
        draw_earlier_prices(drawn)
        return {
            "created": report.created,
            "updated": report.updated,
            "unchanged": report.unchanged,
            "seconds": round(time.monotonic() - started, 1),
        }
