"""``manage.py demo``, as somebody at a terminal meets it."""

import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from django.conf import settings
from django.contrib.auth import authenticate
from PIL import Image

from shop.demonstration import demo_logins
from shop.embedded.service import wait_until
from tests.conftest import make_picture


@pytest.fixture
def home() -> Iterator[Path]:
    """A VAR_DIR with a path short enough for sockets."""
    folder = Path(tempfile.mkdtemp(prefix="shop-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """Two labels with a few pictures each."""
    for folder, seeds in (("red_dress", range(4)), ("blue_jeans", range(10, 14))):
        (tmp_path / folder).mkdir()
        for seed in seeds:
            Image.fromarray(make_picture(seed)).save(tmp_path / folder / f"{seed}.jpg")
    return tmp_path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def demo(home: Path, *words: str) -> subprocess.Popen:
    """Start ``manage.py demo`` the way a shell does: in a process group of its own."""
    inherited = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL", "MAKELEVEL")}
    return subprocess.Popen(
        [sys.executable, "manage.py", "demo", *words],
        cwd=settings.BASE_DIR,
        env=inherited | {"VAR_DIR": str(home)},
        stdout=subprocess.PIPE,
        stderr=(home / "stderr").open("w"),
        text=True,
        start_new_session=True,
    )


def ready(process: subprocess.Popen, home: Path) -> str:
    """The address that the demo prints once it is open."""
    line = process.stdout.readline()
    found = re.fullmatch(r"Shop ready at (http://127\.0\.0\.1:\d+/)\n", line)
    assert found, line + (home / "stderr").read_text()
    return found[1]


def processes_of(home: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            belongs = process.environ().get("VAR_DIR") == str(home) or str(home) in " ".join(
                process.cmdline()
            )
            if belongs and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue  # somebody else's, or just gone
    return found


def test_the_demo_opens_a_shop_and_leaves_nothing_behind(home, catalogue):
    port = free_port()
    process = demo(home, "--port", str(port), "--catalog", str(catalogue))
    address = ready(process, home)
    assert address == f"http://127.0.0.1:{port}/"
    assert "shopper@example.com" in process.stdout.readline()
    with urllib.request.urlopen(address, timeout=30) as page:  # noqa: S310 - our own address
        assert page.status == 200

    second = demo(home, "--port", str(free_port()))
    second.communicate(timeout=60)
    assert second.returncode == 1
    assert "A demo is running already" in (home / "stderr").read_text()

    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert processes_of(home) == []

    again = demo(home, "--port", str(port), "--catalog", str(catalogue))
    ready(again, home)
    assert "Importing" not in (home / "stderr").read_text()
    again.kill()
    again.communicate(timeout=60)
    assert wait_until(lambda: processes_of(home) == [], 60)


def test_a_port_that_is_taken_is_named_in_a_sentence(home):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = demo(home, "--port", str(port))
        process.communicate(timeout=60)

    assert process.returncode == 1
    complaint = (home / "stderr").read_text()
    assert f"The shop cannot listen on 127.0.0.1, port {port}" in complaint
    assert f"Choose another port: make demo PORT={port + 123}" in complaint


def test_a_catalogue_that_is_not_there_is_wrong_usage(home):
    process = demo(home, "--catalog", str(home / "nowhere"))
    process.communicate(timeout=60)

    assert process.returncode == 2
    assert "There is no catalogue at" in (home / "stderr").read_text()


@pytest.mark.django_db
def test_the_demos_passwords_are_made_once_for_this_directory_and_are_private(settings, tmp_path, rf):
    settings.VAR_DIR = tmp_path
    logins = demo_logins()

    assert demo_logins() == logins
    assert len(set(logins.values())) == len(logins) == 2
    for email, password in logins.items():
        user = authenticate(rf.post("/"), username=email, password=password)
        assert user is not None
        assert user.is_staff == email.startswith("curator")
    secrets = list((tmp_path / "secrets").iterdir())
    assert {stat.S_IMODE(file.stat().st_mode) for file in secrets} == {0o600}
