"""Which pictures a curator should look at: the least certain, the mixed up, those that contradict the catalogue.

All lists are of pictures that one model, the active one, has looked at and that shoppers may see one day: ready ones of
products that are not archived. What a curator has already said something about is done, and on no list.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from catalog.models import Category, Product, ProductImage
from vision.labels import OTHER
from vision.models import ImageAnalysis, LabelCorrection, ModelVersion
from vision.vocabulary import COLOUR_FAMILIES

LOOKS_SURE = 0.9  # from here on the network contradicts the catalogue loudly enough to ask a person
MATRIX_SIDE = 12  # types in the table of mix-ups; a wider one cannot be read

# Kind -> the column of the network's best guess, and the column of how likely that is.
GUESSES = {"type": ("seen_type", "type_probability"), "colour": ("seen_colour", "colour_probability")}


@dataclass(frozen=True)
class Confusions:
    """How often a picture of one type was seen as another. ``types`` are those most often mixed up, in the order of the
    table; ``counts[i][j]``: pictures of products stated to be ``types[i]``, seen as ``types[j]``. ``pairs``: (stated,
    seen, n) of all types, the most frequent mix-up first."""

    types: list[str]
    counts: list[list[int]]
    pairs: list[tuple[str, str, int]]
    n_right: int
    n_wrong: int


def open_questions(version: ModelVersion, kind: str) -> QuerySet[ImageAnalysis]:
    """What ``version`` saw, where nobody has said anything about ``kind`` yet."""
    said = LabelCorrection.objects.filter(
        Q(kind=kind) | Q(kind="subject", label=OTHER), image=OuterRef("image")
    )
    return (
        ImageAnalysis.objects.filter(model=version)
        .filter(~Exists(said), image__state=ProductImage.State.READY)
        .exclude(image__product__status=Product.Status.ARCHIVED)
    )


def least_certain(
    version: ModelVersion, kind: str, category: Category | None = None
) -> QuerySet[ImageAnalysis]:
    """The pictures whose best guess at ``kind`` (type or colour) is the least likely, worst first."""
    _, probability = GUESSES[kind]
    found = open_questions(version, kind).filter(**{f"{probability}__isnull": False})
    if category is not None:
        found = found.filter(image__product__category__in=Category.objects.ids_below([category.slug]))
    return found.order_by(probability, "pk")


def looks_wrong(version: ModelVersion) -> QuerySet[ImageAnalysis]:
    """Pictures whose colour is surely of another family than the catalogue states, the surest first.

    Shades of one family do not contradict each other, and a product of many colours is never contradicted.
    """
    contradicts = Q()
    for family, colours in COLOUR_FAMILIES.items():
        if family != "Multi":
            contradicts |= Q(image__product__colour__in=colours) & ~Q(
                seen_colour__in=[*colours, family, "Multi"]
            )
    return (
        open_questions(version, "colour")
        .filter(contradicts, colour_probability__gte=LOOKS_SURE)
        .order_by("-colour_probability", "pk")
    )


def mixed_up(version: ModelVersion, stated: str, seen: str) -> QuerySet[ImageAnalysis]:
    """Pictures of products that are stated to be of one type and were seen as another, the surest first."""
    return (
        open_questions(version, "type")
        .filter(image__product__article_type=stated, seen_type=seen)
        .order_by("-type_probability", "pk")
    )


def confusions(version: ModelVersion, known: Iterable[str], side: int = MATRIX_SIDE) -> Confusions:
    """Count which types are mixed up; one query. Products of types that are not ``known`` to the model are left out: of
    those it can only be wrong."""
    rows = (
        open_questions(version, "type")
        .filter(image__product__article_type__in=list(known), seen_type__isnull=False)
        .order_by()
        .values_list(F("image__product__article_type"), "seen_type")
        .annotate(n=Count("pk"))
    )
    found = {(stated, seen): n for stated, seen, n in rows}
    wrong = {pair: n for pair, n in found.items() if pair[0] != pair[1]}
    pairs = sorted(((*pair, n) for pair, n in wrong.items()), key=lambda row: (-row[2], row[0], row[1]))
    mistakes: dict[str, int] = {}
    for stated, seen, n in pairs:
        for name in (stated, seen):
            mistakes[name] = mistakes.get(name, 0) + n
    types = sorted(sorted(mistakes, key=lambda name: (-mistakes[name], name))[:side])
    return Confusions(
        types=types,
        counts=[[found.get((stated, seen), 0) for seen in types] for stated in types],
        pairs=pairs,
        n_right=sum(found.values()) - sum(wrong.values()),
        n_wrong=sum(wrong.values()),
    )
