import csv
import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from catalog.images import decode_image, encode_jpeg, resize_within
from tests.conftest import SHARED_DATA
from vision.duplicates import NEAR, group_near_duplicates, hamming, hamming_distances, perceptual_hash

hashes = st.integers(-(2**63), 2**63 - 1)


def landscape(seed: int, side: int = 160) -> np.ndarray:
    """Smooth hills of light, different for each seed."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:side, 0:side] / side
    waves = [np.sin(2 * np.pi * (a * x + b * y + c)) for a, b, c in rng.uniform(-3, 3, (6, 3))]
    grey = np.sum(waves, axis=0)
    grey = (grey - grey.min()) / np.ptp(grey) * 255
    return np.repeat(grey.astype(np.uint8)[:, :, None], 3, axis=2)


def webp(rgb: np.ndarray, quality: int) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(rgb).save(buffer, "WEBP", quality=quality)
    return buffer.getvalue()


@pytest.mark.parametrize("seed", range(5))
def test_a_copy_keeps_its_hash_nearly(seed: int) -> None:
    original = landscape(seed)
    copies = [
        decode_image(encode_jpeg(original, 50)),
        decode_image(webp(original, 60)),
        resize_within(original, 70),
    ]
    assert all(hamming(perceptual_hash(original), perceptual_hash(copy)) <= NEAR for copy in copies)


def test_different_pictures_have_different_hashes() -> None:
    distances = [
        hamming(perceptual_hash(landscape(a)), perceptual_hash(landscape(b)))
        for a in range(6)
        for b in range(a)
    ]
    assert min(distances) > NEAR


@pytest.mark.parametrize("shape", [(1, 1, 3), (2, 500, 3), (64, 64, 3)])
def test_even_a_blank_picture_has_a_hash_that_fits_a_bigint(shape: tuple[int, ...]) -> None:
    value = perceptual_hash(np.full(shape, 200, np.uint8))
    assert isinstance(value, int)
    assert -(2**63) <= value < 2**63


@given(hashes, hashes)
def test_hamming_counts_differing_bits(a: int, b: int) -> None:
    bits = [f"{value % 2**64:064b}" for value in (a, b)]
    assert hamming(a, b) == sum(left != right for left, right in zip(*bits, strict=True))
    assert hamming_distances([a], [b]).tolist() == [[hamming(a, b)]]


def test_near_pictures_share_a_group_also_through_others() -> None:
    chain = [0b0, 0b1111, 0b11111111]  # each four bits from the next, eight from end to end
    assert group_near_duplicates([-1, *chain, -2], near=4).tolist() == [0, 1, 1, 1, 0]
    assert group_near_duplicates([-1, *chain, -2], near=3).tolist() == [0, 1, 2, 3, 0]


@given(st.lists(hashes, max_size=12), st.integers(1, 5))
def test_groups_do_not_depend_on_the_block_size(values: list[int], block: int) -> None:
    whole = group_near_duplicates(values, near=28)
    assert group_near_duplicates(values, near=28, block=block).tolist() == whole.tolist()


@pytest.mark.shared_data
def test_a_catalogue_picture_finds_itself_again() -> None:
    root: Path = SHARED_DATA / "products"
    with (root / "products.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[:300]
    pictures = [decode_image((root / row["image"]).read_bytes()) for row in rows]
    known = [perceptual_hash(picture) for picture in pictures]
    for copies in (
        pictures,
        [decode_image(encode_jpeg(picture, 70)) for picture in pictures],
        [resize_within(picture, 200) for picture in pictures],
    ):
        distances = hamming_distances([perceptual_hash(copy) for copy in copies], known)
        own = np.diag(distances)
        assert own.max() <= NEAR
        assert (own == distances.min(axis=1)).mean() >= 0.99  # a twin in another dye may come as near
