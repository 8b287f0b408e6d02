"""What came of what was shown: per place and reason, over the catalogue, for newcomers, and offline by version."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Max, Sum
from django.utils import timezone

from catalog.models import Product
from recommendations.exposure_figures import Share, coverage, gini
from recommendations.models import RecommendationVersion, Version
from recommendations.proving_blend import TOGETHER
from recommendations.reasons import sentence
from recommendations.showing import NOT_CARDS, VISITS
from recommendations.tallies import ListsProof, ProductTally, RowTally

DAYS = 28
N_PROOFS = 14
PLACES = {
    "home": "Home page",
    "related": "Product page: more like this",
    "complete": "Product page: goes with it",
    "look": "Product page: the look",
    "photo": "Photo answer",
    "recent": "You looked at",
    "listing": "Instead of an empty listing",
}
NOT_CHOSEN = {"popular", "new"}  # the reasons of what everybody gets

# A shopper who clicks the same card twice in a day clicked once. A purchase is laid to the last click that led to the
# product within the time that is looked at.
_CAME_OF_IT = """
WITH clicks AS (
    SELECT DISTINCT user_id, session_key, product_id, place, reason, created_at::date
    FROM recommendations_interaction
    WHERE kind = 'click' AND place <> '' AND created_at >= %(since)s
), bought AS (
    SELECT click.place, click.reason
    FROM recommendations_interaction AS purchase
    CROSS JOIN LATERAL (
        SELECT place, reason FROM recommendations_interaction AS click
        WHERE click.kind = 'click' AND click.place <> '' AND click.product_id = purchase.product_id
            AND click.created_at BETWEEN %(since)s AND purchase.created_at
            AND (click.user_id = purchase.user_id
                OR click.user_id IS NULL AND purchase.user_id IS NULL AND click.session_key = purchase.session_key)
        ORDER BY click.created_at DESC LIMIT 1
    ) AS click
    WHERE purchase.kind = 'purchase' AND purchase.created_at >= %(since)s
)
SELECT place, reason, sum(clicked), sum(bought) FROM (
    SELECT place, reason, count(*) AS clicked, 0 AS bought FROM clicks GROUP BY place, reason
    UNION ALL
    SELECT place, reason, 0, count(*) FROM bought GROUP BY place, reason
) AS counted
GROUP BY place, reason
"""


@dataclass(frozen=True)
class RowFigures:
    """What one place showed for one reason, and what came of it."""

    place: str
    reason: str
    shown: int
    clicked: int
    bought: int

    @property
    def place_words(self) -> str:
        return PLACES.get(self.place, self.place)

    @property
    def reason_words(self) -> str:
        return sentence(self.reason, "…") if self.reason else "No reason named"

    @property
    def clicks(self) -> Share:
        return Share(self.clicked, self.shown)

    @property
    def purchases(self) -> Share:
        return Share(self.bought, self.shown)


@dataclass(frozen=True)
class Catalogue:
    """How the visible products share what is shown."""

    n_products: int
    n_shown: int
    coverage: float
    gini: float


@dataclass(frozen=True)
class ProofRow:
    """One version's rehearsal."""

    version_id: int
    made_at: datetime
    questions: int
    together: tuple[float, float]
    voices: list[tuple[str, float, float]]  # best first


def first_day() -> date:
    """The first of the days that are looked at."""
    return timezone.localdate() - timedelta(days=DAYS - 1)


def rows_shown() -> list[RowFigures]:
    """Every place and reason of the last ``DAYS`` days, place by place, what was shown most first."""
    shown = {
        (row["place"], row["reason"]): row["n"]
        for row in RowTally.objects.filter(day__gte=first_day())
        .exclude(place__in=NOT_CARDS)
        .order_by()
        .values("place", "reason")
        .annotate(n=Sum("shown"))
    }
    with connection.cursor() as cursor:
        cursor.execute(_CAME_OF_IT, {"since": timezone.now() - timedelta(days=DAYS)})
        came = {(place, reason): (int(c), int(b)) for place, reason, c, b in cursor.fetchall()}
    rows = [RowFigures(*key, shown.get(key, 0), *came.get(key, (0, 0))) for key in {**shown, **came}]
    order = list(PLACES)
    return sorted(
        rows,
        key=lambda row: (
            order.index(row.place) if row.place in order else len(order),
            -row.shown,
            row.reason,
        ),
    )


def visits() -> dict[str, int]:
    """How many home pages were shown, by how well the shopper was known."""
    rows = RowTally.objects.filter(day__gte=first_day(), place=VISITS).order_by()
    return dict(rows.values_list("reason").annotate(Sum("shown")))


def catalogue_shown() -> Catalogue:
    """How much of the catalogue was shown in the last ``DAYS`` days, and how evenly."""
    visible = Product.objects.visible()
    counts = list(
        ProductTally.objects.filter(day__gte=first_day(), product_id__in=visible.values("pk"))
        .order_by()
        .values("product_id")
        .annotate(n=Sum("shown"))
        .values_list("n", flat=True)
    )
    n_products = visible.count()
    return Catalogue(n_products, len(counts), coverage(counts, n_products), gini(counts, n_products))


def by_day(rows: Iterable[tuple[date, int]]) -> list[tuple[str, float]]:
    """(label, value) of each of the last ``DAYS`` days, 0 where nothing was counted."""
    known = dict(rows)
    start = first_day()
    days = [start + timedelta(days=n) for n in range(DAYS)]
    return [(f"{day:%d %b}", known.get(day, 0)) for day in days]


def shown_by_day() -> list[tuple[str, float]]:
    """How many recommended cards were shown on each day."""
    rows = RowTally.objects.filter(day__gte=first_day()).exclude(place__in=NOT_CARDS).order_by()
    return by_day(rows.values_list("day").annotate(Sum("shown")))


def proofs() -> list[ProofRow]:
    """The rehearsals of the last versions, newest first."""
    rows = []
    for proof in ListsProof.objects.all()[:N_PROOFS]:
        worth: dict[str, Any] = dict(proof.worth)
        together = tuple(worth.pop(TOGETHER))
        voices = sorted(((name, *pair) for name, pair in worth.items()), key=lambda voice: -voice[1])
        rows.append(ProofRow(proof.version_id, proof.made_at, proof.questions, together, voices))
    return rows


def age_of_lists() -> timedelta | None:
    """How old the lists are that are served; None before the first refresh."""
    made = RecommendationVersion.objects.filter(status=Version.Status.ACTIVE).aggregate(at=Max("created_at"))
    return timezone.now() - made["at"] if made["at"] else None
