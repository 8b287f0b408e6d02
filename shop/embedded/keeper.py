"""The keeper's work: run one server, start it again when it dies, stop it when its last user has gone."""

import contextlib
import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

from .service import START_SECONDS, STOP_SECONDS, EmbeddedServiceError, Service, try_lock, wait_until

GLANCE_SECONDS = 0.1  # how often the keeper looks after its server and for its users
ATTEMPTS = 3  # after a hard kill, the server's last children may need a moment to let go of the data


def keep(service: Service) -> int:
    """Keep ``service`` running until its last user has gone; return the exit code of the keeper process.

    Its standard output tells the process that waits for it how it went: "ready", or a sentence that says why
    the server cannot run.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        with service.explained(), service.open_lock("keeper") as life:
            if not try_lock(life, fcntl.LOCK_EX):
                raise EmbeddedServiceError(f"{service.title} already has a keeper.")
            life.truncate(0)
            life.write(b"%d" % os.getpid())
            life.flush()
            _serve(service)
    except EmbeddedServiceError as error:
        _note(str(error))
        _answer(str(error))
        return 1
    return 0


def _serve(service: Service) -> None:
    """Run the server. Returns, with the server stopped, when nobody uses it any more."""
    with service.open_lock("users") as users:
        server = _run_until_ready(service)
        try:
            _answer("ready")
            # Once the lock on the users' file is ours, a newcomer waits until the server is down.
            while not try_lock(users, fcntl.LOCK_EX):
                if server.poll() is not None:
                    _note(f"{service.title} ended with code {server.returncode}; starting it again")
                    server = _run_until_ready(service)
                time.sleep(GLANCE_SECONDS)
        finally:
            _end(service, server)


def _run_until_ready(service: Service) -> "subprocess.Popen[bytes]":
    """Start the server process and wait until it answers."""
    for attempt in range(ATTEMPTS):
        time.sleep(attempt)
        service.prepare()
        with service.open_log() as log:
            server = subprocess.Popen(
                service.command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=die_with_parent(service.stop_signals[0]),  # safe: the keeper has one thread
                **service.process_options(),
            )
        try:
            if not wait_until(lambda s=server: s.poll() is not None or service.is_running(), START_SECONDS):  # type: ignore[misc]
                raise EmbeddedServiceError(
                    f"{service.title} did not get ready in {START_SECONDS} seconds. {service.last_words()}"
                )
        except BaseException:
            _end(service, server)
            raise
        if server.poll() is None:
            return server
    raise EmbeddedServiceError(f"{service.title} does not start. {service.last_words()}")


def _end(service: Service, server: "subprocess.Popen[bytes]") -> None:
    """Stop the server process, politely first."""
    for number in (*service.stop_signals, signal.SIGKILL):
        if server.poll() is None:
            server.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(STOP_SECONDS / 2)


def die_with_parent(number: signal.Signals) -> Callable[[], None]:
    """Return a ``preexec_fn`` that has the child signalled when its parent dies.

    Linux alone offers this; elsewhere it does nothing, and an abandoned server is found by ``prepare()``.
    """
    if sys.platform != "linux":
        return lambda: None
    libc = ctypes.CDLL(None)
    set_parent_death_signal = 1  # PR_SET_PDEATHSIG in <linux/prctl.h>
    return lambda: libc.prctl(set_parent_death_signal, int(number))


def _note(sentence: str) -> None:
    """Write a line into the server's log, which is our standard error."""
    sys.stderr.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {sentence}\n")
    sys.stderr.flush()


def _answer(sentence: str) -> None:
    """Tell the waiting process how it went, and close the line to it."""
    sys.stdout.write(sentence)
    sys.stdout.flush()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
