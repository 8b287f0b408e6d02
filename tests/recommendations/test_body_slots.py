import csv

import pytest

from recommendations.body_slots import GENDERS_THAT_FIT, GOES_WITH, OTHER, SLOT_OF_TYPE, slot_of
from tests.conftest import SHARED_DATA

DRAWN = [
    "Tshirts", "Shirts", "Tops", "Sweaters", "Sweatshirts", "Jackets", "Blazers", "Coats",
    "Dresses", "Skirts", "Jeans", "Trousers", "Shorts", "Leggings", "Casual Shoes", "Formal Shoes",
    "Sports Shoes", "Heels", "Flats", "Boots", "Sandals", "Flip Flops", "Handbags", "Backpacks",
    "Clutches", "Belts", "Caps", "Hats", "Scarves", "Ties", "Sunglasses", "Watches", "Socks",
]  # fmt: skip


@pytest.mark.parametrize("article_type", DRAWN)
def test_every_drawn_article_is_worn_somewhere_and_goes_with_something(article_type: str) -> None:
    assert slot_of(article_type) in GOES_WITH


def test_the_plain_cases() -> None:
    assert [slot_of(name) for name in ("Jeans", "Tshirts", "Dresses", "Coats", "Heels", "Handbags")] == [
        "bottom", "top", "full body", "outer", "feet", "bag",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["shirt", "SHIRT", " Shirts ", "Dress", "jean", "Watch", "watches"])
def test_singular_and_capitals_are_understood(name: str) -> None:
    assert slot_of(name) != OTHER


def test_an_unknown_type_is_placed_by_its_shelf() -> None:
    assert slot_of("Polo of a new kind", "Apparel", "Topwear") == "top"
    assert slot_of("", "Shoes") == "feet"
    assert slot_of("Gramophones", "Music") == OTHER


def test_nothing_goes_with_its_own_slot_and_only_known_slots_are_named() -> None:
    known = set(SLOT_OF_TYPE.values())
    for slot, others in GOES_WITH.items():
        assert slot in known
        assert slot not in others
        assert set(others) <= known
        assert all(0 < weight <= 1 for weight in others.values())


def test_a_list_of_six_can_have_three_slots_whatever_is_looked_at() -> None:
    assert all(len(others) >= 3 for others in GOES_WITH.values())


@pytest.mark.shared_data
@pytest.mark.parametrize("folder", ["products", "products-small"])
def test_real_article_types_are_placed(folder: str) -> None:
    with (SHARED_DATA / folder / "products.csv").open(encoding="utf-8") as file:
        types = {row["type"] for row in csv.DictReader(file)}
    unplaced = {name for name in types if slot_of(name) == OTHER and name.lower() not in SLOT_OF_TYPE}
    assert not unplaced


@pytest.mark.shared_data
@pytest.mark.parametrize("folder", ["products", "products-small"])
def test_a_real_shop_has_three_slots_for_everything_that_is_worn(folder: str) -> None:
    """Of what fits each product's people; what is left over is worn by nobody."""
    with (SHARED_DATA / folder / "products.csv").open(encoding="utf-8") as file:
        rows = [
            (row["type"], slot_of(row["type"], row["subcategory"], row["category"]), row["gender"].lower())
            for row in csv.DictReader(file)
        ]
    sold = {(slot, gender) for _, slot, gender in rows}
    without = {
        name
        for name, slot, gender in rows
        if sum(
            any((other, fitting) in sold for fitting in GENDERS_THAT_FIT[gender])
            for other in GOES_WITH.get(slot, {})
        )
        < 3
    }
    assert without <= {"Free Gifts", "Cushion Covers", "Ipad"}
