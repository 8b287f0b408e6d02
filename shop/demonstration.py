"""A whole shop on one machine: set up what is missing, then run web server, workers and beat together."""

import contextlib
import fcntl
import http.client
import json
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connections, models

from catalog.models import Product
from recommendations.models import ClusterNetwork, Interaction, RecommendationVersion, Version
from shop.processes import Crew
from shop.reviews.models import Review

READY_SECONDS = 90
MANAGE = (sys.executable, str(settings.BASE_DIR / "manage.py"))
CELERY = (sys.executable, "-m", "celery", "--workdir", str(settings.BASE_DIR), "-A", "shop")
WORKER = (
    *CELERY,
    "worker",
    "--pool",
    "threads",
    "--without-gossip",
    "--without-mingle",
    "--loglevel",
    "INFO",
)
LOGINS = {"shopper@example.com": "shopper", "curator@example.com": "curator, for /admin/"}


class DemonstrationError(RuntimeError):
    """The shop cannot open; the text says what happened and what to do."""


class Demonstration:
    """One demo shop in ``VAR_DIR`` at ``host`` and ``port``. ``note`` is told in a few words what is going on.

    Heavy work happens in child processes, so that the process that watches over the shop stays small.
    """

    def __init__(self, host: str, port: int, note: Callable[[str], None]) -> None:
        self._bound = host, port
        self._reached = ("127.0.0.1" if host == "0.0.0.0" else host), port  # noqa: S104 - compared, not bound
        self._address = "http://{}:{}/".format(*self._reached)
        self._note = note
        self._crew = Crew(settings.VAR_DIR / "logs", _environment(self._address), note)

    def run(self, catalogue: Path | None, welcome: Callable[[str], None]) -> None:
        """Open the shop, call ``welcome`` with its address, and watch over it until KeyboardInterrupt.

        Raises:
            DemonstrationError: the port is taken, another demo runs here, a step failed.
        """
        with _alone_in_directory():
            _check_port(*self._bound)
            try:
                self._set_up(catalogue)
                self._open()
                welcome(self._address)
                while True:
                    time.sleep(1)
                    self._crew.watch()
            finally:
                for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                    signal.signal(
                        number, signal.SIG_IGN
                    )  # a second Ctrl-C must not leave half of them behind
                self._crew.stop()

    def _set_up(self, catalogue: Path | None) -> None:
        """Bring the data to where a shop can open. What is there already is left as it is."""
        self._note("Preparing the database")
        call_command("migrate", verbosity=0, interactive=False)
        if not settings.DEBUG or "DEBUG" not in os.environ:
            self._collect_static_files()
        stocked = self._stock(catalogue)
        demo_logins()
        shoppers = [email for email in LOGINS if not email.startswith("curator")]
        for due, words, command in (
            (stocked, "Looking at the pictures", ["analyse_pictures"]),
            (stocked or _has_none(ClusterNetwork), "Finding what goes together", ["refresh_clusters"]),
            (not Interaction.objects.exists(), "Inventing visitors", ["invent_visits", "--users", *shoppers]),
            (catalogue is None and not Review.objects.exists(), "Inventing reviews", ["invent_reviews"]),
            (
                stocked or _has_none(RecommendationVersion),
                "Making the first lists",
                ["refresh_recommendations"],
            ),
        ):
            if due:
                self._note(words)
                if code := self._crew.run([*MANAGE, *command]):
                    self._note(
                        f"{command[0]} ended with code {code}. The shop opens all the same; see the lines above"
                    )

    def _collect_static_files(self) -> None:
        manifest = settings.STATIC_ROOT / "staticfiles.json"
        collected = manifest.stat().st_mtime if manifest.exists() else 0.0
        if collected < _newest_static_file():
            self._note("Collecting styles, scripts and icons")
            if self._crew.run([*MANAGE, "collectstatic", "--noinput", "--verbosity", "0"]):
                raise DemonstrationError("The static files could not be collected; the lines above say why.")

    def _stock(self, catalogue: Path | None) -> bool:
        """Fill the shelves; say whether there is anything new on them."""
        record = settings.VAR_DIR / "run" / "catalogue.json"
        known = json.loads(record.read_text()) if record.exists() else {}
        source = str(catalogue.resolve()) if catalogue else "drawn"
        if catalogue is None and (
            known.get("source", source) != source or (not known and Product.objects.exists())
        ):
            return False  # filled from elsewhere, by us earlier or by hand: that is the catalogue now
        if known == {"source": source, "complete": True}:
            return False
        record.write_text(json.dumps({"source": source, "complete": False}))
        self._note(f"Importing {catalogue}" if catalogue else "Drawing the catalogue")
        code = self._crew.run([*MANAGE, *(["import_catalog", source] if catalogue else ["draw_catalogue"])])
        if (
            (code and not catalogue) or code not in (0, 1) or not Product.objects.exists()
        ):  # 1: rows were rejected
            raise DemonstrationError("The catalogue could not be filled; the lines above say why.")
        record.write_text(json.dumps({"source": source, "complete": True}))
        return True

    def _open(self) -> None:
        """Start everything that serves; return when the web server and the workers answer."""
        self._note("Opening the shop")
        connections.close_all()
        root = str(settings.BASE_DIR)
        gunicorn = (sys.executable, "-m", "gunicorn", "--chdir", root, "--config", f"{root}/gunicorn.conf.py")
        self._crew.start("web", [*gunicorn, "--bind", "{}:{}".format(*self._bound), "shop.wsgi"])
        # A shopper's photo has a worker of its own: it never waits behind a refresh.
        self._crew.start("worker-vision", [*WORKER, "-n", "vision@%h", "-Q", "vision", "-c", "1"])
        self._crew.start("worker", [*WORKER, "-n", "work@%h", "-Q", "default,refresh", "-c", "2"])
        self._crew.start("beat", [*CELERY, "beat", "--pidfile", "", "--loglevel", "INFO"])
        deadline = time.monotonic() + READY_SECONDS
        while not _is_ready(*self._reached):
            if time.monotonic() > deadline:
                raise DemonstrationError(
                    f"The shop has not opened within {READY_SECONDS} seconds. Look into "
                    f"{self._crew.log_of('web')} and {self._crew.log_of('worker-vision')}."
                )
            time.sleep(0.2)
            self._crew.watch()


