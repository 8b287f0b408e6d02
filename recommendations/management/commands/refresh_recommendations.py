"""``manage.py refresh_recommendations``: make every shopper's list anew and switch them on."""

from collections.abc import Sequence

from recommendations import tasks
from recommendations.models import RecommendationVersion
from recommendations.refresh_command import RefreshCommand
from recommendations.refreshing_lists import begin_lists, build_block, finish_lists


class Command(RefreshCommand):
    help = "Make every shopper's list anew from what all shoppers did, and switch the lists on."
    blocks_are = "blocks of shoppers"
    counted_as = "users"

    def begin(self) -> tuple[RecommendationVersion, list[list[int]]]:
        return begin_lists()

    def build(self, version: RecommendationVersion, block: Sequence[int]) -> None:
        build_block(version, block)

    def finish(self, version: RecommendationVersion) -> None:
        finish_lists(version)

    def queue(self) -> None:
        tasks.refresh_recommendations.delay()

    def counted(self, version: RecommendationVersion, blocks: Sequence[Sequence[int]]) -> int:
        return sum(len(block) for block in blocks)
