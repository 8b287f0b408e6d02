"""``manage.py refresh_recommendations``: make every shopper's list anew and switch them on."""

import time
from typing import Any

from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from catalog.command_line import ReportingCommand
from recommendations import tasks, versions
from recommendations.refreshing_lists import begin_lists, build_block, finish_lists


class Command(ReportingCommand):
    help = "Make every shopper's list anew from what all shoppers did, and switch the lists on."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--async", action="store_true", dest="queued", help="leave the work to the workers"
        )

    def run(self, *, queued: bool, **options: Any) -> dict[str, Any]:
        started = time.monotonic()
        if queued:
            tasks.refresh_recommendations.delay()
            return {"version": None, "seconds": 0.0, "blocks": 0, "users": 0}
        try:
            version, blocks = begin_lists()
        except versions.RefreshRunningError as running:
            raise CommandError(str(running)) from running
        try:
            for block in tqdm(blocks, desc="blocks of shoppers", unit=""):
                build_block(version, block)
            finish_lists(version)
        except BaseException as error:
            versions.fail(version, f"Stopped: {error or type(error).__name__}")
            raise
        return {
            "version": version.pk,
            "seconds": round(time.monotonic() - started, 2),
            "blocks": len(blocks),
            "users": sum(len(block) for block in blocks),
        }
