"""What the catalogue leaves to a worker."""

from celery import shared_task

from catalog.popular_searches import recount_searches
from catalog.vocabulary import recount_words


@shared_task(name="catalog.recount_words")
def recount_words_task() -> None:
    """Count the shop's words and its shoppers' searches. Safe to run twice."""
    recount_words()
    recount_searches()
