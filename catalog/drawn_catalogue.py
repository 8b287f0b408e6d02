"""The drawn demo catalogue as records and pictures that ``catalog.stocking`` understands."""

import hashlib
from collections.abc import Callable, Iterator, Sequence

from django.db import transaction
from django.utils import timezone

from catalog.drawing.demo import DrawnProduct, demo_brands, demo_categories
from catalog.drawn_pictures import draw_renditions
from catalog.importing import ImportRecord
from catalog.models import Brand, Category, PriceChange, Product, Variant
from catalog.picture_sizes import PictureJob
from catalog.prices import BEFORE, strike_prices

DRAWING_VERSION = 1  # raise it when the drawings change, so that existing demo shops draw theirs again


def stock_shelves() -> None:
    """Create the brands and categories of the demo catalogue; those that exist are left as a curator made them."""
    for brand in demo_brands():
        Brand.objects.get_or_create(
            slug=brand.slug, defaults={"name": brand.name, "story": brand.story, "logo_svg": brand.logo_svg}
        )
    made: dict[str, Category] = {}
    for position, category in enumerate(demo_categories()):
        made[category.slug], _ = Category.objects.get_or_create(
            slug=category.slug,
            defaults={
                "name": category.name,
                "parent": made[category.parent] if category.parent else None,
                "position": position,
            },
        )


def records_of(products: Sequence[DrawnProduct]) -> Iterator[ImportRecord]:
    """One record for each drawn product. The categories must be there (``stock_shelves``)."""
    paths: dict[str, tuple[str, ...]] = {}
    for category in demo_categories():
        above = paths[category.parent] if category.parent else ()
        paths[category.slug] = (*above, category.name)
    brand_names = {brand.slug: brand.name for brand in demo_brands()}
    for row, product in enumerate(products, start=1):
        yield ImportRecord(
            row=row,
            external_id=product.external_id,
            name=product.name,
            category=paths[product.category],
            brand=brand_names[product.brand],
            gender=product.gender,
            article_type=product.article_type,
            colour=product.colour,
            colour_hex=product.colour_hex,
            description=product.description,
            style_code=product.style_code,
            price=product.price,
            was_price=product.was_price,
            sizes=product.sizes,
            attributes={
                "pattern": product.pattern,
                "fabric": product.fabric,
                "season": product.season,
                "usage": product.usage,
                **product.attributes,
            },
            pictures=product.views,
        )


def draw_earlier_prices(products: Sequence[DrawnProduct]) -> None:
    """Let the price log of a drawn catalogue begin before its reductions: its past is invented, as all of it is.

    A variant whose log is older than the thirty days that count keeps the log it has.
    """
    now = timezone.now()
    before = {product.external_id: product.was_price for product in products if product.was_price}
    reduced = Product.objects.filter(external_id__in=before)
    young = Variant.objects.filter(product__in=reduced, product__status=Product.Status.ACTIVE).exclude(
        price_changes__since__lt=now - BEFORE
    )
    with transaction.atomic():
        PriceChange.objects.bulk_create(
            PriceChange(
                variant=variant,
                price=before[variant.product.external_id],
                currency=variant.currency,
                since=now - 3 * BEFORE,
            )
            for variant in young.select_related("product")
        )
        strike_prices(reduced.values_list("pk", flat=True))


def jobs_of(
    products: Sequence[DrawnProduct], width: int, height: int
) -> Callable[[ImportRecord], Sequence[PictureJob]]:
    """How to get the pictures of a drawn record: each view is drawn in another process."""
    drawn = {product.external_id: product for product in products}

    def jobs(record: ImportRecord) -> Sequence[PictureJob]:
        product = drawn[record.external_id]
        return [
            PictureJob(
                digest=hashlib.sha256(
                    f"{DRAWING_VERSION} {width}x{height} {view} {product}".encode()
                ).hexdigest(),
                make=draw_renditions,
                arguments=(product, view, width, height),
                alt=f"{record.name} in {record.colour.lower()}" + (f", {view} view" if number else ""),
            )
            for number, view in enumerate(product.views)
        ]

    return jobs
