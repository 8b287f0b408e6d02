"""The collector in the real Chromium, on pages that the tests serve; and its command."""

import csv
import json
import os
import signal
import socket
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from catalog.models import Product
from tests.vision.served_pages import ServedPages, card, garment, page, serve
from vision.collecting.browser import Browser
from vision.collecting.collector import Collector, Report
from vision.collecting.fetching import Fetcher
from vision.collecting.folder import Folder
from vision.collecting.manners import Manners, Pace, user_agent
from vision.collecting.network import Refused
from vision.collecting.proxy import Proxy

pytestmark = pytest.mark.browser

# A listing that begins empty and adds four products whenever its end comes into view.
LAZY = """
let n = 0;
const end = document.body.appendChild(document.createElement("footer"));
const more = () => {
  for (let i = 0; i < 4 && n < 12; i++, n++) {
    const card = document.createElement("article");
    card.innerHTML = `<a href="/p/${n}"><img alt="Silk dress ${"abcdefghijkl"[n]}" src="data:image/gif;base64,R0lGOD"
      data-src="/${n}.jpg" style="display: block; height: 500px"></a><p>£${n + 20}.50</p>`;
    end.before(card);
  }
};
new IntersectionObserver((seen) => seen.some((it) => it.isIntersecting) && setTimeout(more, 100)).observe(end);
"""
PRIVATE = {"router.test": "192.168.1.1"}
Collect = Callable[..., Report]


@pytest.fixture(scope="module")
def world() -> Iterator[ServedPages]:
    """One web server for the module; each test puts its own files there."""
    with serve({}) as pages:
        yield pages


@pytest.fixture(scope="module")
def browser(world: ServedPages) -> Iterator[Browser]:
    with Proxy(world.network(PRIVATE)) as proxy, Browser(proxy, user_agent(), page_seconds=20) as browser:
        yield browser


@pytest.fixture
def pages(world: ServedPages) -> ServedPages:
    world.files.clear()
    world.asked.clear()
    world.agents.clear()
    return world


@pytest.fixture
def collect(browser: Browser, pages: ServedPages, tmp_path: Path) -> Collect:
    """``collect(address…)`` takes red dresses into ``tmp_path / "out"``; pages are at ``http://shop.test``."""

    def run(*addresses: str, limit: int | None = None, label: str = "red_dress") -> Report:
        fetcher = Fetcher(pages.network(PRIVATE), user_agent())
        with Folder(tmp_path / "out") as folder:
            collector = Collector(browser, fetcher, Manners(fetcher, Pace(1000)), folder, label, limit)
            return collector.collect([f"http://shop.test{a}" if a.startswith("/") else a for a in addresses])

    return run


def _names(tmp_path: Path) -> list[str]:
    with (tmp_path / "out" / "products.csv").open(newline="") as file:
        return [row["name"] for row in csv.DictReader(file)]


def test_a_page_that_loads_as_one_scrolls_is_collected_to_its_end(collect, pages, tmp_path):
    pages.files |= {f"/{n}.jpg": garment(n) for n in range(12)}
    pages.files["/lazy.html"] = page(script=LAZY)

    report = collect("/lazy.html")

    assert report == Report(saved=12)
    assert _names(tmp_path) == [f"Silk dress {letter}" for letter in "abcdefghijkl"]
    with (tmp_path / "out" / "products.csv").open(newline="") as file:
        assert [row["price"] for row in csv.DictReader(file)] == [f"{n + 20}.50" for n in range(12)]
    # Chromium itself has loaded none of them.
    assert sorted(pages.pictures_asked()) == sorted(f"shop.test/{n}.jpg" for n in range(12))
    assert pages.agents == {user_agent()}


def test_scrolling_ends_when_there_are_enough(collect, pages, tmp_path):
    pages.files |= {f"/{n}.jpg": garment(n) for n in range(12)}
    pages.files["/lazy.html"] = page(script=LAZY)

    assert collect("/lazy.html", "/never-opened.html", limit=3) == Report(saved=3)
    assert len(pages.pictures_asked()) == 3
    assert "shop.test/never-opened.html" not in pages.asked


def test_a_second_run_fetches_no_picture_again(collect, pages, tmp_path):
    pages.files |= {f"/{n}.jpg": garment(n) for n in range(4)} | {"/icon.png": garment(9, (16, 16))}
    pages.files["/a.html"] = page(
        *(card(f"/{n}.jpg", f"Dress {n}") for n in range(3)), '<img src="/icon.png">'
    )
    first = collect("/a.html")
    pages.asked.clear()
    pages.files["/a.html"] = page(
        *(card(f"/{n}.jpg", f"Dress {n}") for n in range(4)), '<img src="/icon.png">'
    )

    again = collect("/a.html")

    assert first == Report(saved=3, skipped=1)
    assert again == Report(saved=1, known=4)
    assert pages.pictures_asked() == ["shop.test/3.jpg"]


