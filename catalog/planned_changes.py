"""Changes of many products: a plan that is shown first, then carried out as it was shown, or not at all.

A plan is made twice: to be shown, and again under locks when it is confirmed. Where the two differ, because somebody
sold or changed something in between, nothing is changed and the new plan is shown.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from catalog.models import Product, Variant
from catalog.prices import strike_prices
from catalog.signals import products_changed
from catalog.stocking import repeat_search_terms

MOST = 5_000  # products at once: what one transaction may hold locked while others order
_IN_SEARCH_TERMS = {"category", "brand"}
_BATCH = 500


class NotPossible(Exception):
    """Nothing was changed; ``str(error)`` says why."""


class PlanChanged(NotPossible):
    """What would be changed is no longer what was shown."""


@dataclass(frozen=True)
class PlannedChange:
    """One ``field`` of a product, or of its size ``of``, that becomes ``value``; ``before`` and ``after`` in words."""

    product: Product
    of: Variant | None
    field: str
    value: Any
    before: str
    after: str


@dataclass(frozen=True)
class Plan:
    """All that would be changed."""

    changes: Sequence[PlannedChange]

    @property
    def digest(self) -> str:
        """The same for the same changes of the same things."""
        lines = (f"{c.product.pk} {c.of and c.of.pk} {c.field} {c.before} {c.after}" for c in self.changes)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    @property
    def n_products(self) -> int:
        return len({change.product.pk for change in self.changes})


def chosen_rows(product_ids: Iterable[int], *, lock: bool) -> tuple[list[Product], dict[int, list[Variant]]]:
    """The products, and the sizes of each by its id. With ``lock`` they stay locked until the transaction ends.

    Raises:
        NotPossible: for more than ``MOST`` products.
    """
    ids = sorted(set(product_ids))
    if len(ids) > MOST:
        raise NotPossible(f"At most {MOST:,} products can be changed at once; these are {len(ids):,}.")
    variants = Variant.objects.filter(product__in=ids).order_by("pk")
    products = Product.objects.filter(pk__in=ids).order_by("pk").select_related("category", "brand")
    if lock:  # by ascending id, sizes first, as orders do
        variants = variants.select_for_update(no_key=True)
        products = products.select_for_update(of=("self",), no_key=True)
    sizes: dict[int, list[Variant]] = {}
    for variant in variants:
        sizes.setdefault(variant.product_id, []).append(variant)
    return list(products), sizes


def carry_out(make_plan: Callable[[bool], Plan], digest: str) -> Plan:
    """Do what the plan of that ``digest`` says, all of it or nothing. ``make_plan(lock)`` makes it.

    Raises:
        PlanChanged: when it would be something else by now.
        NotPossible: as ``make_plan``.
    """
    with transaction.atomic():
        plan = make_plan(True)
        if plan.digest != digest:
            raise PlanChanged(
                "Something was sold or changed meanwhile. Nothing was changed: look at it again."
            )
        sizes: dict[int, Variant] = {}
        products: dict[int, Product] = {}
        for change in plan.changes:
            products.setdefault(change.product.pk, change.product).updated_at = timezone.now()
            row = change.product if change.of is None else sizes.setdefault(change.of.pk, change.of)
            setattr(row, change.field, change.value)
        if not products:
            return plan
        fields = {change.field for change in plan.changes if change.of is None}
        if sizes:
            Variant.objects.bulk_update(sizes.values(), ["price", "stock"], _BATCH)
        Product.objects.bulk_update(products.values(), ["updated_at", *sorted(fields)], _BATCH)
        strike_prices(sorted(products))
        if fields & _IN_SEARCH_TERMS:
            repeat_search_terms(Product.objects.filter(pk__in=products))
        products_changed.send(Product, product_ids=sorted(products))
    return plan
