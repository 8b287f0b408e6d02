"""Child processes that belong together: started, watched, started again when they die, stopped without a trace."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shop.embedded.keeper import die_with_parent

PATIENCE = (
    (signal.SIGTERM, 15.0),
    (signal.SIGQUIT, 5.0),
    (signal.SIGKILL, 5.0),
)  # seconds given to each request
LONGEST_PAUSE = 30.0  # seconds between two attempts to start something that dies at once
LOOKED_WELL = 60.0  # seconds after which a start counts as a success


@dataclass
class Child:
    """One process, and what is known about its life."""

    name: str
    command: Sequence[str]
    process: "subprocess.Popen[bytes]"
    started: float = field(default_factory=time.monotonic)
    pause: float = 1.0
    restart_at: float | None = None


class Crew:
    """The processes of one shop. ``note`` is told, in a sentence, what a person should know.

    Each child leads a session of its own: a Ctrl-C in the terminal reaches us alone, and we stop them in good
    order; whatever a child has started is in its process group and goes with it. When we are killed, the children
    are told by the kernel (on Linux).
    """

    def __init__(self, logs: Path, environment: Mapping[str, str], note: Callable[[str], None]) -> None:
        self._logs = logs
        self._environment = {**os.environ, **environment}
        self._note = note
        self._children: list[Child] = []

    def run(self, command: Sequence[str]) -> int:
        """Run one command to its end, with its output on our standard error; return its exit code.

        Of its log only warnings appear there, beside its progress.
        """
        process = self._spawn(command, output=2, log_level="WARNING")
        try:
            return process.wait()
        except BaseException:
            _stop([process], ((signal.SIGINT, 10.0), *PATIENCE))  # as Ctrl-C would: it may put its work away
            raise

    def start(self, name: str, command: Sequence[str]) -> None:
        """Start a child that stays; its output goes to ``<logs>/<name>.log``."""
        self._children.append(Child(name, command, self._spawn_logged(name, command)))

    def log_of(self, name: str) -> Path:
        """Return the file with a child's output."""
        return self._logs / f"{name}.log"

    def watch(self) -> None:
        """Start again what has died; pauses grow while it keeps dying."""
        now = time.monotonic()
        for child in self._children:
            if child.restart_at is not None:
                if now >= child.restart_at:
                    child.process = self._spawn_logged(child.name, child.command)
                    child.started, child.restart_at = now, None
            elif (code := child.process.poll()) is not None:
                _signal(child.process, signal.SIGKILL)  # what it may have left in its group
                child.pause = (
                    1.0 if now - child.started > LOOKED_WELL else min(child.pause * 2, LONGEST_PAUSE)
                )
                child.restart_at = now + child.pause
                self._note(
                    f"{child.name} ended with code {code}; it is started again in {child.pause:.0f} s "
                    f"(see {self.log_of(child.name)})"
                )

    def stop(self) -> None:
        """Stop all children and whatever they have started."""
        _stop([child.process for child in self._children], PATIENCE)
        self._children.clear()

    def _spawn_logged(self, name: str, command: Sequence[str]) -> "subprocess.Popen[bytes]":
        self._logs.mkdir(parents=True, exist_ok=True)
        with self.log_of(name).open("ab") as log:
            return self._spawn(command, output=log.fileno())

    def _spawn(
        self, command: Sequence[str], output: int, log_level: str = "INFO"
    ) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(  # noqa: S603 - only commands that we have written ourselves
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={"LOG_LEVEL": log_level, **self._environment},
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )


def _stop(
    processes: "Sequence[subprocess.Popen[bytes]]", requests: Sequence[tuple[signal.Signals, float]]
) -> None:
    """Ask all at once, ever less politely, until all have gone; then clear their groups."""
    for number, seconds in requests:
        deadline = time.monotonic() + seconds
        for process in processes:
            if process.poll() is None:
                process.send_signal(number)
        for process in processes:
            try:
                process.wait(max(deadline - time.monotonic(), 0.01))
            except subprocess.TimeoutExpired:
                continue  # it gets the next request
    for process in processes:
        _signal(process, signal.SIGKILL)


def _signal(process: "subprocess.Popen[bytes]", number: signal.Signals) -> None:
    """Send a signal to all that is left in a child's process group."""
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return  # nothing is left