def test_the_same_picture_in_another_size_is_a_duplicate(collect, pages, tmp_path):
    pages.files |= {
        "/a.jpg": garment(1, (400, 320)), "/b.jpg": garment(1, (200, 160), quality=60), "/c.jpg": garment(2),
        "/a.html": page(card("/a.jpg", "A"), card("/b.jpg", "B"), card("/c.jpg", "C")),
    }  # fmt: skip

    assert collect("/a.html") == Report(saved=2, duplicates=1)
    assert collect("/a.html", label="blue_dress") == Report(known=3)


def test_the_largest_of_a_pictures_sizes_is_fetched(collect, pages):
    pages.files["/l.jpg"] = garment(1)
    pages.files["/a.html"] = page(
        '<picture><source type="image/avif" srcset="/x.avif 2000w"><source srcset="/m.jpg 600w, /l.jpg 1200w">'
        '<img src="/s.jpg" alt="Silk dress"></picture>'
    )

    assert collect("/a.html") == Report(saved=1)
    assert pages.pictures_asked() == ["shop.test/l.jpg"]


def test_broken_and_missing_pictures_are_refused_each_with_a_sentence(collect, pages, tmp_path):
    pages.files |= {
        "/broken.jpg": b"\xff\xd8\xff broken", "/page.jpg": b"<html>", "/huge.png": _huge_png(), "/a.jpg": garment(1),
    }  # fmt: skip
    names = ("broken.jpg", "page.jpg", "huge.png", "gone.jpg", "a.jpg")
    pages.files["/a.html"] = page(*(card(f"/{name}", name) for name in names))

    report = collect("/a.html")

    assert report.saved == 1
    reasons = {address.rpartition("/")[2]: reason for address, reason in report.refused}
    assert reasons.keys() == {"broken.jpg", "page.jpg", "huge.png", "gone.jpg"}
    assert "damaged" in reasons["broken.jpg"]
    assert "not a picture" in reasons["page.jpg"]
    assert "megapixels" in reasons["huge.png"]
    assert "404" in reasons["gone.jpg"]
    assert [file.suffix for file in (tmp_path / "out" / "red_dress").iterdir()] == [".jpg"]
    pages.asked.clear()
    collect("/a.html")
    assert pages.pictures_asked() == ["shop.test/gone.jpg"]  # what may be there tomorrow is asked for again


def test_robots_txt_is_kept_to_for_pages_and_for_pictures(collect, pages):
    pages.files |= {
        "/robots.txt": b"User-agent: *\nDisallow: /staff/\nDisallow: /studio/\n",
        "/a.jpg": garment(1), "/studio/b.jpg": garment(2),
        "/a.html": page(card("/a.jpg", "A"), card("/studio/b.jpg", "B")), "/staff/c.html": page(card("/a.jpg", "A")),
        "/moved.html": (302, {"Location": "/staff/c.html"}, b""),
    }  # fmt: skip

    report = collect("/a.html", "/staff/c.html", "/moved.html")

    assert report.saved == 1
    assert [address for address, _ in report.refused] == [
        "http://shop.test/studio/b.jpg", "http://shop.test/staff/c.html", "http://shop.test/moved.html",
    ]  # fmt: skip
    assert all("robots.txt" in reason for _, reason in report.refused)
    assert "shop.test/studio/b.jpg" not in pages.asked
    assert pages.asked.count("shop.test/robots.txt") == 1


def test_nothing_leads_into_the_operators_own_network(collect, pages):
    inside = (302, {"Location": "http://router.test/admin"}, b"")
    pages.files |= {
        "/moved.html": inside, "/moved.jpg": inside,
        "/a.html": page(
            card("/moved.jpg", "A"), card("http://router.test/b.jpg", "B"), card("http://10.0.0.1/c.jpg", "C"),
            '<iframe src="http://router.test/"></iframe>', script="fetch('http://router.test/api').catch(() => 0)",
        ),
    }  # fmt: skip

    report = collect(
        "http://router.test/", "https://router.test/", "/moved.html", "/a.html", "file:///etc/passwd"
    )

    assert report.saved == 0
    assert [address for address, _ in report.refused] == [
        "http://router.test/", "https://router.test/", "http://shop.test/moved.html", "http://shop.test/moved.jpg",
        "http://router.test/b.jpg", "http://10.0.0.1/c.jpg", "file:///etc/passwd",
    ]  # fmt: skip
    assert all("public internet" in reason for _, reason in report.refused[:5])
    assert not [asked for asked in pages.asked if asked.startswith("router.test")]


