"""``manage.py evaluate_classifier``: how good a model is on labelled pictures."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from tqdm import tqdm

from catalog.command_line import ReportingCommand, UsageError
from vision.datasets import DatasetError, read_dataset
from vision.evaluation.choosing import frequent, held_out
from vision.evaluation.classifying import evaluate_attributes, evaluate_folders
from vision.evaluation.pages import classifier_page
from vision.inference import Classifier
from vision.model_files import ModelError


class Command(ReportingCommand):
    help = (
        "Measure a model on a folder per label (red_dress/*.jpg) or on the rows of a CSV beside its pictures."
    )
    requires_system_checks: list[str] = []  # it works on files alone

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--dataset", type=Path, required=True, metavar="PATH")
        parser.add_argument("--model", type=Path, default=settings.SHIPPED_MODEL_DIR, metavar="DIR")
        parser.add_argument(
            "--attributes",
            default="type,colour",
            metavar="type,colour",
            help="columns of a CSV; category and family follow from type and colour",
        )
        parser.add_argument(
            "--held-out", type=Path, metavar="DIR", help="only pictures that this model's training set aside"
        )
        parser.add_argument(
            "--at-least",
            type=int,
            default=1,
            metavar="N",
            help="only article types on N pictures of the data",
        )
        parser.add_argument(
            "--also",
            type=Path,
            action="extend",
            nargs="+",
            default=[],
            metavar="PATH",
            help="… and on as many of each of these",
        )
        parser.add_argument("--report", type=Path, metavar="DIR", help="write a page of charts to DIR")

    def run(self, **options: Any) -> dict[str, Any]:
        try:
            classifier = Classifier.load(options["model"])
            dataset = read_dataset(options["dataset"])
            if options["at_least"] > 1:
                also = [read_dataset(path) for path in options["also"]]
                dataset = frequent(dataset, "type", options["at_least"], also)
            if options["held_out"]:
                dataset = held_out(dataset, options["held_out"])
        except (ModelError, DatasetError) as error:
            raise UsageError(str(error)) from error
        if dataset.exact:
            kinds = [kind.strip() for kind in options["attributes"].split(",") if kind.strip()]
            evaluation = evaluate_attributes(classifier, dataset, kinds, _progress)
        else:
            evaluation = evaluate_folders(classifier, dataset, _progress)
        if options["report"]:
            title = f"{classifier.name} {classifier.version} on {dataset.name}"
            page = classifier_page(evaluation, title).write(options["report"], "classifier.html")
            self.stderr.write(f"The charts are in {page}.")
        return evaluation.report

    def summary(self, report: dict[str, Any]) -> str:
        lines = list(report["rejected"][:20])
        lines.append(
            f"{report['images']} pictures, {report['unknown_labels']} labels the model does not know"
        )
        lines += [f"  {name} {value:.3f}" for name, value in report.items() if isinstance(value, float)]
        for kind, figures in report.get("attributes", {}).items():
            low, high = figures["accuracy_interval"]
            lines.append(
                f"  {kind}: accuracy {figures['accuracy']:.3f} ({low:.3f} to {high:.3f}), macro F1 "
                f"{figures['macro_f1']:.3f}, ECE {figures['ece']:.3f}, {figures['classes']} classes"
            )
            if "family_accuracy" in figures:
                lines.append(f"    its family {figures['family_accuracy']:.3f}")
        return "\n".join(lines)

    def exit_code(self, report: dict[str, Any]) -> int:
        return 1 if report["rejected"] else 0


def _progress(things: Iterable[Any], title: str) -> Iterable[Any]:
    return tqdm(things, desc=title, unit="", mininterval=1)
