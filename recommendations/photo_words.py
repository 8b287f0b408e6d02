"""Words beside a photo, understood: "this but black, under 50" asks for a colour and a price, and so does "das, aber in
schwarz, unter 50": English and German may even be mixed. No database here.

What a photo shows is known already, so the words only say what should be different. Colours, kinds of products, for
whom and price limits become filters; words that say nothing ("this", "but", "please") are passed over; what is left is
searched for as text.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from vision.labels import display_name
from vision.vocabulary import COLOUR_FAMILIES, EVERYDAY_TYPES, SHELVES


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


PartKind = Literal["colour", "not_colour", "type", "gender", "price", "text"]
LONGEST = 120  # characters; a shopper's sentence is shorter

# What people say of colours beside the catalogue's own names.
_MORE_COLOURS = {
    "navy": ("Navy Blue",),
    "turquoise": ("Turquoise Blue",),
    "burgundy": ("Burgundy", "Maroon"),
    "wine": ("Burgundy", "Maroon"),
    "ivory": ("Off White", "Cream"),
    "camel": ("Tan", "Camel", "Beige"),
    "sand": ("Beige", "Khaki"),
    "lime": ("Lime Green",),
    "neon": ("Fluorescent Green",),
    "light blue": ("Light Blue", "Blue"),
    "sky blue": ("Light Blue", "Blue"),
    "mint": ("Mint", "Sea Green"),
    "coral": ("Coral", "Peach"),
    "lilac": ("Lavender", "Mauve"),
    "violet": COLOUR_FAMILIES["Purple"],
    "multicolour": COLOUR_FAMILIES["Multi"],
    "multicolor": COLOUR_FAMILIES["Multi"],
    "multicoloured": COLOUR_FAMILIES["Multi"],
    "colourful": COLOUR_FAMILIES["Multi"],
    "colorful": COLOUR_FAMILIES["Multi"],
}
# German adjectives bend: schwarz, schwarze, schwarzes …
_GERMAN_COLOURS = {
    "schwarz": COLOUR_FAMILIES["Black"],
    "weiß": COLOUR_FAMILIES["White"],
    "weiss": COLOUR_FAMILIES["White"],
    "grau": COLOUR_FAMILIES["Grey"],
    "rot": COLOUR_FAMILIES["Red"],
    "weinrot": ("Burgundy", "Maroon"),
    "rosa": COLOUR_FAMILIES["Pink"],
    "pink": COLOUR_FAMILIES["Pink"],
    "lila": COLOUR_FAMILIES["Purple"],
    "violett": COLOUR_FAMILIES["Purple"],
    "blau": COLOUR_FAMILIES["Blue"],
    "dunkelblau": ("Navy Blue",),
    "marineblau": ("Navy Blue",),
    "hellblau": ("Light Blue", "Blue"),
    "türkis": ("Turquoise Blue",),
    "grün": COLOUR_FAMILIES["Green"],
    "oliv": ("Olive",),
    "gelb": COLOUR_FAMILIES["Yellow"],
    "golden": ("Gold",),
    "silbern": ("Silver",),
    "braun": COLOUR_FAMILIES["Brown"],
    "creme": ("Cream", "Off White"),
    "bunt": COLOUR_FAMILIES["Multi"],
    "mehrfarbig": COLOUR_FAMILIES["Multi"],
}
_ENDINGS = ("", "e", "em", "en", "er", "es")
_MORE_TYPES = {
    "tee shirt": ("Tshirts",),
    "t shirt": ("Tshirts",),
    "tshirt": ("Tshirts",),
    "top": ("Tops", "Tshirts", "Shirts", "Camisoles", "Tunics"),
    "trainers": ("Sports Shoes", "Casual Shoes"),
    "sneakers": ("Sports Shoes", "Casual Shoes"),
    "jumper": ("Sweaters", "Sweatshirts"),
    "pullover": ("Sweaters", "Sweatshirts"),
    "hoodie": ("Sweatshirts",),
    "handbag": ("Handbags",),
    "purse": ("Handbags", "Clutches"),
    "tote": ("Handbags",),
    "hemd": ("Shirts",),
    "bluse": ("Shirts", "Tops"),
    "oberteil": ("Tops", "Tshirts", "Shirts", "Camisoles", "Tunics"),
    "kleid": ("Dresses",),
    "hose": EVERYDAY_TYPES["trousers"],
    "jacke": EVERYDAY_TYPES["jacket"],
    "mantel": EVERYDAY_TYPES["coat"],
    "schuhe": EVERYDAY_TYPES["shoes"],
    "turnschuhe": ("Sports Shoes", "Casual Shoes"),
    "stiefel": ("Boots", "Booties"),
    "sandalen": ("Sandals", "Sports Sandals"),
    "tasche": EVERYDAY_TYPES["bag"],
    "handtasche": ("Handbags", "Clutches"),
    "rucksack": ("Backpacks", "Rucksacks"),
    "gürtel": ("Belts",),
    "schal": ("Scarves", "Stoles", "Mufflers"),
    "mütze": ("Caps", "Hats", "Hat"),
}
_FOR_MEN, _FOR_WOMEN = ("Men", "Unisex"), ("Women", "Unisex")
_GENDERS = {
    **dict.fromkeys(("men", "man", "mens", "men's", "him", "male"), _FOR_MEN),
    **dict.fromkeys(("women", "woman", "womens", "women's", "ladies", "her", "female"), _FOR_WOMEN),
    **dict.fromkeys(("boy", "boys", "boy's", "boys'"), ("Boys",)),
    **dict.fromkeys(("girl", "girls", "girl's", "girls'"), ("Girls",)),
    **dict.fromkeys(("kid", "kids", "kid's", "kids'", "child", "children", "children's"), ("Boys", "Girls")),
    "unisex": ("Unisex",),
    **dict.fromkeys(("herren", "männer"), _FOR_MEN),
    **dict.fromkeys(("damen", "frauen"), _FOR_WOMEN),
    "jungen": ("Boys",),
    "mädchen": ("Girls",),
    "kinder": ("Boys", "Girls"),
}
_SAY_NOTHING = _set_of("""
    a an and any are but can colored colour coloured color could do exact exactly find for from give have i in instead
    is it just kind like love make me my need of on one ones only or other please same show similar some something
    that the these thing things this those to version want what with would you your
    aber als andere anderen anderer anderes auch bitte das dem den der die diese diesem diesen dieser dieses ein eine
    einem einen einer eines etwas farbe für genau haben ich ist mir mit nur oder so und von was wie
