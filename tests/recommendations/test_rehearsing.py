"""The shop's own log says which voices to believe, and none is asked about what it has seen."""

from dataclasses import replace

import numpy as np
import pytest

from recommendations.associations import StagedRules
from recommendations.blending import WEIGHTS
from recommendations.content import ContentModel
from recommendations.hybrid import EASE_ITEMS, SHIPPED, fit_hybrid, fit_voices, leads_from
from recommendations.popularity import Popularity
from recommendations.profiles import BUCKETS, NEWCOMER, Interactions, Profile
from recommendations.rehearsing import FLOOR, learn_mixture, rehearse

N_ITEMS = 20


def everybody_goes_on(shoppers: int = 60) -> Interactions:
    """Each shopper begins somewhere and goes on to the next two numbers, one after another in time."""
    starts = np.random.default_rng(0).integers(0, N_ITEMS, shoppers)
    items = 1 + (starts[:, None] + np.arange(3)) % N_ITEMS
    return Interactions.from_pairs(
        np.repeat(np.arange(1, shoppers + 1), 3), items.ravel(), None, np.arange(3.0 * shoppers)
    )


def test_the_newest_tenth_is_asked_for_and_not_learned_from():
    log = everybody_goes_on()
    rehearsal = rehearse(log)
    assert rehearsal.past.times.max() < 0.9 * log.times.max()
    assert len(rehearsal) == 6
    for profile, (target,) in zip(rehearsal.profiles, rehearsal.targets, strict=True):
        assert target == 1 + profile.item_ids[-1] % N_ITEMS  # the last one, after what the shopper met before


def test_a_shopper_of_one_item_is_not_asked():
    lonely = Interactions.from_pairs([1, 1, 1, 2], [11, 12, 13, 14], None, [1, 2, 3, 9])
    assert len(rehearse(lonely)) == 0


def test_the_questions_are_drawn_by_lot_and_always_the_same():
    log = everybody_goes_on(600)
    first, again = rehearse(log, most=5), rehearse(log, most=5)
    assert len(first) == 5
    assert [p.item_ids.tolist() for p in first.profiles] == [p.item_ids.tolist() for p in again.profiles]


def test_the_lines_of_one_order_stay_one_step_of_the_profile():
    # Ten shoppers, each of whom buys two things at once and goes on to a third.
    users = np.repeat(np.arange(1, 11), 3)
    items = np.tile([11, 12, 13], 10)
    times = (100.0 * users) + np.tile([0, 0, 1], 10)
    (profile,) = rehearse(Interactions.from_pairs(users, items, None, times)).profiles
    assert profile.moments is not None
    assert len(set(profile.moments.tolist())) == 1
    assert profile.faded(0.5).strengths.tolist() == [1, 1]


def test_the_voice_that_knows_what_comes_next_is_believed():
    rehearsal = rehearse(everybody_goes_on(600))
    voices = {
        "next": StagedRules().fit(rehearsal.past),
        "popular": Popularity().fit(rehearsal.past),
    }
    weights = learn_mixture(voices, rehearsal).weights
    assert set(weights) == set(BUCKETS)
    assert weights["2-4"]["next"] > 0.9
    assert weights["0"] == WEIGHTS["0"]


@pytest.fixture
def content():
    return ContentModel().fit(range(1, N_ITEMS + 1), [{f"number:{item}"} for item in range(1, N_ITEMS + 1)])


def test_what_describes_new_products_keeps_a_share_that_no_log_can_teach(content):
    rehearsal = rehearse(everybody_goes_on(600))
    weights = learn_mixture(fit_voices(rehearsal.past, content, {}), rehearsal).weights
    assert weights["2-4"]["content"] >= FLOOR
    assert sum(weights["2-4"].values()) == pytest.approx(1, abs=FLOOR + 0.001)


def test_a_voice_that_no_blend_beats_is_heard_alone_but_for_new_products(content):
    rehearsal = rehearse(everybody_goes_on(600))
    rules = StagedRules().fit(rehearsal.past)
    mixture = learn_mixture({"items": rules, "next": rules, "content": content}, rehearsal)
    assert mixture.alone == {"2-4": "items"}
    assert mixture.weights["2-4"] == {"items": 1.0, "content": FLOOR}
    assert mixture == learn_mixture({"items": rules, "next": rules, "content": content}, rehearsal)


def test_a_click_leads_on_where_no_leading_voice_is_heard(content):
    log = everybody_goes_on(600)
    alone = replace(SHIPPED, weights={**WEIGHTS, "1": {"popular": 1.0}})
    led = leads_from(fit_hybrid(log, content, {}, alone), 1, 5)
    assert led.ids[0] == 2
    assert led.ids.tolist() == leads_from(fit_hybrid(log, content, {}), 1, 5).ids.tolist()


def test_what_everybody_has_met_makes_way_where_the_mixture_spreads(content):
    # Nine of ten go from 1 to 2, which everybody else knows, too; a few go to 3.
    pairs = [*((user, 1) for user in range(1, 31)), *((user, 2) for user in range(1, 28))]
    pairs += [*((user, 3) for user in range(24, 31)), *((user, 2) for user in range(100, 400))]
    users, items = zip(*pairs, strict=True)
    log = Interactions.from_pairs(users, items)
    only_next = {**WEIGHTS, "1": {"next": 1.0}}
    plain = fit_hybrid(log, content, {}, replace(SHIPPED, weights=only_next))
    spread = fit_hybrid(log, content, {}, replace(SHIPPED, weights=only_next, spread=0.5))
    shopper = Profile.of(1)
    assert plain.recommend_for(shopper, 2).ids.tolist() == [2, 3]
    assert spread.recommend_for(shopper, 2).ids.tolist() == [3, 2]
    assert leads_from(spread, 1, 2).ids.tolist() == [3, 2]
    assert spread.recommend_for(shopper, 2).scores[0] == 1


def test_a_newcomers_page_is_not_spread(content):
    log = everybody_goes_on(600)
    spread = fit_hybrid(log, content, {}, replace(SHIPPED, spread=0.5)).recommend_for(NEWCOMER, 9)
    assert spread.ids.tolist() == fit_hybrid(log, content, {}).recommend_for(NEWCOMER, 9).ids.tolist()


def test_what_comes_second_is_known_from_second_clicks(content):
    voices = fit_voices(everybody_goes_on(), content, {})
    assert isinstance(voices["next"], StagedRules)


def test_a_large_shop_does_without_the_square_of_all_items(content, monkeypatch):
    assert "ease" in fit_voices(everybody_goes_on(), content, {})
    assert EASE_ITEMS > N_ITEMS
    monkeypatch.setattr("recommendations.hybrid.EASE_ITEMS", N_ITEMS - 1)
    assert "ease" not in fit_voices(everybody_goes_on(), content, {})


def test_a_link_that_two_shoppers_made_leads_nowhere(content):
    pairs = [
        (1, 11),
        (1, 12),
        (2, 11),
        (2, 12),
        *((user, 12) for user in range(3, 9)),
        (3, 13),
        (4, 13),
        (5, 13),
    ]
    users, items = zip(*pairs, strict=True)
    hybrid = fit_hybrid(Interactions.from_pairs(users, items), content, {})
    assert leads_from(hybrid, 11, 9).ids.tolist() == []
    assert leads_from(hybrid, 12, 9).ids.tolist() == [13]
