"""What is sold."""

from catalog.models.image import ProductImage
from catalog.models.product import Attribute, Brand, Category, Product, ProductAttribute
from catalog.models.variant import Variant

__all__ = ["Attribute", "Brand", "Category", "Product", "ProductAttribute", "ProductImage", "Variant"]
