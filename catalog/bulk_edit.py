"""Changing many products at once by one rule, such as "a fifth cheaper"."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Literal

from catalog.models import Brand, Category, Product, Variant
from catalog.planned_changes import NotPossible, Plan, PlannedChange, chosen_rows

_CENT = Decimal("0.01")


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


def plan_of(edit: BulkEdit, product_ids: Iterable[int], *, lock: bool = False) -> Plan:
    """What ``edit`` would change. With ``lock`` the rows stay locked until the transaction ends.

    Raises:
        NotPossible: for more than ``planned_changes.MOST`` products, or a price below zero.
    """
    products, sizes = chosen_rows(product_ids, lock=lock)
    changes: list[PlannedChange] = []
    for product in products:
        changes += _changes_of_product(edit, product)
        for variant in sizes.get(product.pk, []):
            changes += _changes_of_size(edit, product, variant)
    return Plan(changes)


def _changes_of_product(edit: BulkEdit, product: Product) -> list[PlannedChange]:
    changes = []
    if edit.status and edit.status != product.status:
        after = Product.Status(edit.status).label
        changes.append(
            PlannedChange(product, None, "status", edit.status, product.get_status_display(), after)
        )
    for field, new in (("category", edit.category), ("brand", edit.brand)):
        if new is not None and new != getattr(product, field):
            before = str(getattr(product, field) or "–")
            changes.append(PlannedChange(product, None, field, new, before, str(new)))
    return changes


def _changes_of_size(edit: BulkEdit, product: Product, variant: Variant) -> list[PlannedChange]:
    price, stock = edit.price_after(variant.price), edit.stock_after(variant.stock)
    if price < 0:
        raise NotPossible(f"{variant} would cost {price} {variant.currency}. Choose a smaller reduction.")
    changes = []
    if price != variant.price:
        changes.append(PlannedChange(product, variant, "price", price, str(variant.price), str(price)))
    if stock != variant.stock:
        changes.append(PlannedChange(product, variant, "stock", stock, str(variant.stock), str(stock)))
    return changes
