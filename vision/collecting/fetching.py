"""Fetch a file over HTTP within limits: bytes, seconds, redirects, and no address that ``network`` refuses."""

import http.client
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import SplitResult, urljoin

from vision.collecting.network import Network, Refused, check_address, normalised

REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True)
class Limits:
    """What one file may cost: bytes of its body, seconds from connection to last byte, redirects on the way."""

    bytes: int = 20 * 2**20
    seconds: float = 30.0
    redirects: int = 5


class Answer(NamedTuple):
    """What a server said in the end: status, body, and the address after redirects."""

    status: int
    body: bytes
    address: str


class Fetcher:
    """Fetches files under an honest name. Proxies of the environment are not used: they would choose the address."""

    def __init__(
        self,
        network: Network,
        user_agent: str,
        limits: Limits | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.network = network
        self.user_agent = user_agent
        self.limits = limits or Limits()
        self._tls = tls or ssl.create_default_context()

    def fetch(
        self, address: str, accept: str, before: Callable[[str], None], max_bytes: int | None = None
    ) -> Answer:
        """Get a file; ``before`` is called with each address, also after redirects, and may refuse it.

        Raises:
            Refused: when an address may not be asked for, nobody answers, or the answer exceeds the limits. An answer
            with a status such as 404 is an answer.
        """
        for _ in range(self.limits.redirects + 1):
            parts = check_address(address)
            before(address)
            status, body, location = self._ask(parts, accept, max_bytes or self.limits.bytes)
            if status not in REDIRECTS or not location:
                return Answer(status, body, address)
            address = normalised(urljoin(address, location))
        raise Refused(f"The address leads on more than {self.limits.redirects} times.")

    def _ask(self, parts: SplitResult, accept: str, max_bytes: int) -> tuple[int, bytes, str]:
        host = parts.hostname or ""
        connection = CheckedConnection(self.network, parts, self.limits.seconds, self._tls)
        headers = {
            "User-Agent": self.user_agent,
            "Accept": accept,
            "Accept-Encoding": "identity",  # a small compressed body may become a huge one
            "Connection": "close",
        }
        try:
            connection.connect()
            with Deadline(connection.sock, self.limits.seconds) as deadline:
                try:
                    connection.request(
                        "GET", parts._replace(scheme="", netloc="").geturl() or "/", headers=headers
                    )
                    response = connection.getresponse()
                    body = b"" if response.status in REDIRECTS else _read(response, max_bytes)
                except (OSError, http.client.HTTPException, ValueError):
                    if not deadline.passed:
                        raise
                if deadline.passed:
                    raise Refused(
                        f"{host} took longer than {self.limits.seconds:.0f} seconds. Try again later."
                    )
        except (OSError, http.client.HTTPException, ValueError) as error:
            said = str(error) or type(error).__name__
            raise Refused(f"{host} did not answer as a web server does ({said}).") from error
        finally:
            connection.close()
        return response.status, body, response.headers.get("Location", "")


class CheckedConnection(http.client.HTTPConnection):
    """A connection that ``network`` opens, with TLS where the address says so."""

    def __init__(
        self, network: Network, parts: SplitResult, seconds: float, tls: ssl.SSLContext | None = None
    ) -> None:
        self.default_port = 443 if parts.scheme == "https" else 80
        super().__init__(parts.hostname or "", parts.port or self.default_port, timeout=seconds)
        self._network = network
        self._seconds = seconds
        self._tls = tls if parts.scheme == "https" else None

    def connect(self) -> None:
        """Connect, unless the host is refused (``Refused``)."""
        sock = self._network.connect(self.host, self.port, self._seconds)
        sock.settimeout(self._seconds)
        self.sock = self._tls.wrap_socket(sock, server_hostname=self.host) if self._tls else sock


class Deadline:
    """Cuts a connection off after some seconds in all: a timeout of the socket begins anew with each byte."""

    def __init__(self, sock: socket.socket, seconds: float) -> None:
        self.passed = False
        self._sock = sock
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> "Deadline":
        self._timer.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._timer.cancel()

    def _cut(self) -> None:
        self.passed = True
        try:
            # Not the method of a TLS socket, which would take its state away from the thread that reads.
            socket.socket.shutdown(self._sock, socket.SHUT_RDWR)
        except OSError:
            return  # it has ended by itself


def _read(response: http.client.HTTPResponse, max_bytes: int) -> bytes:
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Refused("The answer is compressed although none was asked for.")
    body = response.read(max_bytes + 1)
    if len(body) > max_bytes:
        raise Refused(f"The file is larger than {max_bytes / 2**20:.3g} MB.", lasting=True)
    if response.length:
        raise Refused("The connection ended before the file did. Try again later.")
    return body
