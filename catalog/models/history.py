"""What the catalogue was before each change. The database writes these rows itself, whoever changes something: the
admin, an import, an order, SQL. Each holds the values from before; ``catalog.history`` tells what came after."""

import pghistory

from catalog.models.product import Brand, Category, Product
from catalog.models.variant import Variant


def _before(label: str = "before") -> pghistory.UpdateEvent:
    return pghistory.UpdateEvent(label, row=pghistory.Old)


class ProductBefore(
    pghistory.create_event_model(
        Product,
        _before(),
        fields=[
            "name", "slug", "status", "description", "category", "brand", "gender", "article_type", "colour",
            "colour_hex", "style_code",
        ],
    )
):  # fmt: skip
    """A product before a change."""


class VariantBefore(
    pghistory.create_event_model(Variant, _before(), fields=["sku", "size", "colour", "price", "currency"])
):
    """A size before a change of anything but its stock."""


class StockBefore(pghistory.create_event_model(Variant, _before("stock_before"), fields=["stock"])):
    """A size's stock before a change."""

    class Meta:
        verbose_name = "change of stock"
        verbose_name_plural = "changes of stock"


class CategoryBefore(
    pghistory.create_event_model(Category, _before(), fields=["name", "slug", "parent", "position"])
):
    """A shelf before a change."""


class BrandBefore(pghistory.create_event_model(Brand, _before(), fields=["name", "slug", "story"])):
    """A brand before a change."""
