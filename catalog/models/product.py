"""Categories, brands, products and their attributes."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from tree_queries.models import TreeNode

from catalog.models.tax_class import TaxClass
from catalog.prices import percent_off
from catalog.querysets import CategoryQuerySet, ProductQuerySet


class Category(TreeNode):
    """A shelf of the shop; shelves stand in a tree."""

    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=80, unique=True)
    position = models.PositiveIntegerField(default=0)
    tax_class = models.CharField(
        max_length=10,
        choices=TaxClass,
        default=TaxClass.STANDARD,
        db_default=TaxClass.STANDARD,
        help_text="Of what stands on this shelf, unless a product says otherwise.",
    )

    objects = CategoryQuerySet.as_manager(with_tree_fields=False)

    class Meta:
        ordering = ["position", "name"]
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("listing", args=[self.slug])


class Brand(models.Model):
    """Who makes it."""

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    story = models.TextField(blank=True)
    logo_svg = models.TextField(blank=True, help_text="The logo as SVG, drawn with currentColor.")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Attribute(models.Model):
    """A property that products have a value for, such as "season"."""

    name = models.CharField(max_length=60, unique=True)
    slug = models.SlugField(max_length=60, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """One model in one colour: the thing a shopper picks from a page. Its variants are the sizes.

    The colours of one model share a ``style_code`` and are shown as swatches of each other. ``price``,
    ``was_price``, ``currency``, ``in_stock`` and ``sizes_in_stock`` repeat what the variants say (see
    ``catalog.offers``), so that a page of cards is one query, can be sorted by an index and counts its filters
    without a look at the variants.
    """

    class Status(models.TextChoices):
        DRAFT = "draft"
        ACTIVE = "active"
        ARCHIVED = "archived"

    class Gender(models.TextChoices):
        WOMEN = "Women"
        MEN = "Men"
        UNISEX = "Unisex"
        GIRLS = "Girls"
        BOYS = "Boys"

    external_id = models.CharField(
        max_length=100,
        unique=True,
        null=True,
        blank=True,
        help_text="The product's id in the system it was imported from.",
    )  # null, not "": several products may come from nowhere
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT, db_index=True)
    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=220, unique=True)
    description = models.TextField(blank=True)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="products")
    brand = models.ForeignKey(
        Brand, on_delete=models.SET_NULL, null=True, blank=True, related_name="products"
    )
    gender = models.CharField(max_length=10, choices=Gender, blank=True)
    article_type = models.CharField(max_length=60, blank=True, db_index=True)
    colour = models.CharField(max_length=40, blank=True, db_index=True)
    colour_hex = models.CharField(max_length=7, blank=True, help_text="For the swatch, such as #8c1d2f.")
    style_code = models.CharField(
        max_length=100, blank=True, db_index=True, help_text="Shared by the colours of one model."
    )

    price = models.DecimalField(max_digits=10, decimal_places=2, default=0, editable=False)
    was_price = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True, editable=False)
    currency = models.CharField(max_length=3, default="EUR", editable=False)
    in_stock = models.BooleanField(default=False, editable=False)
    sizes_in_stock = ArrayField(
        models.CharField(max_length=20), default=list, db_default=[], blank=True, editable=False
    )

    tax_class = models.CharField(
        max_length=10,
        choices=TaxClass,
        blank=True,
        default="",
        db_default="",
        help_text="Empty: the category's.",
    )

    import_hash = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="SHA-256 of the imported row; the same row changes nothing.",
    )
    search_terms = models.TextField(
        blank=True,
        editable=False,
        help_text="Brand, category, colour, attributes: what the search finds beside the name.",
    )
    seen_words = models.TextField(
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="What a network saw on the cover, in everyday words. A guess: the search ranks it last.",
    )
    search_vector = models.GeneratedField(  # weight D is what was only seen: catalog.search counts on it
        expression=SearchVector("name", weight="A", config="english")
        + SearchVector("search_terms", weight="B", config="english")
        + SearchVector("description", weight="C", config="english")
        + SearchVector("seen_words", weight="D", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            GinIndex(fields=["search_vector"], name="product_search_vector"),
            GinIndex(fields=["name"], name="product_name_trigram", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["status", "-created_at", "-id"], name="product_listing_newest"),
            models.Index(fields=["status", "price", "id"], name="product_listing_price"),
            models.Index(  # all that the filters count (catalog.facets): the wide rows are not read for it
                fields=["status", "category"],
                include=[
                    "article_type",
                    "colour",
                    "colour_hex",
                    "brand",
                    "gender",
                    "price",
                    "in_stock",
                    "sizes_in_stock",
                ],
                name="product_facets",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(price__gte=0), name="product_price_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("product", args=[self.slug])

    @property
    def is_visible(self) -> bool:
        """Whether shoppers may see the product."""
        return self.status == self.Status.ACTIVE

    @property
    def percent_off(self) -> int | None:
        """By how much the price is reduced, if it is."""
        return percent_off(self.price, self.was_price)

    @property
    def cover(self):
        """The first picture, or None; free of queries after ``with_card_data()`` or a prefetch of ``images``."""
        images = self.images.all()
        return images[0] if images else None


class ProductAttribute(models.Model):
    """The value of one attribute of one product."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="attributes")
    attribute = models.ForeignKey(Attribute, on_delete=models.CASCADE, related_name="values")
    value = models.CharField(max_length=200)

    class Meta:
        ordering = ["attribute__name"]
        constraints = [
            models.UniqueConstraint(fields=["product", "attribute"], name="attribute_once_per_product")
        ]

    def __str__(self) -> str:
        return f"{self.attribute}: {self.value}"