""")
_NEGATIONS = _set_of("not no without never nicht kein keine keinen keiner ohne")

_AMOUNT = (
    r"(?:[€$£]\s*)?(\d{1,3}(?:[.,]\d{3})+|\d{1,7}(?:[.,]\d{1,2})?)(?![\d.,]*\d)"
    r"(?:\s*(?:[€$£]|(?:euros?|eur|usd|dollars?|bucks|gbp|pounds?)\b))?"
)
_MONEY = r"(?:[€$£]|(?:euros?|eur|usd|dollars?|gbp|pounds?)\b)"
_PRICES = [
    (
        re.compile(
            rf"\b(?:between|from|zwischen|von)\s+{_AMOUNT}\s*(?:and|to|und|bis|-|–)\s*{_AMOUNT}", re.I
        ),
        "range",
    ),
    (re.compile(rf"(?<!\w){_AMOUNT}\s*(?:to|bis|-|–)\s*{_AMOUNT}(?<=[€$£a-z])", re.I), "range"),
    (
        re.compile(
            rf"(?:\b(?:not?\s+more\s+than|not\s+over|no\s+over|less\s+than|cheaper\s+than|under|below|up\s+to|until"
            rf"|at\s+most|max(?:imum|imal)?|within|unter|nicht\s+(?:mehr\s+als|über)|bis(?:\s+zu)?|höchstens|weniger\s+als)|<=?)\s*{_AMOUNT}",
            re.I,
        ),
        "most",
    ),
    (
        re.compile(
            rf"(?:\b(?:more\s+than|not?\s+less\s+than|over|above|at\s+least|min(?:imum)?|from"
            rf"|über|ab|mindestens|mehr\s+als)|>=?)\s*{_AMOUNT}",
            re.I,
        ),
        "least",
    ),
]
_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")


@dataclass(frozen=True)
class Part:
    """A piece of the words, at ``start`` to ``end``, and what it asks for.

    ``values``: names of colours, article types or genders as the catalogue writes them; of a price its two limits as
    text, empty where there is none; of text the words.
    """

    start: int
    end: int
    kind: PartKind
    text: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class PhotoWords:
    """What ``words`` ask for. Several values of one kind are alternatives ("black or navy")."""

    words: str
    parts: tuple[Part, ...]

    @property
    def colours(self) -> frozenset[str]:
        """The colours that are wished for; empty for any."""
        return self._values("colour") - self.unwanted_colours

    @property
    def unwanted_colours(self) -> frozenset[str]:
        return self._values("not_colour")

    @property
    def types(self) -> frozenset[str]:
        """The article types that are wished for; empty for any."""
        return self._values("type")

    @property
    def genders(self) -> frozenset[str]:
        return self._values("gender")

    @property
    def min_price(self) -> Decimal | None:
        return max((Decimal(low) for low, _ in self._limits() if low), default=None)

    @property
    def max_price(self) -> Decimal | None:
        return min((Decimal(high) for _, high in self._limits() if high), default=None)

    @property
    def rest(self) -> str:
        """What no filter takes: to be searched for as text."""
        return " ".join(part.text for part in self.parts if part.kind == "text")

    def without(self, part: Part) -> str:
        """The words when ``part`` is taken away; empty when nothing is asked for any more."""
        left = self.words[: part.start] + " " + self.words[part.end :]
        left = " ".join(re.sub(r"(?<!\w)[,;]+(?!\w)", " ", left).split())  # no comma stays behind alone
        return left if len(self.parts) > 1 else ""

    def _values(self, kind: PartKind) -> frozenset[str]:
        return frozenset(value for part in self.parts if part.kind == kind for value in part.values)

    def _limits(self) -> list[tuple[str, ...]]:
        return [part.values for part in self.parts if part.kind == "price"]


def understood(words: str) -> PhotoWords:
    """Read ``words``; any text is fine. Longer names win ("navy blue" is not "navy" and "blue")."""
    words = " ".join(words.split())[:LONGEST].rstrip()
    prices = list(_prices(words))
    parts: list[Part] = list(prices)
    for run in _runs(words, prices):
        parts += _named(words, run)
    return PhotoWords(words, tuple(sorted(parts, key=lambda part: part.start)))


def _prices(words: str) -> Iterator[Part]:
    taken: list[tuple[int, int]] = []
    for pattern, kind in _PRICES:
        for found in pattern.finditer(words):
            start, end = found.span()
            if any(start < other_end and other_start < end for other_start, other_end in taken):
                continue
            # "38-40" is a size; only with a currency or a word before it is it a price.
            if kind == "range" and not re.search(rf"from|between|von|zwischen|{_MONEY}", found[0], re.I):
                continue
            amounts = sorted(_amount(text) for text in found.groups())
            low = "" if kind == "most" else str(amounts[0])
            high = "" if kind == "least" else str(amounts[-1])
            taken.append((start, end))
            yield Part(start, end, "price", found[0], (low, high))


def _amount(text: str) -> Decimal:
    """The number in "50", "49.90", "49,90" or "1,000"."""
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", text):
        return Decimal(re.sub(r"[.,]", "", text))
    return Decimal(text.replace(",", "."))


def _runs(words: str, prices: Iterable[Part]) -> Iterator[list[re.Match[str]]]:
    """The words between the prices, run by run."""
    start = 0
    for part in [*sorted(prices, key=lambda part: part.start), None]:
        end = part.start if part else len(words)
        yield list(_WORD.finditer(words, start, end))
        start = part.end if part else end


def _named(words: str, run: list[re.Match[str]]) -> Iterator[Part]:
    """The colours, kinds and people that a run of words names; what is left becomes text."""
    plain = [match[0].lower().replace("’", "'") for match in run]
    place, negated = 0, False
    text_from: int | None = None

    def text(until: int) -> Iterator[Part]:
        if text_from is not None:
            start, end = run[text_from].start(), run[until - 1].end()
            yield Part(start, end, "text", words[start:end], (words[start:end],))

    while place < len(run):
        for size in range(min(_LONGEST_NAME, len(run) - place), 0, -1):
            meaning = _MEANINGS.get(" ".join(plain[place : place + size]))
            if meaning:
                break
        if meaning:
            yield from text(place)
            text_from = None
            kind, values = meaning
            first = place - 1 if negated and kind == "colour" else place
            start, end = run[first].start(), run[place + size - 1].end()
            yield Part(start, end, "not_colour" if first < place else kind, words[start:end], values)
            place += size
            negated = False
            continue
        if plain[place] in _SAY_NOTHING or plain[place] in _NEGATIONS:
            yield from text(place)
            text_from = None
        elif text_from is None:
            text_from = place
        negated = plain[place] in _NEGATIONS
        place += 1
    yield from text(len(run))


def _meanings() -> Mapping[str, tuple[PartKind, tuple[str, ...]]]:
    """Every name in lower case -> what it asks for; exact names before families, both before people's words."""
    found: dict[str, tuple[PartKind, tuple[str, ...]]] = {}

    def add(kind: PartKind, name: str, values: tuple[str, ...]) -> None:
        for form in {name.lower(), name.lower().replace("grey", "gray")}:
            found.setdefault(form, (kind, values))

    for family, names in COLOUR_FAMILIES.items():
        add("colour", family, names)
        for name in names:
            add("colour", name, (name,))
    for name, values in _MORE_COLOURS.items():
        add("colour", name, values)
    for name, values in _GERMAN_COLOURS.items():
        for ending in _ENDINGS:
            add("colour", name + ending, values)
    for name, values in {**EVERYDAY_TYPES, **_MORE_TYPES}.items():
        for form in (name, _plural(name)):
            add("type", form, values)
    for shelf, names in SHELVES.items():
        if shelf == "beauty":  # "compact", "ring" and the like: nobody photographs a lipstick to find a dress
            continue
        for name in names:
            for form in (name, display_name(name), _plural(display_name(name))):
                add("type", form, (name,))
    for name, values in _GENDERS.items():
        add("gender", name, values)
    return found


def _plural(name: str) -> str:
    if name.endswith(("s", "sh", "ch")) and not name.endswith(("ss", "sh", "ch")):
        return name
    return name + ("es" if name.endswith(("ss", "sh", "ch")) else "s")


_MEANINGS = _meanings()
_LONGEST_NAME = max(len(name.split()) for name in _MEANINGS)
