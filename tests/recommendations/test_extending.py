"""A few new products are taken in as if the category had been built with its words, scales and clusters known."""

import numpy as np

from recommendations.channels import Facts
from recommendations.clusters import CategoryClusters, build_category
from recommendations.extending import FIRST, Newcomers, extend_category, touched_rows
from recommendations.outlines import Outline, fingerprint
from recommendations.related import related_within
from tests.recommendations.test_clusters import THREE, family
from vision.visual_words import VisualVocabulary

SHARED = VisualVocabulary(n_words=8).fit([*family(1, 6), *family(2, 6)])


def newcomers(ids: list[int], prototype: int) -> Newcomers:
    n = len(ids)
    return Newcomers(
        np.array(ids, np.int64),
        family(prototype, n, seed=50),
        np.zeros((n, 0), np.float32),
        np.zeros((n, 0), np.float32),
        Facts.unknown(n),
    )


def with_shared_words(clusters: CategoryClusters) -> CategoryClusters:
    pictures = [*family(1, 10), *family(2, 10), *family(3, 10)]
    return CategoryClusters(**{**vars(clusters), "shared_histograms": SHARED.histograms(pictures)})


KNOWN = with_shared_words(THREE)


def test_newcomers_join_the_cluster_of_their_fabric_in_order_of_the_ids() -> None:
    grown = extend_category(KNOWN, KNOWN.product_ids, newcomers([1050, 250], prototype=2), SHARED)
    assert grown.product_ids.tolist() == sorted([*KNOWN.product_ids.tolist(), 250, 1050])
    of_second = KNOWN.labels[KNOWN.product_ids == 200][0]
    assert grown.labels[np.isin(grown.product_ids, [250, 1050])].tolist() == [of_second, of_second]
    assert np.array_equal(grown.centres, KNOWN.centres)
    assert np.array_equal(grown.features[grown.product_ids == 300], KNOWN.features[KNOWN.product_ids == 300])


def test_the_same_picture_lands_where_the_category_was_built_with_it() -> None:
    without = extend_category(
        KNOWN, np.setdiff1d(KNOWN.product_ids, [104]), newcomers([], prototype=1), SHARED
    )
    again = Newcomers(
        np.array([104]), [family(1, 10)[4]], np.zeros((1, 0)), np.zeros((1, 0)), Facts.unknown(1)
    )
    whole = extend_category(without, without.product_ids, again, SHARED)
    assert 104 not in without.product_ids
    assert np.array_equal(whole.features, KNOWN.features)
    assert np.array_equal(whole.labels, KNOWN.labels)


def test_those_are_touched_into_whose_first_places_a_newcomer_comes() -> None:
    grown = extend_category(KNOWN, KNOWN.product_ids, newcomers([400], prototype=2), SHARED)
    before, after = related_within(KNOWN, FIRST), related_within(grown, FIRST)
    new = np.flatnonzero(grown.product_ids == 400)
    bars = np.insert(before.scores[:, -1], new[0], 0.0)
    touched = grown.product_ids[touched_rows(grown, new, bars)]
    listed = grown.product_ids[(after.product_ids == 400).any(axis=1)]
    assert set(listed) <= set(touched)
    assert set(touched) <= set(range(200, 210))


def test_whoever_has_too_few_is_touched_by_everybody() -> None:
    small = build_category([1, 2, 3], family(1, 3), shared_vocabulary=SHARED)
    grown = extend_category(small, small.product_ids, newcomers([4], prototype=9), SHARED)
    assert touched_rows(grown, np.array([3]), np.full(4, -1.0)).tolist() == [0, 1, 2]


def test_an_outline_tells_what_came_went_and_changed() -> None:
    outline = Outline.built(np.array([1, 2, 3]), {1: 11, 2: 22, 3: 33})
    changes = outline.changes({1: 11, 2: 99, 4: 44})
    assert (changes.kept.tolist(), changes.new.tolist(), changes.stale.tolist()) == ([1], [2, 4], [2, 3])
    assert not outline.changes({1: 11, 2: 22, 3: 33})
    grown = outline.extended(np.array([1, 2, 4]), {1: 11, 2: 99, 4: 44})
    assert grown.joined.tolist() == [False, True, True]
    assert Outline.from_arrays(grown.to_arrays()).changes({1: 11, 2: 99, 4: 44}).new.tolist() == []


def test_strangers_add_up_over_extensions_until_the_clusters_are_found_anew() -> None:
    marks = {pk: pk for pk in range(1, 101)}
    outline = Outline.built(np.arange(1, 101), marks)
    for first in range(101, 121, 5):
        marks |= {pk: pk for pk in range(first, first + 5)}
        assert outline.may_extend(outline.changes(marks))
        outline = outline.extended(np.array(sorted(marks)), marks)
    marks |= {121: 121}
    assert not outline.may_extend(outline.changes(marks))


def test_those_who_left_count_as_strangers_too() -> None:
    outline = Outline.built(np.arange(100), {pk: pk for pk in range(100)})
    assert outline.may_extend(outline.changes({pk: pk for pk in range(80)}))
    assert not outline.may_extend(outline.changes({pk: pk for pk in range(79)}))


def test_a_small_category_is_never_extended() -> None:
    outline = Outline.built(np.arange(20), {pk: pk for pk in range(20)})
    assert not outline.may_extend(outline.changes({pk: pk for pk in range(21)}))


def test_a_fingerprint_depends_on_every_value() -> None:
    assert fingerprint(1, ("a", 2)) == fingerprint(1, ("a", 2))
    assert len({fingerprint(1, "a"), fingerprint(1, "b"), fingerprint(2, "a"), fingerprint("1", "a")}) == 4