def test_a_page_cannot_reach_round_the_proxy(collect, pages):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as service:
        service.bind(("127.0.0.1", 0))
        service.setblocking(False)
        pages.files |= {
            "/a.jpg": garment(1),
            "/a.html": page(
                card("/a.jpg", "A"),
                script=f"""const call = new RTCPeerConnection({{
                    iceServers: [{{ urls: "stun:127.0.0.1:{service.getsockname()[1]}" }}] }});
                call.createDataChannel("a");
                call.createOffer().then((offer) => call.setLocalDescription(offer));""",
            ),
        }

        assert collect("/a.html") == Report(saved=1)
        with pytest.raises(BlockingIOError):
            service.recv(100)


def test_a_redirect_to_a_file_opens_no_file(collect, pages):
    pages.files["/a.html"] = (302, {"Location": "file:///etc/passwd"}, b"")

    report = collect("/a.html")

    assert (report.saved, [address for address, _ in report.refused]) == (0, ["http://shop.test/a.html"])


def test_a_page_with_dialogs_and_windows_does_not_hold_anybody_up(collect, pages):
    script = "alert('Subscribe!'); window.open('/b.html'); onbeforeunload = () => 1"
    pages.files |= {"/a.jpg": garment(1), "/a.html": page(card("/a.jpg", "A"), script=script)}
    pages.files |= {"/b.jpg": garment(2), "/b.html": page(card("/b.jpg", "B"))}

    assert collect("/a.html", "/b.html") == Report(saved=2)


def test_a_page_that_answers_nonsense_is_survived(collect, pages):
    pages.files |= {
        "/a.html": page(card("/a.jpg", "A"), script="Array.prototype.flatMap = () => { throw new Error('no'); }"),
        "/b.html": page(card("/b.jpg", "B")), "/b.jpg": garment(2),
    }  # fmt: skip

    report = collect("/a.html", "/b.html")

    assert report.saved == 1
    assert [address for address, _ in report.refused] == ["http://shop.test/a.html"]


def test_chromium_loads_no_picture_of_its_first_page_either(pages):
    pages.files |= {"/a.jpg": garment(1), "/a.html": page(card("/a.jpg", "A"))}
    with Proxy(pages.network()) as proxy, Browser(proxy, user_agent()) as browser:
        browser.open("http://shop.test/a.html")
        seen = [image for images in browser.scroll() for image in images]

    assert len(seen) == 1
    assert pages.pictures_asked() == []


def test_a_browser_that_has_died_refuses_pages_with_a_sentence(pages):
    before = set(psutil.Process().children(recursive=True))
    with Proxy(pages.network()) as proxy, Browser(proxy, user_agent()) as browser:
        for process in set(psutil.Process().children(recursive=True)) - before:
            with suppress(psutil.NoSuchProcess):  # it ended with the one before it
                if "chromedriver" not in process.name():
                    process.kill()

        with pytest.raises(Refused, match=r"did not open.*\.$"):
            browser.open("http://shop.test/a.html")
        with pytest.raises(Refused, match=r"stopped answering.*\.$"):
            browser.address  # noqa: B018 - it asks the browser


# The command, on this machine's own address.


def _command(tmp_path: Path, *words: object, exit_code: int = 0) -> dict:
    stdout = StringIO()
    arguments = [
        "collect_images", *map(str, words), "--label", "red_dress", "--output", str(tmp_path / "out"), "--rate", "1000",
        "--json", "-",
    ]  # fmt: skip
    if exit_code:
        with pytest.raises(SystemExit) as ended:
            call_command(*arguments, stdout=stdout, stderr=StringIO())
        assert ended.value.code == exit_code
    else:
        call_command(*arguments, stdout=stdout, stderr=StringIO())
    return json.loads(stdout.getvalue().splitlines()[-1])


