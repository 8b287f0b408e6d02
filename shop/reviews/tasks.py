"""What reviews and questions leave to a worker. The module that decodes pictures is imported inside its task: the web
process imports this file to queue it."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from shop.reviews import mailing
from shop.reviews.models import ReviewPhoto


@shared_task(name="reviews.render_photos")
def render_photos(review_id: int) -> None:
    """Make a review's pictures ready."""
    from shop.reviews import photos

    photos.render_photos(review_id)


@shared_task(name="reviews.mail_answer", autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def mail_answer(answer_id: int) -> None:
    """Tell the asker of an answer."""
    mailing.mail_answer(answer_id)


@shared_task(name="reviews.catch_up")
def catch_up() -> None:
    """Queue what should have been done by now: pictures and mails whose own task was lost."""
    late = timezone.now() - timedelta(minutes=1)
    waiting = ReviewPhoto.objects.filter(state=ReviewPhoto.State.WAITING, created_at__lt=late)
    for review_id in set(waiting.values_list("review_id", flat=True)[:200]):
        render_photos.delay_on_commit(review_id)
    for answer_id in mailing.waiting_answers():
        mail_answer.delay_on_commit(answer_id)
