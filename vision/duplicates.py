"""The same picture again: perceptual hashes that find it among millions.

The hash is pHash: the signs of the lowest frequencies of a cosine transform (Zauner, "Implementation and
Benchmarking of Perceptual Image Hash Functions", 2010). It survives re-encoding and resizing, and it says no
more than "probably": it sees neither hue nor detail, and studios photograph many products in one pose.
``vision.proof`` makes sure.
"""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from catalog.images import RGB

# Bits of 64. Of 300 shop photos re-encoded, or shrunk to a third, every copy stayed within 4; so did the
# nearest other product of one in six photos, most of them the same cut in another colour.
NEAR = 4


def perceptual_hash(rgb: RGB) -> int:
    """Hash what a picture shows into 64 bits, as a signed whole number that fits a database's bigint."""
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (32, 32), interpolation=cv2.INTER_AREA).astype(np.float32)
    frequencies = cv2.dct(small)[:8, :8].ravel()
    # The first value is the mean brightness; it would only tell how the picture was lit.
    bits = frequencies > np.median(frequencies[1:])
    return int(np.packbits(bits).view(">i8")[0])


def hamming(a: int, b: int) -> int:
    """Count the bits in which two hashes differ, 0..64."""
    return ((a ^ b) & (2**64 - 1)).bit_count()


def hamming_distances(hashes: Sequence[int], others: Sequence[int]) -> npt.NDArray[np.uint8]:
    """Count differing bits of every pair: uint8 (len(hashes), len(others))."""
    left, right = np.array(hashes, np.int64).view(np.uint64), np.array(others, np.int64).view(np.uint64)
    distances: npt.NDArray[np.uint8] = np.bitwise_count(left[:, None] ^ right)
    return distances


def group_near_duplicates(
    hashes: Sequence[int], *, near: int = NEAR, block: int = 2048
) -> npt.NDArray[np.int64]:
    """Give pictures within ``near`` bits of each other, directly or through others, the same group: int64
    (m,).

    Groups are numbered from 0 in the order in which they first appear.
    """
    m = len(hashes)
    rows, columns = [np.arange(m)], [np.arange(m)]
    for start in range(0, m, block):
        left, right = np.nonzero(hamming_distances(hashes[start : start + block], hashes) <= near)
        rows.append(left + start)
        columns.append(right)
    row, column = np.concatenate(rows), np.concatenate(columns)
    _, groups = connected_components(
        coo_array((np.ones(len(row), bool), (row, column)), shape=(m, m)), directed=False
    )
    _, first, numbers = np.unique(groups, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[numbers].astype(np.int64)
