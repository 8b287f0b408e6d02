"""A whole shop for the browser tests: web server, workers, beat, PostgreSQL and Redis, as ``manage.py demo`` runs them.

It runs beside the tests with data of its own and is open to them only as it is to shoppers: by its pages and its mails.
"""

import io
import os
import re
import signal
import socket
import subprocess
import sys
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import numpy as np
from django.conf import settings
from PIL import Image

from catalog.drawing.demo import DrawnProduct, demo_products
from shop.embedded.service import wait_until

PRODUCTS = 72
WIDTH = 420  # of the drawn pictures, in pixels
MAIL_SECONDS = 60


class OpenShop:
    """A shop with a small drawn catalogue in the folder ``home``. ``open`` returns when it can be shopped."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.products: list[DrawnProduct] = demo_products(PRODUCTS)
        self._process: subprocess.Popen[str] | None = None

    def open(self) -> None:
        """Draw, look at the pictures, and start the demo's processes.

        Raises:
            AssertionError: with what the shop said, when it does not open.
        """
        for words in (
            ["migrate", "--verbosity", "0"],
            ["draw_catalogue", "--products", str(PRODUCTS), "--width", str(WIDTH)],
            ["analyse_pictures"],
        ):
            done = subprocess.run(
                [sys.executable, "manage.py", *words],
                cwd=settings.BASE_DIR,
                env=self._environment(),
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, f"manage.py {words[0]} failed:\n{done.stderr}"
        with (self.home / "stderr").open("w") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "manage.py", "demo", "--port", str(_free_port())],
                cwd=settings.BASE_DIR,
                env=self._environment(),
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                start_new_session=True,
            )
        ready = re.fullmatch(r"Shop ready at (http://\S+)/\n", self._process.stdout.readline())
        assert ready, f"The shop did not open:\n{(self.home / 'stderr').read_text()}"
        self.url = ready[1]

    def close(self) -> None:
        """Stop everything that ``open`` has started."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGINT)
        self._process.communicate(timeout=60)

    def password_of(self, email: str) -> str:
        """The password of one of the demo's two accounts."""
        return (self.home / "secrets" / f"password-{email}").read_text()

    def mail_to(self, address: str, subject: str) -> EmailMessage:
        """The first mail to ``address`` whose subject holds ``subject``; waits for the worker that sends it."""
        found: list[EmailMessage] = []

        def arrived() -> bool:
            for file in sorted((self.home / "mail").glob("*")):
                for text in re.split(rb"^-{60,}\n", file.read_bytes(), flags=re.M):
                    mail = message_from_bytes(text.lstrip(), policy=policy.default)
                    if address in str(mail["To"]) and subject.lower() in str(mail["Subject"]).lower():
                        found.append(mail)
            return bool(found)

        assert wait_until(arrived, MAIL_SECONDS), f"no mail to {address} about {subject!r}"
        return found[0]

    def _environment(self) -> dict[str, str]:
        """Ours, without the servers that others may have named."""
        inherited = {
            k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL", "MAKELEVEL")
        }
        return inherited | {"VAR_DIR": str(self.home), "OMP_NUM_THREADS": "1", "WEB_CONCURRENCY": "1"}


def as_file(picture: np.ndarray, name: str = "photo.jpg") -> dict:
    """A picture (height, width, 3) as the file that Playwright puts into a form."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=88)
    return {"name": name, "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
