"""Work on pictures, for the queue ``vision``.

The modules that see are imported inside the tasks: the web process imports this file to queue them, and must load
neither OpenCV nor the network.
"""

from collections.abc import Sequence
from typing import Any

from celery import group, shared_task
from celery.signals import worker_ready
from django.conf import settings
from django.utils import timezone

from vision.models import ModelComparison, PhotoQuery

BLOCK = 50  # pictures in one task: a few seconds of work, so that a killed worker costs no more than that
SWEEP = 500  # pictures that one sweep queues: about what a worker does until the next one


@shared_task(name="vision.analyse_images")
def analyse_images(image_ids: Sequence[int], again: bool = False) -> None:
    """Look at these product pictures, where they have not been seen as they are now; or ``again``."""
    from vision import analysis, registry

    analysis.analyse_images(image_ids, again=again)
    if registry.switch_when_ready():
        reanalyse.delay()


@shared_task(name="vision.analyse_waiting_pictures")
def analyse_waiting_pictures(limit: int | None = SWEEP) -> None:
    """Queue the pictures that still have to be looked at: those whose own task was lost, and those that a model at work
    has not seen. A picture that is queued twice is looked at once."""
    from vision import analysis, registry

    if registry.switch_when_ready():  # the last picture that was missing may have been deleted
        reanalyse.delay()
    waiting = analysis.pictures_to_analyse(*registry.versions_at_work()).values_list("pk", flat=True)
    ids = list(waiting[:limit])
    group(analyse_images.s(ids[i : i + BLOCK]) for i in range(0, len(ids), BLOCK)).delay()


@shared_task(name="vision.reanalyse")
def reanalyse() -> None:
    """Follow a change of models: queue every picture that one at work has not seen, take the words for the search from
    the model in use, and drop what superseded models saw."""
    from vision import registry, seen_words

    analyse_waiting_pictures(limit=None)
    seen_words.note_all_seen_words()
    registry.forget_superseded()


@shared_task(name="vision.compare_models")
def compare_models(comparison_id: int) -> None:
    """Hold a candidate model against the one in use: some pictures now, and the rest behind whatever waits by then, so
    that no shopper's photo waits for all of them."""
    from vision import comparing

    running = ModelComparison.objects.filter(status=ModelComparison.Status.RUNNING)
    comparison = running.filter(
        pk=comparison_id
    ).first()  # None when it is finished, or one of its models is gone
    if comparison is not None and comparing.compare_some(comparison):
        compare_models.delay(comparison_id)


@shared_task(name="vision.forget_photo_queries")
def forget_photo_queries() -> None:
    """Delete shoppers' photos and their answers when their time is over."""
    PhotoQuery.objects.filter(created_at__lt=timezone.now() - settings.PHOTO_QUERY_LIFETIME).delete()


@worker_ready.connect
def catch_up(sender: Any, **kwargs: Any) -> None:
    """A worker that starts, perhaps after one that was killed, takes up what was left."""
    analyse_waiting_pictures.delay()
    running = ModelComparison.objects.filter(status=ModelComparison.Status.RUNNING)
    for pk in running.values_list("pk", flat=True):
        compare_models.delay(pk)
