"""Which promotions are open to a shopper, and why a code is not."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from catalog.models import Category
from shop.checkout.models import Order, Promotion, PromotionCode, Redemption
from shop.checkout.pricing import NOTHING, Kind, Offer, Unused, Why

WRONG_CODES_PER_HOUR = 20
_CANCELLED = Order.Status.CANCELLED


@dataclass(frozen=True)
class Buyer:
    """Who wants to buy, as far as is known: limits per shopper count by the account or, once it is told, by the e-mail
    address. ``code`` is the one in the bag, as it is kept, or nothing."""

    user_id: int | None = None
    email: str = ""
    code: str = ""

    @property
    def orders(self) -> Q | None:
        """The buyer's own orders; None while nothing is known of the buyer."""
        known = Q()
        if self.user_id:
            known |= Q(user_id=self.user_id)
        if self.email:
            known |= Q(email__iexact=self.email)
        return known if known else None


@dataclass(frozen=True)
class Promotions:
    """The open promotions, and in a sentence why the bag's code gives nothing (empty: it may)."""

    offers: tuple[Offer, ...] = ()
    code: str = ""
    code_problem: str = ""


def promotions_for(buyer: Buyer, now: datetime | None = None, *, lock: bool = False) -> Promotions:
    """The promotions that are open to ``buyer``, whatever the bag holds; one query (two more for shelves and locks).

    With ``lock`` the promotions whose use is counted stay locked until the transaction ends, by ascending id: of two
    orders at once, the second counts the first.
    """
    now = now or timezone.now()
    by_code = Exists(PromotionCode.objects.filter(promotion=OuterRef("pk"), code=buyer.code))
    wanted = Promotion.objects.filter(is_active=True).filter(
        Q(is_by_code=False) & _open(now) | Q(is_by_code=True) & by_code
    )
    if lock:
        _lock_counted(wanted)
    rows = list(_with_counts(wanted, buyer))
    below = _shelves_below({pk for row in rows for pk in row.category_ids})
    offers, problem = [], ""
    if buyer.code and not any(row.is_by_code for row in rows):
        problem = _("We do not know the code %(code)s. Look at the letters once more.") % {"code": buyer.code}
    for row in rows:
        why = _why_closed(row, now)
        if not why:
            offers.append(_offer(row, below))
        elif row.is_by_code:
            problem = why
    return Promotions(tuple(offers), buyer.code, problem)


def _open(now: datetime) -> Q:
    return (Q(starts_at=None) | Q(starts_at__lte=now)) & (Q(ends_at=None) | Q(ends_at__gt=now))


def _lock_counted(wanted: QuerySet[Promotion]) -> None:
    counted = (
        Q(limit__isnull=False)
        | Q(limit_per_shopper__isnull=False)
        | Q(is_first_order=True)
        | Q(is_by_code=True)
    )
    ids = wanted.filter(counted).values("pk")
    # FOR NO KEY UPDATE: the rows that point at a promotion may still be written meanwhile.
    list(Promotion.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))


def _with_counts(wanted: QuerySet[Promotion], buyer: Buyer) -> QuerySet[Promotion]:
    """The promotions with the ids they are about and how often they were used, in one query."""
    uses = Redemption.objects.exclude(order__status=_CANCELLED).order_by()
    mine = uses.filter(order__in=Order.objects.filter(buyer.orders)) if buyer.orders else uses.none()
    code = PromotionCode.objects.filter(promotion=OuterRef("pk"), code=buyer.code)
    orders = Order.objects.exclude(status=_CANCELLED)

    def ids_of(field: Any, name: str) -> ArraySubquery:
        return ArraySubquery(field.through.objects.filter(promotion_id=OuterRef("pk")).values(name))

    def count(of: QuerySet[Redemption], by: str, outer: str) -> Coalesce:
        grouped = of.filter(**{by: OuterRef(outer)}).values(by).annotate(n=Count("pk"))
        return Coalesce(Subquery(grouped.values("n")), 0)

    return wanted.annotate(
        category_ids=ids_of(Promotion.categories, "category_id"),
        brand_ids=ids_of(Promotion.brands, "brand_id"),
        product_ids=ids_of(Promotion.products, "product_id"),
        n_used=count(uses, "promotion", "pk"),
        n_mine=count(mine, "promotion", "pk") if buyer.orders else Value(0),
        code=Coalesce(Subquery(code.values("code")[:1]), Value("")),
        code_id=Subquery(code.values("pk")[:1]),
        code_limit=Subquery(code.values("limit")[:1]),
        n_code=count(uses, "code", "code_id"),
        has_ordered=Exists(orders.filter(buyer.orders)) if buyer.orders else Value(False),
    ).order_by("priority", "pk")