@pytest.mark.django_db(transaction=True)
def test_what_the_command_collects_is_trained_on_and_sold(tmp_path, pages):
    pages.files |= {f"/{n}.jpg": garment(n) for n in range(8)}
    pages.files["/a.html"] = page(
        *(card(f"/{n}.jpg", f"Silk dress {'abcdefgh'[n]}", "49,90 €") for n in range(8))
    )

    report = _command(tmp_path, f"{pages.url}/a.html", "--allow-private")
    call_command("import_catalog", str(tmp_path / "out"), json=None)
    training = tmp_path / "training.json"
    call_command(
        "train_classifier", "--dataset", str(tmp_path / "out"), "--epochs", "1", "--output", str(tmp_path / "model"),
        "--json", str(training),
    )  # fmt: skip

    assert (report["saved"], report["duplicates"], report["refused"]) == (8, 0, 0)
    products = Product.objects.all()
    assert {(p.name[:10], str(p.price), p.category.name) for p in products} == {
        ("Silk dress", "49.90", "Dresses")
    }
    assert len(products) == 8
    trained = json.loads(training.read_text())
    assert trained["train_images"] + trained["validation_images"] == 8
    assert trained["validation_images"] > 0
    assert json.loads((tmp_path / "model" / "labels.json").read_text()) == {
        "colour": ["Red"],
        "type": ["Dresses"],
    }


def test_the_command_refuses_this_machine_unless_told_otherwise(tmp_path, pages):
    report = _command(tmp_path, f"{pages.url}/a.html", exit_code=1)

    assert (report["saved"], report["duplicates"], report["refused"]) == (0, 0, 1)
    assert "--allow-private" in report["refusals"][0]["reason"]
    assert pages.asked == []


@pytest.mark.parametrize(
    "words",
    [
        ("--label", "../red"),
        ("--label", "Red Dress"),
        ("--label", "red_dress", "--limit", "0"),
        ("--label", "red_dress", "--rate", "0"),
        ("--label", "red_dress", "--contact", "line\nbreak"),
    ],
)
def test_wrong_usage_exits_with_two(words, tmp_path):
    with pytest.raises(CommandError) as refused:
        call_command("collect_images", "http://shop.test/", *words, "--output", str(tmp_path / "out"))

    assert refused.value.returncode == 2
    assert str(refused.value).endswith(".")
    assert not (tmp_path / "out").exists()


def test_without_chromedriver_the_command_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")

    with pytest.raises(CommandError, match="apt-get install chromium chromium-driver") as refused:
        call_command(
            "collect_images", "http://shop.test/", "--label", "red_dress", "--output", str(tmp_path / "out")
        )

    assert refused.value.returncode == 2


def test_without_selenium_the_command_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.delitem(sys.modules, "vision.collecting.browser")
    monkeypatch.setitem(sys.modules, "selenium", None)

    with pytest.raises(CommandError, match=r"pip install -r requirements-collecting\.txt"):
        call_command(
            "collect_images", "http://shop.test/", "--label", "red_dress", "--output", str(tmp_path / "out")
        )


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A folder for temporary files whose name is short enough for Chromium's sockets."""
    with TemporaryDirectory(prefix="c-") as folder:
        yield Path(folder)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_leaves_a_folder_that_can_be_gone_on_with(number, short_path, tmp_path, pages):
    pages.files |= {f"/{n}.jpg": garment(n) for n in range(4)}
    pages.files["/a.html"] = page(*(card(f"/{n}.jpg", f"Dress {n}") for n in range(4)))
    # With ten seconds between two requests, it is stopped long before the second picture.
    words = f"collect_images {pages.url}/a.html --label red_dress --rate .1 --allow-private --output {tmp_path}/out"
    run = subprocess.Popen(
        [sys.executable, "manage.py", *words.split()],
        cwd=settings.BASE_DIR,
        env=os.environ | {"TMPDIR": str(short_path)},
        stderr=subprocess.PIPE,
        text=True,
    )
    said = ""
    while "red_dress: 0" not in said and run.poll() is None:  # the browser has started
        said += run.stderr.read(1)
    run.send_signal(number)
    _, rest = run.communicate(timeout=60)

    assert run.returncode == 130, rest
    assert "the same command goes on" in rest
    assert list(short_path.iterdir()) == []
    assert not [process for process in psutil.process_iter(["cmdline"]) if _belongs_to(process, short_path)]
    assert _command(tmp_path, f"{pages.url}/a.html", "--allow-private")["saved"] == 4


def _belongs_to(process: psutil.Process, folder: Path) -> bool:
    return any(f"={folder}/" in word for word in process.info["cmdline"] or [])


def _huge_png() -> bytes:
    """A few bytes that say they are a picture of 10,000 megapixels."""
    side = (100_000).to_bytes(4, "big")
    header = side + side + bytes((8, 2, 0, 0, 0))  # 8 bits, RGB

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )
