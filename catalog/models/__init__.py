"""What is sold."""

from catalog.models.former_slug import FormerSlug
from catalog.models.image import ProductImage
from catalog.models.price import PriceChange
from catalog.models.product import Attribute, Brand, Category, Product, ProductAttribute
from catalog.models.variant import Variant
from catalog.models.words import PopularSearch, Search, Synonym, Word

__all__ = [
    "Attribute",
    "Brand",
    "Category",
    "FormerSlug",
    "PopularSearch",
    "PriceChange",
    "Product",
    "ProductAttribute",
    "ProductImage",
    "Search",
    "Synonym",
    "Variant",
    "Word",
]
