"""What catalogues call kinds, colours and people, in the page's language: ``locale/<language>/words.json``.

Catalogues are written in English words of the trade ("Tshirts", "Navy Blue", "Women"), and the network speaks the same.
What owners made up themselves, such as a brand or a shelf of their own, is in no dictionary and stays as it is.
"""

import functools
import json
from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import get_language, to_locale

Words = Mapping[str, tuple[str, str]]
"""A catalogue's word in lower case -> what a single such thing is called, and several or the whole kind."""


def spoken(word: str, *, one: bool = False, otherwise: str | None = None) -> str:
    """``word`` in the language of the page; ``one``: of a single thing. Where no dictionary has it, ``otherwise``, or
    the word itself."""
    found = _words(get_language() or settings.LANGUAGE_CODE).get(word.lower())
    if found is None:
        return word if otherwise is None else otherwise
    single, several = found
    return single if one else several


@functools.cache
def _words(language: str) -> Words:
    for folder in settings.LOCALE_PATHS:
        file = folder / to_locale(language) / "words.json"
        if file.is_file():
            content = json.loads(file.read_text())
            return {word.lower(): (one, several) for word, (one, several) in content.items()}
    return {}
