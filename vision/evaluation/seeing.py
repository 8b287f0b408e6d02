"""Pictures as every channel of a search sees them, side by side: raw pixels, colours, visual words, the network."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from catalog.images import RGB, ImageRejected, decode_image
from catalog.importing import PICTURE_SUFFIXES
from vision.datasets import DECODED, Dataset, DatasetError, Picture
from vision.detection import Detector
from vision.evaluation.classifying import Progress
from vision.inference import Classifier, Label
from vision.looking import look_at
from vision.visual_words import Descriptors

Floats = npt.NDArray[np.float32]
Describe = Callable[[RGB], Floats]

PIXELS_SIDE = 24
# Bins of hue, saturation and value.
HISTOGRAM_BINS = (12, 4, 4)


@dataclass(frozen=True)
class Seen:
    """n pictures of a data set and what was seen in each; the rows of all fields belong together.

    ``embeddings`` (n, 128) and ``colours`` (n, 64) have length 1 and are the shop's own; ``described`` holds the
    simple channels' vectors (n, d), also of length 1. ``has_table`` tells pictures of a CSV from folders.
    """

    pictures: Sequence[Picture]
    labels: Sequence[tuple[Label, ...]]
    goods: Floats
    embeddings: Floats
    colours: Floats
    descriptors: Sequence[Descriptors]
    hashes: Sequence[int]
    described: Mapping[str, Floats]
    has_table: bool
    rejected: Sequence[str]

    def __len__(self) -> int:
        return len(self.pictures)

    def part(self, rows: Sequence[int]) -> "Seen":
        """The pictures of ``rows``, in that order. Nothing of them was rejected."""
        return Seen(
            [self.pictures[row] for row in rows],
            [self.labels[row] for row in rows],
            self.goods[rows],
            self.embeddings[rows],
            self.colours[rows],
            [self.descriptors[row] for row in rows],
            [self.hashes[row] for row in rows],
            {name: vectors[rows] for name, vectors in self.described.items()},
            self.has_table,
            [],
        )

    def joined(self, others: "Seen") -> "Seen":
        """These pictures, then ``others``; only with the channels that both were described by."""
        return Seen(
            [*self.pictures, *others.pictures],
            [*self.labels, *others.labels],
            np.concatenate([self.goods, others.goods]),
            np.concatenate([self.embeddings, others.embeddings]),
            np.concatenate([self.colours, others.colours]),
            [*self.descriptors, *others.descriptors],
            [*self.hashes, *others.hashes],
            {
                name: np.concatenate([self.described[name], others.described[name]])
                for name in self.described.keys() & others.described.keys()
            },
            self.has_table and others.has_table,
            [*self.rejected, *others.rejected],
        )


def see(
    dataset: Dataset,
    classifier: Classifier,
    progress: Progress,
    describers: Mapping[str, Describe],
    *,
    detector: Detector | None = None,
    keep_descriptors: bool = True,
) -> Seen:
    """Look at every picture of a data set once, as the shop's worker does, and describe it in the simple ways too.

    A ``detector`` says where the garment is whose colours count. Pictures that cannot be read are left out and named
    in ``rejected``. Without ``keep_descriptors`` there will be none: those of a hundred thousand pictures are some
    gigabytes.
    """
    kept, looks, rejected = [], [], list(dataset.rejected)
    described: dict[str, list[Floats]] = {name: [] for name in describers}
    descriptors = []
    for picture in progress(dataset.pictures, dataset.name):
        try:
            image = picture.read()
        except (ImageRejected, OSError, ValueError) as error:
            rejected.append(f"{picture.name}: {error}")
            continue
        (look,) = look_at([image], classifier, detector)
        kept.append(picture)
        looks.append((look.labels, look.goods, look.embedding, look.colour_histogram, look.perceptual_hash))
        descriptors.append(look.keypoints.descriptors if keep_descriptors else _NO_DESCRIPTORS)
        for name, describe in describers.items():
            described[name].append(unit(describe(image)))
    if not kept:
        raise DatasetError(f"{dataset.name} holds no picture that can be read.")
    labels, goods, embeddings, colours, hashes = zip(*looks, strict=True)
    return Seen(
        kept,
        labels,
        np.array(goods, np.float32),
        np.stack(embeddings),
        np.stack(colours),
        descriptors,
        hashes,
        {name: np.stack(rows) for name, rows in described.items()},
        dataset.exact,
        rejected,
    )


_NO_DESCRIPTORS: Descriptors = np.zeros((0, 128), np.uint8)


def raw_pixels(image: RGB) -> Floats:
    """24 x 24 pixels: float32 (1728,). What any cleverer channel has to beat."""
    small = cv2.resize(image, (PIXELS_SIDE, PIXELS_SIDE), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32).ravel()


def whole_histogram(image: RGB) -> Floats:
    """How much of the whole picture has which hue, saturation and value: float32 (192,), square roots of shares."""
    hsv = cv2.cvtColor(image, cv2.COLOR_RGB2HSV)
    counts = cv2.calcHist([hsv], [0, 1, 2], None, list(HISTOGRAM_BINS), [0, 180, 0, 256, 0, 256])
    return np.asarray(np.sqrt(counts.ravel() / counts.sum()), np.float32)


SIMPLE: Mapping[str, Describe] = {"pixels": raw_pixels, "histogram": whole_histogram}


def unit(vector: Floats) -> Floats:
    """The same direction with length 1; all zero stays so."""
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9), np.float32)


def loose_pictures(folder: Path) -> Dataset:
    """All pictures below a folder, without labels.

    Raises:
        DatasetError: when there is none.
    """
    files = sorted(file for file in folder.rglob("*") if file.suffix.lower() in PICTURE_SUFFIXES)
    if not files:
        raise DatasetError(f"{folder} holds no pictures. Give a folder of pictures of other things.")
    return Dataset(
        folder.name,
        [Picture(str(file.relative_to(folder)), {}, _reader(file)) for file in files],
        exact=False,
    )


def _reader(file: Path) -> Callable[[], RGB]:
    return lambda: decode_image(file.read_bytes(), target=DECODED)
