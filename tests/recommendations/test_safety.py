"""No list reveals what one shopper did, and nobody moves the lists of others, however much they click."""

from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from accounts.shopper import Shopper
from recommendations.content import ContentModel
from recommendations.hybrid import fit_hybrid, leads_from
from recommendations.models import Interaction
from recommendations.profiles import NEWCOMER, SECONDS_A_DAY, Profile, weigh
from recommendations.recording import profile_of, recent_events
from recommendations.serving import home_for
from tests.factories import ProductFactory, UserFactory

NOW = 1_700_000_000.0
N_ITEMS = 60
CLICKER = 9_999


def a_shop_of_two_hundred() -> list[tuple[int, int, str, float]]:
    """Two hundred shoppers of three tastes, a dozen views each, spread over the last month."""
    random = np.random.default_rng(0)
    rows = []
    for user in range(1, 201):
        shelf = 20 * (user % 3)
        for item in random.choice(20, 12, replace=False).tolist():
            rows.append((user, 1 + shelf + item, "view", NOW - float(random.uniform(0, 30)) * SECONDS_A_DAY))
    return rows


def hybrid_of(rows: list[tuple[int, int, str, float]]):
    users, items, kinds, times = zip(*rows, strict=True)
    interactions = weigh(users, items, kinds, times, now=NOW)
    content = ContentModel().fit(
        range(1, N_ITEMS + 1), [{f"shelf:{(item - 1) // 20}"} for item in range(1, N_ITEMS + 1)]
    )
    return fit_hybrid(interactions, content, {item: (item - 1) // 20 for item in range(1, N_ITEMS + 1)})


def test_ten_thousand_clicks_of_one_account_move_no_list_by_more_than_a_hundredth():
    rows = a_shop_of_two_hundred()
    random = np.random.default_rng(1)
    # The worst of it: half of the clicks on two products that nobody would connect, half on everything, within a day.
    both = np.concatenate([np.tile([1, 59], 2_500), random.integers(1, N_ITEMS + 1, 5_000)]).tolist()
    clicks = [(CLICKER, item, "click", NOW - SECONDS_A_DAY + 8.0 * n) for n, item in enumerate(both)]
    before, after = hybrid_of(rows), hybrid_of(rows + clicks)
    profiles = [
        NEWCOMER,
        *(Profile.of(*(1 + random.choice(20, 4, replace=False)).tolist()) for _ in range(40)),
    ]
    moved = shown = 0
    for profile in profiles:
        ours, theirs = (model.recommend_for(profile, 24) for model in (before, after))
        moved += len(set(ours.ids.tolist()) - set(theirs.ids.tolist()))
        shown += len(ours)
    assert shown == 24 * len(profiles)
    assert moved / shown <= 0.01


def test_what_two_shoppers_share_leads_nobody_anywhere():
    rows = [*a_shop_of_two_hundred(), *((user, item, "view", NOW) for user in (501, 502) for item in (1, 59))]
    assert 59 not in leads_from(hybrid_of(rows), 1, N_ITEMS).ids


def test_an_account_alone_with_its_taste_is_in_nobodys_list():
    rows = [*a_shop_of_two_hundred(), *((CLICKER, 1_000 + n, "purchase", NOW) for n in range(50))]
    page = hybrid_of(rows).recommend_for(Profile.of(1_001, 1_002), N_ITEMS)
    assert not any(item > N_ITEMS for item in page.ids.tolist())


@pytest.mark.django_db
@pytest.mark.parametrize("agent", ["Googlebot/2.1", "python-requests/2", "facebookexternalhit/1.1", ""])
def test_what_a_program_reads_is_no_evidence(client, agent):
    product = ProductFactory()
    assert client.get(product.get_absolute_url(), headers={"user-agent": agent}).status_code == 200
    assert not Interaction.objects.exists()


@pytest.mark.django_db
def test_a_hurried_look_counts_less_than_one_that_lasted():
    """Left for another product within seconds, a view is worth a quarter."""
    hurried, lasting, other = (ProductFactory() for _ in range(3))
    me = Shopper(user_id=UserFactory().pk)
    now = timezone.now()
    for product, seconds in ((lasting, 120), (hurried, 60), (other, 58)):
        Interaction.objects.create(
            user_id=me.user_id, product=product, kind="view", created_at=now - timedelta(seconds=seconds)
        )
    profile = profile_of(recent_events(me))
    strength = dict(zip(profile.item_ids.tolist(), profile.strengths.tolist(), strict=True))
    assert strength[hurried.pk] == pytest.approx(0.25 * strength[lasting.pk], rel=1e-3)
    assert home_for(me).is_personal
