"""``manage.py refresh_clusters``: build the biased cluster network anew and switch it on."""

import time
from typing import Any

from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from catalog.command_line import ReportingCommand
from recommendations import tasks, versions
from recommendations.refreshing_clusters import begin_network, build_block, finish_network


class Command(ReportingCommand):
    help = "Build the biased cluster network anew from the analysed pictures and switch it on."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--async", action="store_true", dest="queued", help="leave the work to the workers"
        )

    def run(self, *, queued: bool, **options: Any) -> dict[str, Any]:
        started = time.monotonic()
        if queued:
            tasks.refresh_clusters.delay()
            return {"version": None, "seconds": 0.0, "blocks": 0, "items": 0}
        try:
            network, categories = begin_network()
        except versions.RefreshRunningError as running:
            raise CommandError(str(running)) from running
        try:
            for category_id in tqdm(categories, desc="categories", unit=""):
                build_block(network, category_id)
            finish_network(network)
        except BaseException as error:
            versions.fail(network, f"Stopped: {error or type(error).__name__}")
            raise
        return {
            "version": network.pk,
            "seconds": round(time.monotonic() - started, 2),
            "blocks": len(categories),
            "items": network.figures["products"],
        }
