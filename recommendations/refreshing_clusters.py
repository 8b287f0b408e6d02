"""Builds a version of the biased cluster network, category by category, and switches it on.

``begin_network`` -> ``build_block`` once for each category, in any order, on any worker -> ``finish_network``.
Each block is written in one transaction and may run twice: the second run finds it done. A refresh whose worker was
lost goes on with the blocks that wait. A category in which nothing changed is taken over from the network that is
served.
"""

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import asdict

import structlog
from django.db import DatabaseError, IntegrityError, transaction
from psycopg2 import errors

from catalog.models import Category, Product
from recommendations import golden_queries, versions
from recommendations.baskets import bought_together
from recommendations.body_slots import GOES_WITH
from recommendations.channels import LEARNT
from recommendations.clusters import NO_PRODUCT, CategoryClusters, build_category
from recommendations.complements import ComplementFinder
from recommendations.gathering import cover_pictures, outline_of, traits_of
from recommendations.models import CategoryNetwork, ClusterNetwork, ComplementRule, FixedClusterCount
from recommendations.network_files import from_bytes, to_bytes, vocabulary_from
from recommendations.placing_pins import place_pinned
from recommendations.related import related_elsewhere, related_within
from recommendations.storing_clusters import (
    COMPLEMENTARY,
    RELATED,
    store_category,
    store_neighbours,
    take_over,
)
from recommendations.traits import Traits
from vision.visual_words import VisualVocabulary

logger = structlog.get_logger(__name__)

N_RELATED = 24
N_COMPLEMENTARY = 24
N_WORDS = 20
N_COMPONENTS = 69
SAMPLE = 1_500  # pictures from which the words are learned that all categories share
SEED = 7
RECIPE = 2  # of a category; raised when the same input no longer gives the same block
WORDS_LAST = 0.1  # the shared words are learned anew when the catalogue has grown or shrunk by so much
MOST_SIBLINGS = 3_000  # products of other categories among which a small one looks for more
FULL_DISK = (
    "The database's disk is full. What was served is served on; make room on the disk and refresh again."
)


def begin_network(*, full: bool = False) -> tuple[ClusterNetwork, list[int]]:
    """Start a version, or take up one that was left; return it with the ids of the categories to build.

    ``full`` builds everything anew, also where nothing has changed.

    Raises:
        RefreshRunningError: when one is being built already.
    """
    served = versions.active(ClusterNetwork)
    network = versions.begin(ClusterNetwork, resume=True)
    if not network.categories.exists():
        network.is_full = full
        _plan(network, None if full else served)
    waiting = network.categories.filter(state=CategoryNetwork.State.WAITING)
    return network, list(waiting.order_by("category_id").values_list("category_id", flat=True))


def _plan(network: ClusterNetwork, served: ClusterNetwork | None) -> None:
    """Write down what is to be built, and the words that all categories share."""
    visible = Product.objects.visible().filter(images__descriptors__isnull=False)
    categories = list(visible.order_by("category_id").values_list("category_id", flat=True).distinct())
    n = visible.distinct().count()
    if served is not None and served.shared_vocabulary and abs(n - served.vocabulary_of) <= WORDS_LAST * n:
        network.shared_vocabulary, network.vocabulary_of = served.shared_vocabulary, served.vocabulary_of
    else:
        vocabulary = VisualVocabulary(n_components=N_COMPONENTS, n_words=N_WORDS, seed=SEED)
        vocabulary.fit(cover_pictures(limit=SAMPLE).descriptors)
        network.shared_vocabulary, network.vocabulary_of = to_bytes(vocabulary.to_arrays()), n
    network.blocks_total = len(categories)
    with transaction.atomic():
        network.save(update_fields=["is_full", "shared_vocabulary", "vocabulary_of", "blocks_total"])
        CategoryNetwork.objects.bulk_create(
            CategoryNetwork(network=network, category_id=pk) for pk in categories
        )


