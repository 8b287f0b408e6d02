"""Products -> the rows that ``import_catalog`` reads.

The file names each picture's largest rendition, so that a CSV file laid into the media folder can be imported again.
"""

import csv
from collections.abc import Iterator

from django.db.models import Prefetch

from catalog.models import Attribute, Category, Product, ProductAttribute, ProductImage, Variant
from catalog.querysets import ProductQuerySet

COLUMNS = (
    "id", "name", "description", "category", "article_type", "brand", "gender", "colour", "colour_hex", "style_code",
    "status", "price", "was_price", "currency", "sizes", "weight", "images",
)  # fmt: skip
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
BATCH = 500


class _Line:
    """What ``csv.writer`` wants to write into: gives each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def csv_lines(products: ProductQuerySet) -> Iterator[str]:
    """The header and a line for each product; memory stays the same however many there are."""
    attributes = list(Attribute.objects.values_list("pk", "slug"))
    paths = _category_paths()
    writer = csv.writer(_Line())
    yield writer.writerow([*COLUMNS, *(slug for _, slug in attributes)])
    complete = products.select_related("brand").prefetch_related(
        "variants",
        Prefetch("attributes", ProductAttribute.objects.order_by()),
        Prefetch("images", ProductImage.objects.filter(state=ProductImage.State.READY)),
    )
    for product in complete.iterator(chunk_size=BATCH):
        values = {value.attribute_id: value.value for value in product.attributes.all()}
        cells = [*_cells(product, paths), *(values.get(pk, "") for pk, _ in attributes)]
        yield writer.writerow([_harmless(cell) for cell in cells])


def _cells(product: Product, paths: dict[int, str]) -> list[str]:
    variants = list(product.variants.all())
    return [
        product.external_id or product.slug,
        product.name,
        product.description,
        paths[product.category_id],
        product.article_type,
        product.brand.name if product.brand else "",
        product.gender,
        product.colour,
        product.colour_hex,
        product.style_code,
        product.status,
        str(product.price) if variants else "",
        str(product.was_price or ""),
        product.currency,
        "|".join(f"{variant.size}:{variant.stock}" for variant in variants),
        _weight(variants),
        "|".join(image.rendition_name(max(image.widths)) for image in product.images.all() if image.widths),
    ]


def _weight(variants: list[Variant]) -> str:
    """The grams of one piece where all sizes weigh the same; a file has one weight for a product."""
    weights = {variant.weight for variant in variants}
    return str(weights.pop() or "") if len(weights) == 1 else ""


def _category_paths() -> dict[int, str]:
    """Each category's id and its path from the top shelf down, such as ``Tops > T-shirts``."""
    rows = {
        pk: (parent, name) for pk, parent, name in Category.objects.values_list("pk", "parent_id", "name")
    }

    def path(pk: int) -> str:
        parent, name = rows[pk]
        return f"{path(parent)} > {name}" if parent else name

    return {pk: path(pk) for pk in rows}


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet shows instead of running it as a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell
