"""Puts records and their pictures into the catalogue, in blocks, so that the work can be stopped and resumed.

Pictures are decoded and encoded by ``executor``'s processes; the rows of a block are written in one transaction when
its pictures are done. A product whose row and pictures are unchanged is not written at all.
"""

import hashlib
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify

from catalog.importing import ImportRecord, Rejection
from catalog.models import Attribute, Brand, Category, Product, ProductAttribute, ProductImage, Variant
from catalog.picture_sizes import PictureJob, Renditions
from catalog.prices import strike_prices
from catalog.renditions import save_renditions
from catalog.signals import product_image_saved, products_changed

BLOCK = 32
SEARCH_TERMS_BATCH = 500


@dataclass
class StockingReport:
    """What became of the records."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[Rejection] = field(default_factory=list)
    image_ids: list[int] = field(default_factory=list)


# What `pictures_of` returns for one record. It raises ValueError or OSError when a picture cannot be read.
PicturesOf = Callable[[ImportRecord], Sequence[PictureJob]]


def stock(
    rows: Iterable[ImportRecord | Rejection],
    pictures_of: PicturesOf,
    executor: Executor,
    advance: Callable[[int], None] = lambda n: None,
    *,
    is_rehearsal: bool = False,
) -> StockingReport:
    """Create or update a product for each record; collect the rejected rows and go on.

    ``advance`` is called with the number of rows each time that a block is done. A rehearsal does everything, the
    pictures too, but write anything down.
    """
    report = StockingReport()
    shelves = _Shelves()
    for block in _blocks(rows, BLOCK):
        report.rejected += [row for row in block if isinstance(row, Rejection)]
        _stock_block(
            [row for row in block if isinstance(row, ImportRecord)],
            pictures_of,
            executor,
            shelves,
            report,
            is_rehearsal=is_rehearsal,
        )
        advance(len(block))
    return report


def _blocks(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    iterator = iter(rows)
    while block := list(islice(iterator, size)):
        yield block


@dataclass
class _Waiting:
    """A record whose pictures are being made."""

    record: ImportRecord
    digest: str
    product: Product | None
    jobs: list[PictureJob]
    futures: dict[str, Future[Renditions]]


def _stock_block(
    records: list[ImportRecord],
    pictures_of: PicturesOf,
    executor: Executor,
    shelves: "_Shelves",
    report: StockingReport,
    *,
    is_rehearsal: bool,
) -> None:
    known = {
        product.external_id: product
        for product in Product.objects.filter(
            external_id__in=[r.external_id for r in records]
        ).prefetch_related("images")
    }
    waiting: list[_Waiting] = []
    for record in records:
        product = known.get(record.external_id)
        try:
            jobs = list(pictures_of(record))
        except (ValueError, OSError) as error:
            report.rejected.append(Rejection(record.row, record.external_id, str(error)))
            continue
        digest = hashlib.sha256(
            "".join([record.digest(), *(job.digest for job in jobs)]).encode()
        ).hexdigest()
        images = {image.source_hash for image in product.images.all() if image.widths} if product else set()
        if product and product.import_hash == digest and images >= {job.digest for job in jobs}:
            report.unchanged += 1
            continue
        futures = {
            job.digest: executor.submit(job.make, *job.arguments) for job in jobs if job.digest not in images
        }
        waiting.append(_Waiting(record, digest, product, jobs, futures))

    made: list[tuple[_Waiting, dict[str, Renditions]]] = []
    for item in waiting:
        try:
            made.append((item, {digest: future.result() for digest, future in item.futures.items()}))
        except ValueError as error:
            report.rejected.append(Rejection(item.record.row, item.record.external_id, str(error)))

    report.created += sum(item.product is None for item, _ in made)
    report.updated += sum(item.product is not None for item, _ in made)
    if is_rehearsal:
        return
    image_ids: list[int] = []
    changed: list[int] = []
    with transaction.atomic():
        for item, renditions in made:
            product = _save_product(item.record, item.digest, item.product, shelves)
            changed.append(product.pk)
            image_ids += _save_pictures(product, item.jobs, renditions)
        strike_prices(changed)
    report.image_ids += image_ids
    if image_ids:
        product_image_saved.send(ProductImage, image_ids=image_ids)
    if changed:
        products_changed.send(Product, product_ids=changed)


def _save_product(record: ImportRecord, digest: str, product: Product | None, shelves: "_Shelves") -> Product:
    product = product or Product(external_id=record.external_id)
    product.name = record.name
    if not product.slug:
        product.slug = _free_slug(record)
    product.description = record.description
    product.category = shelves.category(record.category)
    product.brand = shelves.brand(record.brand)
    product.gender = record.gender
    product.article_type = record.article_type
    product.colour = record.colour
    product.colour_hex = record.colour_hex
    product.style_code = record.style_code
    product.status = record.status
    product.import_hash = digest
    product.search_terms = search_terms(product, record.attributes.values())
    product.save()
    _save_variants(product, record)
    values = {shelves.attribute(name): value for name, value in record.attributes.items()}
    product.attributes.exclude(attribute__in=values).delete()
    ProductAttribute.objects.bulk_create(
        [
            ProductAttribute(product=product, attribute=attribute, value=value)
            for attribute, value in values.items()
        ],
        update_conflicts=True,
        unique_fields=["product", "attribute"],
        update_fields=["value"],
    )
    return product


def _free_slug(record: ImportRecord) -> str:
    slug = slugify(record.name)[:150] or "product"
    if not Product.objects.filter(slug=slug).exists():
        return slug
    return f"{slug}-{slugify(record.external_id)[-60:]}"


def _save_variants(product: Product, record: ImportRecord) -> None:
    """Make the variants say what the record says; a size that is no longer named is sold out, not forgotten."""
    price = record.price if record.price is not None else invented_price(record)
    there = {variant.size: variant for variant in product.variants.all()}
    new, old = [], []
    for position, (size, stock_) in enumerate(record.sizes):
        variant = there.pop(size, None)
        (old if variant else new).append(
            variant := variant
            or Variant(product=product, sku=_sku(record, size), size=size, colour=record.colour)
        )
        variant.price, variant.stock = price, stock_
        variant.currency = record.currency or settings.DEFAULT_CURRENCY
        variant.position = position
        if record.weight is not None:
            variant.weight = record.weight
    for variant in there.values():
        variant.stock = 0
        old.append(variant)
    Variant.objects.bulk_create(new)
    Variant.objects.bulk_update(old, ["price", "stock", "currency", "position", "weight"])


def _sku(record: ImportRecord, size: str) -> str:
    return "-".join(part for part in (record.external_id, size.replace(" ", "")) if part)[:120]


def invented_price(record: ImportRecord) -> Decimal:
    """A price for a row that names none, so that the product can be bought: the same at every import, 9.90 to 149.90,
    alike for one article type. A real catalogue names its prices."""
    kind = int(hashlib.sha256(record.article_type.encode()).hexdigest(), 16) % 9
    own = int(hashlib.sha256(record.external_id.encode()).hexdigest(), 16) % 6
    return Decimal(9 + 13 * kind + 6 * own) + Decimal("0.90")


def _save_pictures(product: Product, jobs: list[PictureJob], renditions: dict[str, Renditions]) -> list[int]:
    """Bring the product's pictures into the order of ``jobs``; returns the ids of those with new content."""
    there = {image.source_hash: image for image in product.images.all()}
    new = []
    for position, job in enumerate(jobs):
        image = there.pop(job.digest, None) or ProductImage(product=product)
        image.position, image.alt = position, job.alt
        image.save()
        if job.digest in renditions:
            save_renditions(image, renditions[job.digest], job.digest)
            new.append(image.pk)
    for image in there.values():
        image.delete()
    return new


