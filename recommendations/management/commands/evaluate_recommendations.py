"""``manage.py evaluate_recommendations``: is the hybrid better than its parts, and by how much?"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import CommandParser
from tqdm import tqdm

from catalog.command_line import ReportingCommand, UsageError
from recommendations.evaluation.candidates import NAMES
from recommendations.evaluation.figures import figures_of, table
from recommendations.evaluation.logs import LogError, Shelf, read_items, read_log
from recommendations.evaluation.running import compare
from recommendations.evaluation.splits import SPLITS, Question, SplitError


class Command(ReportingCommand):
    help = (
        "Measure every recommender on a log of shoppers: settings are chosen inside the training period, every "
        "question is answered from all items, and each model is paired against popularity. Nothing is stored."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--interactions",
            type=Path,
            required=True,
            metavar="FILE",
            help="a CSV, plain or .gz, with the header user,item,kind,timestamp[,value]",
        )
        parser.add_argument(
            "--items", type=Path, metavar="FILE", help="what is known of the items: a CSV with a column item"
        )
        parser.add_argument("--split", choices=sorted(SPLITS), default="time")
        parser.add_argument("--only", nargs="+", choices=NAMES, metavar="MODEL", help=", ".join(NAMES))
        parser.add_argument(
            "--at-most", type=int, metavar="N", help="ask N questions, drawn by lot, instead of all"
        )
        parser.add_argument("--seed", type=int, default=0, metavar="N")

    def run(self, **options: Any) -> dict[str, Any]:
        if options["at_most"] is not None and options["at_most"] < 1:
            raise UsageError("--at-most asks for at least one question: give a number from 1 up.")
        if options["seed"] < 0:
            raise UsageError("--seed must be 0 or more.")
        try:
            log, numbers = read_log(options["interactions"], options["seed"])
            shelf = read_items(options["items"], numbers) if options["items"] else Shelf.empty()
            comparison = compare(
                log,
                shelf,
                options["split"],
                # Popularity is the judge of all others, so it is always there.
                NAMES if options["only"] is None else ("popularity", *options["only"]),
                seed=options["seed"],
                progress=_progress,
                most=options["at_most"],
            )
        except (LogError, SplitError) as error:
            raise UsageError(f"{error}.") from error
        return {
            "users": len(np.unique(log.users)),
            "items": len(numbers),
            "events": len(log),
            "split": options["split"],
            "questions": len(comparison.split.questions),
            "seed": options["seed"],
            "models": figures_of(comparison, log, shelf, len(numbers), options["seed"]),
        }

    def summary(self, report: dict[str, Any]) -> str:
        return (
            f"{report['users']} users, {report['items']} items, {report['events']} first meetings; "
            f"{report['questions']} questions, split by {report['split']}\n{table(report['models'])}"
        )


def _progress(questions: Sequence[Question], title: str) -> Iterable[Question]:
    return tqdm(questions, desc=title, unit="", mininterval=1, leave=False)
