"""Which known word a misspelt one means.

A misspelt word and the right one become the same when a letter or two are left out of each: "shrit" and "shirt" meet in
"srit". So an index of shortened words finds all words within two errors by equality alone, wherever the errors are
(SymSpell, W. Garbe 2012); trigrams, of which a transposed letter in a short word leaves none, do not.
"""

from collections.abc import Mapping
from itertools import combinations
from math import log

PREFIX = 7  # letters that are shortened; the index stays small, and errors behind them need no shortening
SHORTEST = 3  # letters of a word that can be misspelt: of two letters, one error leaves nothing to go by
LONGEST = 30
# What one error weighs against the logarithm of how many products have a word. Chosen among 2 to 8 on errors made up in
# every second word of a catalogue of 32,272 products; docs/benchmarks.md has what the other half says.
ERROR_COST = 6.0


def shortened(word: str) -> set[str]:
    """``word``'s beginning as it is and with one and two letters left out: what an index finds it by."""
    start = word[:PREFIX]
    return {
        "".join(start[place] for place in range(len(start)) if place not in left_out)
        for n in range(min(2, max(0, len(start) - 2)) + 1)
        for left_out in combinations(range(len(start)), n)
    }


def tolerated(word: str) -> int:
    """How many errors a word of this length may have."""
    return 0 if len(word) < SHORTEST else 1 if len(word) <= 4 else 2


def distance(word: str, other: str) -> int:
    """How many errors make ``word`` of ``other``: letters left out, put in, mistaken, or swapped with the next one
    (optimal string alignment)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(word, start=1):
        now = [row]
        for column, other_letter in enumerate(other, start=1):
            cost = min(last[column] + 1, now[-1] + 1, last[column - 1] + (letter != other_letter))
            if row > 1 and column > 1 and letter == other[column - 2] and word[row - 2] == other_letter:
                cost = min(cost, before[column - 2] + 1)
            now.append(cost)
        before, last = last, now
    return last[-1]


def is_same(word: str, other: str) -> bool:
    """Whether the two are one word, or its singular and plural: the search knows no difference."""
    short, long = sorted((word, other), key=len)
    return long in (short, short + "s", short + "es")


def nearest(word: str, known: Mapping[str, int]) -> str | None:
    """The word that is most likely meant by ``word``: few errors, and a word that many products have.

    ``known``: words -> number of products. A known word means itself, unless another is very much more common. The
    rest of a word that was only begun counts as one error. None where nothing is near enough.
    """
    allowed = tolerated(word)
    scored = []
    for other, n in known.items():
        errors = 0 if is_same(word, other) else distance(word, other)
        if errors > allowed and other.startswith(word):
            errors = 1
        if errors <= allowed:
            scored.append((log(1 + n) - ERROR_COST * errors, other == word, other))
    return max(scored)[-1] if scored else None
