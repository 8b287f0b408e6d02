"""Which products a shopper's words mean, and how well.

What the catalogue itself says of a product always comes before what a network saw on its picture
(``Product.seen_words``, weight D of the search vector): a wrong sighting stands behind every right word.
"""

import re

from django.contrib.postgres.search import (
    SearchQuery,
    SearchRank,
    SearchVectorExact,
    SearchVectorField,
    TrigramWordSimilarity,
)
from django.db.models import Case, F, Func, Q, QuerySet, Value, When

from catalog.models import Product

SIMILAR_WORD = 0.5  # word similarity from which a misspelt word counts as meant


def matching(products: QuerySet[Product], words: str) -> tuple[QuerySet[Product], bool]:
    """The products that match ``words``, annotated with ``relevance``; and whether the words had to be corrected.

    Full text first; when nothing matches, the nearest words by trigrams (typing errors, unusual spellings). What the
    catalogue itself says comes before what a network saw on a picture (``Product.seen_words``): relevance is above 1
    where the product's own text matches, and below where the match needs what was seen.
    """
    full_text = SearchQuery(words, config="english", search_type="websearch")
    found = products.filter(search_vector=full_text).annotate(
        relevance=Case(
            When(_own_text_matches(full_text), then=Value(1.0) + _rank(full_text, seen=0.0)),
            # Word by word: the rank of a whole query prefers seen words that stand side by side to a word of the
            # product's own that stands far from a seen one.
            default=_rank(_any_of(words), seen=0.01),
        )
    )
    if found.exists():
        return found, False
    own = TrigramWordSimilarity(words, "name") + TrigramWordSimilarity(words, "search_terms")
    graded = products.annotate(own=own, seen=TrigramWordSimilarity(words, "seen_words"))
    near = graded.filter(
        Q(name__trigram_word_similar=words)
        | Q(search_terms__trigram_word_similar=words)
        | Q(seen_words__trigram_word_similar=words),
        Q(own__gte=SIMILAR_WORD) | Q(seen__gte=SIMILAR_WORD),
    )
    # Trigrams of the whole catalogue are compared once, here, not again for each facet that a page counts.
    near_ids = list(near.values_list("pk", flat=True))
    relevance = Case(When(own__gte=SIMILAR_WORD, then=Value(1.0) + F("own")), default=F("seen"))
    return graded.filter(pk__in=near_ids).annotate(relevance=relevance), True


def _rank(query: SearchQuery, *, seen: float) -> SearchRank:
    """How well ``query`` matches: a name counts most, then terms, then the description, then, so much, seen words."""
    return SearchRank(F("search_vector"), query, weights=[seen, 0.1, 0.4, 1.0])


def _own_text_matches(query: SearchQuery) -> SearchVectorExact:
    """Whether ``query`` matches without the words that were only seen."""
    written = Func(
        F("search_vector"),
        Value("{a,b,c}"),
        function="ts_filter",
        template='%(function)s(%(expressions)s::"char"[])',
        output_field=SearchVectorField(),
    )
    return SearchVectorExact(written, query)


def _any_of(words: str) -> SearchQuery:
    """``words`` as a query that one of them satisfies; those that were excluded ("-red") and quotation marks aside."""
    wanted = [word for word in words.replace('"', " ").split() if not word.startswith("-")]
    return SearchQuery(" or ".join(wanted), config="english", search_type="websearch")


def beginning(products: QuerySet[Product], words: str) -> QuerySet[Product]:
    """The products that match all of ``words``, of which the last may be only begun ("red dr"), annotated with
    ``is_said``: whether their own text says so, not only what was seen."""
    parts = re.findall(r"\w+", words)  # no sign that means something in a query is left
    begun = SearchQuery(" & ".join(parts) + ":*" if parts else "", config="english", search_type="raw")
    return products.filter(search_vector=begun).annotate(is_said=_own_text_matches(begun))
