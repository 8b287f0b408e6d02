"""Which products a shopper's words mean, and how well.

What the catalogue itself says of a product always comes before what a network saw on its picture
(``Product.seen_words``, weight D of the search vector): a wrong sighting stands behind every right word.
"""

from dataclasses import dataclass

from django.contrib.postgres.search import (
    SearchQuery,
    SearchRank,
    SearchVectorExact,
    SearchVectorField,
)
from django.db import connection
from django.db.models import Case, F, Func, QuerySet, Value, When

from catalog.models import Product
from catalog.vocabulary import corrected, words_of

# Synonyms are put into the query itself, wherever in it they stand. PostgreSQL would run this again for each product if
# it were part of the search: so it is asked for beforehand, as text.
_WITH_SYNONYMS = """
SELECT ts_rewrite(websearch_to_tsquery('english', words), $$
    SELECT plainto_tsquery('english', word),
           websearch_to_tsquery('english', replace(word || ',' || also, ',', ' or '))
    FROM catalog_synonym
$$)::text
FROM unnest(%s::text[]) WITH ORDINALITY AS asked (words, place) ORDER BY place
"""


class _ReadyQuery(SearchQuery):
    """A query as PostgreSQL wrote it down: ``'red' & ( 'tee' | 'shirt' )``."""

    template = "%(expressions)s::tsquery"


@dataclass(frozen=True)
class Match:
    """The products that were found, annotated with ``relevance``, and what for.

    ``words`` are those that were searched for: as they were asked, or put right where nothing matched. ``is_partial``:
    no product has all of them, these have some. ``is_empty``: not even that.
    """

    products: QuerySet[Product]
    words: str
    is_partial: bool = False
    is_empty: bool = False


def matching(products: QuerySet[Product], words: str) -> Match:
    """The products that match ``words`` as they are, or else as they may be meant (``meant``).

    What the catalogue itself says comes before what a network saw on a picture (``Product.seen_words``): relevance is
    above 1 where the product's own text matches, and below where the match needs what was seen.
    """
    match = as_written(products, words)
    return match if match.products.exists() else meant(products, words)


def as_written(products: QuerySet[Product], words: str) -> Match:
    """The products that match all of ``words`` or their synonyms; perhaps none: ``is_empty`` is not looked up."""
    return Match(_found(products, words), words)


def meant(products: QuerySet[Product], words: str) -> Match:
    """What ``words`` that find nothing may mean: the words put right by the shop's vocabulary (typing errors, words
    half typed); failing that, products that have some of them."""
    better = corrected(words)
    if better != words and (right := _found(products, better)).exists():
        return Match(right, better)
    excludes = any(word.startswith("-") for word in words.split())  # what was excluded does not come back
    if not excludes and len(words_of(better)) > 1 and (some := _found(products, better, some=True)).exists():
        return Match(some, better, is_partial=True)
    return Match(products.none(), words, is_empty=True)


def better_words(products: QuerySet[Product], words: str) -> str:
    """``words`` put right, where that finds something; else "". For words that find little as they are."""
    better = corrected(words)
    return better if better != words and _found(products, better).exists() else ""


def _found(products: QuerySet[Product], words: str, *, some: bool = False) -> QuerySet[Product]:
    """The products that match all of ``words`` (with ``some``: any), annotated with ``relevance``."""
    with connection.cursor() as cursor:
        cursor.execute(_WITH_SYNONYMS, [[words, _any_of(words)]])
        all_words, any_word = (_ReadyQuery(text) for (text,) in cursor.fetchall())
    wanted = any_word if some else all_words
    return products.filter(search_vector=wanted).annotate(
        relevance=Case(
            When(own_text_matches(wanted), then=Value(1.0) + _rank(wanted, seen=0.0)),
            # Word by word: the rank of a whole query prefers seen words that stand side by side to a word of the
            # product's own that stands far from a seen one.
            default=_rank(any_word, seen=0.01),
        )
    )


def _rank(query: SearchQuery, *, seen: float) -> SearchRank:
    """How well ``query`` matches: a name counts most, then terms, then the description, then, so much, seen words."""
    return SearchRank(F("search_vector"), query, weights=[seen, 0.1, 0.4, 1.0])


def own_text_matches(query: SearchQuery) -> SearchVectorExact:
    """Whether ``query`` matches without the words that were only seen."""
    written = Func(
        F("search_vector"),
        Value("{a,b,c}"),
        function="ts_filter",
        template='%(function)s(%(expressions)s::"char"[])',
        output_field=SearchVectorField(),
    )
    return SearchVectorExact(written, query)


def _any_of(words: str) -> str:
    """``words`` such that one of them is enough; those that were excluded ("-red") and quotation marks aside."""
    wanted = [word for word in words.replace('"', " ").split() if not word.startswith("-")]
    return " or ".join(wanted)
