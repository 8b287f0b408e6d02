"""Visitors for a demo shop: each has a taste, looks around for some days, saves a little and buys a little.

A fresh demo would otherwise have nothing popular and no shoppers of anybody's taste. A real shop never needs this.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from accounts.models import User
from catalog.models import Product
from recommendations.models import Interaction

DAYS = 12
BATCH = 2_000
# After a look, so often one of these follows.
FOLLOWS = {"wish": 0.10, "cart": 0.12, "purchase": 0.06}
GENDERS = ("Women", "Men")


def invent_visits(n_visitors: int, users: Sequence[User], now: datetime, seed: int = 7) -> int:
    """Write down what ``n_visitors`` invented visitors, and each of ``users``, did in the last days.

    The same seed and the same catalogue give the same visits. Returns how many interactions were written.
    """
    products = list(
        Product.objects.visible()
        .in_stock()
        .order_by("pk")
        .values_list("pk", "gender", "brand_id", "colour", "style_code")
    )
    if not products:
        return 0
    rng = np.random.default_rng(seed)
    shoppers: list[dict] = [{"session_key": f"invented-{number}"} for number in range(n_visitors)]
    shoppers += [{"user": user} for user in users]
    rows = []
    for shopper in shoppers:
        chances = _taste(products, rng)
        n_looks = min(int(rng.integers(6, 26)), int(np.count_nonzero(chances)))
        start = now - timedelta(days=float(rng.uniform(0.05, DAYS)))
        for place, choice in enumerate(rng.choice(len(products), n_looks, replace=False, p=chances)):
            at = start + timedelta(seconds=40.0 * place + float(rng.uniform(5, 35)))
            kinds = ["view", *(kind for kind, chance in FOLLOWS.items() if rng.random() < chance)]
            rows += [
                Interaction(product_id=products[choice][0], kind=kind, created_at=min(at, now), **shopper)
                for kind in kinds
            ]
    Interaction.objects.bulk_create(rows, batch_size=BATCH)
    return len(rows)


def _taste(products: Sequence[tuple], rng: np.random.Generator) -> NDArray[np.float64]:
    """How likely one visitor looks at each product: for whom they shop, some brands, some colours, some models."""
    genders, brands, colours, styles = (np.array([str(p[i]) for p in products]) for i in range(1, 5))
    fits = np.isin(genders, [rng.choice(GENDERS), "Unisex", ""])
    chances = np.where(fits, 1.0, 0.02)
    chances *= np.where(np.isin(brands, rng.choice(np.unique(brands), 3)), 6.0, 1.0)
    chances *= np.where(np.isin(colours, rng.choice(np.unique(colours), 4)), 3.0, 1.0)
    # Some models are loved by everybody; which ones does not depend on the visitor.
    loved = np.random.default_rng(1).choice(
        np.unique(styles), max(1, len(np.unique(styles)) // 12), replace=False
    )
    chances *= np.where(np.isin(styles, loved), 4.0, 1.0)
    return chances / chances.sum()
