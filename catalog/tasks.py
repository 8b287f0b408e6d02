"""What the catalogue leaves to a worker."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from catalog.history import forget_history
from catalog.low_stock import mail_low_stock
from catalog.popular_searches import recount_searches
from catalog.prices import end_reductions, prune_price_log
from catalog.vocabulary import recount_words


@shared_task(name="catalog.recount_words")
def recount_words_task() -> None:
    """Count the shop's words and its shoppers' searches. Safe to run twice."""
    recount_words()
    recount_searches()


@shared_task(name="catalog.tend_price_log")
def tend_price_log() -> None:
    """End what has been reduced for long enough, and forget prices and changes of long ago. Safe to run twice."""
    now = timezone.now()
    end_reductions(now)
    prune_price_log(now)
    forget_history(now)


@shared_task(name="catalog.mail_low_stock", autoretry_for=(OSError,), retry_backoff=60, max_retries=5)
def mail_low_stock_task() -> None:
    """Tell the owner in the morning what fell low the day before. A day that no worker saw is on the dashboard only."""
    mail_low_stock(timezone.localdate() - timedelta(days=1))
