"""Where the collector does not go, and how it behaves where it goes."""

import contextlib
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.vision.served_pages import ServedPages, serve
from vision.collecting.fetching import Answer, Fetcher, Limits
from vision.collecting.manners import Manners, Pace
from vision.collecting.network import Network, Refused, check_address, is_public, normalised
from vision.collecting.proxy import Proxy

AGENT = "tests"


def _leave(address: str) -> None:
    """Let every address be asked for."""


def _fetch(pages: ServedPages, path: str, limits: Limits | None = None, **private: str) -> Answer:
    network = pages.network({name.replace("_", "."): where for name, where in private.items()})
    return Fetcher(network, AGENT, limits).fetch(f"http://shop.test{path}", "*/*", _leave)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1",
        "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
        "2002:7f00:1::", "64:ff9b::a00:1",
    ],
)  # fmt: skip
def test_an_address_of_ones_own_network_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07::1", "64:ff9b::5db8:d70e"])
def test_an_address_of_the_internet_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd", "javascript:alert(1)", "data:image/png;base64,AAAA", "ftp://shop.test/", "shop.test",
        "http://", "http://me:secret@shop.test/", "http://shop.test:pictures/", "http://[::1/",
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_refused_with_a_sentence(address):
    with pytest.raises(Refused, match=r"\.$"):
        check_address(address)


def test_an_address_travels_encoded_and_without_its_fragment():
    assert (
        normalised(" http://shop.test/röcke/a b.jpg?w=1,2#top\n")
        == "http://shop.test/r%C3%B6cke/a%20b.jpg?w=1,2"
    )


def test_a_name_that_also_leads_to_a_private_address_is_refused():
    network = Network(lookup=lambda host, port: ["93.184.215.14", "10.0.0.1"], dial=pytest.fail)

    with pytest.raises(Refused, match=r"10\.0\.0\.1"):
        network.connect("shop.test", 80, 1)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0x7f.1", "2130706433", "[::1]"])
def test_this_machine_is_refused_under_all_its_names(host):
    with serve({"/secret": b"secret"}) as pages, pytest.raises(Refused, match="public internet"):
        Fetcher(Network(), AGENT).fetch(f"http://{host}:{pages.port}/secret", "*/*", _leave)

    assert pages.asked == []


def test_this_machine_is_asked_when_the_operator_allows_it():
    with serve({"/a.txt": b"hello"}) as pages:
        answer = Fetcher(Network(allow_private=True), AGENT).fetch(f"{pages.url}/a.txt", "*/*", _leave)

    assert answer == Answer(200, b"hello", f"{pages.url}/a.txt")
    assert pages.agents == {AGENT}


def test_a_redirect_into_the_own_network_is_refused():
    with serve({"/a": (302, {"Location": "http://router.test/admin"}, b"")}) as pages:
        with pytest.raises(Refused, match=r"router\.test leads to 192\.168\.1\.1"):
            _fetch(pages, "/a", router_test="192.168.1.1")

        assert pages.asked == ["shop.test/a"]


def test_a_redirect_to_a_file_of_this_machine_is_refused():
    with (
        serve({"/a": (302, {"Location": "file:///etc/passwd"}, b"")}) as pages,
        pytest.raises(Refused, match="file:"),
    ):
        _fetch(pages, "/a")


def test_a_redirect_is_followed_but_not_for_ever():
    files = {
        "/old": (301, {"Location": "new"}, b""),
        "/new": b"here",
        "/loop": (302, {"Location": "/loop"}, b""),
    }
    with serve(files) as pages:
        assert _fetch(pages, "/old") == Answer(200, b"here", "http://shop.test/new")
        with pytest.raises(Refused, match="more than 5 times"):
            _fetch(pages, "/loop")

        assert pages.asked.count("shop.test/loop") == 6


def test_a_file_of_too_many_bytes_is_refused_for_good():
    with serve({"/a": b"x" * 101}) as pages:
        with pytest.raises(Refused, match="larger than") as refused:
            _fetch(pages, "/a", Limits(bytes=100))
        assert refused.value.lasting
        assert len(_fetch(pages, "/a", Limits(bytes=101)).body) == 101


def test_half_a_file_is_not_taken_for_a_whole_one():
    with (
        serve({"/a": (200, {"Content-Length": "10"}, b"half")}) as pages,
        pytest.raises(Refused, match="ended before") as refused,
    ):
        _fetch(pages, "/a", Limits(seconds=0.5))

    assert not refused.value.lasting


def test_a_server_that_sends_a_byte_now_and_then_is_cut_off():
    here, there = socket.socketpair()
    stopped = threading.Event()

    def drip() -> None:
        with contextlib.suppress(OSError):  # cut off
            while not stopped.wait(0.02):
                there.send(b"H")

    threading.Thread(target=drip, daemon=True).start()
    network = Network(lookup=lambda host, port: ["93.184.215.14"], dial=lambda address, port, seconds: here)
    with there, pytest.raises(Refused, match="took longer than"):
        Fetcher(network, AGENT, Limits(seconds=0.3)).fetch("http://shop.test/", "*/*", _leave)
    stopped.set()


def test_a_compressed_answer_that_nobody_asked_for_is_refused():
    with (
        serve({"/a": (200, {"Content-Encoding": "gzip"}, b"bomb")}) as pages,
        pytest.raises(Refused, match="compressed"),
    ):
        _fetch(pages, "/a")


