"""A classifier that can be predicted, model folders that look real, and products with pictures that a test can see."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np
from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from catalog.images import RGB, encode_jpeg
from catalog.models import Product, ProductImage
from tests import factories
from vision.inference import Label, Prediction

LABELS = (
    Label("Women", "gender", 0.93),
    Label("Tshirts", "type", 0.88),
    Label("Blue", "colour", 0.71),
    Label("Shirts", "type", 0.09),
)


class FakeClassifier:
    """Sees a T-shirt in everything; its embedding is the picture itself, in 128 grey values."""

    def predict(self, images: Sequence[RGB]) -> list[Prediction]:
        return [Prediction(LABELS, grey_embedding(image)) for image in images]


def grey_embedding(image: RGB) -> np.ndarray:
    """128 grey values around their mean, with length 1: float32 (128,)."""
    grey = cv2.resize(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), (8, 16), interpolation=cv2.INTER_AREA)
    values = grey.astype(np.float32).ravel()
    values -= values.mean()
    return values / max(1e-6, float(np.linalg.norm(values)))


KINDS = {"type": ["Tshirts", "Shirts"]}


def write_model(
    folder: Path,
    version: str = "1",
    embedding_size: int = 128,
    graph: bytes = b"graph",
    kinds: Mapping[str, Sequence[str]] = KINDS,
) -> Path:
    """A model's folder whose manifest vouches for its files. Its graph is none: only the fake classifier 'runs' it."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {"model.tflite": graph, "labels.json": json.dumps(kinds).encode()}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    manifest = {
        "name": "lite",
        "version": version,
        "backbone": "efficientnet-lite0",
        "embedding_size": embedding_size,
        "sha256": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def uploaded(data: bytes, product: Product | None = None, **fields: object) -> ProductImage:
    """A product's picture as it comes in: a file that waits to be looked at."""
    product = product or factories.ProductFactory(pictures=0)
    return ProductImage.objects.create(product=product, upload=ContentFile(data, name="photo.jpg"), **fields)


def patchwork(seed: int, width: int = 360, height: int = 480) -> RGB:
    """A picture of shapes with edges and corners, other ones for each seed: (height, width, 3) uint8."""
    rng = np.random.default_rng(seed)
    picture = Image.new("RGB", (width, height), tuple(rng.integers(60, 200, 3).tolist()))
    draw = ImageDraw.Draw(picture)
    for _ in range(60):
        x, y = rng.integers(0, width), rng.integers(0, height)
        corners = [(x + int(dx), y + int(dy)) for dx, dy in rng.integers(-width // 8, width // 8, (4, 2))]
        draw.polygon(corners, fill=tuple(rng.integers(0, 255, 3).tolist()))
    return np.array(picture)


def jpeg(seed: int, width: int = 360, height: int = 480) -> bytes:
    """``patchwork`` as a JPEG file."""
    return encode_jpeg(patchwork(seed, width, height))
