"""The charts of reports: drawn by matplotlib in the shop's own colours, without any global state."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from vision.metrics import reliability

PAPER, INK, SOFT, HAIRLINE, SURFACE = "#faf8f4", "#1d1b18", "#6b655c", "#e4ded3", "#f1ede5"
ACCENT, CONFIRM = "#9a3b26", "#3f6b4a"
# Beside each other in one chart; told apart without hue too, by lightness.
SERIES = ("#c9bfae", "#a59d90", "#7d766b", "#c98a6d", ACCENT, CONFIRM, "#1d2747")
_WRONG = LinearSegmentedColormap.from_list("wrong", [PAPER, "#e9c3ae", ACCENT])
_RIGHT = LinearSegmentedColormap.from_list("right", [PAPER, "#b9cfbd", CONFIRM])


def confusion_matrix(
    truth: Sequence[str], guesses: Sequence[str], order: Sequence[str]
) -> npt.NDArray[np.float64]:
    """How often each name of ``order`` was taken for each: (n, n), rows the truth and summing to 1.

    Pictures whose truth is not in ``order`` do not count; what was guessed beyond it is missing from a row's sum.
    """
    number = {name: i for i, name in enumerate(order)}
    counts = np.zeros((len(order), len(order)))
    totals = np.zeros(len(order))
    for true, guess in zip(truth, guesses, strict=True):
        if true in number:
            totals[number[true]] += 1
            if guess in number:
                counts[number[true], number[guess]] += 1
    shares: npt.NDArray[np.float64] = counts / np.maximum(totals, 1)[:, None]
    return shares


def confusion_chart(shares: npt.NDArray[np.float64], names: Sequence[str], groups: Sequence[str]) -> Figure:
    """A confusion matrix (n, n) with its ``names``; lines part neighbours of different ``groups`` (n,)."""
    n = len(names)
    side = max(4.2, 0.235 * n + 2.2)
    figure, axes = _figure(side, side)
    diagonal = np.eye(n, dtype=bool)
    axes.imshow(np.ma.masked_where(diagonal, shares), cmap=_WRONG, vmin=0, vmax=0.5)
    axes.imshow(np.ma.masked_where(~diagonal, shares), cmap=_RIGHT, vmin=0, vmax=1)
    size = 7 if n > 20 else 8
    axes.set_xticks(range(n), names, rotation=90, fontsize=size)
    axes.set_yticks(range(n), names, fontsize=size)
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("top")
    axes.set_xlabel("taken for", labelpad=8)
    axes.set_ylabel("truth", labelpad=8)
    for edge in (i - 0.5 for i in range(1, n) if groups[i] != groups[i - 1]):
        axes.axhline(edge, color=SOFT, linewidth=0.5)
        axes.axvline(edge, color=SOFT, linewidth=0.5)
    for row, column in zip(*np.nonzero(shares >= 0.05), strict=True):
        share = shares[row, column]
        dark = share > (0.6 if row == column else 0.3)
        axes.text(
            column, row, f"{100 * share:.0f}", ha="center", va="center",
            fontsize=5.5 if n > 20 else 7, color=PAPER if dark else INK,
        )  # fmt: skip
    axes.tick_params(length=0)
    return figure


def reliability_chart(confidence: npt.ArrayLike, right: npt.ArrayLike, bins: int = 15) -> Figure:
    """How often guesses come true against how sure they were (n,) and (n,); below, how many there are of each."""
    promised, came_true, counts = reliability(confidence, right, bins)
    figure = Figure(figsize=(4.6, 5.2), facecolor=PAPER, layout="constrained")
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=[4, 1])
    for axes in (upper, lower):
        _style(axes)
    edges = np.linspace(0, 1, bins + 1)
    width = 1 / bins
    kept = np.minimum(promised, came_true)
    upper.bar(edges[:-1], kept, width, align="edge", color="#b9cfbd", edgecolor=PAPER)
    gap = np.abs(promised - came_true)
    upper.bar(edges[:-1], gap, width, bottom=kept, align="edge", color="#e3b9a5", edgecolor=PAPER)
    upper.plot([0, 1], [0, 1], color=SOFT, linewidth=1, linestyle=(0, (4, 3)))
    upper.set(xlim=(0, 1), ylim=(0, 1), ylabel="came true")
    lower.bar(edges[:-1], counts, width, align="edge", color=SERIES[1], edgecolor=PAPER)
    lower.set(xlabel="promised probability", ylabel="pictures")
    return figure


def bars_chart(
    names: Sequence[str], series: Mapping[str, Sequence[float]], intervals: Mapping[str, Any] | None = None
) -> Figure:
    """Bars from 0 to 1 for each of ``names``, side by side for each of the ``series``; ``intervals`` are (n, 2)."""
    figure, axes = _figure(max(5.6, 0.22 * len(names) * len(series) + 2.4), 3.6)
    width = 0.8 / len(series)
    places = np.arange(len(names))
    colours = SERIES[-len(series) :] if len(series) > 1 else (ACCENT,)
    for number, (name, values) in enumerate(series.items()):
        heights = np.asarray(values, np.float64)
        errors = None
        if intervals is not None:
            low, high = np.asarray(intervals[name], np.float64).T
            errors = np.clip([heights - low, high - heights], 0, None)
        axes.bar(
            places + (number - (len(series) - 1) / 2) * width, heights, width * 0.92, label=name,
            color=colours[number], yerr=errors, error_kw={"ecolor": INK, "elinewidth": 0.7},
        )  # fmt: skip
    crowded = len(names) > 12
    axes.set_xticks(places, names, rotation=90 if crowded else 0, fontsize=7 if crowded else 8)
    axes.set(ylim=(0, 1))
    axes.yaxis.grid(visible=True, color=HAIRLINE, linewidth=0.7)
    axes.set_axisbelow(True)
    if len(series) > 1:
        axes.legend(frameon=False, fontsize=8, ncols=len(series), loc="lower center", bbox_to_anchor=(0.5, 1))
    return figure


def _figure(width: float, height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height), facecolor=PAPER, layout="constrained")
    axes = figure.subplots()
    _style(axes)
    return figure, axes


def _style(axes: Axes) -> None:
    axes.set_facecolor(PAPER)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(HAIRLINE)
    axes.tick_params(colors=SOFT, labelcolor=INK, labelsize=8, length=2)
    axes.xaxis.label.set(color=SOFT, fontsize=9)
    axes.yaxis.label.set(color=SOFT, fontsize=9)
