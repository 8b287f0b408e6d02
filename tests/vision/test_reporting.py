from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from vision.charts import bars_chart, confusion_chart, confusion_matrix, reliability_chart
from vision.reporting import Page, Tile

GREY = np.full((40, 30, 3), 128, np.uint8)


def test_a_page_is_one_file_that_asks_for_nothing_else(tmp_path: Path) -> None:
    page = Page("Shirts & shoes", "How well are they told apart?")
    page.heading("Answers")
    page.facts([("right", "90 %", "of ten")])
    page.table(["channel", "P@1"], [["pixels", "0.5"]])
    page.charts((bars_chart(["a", "b"], {"first": [0.5, 1.0]}), "Bars"))
    page.sheet([[Tile(GREY, "query", "asked"), Tile(GREY, "answer", "good")]])

    file = page.write(tmp_path / "reports", "page.html")

    seen = _Seen()
    seen.feed(file.read_text())
    assert len(seen.sources) == 3
    assert all(source.startswith("data:image/") for source in seen.sources)
    assert not seen.tags & {"script", "link", "iframe"}


def test_words_are_escaped() -> None:
    page = Page("<script>alert(1)</script>")
    page.sheet([[Tile(GREY, "<b>bold</b>")]])

    assert "<script>" not in page.html()
    assert "<b>" not in page.html()


def test_a_confusion_matrix_counts_rows_of_the_truth() -> None:
    shares = confusion_matrix(["a", "a", "b", "c"], ["a", "b", "b", "a"], ["a", "b"])

    assert shares.tolist() == [[0.5, 0.5], [0, 1]]


@pytest.mark.parametrize("n", [1, 3, 45])
def test_charts_of_any_size_can_be_drawn(n: int) -> None:
    names = [f"name {i}" for i in range(n)]

    assert confusion_chart(np.eye(n), names, names).axes
    assert bars_chart(names, {"one": [0.5] * n}, {"one": [(0.4, 0.6)] * n}).axes
    assert reliability_chart(np.linspace(0, 1, n), np.ones(n)).axes


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.sources: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.sources += [value or "" for name, value in attrs if name in ("src", "href")]
