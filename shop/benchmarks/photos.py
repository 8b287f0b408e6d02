"""A shopper's photo, answered: over HTTP by a shop that is running, and step by step in this process.

A phone's photo has twelve megapixels and a megabyte: smaller ones are enlarged and saved in the best quality that fits.
"""

import http.client
import io
import json
import random
import statistics
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

from django.db import transaction
from PIL import Image

from recommendations import answering_photos
from shop.benchmarks.timing import Row
from vision.detection import Detector
from vision.inference import Classifier
from vision.models import PhotoQuery

MEGAPIXELS = 12.0
BYTES = 1_050_000
TARGET_P50_MS, TARGET_P95_MS = 150.0, 300.0
TARGET_WORKER_MS = 100.0  # of processor time: with the request around it half of what a shopper may wait
WARM_UP = 4  # photos that do not count
WARM_UP_TRIES = 6
WAIT = 15  # seconds after which an answer is given up
# The steps of an answer by the names that ``recommendations.answering_photos`` calls them by.
STEPS = (
    "open_photo", "find_keypoints", "parts_of", "nearest_by_looks", "whole_look", "product_of_file", "exact_match",
    "likely_match", "find_similar", "_worn_with", "encode_jpeg", "_save",
)  # fmt: skip


class NoAnswerError(RuntimeError):
    """The shop did not answer a photo; the text says what it said instead."""


def over_http(url: str, photos: list[bytes]) -> Iterator[Row]:
    """From the first byte of a photo to the last of its answer, one after the other on one connection, and between them
    the barest page of the same shop."""
    where = urlsplit(url)
    kind = http.client.HTTPSConnection if where.scheme == "https" else http.client.HTTPConnection
    shop = kind(where.netloc, timeout=2 * WAIT)
    for photo in photos[:WARM_UP]:
        _warmed_up(shop, photo)
    ours, baseline = [], []
    for photo in photos[WARM_UP:]:
        baseline.append(_milliseconds(lambda: _live(shop)))
        ours.append(_milliseconds(lambda photo=photo: _answered(shop, photo)))
    lower, middle, upper = statistics.quantiles(ours, n=4)
    live = statistics.median(baseline)
    p95 = statistics.quantiles(ours, n=20)[-1]
    for name, ms, target in (
        ("photo_to_answer_p50", middle, TARGET_P50_MS),
        ("photo_to_answer_p95", p95, TARGET_P95_MS),
    ):
        yield Row(
            name=name,
            ours=round(ms, 1),
            baseline=round(live, 1),
            ratio=round(ms / live, 1),
            target=target,
            holds=ms <= target,
            rounds=len(ours),
            spread=round((upper - lower) / middle, 3),
            unit="ms",
            what=f"{len(ours)} photos of {MEGAPIXELS:.0f} megapixels against /health/live, slowest {max(ours):.0f} ms",
        )


def in_process(photos: list[bytes]) -> Iterator[Row]:
    """Processor time of the worker's part, by steps, against that of opening the photo alone."""
    spent: dict[str, list[float]] = defaultdict(list)

    def timed(name: str, run: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: Any, **kwargs: Any) -> Any:
            started = time.thread_time()  # of this thread: two steps run side by side
            try:
                return run(*args, **kwargs)
            finally:
                now[name] += 1000 * (time.thread_time() - started)

        return step

    with ExitStack() as stack:
        stack.enter_context(transaction.atomic())
        stack.callback(transaction.set_rollback, True)
        for name in STEPS:
            run = timed(name, getattr(answering_photos, name))
            stack.enter_context(patch.object(answering_photos, name, run))
        for network, name in ((Classifier, "answer"), (Detector, "map")):
            run = timed("networks", getattr(network, name))
            stack.enter_context(patch.object(network, name, run))
        for number, photo in enumerate(photos):
            now: dict[str, float] = defaultdict(float)
            query = PhotoQuery.objects.create(session_key="benchmark", upload=photo)
            started = time.process_time()
            answering_photos.answer_photo(query)
            now["all"] = 1000 * (time.process_time() - started)
            if number >= WARM_UP:
                for name in ("all", "networks", *STEPS):
                    spent[name].append(now[name])
    medians = {name: statistics.median(values) for name, values in spent.items()}
    lower, middle, upper = statistics.quantiles(spent["all"], n=4)
    steps = sorted((*STEPS, "networks"), key=lambda name: -medians[name])
    yield Row(
        name="answer_photo",
        ours=round(middle, 1),
        baseline=round(medians["open_photo"], 1),
        ratio=round(middle / medians["open_photo"], 2),
        target=TARGET_WORKER_MS,
        holds=middle <= TARGET_WORKER_MS,
        rounds=len(spent["all"]),
        spread=round((upper - lower) / middle, 3),
        unit="ms",
        what="processor time of the worker against opening the photo alone; "
        + ", ".join(f"{name.strip('_')} {medians[name]:.1f}" for name in steps)
        + f"; mean of all {statistics.mean(spent['all']):.1f}",
    )


