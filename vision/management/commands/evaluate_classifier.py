"""``manage.py evaluate_classifier``: how good a model is on labelled pictures."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from tqdm import tqdm

from catalog.command_line import ReportingCommand, UsageError
from vision.datasets import DatasetError, read_dataset
from vision.evaluation import evaluate_attributes, evaluate_folders
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
            "--attributes", default="type,colour", metavar="type,colour", help="columns of a CSV"
        )

    def run(self, *, dataset: Path, model: Path, attributes: str, **options: Any) -> dict[str, Any]:
        try:
            classifier = Classifier.load(model)
            pictures = read_dataset(dataset)
        except (ModelError, DatasetError) as error:
            raise UsageError(str(error)) from error
        if not pictures.exact:
            return evaluate_folders(classifier, pictures, _progress)
        kinds = [kind.strip() for kind in attributes.split(",") if kind.strip()]
        return evaluate_attributes(classifier, pictures, kinds, _progress)

    def summary(self, report: dict[str, Any]) -> str:
        lines = list(report["rejected"][:20])
        lines.append(
            f"{report['images']} pictures, {report['unknown_labels']} labels the model does not know"
        )
        lines += [f"  {name} {value:.3f}" for name, value in report.items() if isinstance(value, float)]
        for kind, figures in report.get("attributes", {}).items():
            lines.append(f"  {kind}: accuracy {figures['accuracy']:.3f}, macro F1 {figures['macro_f1']:.3f}")
        return "\n".join(lines)

    def exit_code(self, report: dict[str, Any]) -> int:
        return 1 if report["rejected"] else 0


def _progress(things: Iterable[Any], title: str) -> Iterable[Any]:
    return tqdm(things, desc=title, unit="", mininterval=1)
