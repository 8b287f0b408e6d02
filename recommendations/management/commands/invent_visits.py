"""``manage.py invent_visits``: give a demo shop some visitors with tastes of their own."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from accounts.models import User
from catalog.command_line import ReportingCommand, UsageError
from recommendations.invented_visits import invent_visits
from recommendations.models import Interaction


class Command(ReportingCommand):
    help = "Give a demo shop visitors with tastes of their own. Refuses where real shoppers have been."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--visitors", type=int, default=150, metavar="N")
        parser.add_argument(
            "--users", nargs="*", default=[], metavar="EMAIL", help="accounts that get a history too"
        )
        parser.add_argument("--seed", type=int, default=7)

    def run(self, *, visitors: int, users: list[str], seed: int, **options: Any) -> dict[str, Any]:
        if Interaction.objects.exists():
            raise UsageError("This shop has visitors already; invented ones would be mixed with them.")
        accounts = list(User.objects.filter(email__in=users).order_by("email"))
        if missing := set(users) - {user.email for user in accounts}:
            raise UsageError(f"There is no account for {', '.join(sorted(missing))}.")
        return {"interactions": invent_visits(visitors, accounts, timezone.now(), seed)}