def demo_logins() -> dict[str, str]:
    """Return the passwords of the demo's accounts by e-mail address, and create the accounts when missing.

    The passwords are made for this directory, so that no shop anywhere has a password that is printed in a manual.
    """
    passwords = {email: _kept(f"password-{email}", lambda: secrets.token_urlsafe(9)) for email in LOGINS}
    users = get_user_model().objects
    for email, password in passwords.items():
        if not users.filter(email=email).exists():
            create = users.create_superuser if email.startswith("curator") else users.create_user
            EmailAddress.objects.create(
                user=create(email, password), email=email, verified=True, primary=True
            )
    return passwords


def _environment(address: str) -> dict[str, str]:
    """Return what the children get beside our own environment: production's manners, without HTTPS."""
    variables = {"OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2", "VAR_DIR": str(settings.VAR_DIR)}
    variables["SHOP_URL"] = os.environ.get("SHOP_URL", address)
    variables["STAFF_MFA"] = os.environ.get("STAFF_MFA", "0")  # its password is printed on the screen
    if "DEBUG" not in os.environ:
        variables |= {"DEBUG": "0", "HTTPS": os.environ.get("HTTPS", "0")}
        if "SECRET_KEY" not in os.environ:
            variables["SECRET_KEY"] = _kept("secret-key", lambda: secrets.token_urlsafe(64))
    return variables


def _kept(name: str, make: Callable[[], str]) -> str:
    """Return a secret of this directory, made at the first call and readable by its owner alone."""
    file = settings.VAR_DIR / "secrets" / name
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(make())
    return file.read_text()


@contextlib.contextmanager
def _alone_in_directory() -> Iterator[None]:
    """Keep a second demo away from the same data: two beats would do everything twice."""
    file = settings.VAR_DIR / "run" / "demo"
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DemonstrationError(
                f"A demo is running already with the data in {settings.VAR_DIR}. Stop it with Ctrl-C, or set "
                "VAR_DIR to another directory for a second shop."
            ) from error
        yield


def _check_port(host: str, port: int) -> None:
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, OverflowError) as error:
        raise DemonstrationError(
            f"The shop cannot listen on {host}, port {port}: {error}. Choose another port: make demo PORT={port + 123}"
        ) from error


def _is_ready(host: str, port: int) -> bool:
    """Say whether web server, database, Redis and a worker answer."""
    connection = http.client.HTTPConnection(host, port, timeout=10)
    try:
        name = next((name.lstrip(".") for name in settings.ALLOWED_HOSTS if name != "*"), "localhost")
        connection.request("GET", "/health/ready", headers={"Host": name})
        report = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, json.JSONDecodeError):
        return False  # not yet
    finally:
        connection.close()
    return all(report["checks"][part] == "ok" for part in ("database", "redis", "worker"))


def _newest_static_file() -> float:
    """Return when a stylesheet, script or picture of any application was changed last; seconds since 1970."""
    found = (storage.path(path) for finder in get_finders() for path, storage in finder.list([]))
    return max(os.stat(path).st_mtime for path in found)


def _has_none(model: type[models.Model]) -> bool:
    return not model._default_manager.filter(status=Version.Status.ACTIVE).exists()
