"""The addresses that products and shelves once had."""

from django.db import models
from django.db.models import Q

from catalog.models.product import Category, Product


class FormerSlug(models.Model):
    """A slug by which links in the world still know a product, or a shelf.

    The database writes these rows itself (triggers of migration 0007), whoever changes a slug. A slug that is used
    again means what uses it now: it is looked for here only where nothing has it.
    """

    slug = models.SlugField(max_length=220)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, null=True, related_name="former_slugs")
    category = models.ForeignKey(Category, on_delete=models.CASCADE, null=True, related_name="former_slugs")
    until = models.DateTimeField()

    class Meta:
        ordering = ["-until", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["slug"], condition=Q(product__isnull=False), name="former_product_slug_once"
            ),
            models.UniqueConstraint(
                fields=["slug"], condition=Q(category__isnull=False), name="former_category_slug_once"
            ),
            models.CheckConstraint(
                condition=Q(product__isnull=False, category=None) | Q(product=None, category__isnull=False),
                name="former_slug_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.slug
