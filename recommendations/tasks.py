"""Work for the queues ``refresh`` and ``vision``.

The modules that compute are imported inside the tasks: the web process imports this file to queue them, and must load
neither OpenCV nor Surprise.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import structlog
from celery import chord, group, shared_task
from celery.canvas import Signature
from celery.signals import worker_ready
from django.utils import timezone

from recommendations import showing, versions
from recommendations.models import ClusterNetwork, RecommendationVersion
from vision.models import PhotoQuery

logger = structlog.get_logger(__name__)

PHOTO_IS_LATE_AFTER = timedelta(seconds=5)  # some ten times what an answer takes


@shared_task(name="recommendations.answer_photo")
def answer_photo(photo_id: str) -> None:
    """Look at a shopper's photo and find what the shop has for it; one that has its answer already is left alone."""
    from recommendations import answering_photos

    query = PhotoQuery.objects.filter(pk=photo_id, status=PhotoQuery.Status.PENDING).first()
    if query is not None:
        answering_photos.answer_photo(query)


@shared_task(name="recommendations.answer_waiting_photos")
def answer_waiting_photos() -> None:
    """Queue again the photos whose task was lost, with the worker that had it. Runs where photos are answered: what
    that needs is loaded on the way, at the worker's start and after each refresh."""
    from recommendations import answering_photos

    late = timezone.now() - PHOTO_IS_LATE_AFTER
    waiting = PhotoQuery.objects.filter(status=PhotoQuery.Status.PENDING, created_at__lt=late)
    for pk in waiting.order_by("created_at").values_list("pk", flat=True):
        answer_photo.delay_on_commit(str(pk))
    answering_photos.get_ready()


@worker_ready.connect
def catch_up(sender: Any, **kwargs: Any) -> None:
    """A worker that starts, perhaps after one that was killed, takes up what was left."""
    answer_waiting_photos.delay_on_commit()
    refresh_stalled_clusters.delay_on_commit()


@shared_task(name="recommendations.attach_products")
def attach_products(product_ids: Sequence[int]) -> None:
    """Give new products their place in the network."""
    from recommendations.attaching import attach_products as attach

    attach(product_ids)


@shared_task(name="recommendations.place_pinned")
def place_pinned(product_ids: Sequence[int] | None = None) -> None:
    """Put products that a curator moved where they belong now: those named, or all that are pinned."""
    from recommendations.placing_pins import place_pinned as place

    network = versions.active(ClusterNetwork)
    if network is not None:
        place(network, product_ids)


@shared_task(name="recommendations.store_tallies")
def store_tallies() -> None:
    """Write down what pages have shown since the last time."""
    showing.store_tallies()
    showing.prune_tallies()


@shared_task(name="recommendations.refresh_clusters")
def refresh_clusters(full: bool = False) -> int | None:
    """Build the cluster network, one task for each category. Returns the version's id.

    When a refresh is running already this one has nothing to do; one that lost its worker is taken up. ``full`` builds
    also the categories in which nothing changed.
    """
    from recommendations.refreshing_clusters import begin_network

    try:
        network, categories = begin_network(full=full)
    except versions.RefreshRunningError as running:
        logger.info("refresh_skipped", reason=str(running))
        return None
    for category_id in categories:
        _queue_category(network.pk, category_id)
    if not categories:
        _queue_finish(network.pk)
    return network.pk


@shared_task(name="recommendations.refresh_category")
def refresh_category(network_id: int, category_id: int) -> None:
    """Build one category of a network. Whoever finds nothing left to build has the network finished: no single message
    holds the end, and of two who find so the second sees it done."""
    from recommendations.refreshing_clusters import build_block, is_built

    network = ClusterNetwork.objects.get(pk=network_id)
    build_block(network, category_id)
    if is_built(network):
        _queue_finish(network_id)


@shared_task(name="recommendations.refresh_clusters_finish")
def refresh_clusters_finish(network_id: int) -> None:
    """Join the categories and switch the network on; one that the golden queries refuse says so itself."""
    from recommendations.golden_queries import WorseNetworkError
    from recommendations.refreshing_clusters import finish_network

    with suppress(WorseNetworkError):  # logged and written into the version by then
        finish_network(ClusterNetwork.objects.get(pk=network_id))


@shared_task(name="recommendations.refresh_clusters_failed")
def refresh_clusters_failed(network_id: int) -> None:
    """A block failed: what was served before is served on."""
    versions.fail(
        ClusterNetwork.objects.get(pk=network_id), "A category could not be built; see the worker's log."
    )


@shared_task(name="recommendations.refresh_stalled_clusters")
def refresh_stalled_clusters() -> None:
    """Take up a refresh of the clusters that stopped moving, and single blocks that were lost while others move it on:
    a worker that is gone cost it one block."""
    if versions.stalled(ClusterNetwork):
        refresh_clusters.delay_on_commit()
    for network_id, category_id in versions.lost_blocks().values_list("network_id", "category_id"):
        _queue_category(network_id, category_id)


def _queue_category(network_id: int, category_id: int) -> None:
    _queue_for_network(refresh_category.si(network_id, category_id), network_id)


def _queue_finish(network_id: int) -> None:
    _queue_for_network(refresh_clusters_finish.si(network_id), network_id)


def _queue_for_network(work: Signature, network_id: int) -> None:
    """Queue work for a network that is given up should it fail."""
    work.set(link_error=refresh_clusters_failed.si(network_id).set(queue="refresh")).delay()


@shared_task(name="recommendations.refresh_recommendations")
def refresh_recommendations() -> int | None:
    """Make every shopper's list anew, one task for each block of shoppers. Returns the version's id."""
    from recommendations.refreshing_lists import begin_lists

    try:
        version, blocks = begin_lists()
    except versions.RefreshRunningError as running:
        logger.info("refresh_skipped", reason=str(running))
        return None
    _run_blocks(
        [refresh_lists.si(version.pk, block) for block in blocks],
        refresh_recommendations_finish.si(version.pk),
        refresh_recommendations_failed.si(version.pk),
    )
    return version.pk


@shared_task(name="recommendations.refresh_lists")
def refresh_lists(version_id: int, user_ids: Sequence[int]) -> None:
    """Make the lists of one block of shoppers."""
    from recommendations.refreshing_lists import build_block

    build_block(RecommendationVersion.objects.get(pk=version_id), user_ids)


@shared_task(name="recommendations.refresh_recommendations_finish")
def refresh_recommendations_finish(version_id: int) -> None:
    """Switch the lists on."""
    from recommendations.refreshing_lists import finish_lists

    finish_lists(RecommendationVersion.objects.get(pk=version_id))


@shared_task(name="recommendations.refresh_recommendations_failed")
def refresh_recommendations_failed(version_id: int) -> None:
    """A block failed: what was served before is served on."""
    versions.fail(
        RecommendationVersion.objects.get(pk=version_id), "A block of shoppers failed; see the worker's log."
    )


def _run_blocks(blocks: Sequence[Signature], finish: Signature, failed: Signature) -> Any:
    """Queue the blocks side by side, then ``finish``; any failure leads to ``failed``."""
    failed = failed.set(queue="refresh")
    if not blocks:
        return finish.delay()
    header = group(block.set(link_error=failed) for block in blocks)
    return chord(header)(finish.set(link_error=failed))
