"""Changing many products at once: what it would change, then doing just that.

A plan is made twice: to be shown, and again under locks when it is confirmed. Where the two differ, because somebody
sold or changed something in between, nothing is changed and the new plan is shown.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Literal

from django.db import transaction
from django.utils import timezone

from catalog.models import Brand, Category, Product, Variant
from catalog.prices import strike_prices
from catalog.signals import products_changed
from catalog.stocking import repeat_search_terms

MOST = 5_000  # products at once: what one transaction may hold locked while others order
_CENT = Decimal("0.01")


class NotPossible(Exception):
    """Nothing was changed; ``str(error)`` says why."""


class PlanChanged(NotPossible):
    """What would be changed is no longer what was shown."""


@dataclass(frozen=True)
class BulkEdit:
    """What to change. Empty values leave things as they are.

    ``price`` is the new price ("set"), or a percentage ("percent") or amount ("amount") to add; below zero takes away.
    ``ending`` is what prices end with, such as 0.90: the nearest price that does is taken. ``stock`` is the new number
    of pieces ("set") or so many more ("add").
    """

    status: str = ""
    category: Category | None = None
    brand: Brand | None = None
    price_how: Literal["", "set", "percent", "amount"] = ""
    price: Decimal = Decimal(0)
    ending: Decimal | None = None
    stock_how: Literal["", "set", "add"] = ""
    stock: int = 0

    def price_after(self, before: Decimal) -> Decimal:
        """The price that ``before`` becomes, in whole cents."""
        match self.price_how:
            case "set":
                after = self.price
            case "percent":
                after = before * (1 + self.price / 100)
            case "amount":
                after = before + self.price
            case _:
                return before
        if self.ending is not None:
            whole = after.to_integral_value(ROUND_FLOOR)
            near = [whole + shift + self.ending for shift in (-1, 0, 1) if whole + shift + self.ending >= 0]
            after = min(near, key=lambda price: abs(price - after))
        return after.quantize(_CENT, ROUND_HALF_UP)

    def stock_after(self, before: int) -> int:
        """How many pieces ``before`` become, never below none."""
        match self.stock_how:
            case "set":
                return self.stock
            case "add":
                return max(0, before + self.stock)
        return before


@dataclass(frozen=True)
class PlannedChange:
    """One value of a product, or of its size ``of``, before and after."""

    product: Product
    of: Variant | None
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Plan:
    """All that an edit would change."""

    edit: BulkEdit
    changes: Sequence[PlannedChange]

    @property
    def digest(self) -> str:
        """The same for the same changes of the same things."""
        lines = (f"{c.product.pk} {c.of and c.of.pk} {c.field} {c.before} {c.after}" for c in self.changes)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    @property
    def n_products(self) -> int:
        return len({change.product.pk for change in self.changes})


def plan_of(edit: BulkEdit, product_ids: Iterable[int], *, lock: bool = False) -> Plan:
    """What ``edit`` would change. With ``lock`` the rows stay locked until the transaction ends.

    Raises:
        NotPossible: for more than ``MOST`` products, or a price below zero.
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
    changes: list[PlannedChange] = []
    for product in products:
        changes += _changes_of_product(edit, product)
        for variant in sizes.get(product.pk, []):
            changes += _changes_of_size(edit, product, variant)
    return Plan(edit, changes)


def _changes_of_product(edit: BulkEdit, product: Product) -> list[PlannedChange]:
    changes = []
    if edit.status and edit.status != product.status:
        after = Product.Status(edit.status).label
        changes.append(PlannedChange(product, None, "status", product.get_status_display(), after))
    for field, new in (("category", edit.category), ("brand", edit.brand)):
        if new is not None and new != getattr(product, field):
            changes.append(PlannedChange(product, None, field, str(getattr(product, field) or "–"), str(new)))
    return changes


def _changes_of_size(edit: BulkEdit, product: Product, variant: Variant) -> list[PlannedChange]:
    price, stock = edit.price_after(variant.price), edit.stock_after(variant.stock)
    if price < 0:
        raise NotPossible(f"{variant} would cost {price} {variant.currency}. Choose a smaller reduction.")
    changes = []
    if price != variant.price:
        changes.append(PlannedChange(product, variant, "price", str(variant.price), str(price)))
    if stock != variant.stock:
        changes.append(PlannedChange(product, variant, "stock", str(variant.stock), str(stock)))
    return changes


def carry_out(edit: BulkEdit, product_ids: Iterable[int], digest: str) -> Plan:
    """Do what the plan of that ``digest`` says, all of it or nothing.

    Raises:
        PlanChanged: when it would be something else by now.
        NotPossible: as ``plan_of``.
    """
    with transaction.atomic():
        plan = plan_of(edit, product_ids, lock=True)
        if plan.digest != digest:
            raise PlanChanged(
                "Something was sold or changed meanwhile. Nothing was changed: look at it again."
            )
        sizes = {change.of for change in plan.changes if change.of}
        for variant in sizes:
            variant.price, variant.stock = edit.price_after(variant.price), edit.stock_after(variant.stock)
        Variant.objects.bulk_update(sorted(sizes, key=lambda variant: variant.pk), ["price", "stock"], 500)
        touched = sorted({change.product.pk for change in plan.changes})
        rows = Product.objects.filter(pk__in=touched)
        own = {"status": edit.status, "category": edit.category, "brand": edit.brand}
        rows.update(updated_at=timezone.now(), **{name: value for name, value in own.items() if value})
        strike_prices(touched)
        if edit.category or edit.brand:
            repeat_search_terms(rows)
        if touched:
            products_changed.send(Product, product_ids=touched)
    return plan
