"""What every size has cost, and since when."""

from django.db import models

from catalog.models.variant import Variant


class PriceChange(models.Model):
    """From ``since`` on the variant was offered at ``price``; or, where that is None, not offered at all.

    The database writes these rows itself (triggers of migration 0006), whoever changes a price or shows or hides a
    product, and lets nobody change one. They go with their variant, and a year after they were in force.
    """

    variant = models.ForeignKey(
        Variant, on_delete=models.CASCADE, related_name="price_changes", db_index=False
    )  # the index below begins with it
    price = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    currency = models.CharField(max_length=3)
    since = models.DateTimeField()

    class Meta:
        ordering = ["since", "id"]
        indexes = [models.Index(fields=["variant", "-since", "-id"], name="price_change_newest")]

    def __str__(self) -> str:
        offer = "not offered" if self.price is None else f"{self.price} {self.currency}"
        return f"{offer} since {self.since:%Y-%m-%d}"
