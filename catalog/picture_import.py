"""From a source's picture files to renditions, in processes of their own."""

import hashlib
import multiprocessing
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor

from catalog.images import ImageRejected, decode_image
from catalog.importing import ImportRecord, Source
from catalog.picture_sizes import LONGEST_SIDE, PictureJob, Renditions, make_renditions


def picture_processes(workers: int | None = None) -> Executor:
    """A pool of processes for decoding, drawing and encoding; one per core unless told otherwise.

    The processes start afresh instead of being forked: a fork would share this process's database connection.
    """
    return ProcessPoolExecutor(
        max_workers=workers or min(8, os.cpu_count() or 1),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_settle_in,
    )


def _settle_in() -> None:
    """What each process of the pool does first."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = "1"  # the pool already uses every core
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process when the one that started it was killed: it would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def renditions_of(name: str, data: bytes) -> Renditions:
    """Decode the file ``name`` safely and make its renditions.

    Raises:
        ValueError: with a sentence, when the picture cannot be used.
    """
    try:
        return make_renditions(decode_image(data, target=LONGEST_SIDE))
    except ImageRejected as rejected:
        raise ValueError(f"{name}: {rejected}") from rejected


def jobs_from_source(source: Source) -> Callable[[ImportRecord], Sequence[PictureJob]]:
    """How to get the pictures of a record of ``source``."""

    def jobs(record: ImportRecord) -> Sequence[PictureJob]:
        found = []
        for number, name in enumerate(record.pictures, start=1):
            data = source.read(name)
            alt = record.name if number == 1 else f"{record.name}, picture {number}"
            found.append(PictureJob(hashlib.sha256(data).hexdigest(), renditions_of, (name, data), alt))
        return found

    return jobs
