"""What is sold."""

from catalog.models.former_slug import FormerSlug
from catalog.models.history import BrandBefore, CategoryBefore, ProductBefore, StockBefore, VariantBefore
from catalog.models.image import ProductImage
from catalog.models.price import PriceChange
from catalog.models.product import Attribute, Brand, Category, Product, ProductAttribute
from catalog.models.tax_class import TaxClass
from catalog.models.variant import Variant
from catalog.models.words import PopularSearch, Search, Synonym, Word

__all__ = [
    "Attribute",
    "Brand",
    "BrandBefore",
    "Category",
    "CategoryBefore",
    "FormerSlug",
    "PopularSearch",
    "PriceChange",
    "Product",
    "ProductAttribute",
    "ProductBefore",
    "ProductImage",
    "Search",
    "StockBefore",
    "Synonym",
    "TaxClass",
    "Variant",
    "VariantBefore",
    "Word",
]
