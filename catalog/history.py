"""Who changed what in the catalogue, when, and from what to what; and taking it back.

The rows come from triggers (``catalog.models.history``). Who it was, or what, stands in their context: staff in the
admin by ``WhoChangesMiddleware``, everything else by ``pghistory.context(why="Order K7M2…")`` around the change.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest
from django.http import HttpRequest
from pghistory.middleware import HistoryMiddleware
from pghistory.models import Context

from catalog.models import (
    BrandBefore,
    CategoryBefore,
    Product,
    ProductBefore,
    StockBefore,
    Variant,
    VariantBefore,
)
from catalog.prices import strike_prices
from catalog.signals import products_changed

KEPT = timedelta(days=365)
UNDO_WITHIN = timedelta(days=30)
SOMEBODY = "–"  # neither staff nor a known cause


class WhoChangesMiddleware(HistoryMiddleware):
    """Writes down which member of staff changes something in the admin. Of shoppers nothing is written down."""

    def __call__(self, request: HttpRequest) -> Any:
        is_staff = request.user.is_authenticated if request.path.startswith("/admin/") else False
        return (
            super().__call__(request) if is_staff and request.method == "POST" else self.get_response(request)
        )

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        return {"user": request.user.pk}


@dataclass(frozen=True)
class Change:
    """One field of a product, or of one of its sizes (``of``), that was changed."""

    when: datetime
    who: str
    of: str
    field: str
    before: str
    after: str


def changes_of(product: Product, n: int = 100) -> list[Change]:
    """The newest ``n`` changes of a product and its sizes, the newest first."""
    variants = Variant.objects.filter(product=product).in_bulk()
    size_of = {pk: variant.size or "One size" for pk, variant in variants.items()}
    found: list[tuple[models.Model, str, str, Any, Any]] = []
    for model, now, name_of in (
        (ProductBefore, Product.objects.in_bulk([product.pk]), {}),  # as it is now
        (VariantBefore, variants, size_of),
        (StockBefore, variants, size_of),
    ):
        events = model.objects.filter(pgh_obj__in=now).select_related("pgh_context").order_by("-pgh_id")[:n]
        found += [(e, name_of.get(e.pgh_obj_id, ""), *rest) for e, *rest in _differences(events, now)]
    found.sort(key=lambda change: change[0].pgh_created_at, reverse=True)
    who = names_of([change[0].pgh_context for change in found[:n]])
    return [
        Change(
            event.pgh_created_at,
            who(event.pgh_context),
            of,
            Product._meta.get_field(field).verbose_name
            if not of
            else Variant._meta.get_field(field).verbose_name,
            before,
            after,
        )
        for event, of, field, before, after in found[:n]
    ]


def _differences(
    newest_first: Iterable[models.Model], now: Mapping[int, models.Model]
) -> Iterator[tuple[models.Model, str, str, str]]:
    """(event, field, value before, value after) of each field that an event changed: after it was what the next event
    found, or what is ``now``."""
    after = dict(now)
    for event in newest_first:
        later = after[event.pgh_obj_id]
        for name in tracked_fields(type(event)):
            if getattr(event, name) != getattr(later, name):
                yield event, name, shown(event, name), shown(later, name)
        after[event.pgh_obj_id] = event


def tracked_fields(model: type[models.Model]) -> list[str]:
    """The names under which an event model keeps the tracked model's values."""
    return [field.attname for field in model._meta.concrete_fields if not field.name.startswith("pgh_")]


def shown(row: models.Model, name: str) -> str:
    """A value in words: related rows by their name, choices by their label."""
    field = row._meta.get_field(name)
    if isinstance(field, models.ForeignKey):
        related = field.related_model.objects.filter(pk=getattr(row, name)).first()
        return str(related or SOMEBODY)
    value = getattr(row, name)
    return str(dict(field.flatchoices).get(value, value)) or SOMEBODY


def names_of(contexts: Iterable[Context | None]) -> Any:
    """A function from a context to who or what it was, with the names of staff in one query."""
    ids = {context.metadata.get("user") for context in contexts if context}
    staff = {user.pk: str(user) for user in get_user_model().objects.filter(pk__in=ids - {None})}

    def who(context: Context | None) -> str:
        known = context.metadata if context else {}
        return ", ".join(filter(None, (staff.get(known.get("user")), known.get("why")))) or SOMEBODY

    return who


