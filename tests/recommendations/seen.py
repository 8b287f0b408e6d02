"""Products whose pictures have been looked at, without the network: words and colours are real, looks drawn by lot."""

import numpy as np

from catalog.models import Product
from tests import factories
from tests.conftest import make_picture
from vision.colour import colour_histogram, garment_colours
from vision.models import EMBEDDING_SIZE, ImageAnalysis, ModelVersion, VisualDescriptors
from vision.visual_words import find_keypoints


def look_of(seed: int) -> list[float]:
    """An embedding of length 1; the same for the same seed."""
    vector = np.random.default_rng(seed).normal(size=EMBEDDING_SIZE)
    return (vector / np.linalg.norm(vector)).tolist()


def seen_product(seed: int, **fields) -> Product:
    """A product with one picture, made from ``seed``, that a worker has looked at."""
    product = factories.ProductFactory(pictures=1, **fields)
    see(product, seed)
    return product


def see(product: Product, seed: int) -> None:
    """Store what a worker would have seen on the product's cover; seeing it again replaces it."""
    image = product.images.first()
    picture = make_picture(seed, 180, 240)
    model, _ = ModelVersion.objects.get_or_create(
        name="fake", version="1", defaults={"backbone": "none", "folder": "", "is_active": True}
    )
    keypoints = find_keypoints(picture)
    ImageAnalysis.objects.update_or_create(
        image=image,
        model=model,
        defaults={
            "source_hash": f"{seed:064d}",
            "embedding": look_of(seed),
            "colour_histogram": colour_histogram(picture).tolist(),
            "colours": [[colour, share] for colour, share in garment_colours(picture)],
            "perceptual_hash": seed,
        },
    )
    VisualDescriptors.objects.update_or_create(
        image=image,
        defaults={
            "source_hash": f"{seed:064d}",
            "count": len(keypoints.descriptors),
            "descriptors": keypoints.descriptors.tobytes(),
        },
    )
