"""Builds a version of the biased cluster network, category by category, and switches it on.

``begin_network`` -> ``build_block`` once for each category, in any order, on any worker -> ``finish_network``, by
whoever built the last block. Each block is written in one transaction and may run twice: the second run finds it done.
A refresh whose worker was lost goes on with the blocks that wait. A category in which nothing changed is taken over
from the network that is served; one in which little changed is taken over too, and the newcomers put in
(``recommendations.extending``).
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict

import numpy as np
import structlog
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from psycopg2 import errors

from catalog.models import Category, Product
from recommendations import golden_queries, versions
from recommendations.channels import LEARNT
from recommendations.clusters import CategoryClusters, build_category
from recommendations.extending import FIRST, Newcomers, extend_category, touched_rows
from recommendations.gathering import Pictures, cover_pictures, fingerprints_of
from recommendations.joining_categories import N_RELATED, join_categories
from recommendations.models import CategoryNetwork, Cluster, ClusterNetwork, FixedClusterCount, Membership
from recommendations.network_files import clusters_from, from_bytes, to_bytes, vocabulary_from
from recommendations.outlines import Changes, Outline
from recommendations.placing_pins import place_pinned
from recommendations.related import related_rows, related_within
from recommendations.storing_clusters import holders, store_category, store_extended, take_over
from vision.visual_words import VisualVocabulary

logger = structlog.get_logger(__name__)

N_WORDS = 20
N_COMPONENTS = 69
SAMPLE = 1_500  # pictures from which the words are learned that all categories share
SEED = 7
RECIPE = 3  # of a category; raised when the same input no longer gives the same block
WORDS_LAST = 0.1  # the shared words are learned anew when the catalogue has grown or shrunk by so much
FULL_DISK = (
    "The database's disk is full. What was served is served on; make room on the disk and refresh again."
)


def begin_network(*, full: bool = False) -> tuple[ClusterNetwork, list[int]]:
    """Start a version, or take up one that was left; return it with the ids of the categories to build.

    ``full`` builds everything anew, also where nothing has changed.

    Raises:
        RefreshRunningError: when one is being built already.
        DatabaseError: when it cannot be stored; a full disk is named in the network's message.
    """
    served = versions.active(ClusterNetwork)
    network = versions.begin(ClusterNetwork, resume=True)
    if not network.categories.exists():
        network.is_full, network.based_on = full, None if full else served
        with _full_disk_told(network):
            _plan(network)
    waiting = network.categories.filter(state=CategoryNetwork.State.WAITING)
    return network, list(waiting.order_by("category_id").values_list("category_id", flat=True))


def _plan(network: ClusterNetwork) -> None:
    """Write down what is to be built, and the words that all categories share."""
    served = network.based_on
    visible = Product.objects.visible().filter(images__descriptors__isnull=False)
    categories = list(visible.order_by("category_id").values_list("category_id", flat=True).distinct())
    n = visible.values("pk").distinct().count()
    if served is not None and served.shared_vocabulary and abs(n - served.vocabulary_of) <= WORDS_LAST * n:
        network.shared_vocabulary, network.vocabulary_of = served.shared_vocabulary, served.vocabulary_of
    else:
        vocabulary = VisualVocabulary(n_components=N_COMPONENTS, n_words=N_WORDS, seed=SEED)
        vocabulary.fit(cover_pictures(limit=SAMPLE).descriptors)
        network.shared_vocabulary, network.vocabulary_of = to_bytes(vocabulary.to_arrays()), n
    network.blocks_total = len(categories)
    with transaction.atomic():
        network.save(
            update_fields=["is_full", "based_on", "shared_vocabulary", "vocabulary_of", "blocks_total"]
        )
        CategoryNetwork.objects.bulk_create(
            CategoryNetwork(network=network, category_id=pk) for pk in categories
        )


def build_block(network: ClusterNetwork, category_id: int) -> None:
    """Build one category: its words, clusters, and each product's related ones. A block that is done is left alone, and
    so is a network that was given up.

    Raises:
        DatabaseError: when it cannot be stored; a full disk is named in the network's message.
    """
    started = time.monotonic()
    network.refresh_from_db(fields=["status"])
    if network.status != ClusterNetwork.Status.BUILDING:
        logger.info(
            "refresh_block_not_wanted", network=network.pk, category=category_id, status=network.status
        )
        return
    with _full_disk_told(network):
        try:
            state = _build(network, category_id)
        except IntegrityError:  # a product went away while its row was written
            logger.info("refresh_block_again", network=network.pk, category=category_id)
            state = _build(network, category_id)
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
    # By this a lost worker's block is known, also while others move the network on (``lost_blocks``).
    CategoryNetwork.objects.filter(pk=block.pk).update(begun_at=timezone.now())
    now = fingerprints_of(category_id)
    work = _work_on(network, category_id, now)
    with transaction.atomic():
        block = (
            CategoryNetwork.objects.select_for_update()
            .filter(network=network, category_id=category_id, state=State.WAITING)
            .first()
        )
        if block is None or not Category.objects.filter(pk=category_id).exists():
            logger.warning("refresh_category_gone", network=network.pk, category=category_id)
            return "gone"
        block.state = work(block)
        block.save()
    return str(block.state)


def _work_on(
    network: ClusterNetwork, category_id: int, now: dict[int, int]
) -> Callable[[CategoryNetwork], str]:
    """Compute a category's part; what is returned stores it in its block and says what was done."""
    State = CategoryNetwork.State
    fixed = FixedClusterCount.objects.filter(category=category_id).values_list("k", flat=True).first()
    digest = _digest(network, fixed)
    before = CategoryNetwork.objects.filter(
        network=network.based_on_id, category_id=category_id, digest=digest, outline__isnull=False
    ).first()
    if before is not None:
        outline = Outline.from_arrays(from_bytes(before.outline))
        changes = outline.changes(now)
        if not changes:

            def reuse(block: CategoryNetwork) -> str:
                block.digest, block.outline = digest, before.outline
                take_over(block, before)
                return State.REUSED

            return reuse
        if outline.may_extend(changes):
            return _extension(network, before, outline, changes, now)
    pictures = cover_pictures(category_id=category_id)
    if not len(pictures):
        return lambda block: State.EMPTY
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

    def build(block: CategoryNetwork) -> str:
        block.digest = digest
        block.outline = to_bytes(Outline.built(clusters.product_ids, now).to_arrays())
        block.fallback = _what_was_done(clusters, pictures)
        store_category(block, clusters, related, pictures.source_hashes)
        return State.BUILT

    return build


