"""What should, and what must not, be recommended: the shop's promises as stories, with all parts together."""

import numpy as np
import pytest

from recommendations.associations import BoughtTogether, SequentialRules
from recommendations.blending import Hybrid, recent_first
from recommendations.collaborative import UserNeighbours
from recommendations.content import ContentModel
from recommendations.item_neighbours import ItemNeighbours
from recommendations.popularity import Popularity
from recommendations.profiles import NEWCOMER, SECONDS_A_DAY, Interactions, Profile, profile_from, weigh
from recommendations.ranking import POPULAR
from tests.recommendations.contract import BOOTS, DRESSES

NOW = 1_700_000_000.0
NEW_DRESS, NEW_BOOTS, SECRET_GIFT = 19, 29, 99
SHELVES = {
    **dict.fromkeys((*DRESSES, NEW_DRESS), "dresses"),
    **dict.fromkeys((*BOOTS, NEW_BOOTS), "boots"),
    SECRET_GIFT: "gifts",
}


def events() -> list[tuple[int, int, str, float]]:
    """Ten days of the shop: five friends of dresses, four of boots, and one shopper with a secret."""
    rows = []
    for shelf, (goods, shoppers) in enumerate(((DRESSES, 5), (BOOTS, 4))):
        for number in range(shoppers):
            for step, item in enumerate(goods):
                if item != goods[number]:
                    rows.append((10 * shelf + number + 1, item, "view", NOW - (10 - step) * SECONDS_A_DAY))
    rows.append((1, SECRET_GIFT, "purchase", NOW - SECONDS_A_DAY))
    return rows


def log(*more: tuple[int, int, str, float]) -> Interactions:
    users, items, kinds, times = zip(*events(), *more, strict=True)
    return weigh(users, items, kinds, times, now=NOW)


def shop(interactions: Interactions) -> Hybrid:
    content = ContentModel().fit(
        list(SHELVES), [{f"type:{shelf}", f"number:{item}"} for item, shelf in SHELVES.items()]
    )
    members = {
        "taste": UserNeighbours().fit(interactions),
        "items": ItemNeighbours().fit(interactions),
        "next": SequentialRules().fit(interactions),
        "content": content,
    }
    filler = Popularity(varied=True).fit(interactions, SHELVES)
    return Hybrid(members=members, filler=filler, alike=content.alike, variety=0.2)


def visitor(*clicks: tuple[int, str]) -> Profile:
    """Somebody without an account who did these things in the last minutes."""
    items, kinds = zip(*clicks, strict=True)
    times = [NOW - 60 * (len(clicks) - step) for step in range(len(clicks))]
    return profile_from(items, kinds, times, now=NOW)


# What should be recommended


def test_a_newcomer_sees_something_of_every_popular_shelf():
    page = shop(log()).recommend_for(NEWCOMER, 4)
    assert {SHELVES[item] for item in page.ids[:2].tolist()} == {"dresses", "boots"}
    assert set(page.reasons) == {POPULAR}


def test_one_click_of_a_visitor_turns_the_page_without_any_refresh():
    model = shop(log())
    before = model.recommend_for(NEWCOMER, 3)
    after = model.recommend_for(visitor((23, "click")), 3)
    assert {SHELVES[item] for item in after.ids.tolist()} == {"boots"}
    assert before.ids.tolist() != after.ids.tolist()


def test_the_page_follows_a_shopper_who_changes_from_dresses_to_boots():
    clicks = [(11, "view"), (12, "view"), (22, "view"), (23, "view")]
    page = shop(log()).recommend_for(visitor(*clicks), 2)
    assert SHELVES[page.ids[0]] == "boots"


def test_a_dress_that_came_in_this_minute_is_shown_to_friends_of_dresses():
    assert NEW_DRESS in shop(log()).recommend_for(visitor((11, "view"), (12, "wish")), 6).ids


def test_what_was_looked_at_last_stands_first_among_the_recent():
    assert recent_first(visitor((11, "view"), (23, "view")), 2).tolist() == [23, 11]


def test_a_page_is_full_even_for_a_shopper_of_one_lonely_item():
    assert len(shop(log()).recommend_for(visitor((SECRET_GIFT, "view")), 8)) == 8


# What must not be recommended


@pytest.mark.parametrize("kind", ["view", "cart", "purchase"])
def test_what_the_shopper_has_looked_at_or_bought_is_no_news(kind):
    page = shop(log()).recommend_for(visitor((11, kind)), 20)
    assert 11 not in page.ids


def test_not_for_me_takes_the_dress_away_at_once_and_its_likes_back_a_little():
    model = shop(log())
    liked = visitor((11, "view"), (23, "view"))
    annoyed = visitor((11, "view"), (23, "view"), (12, "dismiss"))
    dresses_before = [item for item in model.recommend_for(liked, 4).ids.tolist() if item in DRESSES]
    after = model.recommend_for(annoyed, 20).ids.tolist()
    assert 12 not in after
    assert len([item for item in after[:4] if item in DRESSES]) <= len(dresses_before)
    assert SHELVES[after[0]] == "boots"


def test_what_one_shopper_bought_in_secret_is_shown_to_nobody():
    model = shop(log())
    alike = log().profile_of(1)
    twin = Profile(
        alike.item_ids[alike.item_ids != SECRET_GIFT], alike.strengths[alike.item_ids != SECRET_GIFT]
    )
    for profile in (NEWCOMER, twin, visitor((11, "view"))):
        assert SECRET_GIFT not in [line.item for line in model.recommend_for(profile, 20)]


def test_ten_thousand_clicks_of_one_account_move_nobody_elses_page():
    flood = [(1, 25, "click", NOW - second) for second in range(0, 100_000, 10)]
    quiet, flooded = shop(log((1, 25, "click", NOW))), shop(log(*flood))
    for profile in (NEWCOMER, visitor((21, "view")), visitor((12, "view"), (13, "view"))):
        before, after = quiet.recommend_for(profile, 8), flooded.recommend_for(profile, 8)
        assert before.ids.tolist() == after.ids.tolist()


def test_what_is_sold_out_is_not_shown_even_when_it_fits_best():
    model = shop(log())
    profile = visitor((21, "view"), (22, "view"))
    best = int(model.recommend_for(profile, 1).ids[0])
    assert best not in model.recommend_for(profile, 20, exclude=[best]).ids


def test_shoppers_of_boots_and_of_dresses_do_not_get_the_same_page():
    model = shop(log())
    boots = set(model.recommend_for(visitor((21, "view"), (22, "view")), 3).ids.tolist())
    dresses = set(model.recommend_for(visitor((11, "view"), (12, "view")), 3).ids.tolist())
    assert not boots & dresses


def test_what_everybody_buys_anyway_does_not_go_with_everything():
    bag, shirt, tie = 1, 2, 3
    orders = np.repeat(np.arange(8), [3, 3, 3, 3, 1, 1, 1, 1])
    items = [bag, shirt, tie] * 4 + [bag] * 4
    assert BoughtTogether().fit(Interactions.from_pairs(orders, items)).from_item(shirt).ids.tolist() == [tie]
