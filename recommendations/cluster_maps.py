"""What the cluster inspector shows of one category of a network: a map, each cluster in words, one cluster in full.

The web process reads the stored features as plain arrays (``recommendations.inspecting``); it loads neither OpenCV nor
a learner. Where a product belongs is read from its row, so that a moved product is on the map where it was moved to.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
import structlog
from django.core.cache import cache
from django.db.models import QuerySet
from safetensors import SafetensorError
from safetensors.numpy import load

from catalog.models import Product, ProductAttribute
from recommendations.inspecting import (
    TypicalWord,
    outliers,
    project,
    thinned,
    typical_words,
    word_counts,
)
from recommendations.models import CategoryNetwork, Cluster, Membership

logger = structlog.get_logger(__name__)

WIDTH, HEIGHT, MARGIN = 960, 600, 40  # of the map, in units of its viewBox
MOST_DOTS = 1_500
MOST_THUMBNAILS = 12
IN_FULL = 12  # typical words of a cluster
CACHE_SECONDS = 24 * 60 * 60  # a stored part of a network never changes
GOLDEN_ANGLE = (
    137.508  # degrees between the hues of one cluster and the next: neighbours in number look unlike
)
_WORD = re.compile(r"[^\W\d_]{3,}")
_NOT_TELLING = {"and", "for", "from", "the", "with"}


@dataclass(frozen=True)
class Dot:
    """One product on the map, in units of the viewBox."""

    x: float
    y: float


@dataclass(frozen=True)
class ClusterOnMap:
    """One cluster: where it is drawn, how many products it has, the one nearest to its centre, what is typical."""

    pk: int
    number: int
    size: int
    colour: str
    dots: list[Dot]
    medoid_id: int | None
    medoid: Dot | None
    middle: Dot | None
    words: list[TypicalWord]
    colours: list[TypicalWord]


@dataclass(frozen=True)
class CategoryMap:
    """A category's clusters. ``share`` of what tells its products apart is seen in two dimensions, 0..1; None when the
    map could not be read. ``attached``: products that came after the network was built and are on no map yet."""

    clusters: list[ClusterOnMap]
    products: int
    drawn: int
    attached: int
    share: float | None

    @property
    def is_thinned(self) -> bool:
        """Whether some that could be drawn are not."""
        return self.drawn < self.products - self.attached

    @property
    def thumbnails(self) -> set[int]:
        """The clusters whose typical product is drawn on the map: the largest ones."""
        largest = sorted(self.clusters, key=lambda cluster: -cluster.size)[:MOST_THUMBNAILS]
        return {cluster.pk for cluster in largest if cluster.medoid}


@dataclass(frozen=True)
class Member:
    """A product's place in its cluster."""

    product_id: int
    similarity: float
    is_approximate: bool


def map_of(block: CategoryNetwork) -> CategoryMap:
    """Draw a category of a network; in five queries however many products there are."""
    clusters = list(Cluster.objects.filter(network=block.network_id, category=block.category_id))
    rows = list(
        _memberships(block)
        .order_by("product_id")
        .values_list("product_id", "cluster_id", "similarity", "is_approximate")
    )
    place_of, share = _places(block)
    words, colours = _words_of(block)
    members = defaultdict(list)
    for product_id, cluster_id, similarity, _ in rows:
        members[cluster_id].append((product_id, similarity))
    on_map = [(pk, cluster_id) for pk, cluster_id, *_ in rows if pk in place_of]
    drawn = thinned(np.array([cluster_id for _, cluster_id in on_map], np.int64), MOST_DOTS) if on_map else []
    dots = defaultdict(list)
    for row in drawn:
        pk, cluster_id = on_map[row]
        dots[cluster_id].append(place_of[pk])
    return CategoryMap(
        clusters=[
            _on_map(cluster, members[cluster.pk], dots[cluster.pk], place_of, words, colours)
            for cluster in clusters
        ],
        products=len(rows),
        drawn=len(drawn),
        attached=sum(pk not in place_of for pk, *_ in rows) if place_of else 0,
        share=share,
    )


