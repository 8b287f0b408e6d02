"""``manage.py train_classifier``: labelled pictures in, a model folder out."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from tqdm import tqdm

from catalog.command_line import ReportingCommand, UsageError
from vision.corrected_pictures import corrected_dataset
from vision.datasets import DatasetError, drawn_dataset, read_dataset, sample
from vision.other_things import drawn_others, street_backgrounds

DEFAULT_EPOCHS = {"smallervggnet": 75, "efficientnet-lite0": 12, "efficientnet-lite0-frozen": 20}


class Command(ReportingCommand):
    help = (
        "Train a classifier on folders of labelled photos (red_dress/*.jpg), on CSV files beside their pictures, or "
        "both, and write it to a model folder. Interrupted, the same command goes on where it stopped."
    )
    requires_system_checks: list[str] = []  # it works on files, and of the shop needs the corrections alone

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--dataset", type=Path, action="extend", nargs="+", default=[], metavar="PATH")
        parser.add_argument("--limit", type=int, metavar="N", help="at most N pictures of each data set")
        parser.add_argument("--drawn", type=int, default=0, metavar="N", help="add N garments drawn by code")
        parser.add_argument(
            "--corrections",
            action="store_true",
            help="add the shop's own pictures whose labels curators have corrected",
        )
        parser.add_argument(
            "--others",
            type=int,
            default=0,
            metavar="N",
            help="add N pictures of things that are not sold (floors, pages, noise), for the kind subject",
        )
        parser.add_argument(
            "--backgrounds",
            type=Path,
            metavar="DIR",
            help="street photos (DIR/photos, DIR/masks) whose parts without people are further things not sold",
        )
        parser.add_argument(
            "--attributes", default="", metavar="type,colour", help="the kinds of label to learn"
        )
        parser.add_argument("--backbone", choices=sorted(DEFAULT_EPOCHS), default="smallervggnet")
        parser.add_argument(
            "--epochs",
            type=int,
            metavar="N",
            help="75 for smallervggnet, 12 for efficientnet-lite0, 20 for its frozen trunk; 0 with --start fits "
            "nothing but the heads of efficientnet-lite0",
        )
        parser.add_argument("--seed", type=int, default=1, metavar="N")
        parser.add_argument(
            "--validation", type=float, default=0.2, metavar="F", help="share of pictures set aside"
        )
        parser.add_argument(
            "--split",
            choices=("grouped", "random"),
            default="grouped",
            help="grouped keeps near-duplicates and variants on one side; random lets them leak, for comparison only",
        )
        parser.add_argument(
            "--start", type=Path, metavar="DIR", help="begin with the weights of this model (same backbone)"
        )
        parser.add_argument("--at-least", type=int, default=1, metavar="N", help="leave rarer labels out")
        parser.add_argument("--output", type=Path, required=True, metavar="DIR")

    def run(self, **options: Any) -> dict[str, Any]:
        epochs = DEFAULT_EPOCHS[options["backbone"]] if options["epochs"] is None else options["epochs"]
        if epochs < 1 and not (
            epochs == 0 and options["start"] and options["backbone"] == "efficientnet-lite0"
        ):
            raise UsageError(
                f"--epochs must be at least 1, not {epochs}; 0 fits the heads of efficientnet-lite0 anew, and needs "
                "--start."
            )
        if not 0 <= options["validation"] < 1:
            raise UsageError(f"--validation must be a share from 0 to below 1, not {options['validation']}.")
        if not options["dataset"] and not options["drawn"] and not options["corrections"]:
            raise UsageError("Name at least one --dataset, or let some garments be drawn with --drawn.")
        corrected = corrected_dataset() if options["corrections"] else None
        if corrected is not None and not corrected.pictures:
            raise UsageError("No picture has been corrected yet. Correct some, or leave --corrections out.")
        try:
            datasets = [read_dataset(path) for path in options["dataset"]]
            if options["limit"]:
                datasets = [sample(dataset, options["limit"], options["seed"]) for dataset in datasets]
            if corrected is not None:
                datasets.append(corrected)
            if options["drawn"]:
                datasets.append(drawn_dataset(options["drawn"], options["seed"]))
            if options["others"]:
                datasets.append(drawn_others(options["others"], options["seed"]))
            if options["backgrounds"]:
                datasets.append(street_backgrounds(options["backgrounds"], options["seed"]))
        except DatasetError as error:
            raise UsageError(str(error)) from error
        kinds = tuple(kind.strip() for kind in options["attributes"].split(",") if kind.strip()) or (
            "colour",
            "type",
        )

        # Here, because TensorFlow takes seconds to import and --help needs none of it. It reports its every step unless
        # told not to before the import.
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
        from vision.training import Recipe, TrainingError, train
        from vision.tuned import backbone_called

        recipe = Recipe(
            epochs,
            options["seed"],
            options["validation"],
            options["split"],
            kinds,
            options["at_least"],
            options["start"],
        )
        try:
            return train(datasets, backbone_called(options["backbone"]), recipe, options["output"], _progress)
        except TrainingError as error:
            raise UsageError(str(error)) from error

    def summary(self, report: dict[str, Any]) -> str:
        lines = [*report["rejected"][:20]]
        if len(report["rejected"]) > 20:
            lines.append(
                f"… and {len(report['rejected']) - 20} more rejected pictures; report.json lists them all."
            )
        lines.append(
            f"Version {report['version']}: {report['epochs']} epochs on {report['train_images']} pictures, measured on "
            f"{report['validation_images']}."
        )
        for name, value in report["metrics"].items():
            if isinstance(value, float):
                lines.append(f"  {name} {value:.3f}")
            elif "accuracy" in value:
                lines.append(f"  {name}: accuracy {value['accuracy']:.3f}, macro F1 {value['macro_f1']:.3f}")
        return "\n".join(lines)

    def exit_code(self, report: dict[str, Any]) -> int:
        return 1 if report["rejected"] else 0


def _progress(things: Iterable[Any], title: str) -> Iterable[Any]:
    return tqdm(things, desc=title, unit="", mininterval=1)
