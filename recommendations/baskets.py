"""Reads what is bought together in this shop."""

from datetime import timedelta

import numpy as np
from django.utils import timezone

from recommendations.associations import BoughtTogether
from recommendations.models import Interaction
from recommendations.profiles import SECONDS_A_DAY, Interactions

REMEMBERED = timedelta(days=365)
HALF_LIFE_DAYS = 90.0  # a season
KINDS = (Interaction.Kind.CART, Interaction.Kind.PURCHASE)


def bought_together() -> BoughtTogether | None:
    """The rules of the last year's baskets; None while there is no basket.

    A basket is what one signed-in shopper or one visitor put into the bag or bought on one day. A rule needs several
    of both, baskets and shoppers; those who want no personal pages are not counted.
    """
    rows = list(
        Interaction.objects.filter(kind__in=KINDS, created_at__gte=timezone.now() - REMEMBERED)
        .exclude(user__personalised=False)
        .values_list("user_id", "session_key", "product_id", "created_at")
    )
    if not rows:
        return None
    people: dict[tuple[int | None, str], int] = {}
    days: dict[tuple[int, int], int] = {}
    owners: list[int] = []
    orders = []
    for user_id, visitor, _, at in rows:
        person = people.setdefault((user_id, visitor), len(people))
        day = (person, int(at.timestamp() // SECONDS_A_DAY))
        if day not in days:
            days[day] = len(days)
            owners.append(person)
        orders.append(days[day])
    baskets = Interactions.from_pairs(
        orders,
        [row[2] for row in rows],
        None,
        np.array([row[3].timestamp() for row in rows]),
    )
    return BoughtTogether(half_life_days=HALF_LIFE_DAYS).fit(baskets, shoppers=owners)
