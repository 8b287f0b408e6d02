"""``manage.py demo``: from an empty directory to a shop that can be shopped, until Ctrl-C."""

import os
import signal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shop.demonstration import LOGINS, Demonstration, DemonstrationError, demo_logins
from shop.embedded.keeper import die_with_parent


class Command(BaseCommand):
    """Open the demo shop and keep it open."""

    help = "Set up and run a whole shop: catalogue, model, first refresh, web server, workers, beat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1", help="another one also needs ALLOWED_HOSTS")
        parser.add_argument(
            "--catalog", type=Path, metavar="PATH", help="import this catalogue instead of drawing one"
        )

    def handle(self, *, port: int, host: str, catalog: Path | None, **options: Any) -> None:
        if catalog is not None and not catalog.exists():
            raise CommandError(
                f"There is no catalogue at {catalog}. Name a folder, a CSV file or a zip.", returncode=2
            )
        # SIGINT too: a shell that starts us in the background has it ignored.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.default_int_handler)
        if "MAKELEVEL" in os.environ:  # a make that is killed tells nobody
            die_with_parent(signal.SIGTERM)()
        try:
            Demonstration(host, port, self._note).run(catalog, self._welcome)
        except DemonstrationError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self._note("Stopped")

    def _welcome(self, address: str) -> None:
        self.stdout.write(f"Shop ready at {address}")
        for email, password in demo_logins().items():
            self.stdout.write(f"  {email}  {password}  ({LOGINS[email]})")
        self.stdout.write("Ctrl-C stops everything.")
        self.stdout.flush()

    def _note(self, words: str) -> None:
        self.stderr.write(words)
        self.stderr.flush()
