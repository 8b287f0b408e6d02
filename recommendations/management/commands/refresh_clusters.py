"""``manage.py refresh_clusters``: build the biased cluster network anew and switch it on."""

from collections.abc import Sequence

from recommendations import tasks
from recommendations.models import ClusterNetwork
from recommendations.refresh_command import RefreshCommand
from recommendations.refreshing_clusters import begin_network, build_block, finish_network


class Command(RefreshCommand):
    help = "Build the biased cluster network anew from the analysed pictures and switch it on."
    blocks_are = "categories"

    def begin(self) -> tuple[ClusterNetwork, list[int]]:
        return begin_network()

    def build(self, version: ClusterNetwork, block: int) -> None:
        build_block(version, block)

    def finish(self, version: ClusterNetwork) -> None:
        finish_network(version)

    def queue(self) -> None:
        tasks.refresh_clusters.delay()

    def counted(self, version: ClusterNetwork, blocks: Sequence[int]) -> int:
        return version.figures["products"]
