"""What the two refresh commands have in common: blocks with progress, a clean end when stopped, a report."""

import time
from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from catalog.command_line import ReportingCommand
from recommendations import versions
from recommendations.models import Version


class RefreshCommand(ReportingCommand):
    """Build a version here, block by block, or with ``--async`` leave the work to the workers.

    Subclasses say how to ``begin``, ``build`` and ``finish``, how to ``queue``, and what ``counted`` counts.
    """

    blocks_are = "blocks"
    counted_as = "items"

    @abstractmethod
    def begin(self) -> tuple[Version, Sequence[Any]]:
        """Start a version; return it with its blocks."""

    @abstractmethod
    def build(self, version: Version, block: Any) -> None:
        """Build one block."""

    @abstractmethod
    def finish(self, version: Version) -> None:
        """Switch the version on."""

    @abstractmethod
    def queue(self) -> None:
        """Leave the refresh to the workers."""

    @abstractmethod
    def counted(self, version: Version, blocks: Sequence[Any]) -> int:
        """How much the version holds."""

    def stopped(self, version: Version, error: BaseException) -> None:
        """What becomes of a version that was not finished: it is given up."""
        versions.fail(version, f"Stopped: {error or type(error).__name__}")

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--async", action="store_true", dest="queued", help="leave the work to the workers"
        )

    def run(self, *, queued: bool, **options: Any) -> dict[str, Any]:
        started = time.monotonic()
        if queued:
            self.queue()
            return {"version": None, "seconds": 0.0, "blocks": 0, self.counted_as: 0}
        try:
            version, blocks = self.begin()
        except versions.RefreshRunningError as running:
            raise CommandError(str(running)) from running
        try:
            for block in tqdm(blocks, desc=self.blocks_are, unit=""):
                self.build(version, block)
            self.finish(version)
        except BaseException as error:
            self.stopped(version, error)
            raise
        return {
            "version": version.pk,
            "seconds": round(time.monotonic() - started, 2),
            "blocks": len(blocks),
            self.counted_as: self.counted(version, blocks),
        }
