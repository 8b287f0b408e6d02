"""What search engines may find."""

from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from catalog.models import Category, Product


class ProductSitemap(Sitemap):
    """All visible products."""

    limit = 10_000

    def items(self) -> QuerySet[Product]:
        return Product.objects.visible().order_by("pk").only("slug", "updated_at")

    def lastmod(self, product: Product) -> datetime:
        return product.updated_at


class ShelfSitemap(Sitemap):
    """All categories."""

    def items(self) -> QuerySet[Category]:
        return Category.objects.order_by("pk")


class PageSitemap(Sitemap):
    """The pages that are always there."""

    def items(self) -> list[str]:
        return ["home", "all", "photo_search", "contact", "delivery", "returns", "privacy", "imprint"]

    def location(self, name: str) -> str:
        return reverse(name)


SITEMAPS = {"pages": PageSitemap, "shelves": ShelfSitemap, "products": ProductSitemap}
