"""Opinions in figures."""

from hypothesis import given, settings
from hypothesis import strategies as st

from shop.reviews.rating import Rating


def test_the_average_is_of_stars_and_not_of_bars():
    assert Rating((1, 0, 0, 0, 3)).average == 4.0
    assert Rating((1, 0, 0, 0, 3)).n == 4


def test_nobody_has_spoken():
    nothing = Rating()
    assert (nothing.n, nothing.average, nothing.fit) == (0, 0.0, "")
    assert [bar.percent for bar in nothing.bars] == [0] * 5


def test_the_bars_stand_with_the_best_on_top():
    assert [(bar.stars, bar.n, bar.percent) for bar in Rating((1, 0, 0, 0, 3)).bars] == [
        (5, 3, 75), (4, 0, 0), (3, 0, 0), (2, 0, 0), (1, 1, 25),
    ]  # fmt: skip


def test_a_fit_is_told_where_most_of_several_agree():
    assert Rating(fits=(3, 1, 0)).fit == "small"
    assert Rating(fits=(0, 0, 3)).fit == "large"
    assert Rating(fits=(2, 0, 0)).fit == ""  # two are not many
    assert Rating(fits=(2, 2, 0)).fit == ""  # they disagree


@settings(deadline=None)  # a busy machine is no mistake
@given(st.lists(st.integers(0, 50), min_size=5, max_size=5))
def test_an_average_lies_between_the_fewest_and_the_most_stars(stars):
    rating = Rating(stars)
    given_stars = [number for number, n in enumerate(stars, start=1) if n]
    if given_stars:
        assert min(given_stars) <= rating.average <= max(given_stars)
    else:
        assert rating.average == 0