def build_block(network: ClusterNetwork, category_id: int) -> None:
    """Build one category: its words, clusters, and each product's related ones. A block that is done is left alone.

    Raises:
        DatabaseError: when it cannot be stored; a full disk is named in the network's message.
    """
    started = time.monotonic()
    try:
        try:
            state = _build(network, category_id)
        except IntegrityError:  # a product went away while its row was written
            logger.info("refresh_block_again", network=network.pk, category=category_id)
            state = _build(network, category_id)
    except DatabaseError as error:
        if isinstance(error.__cause__, errors.DiskFull):
            logger.error("disk_full", network=network.pk, category=category_id)
            versions.fail(network, FULL_DISK)
        raise
    if state is not None:
        CategoryNetwork.objects.filter(network=network, category_id=category_id).update(
            seconds=round(time.monotonic() - started, 3)
        )
        versions.block_done(network)
        logger.info("refresh_block", network=network.pk, category=category_id, state=state)


def _build(network: ClusterNetwork, category_id: int) -> str | None:
    """Compute a block, then write it in one transaction; its new state, or None when it was done already."""
    State = CategoryNetwork.State
    block = CategoryNetwork.objects.filter(network=network, category_id=category_id).first()
    if block is None:
        logger.warning("refresh_category_gone", network=network.pk, category=category_id)
        return "gone"
    if block.state != State.WAITING:
        return None
    fixed = FixedClusterCount.objects.filter(category=category_id).values_list("k", flat=True).first()
    digest = _digest(network, category_id, fixed)
    before = _served_block(network, category_id)
    clusters = None
    if before is None or before.digest != digest:
        before = None
        pictures = cover_pictures(category_id=category_id)
        if len(pictures):
            clusters = build_category(
                pictures.product_ids,
                pictures.descriptors,
                embeddings=pictures.embeddings,
                colours=pictures.colours,
                facts=pictures.facts,
                shared_vocabulary=vocabulary_from(network.shared_vocabulary),
                n_words=N_WORDS,
                n_components=N_COMPONENTS,
                n_clusters=fixed,
                seed=SEED,
            )
            related = related_within(clusters, N_RELATED)
    with transaction.atomic():
        block = (
            CategoryNetwork.objects.select_for_update()
            .filter(network=network, category_id=category_id, state=State.WAITING)
            .first()
        )
        if block is None or not Category.objects.filter(pk=category_id).exists():
            logger.warning("refresh_category_gone", network=network.pk, category=category_id)
            return "gone"
        block.digest = digest
        if before is not None:
            take_over(block, before)
            block.state = State.REUSED
        elif clusters is None:
            block.state = State.EMPTY
        else:
            store_category(block, clusters, related, pictures.source_hashes)
            block.fallback = _what_was_done(clusters, pictures.damaged)
            block.state = State.BUILT
        block.save()
    return str(block.state)


def _what_was_done(clusters: CategoryClusters, damaged: list[int]) -> str:
    notes = [clusters.vocabulary.fallback_ or ""]
    if damaged:
        notes.insert(
            0, f"keypoints of {len(damaged)} pictures damaged (product {damaged[0]} first): look again"
        )
    return "; ".join(note for note in notes if note)[:200]


def _digest(network: ClusterNetwork, category_id: int, fixed: int | None) -> str:
    """Of everything that a block is made from: the same digest gives the same block."""
    recipe = [
        RECIPE, asdict(LEARNT), N_RELATED, N_COMPLEMENTARY, N_WORDS, N_COMPONENTS, SEED, fixed,
        sorted((slot, sorted(others.items())) for slot, others in complement_rules().items()),
    ]  # fmt: skip
    digest = hashlib.sha256(json.dumps(recipe).encode())
    digest.update(bytes(network.shared_vocabulary or b""))
    for row in outline_of(category_id):
        digest.update(repr(row).encode())
    return digest.hexdigest()


def _served_block(network: ClusterNetwork, category_id: int) -> CategoryNetwork | None:
    """The category in the network that is served, if it may be taken over from there."""
    if network.is_full:
        return None
    return (
        CategoryNetwork.objects.filter(
            network__status=ClusterNetwork.Status.ACTIVE, category_id=category_id, arrays__isnull=False
        )
        .exclude(network=network)
        .first()
    )