def members_of(cluster: Cluster) -> list[Member]:
    """All products of a cluster, the most typical first."""
    rows = cluster.memberships.order_by("-similarity", "product_id")
    return [Member(*row) for row in rows.values_list("product_id", "similarity", "is_approximate")]


def standing_apart(members: Sequence[Member]) -> list[Member]:
    """The members far from the cluster's centre, farthest first."""
    return [members[row] for row in outliers([member.similarity for member in members])]


@dataclass(frozen=True)
class _Said:
    """Words by product id, and how many of the category's products have each."""

    words: dict[int, set[str]]
    everyones: Counter[str]

    def typical_of(self, product_ids: Sequence[int]) -> list[TypicalWord]:
        ours = word_counts(self.words.get(pk, ()) for pk in product_ids)
        return typical_words(ours, len(product_ids), self.everyones, len(self.words), IN_FULL)


def _on_map(
    cluster: Cluster,
    members: list[tuple[int, float]],
    dots: list[Dot],
    place_of: dict[int, Dot],
    words: _Said,
    colours: _Said,
) -> ClusterOnMap:
    ids = [pk for pk, _ in members]
    medoid_id = max(members, key=lambda member: (member[1], -member[0]))[0] if members else None
    return ClusterOnMap(
        pk=cluster.pk,
        number=cluster.number,
        size=len(members),
        colour=colour_of(cluster.number),
        dots=dots,
        medoid_id=medoid_id,
        medoid=place_of.get(medoid_id) if medoid_id else None,
        middle=Dot(median(dot.x for dot in dots), median(dot.y for dot in dots)) if dots else None,
        words=words.typical_of(ids),
        colours=colours.typical_of(ids),
    )


def colour_of(number: int) -> str:
    """The colour in which a cluster is drawn: of one lightness, to be seen on paper and on ink."""
    return f"oklch(0.62 0.14 {(25 + number * GOLDEN_ANGLE) % 360:.0f})"


def _memberships(block: CategoryNetwork) -> QuerySet[Membership]:
    return Membership.objects.filter(network=block.network_id, cluster__category=block.category_id)


def _places(block: CategoryNetwork) -> tuple[dict[int, Dot], float | None]:
    """Where each product is on the map, by product id, and the map's share of all spread."""
    key = f"cluster-map-{block.pk}-{block.digest[:16]}"
    stored = cache.get(key)
    if stored is None:
        data = CategoryNetwork.objects.values_list("arrays", flat=True).get(pk=block.pk)
        try:
            arrays = load(bytes(data or b""))
            projection = project(arrays["features"])
        except (SafetensorError, KeyError):
            logger.error("cluster_map_unreadable", network=block.network_id, category=block.category_id)
            return {}, None
        scale = np.array([WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN])
        points = np.round(projection.points * scale + MARGIN, 1)
        stored = [arrays["product_ids"].tolist(), points.tolist(), round(projection.share, 4)]
        cache.set(key, stored, CACHE_SECONDS)
    ids, points, share = stored
    return {pk: Dot(*point) for pk, point in zip(ids, points, strict=True)}, share


def _words_of(block: CategoryNetwork) -> tuple[_Said, _Said]:
    """What is said of each product of the category, and in which colour it is stated to be."""
    ids = _memberships(block).values("product_id")
    words: dict[int, set[str]] = {}
    colours: dict[int, set[str]] = {}
    rows = (
        Product.objects.filter(pk__in=ids)
        .order_by()
        .values_list("pk", "name", "article_type", "brand__name", "gender", "colour")
    )
    for pk, name, *stated, colour in rows:
        told = set(_WORD.findall(name.lower())) - _NOT_TELLING - set(_WORD.findall(colour.lower()))
        words[pk] = told | {word.lower() for word in stated if word}
        colours[pk] = {colour.lower()} if colour else set()
    attributes = ProductAttribute.objects.filter(product__in=ids).order_by()
    for pk, value in attributes.values_list("product_id", "value"):
        words[pk].add(value.lower())
    return _Said(words, word_counts(words.values())), _Said(colours, word_counts(colours.values()))
