"""The only door that Chromium has to the world: a proxy on this machine that connects where ``Network`` does.

Checking an address before a page is opened would not be enough: redirects, scripts and frames ask for more, and
Chromium looks each name up by itself. Behind this proxy it looks up nothing.
"""

import http.client
import selectors
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import SplitResult, urlsplit

from vision.collecting.fetching import CheckedConnection
from vision.collecting.network import Network, Refused, check_address

SECONDS = 30.0  # of silence, after which a connection ends
BLOCK = 65_536
# Headers that speak of one connection (RFC 9110, section 7.6.1), not of what is asked for.
HOP_BY_HOP = {
    "connection", "keep-alive", "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding",
    "upgrade",
}  # fmt: skip


class Proxy:
    """A proxy for as long as its ``with`` block lasts. ``refused`` keeps why a host was not connected to."""

    def __init__(self, network: Network) -> None:
        self.refused: dict[str, str] = {}
        self._server = _Server(network, self.refused)

    @property
    def address(self) -> str:
        """Where it listens, as Chromium wants to be told."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "Proxy":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, network: Network, refused: dict[str, str]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.network = network
        self.refused = refused

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a browser that hangs up in the middle of an answer is an everyday matter."""


class _Handler(BaseHTTPRequestHandler):
    """One request. HTTP/1.0 towards the browser: a connection ends with its answer, so none is used for two hosts."""

    server: _Server
    timeout = SECONDS

    def do_CONNECT(self) -> None:
        """Join the browser and a host, both ways, without looking at what they say: https: and wss:."""
        try:
            parts = check_address(f"https://{self.path}")
            there = self.server.network.connect(parts.hostname or "", parts.port or 443, SECONDS)
        except Refused as refused:
            self._refuse(urlsplit(f"//{self.path}"), refused)
            return
        with there:
            self.send_response(200, "Connection established")
            self.end_headers()
            _relay(self.connection, there)

    def do_GET(self) -> None:
        """Ask on the browser's behalf, and pass the answer on: http:."""
        try:
            parts = check_address(self.path)
            connection = CheckedConnection(self.server.network, parts, SECONDS)
            connection.connect()
        except Refused as refused:
            self._refuse(urlsplit(self.path), refused)
            return
        try:
            self._pass_on(connection, parts)
        except (OSError, http.client.HTTPException):
            self.close_connection = True  # there or here: the browser sees an answer that ends too soon
        finally:
            connection.close()

    do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_GET  # noqa: N815 - as http.server names them

    def _pass_on(self, connection: CheckedConnection, parts: SplitResult) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
        target = parts._replace(scheme="", netloc="").geturl() or "/"
        connection.request(self.command, target, body or None, headers | {"Connection": "close"})
        answer = connection.getresponse()
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        self.end_headers()
        while block := answer.read1(BLOCK):
            self.wfile.write(block)

    def _refuse(self, parts: SplitResult, refused: Refused) -> None:
        self.server.refused[parts.hostname or ""] = str(refused)
        self.send_error(403, "Not collected from", str(refused))

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet: stderr belongs to the progress."""


def _relay(here: socket.socket, there: socket.socket) -> None:
    with selectors.DefaultSelector() as selector:
        selector.register(here, selectors.EVENT_READ, there)
        selector.register(there, selectors.EVENT_READ, here)
        while ready := selector.select(SECONDS):
            for key, _ in ready:
                source: socket.socket = key.fileobj  # type: ignore[assignment]  # what was registered
                block = source.recv(BLOCK)
                if not block:
                    return
                key.data.sendall(block)
