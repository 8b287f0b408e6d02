"""``manage.py evaluate_colour``: whose colour is told, the garment's or the floor's."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from tqdm import tqdm

from catalog.command_line import ReportingCommand, UsageError
from catalog.images import ImageRejected
from vision.datasets import DatasetError, read_dataset, sample
from vision.detection import Detector
from vision.detection_data import StreetError, photo_pairs, read_label_names
from vision.evaluation.choosing import held_out
from vision.evaluation.colouring import evaluate_colour
from vision.model_files import DETECTOR_HELD_OUT, ModelError


class Command(ReportingCommand):
    help = (
        "Compare ways of finding a garment's pixels by the colours that they give: on a catalogue's pictures, on its "
        "garments laid on drawn floors, and on street photos with a label for each pixel. Needs no database."
    )
    requires_system_checks: list[str] = []  # it works on files alone

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--products", type=Path, required=True, metavar="PATH", help="a catalogue, best on white paper"
        )
        parser.add_argument(
            "--street", type=Path, required=True, metavar="DIR", help="holds photos/, masks/ and labels.txt"
        )
        parser.add_argument("--model", type=Path, default=settings.SHIPPED_MODEL_DIR, metavar="DIR")
        parser.add_argument(
            "--held-out", action="store_true", help="only pictures that the model's training set aside"
        )
        parser.add_argument("--limit", type=int, metavar="N", help="at most N products and N street photos")
        parser.add_argument("--seed", type=int, default=1, metavar="N", help="of the floors and the light")

    def run(self, *, products: Path, street: Path, model: Path, **options: Any) -> dict[str, Any]:
        limit, seed = options["limit"], options["seed"]
        if limit is not None and limit < 1:
            raise UsageError(f"--limit must be at least 1, not {limit}.")
        try:
            detector = Detector.load(model)
            shop, pairs = read_dataset(products), photo_pairs(street / "photos", street / "masks")
            names = read_label_names(street / "labels.txt")
            if options["held_out"]:
                shop, kept = held_out(shop, model), _kept_from(model)
                pairs = [(photo, mask) for photo, mask in pairs if photo.stem in kept]
            if limit is not None:
                shop, pairs = sample(shop, limit, seed), pairs[:limit]
            return evaluate_colour(shop, pairs, names, detector, _progress, seed)
        except (ModelError, DatasetError, StreetError, ImageRejected) as error:
            raise UsageError(str(error)) from error

    def summary(self, report: dict[str, Any]) -> str:
        lines = [
            *report["rejected"][:20],
            f"{report['products']} products, {report['floors']} of them on floors, {report['street']} pieces in "
            "street photos:",
            f"  {'':14}{'family':>8}{'nearest':>8}  floors:{'IoU':>6}{'dLab':>6}{'family':>7}{'nearest':>8}"
            f"  street:{'IoU':>6}{'dLab':>6}{'ms':>6}",
        ]
        lines += [_row(name, figures) for name, figures in report["ways"].items()]
        return "\n".join(lines)

    def exit_code(self, report: dict[str, Any]) -> int:
        return 1 if report["rejected"] else 0


def _row(name: str, figures: dict[str, Any]) -> str:
    shop, floors, street = figures["products"], figures["floors"], figures["street"]
    return (
        f"  {name:14}{_number(shop['family'], 8)}{_number(shop['nearest_family'], 8)}"
        f"         {_number(floors['iou'], 6)}{_number(floors['colour_difference'], 6, 1)}"
        f"{_number(floors['family'], 7)}{_number(floors['nearest_family'], 8)}"
        f"         {_number(street['iou'], 6)}{_number(street['colour_difference'], 6, 1)}{figures['ms']:6.1f}"
    )


def _number(value: float | None, width: int, digits: int = 3) -> str:
    return f"{'-':>{width}}" if value is None else f"{value:{width}.{digits}f}"


def _kept_from(model: Path) -> frozenset[str]:
    """The street photos that the model's detector has not learnt from.

    Raises:
        UsageError: when the model does not say which these are.
    """
    try:
        return frozenset(json.loads((model / DETECTOR_HELD_OUT).read_bytes()))
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(
            f"{model} does not say which photos its detector was kept from ({error}). Leave --held-out away."
        ) from error


def _progress(things: Iterable[Any], title: str) -> Iterable[Any]:
    return tqdm(things, desc=title, unit="", mininterval=1)
