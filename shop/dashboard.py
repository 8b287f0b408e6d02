"""The admin's first page: today's business, and what waits for a person. Everybody sees what they may look at."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Case, CharField, Count, F, Max, Q, Sum, When
from django.db.models.functions import Cast, TruncDate
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from catalog.low_stock import LOW_STOCK
from catalog.models import PopularSearch, Product, ProductImage, Variant
from recommendations.models import ClusterNetwork, Interaction, RecommendationVersion, Version
from recommendations.showing import PHOTO_SEARCHES
from recommendations.tallies import RowTally
from shop.charts import Chart
from shop.checkout.models import Order, OrderLine
from shop.storefront.models import ContactMessage

DAYS = 14
FIRST = 5  # rows of a ranking


@dataclass(frozen=True)
class Tile:
    """One figure. ``address`` leads to what it counts; ``waits``: somebody should look at it."""

    title: str
    figure: str
    note: str = ""
    address: str = ""
    waits: bool = False


@dataclass(frozen=True)
class Ranking:
    """The first few of something: (words, figure, address) each."""

    title: str
    rows: list[tuple[str, str, str]]
    nothing: str
    more: str = ""


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add the dashboard's parts to the context of the admin's index page."""
    may = request.user.has_perm
    business, waiting, charts, rankings = [], [], [], []
    if may("checkout.view_order"):
        business += order_tiles()
        charts += order_charts()
        rankings.append(best_sellers())
    if may("catalog.view_product"):
        waiting += catalogue_tiles()
    if may("storefront.view_contactmessage"):
        waiting.append(message_tile())
    for model, words in ((ClusterNetwork, "Clusters"), (RecommendationVersion, "Recommendations")):
        if may(f"recommendations.view_{model._meta.model_name}"):
            waiting.append(refresh_tile(model, words))
    if may("catalog.view_popularsearch"):
        rankings.append(vain_searches())
    if may("recommendations.view_interaction"):
        charts += [interaction_chart(), photo_search_chart()]
        rankings.insert(0, way_to_the_till())
    parts = {"business": business, "waiting": waiting, "charts": charts, "rankings": rankings}
    return {**context, "title": "Overview", **parts}


