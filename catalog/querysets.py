"""The words in which the shop asks for products."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Self

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchQuery
from django.db import models
from django.db.models import OuterRef, Prefetch
from django.db.models.functions import Cast, JSONObject
from tree_queries.query import TreeQuerySet

SUBSTRING_FROM = 3  # letters that a trigram index finds inside of words
MAX_SIBLINGS = 24  # colours of one model that a page shows


def begun(words: str, weights: str = "") -> SearchQuery:
    """A search for all of ``words``, of which the last may be only begun; in text of these ``weights`` alone."""
    parts = re.findall(r"\w+", words)  # no sign that means something in a query is left
    signs = [":" + weights if weights else ""] * len(parts[:-1]) + [":*" + weights]
    terms = [part + sign for part, sign in zip(parts, signs, strict=False)]
    return SearchQuery(" & ".join(terms), config="english", search_type="raw")


def ready_pictures(through: str = "") -> Prefetch:
    """A product's pictures that can be shown, in order: one query for any number of products. ``through`` is the way
    to the product from rows of another model, such as ``product__``."""
    from catalog.models import ProductImage  # models import this module

    return Prefetch(
        f"{through}images", queryset=ProductImage.objects.filter(state="ready").order_by("position", "id")
    )


class CategoryQuerySet(TreeQuerySet):
    """Shelves."""

    def top_level(self) -> Self:
        """The shelves that stand in no other."""
        return self.filter(parent__isnull=True)

    def ids_below(self, slugs: Iterable[str]) -> list[int]:
        """The ids of the shelves named by ``slugs`` and of all that stand below them, in one query."""
        rows = list(self.model.objects.order_by().values_list("pk", "parent_id", "slug"))
        wanted = set(slugs)
        found = {pk for pk, _, slug in rows if slug in wanted}
        while True:
            below = {pk for pk, parent, _ in rows if parent in found} - found
            if not below:
                return sorted(found)
            found |= below


class ProductQuerySet(models.QuerySet):
    """Products."""

    def visible(self) -> Self:
        """What shoppers may see."""
        return self.filter(status="active")

    def in_stock(self) -> Self:
        return self.filter(in_stock=True)

    def in_category(self, category: models.Model) -> Self:
        """The products of ``category`` and of every shelf below it."""
        from catalog.models import Category  # models import this module

        return self.filter(category_id__in=Category.objects.ids_below([category.slug]))

    def beginning(self, words: str, only_name: bool = False) -> Self:
        """The products whose text has all of ``words``, of which the last may be only begun ("red dr")."""
        return self.filter(search_vector=begun(words, "A" if only_name else ""))

    def known_as(self, text: str) -> Self:
        """The products that staff may mean by ``text``: words of them, a piece of their name, or how their id, style
        code or a SKU begins. Each is looked up in an index of its own."""
        from catalog.models import Product, Variant  # models import this module

        text = text.strip()
        products = Product.objects.order_by()
        codes = [text, text.upper(), text.lower()]
        found = [products.beginning(text).values("pk")]
        if len(text) >= SUBSTRING_FROM:
            found.append(products.filter(name__iregex=re.escape(text)).values("pk"))
        for code in dict.fromkeys(codes):
            found += [
                products.filter(external_id__startswith=code).values("pk"),
                products.filter(style_code__startswith=code).values("pk"),
                Variant.objects.order_by().filter(sku__startswith=code).values("product_id"),
            ]
        return self.filter(pk__in=found[0].union(*found[1:]))

    def with_card_data(self) -> Self:
        """All that a product card draws: category, brand and the ready pictures, in two queries."""
        return self.select_related("category", "brand").prefetch_related(ready_pictures())

    def with_sizes(self) -> Self:
        """The sizes as plain values (``options``), without another query."""
        from catalog.models import Variant  # models import this module

        variants = Variant.objects.filter(product=OuterRef("pk")).order_by("position", "id")
        price, was_price = (
            Cast(name, models.CharField()) for name in ("price", "was_price")
        )  # JSON has no decimals
        sizes = variants.values(
            json=JSONObject(id="id", size="size", stock="stock", price=price, was_price=was_price)
        )
        return self.annotate(options=ArraySubquery(sizes))

    def with_page_data(self) -> Self:
        """All that a product's own page draws, in two queries: also every picture, and as plain values the sizes
        (``options``), attributes (``attribute_values``) and colours of the same model (``siblings``, itself included).
        """
        from catalog.models import Product, ProductAttribute  # models import this module

        attributes = ProductAttribute.objects.filter(product=OuterRef("pk")).order_by("attribute__name")
        siblings = (
            Product.objects.visible()
            .filter(style_code=OuterRef("style_code"))
            .exclude(style_code="")
            .order_by("colour", "id")[:MAX_SIBLINGS]
        )
        return (
            self.with_sizes()
            .select_related("category", "brand")
            .prefetch_related(ready_pictures())
            .annotate(
                attribute_values=ArraySubquery(
                    attributes.values(json=JSONObject(name="attribute__name", value="value"))
                ),
                siblings=ArraySubquery(
                    siblings.values(
                        json=JSONObject(
                            id="id", slug="slug", colour="colour", hex="colour_hex", in_stock="in_stock"
                        )
                    )
                ),
            )
        )

    def in_order(self, ids: Sequence[int]) -> list[models.Model]:
        """The products of ``ids`` in that order; those that are gone are left out."""
        found = self.in_bulk(list(ids))
        return [found[pk] for pk in ids if pk in found]

    def note_seen(self, words: Mapping[int, str]) -> int:
        """Store what was seen on products' pictures (product id -> everyday words), so that the search finds them by
        it; returns how many rows that changed. A product that is found by these words already is not written."""
        changed = [
            product
            for product in self.only("pk", "seen_words").filter(pk__in=words)
            if product.seen_words != words[product.pk]
        ]
        for product in changed:
            product.seen_words = words[product.pk]
        return self.bulk_update(changed, ["seen_words"])

    def without(self, ids: Iterable[int]) -> Self:
        return self.exclude(pk__in=list(ids))
