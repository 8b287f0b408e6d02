"""Staff read what was written, and show it or refuse it."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from shop.reviews.counting import recount
from shop.reviews.models import Answer, Contribution, Question, Review, ReviewPhoto


class StillPreparing(Exception):
    """A review whose pictures a worker has not made ready: nobody could have seen what they show."""


def publish(contribution: Contribution) -> bool:
    """Show it from now on; False when it is shown already.

    Raises:
        StillPreparing: while pictures of a review wait for a worker.
    """
    waiting = ReviewPhoto.objects.filter(review=contribution.pk, state=ReviewPhoto.State.WAITING)
    if isinstance(contribution, Review) and waiting.exists():
        raise StillPreparing
    return _move(contribution, Contribution.Status.PUBLISHED)


def refuse(contribution: Contribution, reason: str) -> bool:
    """Never show it, or no longer, for one of ``Contribution.Refusal``; False when it is refused for that already."""
    return _move(contribution, Contribution.Status.REFUSED, reason)


def answer_as_staff(member: User, answer: Answer) -> None:
    """Sign what a member of staff answered or put right; it is shown without being read once more."""
    answer.is_staff = True
    answer.author = settings.SHOP_NAME
    answer.user = answer.user or member
    answer.status = Answer.Status.PUBLISHED
    answer.published_at = answer.published_at or timezone.now()
    answer.save()


def _move(contribution: Contribution, status: str, reason: str = "") -> bool:
    with transaction.atomic():
        row = type(contribution).objects.select_for_update().get(pk=contribution.pk)
        if (row.status, row.refusal) == (status, reason):
            return False
        row.status, row.refusal = status, reason
        if row.is_published:
            row.published_at = row.published_at or timezone.now()
        row.save(update_fields=["status", "refusal", "published_at"])
        if isinstance(row, Review | Question):
            recount(row.style)
    return True
