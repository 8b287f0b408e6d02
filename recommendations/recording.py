"""What a shopper did, written down: one append-only row for each view, click, wish, cart, purchase and dismissal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import transaction
from django.db.models import BigIntegerField, QuerySet, Value
from django.utils import timezone

from accounts.models import User
from accounts.shopper import Shopper
from recommendations.models import Interaction, RecommendationList
from recommendations.profiles import Profile, profile_from
from recommendations.reasons import is_code

RECENT = 100  # events that a page looks at: what is older is in the refreshed lists already


def record(shopper: Shopper, product_id: int, kind: str, *, place: str = "", reason: str = "") -> bool:
    """Write one interaction down; of a click on a recommendation also in which ``place`` it stood, and for which reason
    (its code; nonsense is not kept).

    Returns False when there is nobody to record, or the shopper has switched personal pages off.

    Raises:
        ValueError: for a ``kind`` that does not exist.
    """
    if kind not in Interaction.Kind.values:
        raise ValueError(f"{kind!r} is none of {', '.join(Interaction.Kind.values)}")
    if not shopper.is_known or not shopper.personalised:
        return False
    Interaction.objects.create(
        user_id=shopper.user_id,
        session_key="" if shopper.user_id else shopper.visitor,
        product_id=product_id,
        kind=kind,
        place=place,
        reason=reason if is_code(reason) else "",
        created_at=timezone.now(),
    )
    return True


def merge_visitor(visitor: str, user: User) -> int:
    """Hand what the anonymous ``visitor`` did to ``user``, who has just signed in with that session.

    Each row moves once, so that nothing is counted twice however often this runs. A user who wants no personal
    pages gets nothing: the visitor's rows are erased. Returns how many rows moved.
    """
    if not visitor:
        return 0
    with transaction.atomic():
        rows = Interaction.objects.select_for_update().filter(session_key=visitor, user__isnull=True)
        if not user.personalised:
            rows.delete()
            return 0
        return rows.update(user=user, session_key="")


@dataclass(frozen=True)
class Event:
    """One interaction, as the recommenders read it."""

    product_id: int
    kind: str
    at: datetime
    pk: int


def recent_events(shopper: Shopper, limit: int = RECENT) -> list[Event]:
    """The shopper's last interactions, newest first; empty when personal pages are off."""
    if not shopper.is_known or not shopper.personalised:
        return []
    rows = _rows_of(shopper).order_by("-created_at", "-id")
    return [Event(*row) for row in rows.values_list("product_id", "kind", "created_at", "pk")[:limit]]


def looked_at_by(shopper: Shopper, limit: int = RECENT) -> ArraySubquery | Value:
    """For another query: the ids of the products that ``shopper`` looked at last, newest first, with repetitions."""
    if not shopper.is_known or not shopper.personalised:
        return Value([], output_field=ArrayField(BigIntegerField()))
    looks = _rows_of(shopper).filter(kind__in=(Interaction.Kind.VIEW, Interaction.Kind.CLICK))
    return ArraySubquery(looks.order_by("-created_at", "-id").values("product_id")[:limit])


def forget(shopper: Shopper, product_ids: Sequence[int] | None = None) -> int:
    """Erase the shopper's history, or the part that is about ``product_ids``. Returns how many rows went."""
    if not shopper.is_known:
        return 0
    rows = _rows_of(shopper)
    if product_ids is not None:
        rows = rows.filter(product_id__in=product_ids)
    with transaction.atomic():
        _leave_out_of_lists(shopper, product_ids)
        return rows.delete()[0]


def forget_event(shopper: Shopper, event_id: int) -> int:
    """Erase one of the shopper's own interactions. Returns how many rows went: 0 for somebody else's."""
    row = _rows_of(shopper).filter(pk=event_id).first() if shopper.is_known else None
    if row is None:
        return 0
    with transaction.atomic():
        row.delete()
        if not _rows_of(shopper).filter(product_id=row.product_id).exists():
            _leave_out_of_lists(shopper, [row.product_id])
    return 1


def _leave_out_of_lists(shopper: Shopper, product_ids: Sequence[int] | None) -> None:
    """Take what is because of these products out of the shopper's lists at once, or (None) all lists."""
    lists = RecommendationList.objects.filter(user_id=shopper.user_id, user__isnull=False)
    if product_ids is None:
        lists.delete()
        return
    for row in lists.filter(because__overlap=list(product_ids)):
        kept = [place for place, because in enumerate(row.because) if because not in product_ids]
        for column in ("products", "scores", "reasons", "because"):
            setattr(row, column, [getattr(row, column)[place] for place in kept])
        row.save(update_fields=["products", "scores", "reasons", "because"])


def undismiss(shopper: Shopper, product_id: int) -> int:
    """Take "not for me" back. Returns how many rows went."""
    if not shopper.is_known:
        return 0
    return _rows_of(shopper).filter(product_id=product_id, kind=Interaction.Kind.DISMISS).delete()[0]


def _rows_of(shopper: Shopper) -> QuerySet[Interaction]:
    """The rows of a known shopper."""
    if shopper.user_id is not None:
        return Interaction.objects.filter(user_id=shopper.user_id)
    return Interaction.objects.filter(session_key=shopper.visitor, user__isnull=True)


def profile_of(events: Sequence[Event]) -> Profile:
    """What these events say the shopper likes, newest last."""
    return profile_from(
        [event.product_id for event in events],
        [event.kind for event in events],
        [event.at.timestamp() for event in events],
        now=timezone.now().timestamp(),
    )
