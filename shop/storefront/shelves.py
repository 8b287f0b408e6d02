"""The shelves of the shop as every page needs them: for the header, the breadcrumb and the home page's tiles."""

from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache

from catalog.models import Category, Product, ProductImage

CACHE_KEY = "storefront-shelves"
CACHE_SECONDS = 300
# What a tile draws of a picture; the rest of the row need not be remembered.
IMAGE_FIELDS = ("id", "product_id", "alt", "state", "stem", "widths", "width", "height", "dominant_colour")


@dataclass(frozen=True)
class Shelf:
    """A category that has something to show. ``image``, at the top of the tree alone, is its newest picture, if any."""

    id: int
    parent_id: int | None
    name: str
    slug: str
    url: str
    image: ProductImage | None = None


@dataclass(frozen=True)
class ShelfPlan:
    """All shelves by id, and the ids of those at the top that hold visible products, in order."""

    by_id: dict[int, Shelf] = field(default_factory=dict)
    top_ids: tuple[int, ...] = ()

    @property
    def top(self) -> list[Shelf]:
        return [self.by_id[pk] for pk in self.top_ids]

    def path_to(self, category_id: int) -> list[Shelf]:
        """The shelves from the top down to ``category_id``; empty for a category made a moment ago."""
        path: list[Shelf] = []
        shelf = self.by_id.get(category_id)
        while shelf is not None and shelf not in path:
            path.insert(0, shelf)
            shelf = self.by_id.get(shelf.parent_id) if shelf.parent_id else None
        return path

    def below(self, category_id: int) -> list[Shelf]:
        """The shelves directly below ``category_id``."""
        return [shelf for shelf in self.by_id.values() if shelf.parent_id == category_id]


def shelf_plan() -> ShelfPlan:
    """The shelves, from the cache where they are known already."""
    known = cache.get(CACHE_KEY)
    if known is not None:
        return _from_values(known)
    plan = _plan()
    cache.set(CACHE_KEY, _as_values(plan), CACHE_SECONDS)
    return plan


def _as_values(plan: ShelfPlan) -> dict[str, Any]:
    """The plan as the cache's JSON holds it."""
    shelves = [
        {**vars(shelf), "image": shelf.image and {name: getattr(shelf.image, name) for name in IMAGE_FIELDS}}
        for shelf in plan.by_id.values()
    ]
    return {"shelves": shelves, "top_ids": list(plan.top_ids)}


def _from_values(values: dict[str, Any]) -> ShelfPlan:
    """The plan that ``_as_values`` wrote down."""
    shelves = [
        Shelf(**{**shelf, "image": ProductImage(**shelf["image"]) if shelf["image"] else None})
        for shelf in values["shelves"]
    ]
    return ShelfPlan({shelf.id: shelf for shelf in shelves}, tuple(values["top_ids"]))


def forget_shelves(**signal: Any) -> None:
    """Look again at the next page: a category changed, or products came and went."""
    cache.delete(CACHE_KEY)


def _plan() -> ShelfPlan:
    newest = {
        product.category_id: product.cover
        for product in Product.objects.visible()
        .order_by("category_id", "-in_stock", "-created_at", "-id")
        .distinct("category_id")
        .with_card_data()
    }
    categories = list(Category.objects.order_by("position", "name"))
    parents = {category.pk: category.parent_id for category in categories}
    images: dict[int, ProductImage | None] = {}
    for category_id, image in newest.items():
        above: int | None = category_id
        while above is not None:
            images[above] = images.get(above) or image
            above = parents.get(above)
    by_id = {
        c.pk: Shelf(
            id=c.pk,
            parent_id=c.parent_id,
            name=c.name,
            slug=c.slug,
            url=c.get_absolute_url(),
            image=images[c.pk] if c.parent_id is None else None,
        )
        for c in categories
        if c.pk in images
    }
    return ShelfPlan(by_id, tuple(pk for pk, shelf in by_id.items() if shelf.parent_id is None))
