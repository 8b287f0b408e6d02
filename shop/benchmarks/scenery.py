"""A catalogue and shoppers made up for a benchmark, inside a transaction that is rolled back at the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import numpy as np
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from accounts.models import User
from catalog.models import Brand, Category, Product, ProductImage, Variant
from catalog.offers import refresh_offers
from recommendations.models import Interaction
from vision.models import COLOUR_SIZE, EMBEDDING_SIZE, ImageAnalysis, ModelVersion

N_CATEGORIES = 12
N_COLOURS = 10
EVENTS_PER_USER = 12
OWN_CACHE = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


@contextmanager
def scenery(n_products: int, n_users: int, seed: int = 7) -> Iterator[list[Product]]:
    """Put ``n_products`` products with analysed pictures and ``n_users`` shoppers with histories on the stage.

    Nothing of it stays: the transaction is rolled back, whatever happens inside, and what is cached meanwhile is cached
    in this process alone, not in the shop's Redis.
    """
    with override_settings(CACHES=OWN_CACHE), transaction.atomic():
        try:
            products = _products(n_products, np.random.default_rng(seed))
            _shoppers(n_users, products, np.random.default_rng(seed + 1))
            yield products
        finally:
            transaction.set_rollback(True)


def _products(n: int, rng: np.random.Generator) -> list[Product]:
    shelves = [
        Category.objects.create(name=f"Benchmark shelf {i}", slug=f"benchmark-shelf-{i}")
        for i in range(N_CATEGORIES)
    ]
    brands = [
        Brand.objects.create(name=f"Benchmark brand {i}", slug=f"benchmark-brand-{i}") for i in range(20)
    ]
    products = Product.objects.bulk_create(
        [
            Product(
                name=f"Benchmark product {i}",
                slug=f"benchmark-product-{i}",
                category=shelves[i % N_CATEGORIES],
                brand=brands[i % len(brands)],
                status=Product.Status.ACTIVE,
                article_type=f"Kind {i % 30}",
                colour=f"Colour {i % N_COLOURS}",
                style_code=f"benchmark-{i // 3}",
            )
            for i in range(n)
        ],
        batch_size=1000,
    )
    Variant.objects.bulk_create(
        [
            Variant(
                product=p,
                sku=f"benchmark-{p.pk}-{size}",
                size=size,
                price=Decimal(20 + p.pk % 90),
                stock=p.pk % 7,
            )
            for p in products
            for size in ("S", "M", "L")
        ],
        batch_size=1000,
    )
    images = ProductImage.objects.bulk_create(
        [
            ProductImage(
                product=p, state="ready", stem=f"benchmark/{p.pk}", widths=[160, 320], width=320, height=427
            )
            for p in products
        ],
        batch_size=1000,
    )
    ModelVersion.objects.update(is_active=False)
    model = ModelVersion.objects.create(
        name="benchmark", version=str(timezone.now()), backbone="none", folder="", is_active=True
    )
    centres = rng.normal(size=(40, EMBEDDING_SIZE))
    looks = centres[rng.integers(0, 40, n)] + 0.6 * rng.normal(size=(n, EMBEDDING_SIZE))
    colours = np.abs(rng.normal(size=(n, COLOUR_SIZE)))
    ImageAnalysis.objects.bulk_create(
        [
            ImageAnalysis(
                image=image,
                model=model,
                source_hash=str(image.pk),
                embedding=look / np.linalg.norm(look),
                colour_histogram=colour / np.linalg.norm(colour),
                perceptual_hash=int(image.pk),
            )
            for image, look, colour in zip(images, looks, colours, strict=True)
        ],
        batch_size=1000,
    )
    refresh_offers([p.pk for p in products])
    return products


def _shoppers(n: int, products: list[Product], rng: np.random.Generator) -> None:
    users = User.objects.bulk_create(
        [User(email=f"benchmark-{i}@example.com", password="!") for i in range(n)],  # noqa: S106 - no usable password
        batch_size=1000,
    )
    now = timezone.now()
    Interaction.objects.bulk_create(
        [
            Interaction(
                user=user,
                product=products[int(rng.zipf(1.3)) % len(products)],
                kind="view",
                created_at=now - timedelta(minutes=float(rng.integers(1, 60_000))),
            )
            for user in users
            for _ in range(EVENTS_PER_USER)
        ],
        batch_size=1000,
    )
