"""Web pages that a test serves itself, on this machine, under whatever names it likes."""

import io
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
from PIL import Image

from vision.collecting.network import Network

PUBLIC = "93.184.215.14"  # what the invented names lead to; nothing is sent there


@dataclass
class ServedPages:
    """A web server. ``files`` is path -> body, or (status, headers, body); ``asked`` lists what was asked for, as
    host and path, and ``agents`` by whom."""

    files: dict[str, bytes | tuple[int, dict[str, str], bytes]]
    asked: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def pictures_asked(self) -> list[str]:
        return [name for name in self.asked if name.endswith((".jpg", ".png"))]

    def network(self, private: dict[str, str] | None = None) -> Network:
        """A network in which every name leads here, by a public address; ``private`` names lead elsewhere."""

        def dial(address: str, port: int, seconds: float) -> socket.socket:
            assert address == PUBLIC, f"{address} was connected to"
            return socket.create_connection(("127.0.0.1", self.port), seconds)

        return Network(lookup=lambda host, port: [(private or {}).get(host, PUBLIC)], dial=dial)


@contextmanager
def serve(
    files: dict[str, bytes | tuple[int, dict[str, str], bytes]], certificate: Path | None = None
) -> Iterator[ServedPages]:
    """Serve ``files`` for as long as the block lasts; over https: when there is a ``certificate``."""
    pages = ServedPages(files)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host = self.headers["Host"].partition(":")[0]
            pages.asked.append(f"{host}{self.path}")
            pages.agents.add(self.headers["User-Agent"])
            answer = pages.files.get(self.path, (404, {}, b"nothing here"))
            status, headers, body = answer if isinstance(answer, tuple) else (200, {}, answer)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if "Content-Length" not in headers:
                self.send_header("Content-Length", str(len(body)))
            if self.path.endswith(".html"):
                self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def handle(self) -> None:
            with suppress(OSError):  # somebody hung up
                super().handle()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate)
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    pages.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield pages
    finally:
        server.shutdown()
        server.server_close()


def garment(seed: int, size: tuple[int, int] = (200, 160), quality: int = 90) -> bytes:
    """A JPEG that no other seed resembles, with a note of the camera in it."""
    rng = np.random.default_rng(seed)
    picture = Image.fromarray(rng.integers(0, 255, (6, 5, 3), dtype=np.uint8)).resize(
        (size[1], size[0]), Image.Resampling.BICUBIC
    )
    notes = Image.Exif()
    notes[0x010E] = "taken at home"
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality, exif=notes)
    return buffer.getvalue()


def page(*images: str, script: str = "", head: str = "") -> bytes:
    return (
        f"<!doctype html><html><head><title>Dresses</title>{head}</head><body>{''.join(images)}"
        f"<script>{script}</script></body></html>"
    ).encode()


def card(src: str, alt: str, price: str = "") -> str:
    """A product as a listing shows it: a picture that leads to its page, and a price below."""
    return f'<article><a href="/about{src}"><img src="{src}" alt="{alt}"></a><p>{price}</p></article>'
