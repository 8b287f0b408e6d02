"""Boxes that were proposed become pieces: each thing once, nothing that the shop does not sell."""

from hypothesis import given
from hypothesis import strategies as st

from recommendations.photo_pieces import MOST_PIECES, Candidate, pieces_of, shared_area

WHOLE = Candidate((0, 0, 400, 600), "Dresses", "dresses", 0.4, 1.0)


def seen(box, article_type="Tshirts", shelf="tops", certainty=0.9, score=0.8, **more) -> Candidate:
    return Candidate(box, article_type, shelf, certainty, score, **more)


TEE = seen((100, 100, 200, 180))
JEANS = seen((120, 280, 160, 280), "Jeans", "bottoms")
BAG = seen((300, 250, 80, 90), "Handbags", "bags")


def test_an_outfit_is_its_pieces_the_largest_first():
    assert pieces_of([BAG, TEE, JEANS], WHOLE) == [2, 1, 0]


def test_two_boxes_that_say_the_same_about_one_place_are_one_piece():
    sure, unsure = seen((100, 100, 200, 180)), seen((110, 95, 200, 170), "Tops", certainty=0.5)
    assert pieces_of([unsure, JEANS, sure], WHOLE) == [1, 2]


def test_a_sleeve_is_a_part_of_its_shirt():
    sleeve = seen((105, 110, 40, 90), certainty=0.6)
    assert pieces_of([sleeve, TEE, JEANS], WHOLE) == [2, 1]


def test_one_outline_is_one_garment_whatever_the_shelf():
    jacket = seen((102, 98, 200, 185), "Jackets", "outerwear", certainty=0.95)
    assert pieces_of([TEE, jacket, JEANS], WHOLE) == [2, 1]


def test_a_bag_on_a_dress_stays_a_piece():
    dress = seen((100, 100, 250, 450), "Dresses", "dresses")
    assert pieces_of([dress, BAG], WHOLE) == [0, 1]


def test_a_dress_or_a_top_and_a_skirt_but_not_both():
    dress = seen((100, 100, 200, 460), "Dresses", "dresses", certainty=0.5)
    skirt = seen((110, 280, 180, 280), "Skirts", "bottoms")
    assert pieces_of([dress, TEE, skirt], WHOLE) == [2, 1]
    sure_dress = seen((100, 100, 200, 460), "Dresses", "dresses", certainty=0.99, score=0.95)
    guesses = [seen(x.box, x.article_type, x.shelf, certainty=0.4) for x in (TEE, skirt)]
    bag = seen((310, 100, 60, 60), "Handbags", "bags")
    assert pieces_of([*guesses, sure_dress, bag], WHOLE) == [2, 3]


def test_what_the_shop_does_not_sell_is_no_piece():
    cat = seen((10, 400, 120, 120), shows_goods=False)
    assert pieces_of([cat, TEE, JEANS], WHOLE) == [2, 1]


def test_one_piece_that_fills_the_photo_is_the_photo():
    assert pieces_of([seen((20, 20, 360, 500))], WHOLE) == []


def test_one_small_piece_is_a_choice_unless_the_photo_says_the_same():
    assert pieces_of([BAG], WHOLE) == [0]
    alone = seen((120, 200, 180, 260), "Dresses", "dresses", certainty=0.3)
    assert pieces_of([alone], WHOLE) == []


def test_nothing_proposed_leaves_the_whole_photo():
    assert pieces_of([], WHOLE) == []


CANDIDATES = st.builds(
    Candidate,
    box=st.tuples(st.integers(0, 300), st.integers(0, 500), st.integers(1, 100), st.integers(1, 100)),
    article_type=st.sampled_from(["Tshirts", "Jeans"]),
    shelf=st.sampled_from(["tops", "bottoms", "dresses", "bags"]),
    certainty=st.floats(0.01, 1),
    score=st.floats(0.01, 1),
    shows_goods=st.booleans(),
)


@given(st.lists(CANDIDATES, max_size=12))
def test_pieces_are_few_and_no_two_are_one(candidates):
    pieces = pieces_of(candidates, WHOLE)
    assert len(pieces) == len(set(pieces)) <= MOST_PIECES
    for i in pieces:
        for j in pieces:
            if i < j and candidates[i].shelf == candidates[j].shelf:
                smaller = min(candidates[i].area, candidates[j].area)
                assert shared_area(candidates[i].box, candidates[j].box) < 0.8 * smaller
