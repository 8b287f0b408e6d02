"""``manage.py refresh_clusters``: build the biased cluster network anew and switch it on."""

from collections.abc import Sequence
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import DatabaseError

from recommendations import tasks, versions
from recommendations.golden_queries import WorseNetworkError
from recommendations.models import ClusterNetwork, Version
from recommendations.refresh_command import RefreshCommand
from recommendations.refreshing_clusters import (
    FULL_DISK,
    begin_network,
    build_block,
    finish_network,
    is_full_disk,
)


class Command(RefreshCommand):
    help = (
        "Build the biased cluster network from the analysed pictures and switch it on. Categories in which nothing "
        "changed are taken over; a refresh that was stopped goes on where it was."
    )
    blocks_are = "categories"
    full = accept = False

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--full", action="store_true", help="build every category, changed or not")
        parser.add_argument(
            "--accept", action="store_true", help="switch on also what answers the golden queries worse"
        )

    def run(self, *, full: bool, accept: bool, **options: Any) -> dict[str, Any]:
        self.full, self.accept = full, accept
        try:
            return super().run(**options)
        except WorseNetworkError as worse:
            raise CommandError(str(worse)) from worse
        except DatabaseError as error:
            if is_full_disk(error):
                raise CommandError(FULL_DISK) from error
            raise

    def begin(self) -> tuple[ClusterNetwork, list[int]]:
        return begin_network(full=self.full)

    def build(self, version: ClusterNetwork, block: int) -> None:
        build_block(version, block)

    def finish(self, version: ClusterNetwork) -> None:
        finish_network(version, accept=self.accept)

    def stopped(self, version: Version, error: BaseException) -> None:
        if isinstance(error, KeyboardInterrupt):
            versions.set_aside(version, "Stopped. The next refresh goes on with what is left.")
        else:
            super().stopped(version, error)

    def queue(self) -> None:
        tasks.refresh_clusters.delay(full=self.full)

    def counted(self, version: ClusterNetwork, blocks: Sequence[int]) -> int:
        return version.figures["products"]
