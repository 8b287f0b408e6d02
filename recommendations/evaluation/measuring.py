"""How long a piece of work takes and how much memory it needs on top of what was there."""

import gc
import os
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

Result = TypeVar("Result")

_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")
_RESET_PEAK = "5"  # see proc(5)


@dataclass(frozen=True)
class Cost(Generic[Result]):
    """What came out of the work, and what it took."""

    result: Result
    seconds: float
    peak_mb: float


def measured(work: Callable[[], Result]) -> Cost[Result]:
    """Do the work.

    The peak is the highest resident memory during the work above that before it. Linux resets its mark; elsewhere it
    is the rise of the highest mark of the process so far, which hides what stays below an earlier peak.
    """
    gc.collect()
    before = _restarted_peak()
    started = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - started
    return Cost(result, seconds, max(0.0, _peak() - before))


def available_mb() -> float:
    """Return how much memory is free for new work."""
    meminfo = Path("/proc/meminfo")
    if meminfo.exists():
        line = next(line for line in meminfo.read_text().splitlines() if line.startswith("MemAvailable"))
        return int(line.split()[1]) / 1024
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**20 / 2


def _restarted_peak() -> float:
    if sys.platform == "linux":
        _CLEAR.write_text(_RESET_PEAK)
    return _peak()


def _peak() -> float:
    """Return the highest resident memory since the mark was set, in MB."""
    if sys.platform == "linux":
        line = next(line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / 2**20 if sys.platform == "darwin" else used / 1024
