"""Tables that say which body a size is made for."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from catalog.models import Brand, Category, Product


class SizeTable(models.Model):
    """One table of the size guide.

    ``category`` (with the shelves below it), ``brand`` and ``gender`` say for which products it was made; where they
    are empty it serves any whose sizes it knows (``shop.sizing.choosing``).
    """

    name = models.CharField(max_length=80)
    category = models.ForeignKey(
        Category,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text="And all below it.",
    )
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    gender = models.CharField(max_length=10, choices=Product.Gender, blank=True)
    columns = ArrayField(
        models.CharField(max_length=40),
        help_text="What is measured, in centimetres, divided by commas: Chest, Waist, Hip.",
    )
    other_sizes = models.CharField(
        max_length=40,
        blank=True,
        help_text="Heading of a second way to count sizes, such as EU; may be empty.",
    )
    advice = models.CharField(
        max_length=300, blank=True, help_text="How to measure, or what to do between two sizes."
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class SizeRow(models.Model):
    """One size: its measures in centimetres, in the order of the table's columns."""

    table = models.ForeignKey(SizeTable, on_delete=models.CASCADE, related_name="rows")
    size = models.CharField(max_length=20)
    other_size = models.CharField(max_length=20, blank=True)
    measures = ArrayField(
        models.CharField(max_length=20),
        help_text="In the order of the columns, divided by commas: 80–84, 62–66.",
    )
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["table", "size"], name="size_once_per_table")]

    def __str__(self) -> str:
        return self.size