def finish_network(network: ClusterNetwork, *, accept: bool = False) -> ClusterNetwork:
    """Join the categories by their complements, ask the golden queries, and switch the version on.

    One that was finished already is left alone. ``accept`` switches on what the golden queries would refuse.

    Raises:
        RuntimeError: when not every category has been built.
        WorseNetworkError: when it answers worse than what is served; it is then marked as failed.
    """
    network.refresh_from_db()
    if network.status != ClusterNetwork.Status.BUILDING:
        return network
    waiting = network.categories.filter(state=CategoryNetwork.State.WAITING).count()
    if waiting:
        raise RuntimeError(
            f"{network.blocks_total - waiting} of {network.blocks_total} categories are built; finish them first."
        )
    categories = load_categories(network)
    new = set(
        network.categories.filter(state=CategoryNetwork.State.BUILT).values_list("category_id", flat=True)
    )
    if new:
        finder, traits = complement_finder(categories)
        for key, clusters in categories.items():
            if int(key) in new:
                found = finder.complements(
                    clusters.shared_histograms, traits[key], N_COMPLEMENTARY, clusters.product_ids
                )
                store_neighbours(network, COMPLEMENTARY, clusters.product_ids, found)
        _fill_small_categories(network, categories, new)
    states = network.categories.values_list("state", flat=True)
    network.figures = {
        "products": sum(len(clusters) for clusters in categories.values()),
        "categories": len(categories),
        "clusters": sum(len(clusters.centres) for clusters in categories.values()),
        "categories taken over": sum(state == CategoryNetwork.State.REUSED for state in states),
    }
    network.save(update_fields=["figures"])
    if not accept:
        try:
            golden_queries.check(network, versions.active(ClusterNetwork))
        except golden_queries.WorseNetworkError as worse:
            logger.error("network_refused", network=network.pk, reason=str(worse))
            versions.fail(network, f"Refused: {worse}")
            raise
    place_pinned(network)
    versions.activate(network)
    return network


def _fill_small_categories(
    network: ClusterNetwork, categories: Mapping[str, CategoryClusters], new: set[int]
) -> None:
    """Give the products of categories that are too small for a full list more of the shelves beside them."""
    parents = dict(Category.objects.values_list("pk", "parent_id"))
    for key, clusters in categories.items():
        missing = N_RELATED - (len(clusters) - 1)
        if missing <= 0 or int(key) not in new:
            continue
        others = [
            other
            for near in _near(int(key), parents)
            if (other := categories.get(str(near))) is not None and len(other) <= MOST_SIBLINGS
        ]
        more = related_elsewhere(clusters, others, missing)
        if (more.product_ids != NO_PRODUCT).any():
            own = related_within(clusters, max(1, len(clusters) - 1))
            store_neighbours(network, RELATED, clusters.product_ids, own.followed_by(more))


def _near(category_id: int, parents: Mapping[int, int | None]) -> list[int]:
    """The categories that stand beside one: those of the same parent, the parent itself, its own children; without any
    of them all of the shop."""
    parent = parents.get(category_id)
    near = [
        pk
        for pk, above in parents.items()
        if pk != category_id and (above == category_id or (parent is not None and parent in (above, pk)))
    ]
    return near or [pk for pk in parents if pk != category_id]


def load_categories(network: ClusterNetwork) -> dict[str, CategoryClusters]:
    """Every category of a network, by its id as text."""
    rows = CategoryNetwork.objects.filter(network=network, arrays__isnull=False).order_by("category_id")
    return {
        str(row.category_id): CategoryClusters.from_arrays(from_bytes(row.arrays)) for row in rows.iterator()
    }


def complement_finder(
    categories: Mapping[str, CategoryClusters],
) -> tuple[ComplementFinder, dict[str, Traits]]:
    """A finder over all products of a network, under the rules as the curators have them now."""
    traits = {key: traits_of(clusters.product_ids) for key, clusters in categories.items()}
    finder = ComplementFinder(goes_with=complement_rules(), bought_together=bought_together())
    return finder.fit(categories, traits), traits


def complement_rules() -> Mapping[str, Mapping[str, float]]:
    """What goes with what: the table in the admin, or the default one where it is empty."""
    rules: dict[str, dict[str, float]] = {}
    for slot, goes_with, weight in ComplementRule.objects.values_list("slot", "goes_with", "weight"):
        if weight > 0:
            rules.setdefault(slot, {})[goes_with] = weight
    return rules or GOES_WITH
