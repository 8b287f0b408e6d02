"""Whole looks, of pieces that have one of two colours."""

import numpy as np
import pytest

from recommendations.complement_candidates import Candidates
from recommendations.outfits.completing import Offers, StoredLook, build_looks, missing_slots
from recommendations.outfits.harmony import Harmony
from recommendations.traits import Traits

RED, BLUE = 2.0, -2.0
Wardrobe = dict[str, Offers]


@pytest.fixture
def harmony() -> Harmony:
    """Outfits taught it that all pieces of one have one colour."""
    colours = np.repeat(np.random.default_rng(0).normal(size=60), 3)[:, None]
    noise = np.random.default_rng(1).normal(scale=0.3, size=colours.shape)
    return Harmony().fit(colours + noise, [""] * 180, np.repeat(np.arange(60), 3))


def offer(
    *pieces: tuple[int, float], liking: float = 0.5, genders: str = "women", told: bool = True
) -> Offers:
    """One product is offered these pieces: (id, colour) each."""
    m = len(pieces)
    return Offers(
        product_ids=np.array([[pk for pk, _ in pieces]], np.int64),
        liking=np.full((1, m), liking),
        reasons=np.full((1, m), "complement"),
        genders=np.full((1, m), genders),
        places=np.array([[[colour] for _, colour in pieces]]),
        told=np.full((1, m), told),
    )


def look(
    colour: float, offers: Wardrobe, harmony: Harmony, *, gender: str = "Women", told: bool = True, n: int = 8
) -> StoredLook:
    looks = build_looks(np.array([[colour]]), np.array([told]), [gender], offers, harmony, n)
    return looks.as_json(0)


def worn(found: StoredLook) -> dict[str, int]:
    return {place: pieces[0][0] for place, pieces in found.items()}


def in_turn(found: StoredLook, place: str) -> list[int]:
    return [pk for pk, _, _ in found[place]]


SHOP = {
    "bottom": offer((1, RED), (2, BLUE)),
    "feet": offer((3, BLUE), (4, RED), (7, RED)),
    "bag": offer((5, RED), (6, BLUE)),
}


def test_what_an_outfit_still_needs() -> None:
    assert missing_slots("top") == ["bottom", "feet", "bag"]
    assert missing_slots("full body") == ["feet", "bag"]
    assert missing_slots("wrist") == ["top", "bottom", "feet", "bag"]


def test_a_look_is_of_one_piece_for_each_place_and_of_one_colour(harmony: Harmony) -> None:
    assert worn(look(RED, SHOP, harmony)) == {"bottom": 1, "feet": 4, "bag": 5}
    assert worn(look(BLUE, SHOP, harmony)) == {"bottom": 2, "feet": 3, "bag": 6}


def test_a_piece_of_unknown_colour_gets_pieces_that_agree_with_each_other(harmony: Harmony) -> None:
    liked = {**SHOP, "bottom": Offers.joined([offer((1, RED), liking=0.4), offer((2, BLUE), liking=0.6)])}
    assert worn(look(RED, liked, harmony, told=False)) == {"bottom": 2, "feet": 3, "bag": 6}


def test_a_place_for_which_the_shop_has_nothing_stays_empty(harmony: Harmony) -> None:
    assert worn(look(RED, {"bottom": offer((1, RED)), "feet": offer((-1, RED))}, harmony)) == {"bottom": 1}
    assert look(RED, {}, harmony) == {}


def test_what_comes_next_for_a_place_suits_the_other_pieces_best(harmony: Harmony) -> None:
    assert in_turn(look(RED, SHOP, harmony), "feet") == [4, 7, 3]
    assert in_turn(look(RED, SHOP, harmony, n=2), "feet") == [4, 7]


def test_what_goes_with_the_product_counts_beside_the_colours(harmony: Harmony) -> None:
    bags = Offers.joined([offer((1, RED), liking=0.2), offer((2, RED), liking=0.9)])
    assert worn(look(RED, {"bag": bags}, harmony)) == {"bag": 2}


def test_all_pieces_are_for_the_same_people_also_where_the_product_is_for_everybody(harmony: Harmony) -> None:
    shop = {
        "top": Offers.joined([offer((1, RED), genders="men"), offer((2, RED), genders="women", liking=0.4)]),
        "bottom": Offers.joined(
            [offer((3, RED), genders="men", liking=0.2), offer((4, RED), genders="women")]
        ),
        "feet": Offers.joined(
            [offer((5, RED), genders="unisex"), offer((6, RED), genders="girls", liking=0.9)]
        ),
    }
    for gender in ("Unisex", "", "Women"):
        assert in_turn(look(RED, shop, harmony, gender=gender), "bottom") == [4]
    assert worn(look(RED, shop, harmony, gender="Unisex")) == {"top": 2, "bottom": 4, "feet": 5}
    assert worn(look(RED, shop, harmony, gender="Men")) == {"top": 1, "bottom": 3, "feet": 5}


def test_what_one_kind_offers_a_place_are_different_models_as_far_as_there_are_some() -> None:
    m = 6
    jeans = Candidates(
        product_ids=np.arange(m),
        fingerprints=np.zeros(m, np.int64),
        traits=Traits(
            kinds=["Jeans"] * m,
            slots=["bottom"] * m,
            genders=["Women"] * m,
            occasions=[""] * m,
            brands=[""] * m,
            colours=np.zeros((m, 3), np.float32),
            styles=np.array([7, 7, 8, 0, 0, 9]),  # nobody knows of what model the two in the middle are
        ),
        places=np.zeros((m, 1)),
        tastes=np.zeros((m, 1)),
        prices=np.zeros(m),
    )
    best = np.array([[0, 1, 2, 3, 4, 5], [4, 1, 0, 3, 2, 5]])
    liking = np.array([[0.9, 0.8, 0.7, 0.6, 0.5, 0.4], [0.9, 0.8, 0.7, -1.0, -1.0, -1.0]])
    found = Offers.of(jeans, best, liking, np.full(best.shape, "complement"))
    assert found.product_ids.tolist() == [[0, 2, 3], [4, 1, 0]]
    assert found.liking[0].tolist() == [0.9, 0.7, 0.6]


def test_scores_lie_between_nothing_and_one(harmony: Harmony) -> None:
    scores = [score for pieces in look(RED, SHOP, harmony).values() for _, score, _ in pieces]
    assert all(0 <= score <= 1 for score in scores)
    assert scores[0] > scores[1]
