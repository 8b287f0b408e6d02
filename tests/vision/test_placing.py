import numpy as np
import pytest

from vision.detection import CLASSES
from vision.inference import Label
from vision.placing import best_shelf, on_shelf, shelves_in


def _map(*areas: tuple[str, slice, slice]) -> np.ndarray:
    """A map of 20 x 20 in which each area (class, rows, columns) is surely of its class, the rest ground."""
    probabilities = np.zeros((20, 20, len(CLASSES)), np.float32)
    probabilities[..., CLASSES.index("ground")] = 1
    for name, rows, columns in areas:
        probabilities[rows, columns] = 0
        probabilities[rows, columns, CLASSES.index(name)] = 1
    return probabilities


def test_a_box_around_shoes_is_on_the_shelf_of_shoes() -> None:
    found = _map(("shoes", slice(14, 20), slice(5, 15)))

    shelves = shelves_in(found, (200, 200), (50, 140, 100, 60))

    assert shelves["shoes"] == pytest.approx(1)
    assert sum(shelves.values()) == pytest.approx(1)


def test_the_bag_before_a_coat_is_a_bag_since_most_of_the_coat_lies_elsewhere() -> None:
    found = _map(("outerwear", slice(0, 20), slice(0, 20)), ("bag", slice(8, 12), slice(8, 11)))

    shelves = shelves_in(found, (20, 20), (7, 7, 6, 6))

    assert max(shelves, key=lambda shelf: shelves[shelf]) == "bags"


def test_hats_and_belts_are_accessories() -> None:
    found = _map(("headwear", slice(0, 4), slice(0, 4)))

    assert shelves_in(found, (20, 20), (0, 0, 4, 4))["accessories"] == pytest.approx(1)


def test_nobody_knows_the_shelf_of_bare_ground() -> None:
    assert shelves_in(_map(), (20, 20), (0, 0, 5, 5)) == {}


def test_a_box_at_the_very_edge_is_read_where_the_map_ends() -> None:
    found = _map(("top", slice(0, 20), slice(0, 20)))

    assert shelves_in(found, (200, 200), (199, 199, 1, 1))["tops"] == pytest.approx(1)


def test_the_surer_of_map_and_classifier_decides() -> None:
    assert best_shelf({"tops": 0.9, "bags": 0.1}, {"bags": 0.6, "tops": 0.3}) == "tops"
    assert best_shelf({"tops": 0.4, "dresses": 0.6}, {"tops": 0.98}) == "tops"
    assert best_shelf({"shoes": 1.0}, {"tops": 0.99}) == "shoes"
    assert best_shelf({}, {"tops": 0.2, "bags": 0.7}) == "bags"
    assert best_shelf({}, {}) == ""


def test_only_what_stands_on_the_shelf_is_told() -> None:
    labels = (
        Label("tops", "category", 0.8),
        Label("Tshirts", "type", 0.7),
        Label("Red", "colour", 0.6),
        Label("shoes", "category", 0.15),
        Label("Heels", "type", 0.1),
    )

    told = on_shelf(labels, "shoes")

    assert [label.label for label in told] == ["shoes", "Red", "Heels"]
    assert told[0].probability == pytest.approx(0.95)
    assert told[2].probability == 0.1


def test_a_shelf_that_the_classifier_has_not_thought_of_is_told_too() -> None:
    assert on_shelf([Label("tops", "category", 0.9)], "bags") == (Label("bags", "category", 0.9),)
