"""Refreshing the cluster network of a large made-up catalogue: how long, how much memory, how it grows, and what a
refresh after a few new products costs.

Keypoints and looks are made up in shelves as uneven as a shop's; nothing stays, the transaction is rolled back.
"""

import time
from collections.abc import Iterator

import numpy as np
import psutil
from django.db import connection, transaction
from django.utils import timezone

from catalog.models import Category, Product, ProductImage
from recommendations.refreshing_clusters import begin_network, build_block, finish_network
from shop.benchmarks.timing import Row
from vision.models import COLOUR_SIZE, EMBEDDING_SIZE, ImageAnalysis, ModelVersion, VisualDescriptors

TARGET_SECONDS = 180  # of 32,000 products
TARGET_SHARE = 0.05  # of a full refresh, after one product in a hundred is new
TARGET_EXPONENT = 1.1
SMALLER = 8  # the growth is measured from so many times fewer products
NEW = 0.01
KEYPOINTS = 120  # of a picture, on average of the real ones
# Shares of the shelves: as uneven as those of ../shared/data/products-small.
SHELVES = (0.24, 0.17, 0.07, 0.07, 0.06, 0.06, 0.05, *[0.28 / 14] * 14)
# Two article types stand on each, worn in as many places as in a shop, so that there is much to complete them with.
KINDS = (
    "Tshirts", "Shirts", "Casual Shoes", "Sports Shoes", "Handbags", "Backpacks", "Jeans", "Trousers", "Dresses",
    "Sarees", "Watches", "Wristbands", "Earrings", "Ring", "Flats", "Heels", "Sandals", "Flip Flops", "Belts",
    "Suspenders", "Wallets", "Mobile Pouch", "Sunglasses", "Eyewear", "Caps", "Hats", "Socks", "Stockings", "Scarves",
    "Ties", "Briefs", "Bra", "Night suits", "Nightdress", "Jackets", "Blazers", "Lipstick", "Lip Gloss", "Deodorant",
    "Perfume and Body Mist", "Nail Polish", "Nail Essentials",
)  # fmt: skip
BATCH = 2_000


def rows(n_products: int) -> Iterator[Row]:
    """A full refresh against one after 1 % new products, and the growth from an eighth of the catalogue."""
    with transaction.atomic():
        try:
            shop = _MadeUpShop()
            shop.grow_to(n_products // SMALLER)
            small = _refresh()
            shop.grow_to(n_products)
            peak = _Peak()
            full = _refresh()
            shop.grow_to(n_products + max(1, int(NEW * n_products)))
            again = _refresh()
        finally:
            transaction.set_rollback(True)
    exponent = float(np.log(full / small) / np.log(SMALLER))
    yield Row(
        name="refresh_clusters",
        ours=round(1000 * full, 1),
        baseline=round(1000 * small, 1),
        ratio=round(full / small, 3),
        target=round(SMALLER**TARGET_EXPONENT, 3),
        holds=exponent <= TARGET_EXPONENT and full <= TARGET_SECONDS,
        rounds=1,
        spread=0.0,
        unit="ratio",
        what=f"{n_products} products in {full:.0f} s on one core against {n_products // SMALLER}; exponent "
        f"{exponent:.2f}, {peak.grown_gb():.2f} GB more memory",
    )
    yield Row(
        name="refresh_after_few_new",
        ours=round(1000 * again, 1),
        baseline=round(1000 * full, 1),
        ratio=round(again / full, 3),
        target=TARGET_SHARE,
        holds=again / full <= TARGET_SHARE,
        rounds=1,
        spread=0.0,
        unit="ratio",
        what=f"{NEW:.0%} new products on every shelf against all {n_products} anew",
    )


def _refresh() -> float:
    """Seconds of one refresh, its blocks one after the other."""
    started = time.perf_counter()
    network, categories = begin_network()
    for category_id in categories:
        build_block(network, category_id)
    finish_network(network, accept=True)
    return time.perf_counter() - started


class _Peak:
    """How much the process has grown since now, at its largest."""

    def __init__(self) -> None:
        self.start = psutil.Process().memory_info().rss

    def grown_gb(self) -> float:
        import resource  # not on Windows

        return max(0.0, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - self.start) / 2**30


class _MadeUpShop:
    """A catalogue with nothing but what a refresh reads."""

    def __init__(self) -> None:
        self.rng = np.random.default_rng(7)
        self.shelves = [
            Category.objects.create(name=f"Benchmark shelf {i}", slug=f"benchmark-cluster-{i}")
            for i in range(len(SHELVES))
        ]
        ModelVersion.objects.update(is_active=False)
        Product.objects.update(status=Product.Status.ARCHIVED)
        self.model = ModelVersion.objects.create(
            name="benchmark", version=str(timezone.now()), backbone="none", folder="", is_active=True
        )
        self.fabrics = self.rng.integers(0, 160, (len(KINDS), 128))
        self.looks = self.rng.normal(size=(len(KINDS), EMBEDDING_SIZE))
        self.n = 0

    def grow_to(self, n: int) -> None:
        """Add products up to n."""
        while self.n < n:
            self._add(min(BATCH, n - self.n))
        with connection.cursor() as cursor:  # in a shop the database does so by itself, soon after an import
            for model in (Product, ProductImage, ImageAnalysis, VisualDescriptors):
                cursor.execute(f"ANALYZE {model._meta.db_table}")

    def _add(self, n: int) -> None:
        shelf_of = self.rng.choice(len(SHELVES), n, p=np.array(SHELVES) / sum(SHELVES))
        kinds = shelf_of * 2 + self.rng.integers(0, 2, n)
        products = Product.objects.bulk_create(
            Product(
                name=f"Benchmark product {self.n + i}",
                slug=f"benchmark-cluster-product-{self.n + i}",
                category=self.shelves[shelf_of[i]],
                status=Product.Status.ACTIVE,
                article_type=KINDS[kinds[i]],
                gender=("Women", "Men", "Unisex")[i % 3],
                colour=("Blue", "Red", "Black", "White", "Green")[i % 5],
                price=10 + i % 90,
                style_code=f"benchmark-{(self.n + i) // 2}",
                in_stock=True,
            )
            for i in range(n)
        )
        images = ProductImage.objects.bulk_create(
            ProductImage(
                product=product, state=ProductImage.State.READY, stem=f"b/{product.pk}", widths=[160]
            )
            for product in products
        )
        looks = self.looks[kinds] + 0.7 * self.rng.normal(size=(n, EMBEDDING_SIZE))
        colours = np.abs(self.rng.normal(size=(n, COLOUR_SIZE)))
        ImageAnalysis.objects.bulk_create(
            ImageAnalysis(
                image=image,
                model=self.model,
                source_hash=str(image.pk),
                embedding=look / np.linalg.norm(look),
                colour_histogram=colour / np.linalg.norm(colour),
                perceptual_hash=image.pk,
            )
            for image, look, colour in zip(images, looks, colours, strict=True)
        )
        cloth = self.fabrics[kinds][:, None] + self.rng.integers(-30, 60, (n, KEYPOINTS, 128))
        keypoints = np.clip(cloth, 0, 255).astype(np.uint8)
        VisualDescriptors.objects.bulk_create(
            VisualDescriptors(
                image=image, source_hash=str(image.pk), count=KEYPOINTS, descriptors=described.tobytes()
            )
            for image, described in zip(images, keypoints, strict=True)
        )
        self.n += n
