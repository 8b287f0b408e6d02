"""The life of a version: begun, filled block by block, switched on in one transaction, retired, rolled back."""

from datetime import timedelta
from typing import TypeVar

import structlog
from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from recommendations.models import CategoryNetwork, Version

logger = structlog.get_logger(__name__)

V = TypeVar("V", bound=Version)

KEPT = 3  # retired versions that stay for a rollback
GIVEN_UP_AFTER = timedelta(hours=2)
STALLED_AFTER = timedelta(minutes=5)  # longer than any block of a large shop takes


class RefreshRunningError(Exception):
    """Another refresh of the same kind is under way; the text says since when."""


def begin(model: type[V], *, blocks: int = 0, resume: bool = False) -> V:
    """Start a new version; with ``resume`` take up one that has stopped moving instead.

    Raises:
        RefreshRunningError: when one is being built. One that has not moved for two hours (its worker was lost) is
            marked as failed and makes way.
    """
    now = timezone.now()
    with transaction.atomic():
        with (
            connection.cursor() as cursor
        ):  # two starts at the same moment: the second waits here, then sees the first
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [model._meta.db_table])
        building = model.objects.filter(status=Version.Status.BUILDING)
        building.filter(moved_at__lt=now - GIVEN_UP_AFTER).update(
            status=Version.Status.FAILED, message="It did not move for two hours."
        )
        running = building.first()
        if running is None:
            return model.objects.create(blocks_total=blocks)
        if not (resume and running.moved_at < now - STALLED_AFTER):
            raise RefreshRunningError(
                f"A refresh is running since {running.created_at:%H:%M:%S}. Wait until it is done."
            )
        running.moved_at = now
        running.message = "Taken up again."
        running.save(update_fields=["moved_at", "message"])
        logger.warning("refresh_resumed", version=running.pk, table=model._meta.db_table)
        return running


def block_done(version: Version) -> None:
    """Count one finished block; several workers may do so at the same time."""
    type(version).objects.filter(pk=version.pk).update(
        blocks_done=F("blocks_done") + 1, moved_at=timezone.now()
    )


def stalled(model: type[Version]) -> bool:
    """Whether a version is being built that has stopped moving."""
    last = timezone.now() - STALLED_AFTER
    return model.objects.filter(status=Version.Status.BUILDING, moved_at__lt=last).exists()


def lost_blocks() -> QuerySet[CategoryNetwork]:
    """Blocks of networks that are being built which a worker began so long ago that it must be gone, though others may
    move the network on."""
    return CategoryNetwork.objects.filter(
        network__status=Version.Status.BUILDING,
        state=CategoryNetwork.State.WAITING,
        begun_at__lt=timezone.now() - STALLED_AFTER,
    )


def set_aside(version: Version, message: str) -> None:
    """Somebody stopped the work: the next start goes on at once with what is left."""
    type(version).objects.filter(pk=version.pk, status=Version.Status.BUILDING).update(
        moved_at=timezone.now() - STALLED_AFTER - timedelta(seconds=1), message=message[:300]
    )


def activate(version: Version) -> None:
    """Serve ``version`` from now on. Readers see the old one or the new one, never half of each."""
    model = type(version)
    now = timezone.now()
    with transaction.atomic():
        for active in model.objects.select_for_update().filter(status=Version.Status.ACTIVE):
            active.status = Version.Status.RETIRED
            active.save(update_fields=["status"])
        version.status = Version.Status.ACTIVE
        version.activated_at = now
        version.seconds = round((now - version.created_at).total_seconds(), 2)
        version.message = ""
        version.save(update_fields=["status", "activated_at", "seconds", "message"])
    old = model.objects.filter(status__in=[Version.Status.RETIRED, Version.Status.FAILED]).order_by("-pk")[
        KEPT:
    ]
    model.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()


def fail(version: Version, message: str) -> None:
    """Give a version up; what was served before is served on."""
    type(version).objects.filter(pk=version.pk, status=Version.Status.BUILDING).update(
        status=Version.Status.FAILED, message=message[:300]
    )


def roll_back(model: type[V]) -> V:
    """Serve the version before the active one again.

    Raises:
        LookupError: when there is none.
    """
    with transaction.atomic():
        active = model.objects.select_for_update().filter(status=Version.Status.ACTIVE).first()
        before = model.objects.filter(status=Version.Status.RETIRED)
        if active is not None:
            before = before.filter(pk__lt=active.pk)
        previous = before.order_by("-pk").first()
        if previous is None:
            raise LookupError("There is no earlier version to go back to.")
        if active is not None:
            active.status = Version.Status.RETIRED
            active.save(update_fields=["status"])
        previous.status = Version.Status.ACTIVE
        previous.activated_at = timezone.now()
        previous.save(update_fields=["status", "activated_at"])
        return previous


def active(model: type[V]) -> V | None:
    """The version that is served, or None before the first refresh."""
    return model.objects.filter(status=Version.Status.ACTIVE).first()
