import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import sparse
from scipy.spatial import distance
from scipy.stats import pearsonr
from sklearn.metrics.pairwise import cosine_similarity
from surprise import similarities as oracle

from recommendations import similarity
from recommendations.similarity import MEASURES, RowSimilarity, pearson_to_rows

unhurried = settings(deadline=None)  # the first example pays for imports
tables = arrays(np.int64, st.tuples(st.integers(1, 8), st.integers(1, 6)), elements=st.integers(0, 5))


def rows(table) -> sparse.csr_matrix:
    return sparse.csr_matrix(np.asarray(table, dtype=np.float64))


def square(table, **options) -> np.ndarray:
    """All similarities of a table's rows with each other."""
    return RowSimilarity(rows(table), **options).to(rows(table)).toarray()


def columns_of(table) -> dict[int, list[tuple[int, float]]]:
    """A table as ``surprise.similarities`` reads it: for each column the rows that fill it, with their values."""
    return {
        column: [(row, float(table[row, column])) for row in np.flatnonzero(table[:, column])]
        for column in range(table.shape[1])
    }


def test_two_shoppers_who_share_two_of_four_items_are_half_alike():
    assert square([[1, 1, 1, 0], [0, 1, 1, 1]], measure="jaccard")[0, 1] == 0.5


def test_shoppers_without_a_common_item_are_not_alike_by_any_measure():
    for measure in MEASURES:
        assert square([[1, 2, 0, 0], [0, 0, 3, 4]], measure=measure)[0, 1] == 0


@unhurried
@given(tables)
def test_cosine_agrees_with_scikit_learn(table):
    np.testing.assert_allclose(square(table, measure="cosine"), cosine_similarity(table), atol=1e-12)


@unhurried
@given(tables)
def test_jaccard_agrees_with_scipy(table):
    filled = table > 0
    expected = np.array(
        [[1 - distance.jaccard(a, b) if (a | b).any() else 0 for b in filled] for a in filled]
    )
    np.testing.assert_allclose(square(table, measure="jaccard"), expected, atol=1e-12)


def test_on_sparse_rows_what_two_share_and_how_well_they_agree_on_it_both_count():
    table = [[5, 5, 0, 0], [5, 5, 0, 0], [5, 0, 5, 5], [1, 1, 0, 0]]
    alike = square(table, measure="jaccard_msd")
    assert alike[0, 1] == 1
    assert alike[0, 2] == 0.25  # they agree on the one of four that they share
    assert alike[0, 3] == pytest.approx(1 / 17)  # both the same two, four apart
    filled = [[int(value > 0) for value in row] for row in table]
    np.testing.assert_allclose(square(filled, measure="jaccard_msd"), square(filled, measure="jaccard"))


@pytest.mark.parametrize("min_support", [1, 3])
@pytest.mark.parametrize(
    ("measure", "theirs"),
    [("common_cosine", oracle.cosine), ("msd", oracle.msd), ("pearson", oracle.pearson)],
)
@unhurried
@given(table=tables)
def test_measures_over_common_items_are_surprises_to_the_last_bit(measure, theirs, min_support, table):
    # Surprise calls itself 1 on the diagonal by decree, and divides by zero where no support is asked for.
    expected = theirs(len(table), columns_of(table), min_support)
    ours = square(table, measure=measure, min_support=min_support)
    others = ~np.eye(len(table), dtype=bool)
    assert (ours[others] == expected[others]).all()


@pytest.mark.parametrize("measure", MEASURES)
@unhurried
@given(table=tables)
def test_similarities_are_symmetric_and_within_bounds(measure, table):
    values = square(table, measure=measure)
    np.testing.assert_allclose(values, values.T, atol=1e-12)
    assert (np.abs(values) <= 1).all()


@pytest.mark.parametrize("measure", MEASURES)
@unhurried
@given(table=tables, data=st.data())
def test_the_order_of_columns_does_not_matter(measure, table, data):
    order = data.draw(st.permutations(range(table.shape[1])))
    np.testing.assert_allclose(
        square(table, measure=measure), square(table[:, order], measure=measure), atol=1e-12
    )


def test_sums_that_cancel_out_are_zero_and_not_misplaced():
    table = np.array([[1.0, 1.0, 0.0], [1.0, -1.0, 2.0], [0.0, 2.0, 1.0]])
    np.testing.assert_allclose(square(table, measure="cosine"), cosine_similarity(table), atol=1e-12)


def test_significance_weighting_halves_a_pair_with_as_many_common_items_as_the_shrinkage():
    table = [[1, 2, 3, 4], [1, 2, 3, 4]]
    assert square(table, measure="pearson", shrinkage=4)[0, 1] == pytest.approx(0.5)


def test_a_shopper_who_gives_everything_the_same_correlates_with_nobody():
    assert square([[0.1, 0.1, 0.1], [1, 2, 3]], measure="pearson")[0, 1] == 0


@unhurried
@given(
    arrays(np.float64, 6, elements=st.integers(-9, 9)),
    arrays(np.float64, (4, 6), elements=st.integers(-9, 9)),
)
def test_pearson_with_sparse_rows_agrees_with_scipy(vector, table):
    ours = pearson_to_rows(vector, rows(table))
    for row, value in zip(table, ours, strict=True):
        constant = np.ptp(vector) == 0 or np.ptp(row) == 0
        assert value == pytest.approx(0 if constant else pearsonr(vector, row).statistic, abs=1e-9)


def test_nearest_rows_come_best_first_and_ties_by_position():
    nearest = RowSimilarity(rows([[1, 1, 0], [1, 1, 0], [1, 0, 1], [1, 1, 0]]), measure="jaccard").nearest(2)
    assert nearest.similarities[[0]].indices.tolist() == [1, 3]
    assert nearest.similarities[[2]].indices.tolist() == [0, 1]
    assert nearest.common[:2].tolist() == [2, 2]


@unhurried
@given(table=tables, k=st.integers(1, 4))
def test_nearest_rows_in_tiny_blocks_are_the_largest_similarities(table, k):
    everything = square(table, measure="cosine")
    np.fill_diagonal(everything, 0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(similarity, "BLOCK_CELLS", 3)
        nearest = RowSimilarity(rows(table), measure="cosine").nearest(k).similarities
    for row, values in enumerate(everything):
        expected = np.sort(values[values > 0])[::-1][:k]
        np.testing.assert_allclose(nearest[[row]].data, expected, atol=1e-12)


def test_an_unknown_measure_is_named_and_the_known_ones_are_listed():
    with pytest.raises(ValueError, match=r"'euclid' is no similarity: choose one of cosine"):
        RowSimilarity(rows([[1]]), measure="euclid")


def test_a_minimum_support_below_one_is_refused():
    with pytest.raises(ValueError, match="at least one column in common"):
        RowSimilarity(rows([[1]]), min_support=0)
