"""``manage.py fit_refusal``: teach a model when to say that the shop has nothing like it."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from tqdm import tqdm

from catalog.command_line import ReportingCommand, UsageError
from vision.datasets import DatasetError, read_dataset, sample
from vision.evaluation.choosing import held_out
from vision.evaluation.refusing import evidence_in, fit_refusal, refusal_figures
from vision.evaluation.searching import relatives
from vision.evaluation.seeing import loose_pictures, see
from vision.inference import Classifier
from vision.model_files import REFUSAL, ModelError, add_file


class Command(ReportingCommand):
    help = (
        "Learn from photos of the shop's kind and of other things when to refuse, and write it to the model's folder "
        "(refusal.json). Give photos that the model has not learnt from, and measure on others: "
        "evaluate_visual_search --unknown."
    )
    requires_system_checks: list[str] = []  # it works on files alone

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--model", type=Path, required=True, metavar="DIR")
        parser.add_argument(
            "--gallery", type=Path, required=True, metavar="PATH", help="a catalogue to be near to"
        )
        parser.add_argument(
            "--known", type=Path, nargs="+", required=True, metavar="PATH", help="photos of the shop's kind"
        )
        parser.add_argument(
            "--unknown", type=Path, required=True, metavar="DIR", help="pictures of other things"
        )
        parser.add_argument(
            "--held-out", action="store_true", help="only known photos that the model's training set aside"
        )
        parser.add_argument("--limit", type=int, metavar="N", help="at most N pictures of each known set")
        parser.add_argument(
            "--refused",
            type=float,
            default=0.01,
            metavar="F",
            help="share of known photos that may be refused",
        )
        parser.add_argument("--seed", type=int, default=1, metavar="N")

    def run(self, **options: Any) -> dict[str, Any]:
        if not 0 <= options["refused"] < 1:
            raise UsageError(f"--refused must be a share from 0 to below 1, not {options['refused']}.")
        folder: Path = options["model"]
        try:
            classifier = Classifier.load(folder)
            known = [read_dataset(path) for path in options["known"]]
            if options["held_out"]:
                known = [held_out(dataset, folder) for dataset in known]
            if options["limit"]:
                known = [sample(dataset, options["limit"], options["seed"]) for dataset in known]
            gallery = see(read_dataset(options["gallery"]), classifier, _progress, {}, keep_descriptors=False)
            photos = [see(dataset, classifier, _progress, {}, keep_descriptors=False) for dataset in known]
            others = see(
                loose_pictures(options["unknown"]), classifier, _progress, {}, keep_descriptors=False
            )
            evidence = [
                found for seen in photos for found in evidence_in(seen, gallery, relatives(seen, gallery)[0])
            ]
            strange = evidence_in(others, gallery)
            refusal = fit_refusal(evidence, strange, options["refused"])
            learned = {
                **refusal.to_json(),
                "known": [dataset.name for dataset in known],
                "unknown": options["unknown"].name,
                "figures": refusal_figures(evidence, strange, refusal),
            }
            add_file(folder, REFUSAL, (json.dumps(learned, indent=1) + "\n").encode())
        except (ModelError, DatasetError) as error:
            raise UsageError(str(error)) from error
        rejected = [problem for seen in (gallery, *photos, others) for problem in seen.rejected]
        return {**learned, "rejected": rejected}

    def summary(self, report: dict[str, Any]) -> str:
        weights = ", ".join(f"{name} {weight:.2f}" for name, weight in report["weights"].items())
        return "\n".join(
            [
                *report["rejected"][:20],
                f"Known from {report['threshold']:.3f} on; weights: {weights}.",
                "On the very pictures it was fitted to: AUROC {auroc:.3f}, {wrongly_refused:.1%} of {known} wrongly "
                "refused, {wrongly_accepted:.1%} of {unknown} wrongly accepted.".format(**report["figures"]),
            ]
        )

    def exit_code(self, report: dict[str, Any]) -> int:
        return 1 if report["rejected"] else 0


def _progress(things: Iterable[Any], title: str) -> Iterable[Any]:
    return tqdm(things, desc=title, unit="", mininterval=1)