def _shelves_below(roots: set[int]) -> dict[int, frozenset[int]]:
    """Each shelf of ``roots`` with all that stand below it."""
    if not roots:
        return {}
    rows = list(Category.objects.order_by().values_list("pk", "parent_id"))
    below = {}
    for root in roots:
        found, wave = {root}, {root}
        while wave:
            wave = {pk for pk, parent in rows if parent in wave} - found
            found |= wave
        below[root] = frozenset(found)
    return below


def _why_closed(row: Any, now: datetime) -> str:
    """Why a promotion (with its counts) is not open to its buyer now; empty: it is."""
    code = {"code": row.code}
    if row.starts_at and row.starts_at > now:
        day = formats.date_format(timezone.localtime(row.starts_at), "j F")
        return _("The code %(code)s counts from %(day)s on. It waits in your bag.") % {**code, "day": day}
    if row.ends_at and row.ends_at <= now:
        return _("The code %(code)s has expired.") % code
    if (row.limit is not None and row.n_used >= row.limit) or (
        row.code_limit is not None and row.n_code >= row.code_limit
    ):
        return _("The code %(code)s is used up.") % code
    if row.limit_per_shopper is not None and row.n_mine >= row.limit_per_shopper:
        return _("You have used the code %(code)s already.") % code
    if row.is_first_order and row.has_ordered:
        return _("The code %(code)s is for a first order.") % code
    return ""


def _offer(row: Any, below: dict[int, frozenset[int]]) -> Offer:
    return Offer(
        row.pk,
        row.name,
        Kind(row.kind),
        percent=row.percent or NOTHING,
        amount=row.amount or NOTHING,
        buy=row.buy or 0,
        get=row.get or 0,
        minimum=row.minimum,
        categories=frozenset().union(*(below[pk] for pk in row.category_ids)),
        brands=frozenset(row.brand_ids),
        products=frozenset(row.product_ids),
        priority=row.priority,
        is_exclusive=row.is_exclusive,
        code=row.code,
    )


def why_unused(unused: Unused, currency: str) -> str:
    """In a sentence why a code that is open takes nothing off this bag."""
    code = {"code": unused.offer.code}
    match unused.why:
        case Why.MINIMUM:
            return _(
                "The code %(code)s counts from %(minimum)s %(currency)s on: %(missing)s %(currency)s are missing."
            ) % {
                **code,
                "minimum": unused.offer.minimum,
                "missing": unused.missing,
                "currency": currency,
            }
        case Why.NOT_COMBINED:
            return _("The code %(code)s cannot be combined with another discount in your bag.") % code
    return _("The code %(code)s is about other pieces than those in your bag.") % code


# --- Trying codes -------------------------------------------------------------------------------------------------


def may_try(address: str) -> bool:
    """Whether somebody at ``address`` may try another code, or has been wrong too often within the hour."""
    return cache.get(_wrong_key(address), 0) < WRONG_CODES_PER_HOUR


def count_wrong(address: str) -> None:
    """Count a code that nobody knows, so that codes are not found by trying."""
    cache.add(_wrong_key(address), 0, 60 * 60)
    try:
        cache.incr(_wrong_key(address))
    except ValueError:  # the hour ended between the two calls
        cache.add(_wrong_key(address), 1, 60 * 60)


def is_known(code: str) -> bool:
    return PromotionCode.objects.filter(
        code=code, promotion__is_active=True, promotion__is_by_code=True
    ).exists()


def _wrong_key(address: str) -> str:
    return f"wrong-codes-{address}"
