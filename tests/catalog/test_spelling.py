"""Which known word a misspelt one means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.spelling import distance, is_same, nearest, shortened

KNOWN = {"shirt": 800, "shorts": 300, "shoe": 500, "skirt": 90, "jeans": 400, "dress": 250, "canvas": 30}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("shrt", "shirt"),
        ("shrit", "shirt"),
        ("hsirt", "shirt"),
        ("jaens", "jeans"),
        ("drss", "dress"),
        ("canv", "canvas"),
    ],
)
def test_a_misspelt_or_half_typed_word_means_the_nearest(written, meant):
    assert nearest(written, KNOWN) == meant


@pytest.mark.parametrize("written", ["zebra", "xx", "sh", "umbrella"])
def test_what_is_near_to_nothing_means_nothing(written):
    assert nearest(written, {word: n for word, n in KNOWN.items() if word != "shoe"}) is None


def test_a_known_word_means_itself_unless_another_is_very_much_more_common():
    assert nearest("skirt", KNOWN) == "skirt"
    assert nearest("shrt", {"shrt": 2, "shirt": 8000}) == "shirt"
    assert nearest("shrt", {"shrt": 50, "shirt": 800}) == "shrt"


def test_singular_and_plural_are_one_word():
    assert is_same("dress", "dresses")
    assert is_same("shirts", "shirt")
    assert not is_same("shirt", "skirt")
    assert nearest("tops", {"top": 3, "tips": 900}) == "top"


letters = st.text("abcde", min_size=3, max_size=7)


@given(letters, st.data())
def test_two_letters_too_many_still_meet_the_word_in_the_index(word, data):
    longer = word
    for _ in range(2):
        place = data.draw(st.integers(0, len(longer)))
        longer = longer[:place] + data.draw(st.sampled_from("abcde")) + longer[place:]
    assert distance(word, longer) <= 2
    if len(longer) <= 7:
        assert shortened(word) & shortened(longer)


@given(letters, letters)
def test_the_distance_is_the_same_in_both_directions(word, other):
    assert distance(word, other) == distance(other, word)
    assert (distance(word, other) == 0) == (word == other)
