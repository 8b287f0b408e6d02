"""The documentation's pictures: small ones of what the browser tests saw."""

from pathlib import Path

import pytest
from PIL import Image

from tests.browser import small_pictures


def saw(folder: Path, name: str, width: int, height: int) -> None:
    folder.mkdir(exist_ok=True)
    Image.new("RGB", (width, height), "#a53").save(folder / name)


def test_of_a_long_page_two_screens_are_kept_and_old_pictures_go(tmp_path):
    saw(tmp_path / "seen", "home-390-dark.png", 390, 6000)
    saw(tmp_path / "seen", "home-1440-dark.png", 1440, 900)
    saw(tmp_path / "kept", "gone-390-dark.webp", 390, 800)
    size = small_pictures.shrink(tmp_path / "seen", tmp_path / "kept")
    kept = {file.name: file for file in (tmp_path / "kept").iterdir()}
    assert kept.keys() == {"home-390-dark.webp", "home-1440-dark.webp"}
    assert size == sum(file.stat().st_size for file in kept.values())
    assert Image.open(kept["home-390-dark.webp"]).size == (390, 1688)
    assert Image.open(kept["home-1440-dark.webp"]).size == (960, 600)


def test_too_many_bytes_for_a_repository_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(small_pictures, "MOST_BYTES", 10)
    saw(tmp_path / "seen", "home-390-dark.png", 390, 800)
    with pytest.raises(ValueError, match="lower QUALITY"):
        small_pictures.shrink(tmp_path / "seen", tmp_path / "kept")
