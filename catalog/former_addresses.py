"""Where things are that once had another address."""

from catalog.models import Category, FormerSlug, Product


def former_product(slug: str) -> Product | None:
    """The product that has or once had ``slug``, unless it is a draft; it may be archived by now."""
    shown = Product.objects.exclude(status=Product.Status.DRAFT)
    found = shown.filter(slug=slug).first()
    if found is None:
        former = FormerSlug.objects.filter(slug=slug, product__in=shown).select_related("product").first()
        found = former.product if former else None
    return found


def former_category(slug: str) -> Category | None:
    """The shelf that once had ``slug``."""
    former = FormerSlug.objects.filter(slug=slug, category__isnull=False).select_related("category").first()
    return former.category if former else None
