"""German is complete: every sentence that the shop says is in it, with all that stands in its gaps, and compiled."""

import ast
import gettext
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from django.conf import settings
from django.utils.translation.template import templatize

from vision.vocabulary import COLOUR_FAMILIES, SHELVES

ROOMS = ("accounts", "catalog", "recommendations", "shop", "vision")
OWNERS = {"admin", "api"}  # templates that shoppers do not see, and that speak English alone
FOLDER = Path(settings.LOCALE_PATHS[0]) / "de"
# What stands in a sentence's gaps, and the tags around its words.
GAPS = re.compile(r"%\(\w+\)[sd]|\{\w+\}|</?[a-z]+|%s|%d")
# Where a call's arguments are: context, sentence, plural.
PLACES = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
CALL = re.compile(rf"\b(?:{'|'.join(PLACES)})\((?=\s*u?[\"'])")


class Message(NamedTuple):
    """A sentence as a catalogue of translations knows it. ``key``: with its context before it."""

    key: str
    plural: str


def messages_of(code: str) -> Iterator[Message]:
    """The sentences that Python code marks for translation."""
    for call in ast.walk(ast.parse(code)):
        name = isinstance(call, ast.Call) and (getattr(call.func, "id", "") or getattr(call.func, "attr", ""))
        if name not in PLACES:
            continue
        words = [arg.value if isinstance(arg, ast.Constant) else None for arg in call.args]
        context, one, many = PLACES[name]
        if not words or not isinstance(words[one], str):
            continue  # what a variable holds is marked elsewhere
        yield Message(
            f"{words[context]}\x04{words[one]}" if context is not None else words[one],
            words[many] if many is not None else "",
        )


def messages_of_template(source: str) -> Iterator[Message]:
    """The same of a template: Django turns what it marks into calls for xgettext."""
    text = templatize(source)
    for call in CALL.finditer(text):
        end = call.end()
        while True:  # the shortest piece that is a whole call: sentences have brackets of their own
            end = text.index(")", end) + 1
            try:
                found = list(messages_of(text[call.start() : end].strip().replace("\n", " ")))
            except SyntaxError:
                continue
            break
        yield from found


def spoken_messages() -> dict[Message, str]:
    """Every marked sentence of the shop -> a file that says it."""
    found: dict[Message, str] = {}
    for room in ROOMS:
        for file in (settings.BASE_DIR / room).rglob("*.py"):
            found |= dict.fromkeys(messages_of(file.read_text()), str(file))
    for file in (settings.BASE_DIR / "templates").rglob("*"):
        if file.suffix in {".html", ".txt"} and not OWNERS & set(file.parts):
            found |= dict.fromkeys(messages_of_template(file.read_text()), str(file))
    return found


def written_messages() -> dict[Message, list[str]]:
    """The .po file: sentence -> its translations, one for each plural form."""
    found = {}
    for entry in re.split(r"\n\s*\n", (FOLDER / "LC_MESSAGES" / "django.po").read_text()):
        fields: dict[str, str] = {}
        name = ""
        for line in entry.splitlines():
            if line.startswith("#"):
                assert "fuzzy" not in line, entry
                continue
            word, _, rest = line.partition(" ") if not line.startswith('"') else (name, "", line)
            name = word
            fields[name] = fields.get(name, "") + ast.literal_eval(rest)
        if fields.get("msgid"):
            context = f"{fields['msgctxt']}\x04" if "msgctxt" in fields else ""
            message = Message(context + fields["msgid"], fields.get("msgid_plural", ""))
            found[message] = [text for key, text in fields.items() if key.startswith("msgstr")]
    return found


@pytest.fixture(scope="module")
def spoken() -> dict[Message, str]:
    return spoken_messages()


@pytest.fixture(scope="module")
def written() -> dict[Message, list[str]]:
    return written_messages()


def test_every_sentence_of_the_shop_has_german(spoken, written):
    missing = {message: file for message, file in spoken.items() if not all(written.get(message, [""]))}
    assert len(spoken) > 300
    assert not missing, (
        "Write the German of these into locale/de/LC_MESSAGES/django.po (make messages):\n"
        + "\n".join(f"{file}: {message.key!r}" for message, file in missing.items())
    )


def test_nothing_is_translated_that_nobody_says(spoken, written):
    assert not written.keys() - spoken.keys()


def test_no_gap_and_no_tag_of_a_sentence_is_lost(written):
    for message, translations in written.items():
        english = set(GAPS.findall(message.key.rpartition("\x04")[2])) | set(GAPS.findall(message.plural))
        for german in translations:
            # "1 Teil" may leave the number out where the English plural has it.
            gaps = set(GAPS.findall(german))
            assert gaps == english or (message.plural and gaps < english), (message, german)


def test_what_is_compiled_is_what_is_written(written):
    with (FOLDER / "LC_MESSAGES" / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    read = {
        message: [compiled._catalog[message.key, form] for form in range(len(translations))]
        if message.plural
        else [compiled._catalog[message.key]]
        for message, translations in written.items()
    }
    assert read == written, "django.mo is older than django.po: make messages"


def test_the_words_of_the_trade_are_known_in_german():
    known = {word.lower() for word in json.loads((FOLDER / "words.json").read_text())}
    words = {*SHELVES, *COLOUR_FAMILIES}
    for several in (*SHELVES.values(), *COLOUR_FAMILIES.values()):
        words |= set(several)
    assert not {word for word in words if word.lower() not in known}


def test_sentences_are_found_in_code_and_in_templates():
    code = 'x = _("a (b)") % y; pgettext("c", "d"); _(z)'
    assert set(messages_of(code)) == {Message("a (b)", ""), Message("c\x04d", "")}
    page = '{% translate "A (b)" %}{% blocktranslate count n=n %}{{ n }} a{% plural %}{{ n }} b{% endblocktranslate %}'
    assert set(messages_of_template("{% load i18n %}" + page)) == {
        Message("A (b)", ""),
        Message("%(n)s a", "%(n)s b"),
    }
