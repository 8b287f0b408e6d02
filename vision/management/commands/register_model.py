"""``manage.py register_model DIR``: make a trained model known to the shop, and use it."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from catalog.command_line import ReportingCommand, UsageError
from vision import registry, tasks
from vision.model_files import ModelError


class Command(ReportingCommand):
    help = "Register a trained model, activate it, or go back to the one before."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="what train_classifier wrote")
        parser.add_argument("--shipped", action="store_true", help="the model that comes with the project")
        parser.add_argument("--activate", action="store_true", help="look at pictures with it from now on")
        parser.add_argument(
            "--roll-back", action="store_true", help="activate the model that was active before"
        )

    def run(
        self, *, folder: Path | None, shipped: bool, activate: bool, roll_back: bool, **options: Any
    ) -> dict[str, Any]:
        if (folder is not None) + shipped + roll_back != 1:
            raise UsageError("Name one model: a folder, or --shipped, or --roll-back.")
        try:
            if roll_back:
                version = registry.roll_back()
            else:
                version = registry.register_shipped() if folder is None else registry.register(folder)
                if activate and not version.is_active:
                    registry.activate(version)
        except ModelError as error:
            raise CommandError(str(error)) from error
        if activate or roll_back:
            tasks.reanalyse.delay_on_commit()
        return {
            "name": version.name,
            "version": version.version,
            "active": version.is_active,
            "preparing": version.wanted_since is not None,
        }

    def summary(self, report: dict[str, Any]) -> str:
        state = "looks at pictures now" if report["active"] else "is registered, not active"
        if report["preparing"]:
            state = "is in use as soon as the worker has looked at every picture with it"
        return f"{report['name']} {report['version']} {state}"
