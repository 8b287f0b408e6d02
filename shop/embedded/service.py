"""What a user of an embedded server does: find it or have it started, hold it, let go."""

import contextlib
import errno
import fcntl
import hashlib
import importlib.util
import os
import signal
import stat
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, ClassVar

START_SECONDS = 60  # a cold disk, and a recovery after a crash, included
STOP_SECONDS = 30
GLANCE_SECONDS = 0.05  # how often waiting code looks again
LONGEST_SOCKET_PATH = 100  # bytes; the kernels take 107 (Linux) and 103 (macOS)
LARGEST_LOG = 10 * 1024 * 1024


class EmbeddedServiceError(RuntimeError):
    """An embedded server cannot run; the text says what happened and what to do."""


class Service(ABC):
    """One server below ``var_dir``.

    ``start()`` makes this process a user of it until ``release()``; ``stop()`` ends it for everybody. A
    subclass knows its data, its program, and how to ask whether it is ready.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    package: ClassVar[str]  # the wheel with its program
    variable: ClassVar[str]  # the environment variable that names a server to use instead
    socket_name: ClassVar[str]
    stop_signals: ClassVar[
        tuple[signal.Signals, ...]
    ]  # from polite to rude; the first also when the keeper dies

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
        # Not the environment's temporary directory, which differs between processes. own() checks whose it is.
        return Path("/tmp") / f"shop-{self.name}-{digest}" / self.socket_name  # noqa: S108

    # --- What a subclass knows ---

    @abstractmethod
    def prepare(self) -> None:
        """Make the data directory ready and end an abandoned server. Only a keeper calls this."""

    @abstractmethod
    def command(self) -> list[str]:
        """Return the command line of the server, which stays in the foreground."""

    @abstractmethod
    def is_running(self) -> bool:
        """Say whether the server answers and is ready for work."""

    def process_options(self) -> dict[str, Any]:
        """Return the keywords for ``subprocess`` with which the server's programs run."""
        return {"cwd": "/"}

    # --- Using it ---

    def start(self) -> None:
        """Become a user of the server and return when it is ready.

        Raises:
            EmbeddedServiceError: it cannot be started.
        """
        with self.explained():
            for directory in (self.lock_path("users").parent, self.log.parent):
                directory.mkdir(parents=True, exist_ok=True)
            with self._alone_at_the_door():
                if self._users is None:
                    users = self.open_lock("users")
                    # A keeper that is just stopping the server has this lock until it is done.
                    self._wait_for_lock(users, fcntl.LOCK_SH)
                    self._users = users
            try:
                ready = wait_until(self._running_and_kept, START_SECONDS)
            except BaseException:
                self.release()
                raise
            if not ready:
                raise EmbeddedServiceError(
                    f"{self.title} has not answered for {START_SECONDS} seconds. {self.last_words()}"
                )

    def _running_and_kept(self) -> bool:
        """Say whether the server is ready; start a keeper when there is none (the last one may have been killed)."""
        with self._alone_at_the_door():
            if not self._keeper_lives():
                self._start_keeper()
        return self.is_running()

    def release(self) -> None:
        """Stop being a user. The last one waits until the server has stopped: nothing is left behind."""
        if self._users is None:
            return
        with self._alone_at_the_door():
            users, self._users = self._users, None
            last = try_lock(users, fcntl.LOCK_EX)
            users.close()
            if last:
                self._wait_for_keeper()

    def stop(self) -> None:
        """Stop the server for everybody and return when it is down."""
        if self.lock_path("keeper").exists():
            with self._alone_at_the_door():
                if self._keeper_lives():
                    with contextlib.suppress(ProcessLookupError):  # it has just gone by itself
                        os.kill(int(self.lock_path("keeper").read_text()), signal.SIGTERM)
                    self._wait_for_keeper()
        if self._users is not None:
            self._users.close()
            self._users = None

    def _start_keeper(self) -> None:
        """Start the keeper process; return when it says that the server is ready."""
        with self.open_log() as log:
            self._keeper = subprocess.Popen(
                # -P: no directory of the shop comes first on the keeper's path by accident.
                [sys.executable, "-P", str(Path(__file__).parent), self.name, str(self.var_dir)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd="/",
                start_new_session=True,  # Ctrl-C in the terminal is for the user; the server outlives it
            )
        with contextlib.closing(self._keeper.stdout) as words:  # type: ignore[type-var]
            answer = words.read().strip()  # type: ignore[union-attr]
        if answer != "ready":
            self._keeper.wait()
            self._keeper = None
            raise EmbeddedServiceError(answer or f"{self.title} could not be started. {self.last_words()}")

    def _keeper_lives(self) -> bool:
        with self.open_lock("keeper") as lock:
            return not try_lock(lock, fcntl.LOCK_SH)

    def _wait_for_keeper(self) -> None:
        wait_until(lambda: not self._keeper_lives(), STOP_SECONDS + 5)
        if self._keeper is not None:
            self._keeper.wait(timeout=5)
            self._keeper = None

    @contextlib.contextmanager
    def _alone_at_the_door(self) -> Iterator[None]:
        """Let one process at a time come or go."""
        with self.open_lock("door") as door:
            self._wait_for_lock(door, fcntl.LOCK_EX)
            yield

    def _wait_for_lock(self, lock: IO[bytes], mode: int) -> None:
        seconds = START_SECONDS + STOP_SECONDS
        if not wait_until(lambda: try_lock(lock, mode), seconds):
            raise EmbeddedServiceError(
                f"{self.title} is being started or stopped by another process, which has not finished "
                f"for {seconds} seconds. End that process, or look into {self.log}, and try again."
            )

    # --- Files ---

    def lock_path(self, what: str) -> Path:
        """Return the file that is locked: "door", "users" or "keeper"; the last holds the keeper's process id."""
        return self.var_dir / "run" / f"{self.name}.{what}"

    def open_lock(self, what: str) -> IO[bytes]:
        """Open a lock file; the caller locks it, and closing it unlocks it."""
        return self.lock_path(what).open("ab")

    def open_log(self) -> IO[bytes]:
        """Open the server's log at its end; a long one is put aside first."""
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        return self.log.open("ab")

    def last_words(self) -> str:
        """Return the end of the server's log as a sentence, with the advice that goes with it."""
        text = self.log.read_text(errors="replace")[-4000:] if self.log.exists() else ""
        if "No space left on device" in text:
            return f"The disk is full: free some space on the disk of {self.var_dir} and try again."
        words = " | ".join(text.strip().splitlines()[-3:]) or "nothing"
        return (
            f"Its last words were: {words} (more in {self.log}). Set {self.variable} to use another server."
        )

    @contextlib.contextmanager
    def explained(self) -> Iterator[None]:
        """Turn what the operating system refuses into a sentence."""
        try:
            yield
        except OSError as error:
            advice = (
                "Free some space on that disk and try again."
                if error.errno in (errno.ENOSPC, errno.EDQUOT)
                else "Make that place writable for this user, set VAR_DIR to a directory that is, "
                f"or set {self.variable} to use another server."
            )
            raise EmbeddedServiceError(
                f"{self.title} cannot use {error.filename or self.var_dir}: {error.strerror}. {advice}"
            ) from error

    def program(self, *path: str) -> Path:
        """Return a file of the wheel. The wheel's Python code is not imported."""
        spec = importlib.util.find_spec(self.package)
        for root in (spec.submodule_search_locations or []) if spec else []:
            if (found := Path(root, *path)).exists():
                return found
        raise EmbeddedServiceError(
            f"{self.title} is not installed: the package {self.package.replace('_', '-')} is missing. "
            f"Run `make setup`, or set {self.variable} to use another server."
        )

    def own(self, directory: Path, owner: int) -> None:
        """Create ``directory`` for the user id ``owner`` alone, or check that it is theirs."""
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = directory.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (owner, os.geteuid()):
            raise EmbeddedServiceError(
                f"{directory} belongs to another user, so {self.title} cannot use it safely. Remove it, "
                f"set VAR_DIR to another directory, or set {self.variable} to use another server."
            )
        if found.st_uid != owner:
            os.chown(directory, owner, -1)


def try_lock(lock: IO[bytes], mode: int) -> bool:
    """Take a lock (``fcntl.LOCK_SH`` or ``LOCK_EX``) without waiting; say whether we have it."""
    try:
        fcntl.flock(lock, mode | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def wait_until(holds: Callable[[], bool], seconds: float) -> bool:
    """Look again and again until ``holds()``; say whether it did within ``seconds``."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(GLANCE_SECONDS)
    return True
