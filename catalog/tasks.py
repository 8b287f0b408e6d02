"""What the catalogue leaves to a worker."""

from celery import shared_task
from django.utils import timezone

from catalog.history import forget_history
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
