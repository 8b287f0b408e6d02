#!/usr/bin/env python
"""Run a management command, with the embedded servers when it needs them and no others are configured."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

# These look at code and files only: no server is started for them.
COMMANDS_WITHOUT_DATA = {
    "", "help", "--help", "-h", "version", "--version", "check", "collectstatic", "compilemessages",
    "diffsettings", "findstatic", "makemessages", "spectacular", "startapp",
}  # fmt: skip


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command not in COMMANDS_WITHOUT_DATA and not {"--help", "-h"} & set(sys.argv[2:]):
        start_embedded_servers()
    try:
        execute_from_command_line(sys.argv)
    except KeyboardInterrupt:
        sys.exit(130)  # what a shell expects after Ctrl-C


def start_embedded_servers() -> None:
    from django.conf import settings  # needs DJANGO_SETTINGS_MODULE

    from shop import embedded

    try:
        embedded.ensure_running(settings.VAR_DIR, **settings.EMBEDDED_SERVICES)
    except (embedded.EmbeddedServiceError, ImproperlyConfigured) as error:
        sys.exit(f"{error}")


if __name__ == "__main__":
    main()