def search_terms(product: Product, values: Iterable[str] = ()) -> str:
    """The words by which the search finds ``product`` beside its name, without accents."""
    words = [
        product.brand.name if product.brand else "",
        *product.category.slug.split("-"),
        product.category.name,
        product.article_type,
        product.colour,
        product.gender,
        *values,
    ]
    text = " ".join(word for word in words if word)
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def repeat_search_terms(products: QuerySet[Product]) -> None:
    """Write anew by which words these products are found, after a name they carry has changed."""
    complete = products.select_related("brand", "category").prefetch_related("attributes")
    changed: list[Product] = []
    for product in complete.iterator(chunk_size=SEARCH_TERMS_BATCH):
        product.search_terms = search_terms(product, [value.value for value in product.attributes.all()])
        changed.append(product)
    Product.objects.bulk_update(changed, ["search_terms"], batch_size=SEARCH_TERMS_BATCH)
    products_changed.send(Product, product_ids=[product.pk for product in changed])


class _Shelves:
    """Finds or makes categories, brands and attributes, each once."""

    def __init__(self) -> None:
        self._categories: dict[tuple[str, ...], Category] = {}
        self._brands: dict[str, Brand] = {}
        self._attributes: dict[str, Attribute] = {}

    def category(self, path: tuple[str, ...]) -> Category:
        if path not in self._categories:
            parent = self.category(path[:-1]) if len(path) > 1 else None
            found = Category.objects.filter(name__iexact=path[-1], parent=parent).first()
            if found is None:
                slug = slugify(path[-1])[:70] or "shelf"
                if Category.objects.filter(slug=slug).exists():
                    slug = slugify(" ".join(path))[-80:]
                found, _ = Category.objects.get_or_create(
                    slug=slug, defaults={"name": path[-1], "parent": parent}
                )
            self._categories[path] = found
        return self._categories[path]

    def brand(self, name: str) -> Brand | None:
        if not name:
            return None
        if name not in self._brands:
            found = Brand.objects.filter(name__iexact=name).first()
            if found is None:
                slug = slugify(name)[:80] or hashlib.sha256(name.encode()).hexdigest()[:12]
                found, _ = Brand.objects.get_or_create(slug=slug, defaults={"name": name})
            self._brands[name] = found
        return self._brands[name]

    def attribute(self, name: str) -> Attribute:
        if name not in self._attributes:
            title = name.replace("_", " ").strip()[:60]
            slug = slugify(title) or hashlib.sha256(name.encode()).hexdigest()[:12]
            self._attributes[name], _ = Attribute.objects.get_or_create(slug=slug, defaults={"name": title})
        return self._attributes[name]
