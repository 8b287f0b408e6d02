"""Rails show one reason each, are never short, and share no product."""

from types import SimpleNamespace

from recommendations.hydration import Answer
from recommendations.rails import FEWEST, LONGEST, rails_of


def answers(n: int, code: str, because: int = 0, start: int = 0) -> list[Answer]:
    return [Answer(SimpleNamespace(pk=start + i), 1.0, code, f"{code} {because}", because) for i in range(n)]


def names(rails):
    return [rail.name for rail in rails]


def test_a_rail_of_too_few_is_left_out():
    assert rails_of(answers(FEWEST - 1, "taste")) == []
    assert names(rails_of(answers(FEWEST, "taste"))) == ["taste"]


def test_a_rail_is_because_of_one_product_the_one_with_most_to_show():
    (rail,) = rails_of([*answers(4, "because", 7), *answers(5, "because_wish", 8, 100)])
    assert rail.title == "because_wish 8"
    assert {answer.because_id for answer in rail.answers} == {8}


def test_only_what_goes_with_the_wish_list_is_said_to():
    with_bag, with_wish = answers(4, "goes_with", 7), answers(4, "goes_with", 8, 100)
    (rail,) = rails_of([*with_bag, *with_wish], wished={8})
    assert (rail.name, rail.answers) == ("with-wishes", with_wish)


def test_no_product_is_in_two_rails_and_none_is_too_long():
    rails = rails_of(
        [*answers(9, "taste"), *answers(9, "because", 7, 100), *answers(9, "goes_with", 8, 200)], {8}
    )
    shown = [answer.product.pk for rail in rails for answer in rail.answers]
    assert len(rails) == 3
    assert len(shown) == len(set(shown)) == 3 * LONGEST
