"""``manage.py collect_images URL… --label red_dress``: collect product pictures from web pages."""

import re
import signal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from catalog.command_line import ReportingCommand, UsageError

LABEL = re.compile(r"[a-z0-9][a-z0-9-]*(_[a-z0-9-]+)*")


class Command(ReportingCommand):
    help = (
        "Open web pages in Chromium, scroll through them, and collect their product pictures into a folder that "
        "train_classifier and import_catalog read. Keeps to robots.txt and to a pace. Interrupted, the same command "
        "goes on where it stopped."
    )
    requires_system_checks: list[str] = []  # it works on files alone

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("pages", nargs="+", metavar="URL")
        parser.add_argument("--label", required=True, metavar="red_dress", help="what the pictures show")
        parser.add_argument(
            "--limit", type=int, metavar="N", help="stop when the folder holds N pictures of the label"
        )
        parser.add_argument("--output", type=Path, default=settings.VAR_DIR / "collected", metavar="DIR")
        parser.add_argument(
            "--rate", type=float, default=1.0, metavar="R", help="requests a second to one host (1)"
        )
        parser.add_argument(
            "--min-size",
            type=int,
            default=120,
            metavar="PIXELS",
            help="a product picture's shorter side (120)",
        )
        parser.add_argument(
            "--max-mb", type=float, default=20.0, metavar="MB", help="bytes of a picture (20)"
        )
        parser.add_argument(
            "--page-seconds",
            type=float,
            default=60.0,
            metavar="S",
            help="to open a page, and to scroll it (60)",
        )
        parser.add_argument(
            "--contact", default="", metavar="TEXT", help="an address or mail for the owners of the pages"
        )
        parser.add_argument(
            "--allow-private", action="store_true", help="also collect from this machine and private networks"
        )

    def run(self, **options: Any) -> dict[str, Any]:
        _check(options)
        # Here, because Selenium and Protego are installed only where pictures are collected.
        try:
            from vision.collecting.browser import Browser, BrowserMissing
            from vision.collecting.collector import Collector
            from vision.collecting.fetching import Fetcher, Limits
            from vision.collecting.folder import Folder, FolderError
            from vision.collecting.manners import Manners, Pace, user_agent
            from vision.collecting.network import Network
            from vision.collecting.proxy import Proxy
        except ModuleNotFoundError as error:
            raise UsageError(
                f"The package {error.name} is missing. Install it with: pip install -r requirements-collecting.txt."
            ) from error

        network = Network(allow_private=options["allow_private"])
        agent = user_agent(options["contact"])
        fetcher = Fetcher(network, agent, Limits(bytes=int(options["max_mb"] * 2**20)))
        manners = Manners(fetcher, Pace(options["rate"]))
        # A polite end is like Ctrl-C: with the browser closed.
        # SIGINT too: a shell that starts a command in the background lets it ignore that one.
        before = {
            number: signal.signal(number, signal.default_int_handler)
            for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            with (
                Folder(options["output"]) as folder,
                Proxy(network) as proxy,
                Browser(proxy, agent, options["page_seconds"]) as browser,
                tqdm(total=options["limit"], desc=options["label"], unit="") as progress,
            ):
                progress.update(folder.count(options["label"]))
                collector = Collector(
                    browser, fetcher, manners, folder, options["label"], options["limit"], options["min_size"],
                    saved=progress.update,
                )  # fmt: skip
                report = collector.collect(options["pages"])
        except (FolderError, BrowserMissing) as error:
            raise UsageError(str(error)) from error
        except OSError as error:
            raise CommandError(
                f"{options['output']} cannot be written any more ({error.strerror}). What was collected is there; "
                "the same command goes on from there."
            ) from error
        except KeyboardInterrupt as error:
            raise CommandError(
                f"Stopped. What was collected is in {options['output']}; the same command goes on from there.",
                returncode=130,
            ) from error
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        return {
            "saved": report.saved,
            "duplicates": report.duplicates,
            "refused": len(report.refused),
            "skipped": report.skipped,
            "known": report.known,
            "refusals": [{"url": address, "reason": reason} for address, reason in report.refused],
            "output": str(options["output"]),
        }

    def summary(self, report: dict[str, Any]) -> str:
        lines = [f"{refusal['url']}: {refusal['reason']}" for refusal in report["refusals"][:20]]
        if len(report["refusals"]) > 20:
            lines.append(f"… and {len(report['refusals']) - 20} more refusals; --json lists them all.")
        lines.append(
            f"{report['saved']} pictures saved in {report['output']}, {report['duplicates']} duplicates, "
            f"{report['refused']} refused, {report['skipped']} too small, {report['known']} known from earlier"
        )
        return "\n".join(lines)

    def exit_code(self, report: dict[str, Any]) -> int:
        return 1 if report["refused"] else 0


def _check(options: dict[str, Any]) -> None:
    if not LABEL.fullmatch(options["label"]):
        raise UsageError(
            f"--label {options['label']!r} is no label. Expected lower-case words such as red_dress or jeans."
        )
    for name in ("limit", "rate", "min_size", "max_mb", "page_seconds"):
        if options[name] is not None and not options[name] > 0:
            raise UsageError(f"--{name.replace('_', '-')} must be above 0, not {options[name]}.")
    if not options["contact"].isprintable() or not options["contact"].isascii():
        raise UsageError("--contact must be plain text such as https://shop.example/collector.")
