"""Alternating timings of two sides, and the row that a report shows of them."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One comparison.

    ``ours`` and ``baseline`` are medians over ``rounds``, in milliseconds. ``ratio`` is ours / baseline. ``holds`` says
    whether ours is within ``target``, which is a ratio where ``unit`` is "ratio" and milliseconds where it is "ms".
    ``spread`` is the interquartile range of ours over its median: how noisy the machine was.
    """

    name: str
    ours: float
    baseline: float
    ratio: float
    target: float
    holds: bool
    rounds: int
    spread: float
    unit: str
    what: str


def compare(
    name: str,
    ours: Callable[[], object],
    baseline: Callable[[], object],
    *,
    target: float,
    unit: str,
    what: str,
    rounds: int = 9,
) -> Row:
    """Time both sides in turn, after one round that does not count."""
    sides = {"ours": ours, "baseline": baseline}
    times: dict[str, list[float]] = {"ours": [], "baseline": []}
    for round_ in range(rounds + 1):
        for side, run in sides.items():
            started = time.perf_counter()
            run()
            if round_:
                times[side].append(1000 * (time.perf_counter() - started))
    medians = {side: statistics.median(values) for side, values in times.items()}
    lower, _, upper = statistics.quantiles(times["ours"], n=4)
    ratio = medians["ours"] / medians["baseline"]
    return Row(
        name=name,
        ours=round(medians["ours"], 3),
        baseline=round(medians["baseline"], 3),
        ratio=round(ratio, 3),
        target=target,
        holds=bool((ratio if unit == "ratio" else medians["ours"]) <= target),
        rounds=rounds,
        spread=round((upper - lower) / medians["ours"], 3),
        unit=unit,
        what=what,
    )
