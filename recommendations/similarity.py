"""How alike two rows are: shoppers by their items, items by their shoppers or attributes, pictures by their look.

Sparse rows are compared in blocks of bounded size, so that 100,000 rows never become a square matrix. Measures over
common columns follow ``surprise.similarities`` operation for operation; on whole-number strengths they agree with
it to the last bit, ties included.
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

Floats = npt.NDArray[np.float64]
Measure = Literal["cosine", "common_cosine", "msd", "pearson", "jaccard", "jaccard_msd"]
MEASURES: tuple[Measure, ...] = ("cosine", "common_cosine", "msd", "pearson", "jaccard", "jaccard_msd")

BLOCK_CELLS = 2_000_000  # pairs compared at once: at most about 150 MB, for the measures with six sums


def pearson_to_rows(vector: npt.NDArray[np.floating], rows: sparse.csr_matrix) -> Floats:
    """Correlate one dense vector (d,) with every sparse row (n, d) over all d columns.

    Returns (n,) in -1..1; 0 where one side is constant. The rows are centred in the formula, not in memory.
    """
    d = rows.shape[1]
    x = vector.astype(np.float64) - vector.mean() if d else vector.astype(np.float64)
    sums = np.asarray(rows.sum(axis=1)).ravel()
    squares = np.asarray(rows.multiply(rows).sum(axis=1)).ravel()
    spread = np.sqrt(np.maximum(squares - sums**2 / max(1, d), 0) * (x @ x))
    products = np.asarray(rows @ x).ravel()
    return np.clip(_divide(products, np.where(spread > 1e-12, spread, 0)), -1, 1)


class Nearest(NamedTuple):
    """For each of n rows the most similar other rows, best first."""

    similarities: sparse.csr_matrix  # (n, n) float64
    common: npt.NDArray[np.int64]  # (nnz,) along its data: how many columns the two rows share


class RowSimilarity:
    """Compare rows with the rows of one sparse matrix (n, d), prepared once.

    Args:
        matrix: (n, d), no stored zeros.
        measure: ``cosine`` over whole rows (scikit-learn's); ``jaccard`` over the sets of filled columns;
            ``common_cosine``, ``msd`` and ``pearson`` over the columns both rows fill (Surprise's); ``jaccard_msd``
            is jaccard · msd, for sparse rows: how much two have in common, and how well they agree on it (Bobadilla,
            Serradilla and Bernal, Knowledge-Based Systems 23, 2010). On rows of 1s it is jaccard.
        min_support: pairs with fewer common columns count as 0.
        shrinkage: significance weighting, each similarity times common / (common + shrinkage), so that two
            rows that agree on one column do not pass for twins (Herlocker et al., SIGIR 1999, as a smooth curve).
    """

    def __init__(
        self,
        matrix: sparse.csr_matrix,
        *,
        measure: Measure = "cosine",
        min_support: int = 1,
        shrinkage: float = 0.0,
    ) -> None:
        if measure not in MEASURES:
            raise ValueError(f"{measure!r} is no similarity: choose one of {', '.join(MEASURES)}")
        if min_support < 1:
            raise ValueError(f"min_support is {min_support}: two rows need at least one column in common")
        self.measure = measure
        self.min_support = min_support
        self.shrinkage = shrinkage
        self.matrix = matrix.astype(np.float64)
        self._filled = _binary(self.matrix).T.tocsr()
        self._values = self.matrix.T.tocsr()
        self._squares = _squared(self._values)
        self._norms = _norms(self.matrix)
        self._counts = np.diff(self.matrix.indptr)
        self._plain = _is_plain(self.matrix)

    def __len__(self) -> int:
        return int(self.matrix.shape[0])

    def to(self, rows: sparse.csr_matrix) -> sparse.csr_matrix:
        """Return the similarities of ``rows`` (a, d), no stored zeros, with all rows: (a, n) float64.

        Only pairs with something in common are stored. Everything is within -1..1.
        """
        return self._compare(rows)[0]

    def _compare(self, rows: sparse.csr_matrix) -> tuple[sparse.csr_matrix, Floats]:
        """Return the similarities and, along their data, the number of common columns."""
        rows = rows.astype(np.float64)
        filled = _binary(rows)
        common = filled @ self._filled  # the pattern of every further product: same rows, same columns
        left = np.repeat(np.arange(common.shape[0]), np.diff(common.indptr))
        if self.measure in ("jaccard", "jaccard_msd"):
            union = np.diff(rows.indptr)[left] + self._counts[common.indices] - common.data
            values = _divide(common.data, union)
            if self.measure == "jaccard_msd":
                values *= self._over_common(rows, filled, common)
        elif self.measure == "cosine":
            plain = self._plain and _is_plain(rows)  # then the second product is the first
            products = common.data if plain else _sums(rows, self._values, common)
            values = _divide(products, _norms(rows)[left] * self._norms[common.indices])
        else:
            values = self._over_common(rows, filled, common)
        values = np.clip(values, -1, 1)
        values[common.data < self.min_support] = 0
        if self.shrinkage:
            values *= common.data / (common.data + self.shrinkage)
        return sparse.csr_matrix((values, common.indices, common.indptr), shape=common.shape), common.data

    def _over_common(
        self, rows: sparse.csr_matrix, filled: sparse.csr_matrix, common: sparse.csr_matrix
    ) -> Floats:
        """Compute Surprise's measures from sums over the common columns of each pair."""
        count: Floats = common.data
        products = _sums(rows, self._values, common)
        squares_left = _sums(_squared(rows), self._filled, common)
        squares_right = _sums(filled, self._squares, common)
        if self.measure == "common_cosine":
            return _divide(products, np.sqrt(squares_left * squares_right))
        if self.measure in ("msd", "jaccard_msd"):
            return np.asarray(1 / ((squares_left + squares_right - 2 * products) / count + 1))
        sums_left = _sums(rows, self._filled, common)
        sums_right = _sums(filled, self._values, common)
        covariance = count * products - sums_left * sums_right
        spread_left = count * squares_left - sums_left**2
        spread_right = count * squares_right - sums_right**2
        # Strengths that are no whole numbers leave rounding dust where a row is constant.
        dust = 1e-9 * count
        constant = (spread_left <= dust * squares_left) | (spread_right <= dust * squares_right)
        return _divide(covariance, np.where(constant, 0, np.sqrt(np.abs(spread_left * spread_right))))

    def nearest(self, k: int | None) -> "Nearest":
        """Return each row's ``k`` most similar other rows, all of them for None.

        Only similarities above zero are kept; each row is stored best first, ties by position.
        """
        columns: list[npt.NDArray[np.integer]] = [np.empty(0, np.int32)]
        values: list[Floats] = [np.empty(0)]
        commons: list[Floats] = [np.empty(0)]
        counts = np.zeros(len(self) + 1, np.int64)
        for start, stop in self._blocks():
            block, common = self._compare(self.matrix[start:stop])
            for row in range(start, stop):
                part = slice(block.indptr[row - start], block.indptr[row - start + 1])
                similarities = np.where(block.indices[part] == row, 0, block.data[part])
                top = nearest_in_row(block.indices[part], similarities, k)
                columns.append(block.indices[part][top])
                values.append(similarities[top])
                commons.append(common[part][top])
                counts[row + 1] = len(top)
        kept = (np.concatenate(values), np.concatenate(columns), np.cumsum(counts))
        return Nearest(
            sparse.csr_matrix(kept, shape=(len(self), len(self))), np.concatenate(commons).astype(np.int64)
        )

    def _blocks(self) -> Iterator[tuple[int, int]]:
        """Cut the rows where their pairs, known beforehand from the columns' sizes, reach ``BLOCK_CELLS``."""
        column_sizes = np.diff(self._filled.indptr).astype(np.float64)
        pairs = np.minimum(_binary(self.matrix) @ column_sizes, len(self))
        total = np.cumsum(pairs)
        start = 0
        while start < len(self):
            done = total[start - 1] if start else 0.0
            stop = max(start + 1, int(np.searchsorted(total, done + BLOCK_CELLS, side="right")))
            yield start, stop
            start = stop


def nearest_in_row(
    columns: npt.NDArray[np.integer], similarities: Floats, k: int | None
) -> npt.NDArray[np.int64]:
    """Return the positions of the ``k`` largest similarities above zero, best first, ties by column."""
    positions = np.flatnonzero(similarities > 0)
    if k is not None and len(positions) > k:
        values = similarities[positions]
        positions = positions[values >= np.partition(values, len(values) - k)[len(values) - k]]
    order = np.lexsort((columns[positions], -similarities[positions]))[:k]
    return positions[order].astype(np.int64)


def _binary(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return the matrix with every stored value replaced by 1."""
    return sparse.csr_matrix((np.ones(matrix.nnz), matrix.indices, matrix.indptr), shape=matrix.shape)


def _is_plain(matrix: sparse.csr_matrix) -> bool:
    """Whether every stored value is 1."""
    return bool((matrix.data == 1).all())


def _squared(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return the matrix with every stored value squared; unlike ``multiply`` it keeps stored zeros."""
    return sparse.csr_matrix((matrix.data**2, matrix.indices, matrix.indptr), shape=matrix.shape)


def _sums(left: sparse.csr_matrix, right: sparse.csr_matrix, common: sparse.csr_matrix) -> Floats:
    """Multiply, and return the values in the order of ``common.data``, which is 1s multiplied on the same pattern."""
    product = left @ right
    if product.nnz == common.nnz:
        return np.asarray(product.data)
    # The product has dropped sums that came out as zero: put them back.
    wanted, present = _cells(common), _cells(product)
    order = np.argsort(wanted)
    values = np.zeros(common.nnz)
    values[order[np.searchsorted(wanted, present, sorter=order)]] = product.data
    return values


def _cells(matrix: sparse.csr_matrix) -> npt.NDArray[np.int64]:
    """Number the stored cells, row by row."""
    rows = np.repeat(np.arange(matrix.shape[0], dtype=np.int64), np.diff(matrix.indptr))
    return np.asarray(rows * matrix.shape[1] + matrix.indices, dtype=np.int64)


def _norms(matrix: sparse.csr_matrix) -> Floats:
    """Return the length of every row: (n,)."""
    return np.sqrt(np.asarray(_squared(matrix).sum(axis=1), dtype=np.float64).ravel())


def unit_rows(rows: npt.NDArray[np.floating]) -> Floats:
    """Return the rows scaled to length 1, in double precision; zero rows stay zero."""
    wide = rows.astype(np.float64)
    return _divide(wide, np.linalg.norm(wide, axis=1, keepdims=True))


def _divide(numerators: Floats, denominators: Floats) -> Floats:
    """Divide, giving 0 where the denominator is 0."""
    shape = np.broadcast_shapes(numerators.shape, denominators.shape)
    return np.divide(numerators, denominators, out=np.zeros(shape), where=denominators != 0)
