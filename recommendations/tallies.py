"""What was shown, counted: models of ``recommendations.models`` behind ``showing`` and ``evidence``.

Nobody who was shown something is in them.
"""

from django.db import models
from django.utils import timezone


class RowTally(models.Model):
    """How many cards a place of the shop (``home``, ``related`` …) has shown in one day for one reason.

    The place ``showing.VISITS`` counts home pages instead, by how well the shopper was known (``profiles.BUCKETS``);
    ``showing.PHOTO_SEARCHES`` counts photos that were searched with.
    """

    day = models.DateField()
    place = models.CharField(max_length=20)
    reason = models.CharField(max_length=30)
    shown = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = "row shown"
        verbose_name_plural = "what is shown"
        ordering = ["-day", "place", "reason"]
        constraints = [
            models.UniqueConstraint(fields=["day", "place", "reason"], name="row_tally_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.shown} in {self.place} on {self.day}: {self.reason}"


class ProductTally(models.Model):
    """How often recommendations have shown a product in one day, wherever that was."""

    day = models.DateField()
    # No foreign key: it is written in bulk, and a product may be taken away meanwhile.
    product_id = models.BigIntegerField()
    shown = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["-day", "product_id"]
        constraints = [models.UniqueConstraint(fields=["day", "product_id"], name="product_tally_once_a_day")]

    def __str__(self) -> str:
        return f"Product {self.product_id}: {self.shown} on {self.day}"


class ListsProof(models.Model):
    """How well the voices, and what a version makes of them, answered its rehearsal. It stays when the version goes."""

    version_id = models.BigIntegerField(unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    questions = models.PositiveIntegerField()
    worth = models.JSONField(help_text="Voice, or “hybrid”: [nDCG@10, its standard error].")

    class Meta:
        ordering = ["-version_id"]

    def __str__(self) -> str:
        return f"Proof of version {self.version_id}"