def order_tiles() -> list[Tile]:
    """Orders and revenue of today, and what has to be sent."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    today = Q(paid_at__gte=midnight) & ~Q(status=Order.Status.CANCELLED)
    figures = Order.objects.aggregate(
        n_today=Count("pk", filter=today),
        revenue=Sum("total", filter=today & Q(currency=settings.DEFAULT_CURRENCY)),
        n_to_send=Count("pk", filter=Q(status__in=[Order.Status.PAID, Order.Status.PACKED])),
        n_unpaid=Count("pk", filter=Q(status=Order.Status.AWAITING_PAYMENT)),
    )
    orders = reverse("admin:checkout_order_changelist")
    n_today, revenue = figures["n_today"], figures["revenue"] or 0
    return [
        Tile("Paid orders today", f"{n_today:,}", address=orders),
        Tile("Revenue today", f"{revenue:,.2f} {settings.DEFAULT_CURRENCY}"),
        Tile(
            "Orders to send",
            f"{figures['n_to_send']:,}",
            "paid or packed, not shipped",
            f"{orders}?status__exact=paid",
        ),
        Tile(
            "Awaiting payment",
            f"{figures['n_unpaid']:,}",
            "cancelled after half an hour",
            f"{orders}?status__exact=awaiting_payment",
        ),
    ]


def order_charts() -> list[Chart]:
    """Revenue and orders of the last two weeks, by the day they were paid."""
    days = _last_days()
    rows = (
        Order.objects.filter(paid_at__date__gte=days[0], currency=settings.DEFAULT_CURRENCY)
        .exclude(status=Order.Status.CANCELLED)
        .order_by()
        .annotate(day=TruncDate("paid_at"))
        .values("day")
        .annotate(n=Count("pk"), revenue=Sum("total"))
    )
    by_day = {row["day"]: row for row in rows}
    return [
        Chart(
            f"Revenue, last {DAYS} days",
            _points(days, {day: float(row["revenue"]) for day, row in by_day.items()}),
            settings.DEFAULT_CURRENCY,
        ),
        Chart(
            f"Paid orders, last {DAYS} days", _points(days, {day: row["n"] for day, row in by_day.items()})
        ),
    ]


def catalogue_tiles() -> list[Tile]:
    """Pictures and sizes that somebody should look at."""
    states = dict(
        ProductImage.objects.exclude(state=ProductImage.State.READY)
        .order_by()
        .values_list("state")
        .annotate(Count("pk"))
    )
    n_scarce = Variant.objects.filter(stock__lt=LOW_STOCK, product__status=Product.Status.ACTIVE).count()
    n_drafts = Product.objects.filter(status=Product.Status.DRAFT).count()
    products = reverse("admin:catalog_product_changelist")
    n_broken, n_waiting = states.get("broken", 0), states.get("waiting", 0)
    return [
        Tile(
            "Broken pictures",
            f"{n_broken:,}",
            "each says what is wrong",
            f"{products}?pictures=broken",
            waits=n_broken > 0,
        ),
        Tile("Waiting pictures", f"{n_waiting:,}", "for the worker", f"{products}?pictures=waiting"),
        Tile(
            "Sizes running out",
            f"{n_scarce:,}",
            f"fewer than {LOW_STOCK} pieces",
            f"{products}?status__exact=active&stock=low",
            waits=n_scarce > 0,
        ),
        Tile("Drafts", f"{n_drafts:,}", "not shown to shoppers yet", f"{products}?status__exact=draft"),
    ]


def message_tile() -> Tile:
    n = ContactMessage.objects.filter(answered=False).count()
    address = f"{reverse('admin:storefront_contactmessage_changelist')}?answered__exact=0"
    return Tile("Unanswered messages", f"{n:,}", "from the contact page", address, waits=n > 0)


def refresh_tile(model: type[Version], words: str) -> Tile:
    """How fresh the version is that shoppers see, and whether a later refresh has failed."""
    served = model.objects.filter(status=Version.Status.ACTIVE).aggregate(
        when=Max("created_at"), pk=Max("pk")
    )
    failed = model.objects.filter(status=Version.Status.FAILED, pk__gt=served["pk"] or 0).count()
    figure = _when(served["when"]) if served["when"] else "never"
    note = f"{failed} refresh{'' if failed == 1 else 'es'} failed since" if failed else "last good refresh"
    address = reverse(f"admin:recommendations_{model._meta.model_name}_changelist")
    return Tile(words, figure, note, address, waits=bool(failed) or served["when"] is None)


def _when(moment: datetime) -> str:
    """The time for today, the day for everything before."""
    local = timezone.localtime(moment)
    return f"{local:%H:%M}" if local.date() == timezone.localdate() else f"{local:%d %b}"


def interaction_chart() -> Chart:
    days = _last_days()
    rows = (
        Interaction.objects.filter(created_at__date__gte=days[0])
        .order_by()
        .annotate(day=TruncDate("created_at"))
        .values_list("day")
        .annotate(Count("pk"))
    )
    return Chart(f"What shoppers did, last {DAYS} days", _points(days, dict(rows)), "interactions")


def photo_search_chart() -> Chart:
    days = _last_days()
    rows = RowTally.objects.filter(day__gte=days[0], place=PHOTO_SEARCHES).values_list("day")
    counted = dict(rows.order_by().annotate(Sum("shown")))
    return Chart(f"Photo searches, last {DAYS} days", _points(days, counted), "photos")


def way_to_the_till() -> Ranking:
    """How many shoppers looked, put something into the bag, and bought: those alone who let the shop remember."""
    shopper = Case(When(user=None, then=F("session_key")), default=Cast("user_id", CharField()))
    kinds = Interaction.Kind
    stages = [("Looked at a product", [kinds.VIEW, kinds.CLICK]), ("Put one into the bag", [kinds.CART])]
    stages.append(("Bought", [kinds.PURCHASE]))
    counts = (
        Interaction.objects.filter(created_at__date__gte=_last_days()[0])
        .order_by()
        .aggregate(
            **{
                f"n{i}": Count(shopper, distinct=True, filter=Q(kind__in=k))
                for i, (_, k) in enumerate(stages)
            }
        )
    )
    n_looked = counts["n0"]
    rows = [
        (
            words,
            f"{counts[f'n{i}']:,}" + (f" ({counts[f'n{i}'] / n_looked:.1%})" if i and n_looked else ""),
            "",
        )
        for i, (words, _) in enumerate(stages)
    ]
    address = reverse("admin:recommendations_interaction_changelist")
    return Ranking(f"From looking to buying, last {DAYS} days", rows, "Nobody has looked yet.", address)


def best_sellers() -> Ranking:
    """The products of which most pieces were paid for."""
    sold = (
        OrderLine.objects.filter(order__paid_at__date__gte=_last_days()[0], product__isnull=False)
        .exclude(order__status=Order.Status.CANCELLED)
        .order_by()
        .values_list("product_id", "product__name")
        .annotate(n=Sum("quantity"))
        .order_by("-n", "product_id")[:FIRST]
    )
    rows = [
        (name, f"{n:,}", reverse("admin:catalog_product_change", args=[product_id]))
        for product_id, name, n in sold
    ]
    return Ranking(f"Sold most, last {DAYS} days", rows, "Nothing was sold yet.")


def vain_searches() -> Ranking:
    """What several shoppers searched for and did not find: what to sell, or a synonym to add."""
    vain = PopularSearch.objects.filter(n_found=0).order_by("-n_shoppers", "words")[:FIRST]
    rows = [(search.words, f"{search.n_shoppers:,} shoppers", _synonym_for(search.words)) for search in vain]
    address = f"{reverse('admin:catalog_popularsearch_changelist')}?found=nothing"
    return Ranking("Searched for in vain", rows, "Every search of several shoppers finds something.", address)


def _synonym_for(words: str) -> str:
    return f"{reverse('admin:catalog_synonym_add')}?{urlencode({'word': words})}"


def _last_days() -> list[date]:
    today = timezone.localdate()
    return [today - timedelta(days=n) for n in reversed(range(DAYS))]


def _points(days: Iterable[date], values: dict[date, float]) -> list[tuple[str, float]]:
    return [(f"{day:%d %b}", values.get(day, 0)) for day in days]