def _extension(
    network: ClusterNetwork, before: CategoryNetwork, outline: Outline, changes: Changes, now: dict[int, int]
) -> Callable[[CategoryNetwork], str]:
    """Take a few newcomers into an earlier part, and let others go."""
    pictures = cover_pictures(product_ids=changes.new.tolist())
    newcomers = Newcomers(
        pictures.product_ids, pictures.descriptors, pictures.embeddings, pictures.colours, pictures.facts
    )
    vocabulary = vocabulary_from(network.shared_vocabulary)
    clusters = extend_category(clusters_from(before.arrays), changes.kept, newcomers, vocabulary)
    rows = np.flatnonzero(np.isin(clusters.product_ids, newcomers.product_ids))
    bars = dict(
        Membership.objects.filter(network=before.network_id, product__in=changes.kept.tolist()).values_list(
            "product_id", f"related_scores__{FIRST - 1}"
        )
    )
    asked = np.array([-1.0 if (bar := bars.get(pk)) is None else bar for pk in clusters.product_ids.tolist()])
    bereft = holders(before.network_id, "related", changes.stale, changes.kept)
    touched = np.union1d(
        touched_rows(clusters, rows, asked), np.flatnonzero(np.isin(clusters.product_ids, bereft))
    )
    related = related_rows(clusters, np.concatenate([rows, touched]), N_RELATED)
    of_newcomers, of_touched = related.chosen(slice(len(rows))), related.chosen(slice(len(rows), None))
    grown = outline.extended(clusters.product_ids, now)

    def extend(block: CategoryNetwork) -> str:
        block.digest, block.outline = before.digest, to_bytes(grown.to_arrays())
        block.fallback = "; ".join(
            note
            for note in (
                f"{int(grown.joined.sum())} joined since {grown.clustered} were clustered",
                _what_was_done(clusters, pictures),
            )
            if note
        )[:200]
        store_extended(
            block,
            before,
            clusters,
            changes.stale,
            (rows, of_newcomers, pictures.source_hashes),
            (touched, of_touched),
        )
        return CategoryNetwork.State.EXTENDED

    return extend


