"""Whole looks, of pieces that have one of two colours."""

import numpy as np
import pytest

from recommendations.outfits.completing import Candidates, complete_look, missing_slots, swap_piece
from recommendations.outfits.harmony import Harmony

RED, BLUE = np.array([2.0]), np.array([-2.0])


@pytest.fixture
def harmony() -> Harmony:
    """Outfits taught it that all pieces of one have one colour."""
    colours = np.repeat(np.random.default_rng(0).normal(size=60), 3)[:, None]
    noise = np.random.default_rng(1).normal(scale=0.3, size=colours.shape)
    return Harmony().fit(colours + noise, [""] * 180, np.repeat(np.arange(60), 3))


def wardrobe(*pieces: tuple[int, str, np.ndarray], liking: float = 0.5) -> Candidates:
    return Candidates(
        np.array([pk for pk, _, _ in pieces], np.int64),
        [slot for _, slot, _ in pieces],
        np.full(len(pieces), liking),
        np.array([colour for _, _, colour in pieces], np.float64).reshape(len(pieces), 1),
    )


SHOP = wardrobe(
    (1, "bottom", RED), (2, "bottom", BLUE), (3, "feet", BLUE), (4, "feet", RED), (5, "bag", RED), (6, "bag", BLUE),
    (7, "feet", RED),
)  # fmt: skip


def test_what_an_outfit_still_needs() -> None:
    assert missing_slots("top") == ["bottom", "feet", "bag"]
    assert missing_slots("full body") == ["feet", "bag"]
    assert missing_slots("wrist") == ["top", "bottom", "feet", "bag"]


def test_a_look_is_of_one_piece_for_each_place_and_of_one_colour(harmony: Harmony) -> None:
    assert complete_look("top", RED, SHOP, harmony) == {"bottom": 1, "feet": 4, "bag": 5}
    assert complete_look("top", BLUE, SHOP, harmony) == {"bottom": 2, "feet": 3, "bag": 6}
    assert complete_look("full body", BLUE, SHOP, harmony) == {"feet": 3, "bag": 6}


def test_a_place_for_which_the_shop_has_nothing_stays_empty(harmony: Harmony) -> None:
    assert complete_look("top", RED, wardrobe((1, "bottom", RED)), harmony) == {"bottom": 1}
    assert complete_look("top", RED, wardrobe(), harmony) == {}


def test_one_piece_is_swapped_and_the_others_stay(harmony: Harmony) -> None:
    look = complete_look("top", RED, SHOP, harmony)
    assert swap_piece(look, "feet", RED, SHOP, harmony) == {**look, "feet": 7}
    assert swap_piece(look, "feet", RED, SHOP, harmony, refused=[7]) == {**look, "feet": 3}
    assert swap_piece(look, "feet", RED, SHOP, harmony, refused=[3, 7]) == look
    with pytest.raises(KeyError):
        swap_piece(look, "head", RED, SHOP, harmony)


def test_what_goes_with_the_product_counts_beside_the_colours(harmony: Harmony) -> None:
    two = wardrobe((1, "bag", RED), (2, "bag", RED))
    liked = Candidates(two.product_ids, two.slots, np.array([0.2, 0.9]), two.places)
    assert complete_look("full body", RED, liked, harmony) == {"bag": 2}
