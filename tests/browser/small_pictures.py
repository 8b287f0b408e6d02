"""From what the browser tests saw to the small pictures in ``docs/screenshots``: the second half of ``make
screenshots``.

``tests/browser/test_pages.py`` leaves each page as long as it is, in ``var/screenshots``. Of that the documentation
keeps the first two screens, as WebP, a wide page at two thirds of its size.
"""

from pathlib import Path

from PIL import Image

PROJECT = Path(__file__).resolve().parents[2]
SEEN = PROJECT / "var" / "screenshots"
KEPT = PROJECT / "docs" / "screenshots"
WIDE = 1000  # pixels from which a picture is one of a desk's screen
SCALE = 2 / 3
TALLEST = {False: 1688, True: 1700}  # two screens, by whether it is wide; pixels of the page
QUALITY = 48
MOST_BYTES = 4 * 2**20  # of all together: they travel with every clone


def shrink(seen: Path = SEEN, kept: Path = KEPT) -> int:
    """Write a small WebP of every PNG in ``seen`` to ``kept``, and take away what has none any more; returns the bytes
    of all.

    Raises:
        ValueError: when they would be too many bytes for a repository.
    """
    pictures = sorted(seen.glob("*.png"))
    kept.mkdir(parents=True, exist_ok=True)
    for old in kept.glob("*.webp"):
        old.unlink()
    for picture in pictures:
        with Image.open(picture) as page:
            is_wide = page.width >= WIDE
            page = page.convert("RGB").crop((0, 0, page.width, min(page.height, TALLEST[is_wide])))
            if is_wide:
                page = page.resize(
                    (round(page.width * SCALE), round(page.height * SCALE)), Image.Resampling.LANCZOS
                )
            page.save(kept / f"{picture.stem}.webp", "WEBP", quality=QUALITY, method=6)
    size = sum(file.stat().st_size for file in kept.glob("*.webp"))
    if size > MOST_BYTES:
        raise ValueError(
            f"{len(pictures)} pictures have {size:,} bytes; at most {MOST_BYTES:,} may be kept: lower QUALITY."
        )
    return size


if __name__ == "__main__":
    shrink()
