"""Labelled pictures for training and measuring: from folders, from CSV files, drawn by code; and honest splits of them.

Two pictures of one thing on both sides of a split make any figure look better than it is. So pictures are grouped, and
a group stays on one side: rows of a CSV by their name without colour and gender words (the colours of one model), other
pictures by a perceptual hash (near-duplicates).
"""

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from catalog.drawing.demo import DrawnProduct, demo_products
from catalog.drawing.render import draw_phone_photo, draw_product
from catalog.images import RGB, decode_image
from catalog.importing import Rejection, Source, SourceError
from vision.labels import (
    COLOUR_WORDS,
    GOODS,
    SUBJECTS,
    Labels,
    LabelSpace,
    colour_family,
    labels_from_folder,
    meant_by,
    shelf_of,
)
from vision.vocabulary import GENDER_WORDS

# Pictures are decoded no larger than this, as the worker does: networks look at 224 pixels of thousands.
DECODED = 512
DRAWN = (300, 400)  # width and height of a drawn garment


class DatasetError(Exception):
    """A data set that cannot be used as a whole; the text says what is expected."""


@dataclass(frozen=True)
class Picture:
    """A labelled picture that is not read yet.

    ``words`` are its labels as the source writes them, kind -> word. ``group`` names what must stay together in a
    split; None leaves that to the picture itself.
    """

    name: str
    words: Mapping[str, str]
    read: Callable[[], RGB]
    group: str | None = None


@dataclass(frozen=True)
class Dataset:
    """Labelled pictures of one source. ``exact`` says that its words are labels, not what people call things; ``sells``
    that it shows goods, whose words are worth knowing."""

    name: str
    pictures: Sequence[Picture]
    exact: bool
    rejected: Sequence[str] = field(default=())
    sells: bool = True


def read_dataset(path: Path) -> Dataset:
    """Open a folder per label (``red_dress/*.jpg``), a CSV beside its pictures, or a zip of either.

    Raises:
        DatasetError: when it is none of these.
    """
    try:
        source = Source(path)
        rows = list(source)
    except (SourceError, OSError) as error:
        raise DatasetError(str(error)) from error
    title = "/".join(path.resolve().parts[-2:])
    pictures, rejected = [], []
    exact = source.has_table
    for row in rows:
        if isinstance(row, Rejection):
            rejected.append(f"row {row.row} ({row.external_id or 'no id'}): {row.error}")
            continue
        name = row.pictures[0]
        if exact:
            words = {"type": row.article_type, "colour": row.colour, "gender": row.gender, **row.attributes}
            group = name_stem(row.name)
        else:
            words, group = labels_from_folder(Path(name).parent.name), None
        words = {kind: word for kind, word in words.items() if word}
        pictures.append(Picture(f"{title}/{name}", words, _reader(source, name), group))
    return Dataset(title, pictures, exact, rejected)


def _reader(source: Source, name: str) -> Callable[[], RGB]:
    return lambda: decode_image(source.read(name), target=DECODED)


def sample(dataset: Dataset, limit: int, seed: int) -> Dataset:
    """At most ``limit`` pictures of a data set, chosen by ``seed``, in their order."""
    if len(dataset.pictures) <= limit:
        return dataset
    chosen = np.sort(np.random.default_rng(seed).choice(len(dataset.pictures), limit, replace=False))
    return replace(dataset, pictures=[dataset.pictures[i] for i in chosen])


def drawn_dataset(n: int, seed: int) -> Dataset:
    """``n`` drawn garments with known labels, in turns as the shop shows them and as a shopper's phone would."""
    return Dataset(
        f"{n} drawn garments, seed {seed}",
        [_drawn(product, as_photo=number % 2 == 1) for number, product in enumerate(demo_products(n, seed))],
        exact=True,
    )


