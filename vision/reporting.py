"""Reports that people look at: one HTML file with everything in it, no scripts, nothing fetched from elsewhere."""

import base64
import html
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
from matplotlib.figure import Figure

from catalog.images import RGB, resize_within

THUMBNAIL = 120  # pixels of the longer side

_STYLE = """
:root { color-scheme: light; --paper: #faf8f4; --ink: #1d1b18; --soft: #6b655c; --hairline: #e4ded3;
  --surface: #f1ede5; --accent: #9a3b26; --confirm: #3f6b4a; }
* { box-sizing: border-box; margin: 0; }
body { background: var(--paper); color: var(--ink); font: 16px/1.55 Inter, system-ui, sans-serif;
  padding: 48px clamp(16px, 5vw, 72px) 104px; max-width: 1320px; margin: 0 auto; }
h1, h2 { font-family: Didot, "Bodoni MT", "Noto Serif Display", "URW Palladio L", P052, serif; font-weight: 400;
  line-height: 1.15; text-wrap: balance; }
h1 { font-size: clamp(28px, 4vw, 44px); }
h2 { font-size: 26px; margin-top: 64px; padding-top: 24px; border-top: 1px solid var(--hairline); }
p { max-width: 72ch; margin-top: 8px; color: var(--soft); }
.facts { display: flex; flex-wrap: wrap; gap: 16px 40px; margin-top: 24px; }
.facts dt { color: var(--soft); font-size: 13px; }
.facts dd { font-size: 26px; font-variant-numeric: tabular-nums; line-height: 1.2; }
.facts small { display: block; font-size: 12px; color: var(--soft); }
table { border-collapse: collapse; margin-top: 24px; font-size: 14px; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 400; color: var(--soft); }
th, td { padding: 6px 24px 6px 0; border-bottom: 1px solid var(--hairline); }
td + td, th + th { text-align: right; }
.wide { overflow-x: auto; }
.charts { display: flex; flex-wrap: wrap; gap: 24px 40px; align-items: flex-start; margin-top: 24px; }
figure { max-width: 100%; overflow-x: auto; }
figure > img { display: block; max-width: 100%; height: auto; }
figcaption { font-size: 13px; color: var(--soft); margin-top: 4px; max-width: 60ch; }
.line { display: flex; gap: 8px; align-items: flex-start; padding: 12px 0; border-bottom: 1px solid var(--hairline);
  overflow-x: auto; }
.tile { flex: 0 0 auto; width: 92px; font-size: 11px; line-height: 1.3; color: var(--soft); overflow-wrap: anywhere; }
.tile img { display: block; width: 92px; height: 112px; object-fit: contain; background: #fff; margin-bottom: 4px;
  border: 3px solid transparent; border-radius: 2px; }
.tile.good img { border-color: var(--confirm); }
.tile.bad img { border-color: var(--accent); }
.tile.asked { margin-right: 24px; color: var(--ink); }
.tile.asked img { border-color: var(--ink); }
"""


@dataclass(frozen=True)
class Tile:
    """A picture with a word below it, and what it is: what was asked, a good or a bad answer, or neither."""

    image: RGB
    caption: str
    mark: Literal["", "asked", "good", "bad"] = ""


class Page:
    """A report that grows downwards: say, show, write. All text is escaped."""

    def __init__(self, title: str, lead: str = "") -> None:
        self._title = title
        self._parts = [f"<h1>{html.escape(title)}</h1>"]
        if lead:
            self.text(lead)

    def heading(self, title: str, text: str = "") -> None:
        """Begin a section."""
        self._parts.append(f"<h2>{html.escape(title)}</h2>")
        if text:
            self.text(text)

    def text(self, text: str) -> None:
        """A paragraph."""
        self._parts.append(f"<p>{html.escape(text)}</p>")

    def facts(self, facts: Sequence[tuple[str, str, str]]) -> None:
        """Figures in large type: (name, value, note)."""
        parts = [
            f"<div><dt>{html.escape(name)}</dt><dd>{html.escape(value)}<small>{html.escape(note)}</small></dd></div>"
            for name, value, note in facts
        ]
        self._parts.append(f'<dl class="facts">{"".join(parts)}</dl>')

    def table(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Rows of words and figures; the first column is the rows' names."""
        head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in header)
        body = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
        self._parts.append(
            f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
        )

    def charts(self, *charts: tuple[Figure, str]) -> None:
        """Charts side by side where there is room, each with its caption."""
        parts = [
            f'<figure><img src="{_svg(figure)}" alt="{html.escape(caption)}">'
            f"<figcaption>{html.escape(caption)}</figcaption></figure>"
            for figure, caption in charts
        ]
        self._parts.append(f'<div class="charts">{"".join(parts)}</div>')

    def sheet(self, lines: Sequence[Sequence[Tile]]) -> None:
        """Pictures in lines, such as a query and its answers."""
        for line in lines:
            tiles = [
                f'<div class="tile {tile.mark}"><img src="{_jpeg(tile.image)}" alt="">{html.escape(tile.caption)}</div>'
                for tile in line
            ]
            self._parts.append(f'<div class="line">{"".join(tiles)}</div>')

    def html(self) -> str:
        """The whole page."""
        return (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{html.escape(self._title)}</title><style>{_STYLE}</style></head>"
            f"<body>{''.join(self._parts)}</body></html>\n"
        )

    def write(self, folder: Path, name: str) -> Path:
        """Write the page into a folder, which is made where it is missing; returns the file."""
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / name
        file.write_text(self.html(), encoding="utf-8")
        return file


def _svg(figure: Figure) -> str:
    drawn = io.BytesIO()
    # Without a date the same figures give the same file.
    figure.savefig(drawn, format="svg", metadata={"Date": None})
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn.getvalue()).decode()}"


def _jpeg(image: RGB) -> str:
    small = resize_within(image, THUMBNAIL)
    _, encoded = cv2.imencode(".jpg", np.ascontiguousarray(small[..., ::-1]), [cv2.IMWRITE_JPEG_QUALITY, 80])
    return f"data:image/jpeg;base64,{base64.b64encode(encoded.tobytes()).decode()}"
