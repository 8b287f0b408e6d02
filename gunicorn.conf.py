"""How the web server runs: threads in a few processes, since pages wait for the database more than they compute.

``gunicorn shop.wsgi`` reads this file by itself.
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")

bind = os.environ.get("BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 8
preload_app = True  # the processes share what the first one has loaded
timeout = 60
graceful_timeout = 10
max_requests, max_requests_jitter = 5000, 500
keepalive = 5
control_socket_disable = True
if Path("/dev/shm").is_dir():  # noqa: S108 - gunicorn makes a file of its own there
    worker_tmp_dir = "/dev/shm"  # noqa: S108 - heartbeats must not wait for a disk

# Each process counts for itself; /metrics adds them up through files here. Set before the client library is loaded.
_counters = tempfile.mkdtemp(prefix="shop-metrics-")
os.environ["PROMETHEUS_MULTIPROC_DIR"] = _counters


def on_starting(server: Any) -> None:
    """Find the embedded servers or start them, where no others are configured."""
    from django.conf import settings

    from shop import embedded

    embedded.ensure_running(settings.VAR_DIR, **settings.EMBEDDED_SERVICES)


def child_exit(server: Any, worker: Any) -> None:
    """Forget the gauges of a process that has ended."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)


def on_exit(server: Any) -> None:
    """Leave no counters behind."""
    shutil.rmtree(_counters, ignore_errors=True)
