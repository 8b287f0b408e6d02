"""``manage.py classify_image FILE…``: name what pictures show."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from catalog.command_line import ReportingCommand, UsageError
from catalog.images import ImageRejected, decode_image, encode_jpeg
from vision.annotating import annotate
from vision.inference import Classifier
from vision.model_files import ModelError


class Command(ReportingCommand):
    help = "Name what pictures show: labels with their probabilities."
    requires_system_checks: list[str] = []  # it works on files alone

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
        parser.add_argument("--model", type=Path, default=settings.SHIPPED_MODEL_DIR, metavar="DIR")
        parser.add_argument(
            "--annotate", type=Path, metavar="DIR", help="write the pictures with their labels there"
        )

    def run(self, *, files: list[Path], model: Path, annotate: Path | None, **options: Any) -> dict[str, Any]:
        try:
            classifier = Classifier.load(model)
        except ModelError as error:
            raise UsageError(str(error)) from error
        if annotate:
            annotate.mkdir(parents=True, exist_ok=True)
        return {
            "model": {"name": classifier.name, "version": classifier.version},
            "images": [_classify(file, classifier, annotate) for file in files],
        }

    def summary(self, report: dict[str, Any]) -> str:
        lines = []
        for image in report["images"]:
            labels = [label for product in image["products"] for label in product["labels"][:6]]
            said = ", ".join(f"{label['label']} {label['probability']:.0%}" for label in labels)
            lines.append(f"{image['path']}: {image['error'] or said}")
        return "\n".join(lines)

    def exit_code(self, report: dict[str, Any]) -> int:
        return 1 if any(image["error"] for image in report["images"]) else 0


def _classify(file: Path, classifier: Classifier, folder: Path | None) -> dict[str, Any]:
    found: dict[str, Any] = {"path": str(file), "width": 0, "height": 0, "products": [], "error": None}
    try:
        image = decode_image(file.read_bytes())
    except OSError as error:
        return found | {"error": f"The file cannot be opened ({error.strerror}). Check its path."}
    except ImageRejected as error:
        return found | {"error": error.sentence}
    height, width = image.shape[:2]
    box = (0, 0, width, height)
    (prediction,) = classifier.predict([image])
    if folder:
        (folder / f"{file.stem}.jpg").write_bytes(encode_jpeg(annotate(image, [(box, prediction.labels)])))
    labels = [vars(label) for label in prediction.labels]
    return found | {"width": width, "height": height, "products": [{"box": box, "labels": labels}]}
