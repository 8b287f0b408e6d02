"""What a page shows, understood: which of its images may be product pictures, what they are called, what they cost."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from vision.collecting.network import Refused, check_address, normalised

NAME_LENGTH = 200  # what a catalogue's column takes
# Drawings and animations, which no decoder of the shop reads, and words that no product is called by.
_NO_PHOTO = re.compile(r"\.(svg|gif|ico|avif)$|\b(sprites?|favicon|placeholder|spinner)\b", re.I)
# A name that says only that there is a picture.
_SAYS_NOTHING = re.compile(r"(image|img|photo|picture|product|item|thumb(nail)?|[\W\d_])*", re.I)
# https://html.spec.whatwg.org/#srcset-attribute: addresses may hold commas, but neither begin nor end with one.
_CANDIDATE = re.compile(r"([^\s,]\S*[^\s,])(?:\s+([\d.]+)([wx]))?\s*(?:,|$)")

_CURRENCIES = {"US$": "USD", "£": "GBP", "€": "EUR", "$": "USD", "zł": "PLN"} | {
    code: code for code in ("GBP", "EUR", "USD", "CHF", "SEK", "DKK", "NOK", "PLN")
}
_SYMBOL = "|".join(map(re.escape, _CURRENCIES))
_NUMBER = r"(?:\d{1,3}(?:[.,' ]\d{3})+(?:[.,]\d{2})?|\d{1,6}(?:[.,]\d{2})?)(?![\d.,]*\d)"
# An instalment ("3 x £20") is no price. In "size 38 £49" the pound belongs to what follows.
_PRICE = re.compile(
    rf"(?<![x×])(?<![x×] )(?<![A-Za-z])(?P<before>{_SYMBOL})\s?(?P<amount>{_NUMBER})"
    rf"|(?<![\d.,])(?P<first>{_NUMBER})\s?(?P<after>{_SYMBOL})(?![A-Za-z\d])"
)


@dataclass(frozen=True)
class Seen:
    """An image of a page, as the page says it.

    ``srcsets`` are srcset attributes, ``addresses`` single ones, the better first; ``base`` is what both are relative
    to. ``width`` and ``height`` are 0 where none is declared. ``around`` holds the texts of the boxes around it, from
    the inside out, as long as they show no other product.
    """

    srcsets: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    width: float = 0
    height: float = 0
    around: tuple[str, ...] = ()
    base: str = ""

    @classmethod
    def from_page(cls, said: Mapping[str, Any]) -> "Seen":
        """Take what a page's script answered, of which nothing can be trusted, not even the types."""

        def texts(key: str) -> tuple[str, ...]:
            found = said.get(key)
            return tuple(t for t in found if isinstance(t, str)) if isinstance(found, list) else ()

        def length(key: str) -> float:
            found = said.get(key)
            return float(found) if isinstance(found, int | float) else 0.0

        base = said.get("base")
        return cls(
            srcsets=texts("srcsets"),
            addresses=texts("addresses"),
            names=texts("names"),
            width=length("width"),
            height=length("height"),
            around=texts("around"),
            base=base if isinstance(base, str) else "",
        )


@dataclass(frozen=True)
class Price:
    """What is asked for, what was asked for before, and in which currency (ISO 4217)."""

    amount: Decimal
    was: Decimal | None
    currency: str


@dataclass(frozen=True)
class Candidate:
    """A picture worth fetching. ``name`` is "" and ``price`` None where the page says none."""

    address: str
    name: str
    price: Price | None


def candidate_from(seen: Seen, page: str, shortest_side: int) -> Candidate | None:
    """The picture behind an image of ``page``, or None for what is drawn, declared smaller than a product picture
    (``shortest_side`` in pixels) or has no address that can be asked for."""
    if 0 < seen.width < shortest_side or 0 < seen.height < shortest_side:
        return None
    for said in (*largest(seen.srcsets), *seen.addresses):
        try:
            address = normalised(urljoin(urljoin(page, seen.base), said))
            path = check_address(address).path
        except (Refused, ValueError):
            continue  # a placeholder in a data: address, most often; the real one may follow
        if _NO_PHOTO.search(unquote(path).replace("_", " ")):
            return None
        return Candidate(address, name_of(seen.names, address), price_in(seen.around))
    return None


def largest(srcsets: Sequence[str]) -> list[str]:
    """The address of the largest picture in some srcset attributes: the widest, else the densest; [] without any."""
    found = [
        (unit == "w", float(size) if re.fullmatch(r"\d+(\.\d+)?", size) else 1.0, address)
        for srcset in srcsets
        for address, size, unit in _CANDIDATE.findall(srcset)
    ]
    return [max(found, key=lambda entry: entry[:2])[2]] if found else []


def name_of(names: Sequence[str], address: str) -> str:
    """The first name that says something, else the words of the file's name; "" when there are none."""
    words = re.findall(r"[^\W\d_]{3,}", unquote(PurePosixPath(urlsplit(address).path).stem))
    for name in (*names, " ".join(words) if len(words) > 1 else ""):
        clean = " ".join("".join(c if c.isprintable() else " " for c in name).split())
        # A spreadsheet would take a cell that begins like this for a formula.
        clean = clean.lstrip("=+-@ ")[:NAME_LENGTH].strip()
        if not _SAYS_NOTHING.fullmatch(clean):
            return clean
    return ""


def price_in(texts: Sequence[str]) -> Price | None:
    """The price in the first text that holds one. Of two prices the lower is asked for and the higher was asked for;
    of more nobody can say which is whose, and none is taken."""
    for text in texts:
        found = [
            (_CURRENCIES[match["before"] or match["after"]], _amount(match["amount"] or match["first"]))
            for match in _PRICE.finditer(text)
        ]
        if found:
            currencies = {currency for currency, _ in found}
            amounts = sorted({amount for _, amount in found})
            if len(currencies) > 1 or len(amounts) > 2 or not amounts[0]:
                return None
            return Price(amounts[0], amounts[1] if len(amounts) == 2 else None, currencies.pop())
    return None


def _amount(text: str) -> Decimal:
    whole, cents = (text[:-3], text[-2:]) if re.search(r"[.,]\d{2}$", text) else (text, "00")
    return Decimal(f"{re.sub(r'[^0-9]', '', whole)}.{cents}")