def test_a_host_that_does_not_answer_is_refused_with_a_sentence():
    def dial(address: str, port: int, seconds: float):
        raise TimeoutError("timed out")

    with pytest.raises(Refused, match="does not answer"):
        Network(lookup=lambda host, port: ["93.184.215.14"], dial=dial).connect("shop.test", 80, 1)


def test_over_https_the_certificate_must_be_the_hosts_own(tmp_path):
    certificate = _certificate("shop.test", tmp_path)
    trusting = ssl.create_default_context(cafile=certificate)
    with serve({"/a": b"hello"}, certificate) as pages:
        fetcher = Fetcher(pages.network(), AGENT, tls=trusting)

        assert fetcher.fetch("https://shop.test/a", "*/*", _leave).body == b"hello"
        with pytest.raises(Refused, match=r"pictures\.test.*certificate"):
            fetcher.fetch("https://pictures.test/a", "*/*", _leave)
        with pytest.raises(Refused, match=r"shop\.test.*certificate"):
            Fetcher(pages.network(), AGENT).fetch("https://shop.test/a", "*/*", _leave)


def _certificate(host: str, folder: Path) -> Path:
    """A certificate of ``host`` that vouches for itself, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    file.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + certificate.public_bytes(Encoding.PEM)
    )
    return file


def _through(proxy: Proxy, asked: bytes, then: bytes = b"") -> tuple[bytes, bytes]:
    """What the proxy answers to a request: the first line, and the rest; ``then`` is said after its headers."""
    with socket.create_connection(("127.0.0.1", urlsplit(proxy.address).port), 5) as connection:
        connection.sendall(asked + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = connection.makefile("rb")
        first = answer.readline()
        while answer.readline().strip():
            pass
        connection.sendall(then)
        return first, answer.read()


def test_the_proxy_joins_the_browser_and_a_public_host_without_looking():
    request = b"GET /a HTTP/1.0\r\nHost: shop.test\r\nUser-Agent: tests\r\n\r\n"
    with serve({"/a": b"hello"}) as pages, Proxy(pages.network()) as proxy:
        first, rest = _through(proxy, b"CONNECT shop.test:443", request)

    assert first == b"HTTP/1.0 200 Connection established\r\n"
    assert rest.endswith(b"\r\n\r\nhello")


@pytest.mark.parametrize(
    "asked", [b"CONNECT router.test:443", b"GET http://router.test/", b"POST http://router.test/"]
)
def test_the_proxy_leads_nobody_into_the_own_network(asked):
    with serve({}) as pages, Proxy(pages.network({"router.test": "10.0.0.1"})) as proxy:
        first, _ = _through(proxy, asked)

        assert first.startswith(b"HTTP/1.0 403 ")
        assert "10.0.0.1" in proxy.refused["router.test"]
        assert pages.asked == []


@pytest.mark.parametrize("asked", [b"GET /a", b"GET file:///etc/passwd", b"CONNECT :", b"GET http://"])
def test_the_proxy_refuses_what_is_no_address(asked):
    with serve({}) as pages, Proxy(pages.network()) as proxy:
        first, _ = _through(proxy, asked)

    assert first.startswith(b"HTTP/1.0 403 ")


def _manners(pages: ServedPages, pace: Pace | None = None) -> Manners:
    return Manners(Fetcher(pages.network(), AGENT), pace or Pace(1000))


def test_robots_txt_is_asked_once_and_kept_to():
    robots = b"User-agent: *\nDisallow: /private/\nDisallow: /*.png$\nAllow: /private/open\n"
    with serve({"/robots.txt": robots}) as pages:
        manners = _manners(pages)
        manners.ask_leave("http://shop.test/dresses.html")
        manners.ask_leave("http://shop.test/private/open.html")
        for forbidden in ("/private/dresses.html", "/dress.png"):
            with pytest.raises(Refused, match=r"robots\.txt of shop\.test does not allow"):
                manners.ask_leave(f"http://shop.test{forbidden}")

        assert pages.asked == ["shop.test/robots.txt"]


def test_each_host_has_its_own_robots_txt():
    with serve({"/robots.txt": b"User-agent: VisualRecommenderCollector\nDisallow: /a\n"}) as pages:
        manners = _manners(pages)
        manners.check("http://shop.test/b")
        manners.check("http://pictures.test/b")

        assert pages.asked == ["shop.test/robots.txt", "pictures.test/robots.txt"]


@pytest.mark.parametrize(
    ("status", "allowed"), [(404, True), (403, True), (429, False), (500, False), (503, False)]
)
def test_no_robots_txt_allows_everything_and_a_broken_one_nothing(status, allowed):
    with serve({"/robots.txt": (status, {}, b"")}) as pages:
        manners = _manners(pages)
        if allowed:
            manners.check("http://shop.test/a")
        else:
            with pytest.raises(Refused, match=rf"answers {status}"):
                manners.check("http://shop.test/a")


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def test_requests_to_one_host_keep_their_distance_and_others_do_not_wait():
    clock = Clock()
    pace = Pace(2.0, clock, clock.sleep)

    pace.wait("shop.test")
    pace.wait("pictures.test")
    pace.wait("shop.test")
    clock.now += 10
    pace.wait("shop.test")

    assert clock.slept == [0.5]


def test_a_host_that_asks_for_more_time_gets_it():
    clock = Clock()
    with serve({"/robots.txt": b"User-agent: *\nCrawl-delay: 5\n"}) as pages:
        manners = _manners(pages, Pace(1.0, clock, clock.sleep))
        manners.ask_leave("http://shop.test/a")

    assert clock.slept == [5.0]
    assert pages.asked == ["shop.test/robots.txt"]
