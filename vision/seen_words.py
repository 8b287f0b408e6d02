"""What the network saw on a product's cover, in everyday words for the search: "red dress" then finds a red dress whose
own text says neither.

A word is as likely as the labels that carry it are together: of two pairs of shoes, half a chance of heels and half a
chance of sandals make a whole chance of "shoes". Words are a guess, so the search ranks them last, and what the product
says of itself wins: a seen colour or type beside a stated one is noted only where the two agree.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F

from catalog.models import Product, ProductImage
from vision.corrections import as_corrected, said_of
from vision.labels import colour_family, display_name, shelf_of
from vision.models import ImageAnalysis
from vision.vocabulary import EVERYDAY_TYPES

BLOCK = 500  # products in one transaction

# How likely a word must be to be noted: the least chance, in tenths, from which nine in ten of the words for types and
# three in four of those for colours are right. Of 307 shop photos (../shared/data/products) that the network had not
# learnt from, held against their columns: types .94, colours .76, families .79.
# Patterns are not noted: on real photos whose names state a pattern, at most a third were right at any chance.
SURE: Mapping[str, float] = {"colour": 0.5, "family": 0.5, "type": 0.6, "category": 0.6}

# Words that may mean a type, not words for every thing of it: few T-shirts are undershirts.
_TOO_NARROW = {"coat", "longsleeve", "undershirt"}
# Shelves whose name people use for one type on them: a sari stands among the dresses, and is none.
_TOO_WIDE = {"dresses", "tops"}


def words_of(label: str, kind: str) -> tuple[str, ...]:
    """The words under which people look for ``label``, in lower case: none for a kind that is not noted.

    A navy blue thing is "navy blue" and "blue"; Casual Shoes are "casual shoes" and "shoes". The search knows that
    "shoe" is one of the shoes, but not every plural: so both are given.
    """
    if kind not in SURE or (kind == "category" and label in _TOO_WIDE):
        return ()
    words = [display_name(label), label]
    if kind == "colour" and (family := colour_family(label)):
        words.append(display_name(family))
    if kind == "type":
        words += [
            word for word, types in EVERYDAY_TYPES.items() if label in types and word not in _TOO_NARROW
        ]
    return tuple(dict.fromkeys(word.lower() for word in words))


def seen_words(labels: Iterable[Mapping[str, Any]], *, article_type: str = "", colour: str = "") -> str:
    """The words sure enough to be noted for a product, colours before things, as text.

    ``labels`` are an analysis's: ``{label, kind, probability}``. ``article_type`` and ``colour`` are what the product
    says of itself, "" where it says nothing.
    """
    chances: dict[str, dict[str, float]] = {kind: defaultdict(float) for kind in SURE}
    for label in labels:
        for word in words_of(label["label"], label["kind"]):
            chances[label["kind"]][word] += label["probability"]
    agreeing = {
        "colour": words_of(colour, "colour") if colour else None,
        "type": words_of(article_type, "type") if article_type else None,
    }
    agreeing |= {
        "family": agreeing["colour"],
        "category": words_of(shelf_of(article_type) or "", "category") if article_type else None,
    }
    noted = [
        word
        for kind, likely in chances.items()
        for word, chance in sorted(likely.items(), key=lambda item: -item[1])
        if chance >= SURE[kind] and ((stated := agreeing.get(kind)) is None or word in stated)
    ]
    return " ".join(dict.fromkeys(noted))


def note_seen_words(product_ids: Iterable[int]) -> int:
    """Bring these products' ``seen_words`` in line with what the active model sees on their covers as they are now, and
    with what the products say of themselves; returns how many rows that changed. Safe to run twice.

    A product without a cover, or with one that the model has not seen, has no words.
    """
    with transaction.atomic():
        # In ascending order, as everybody who locks several, so that nobody waits in a circle.
        products = list(
            Product.objects.select_for_update(no_key=True)
            .filter(pk__in=product_ids)
            .order_by("pk")
            .values_list("pk", "article_type", "colour")
        )
        if not products:
            return 0
        covers = _cover_labels([pk for pk, *_ in products])
        said = said_of(image_id for image_id, _ in covers.values())
        words = {}
        for pk, article_type, colour in products:
            image_id, labels = covers.get(pk, (0, []))
            spoken = said.get(image_id, {})
            words[pk] = seen_words(
                as_corrected(labels, spoken),
                # What a curator said of the picture is no guess: it need not agree with what the product states.
                article_type="" if "type" in spoken else article_type,
                colour="" if "colour" in spoken else colour,
            )
        return Product.objects.note_seen(words)


def note_all_seen_words(advance: Callable[[int], None] = lambda n: None) -> int:
    """``note_seen_words`` for the whole catalogue, block by block: when another model has become the active one.

    ``advance`` is called with the number of products each time that a block is done.
    """
    changed = 0
    ids = list(Product.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BLOCK):
        block = ids[start : start + BLOCK]
        changed += note_seen_words(block)
        advance(len(block))
    return changed


def _cover_labels(product_ids: Sequence[int]) -> dict[int, tuple[int, list[dict[str, Any]]]]:
    """Each product's first ready picture, as its id, and what the active model sees on it."""
    covers = (
        ProductImage.objects.filter(product__in=product_ids, state=ProductImage.State.READY)
        .order_by("product_id", "position", "pk")
        .distinct("product_id")
    )
    seen = ImageAnalysis.objects.filter(
        image__in=covers.values("pk"), model__is_active=True, source_hash=F("image__source_hash")
    )
    rows = seen.values_list("image__product_id", "image_id", "labels")
    return {product_id: (image_id, labels) for product_id, image_id, labels in rows}
