"""What all commands promise: progress on stderr, ``--json`` for scripts, exit codes 0 done, 1 done with rejected input,
2 wrong usage."""

import json
import sys
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class UsageError(CommandError):
    """Wrong usage: exit code 2, with a sentence that says what was expected."""

    def __init__(self, message: str) -> None:
        super().__init__(message, returncode=2)


class ReportingCommand(ABC, BaseCommand):
    """A command that ends with a report: one JSON object for scripts, a few words for people.

    Subclasses implement ``run(**options) -> dict`` and may override ``summary(report) -> str`` and
    ``exit_code(report) -> int``.
    """

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--json",
            metavar="PATH",
            help="write the report as JSON: a path, or - for the last line of stdout",
        )

    @abstractmethod
    def run(self, **options: Any) -> dict[str, Any]:
        """Do the work and return the report."""

    def summary(self, report: dict[str, Any]) -> str:
        """The report in words, for stderr."""
        return ", ".join(
            f"{value} {key}" for key, value in report.items() if isinstance(value, int | float | str)
        )

    def exit_code(self, report: dict[str, Any]) -> int:
        """0, or 1 when some of the input was rejected."""
        return 0

    def handle(self, *args: Any, **options: Any) -> None:
        target = options.pop("json")
        report = self.run(**options)
        self.stderr.write(self.summary(report))
        if target == "-":
            self.stdout.write(json.dumps(report, default=str))
        elif target:
            Path(target).write_text(json.dumps(report, indent=2, default=str) + "\n")
        if code := self.exit_code(report):
            sys.exit(code)
