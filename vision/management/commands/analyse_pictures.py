"""``manage.py analyse_pictures``: look at the pictures that nobody has looked at yet, here and now."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from catalog.command_line import ReportingCommand
from catalog.models import ProductImage
from vision.analysis import analyse_images, pictures_to_analyse
from vision.model_files import ModelError
from vision.registry import switch_when_ready, versions_at_work


class Command(ReportingCommand):
    help = "Look at product pictures: labels, embedding, colours, visual words. Started again, it goes on where it was."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--all", action="store_true", help="also the pictures that have been looked at before"
        )

    def run(self, *, all: bool, **options: Any) -> dict[str, Any]:
        try:
            versions = versions_at_work()
        except ModelError as error:
            raise CommandError(str(error)) from error
        pictures = ProductImage.objects.order_by("pk") if all else pictures_to_analyse(*versions)
        ids = list(pictures.values_list("pk", flat=True))
        with tqdm(total=len(ids), desc="pictures", unit="") as progress:
            counts = analyse_images(ids, again=all, advance=progress.update)
        switch_when_ready()
        return {"analysed": counts.analysed, "unchanged": counts.unchanged, "broken": counts.broken}

    def exit_code(self, report: dict[str, Any]) -> int:
        return 1 if report["broken"] else 0
