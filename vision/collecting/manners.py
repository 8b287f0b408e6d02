"""Good manners towards the servers of others: what their robots.txt allows (RFC 9309), and no faster than agreed."""

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from protego import Protego

from vision.collecting.fetching import Fetcher
from vision.collecting.network import Refused, check_address

ROBOTS_BYTES = 500 * 1024  # RFC 9309, section 2.5: what must be read at least
AGENT = "VisualRecommenderCollector"


def user_agent(contact: str = "") -> str:
    """How the collector names itself, for pages and pictures alike; ``contact`` is for those who want to complain."""
    return f"Mozilla/5.0 (compatible; {AGENT}/1.0; Chromium{f'; +{contact}' if contact else ''})"


class Pace:
    """Leaves some time between two requests to the same host."""

    def __init__(
        self,
        per_second: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._interval = 1 / per_second
        self._clock = clock
        self._sleep = sleep
        self._last: dict[str, float] = {}

    def wait(self, host: str, at_least: float = 0.0) -> None:
        """Return when it is this host's turn: ``at_least`` seconds, or more, after the last time."""
        if host in self._last:
            pause = self._last[host] + max(self._interval, at_least) - self._clock()
            if pause > 0:
                self._sleep(pause)
        self._last[host] = self._clock()


class Manners:
    """Asks each host once what robots may fetch, and keeps to it and to the pace."""

    def __init__(self, fetcher: Fetcher, pace: Pace) -> None:
        self._fetcher = fetcher
        self._pace = pace
        self._rules: dict[str, Protego | Refused] = {}

    def check(self, address: str) -> None:
        """Hold an address against its host's robots.txt.

        Raises:
            Refused: when it is forbidden, or when nobody can say.
        """
        self._rules_for(address)

    def ask_leave(self, address: str) -> None:
        """``check``, then wait for the host's turn, for longer where it asks for that (Crawl-delay)."""
        rules = self._rules_for(address)
        self._pace.wait(_host(address), rules.crawl_delay(AGENT) or 0.0)

    def _rules_for(self, address: str) -> Protego:
        parts = check_address(address)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._rules:
            try:
                self._rules[origin] = self._read(origin)
            except Refused as refused:
                self._rules[origin] = refused
        rules = self._rules[origin]
        if isinstance(rules, Refused):
            raise rules
        if not rules.can_fetch(address, AGENT):
            raise Refused(f"The robots.txt of {parts.hostname} does not allow this address to be collected.")
        return rules

    def _read(self, origin: str) -> Protego:
        """A host without robots.txt allows everything; one that cannot say so now allows nothing."""
        answer = self._fetcher.fetch(
            f"{origin}/robots.txt",
            "text/plain",
            before=lambda address: self._pace.wait(_host(address)),
            max_bytes=ROBOTS_BYTES,
        )
        if answer.status == 429 or answer.status >= 500:
            raise Refused(
                f"{_host(origin)} cannot say now what may be collected: its robots.txt answers {answer.status}. "
                "Try again later."
            )
        return Protego.parse(answer.body.decode("utf-8", "replace") if answer.status == 200 else "")


def _host(address: str) -> str:
    return urlsplit(address).hostname or ""
