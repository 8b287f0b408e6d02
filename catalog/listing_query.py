"""What a shopper asks a listing for, read from an address, and written back into addresses. No database here."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any, Self
from urllib.parse import urlencode

SORTS = ("for-you", "new", "price", "-price", "relevance")
CHOICES = ("category", "type", "colour", "size", "brand", "gender")
MAX_CHOICES = 30
MAX_TEXT = 120


def _clean(text: str, limit: int = MAX_TEXT) -> str:
    return text.replace("\x00", "").strip()[:limit]


def _amount(text: str) -> Decimal | None:
    """A price limit, or None for something that is not one: a hand-written address never breaks the page."""
    try:
        amount = Decimal(_clean(text, 20))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 <= amount < 100_000_000 else None


@dataclass(frozen=True)
class Cursor:
    """The place between two pages: after (``backwards``: before) the product ``pk`` whose sort value is ``value``."""

    value: str
    pk: int
    backwards: bool = False

    def encode(self) -> str:
        text = json.dumps([self.value, self.pk, int(self.backwards)], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> Self | None:
        """The cursor in ``text``, or None when it was not made by ``encode``."""
        try:
            raw = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            value, pk, backwards = raw
            if not isinstance(value, str) or type(pk) is not int or not 0 <= pk < 2**63 or "\x00" in value:
                return None
            return cls(value[:100], pk, bool(backwards))
        except (ValueError, TypeError, binascii.Error, UnicodeError):
            return None


@dataclass(frozen=True)
class ListingQuery:
    """Words, chosen filters (OR inside one, AND across), price limits, order and place.

    ``shelf`` is the category whose page this is; it is part of the path and not of ``query_string()``. ``exact``: the
    words are searched for as they are written, right or wrong.
    """

    q: str = ""
    exact: bool = False
    shelf: str = ""
    category: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    colour: tuple[str, ...] = ()
    size: tuple[str, ...] = ()
    brand: tuple[str, ...] = ()
    gender: tuple[str, ...] = ()
    min_price: Decimal | None = None
    max_price: Decimal | None = None
    in_stock: bool = False
    sort: str = ""
    cursor: Cursor | None = None

    @classmethod
    def parse(cls, data: Any, shelf: str = "") -> Self:
        """Read a ``QueryDict`` (anything with ``getlist`` and ``get``). What makes no sense is left out."""
        chosen = {
            name: tuple(
                dict.fromkeys(
                    part for text in data.getlist(name)[:MAX_CHOICES] for part in (_clean(text),) if part
                )
            )
            for name in CHOICES
        }
        sort = data.get("sort", "")
        return cls(
            q=(q := _clean(data.get("q", ""))),
            exact=bool(q) and data.get("exact", "") in {"1", "true", "on"},
            shelf=shelf,
            min_price=_amount(data.get("min_price", "")),
            max_price=_amount(data.get("max_price", "")),
            in_stock=data.get("in_stock", "") in {"1", "true", "on"},
            sort=sort if sort in SORTS else "",
            cursor=Cursor.decode(_clean(data.get("cursor", ""), 400)),
            **chosen,
        )

    @property
    def is_filtered(self) -> bool:
        """Whether any filter beside the words and the shelf is set."""
        return any(getattr(self, name) for name in CHOICES) or self.has_price_limit or self.in_stock

    @property
    def has_price_limit(self) -> bool:
        return self.min_price is not None or self.max_price is not None

    def without_choice(self, name: str) -> Self:
        """The same query as if the filter ``name`` were untouched."""
        if name == "price":
            return replace(self, min_price=None, max_price=None, cursor=None)
        return replace(self, **{name: False if name == "in_stock" else (), "cursor": None})

    def toggled(self, name: str, value: str) -> Self:
        """The query after a click on one option of the filter ``name``."""
        values = getattr(self, name)
        chosen = tuple(v for v in values if v != value) if value in values else (*values, value)
        return replace(self, **{name: chosen, "cursor": None})

    def at(self, cursor: Cursor | None) -> Self:
        return replace(self, cursor=cursor)

    def query_string(self) -> str:
        """The part of an address after the question mark; equal queries give equal text."""
        pairs: list[tuple[str, str]] = [("q", self.q)] if self.q else []
        if self.exact:
            pairs.append(("exact", "1"))
        for name in CHOICES:
            pairs += [(name, value) for value in getattr(self, name)]
        limits: Mapping[str, Decimal | None] = {"min_price": self.min_price, "max_price": self.max_price}
        pairs += [(name, f"{limit.normalize():f}") for name, limit in limits.items() if limit is not None]
        if self.in_stock:
            pairs.append(("in_stock", "1"))
        if self.sort:
            pairs.append(("sort", self.sort))
        if self.cursor:
            pairs.append(("cursor", self.cursor.encode()))
        return urlencode(pairs)
