"""A click is folded into the lists of the last refresh: what it leads to comes, what is like a dislike goes back."""

import numpy as np
import pytest

from recommendations.folding import UNLIKED, Candidate, Neighbours, fold
from recommendations.profiles import NEWCOMER, Profile

STORED = [Candidate(1, 2.0, "taste"), Candidate(2, 1.0, "because", 9)]


def ids(candidates):
    return [candidate.product_id for candidate in candidates]


def test_a_newcomer_gets_the_stored_list_as_it_is():
    assert ids(fold(NEWCOMER, {}, STORED, {})) == [1, 2]


def test_where_a_click_leads_comes_first_and_says_because_of_what():
    page = fold(Profile.of(7), {7: Neighbours(leads=[(5, 1.0)])}, STORED, {7: "click"})
    assert (page[0].product_id, page[0].reason_code, page[0].because) == (5, "because", 7)


def test_the_newest_click_leads_further_than_the_one_before():
    around = {7: Neighbours(leads=[(5, 1.0)]), 8: Neighbours(leads=[(6, 1.0)])}
    assert ids(fold(Profile.of(7, 8), around, [], {})) == [6, 5]


def test_the_reason_names_what_was_done_with_the_product():
    page = fold(Profile.of(9), {}, STORED, {9: "purchase"})
    assert {c.product_id: c.reason_code for c in page}[2] == "because_purchase"


def test_what_is_like_a_dismissed_product_falls_back_but_stays():
    profile = Profile(np.array([7, 8]), np.array([1, -4], np.float32))
    liked = {7: Neighbours(related=[(5, 0.9), (6, 0.8)])}
    disliked = {8: Neighbours(related=[(5, 1.0), (4, 1.0)])}
    before, after = fold(Profile.of(7), liked, [], {}), fold(profile, liked | disliked, [], {})
    assert (ids(before), ids(after)) == ([5, 6], [6, 5])
    assert after[1].score == pytest.approx((1 - UNLIKED) * 0.9 / 0.8)


def test_nothing_is_recommended_because_of_a_dismissed_product():
    profile = Profile(np.array([9]), np.array([-4], np.float32))
    assert ids(fold(profile, {}, STORED, {})) == [1]


def test_what_everybody_gets_stays_behind_what_one_click_says():
    around = {7: Neighbours(related=[(5, 0.3)])}
    assert ids(fold(Profile.of(7), around, STORED, {}, own_list=False)) == [5, 1, 2]
    assert ids(fold(NEWCOMER, {}, STORED, {}, own_list=False)) == [1, 2]
