"""The shop's own words: what misspelt words are corrected to, and half-typed ones completed with.

Only what visible products say (and what was seen on their pictures) is in it: a draft's name is no suggestion.
"""

import re
from collections.abc import Iterable, Sequence

from django.db import connection, transaction
from django.db.models import Q

from catalog.models import Synonym, Word
from catalog.spelling import LONGEST, SHORTEST, is_same, nearest, shortened, tolerated

N_COMPLETIONS = 5
_BATCH = 1_000
_LETTERS = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*")
_PARTS = re.compile(r'"|\S+')

# Words as they are written ("simple"), not the stems that the search compares. A is what a product is called.
_TEXT = """
SELECT setweight(to_tsvector('simple', concat_ws(' ', name, search_terms)), 'A')
    || to_tsvector('simple', concat_ws(' ', description, seen_words))
FROM catalog_product WHERE status = 'active'
"""
# Shoppers ask for what things are called: "shrt" is a shirt, though more texts speak of short sleeves.
_IN_TEXT_ONLY = 10  # so many products that only tell of a word count as one that is called by it
_IS_WORD = f"^[[:alpha:]][[:alpha:]-]{{{SHORTEST - 1},{LONGEST - 1}}}$"
_COUNT = """
SELECT word, coalesce(called.ndoc, 0) + (told.ndoc - coalesce(called.ndoc, 0)) / %(in_text_only)s
FROM ts_stat(%(text)s) AS told LEFT JOIN ts_stat(%(text)s, 'a') AS called USING (word)
WHERE word ~ %(is_word)s
"""


def learn_words(product_ids: Iterable[int]) -> int:
    """Add the words of these products that were unknown; returns how many. Safe to run twice.

    How many products have them is counted by ``recount_words`` later.
    """
    ids = ",".join(str(int(pk)) for pk in product_ids)
    if not ids:
        return 0
    counts = _counts(f"{_TEXT} AND id IN ({ids})")
    known = set(Word.objects.filter(text__in=counts).values_list("text", flat=True))
    # In one order, so that two imports at once do not wait for each other's words in a circle.
    new = [Word.of(text, counts[text]) for text in sorted(counts.keys() - known)]
    Word.objects.bulk_create(new, batch_size=_BATCH, ignore_conflicts=True)
    return len(new)


def recount_words() -> int:
    """Count anew how many visible products have each word, and forget those that none has; returns how many remain."""
    counts = _counts(_TEXT)
    for synonym in Synonym.objects.all():
        finds = max((counts.get(word, 0) for word in words_of(synonym.also)), default=0)
        for word in words_of(synonym.word):
            if finds and SHORTEST <= len(word) <= LONGEST:
                counts[word] = max(finds, counts.get(word, 0))
    with transaction.atomic():
        known = {
            word.text: word for word in Word.objects.select_for_update().order_by("text").defer("shortened")
        }
        Word.objects.filter(text__in=sorted(known.keys() - counts.keys())).delete()
        changed = []
        for text in sorted(counts.keys() & known.keys()):
            if known[text].n_products != counts[text]:
                known[text].n_products = counts[text]
                changed.append(known[text])
        Word.objects.bulk_update(changed, ["n_products"], batch_size=_BATCH)
        new = [Word.of(text, counts[text]) for text in sorted(counts.keys() - known.keys())]
        Word.objects.bulk_create(new, batch_size=_BATCH, ignore_conflicts=True)
    return len(counts)


def _counts(text_query: str) -> dict[str, int]:
    """Words -> number of products, of the texts that ``text_query`` selects, those that only tell of it counted low."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"text": text_query, "is_word": _IS_WORD, "in_text_only": _IN_TEXT_ONLY})
        return dict(cursor.fetchall())


def words_of(text: str) -> list[str]:
    """The words in ``text``, in small letters, without numbers and signs."""
    return _LETTERS.findall(text.lower())


def corrected(text: str) -> str:
    """``text`` with each misspelt word put right; the same text where there is nothing to put right.

    Words that are excluded ("-red") and signs stay as they are.
    """
    wanted = {word for part in _PARTS.findall(text) if not part.startswith("-") for word in words_of(part)}
    wanted.discard("or")  # means something in a search
    known = _near(wanted)
    meant = {
        word: better
        for word in wanted
        if (better := nearest(word, known[word])) is not None and not is_same(word, better)
    }

    def put_right(part: re.Match[str]) -> str:
        if part[0].startswith("-"):
            return part[0]
        return _LETTERS.sub(lambda found: meant.get(found[0].lower(), found[0]), part[0])

    return _PARTS.sub(put_right, text)


def _near(words: Iterable[str]) -> dict[str, dict[str, int]]:
    """For each of ``words`` the known words that may be meant by it -> number of products, all in one query."""
    forms = {word: shortened(word) for word in words if tolerated(word)}
    if not forms:
        return {word: {} for word in words}
    begun = Q()
    for word in forms:
        begun |= Q(text__startswith=word)
    near = Word.objects.filter(Q(shortened__overlap=sorted(set().union(*forms.values()))) | begun)
    rows = [(text, n, set(short)) for text, n, short in near.values_list("text", "n_products", "shortened")]
    return {
        word: {
            text: n
            for text, n, short in rows
            if not short.isdisjoint(forms.get(word, ())) or text.startswith(word)
        }
        for word in words
    }


def completions(beginning: str) -> Sequence[str]:
    """The most common words that begin with ``beginning``, of singular and plural the more common one."""
    found: list[str] = []
    for text in (
        Word.objects.filter(text__startswith=beginning.lower())
        .order_by("-n_products", "text")
        .values_list("text", flat=True)[: 2 * N_COMPLETIONS]
    ):
        if not any(is_same(text, other) for other in found):
            found.append(text)
    return found[:N_COMPLETIONS]
