import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.labels import (
    LabelSpace,
    UnknownLabel,
    colour_family,
    display_name,
    labels_from_folder,
    meant_by,
    shelf_of,
)
from vision.vocabulary import COLOUR_FAMILIES, EVERYDAY_TYPES, SHELVES

SIX = LabelSpace({"colour": ("black", "blue", "red"), "type": ("dress", "jeans", "shirt")})

names = st.text("abcdefgh ", min_size=1, max_size=8)
spaces = st.dictionaries(
    st.sampled_from(["type", "colour", "gender", "pattern"]),
    st.lists(names, min_size=1, max_size=6, unique=True).map(tuple),
    min_size=1,
).map(LabelSpace)


def test_a_red_dress_is_two_ones() -> None:
    vector = SIX.vector({"colour": frozenset({"red"}), "type": frozenset({"dress"})})

    assert vector.tolist() == [0, 0, 1, 1, 0, 0]


def test_a_kind_that_is_not_known_stays_empty() -> None:
    assert SIX.vector({"type": frozenset({"jeans"})}).tolist() == [0, 0, 0, 0, 1, 0]


def test_a_label_from_elsewhere_is_refused() -> None:
    with pytest.raises(UnknownLabel, match="'hat' is no type"):
        SIX.vector({"type": frozenset({"hat"})})


@given(spaces, st.data())
def test_labels_survive_the_way_into_a_vector_and_back(space: LabelSpace, data: st.DataObject) -> None:
    labels = {
        kind: frozenset(data.draw(st.lists(st.sampled_from(of), min_size=1)))
        for kind, of in space.kinds.items()
    }

    assert space.labels(space.vector(labels)) == labels


@given(spaces)
def test_a_label_space_survives_json(space: LabelSpace) -> None:
    assert LabelSpace.from_json(space.to_json()) == space


@given(spaces)
def test_every_output_belongs_to_exactly_one_kind(space: LabelSpace) -> None:
    covered = np.zeros(len(space), int)
    for where in space.slices.values():
        covered[where] += 1

    assert covered.tolist() == [1] * len(space)


def test_a_label_space_holds_each_label_once() -> None:
    with pytest.raises(ValueError, match="each once"):
        LabelSpace({"colour": ("red", "red")})


@pytest.mark.parametrize(
    ("folder", "labels"),
    [
        ("red_dress", {"colour": "red", "type": "dress"}),
        ("dress", {"type": "dress"}),
        ("navy_blue_shirt", {"colour": "navy blue", "type": "shirt"}),
        ("t-shirt", {"type": "t-shirt"}),
        ("rain_jacket", {"type": "rain jacket"}),
    ],
)
def test_a_folder_names_colour_and_type(folder: str, labels: dict[str, str]) -> None:
    assert labels_from_folder(folder) == labels


def test_a_labels_own_name_means_it_alone() -> None:
    assert meant_by("Red", "colour", {"Red", "Maroon", "Blue"}) == {"Red"}


def test_an_everyday_word_means_all_that_it_may_stand_for() -> None:
    assert meant_by("red", "colour", {"Red", "Maroon", "Blue"}) == {"Red", "Maroon"}
    assert meant_by("shoes", "type", {"Heels", "Casual Shoes", "Shirts"}) == {"Heels", "Casual Shoes"}


def test_a_retailers_word_finds_the_everyday_label() -> None:
    assert meant_by("Dresses", "type", {"dress", "jeans"}) == {"dress"}
    assert meant_by("Navy Blue", "colour", {"blue", "red"}) == {"blue"}


def test_a_word_nobody_knows_means_nothing() -> None:
    assert meant_by("spaceship", "type", {"Shirts"}) == frozenset()


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("Tshirts", "T-shirt"),
        ("Casual Shoes", "casual shoes"),
        ("Tops", "top"),
        ("Dresses", "dress"),
        ("Jeans", "jeans"),
        ("Navy Blue", "navy blue"),
        ("Track Pants", "track pants"),
        ("dress", "dress"),
    ],
)
def test_a_label_reads_like_a_word(label: str, words: str) -> None:
    assert display_name(label) == words


def test_every_type_lies_on_one_shelf() -> None:
    types = [label for labels in SHELVES.values() for label in labels]

    assert len(types) == len(set(types))
    assert shelf_of("Tshirts") == "tops"
    assert shelf_of("Free Gifts") is None


def test_everyday_words_stand_for_types_that_have_a_shelf() -> None:
    assert {
        label for labels in EVERYDAY_TYPES.values() for label in labels if shelf_of(label) is None
    } == set()


def test_there_are_thirteen_families_and_each_colour_is_in_one() -> None:
    colours = [colour for shades in COLOUR_FAMILIES.values() for colour in shades]

    assert len(COLOUR_FAMILIES) == 13
    assert len(colours) == len(set(colours))
    assert colour_family("Navy Blue") == colour_family("teal") == "Blue"
    assert colour_family("octarine") is None
