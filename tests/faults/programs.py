"""Programs of the shop with the test's database: started, and stopped, as in production."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection


def environment(var_dir: Path, **variables: str) -> dict[str, str]:
    """The environment in which a program finds the test's database, and ``var_dir`` for everything else."""
    address = urlsplit(settings.DATABASE_URL)
    path = f"{address.path.rpartition('/')[0]}/{connection.settings_dict['NAME']}"
    return os.environ | {
        "DATABASE_URL": urlunsplit(address._replace(path=path)),
        "VAR_DIR": str(var_dir),
        "OMP_NUM_THREADS": "1",
        **variables,
    }


def command(*words: str) -> list[str]:
    """``manage.py`` with these words."""
    return [sys.executable, "manage.py", *words]


def manage(*words: str, var_dir: Path) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        command(*words), cwd=settings.BASE_DIR, env=environment(var_dir), capture_output=True, text=True
    )
