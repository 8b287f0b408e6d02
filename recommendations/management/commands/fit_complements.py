"""``manage.py fit_complements``: learn from outfits what goes together, and store it for the shop."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from tqdm import tqdm

from catalog.command_line import ReportingCommand, UsageError
from catalog.images import ImageRejected
from recommendations.outfits.judging import Learnt
from recommendations.outfits.kinds_together import KindsTogether
from recommendations.outfits.learnt import SHIPPED, OutfitKnowledge
from recommendations.outfits.outfit_lists import OutfitsError, read_outfit_lists
from recommendations.outfits.street_outfits import read_street_outfits
from vision.detection_data import StreetError, photo_pairs, read_label_names


class Command(ReportingCommand):
    help = "Learn which pieces and which kinds of pieces are worn together."
    requires_system_checks: list[str] = []  # it works on files alone

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--photos", type=Path, required=True, metavar="DIR", help="NAME.jpg")
        parser.add_argument(
            "--masks", type=Path, required=True, metavar="DIR", help="NAME.png: label numbers"
        )
        parser.add_argument("--labels", type=Path, required=True, metavar="FILE", help="number, tab, name")
        parser.add_argument(
            "--outfits", type=Path, required=True, metavar="FILE", help="CSV with source, outfit, category"
        )
        parser.add_argument("--source", help="only the outfits of this source in --outfits")
        parser.add_argument("--output", type=Path, default=SHIPPED, metavar="FILE")

    def run(
        self, *, photos: Path, masks: Path, labels: Path, outfits: Path, output: Path, **options: Any
    ) -> dict[str, Any]:
        try:
            lists = read_outfit_lists(outfits)
            chosen = [options["source"]] if options["source"] in lists else sorted(lists)
            kinds = KindsTogether().fit(outfit for source in chosen for outfit in lists[source])
            worn = read_street_outfits(photo_pairs(photos, masks), read_label_names(labels), _progress)
            learnt = Learnt.from_outfits(worn)
        except (StreetError, OutfitsError, ImageRejected, ValueError) as error:
            raise UsageError(str(error)) from error
        OutfitKnowledge(learnt, frozenset(outfit.name for outfit in worn), kinds).save(output)
        return {
            "street_outfits": len(worn),
            "pieces": sum(len(outfit.garments) for outfit in worn),
            "kinds": len(kinds.kinds_),
            "output": str(output),
        }


def _progress(things: Iterable[Any], title: str) -> Iterable[Any]:
    return tqdm(things, desc=title, unit="", mininterval=1)
