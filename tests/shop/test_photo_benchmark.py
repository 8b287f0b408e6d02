"""The benchmark of photo search: photos like a phone's, a shop that answers, and where the time goes."""

import http.server
import io
import json
import threading
from collections.abc import Iterator

import pytest
from PIL import Image

from shop.benchmarks import photos
from tests.eyes import jpeg
from vision.models import PhotoQuery


@pytest.fixture
def shop() -> Iterator[tuple[str, list[int]]]:
    """The address of a shop that answers every photo, and the lengths of what it got. It gives up on the 2nd."""
    got: list[int] = []

    class Answering(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._say(200, {"status": "ok"})

        def do_POST(self) -> None:
            got.append(len(self.rfile.read(int(self.headers["Content-Length"]))))
            self._say(*answers(len(got)))

        def _say(self, status: int, words: dict[str, str]) -> None:
            body = json.dumps(words).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    def answers(number: int) -> tuple[int, dict[str, str]]:
        if number == 2:
            return 202, {"status": "pending"}
        return (200, {"status": "done"}) if number < 100 else (429, {})

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", got
    server.shutdown()
    server.server_close()


def test_every_photo_is_sent_and_a_shop_that_warms_up_is_asked_again(shop):
    url, got = shop
    middle, slow = photos.over_http(url, [b"x" * 1000] * (photos.WARM_UP + 5))
    assert len(got) == photos.WARM_UP + 1 + 5
    assert min(got) > 1000
    assert (middle.name, slow.name) == ("photo_to_answer_p50", "photo_to_answer_p95")
    assert 0 < middle.ours <= slow.ours
    assert middle.rounds == 5


def test_a_shop_that_takes_no_more_photos_is_told_of_with_a_way_out(shop):
    url, _ = shop
    with pytest.raises(RuntimeError, match="API_RATE_PHOTO_SEARCH"):
        list(photos.over_http(url, [b"x"] * 200))


def test_a_small_photo_is_enlarged_to_a_phones_and_fits_into_its_bytes(tmp_path, monkeypatch):
    monkeypatch.setattr(photos, "MEGAPIXELS", 0.5)
    monkeypatch.setattr(photos, "BYTES", 60_000)
    for seed in range(8):
        (tmp_path / f"{seed}.jpg").write_bytes(jpeg(seed))
    sent = photos.phone_photos(tmp_path, 3)
    assert len(sent) == 3 + photos.WARM_UP
    for photo in sent:
        width, height = Image.open(io.BytesIO(photo)).size
        assert width * height == pytest.approx(500_000, rel=0.01)
        assert len(photo) <= 60_000


def test_a_folder_with_too_few_photos_is_no_benchmark(tmp_path):
    with pytest.raises(FileNotFoundError, match="name a folder with more"):
        photos.phone_photos(tmp_path, 3)


@pytest.mark.django_db
@pytest.mark.usefixtures("eyes")
def test_the_steps_of_an_answer_are_told_and_nothing_stays():
    (row,) = photos.in_process([jpeg(seed) for seed in range(photos.WARM_UP + 3)])
    assert row.rounds == 3
    assert row.ours > 0
    assert "open_photo" in row.what
    assert not PhotoQuery.objects.exists()
