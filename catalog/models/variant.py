"""What is put into the cart: a size (and colour) of a product, with its price and stock."""

from django.db import models
from django.db.models import F, Q

from catalog.models.product import Product
from catalog.prices import percent_off


class Variant(models.Model):
    """One size of a product."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="variants")
    sku = models.CharField("SKU", max_length=120, unique=True)
    size = models.CharField(max_length=20, blank=True)
    colour = models.CharField(max_length=40, blank=True)
    price = models.DecimalField(max_digits=10, decimal_places=2)
    # Struck beside the price; told by the log of prices (catalog.prices), never typed in.
    was_price = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True, editable=False)
    currency = models.CharField(max_length=3, default="EUR")
    stock = models.IntegerField(default=0)
    weight = models.PositiveIntegerField(
        null=True, blank=True, help_text="In grams, packed; empty: the shop's usual weight."
    )
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(stock__gte=0),
                name="stock_not_negative",
                violation_error_message="Stock cannot be below zero.",
            ),
            models.CheckConstraint(
                condition=Q(price__gte=0),
                name="price_not_negative",
                violation_error_message="A price cannot be below zero.",
            ),
            models.CheckConstraint(
                condition=Q(was_price__isnull=True) | Q(was_price__gt=F("price")),
                name="was_price_above_price",
                violation_error_message="The former price must be above the price.",
            ),
            models.UniqueConstraint(fields=["product", "size", "colour"], name="option_once_per_product"),
        ]

    def __str__(self) -> str:
        options = " ".join(option for option in (self.size, self.colour) if option)
        return f"{self.product} {options}".strip()

    @property
    def is_available(self) -> bool:
        return self.stock > 0

    @property
    def percent_off(self) -> int | None:
        """By how much the price is reduced, if it is."""
        return percent_off(self.price, self.was_price)
