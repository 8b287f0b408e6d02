"""Words beside a photo become filters: colours, kinds, people and prices; what is left is searched for as text."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommendations.photo_words import LONGEST, understood

COLOURS = st.sampled_from(["black", "navy blue", "off white", "gray", "wine", "not red"])
TYPES = st.sampled_from(["dress", "T-shirts", "trainers", "jeans", "flip flops"])
PEOPLE = st.sampled_from(["men's", "for her", "kids"])
PRICES = st.sampled_from(["under 50", "below 30 €", "at least 20", "between 10 and 20", "up to $1,000"])
WISHES = st.lists(st.one_of(COLOURS, TYPES, PEOPLE, PRICES), min_size=1, max_size=4, unique=True)


def test_this_but_black_asks_for_one_colour():
    words = understood("This, but black")
    assert words.colours == {"Black"}
    assert words.rest == ""


def test_a_family_means_all_its_shades_and_a_longer_name_one():
    assert {"Blue", "Navy Blue", "Teal"} <= understood("blue").colours
    assert understood("navy blue").colours == {"Navy Blue"}
    assert understood("navy").colours == {"Navy Blue"}
    assert understood("gray").colours == understood("grey").colours


def test_colours_are_alternatives_and_unwanted_ones_are_left_out():
    assert understood("black or maroon").colours == {"Black", "Maroon"}
    words = understood("blue but not navy")
    assert "Navy Blue" not in words.colours
    assert "Blue" in words.colours
    assert words.unwanted_colours == {"Navy Blue"}


@pytest.mark.parametrize(
    ("words", "types"),
    [
        ("dress", {"Dresses"}),
        ("dresses", {"Dresses"}),
        ("Flip Flops", {"Flip Flops"}),
        ("a t-shirt", {"Tshirts"}),
        ("t shirts", {"Tshirts"}),
        ("watch", {"Watches"}),
        ("sneakers", {"Sports Shoes", "Casual Shoes"}),
    ],
)
def test_kinds_are_known_by_their_everyday_names(words, types):
    assert understood(words).types == types


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [
        ("under 50", None, "50"),
        ("below 30 €", None, "30"),
        ("less than €49,90", None, "49.90"),
        ("not more than 40 euros", None, "40"),
        ("up to 1,000", None, "1000"),
        ("max 20", None, "20"),
        ("over 20", "20", None),
        ("at least £20", "20", None),
        ("between 20 and 50", "20", "50"),
        ("from 50 to 20", "20", "50"),
        ("20-50 €", "20", "50"),
        ("under 80 and under 50", None, "50"),
        ("black, 36 wide", None, None),
        ("38-40", None, None),
        ("under five", None, None),
    ],
)
def test_price_limits_in_many_words(words, low, high):
    asked = understood(words)
    assert asked.min_price == (Decimal(low) if low else None)
    assert asked.max_price == (Decimal(high) if high else None)


def test_for_whom_includes_what_everybody_may_wear():
    assert understood("women’s").genders == {"Women", "Unisex"}
    assert understood("for him").genders == {"Men", "Unisex"}
    assert understood("kids").genders == {"Boys", "Girls"}


def test_what_no_filter_takes_is_searched_for_as_text():
    words = understood("the same striped linen shirt in black with a collar")
    assert words.rest == "striped linen collar"
    assert words.types == {"Shirts"}


def test_taking_a_part_away_leaves_the_others():
    words = understood("this but black under 50")
    black, price = words.parts
    assert words.without(black) == "this but under 50"
    assert (
        understood("black, under 49,90").without(understood("black, under 49,90").parts[0]) == "under 49,90"
    )
    assert understood(words.without(price)).colours == {"Black"}


def test_the_last_part_takes_the_idle_words_along():
    words = understood("something like this but black please")
    assert words.without(words.parts[0]) == ""


@given(st.text(max_size=200))
def test_any_text_is_read_and_its_parts_lie_side_by_side_in_it(text):
    words = understood(text)
    assert len(words.words) <= LONGEST
    end = 0
    for part in words.parts:
        assert end <= part.start < part.end <= len(words.words)
        assert words.words[part.start : part.end] == part.text
        end = part.end


@given(WISHES)
def test_each_wish_of_a_sentence_is_understood_as_if_it_stood_alone(wishes):
    together = understood("this but " + " and ".join(wishes))
    alone = [part.values for wish in wishes for part in understood(wish).parts]
    assert [part.values for part in together.parts] == alone
    assert together.rest == ""


@given(WISHES, st.data())
def test_chips_taken_away_one_by_one_leave_nothing(wishes, data):
    words = understood(" and ".join(wishes))
    while words.parts:
        fewer = understood(words.without(data.draw(st.sampled_from(words.parts))))
        assert len(fewer.parts) == len(words.parts) - 1
        words = fewer
    assert words.words == ""


@pytest.mark.parametrize(
    ("words", "colours", "types", "low", "high"),
    [
        ("Das, aber in Schwarz, unter 50", {"Black"}, set(), None, Decimal(50)),
        ("ein rotes Kleid ab 20 €", {"Red", "Maroon", "Burgundy", "Rust"}, {"Dresses"}, Decimal(20), None),
        ("so, nur marineblau, zwischen 20 und 40 Euro", {"Navy Blue"}, set(), Decimal(20), Decimal(40)),
        ("Rucksack, nicht mehr als 99,90", set(), {"Backpacks", "Rucksacks"}, None, Decimal("99.90")),
    ],
)
def test_german_is_understood_as_well(words, colours, types, low, high):
    read = understood(words)
    assert (read.colours, read.types, read.min_price, read.max_price) == (colours, types, low, high)
    assert read.rest == ""


def test_a_colour_that_is_not_wanted_in_german():
    read = understood("nicht in Schwarz für Damen")
    assert read.genders == {"Women", "Unisex"}
    assert read.rest == ""
    assert understood("nicht schwarz").unwanted_colours == {"Black"}