def _what_was_done(clusters: CategoryClusters, pictures: Pictures) -> str:
    notes = [clusters.vocabulary.fallback_ or ""]
    if damaged := pictures.damaged:
        notes.insert(
            0, f"keypoints of {len(damaged)} pictures damaged (product {damaged[0]} first): look again"
        )
    return "; ".join(note for note in notes if note)[:200]


def _digest(network: ClusterNetwork, fixed: int | None) -> str:
    """Of all that a block is made from beside its products."""
    recipe = [RECIPE, asdict(LEARNT), N_RELATED, N_WORDS, N_COMPONENTS, SEED, fixed]
    digest = hashlib.sha256(json.dumps(recipe).encode())
    digest.update(bytes(network.shared_vocabulary or b""))
    return digest.hexdigest()


def is_built(network: ClusterNetwork) -> bool:
    """Whether no block waits any more."""
    return not network.categories.filter(state=CategoryNetwork.State.WAITING).exists()


def finish_network(network: ClusterNetwork, *, accept: bool = False) -> ClusterNetwork:
    """Join the categories by their complements, ask the golden queries, and switch the version on, in one transaction.

    One that was finished already is left alone. ``accept`` switches on what the golden queries would refuse.

    Raises:
        RuntimeError: when not every category has been built.
        WorseNetworkError: when it answers worse than what is served; it is then marked as failed.
        DatabaseError: when it cannot be stored; a full disk is named in the network's message.
    """
    with _full_disk_told(network), transaction.atomic():
        # Two who built the last blocks at the same moment both come here: the second waits, then finds it finished.
        network.refresh_from_db(from_queryset=ClusterNetwork.objects.select_for_update(of=("self",)))
        worse = _finish(network, accept=accept) if network.status == ClusterNetwork.Status.BUILDING else None
    if worse is not None:
        raise worse
    return network


def _finish(network: ClusterNetwork, *, accept: bool) -> golden_queries.WorseNetworkError | None:
    """Finish a network, or mark it as failed and return why."""
    waiting = network.categories.filter(state=CategoryNetwork.State.WAITING).count()
    if waiting:
        raise RuntimeError(
            f"{network.blocks_total - waiting} of {network.blocks_total} categories are built; finish them first."
        )
    join_categories(network)
    states = list(network.categories.values_list("state", flat=True))
    network.figures = {
        "products": Membership.objects.filter(network=network).count(),
        "categories": sum(state != CategoryNetwork.State.EMPTY for state in states),
        "clusters": Cluster.objects.filter(network=network).count(),
        "categories taken over": states.count(CategoryNetwork.State.REUSED),
        "categories extended": states.count(CategoryNetwork.State.EXTENDED),
    }
    network.save(update_fields=["figures"])
    if not accept:
        try:
            golden_queries.check(network, versions.active(ClusterNetwork))
        except golden_queries.WorseNetworkError as worse:
            logger.error("network_refused", network=network.pk, reason=str(worse))
            versions.fail(network, f"Refused: {worse}")
            return worse
    place_pinned(network)
    versions.activate(network)
    return None


def is_full_disk(error: BaseException) -> bool:
    """Whether this is the database saying that its disk is full."""
    return isinstance(error.__cause__, errors.DiskFull)


@contextmanager
def _full_disk_told(network: ClusterNetwork) -> Iterator[None]:
    """Give the network up with a sentence for the admin where the disk is full. The error goes on."""
    try:
        yield
    except DatabaseError as error:
        if is_full_disk(error):
            logger.error("disk_full", network=network.pk, remedy="make room, then refresh_clusters")
            versions.fail(network, FULL_DISK)
        raise
