"""``manage.py evaluate_visual_search``: how well pictures find pictures."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from tqdm import tqdm

from catalog.command_line import ReportingCommand, UsageError
from vision.datasets import Dataset, DatasetError, read_dataset, sample
from vision.detection import Detector
from vision.evaluation.choosing import held_out
from vision.evaluation.pages import search_page
from vision.evaluation.seeing import loose_pictures
from vision.evaluation.visual_search import evaluate_visual_search
from vision.inference import Classifier
from vision.model_files import DETECTOR, ModelError, read_manifest
from vision.refusal import Refusal

FIGURES = ("precision_at_1", "precision_at_10", "map_at_10", "ndcg_at_10")


class Command(ReportingCommand):
    help = (
        "Search a gallery of labelled pictures for the pictures of another set (or for its own, each left out in "
        "turn), by every channel, and measure how often what is found is of the same kind. Needs no database."
    )
    requires_system_checks: list[str] = []  # it works on files alone

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--gallery", type=Path, required=True, metavar="PATH")
        parser.add_argument("--queries", type=Path, required=True, metavar="PATH")
        parser.add_argument("--model", type=Path, default=settings.SHIPPED_MODEL_DIR, metavar="DIR")
        parser.add_argument(
            "--same", default="type", metavar="type,colour", help="the kinds of label that must agree"
        )
        parser.add_argument(
            "--label-map", type=Path, metavar="FILE", help="JSON: {query label: [gallery labels]}"
        )
        parser.add_argument(
            "--unknown", type=Path, metavar="DIR", help="pictures of things that are not sold"
        )
        parser.add_argument(
            "--perturb", action="store_true", help="let gallery pictures come back changed and be found again"
        )
        parser.add_argument(
            "--sample", type=int, default=300, metavar="N", help="pictures that come back with --perturb"
        )
        parser.add_argument(
            "--among",
            type=Path,
            action="extend",
            nargs="+",
            default=[],
            metavar="PATH",
            help="with --perturb, more pictures that are only in the way",
        )
        parser.add_argument("--limit", type=int, metavar="N", help="at most N queries")
        parser.add_argument(
            "--held-out", type=Path, metavar="DIR", help="only queries that this model's training set aside"
        )
        parser.add_argument(
            "--frozen-lite0",
            action="store_true",
            help="one more channel: EfficientNet-Lite0 as ImageNet left it (loads TensorFlow)",
        )
        parser.add_argument("--report", type=Path, metavar="DIR", help="write a page of charts to DIR")
        parser.add_argument("--seed", type=int, default=1, metavar="N")

    def run(self, **options: Any) -> dict[str, Any]:
        same = tuple(kind.strip() for kind in options["same"].split(",") if kind.strip())
        if not same:
            raise UsageError("--same names no kind of label. Give type, or type,colour.")
        if options["sample"] < 1:
            raise UsageError(f"--sample must be at least 1, not {options['sample']}.")
        try:
            classifier = Classifier.load(options["model"])
            evaluation = evaluate_visual_search(
                read_dataset(options["gallery"]),
                _queries(options),
                classifier,
                _progress,
                same=same,
                label_map=_label_map(options["label_map"]),
                unknown=loose_pictures(options["unknown"]) if options["unknown"] else None,
                refusal=Refusal.load(options["model"]),
                detector=_detector(options["model"]),
                perturbed=options["sample"] if options["perturb"] else 0,
                among=[read_dataset(path) for path in options["among"]],
                describers=_frozen() if options["frozen_lite0"] else {},
                seed=options["seed"],
            )
        except (ModelError, DatasetError) as error:
            raise UsageError(str(error)) from error
        if options["report"]:
            title = f"{classifier.name} {classifier.version}: {options['queries'].name} in {options['gallery'].name}"
            page = search_page(evaluation, title).write(options["report"], "visual-search.html")
            self.stderr.write(f"The charts are in {page}.")
        return {"model": {"name": classifier.name, "version": classifier.version}, **evaluation.report}

    def summary(self, report: dict[str, Any]) -> str:
        lines = [
            *report["rejected"][:20],
            f"{report['queries']} queries (and {report['left_out']} left out) in {report['gallery']} pictures, right "
            f"is the same {report['same']}:",
            f"  {'':14}{'P@1':>7}{'P@10':>7}{'MAP@10':>8}{'nDCG@10':>9}",
        ]
        lines += [_row(name, figures) for name, figures in report["channels"].items()]
        if report["other_models"]:
            lines.append("other_models: nor the same model in another colour")
            lines += [_row(name, figures) for name, figures in report["other_models"].items()]
        lines.append(
            "A look and a search: median {p50:.1f} ms, 95 % {p95:.1f} ms".format(**report["latency_ms"])
        )
        if refusal := report["refusal"]:
            lines.append(
                "Refusal: AUROC {auroc:.3f}, {wrongly_refused:.1%} of {known} wrongly refused, {wrongly_accepted:.1%} "
                "of {unknown} wrongly accepted".format(**refusal)
            )
        if again := report["same_picture"]:
            lines.append(
                "The same picture among {among}: untouched {untouched:.1%}, mild {mild:.1%}, heavy {heavy:.1%} of "
                "{pictures}".format(**again)
            )
        return "\n".join(lines)

    def exit_code(self, report: dict[str, Any]) -> int:
        return 1 if report["rejected"] else 0


def _queries(options: Mapping[str, Any]) -> Dataset:
    queries = read_dataset(options["queries"])
    if options["held_out"]:
        queries = held_out(queries, options["held_out"])
    return sample(queries, options["limit"], options["seed"]) if options["limit"] else queries


def _detector(model: Path) -> Detector | None:
    return Detector.load(model) if DETECTOR in read_manifest(model)["sha256"] else None


def _label_map(file: Path | None) -> Mapping[str, Sequence[str]] | None:
    """The labels of a JSON file.

    Raises:
        UsageError: when it is no such file.
    """
    if file is None:
        return None
    try:
        content = json.loads(file.read_bytes())
        return {str(word): [str(label) for label in labels] for word, labels in dict(content).items()}
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(
            f'{file} cannot be used as a label map ({error}). Expected JSON: {{"hat": ["Caps", "Hat"]}}.'
        ) from error


def _frozen() -> dict[str, Any]:
    # Here, because TensorFlow takes seconds to import and nothing else needs it.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from vision.evaluation.frozen import frozen_lite0
    from vision.lite0_weights import WeightsError

    try:
        return {"frozen_lite0": frozen_lite0()}
    except WeightsError as error:
        raise UsageError(str(error)) from error


def _row(name: str, figures: Mapping[str, float]) -> str:
    first, ten, precision, gain = (figures[figure] for figure in FIGURES)
    return f"  {name:14}{first:7.3f}{ten:7.3f}{precision:8.3f}{gain:9.3f}"


def _progress(things: Iterable[Any], title: str) -> Iterable[Any]:
    return tqdm(things, desc=title, unit="", mininterval=1)