def phone_photos(folder: Path, n: int, seed: int = 5) -> list[bytes]:
    """``n`` photos out of ``folder`` and the folders in it, and ``WARM_UP`` more, each as a phone would send it."""
    files = sorted(file for file in folder.rglob("*") if file.suffix.lower() in {".jpg", ".jpeg"})
    random.Random(seed).shuffle(files)  # noqa: S311 - a choice that is the same each time
    if len(files) < WARM_UP + 2:
        raise FileNotFoundError(f"There are {len(files)} JPEG photos in {folder}; name a folder with more.")
    return [_as_a_phone(file.read_bytes()) for file in files[: n + WARM_UP]]


def _as_a_phone(data: bytes) -> bytes:
    picture = Image.open(io.BytesIO(data))
    scale = (MEGAPIXELS * 1e6 / (picture.width * picture.height)) ** 0.5
    if scale <= 1.2:
        return data
    size = round(picture.width * scale), round(picture.height * scale)
    large = picture.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    best, worst_fitting, best_too_large = data, 30, 99
    while best_too_large - worst_fitting > 1:
        quality = (worst_fitting + best_too_large) // 2
        buffer = io.BytesIO()
        large.save(buffer, "JPEG", quality=quality)
        if buffer.tell() <= BYTES:
            best, worst_fitting = buffer.getvalue(), quality
        else:
            best_too_large = quality
    return best


def _milliseconds(run: Callable[[], None]) -> float:
    started = time.perf_counter()
    run()
    return 1000 * (time.perf_counter() - started)


def _warmed_up(shop: http.client.HTTPConnection, photo: bytes) -> None:
    """Have a photo answered by a worker that may first have to load its networks."""
    for _ in range(WARM_UP_TRIES - 1):
        try:
            return _answered(shop, photo)
        except NoAnswerError:
            continue
    _answered(shop, photo)


def _live(shop: http.client.HTTPConnection) -> None:
    shop.request("GET", "/health/live")
    shop.getresponse().read()


def _answered(shop: http.client.HTTPConnection, photo: bytes) -> None:
    """Send a photo and take its answer in.

    Raises:
        NoAnswerError: when there is none in time, with what the shop said.
        RuntimeError: when the shop takes no more photos.
    """
    edge = uuid.uuid4().hex
    form = 'Content-Disposition: form-data; name="photo"; filename="p.jpg"\r\nContent-Type: image/jpeg'
    head = f"--{edge}\r\n{form}\r\n\r\n"
    shop.request(
        "POST",
        "/api/v1/photo-search/",
        head.encode() + photo + f"\r\n--{edge}--\r\n".encode(),
        {"Content-Type": f"multipart/form-data; boundary={edge}", "Prefer": f"wait={WAIT}"},
    )
    response = shop.getresponse()
    said = response.read()
    if response.status == 429:
        raise RuntimeError(
            "The shop takes no more photos this minute. Wait, or start it with API_RATE_PHOTO_SEARCH=6000/min."
        )
    if response.status != 200 or json.loads(said)["status"] != "done":
        raise NoAnswerError(f"A photo got no answer: {response.status}, {said[:200]!r}.")
