import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommendations.profiles import (
    NEWCOMER,
    SECONDS_A_DAY,
    WEIGHTS,
    Interactions,
    Profile,
    bucket_of,
    profile_from,
    weigh,
)

NOW = 1_700_000_000.0
DRESS, BOOTS, BAG = 11, 12, 13


def profile(*events: tuple[int, str, float], **options) -> Profile:
    """The profile from (item, kind, seconds before now), unfaded unless asked."""
    items, kinds, ages = zip(*events, strict=True)
    options = {"half_life_days": np.inf, **options}
    return profile_from(items, kinds, [NOW - age for age in ages], now=NOW, **options)


def strengths(*events: tuple[int, str, float], **options) -> dict[int, float]:
    found = profile(*events, **options)
    return dict(zip(found.item_ids.tolist(), found.strengths.tolist(), strict=True))


def test_a_purchase_says_more_than_a_wish_and_a_wish_more_than_a_view():
    assert strengths((DRESS, "purchase", 90), (BOOTS, "wish", 60), (BAG, "view", 30)) == {
        DRESS: 6,
        BOOTS: 3,
        BAG: 1,
    }


def test_what_a_shopper_did_to_one_item_adds_up():
    assert strengths((DRESS, "view", 90), (DRESS, "cart", 60))[DRESS] == 5


def test_after_a_half_life_an_event_counts_half():
    found = strengths((DRESS, "wish", 30 * SECONDS_A_DAY), half_life_days=30)
    assert found[DRESS] == pytest.approx(1.5)


def test_the_second_view_adds_half_and_the_third_a_third():
    events = [(DRESS, "view", 90 - second) for second in range(3)]
    assert strengths(*events)[DRESS] == pytest.approx(1 + 1 / 2 + 1 / 3)


def test_ten_thousand_reloads_are_worth_ten_views_and_not_a_thousand():
    assert strengths(*[(DRESS, "view", second) for second in range(10_000)])[DRESS] < 10


def test_a_shopper_who_leaves_for_another_item_at_once_has_hardly_looked():
    found = strengths((DRESS, "view", 61), (BOOTS, "view", 60), (BAG, "view", 0))
    assert found == {DRESS: 0.25, BOOTS: 1, BAG: 1}


def test_putting_a_thing_into_the_bag_at_once_is_no_bounce():
    assert strengths((DRESS, "cart", 61), (BOOTS, "view", 60))[DRESS] == 4


def test_events_without_a_clock_are_no_bounces():
    assert strengths((DRESS, "view", 60), (BOOTS, "view", 60)) == {DRESS: 1, BOOTS: 1}


def test_not_for_me_wipes_out_a_purchase():
    assert strengths((DRESS, "purchase", 90), (DRESS, "dismiss", 60))[DRESS] == WEIGHTS["dismiss"]


def test_a_shopper_may_change_their_mind_after_not_for_me():
    assert strengths((DRESS, "dismiss", 90), (DRESS, "purchase", 60))[DRESS] == 2


def test_the_newest_item_stands_last():
    found = profile((BAG, "view", 90), (DRESS, "view", 60), (BOOTS, "view", 50), (BAG, "view", 40))
    assert found.item_ids.tolist() == [DRESS, BOOTS, BAG]


def test_a_profile_fades_by_steps():
    assert Profile.of(DRESS, BOOTS, BAG).faded(0.5).strengths.tolist() == [0.25, 0.5, 1]


def test_a_profile_of_items_seen_twice_keeps_the_last_place():
    assert Profile.of(DRESS, BOOTS, DRESS).item_ids.tolist() == [BOOTS, DRESS]


def test_likes_and_dislikes_are_kept_apart():
    found = profile((DRESS, "wish", 60), (BOOTS, "dismiss", 50))
    assert found.liked().item_ids.tolist() == [DRESS]
    assert found.disliked().item_ids.tolist() == [BOOTS]


def test_nobody_knows_a_stranger():
    log = Interactions.from_pairs([1], [DRESS])
    assert log.profile_of(2) is NEWCOMER
    assert log.profile_of(1).item_ids.tolist() == [DRESS]


def test_an_unknown_kind_is_named():
    with pytest.raises(ValueError, match=r"no weight for share: known kinds are cart, click"):
        profile((DRESS, "share", 0))


def test_items_without_strengths_are_refused():
    with pytest.raises(ValueError, match="one strength per item"):
        Profile(np.array([DRESS]), np.empty(0, np.float32))


def test_what_has_faded_away_is_forgotten():
    log = weigh([1, 1], [DRESS, BOOTS], ["view", "view"], [0, NOW], now=NOW, half_life_days=1)
    assert log.strengths.nnz == 1
    assert log.profile_of(1).item_ids.tolist() == [BOOTS]


events = st.lists(
    st.tuples(
        st.integers(1, 4),
        st.integers(11, 15),
        st.sampled_from(sorted(WEIGHTS)),
        st.integers(0, 10**6),
    ),
    max_size=30,
    unique_by=lambda event: event[3],
)


@settings(deadline=None)
@given(events, st.randoms())
def test_the_order_in_which_events_are_read_does_not_matter(log, random):
    def columns(rows):
        return [list(column) for column in zip(*rows, strict=True)] or [[], [], [], []]

    one = weigh(*columns(log), now=2e6)
    random.shuffle(log)
    other = weigh(*columns(log), now=2e6)
    np.testing.assert_allclose(one.strengths.toarray(), other.strengths.toarray(), rtol=1e-6)
    assert one.times.tolist() == other.times.tolist()


@settings(deadline=None)
@given(events)
def test_a_visitors_session_weighs_as_much_as_the_same_clicks_of_a_known_shopper(log):
    mine = [event for event in log if event[0] == 1]
    if not mine:
        return
    users, items, kinds, times = zip(*log, strict=True)
    known = weigh(users, items, kinds, times, now=2e6).profile_of(1)
    _, items, kinds, times = zip(*mine, strict=True)
    visitor = profile_from(items, kinds, times, now=2e6)
    assert visitor.item_ids.tolist() == known.item_ids.tolist()
    np.testing.assert_allclose(visitor.strengths, known.strengths, rtol=1e-6)


def test_the_lines_of_one_order_fade_alike():
    log = Interactions.from_pairs([1, 1, 1], [DRESS, BOOTS, BAG], None, [5.0, 5.0, 9.0])
    faded = log.profile_of(1).faded(0.5)
    assert dict(zip(faded.item_ids.tolist(), faded.strengths.tolist(), strict=True)) == {
        DRESS: 0.5, BOOTS: 0.5, BAG: 1.0,
    }  # fmt: skip


def test_what_was_disliked_in_between_is_a_step_no_more_when_it_is_left_out():
    profile = Profile(np.array([DRESS, BOOTS, BAG]), np.array([1, -1, 1], np.float32), np.array([0, 1, 2]))
    assert profile.liked().faded(0.5).strengths.tolist() == [0.5, 1.0]


@pytest.mark.parametrize(
    ("n_items", "bucket"),
    [(0, "0"), (1, "1"), (2, "2-4"), (4, "2-4"), (5, "5-19"), (19, "5-19"), (20, "20+")],
)
def test_shoppers_fall_into_buckets_by_how_well_they_are_known(n_items, bucket):
    assert bucket_of(n_items) == bucket