def stock_changes() -> QuerySet[StockBefore]:
    """All changes of stock, the newest first, with the stock ``after`` each."""
    later = StockBefore.objects.filter(pgh_obj=OuterRef("pgh_obj"), pgh_id__gt=OuterRef("pgh_id"))
    return (
        StockBefore.objects.select_related("pgh_context", "pgh_obj__product")
        .annotate(after=Coalesce(Subquery(later.order_by("pgh_id").values("stock")[:1]), F("pgh_obj__stock")))
        .order_by("-pgh_id")
    )


# --- Taking it back -----------------------------------------------------------------------------------------------


def take_back(context_id: UUID) -> tuple[int, list[str]]:
    """Undo all that was changed under one context: returns how many products that touched, and a sentence for each
    value that was changed again since and therefore stays. Stock is moved back by as many pieces as it was moved: what
    was sold meanwhile stays sold."""
    conflicts: list[str] = []
    with transaction.atomic():
        stock, sizes, products = (
            list(model.objects.filter(pgh_context=context_id).order_by("-pgh_id"))
            for model in (StockBefore, VariantBefore, ProductBefore)
        )
        variants = _locked(Variant, {event.pgh_obj_id for event in (*stock, *sizes)})
        touched = {variant.product_id for variant in variants.values()}
        touched |= set(_locked(Product, touched | {event.pgh_obj_id for event in products}))
        for event in stock:
            _move_stock_back(event)
        _restore(sizes, variants, conflicts)
        _restore(products, Product.objects.in_bulk([event.pgh_obj_id for event in products]), conflicts)
        strike_prices(sorted(touched))
        if touched:
            products_changed.send(Product, product_ids=sorted(touched))
    return len(touched), conflicts


def _locked(model: type[models.Model], ids: Iterable[int]) -> dict[int, models.Model]:
    """The rows, locked by ascending id as orders lock them."""
    rows = model.objects.select_for_update(no_key=True).filter(pk__in=sorted(ids)).order_by("pk")
    return {row.pk: row for row in rows}


def _move_stock_back(event: StockBefore) -> None:
    after = stock_changes().values_list("after", flat=True).get(pk=event.pk)
    Variant.objects.filter(pk=event.pgh_obj_id).update(
        stock=Greatest(F("stock") + (event.stock - after), Value(0))
    )


def _restore(events: Sequence[models.Model], now: Mapping[int, models.Model], conflicts: list[str]) -> None:
    """Give the rows in ``now`` the values from before the events, except where they are no longer what came after."""
    for event in events:  # newest first
        row = now.get(event.pgh_obj_id)
        if row is None:
            continue
        later = (
            type(event).objects.filter(pgh_obj=event.pgh_obj_id, pgh_id__gt=event.pgh_id).order_by("pgh_id")
        )
        after = later.first() or row
        restored = []
        for name in tracked_fields(type(event)):
            was, became = getattr(event, name), getattr(after, name)
            if was == became:
                continue
            if getattr(row, name) == became:
                setattr(row, name, was)
                restored.append(row._meta.get_field(name).name)
            else:
                words = row._meta.get_field(name).verbose_name
                conflicts.append(f"{row}: the {words} was changed again since and stays {shown(row, name)}.")
        if restored:
            row.save(update_fields=restored)


def can_be_taken_back(context_id: UUID, now: datetime) -> bool:
    """Whether there is something under this context, changed not too long ago."""
    recent = now - UNDO_WITHIN
    return any(
        model.objects.filter(pgh_context=context_id, pgh_created_at__gte=recent).exists()
        for model in (ProductBefore, VariantBefore, StockBefore)
    )


def forget_history(now: datetime) -> int:
    """Delete what is older than ``KEPT``; returns how many rows."""
    n = 0
    for model in (ProductBefore, VariantBefore, StockBefore, CategoryBefore, BrandBefore):
        n += model.objects.filter(pgh_created_at__lt=now - KEPT).delete()[0]
    return n + Context.objects.filter(created_at__lt=now - KEPT).delete()[0]
