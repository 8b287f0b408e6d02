"""What curators say is laid over what a network found: never beats always, places are kept, rules are not broken."""

import pytest

from recommendations.curating import (
    COMPLEMENTARY,
    NEVER,
    RELATED,
    Curation,
    Pair,
    Piece,
    curation_of,
    in_place,
    obstacle,
    pinned_cluster,
    standing_obstacle,
)

TEE, TWIN, JEANS, COAT = 1, 2, 3, 4


def row(ids, places):
    return in_place(ids, places, lambda pk: pk)


def test_never_together_counts_on_both_pages():
    pairs = [Pair(TEE, TWIN, NEVER)]
    assert curation_of(TEE, pairs).never == {TWIN}
    assert curation_of(TWIN, pairs).never == {TEE}
    assert curation_of(JEANS, pairs) == Curation()


def test_always_counts_on_the_page_of_the_first_alone():
    pairs = [Pair(TEE, JEANS, COMPLEMENTARY, place=2), Pair(TEE, TWIN, RELATED)]
    assert curation_of(TEE, pairs).places(COMPLEMENTARY) == {JEANS: 2}
    assert curation_of(TEE, pairs).places(RELATED) == {TWIN: 1}
    assert curation_of(JEANS, pairs) == Curation()


def test_never_beats_always_whoever_was_named_first():
    for never in (Pair(TEE, TWIN, NEVER), Pair(TWIN, TEE, NEVER)):
        curation = curation_of(TEE, [Pair(TEE, TWIN, RELATED), never])
        assert not curation.related
        assert not curation.leaves(TWIN)


def test_what_has_an_obstacle_is_not_promoted_and_stands_where_the_network_put_it():
    curation = curation_of(TEE, [Pair(TEE, TWIN, RELATED, obstacle="It is sold out.")])
    assert not curation.related
    assert curation.leaves(TWIN)


def test_a_promoted_product_goes_to_its_place_and_the_others_keep_their_order():
    assert row([9, 5, 6, 7, 8], {9: 1}) == [9, 5, 6, 7, 8]
    assert row([9, 5, 6, 7, 8], {9: 3}) == [5, 6, 9, 7, 8]
    assert row([9, 5], {9: 6}) == [5, 9]
    assert row([5, 6], {9: 1}) == [5, 6]


def test_two_with_one_place_follow_each_other():
    assert row([8, 9, 5, 6], {8: 1, 9: 1}) == [8, 9, 5, 6]
    assert row([8, 9, 5, 6], {8: 2, 9: 2}) == [5, 8, 9, 6]


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (Piece("top", "Women", "T2"), "same place on the body (top)"),
        (Piece("bottom", "Men", "J1"), "for somebody else: Men, not Women"),
        (Piece("bottom", "Women", "T1"), "same model in another colour"),
    ],
)
def test_what_can_never_complete_a_product_is_told_apart(other, words):
    assert words in standing_obstacle(COMPLEMENTARY, Piece("top", "Women", "T1"), other)


def test_what_fits_or_is_not_known_has_no_obstacle():
    tee = Piece("top", "Women", "T1")
    for jeans in (Piece("bottom", "Women", ""), Piece("bottom", "", ""), Piece("bottom", "Unisex", "J")):
        assert standing_obstacle(COMPLEMENTARY, tee, jeans) == ""
    assert standing_obstacle(RELATED, tee, Piece("top", "Men", "T2")) == ""
    assert standing_obstacle(COMPLEMENTARY, Piece("other", "", ""), Piece("other", "", "")) == ""


def test_sold_out_or_archived_is_an_obstacle_that_may_pass():
    tee = Piece("top", "Women", "T1")
    assert "sold out" in obstacle(RELATED, tee, Piece("top", "Women", "", in_stock=False))
    assert "not for sale" in obstacle(RELATED, tee, Piece("top", "Women", "", is_visible=False))
    assert obstacle(NEVER, tee, Piece("top", "Women", "", in_stock=False)) == ""


def test_a_pinned_product_goes_where_most_of_its_company_is():
    assert pinned_cluster([1, 2, 3], {1: 0, 2: 4, 3: 4}) == 4
    assert pinned_cluster([1, 2], {1: 0, 2: 4}) == 0  # a tie: the first named stood nearest to the centre
    assert pinned_cluster([1, 2], {7: 3}) is None
