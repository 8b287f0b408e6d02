"""The curves by which a number of clusters was chosen, as one SVG: no script, readable by a screen reader."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

WIDTH, HEIGHT = 300, 150  # of one panel, in units of the viewBox
LEFT, RIGHT, TOP, BOTTOM = 46, 10, 26, 26
PANELS = {"inertia": "Inertia", "silhouette": "Silhouette", "stability": "Stability (adjusted Rand)"}
NAMES = {
    "knee": "knee",
    "silhouette": "silhouette",
    "g_means": "G-means",
    "fixed": "a curator",
    "few": "too few products",
}
INK, SOFT, HAIRLINE, ACCENT = "#1d1b18", "#6b655c", "#e4ded3", "#9a3b26"


def curves_svg(choice: Mapping[str, Any], title: str) -> str:
    """Draw inertia, silhouette and stability over k, with a line at the k that was chosen.

    ``choice`` is ``choosing_k.Choice.as_json()``. Without curves there is a sentence instead.
    """
    words = sentence(choice)
    label = escape(f"{title}: {words}")
    ks = choice["ks"]
    if len(ks) < 2:
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} 40" role="img" aria-label="{label}" '
            f'width="{WIDTH}"><text x="0" y="24" font-size="12" fill="{SOFT}">{escape(words)}</text></svg>'
        )
    panels = [_panel(i, name, ks, choice[key], choice["k"]) for i, (key, name) in enumerate(PANELS.items())]
    wide = WIDTH * len(panels)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {HEIGHT}" role="img" aria-label="{label}" '
        f'width="{wide}" font-family="system-ui, sans-serif">{"".join(panels)}</svg>'
    )


def sentence(choice: Mapping[str, Any]) -> str:
    """How many clusters there are and why, in words."""
    noun = "cluster" if choice["k"] == 1 else "clusters"
    by = NAMES[choice["by"]]
    wanted = ", ".join(f"{NAMES[name]} {k}" for name, k in choice["wanted"].items())
    return f"{choice['k']} {noun}, by {by}" + (f" ({wanted})" if wanted else "")


def _panel(place: int, name: str, ks: Sequence[int], values: Sequence[float], chosen: int) -> str:
    lowest, highest = min(0.0, *values), max(values)
    span = (highest - lowest) or 1.0

    def x(k: float) -> float:
        return place * WIDTH + LEFT + (k - ks[0]) / (ks[-1] - ks[0]) * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (value - lowest) / span * (HEIGHT - TOP - BOTTOM)

    points = " ".join(f"{x(k):.1f},{y(value):.1f}" for k, value in zip(ks, values, strict=True))
    start, end, floor = place * WIDTH + LEFT, (place + 1) * WIDTH - RIGHT, HEIGHT - BOTTOM
    at = x(min(max(chosen, ks[0]), ks[-1]))
    return (
        f'<text x="{start}" y="14" font-size="12" fill="{INK}">{name}</text>'
        f'<path d="M{start} {TOP}V{floor}H{end}" fill="none" stroke="{HAIRLINE}"/>'
        f'<path d="M{at:.1f} {TOP}V{floor}" stroke="{ACCENT}" stroke-dasharray="4 3"/>'
        f'<polyline points="{points}" fill="none" stroke="{INK}" stroke-width="1.5"/>'
        f'<text x="{at:.1f}" y="{HEIGHT - 8}" font-size="11" text-anchor="middle" fill="{ACCENT}">{chosen}</text>'
        f'<text x="{start - 6}" y="{TOP + 8}" font-size="10" text-anchor="end" fill="{SOFT}">{highest:.3g}</text>'
        f'<text x="{start - 6}" y="{floor}" font-size="10" text-anchor="end" fill="{SOFT}">{lowest:.3g}</text>'
    )
