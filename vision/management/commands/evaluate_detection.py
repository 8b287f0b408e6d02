"""``manage.py evaluate_detection``: how well several products are found in one photo."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from tqdm import tqdm

from catalog.command_line import ReportingCommand, UsageError
from catalog.images import RGB, ImageRejected
from vision.detection import Box, Detector
from vision.detection_data import StreetError, photo_pairs, read_label_names
from vision.evaluation.detecting import evaluate_detection, selective_search, whole_photo
from vision.inference import Classifier
from vision.model_files import DETECTOR_HELD_OUT, ModelError


class Command(ReportingCommand):
    help = (
        "Measure boxes of products, and the categories named in them, on photos with a label for each pixel."
    )
    requires_system_checks: list[str] = []  # it works on files alone

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--photos", type=Path, required=True, metavar="DIR", help="NAME.jpg")
        parser.add_argument(
            "--masks", type=Path, required=True, metavar="DIR", help="NAME.png: label numbers"
        )
        parser.add_argument("--labels", type=Path, required=True, metavar="FILE", help="number, tab, name")
        parser.add_argument("--model", type=Path, default=settings.SHIPPED_MODEL_DIR, metavar="DIR")
        parser.add_argument(
            "--held-out",
            action="store_true",
            help="only photos that the model's detector has not learnt from",
        )
        parser.add_argument(
            "--selective-search", action="store_true", help="measure OpenCV's selective search too"
        )

    def run(self, *, photos: Path, masks: Path, labels: Path, model: Path, **options: Any) -> dict[str, Any]:
        others: dict[str, Callable[[RGB], list[Box]]] = {"whole_photo": whole_photo}
        if options["selective_search"]:
            others["selective_search"] = selective_search
        try:
            detector, classifier = Detector.load(model), Classifier.load(model)
            names, pairs = read_label_names(labels), photo_pairs(photos, masks)
            if options["held_out"]:
                kept = set(_held_out(model))
                pairs = [(photo, mask) for photo, mask in pairs if photo.stem in kept]
            report = evaluate_detection(pairs, names, detector.map, classifier, _progress, others)
        except (ModelError, StreetError, ImageRejected) as error:
            raise UsageError(str(error)) from error
        return {"model": {"name": classifier.name, "version": classifier.version}, **report}

    def summary(self, report: dict[str, Any]) -> str:
        recall, right = report["recall_at_iou_50"], report["category_at_1"]
        lines = [
            f"{report['products']} products in {report['photos']} photos, "
            f"{report['proposals_per_photo']} boxes a photo, mAP50 {report['map_50']:.3f}",
            "  found: " + ", ".join(f"{kind} {value:.3f}" for kind, value in recall.items()),
            "  category right: "
            + ", ".join(f"{way.replace('_', ' ')} {value:.3f}" for way, value in right.items()),
        ]
        lines += [
            f"  {name.replace('_', ' ')} finds {value:.3f}"
            for name, value in report["recall_of_others"].items()
        ]
        return "\n".join(lines)


def _held_out(model: Path) -> list[str]:
    try:
        names: list[str] = json.loads((model / DETECTOR_HELD_OUT).read_bytes())
    except (OSError, ValueError) as error:
        raise UsageError(
            f"{model} does not say which photos its detector was kept from ({error})."
        ) from error
    return names


def _progress(things: Iterable[Any], title: str) -> Iterable[Any]:
    return tqdm(things, desc=title, unit="", mininterval=1)
