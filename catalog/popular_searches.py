"""What several shoppers search for: told to others as they type, and to the shop's staff.

Nothing is told that fewer than ``MIN_SHOPPERS`` searched for, and nothing is kept from which one shopper's searches
could be put together.
"""

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from catalog.models import PopularSearch, Search, Word
from catalog.vocabulary import words_of

MIN_SHOPPERS = 3  # as for recommendations: what fewer have in common is nobody else's business
KEPT = timedelta(days=60)
LONGEST = 60

_POPULAR = """
SELECT words, count(*), (array_agg(n_found ORDER BY made_at DESC))[1]
FROM catalog_search GROUP BY words HAVING count(*) >= %s
"""


def note_search(words: str, shopper: str, n_found: int) -> None:
    """Remember that ``shopper`` (any text that tells shoppers apart) searched for ``words``."""
    words = " ".join(words.lower().split())
    if not 2 <= len(words) <= LONGEST:
        return
    digest = salted_hmac("catalog.popular_searches", f"{words}\n{shopper}", algorithm="sha256").digest()[:16]
    Search.objects.bulk_create(
        [Search(words=words, shopper=digest, n_found=n_found, made_at=timezone.now())],
        update_conflicts=True,
        unique_fields=["words", "shopper"],
        update_fields=["n_found", "made_at"],
    )


def recount_searches() -> int:
    """Count anew what several shoppers searched for lately, and forget what is older; returns how many there are."""
    Search.objects.filter(made_at__lt=timezone.now() - KEPT).delete()
    with connection.cursor() as cursor:
        cursor.execute(_POPULAR, [MIN_SHOPPERS])
        rows = cursor.fetchall()
    asked = {word for words, *_ in rows for word in words_of(words)}
    known = set(Word.objects.filter(text__in=asked).values_list("text", flat=True))
    with transaction.atomic():
        PopularSearch.objects.all().delete()
        PopularSearch.objects.bulk_create(
            PopularSearch(
                words=words,
                n_shoppers=n_shoppers,
                n_found=n_found,
                # Neither names nor addresses, nor what somebody wants others to read, are words of the shop.
                is_suggested=n_found > 0
                and words.split() == words_of(words)
                and known.issuperset(words.split()),
            )
            for words, n_shoppers, n_found in rows
        )
    return len(rows)