def _drawn(product: DrawnProduct, as_photo: bool) -> Picture:
    draw = draw_phone_photo if as_photo else draw_product
    return Picture(
        name=f"drawn {product.external_id}{' as a photo' if as_photo else ''}",
        words={
            "type": product.article_type,
            "colour": product.colour,
            "gender": product.gender,
            "pattern": product.pattern,
        },
        read=lambda: np.asarray(draw(product, *DRAWN), np.uint8),
        group=product.style_code,
    )


def name_stem(name: str) -> str:
    """A product's name without the words that tell its variants apart: colours, genders, numbers."""
    words = re.findall(r"[a-z']+", name.lower())
    return " ".join(word for word in words if word not in GENDER_WORDS and word not in COLOUR_WORDS)


def label_pictures(
    datasets: Sequence[Dataset], kinds: Sequence[str], at_least: int = 1
) -> tuple[LabelSpace, list[Labels]]:
    """Say what each picture may be, in the labels of all data sets together; the pictures follow each other as given.

    Where one data set is exact (a CSV), its words are the labels and folder names are understood in them ("shoes"
    is any of its types of shoe); folders alone bring their own. Labels on fewer than ``at_least`` pictures are no
    labels. The category of a picture is the shelf its type belongs on, its family that of its colour; a picture that
    does not say otherwise shows goods.
    """
    known = {
        kind: _frequent(datasets, kind, at_least) for kind in kinds if kind not in ("category", "family")
    }
    for told, by in (("category", "type"), ("family", "colour")):
        if told in kinds and by not in known:
            known[by] = _frequent(datasets, by, at_least)
    labelled = [understand(picture.words, known) for dataset in datasets for picture in dataset.pictures]
    return LabelSpace.of(labelled, kinds), [
        {k: v for k, v in labels.items() if k in kinds} for labels in labelled
    ]


def _frequent(datasets: Sequence[Dataset], kind: str, at_least: int) -> frozenset[str]:
    if kind == "subject":
        return frozenset(SUBJECTS)
    exact = [dataset for dataset in datasets if dataset.exact and dataset.sells] or datasets
    counts: dict[str, int] = {}
    for dataset in exact:
        for picture in dataset.pictures:
            if word := picture.words.get(kind):
                counts[word] = counts.get(word, 0) + 1
    return frozenset(word for word, count in counts.items() if count >= at_least)


def understand(words: Mapping[str, str], known: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    """A picture's words in the labels of ``known`` (kind -> labels), and what follows from them: the category from the
    type, the family from the colour; and that it shows goods, unless it says otherwise."""
    labels = {kind: meant_by(words[kind], kind, names) for kind, names in known.items() if kind in words}
    if "subject" in known:
        labels["subject"] = frozenset({words.get("subject", GOODS)})
    families = {family for label in labels.get("colour", ()) if (family := colour_family(label))}
    if families:
        labels["family"] = frozenset(families)
    shelves = frozenset(shelf for label in labels.get("type", ()) if (shelf := shelf_of(label)))
    if shelves:
        labels["category"] = shelves
    return {kind: names for kind, names in labels.items() if names}


def split_groups(groups: Sequence[Hashable], share: float, seed: int) -> npt.NDArray[np.bool_]:
    """Set whole groups aside until they hold ``share`` of the pictures: bool (n,), True for those set aside.

    Groups are taken in an order shuffled by ``seed``. At least one picture stays on each side when there are two
    groups or more.
    """
    names = list(dict.fromkeys(groups))
    if len(names) < 2 or not share:
        return np.zeros(len(groups), bool)
    number = {name: i for i, name in enumerate(names)}
    numbers = np.array([number[group] for group in groups])
    sizes = np.bincount(numbers)
    order = np.random.default_rng(seed).permutation(len(names))
    wanted = share * len(groups)
    aside = np.zeros(len(names), bool)
    taken = 0
    for group in order[:-1]:
        # A large group that would overshoot waits: the rest of the order holds smaller ones.
        if taken and taken + sizes[group] > 1.1 * wanted:
            continue
        if taken >= wanted:
            break
        aside[group] = True
        taken += int(sizes[group])
    chosen: npt.NDArray[np.bool_] = aside[numbers]
    return chosen
