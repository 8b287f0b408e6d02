"""What a page asks for: the shopper's home, what is related to a product and what goes with it.

Nothing is trained here. The last refresh left lists and neighbours in the database; the shopper's newest doings are
folded into them at request time, so that the page after a click already differs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q
from django.db.models.functions import JSONObject

from accounts.models import WishlistItem
from accounts.shopper import Shopper
from catalog.models import Product
from recommendations.curating import COMPLEMENTARY, RELATED, in_place
from recommendations.exposures import Arrangement
from recommendations.folding import Candidate, Neighbours, fold, varied
from recommendations.hydration import Answer, Found, give_pictures, hydrate, one_per_style
from recommendations.looks import Look, look_from, offered
from recommendations.models import (
    ClusterNetwork,
    ProductLeads,
    RecommendationList,
    RecommendationVersion,
    Version,
)
from recommendations.newcomers import popular, popular_products
from recommendations.news import news_of
from recommendations.profiles import WEIGHTS, bucket_of
from recommendations.rails import NEWS, Rail, news_rails, rails_of
from recommendations.recording import Event, profile_of, recent_events
from recommendations.surroundings import Surroundings, surroundings_of
from recommendations.taste import taste_score

__all__ = [
    "Answer",
    "Home",
    "complementary_to",
    "home_for",
    "look_of",
    "neighbours_of",
    "network_version",
    "page_of",
    "popular",
    "related_to",
    "taste_score",
]

N_RECENT = 6
LEADING_ROW = 12  # of what was chosen for a shopper, so many stand together; rails are made of the rest
LIST_COLUMNS = ("products", "scores", "reasons", "because")
PROFILE_NEIGHBOURS = 12  # of the shopper's latest products, so many are asked for their neighbours
SPARE = (
    3  # candidates looked up for each one shown: some will be sold out or another colour of the same model
)
HOME_SPARE = (
    2  # the same of the home list, which was in stock at the last refresh: to look up is what it costs most
)
BROWSED = {"view", "click", "wish", "cart"}
LOOKED = {"view", "click"}
AGAIN_NEVER = {"dismiss", "purchase"}


@dataclass(frozen=True)
class Home:
    """The personal part of the home page. ``version`` is that of the lists; None before the first refresh."""

    version: int | None
    recent: list[Answer]
    news: list[Rail]  # of what was met before; it is in no other row
    for_you: list[Answer]
    rails: list[Rail]  # of what is not among the first ``LEADING_ROW`` of ``for_you``
    is_personal: bool
    knows_taste: bool  # something is known that the shopper likes: arrangements differ from here on
    bucket: str  # how well the shopper is known: one of ``profiles.BUCKETS``


def home_for(
    shopper: Shopper,
    n: int = 24,
    exclude: Sequence[int] = (),
    arrangement: Arrangement = Arrangement.TASTE,
) -> Home:
    """What ``shopper`` looked at lately, then up to ``n`` products chosen for them: for a newcomer what is popular
    and varied, and already after one click what is near to it.

    What was dismissed or just bought is in neither part, nor is what ``exclude`` names. An ``arrangement`` other than
    the usual one is for experiments, and makes no difference to newcomers.
    """
    events = recent_events(shopper)
    profile = profile_of(events)
    latest = profile.liked().item_ids[-PROFILE_NEIGHBOURS:].tolist()
    disliked = profile.disliked().item_ids[-PROFILE_NEIGHBOURS:].tolist()
    version, own_list, stored, leads = _stored_lists(shopper, latest)
    knows_taste = bool(len(profile.liked()))
    is_personal = knows_taste and arrangement != Arrangement.POPULAR
    if not stored or (knows_taste and not is_personal):
        stored = [Candidate(f.product_id, f.score, f.reason_code) for f in popular_products(SPARE * n)]
    hidden = {*exclude, *_not_again(events)}
    news = news_of((pk, at) for pk, at in _browsed(events).items() if pk not in hidden)
    recent = [pk for pk in _browsed(events) if pk not in hidden and pk not in news][:N_RECENT]
    around = surroundings_of([*latest, *disliked], only_said_of={c.because for c in stored if c.because})
    neighbours = {
        pk: Neighbours(
            around[pk].scored(RELATED) if pk in around else (),
            around[pk].scored(COMPLEMENTARY) if pk in around else (),
            leads.get(pk, ()),
        )
        for pk in (*latest, *disliked)
        if is_personal or not knows_taste
    }
    candidates = fold(profile, neighbours, stored, _strongest_kinds(events), own_list=own_list)
    chosen = [
        c
        for c in candidates
        if c.product_id not in hidden
        and not (c.because in around and c.product_id in around[c.because].curation.never)
    ][: HOME_SPARE * n]
    answers = hydrate(
        [
            *(Found(pk, 1.0, "recent", because=pk) for pk in recent),
            *(Found(pk, 1.0, code, because=pk) for pk, code in news.items()),
            *(Found(c.product_id, c.score, c.reason_code, c.because) for c in chosen),
        ],
        with_pictures=False,  # half of them are spare
    )
    first = [answer for answer in answers if answer.reason_code == "recent"]
    told = news_rails(answers)
    rest = one_per_style(a for a in answers if a.reason_code != "recent" and a.reason_code not in NEWS)
    is_spread = arrangement != Arrangement.BEST_FIRST or not knows_taste
    for_you = varied(rest, n) if is_spread else rest[:n]
    leading = {answer.product.pk for answer in for_you[:LEADING_ROW]}
    left = [answer for answer in rest if answer.product.pk not in leading]
    rails = rails_of(left, _wished(shopper, left)) if is_personal else []
    give_pictures([*first, *for_you, *(answer for rail in (*told, *rails) for answer in rail.answers)])
    bucket = bucket_of(len(profile.liked()))
    return Home(version, first, told, for_you, rails, is_personal, knows_taste, bucket)


@dataclass(frozen=True)
class ProductPage:
    """What a product's page shows around it."""

    related: list[Answer]
    complementary: list[Answer]
    look: Look | None
    recent: list[Answer]


def page_of(
    product: Product, n: int = 6, swapped: Sequence[int] = (), recent: Sequence[int] = ()
) -> ProductPage:
    """Related and complementary products, the whole look without the pieces ``swapped`` away, and the first ``n`` of
    the ``recent`` ones that are there; in as few queries as one of them would take. The product comes with its sizes
    (``with_sizes``)."""
    around = surroundings_of([product.pk])[product.pk]
    pieces = offered(around.look, swapped, around.curation.never)
    looked_at = [Found(pk, 1.0, "recent") for pk in recent[: SPARE * n]]
    related, complementary, found = _rows(product, around, n, [*pieces, *looked_at])
    seen = [answer for answer in found if answer.reason_code == "recent"]
    rest = [answer for answer in found if answer.reason_code != "recent"]
    return ProductPage(related, complementary, look_from(around.look, rest, swapped, product), seen[:n])


def look_of(product: Product, swapped: Sequence[int] = ()) -> Look | None:
    """The look around a product that comes with its sizes; None where the shop has too little for one."""
    around = surroundings_of([product.pk])[product.pk]
    pieces = offered(around.look, swapped, around.curation.never)
    return look_from(around.look, hydrate(pieces, with_sizes=True), swapped, product)


def neighbours_of(product: Product, n: int = 6) -> tuple[list[Answer], list[Answer]]:
    """Related and complementary products, in as few queries as one of the two would take."""
    return _rows(product, surroundings_of([product.pk])[product.pk], n)[:2]


def _rows(
    product: Product, around: Surroundings, n: int, pieces: Sequence[Found] = ()
) -> tuple[list[Answer], list[Answer], list[Answer]]:
    """The two rows of a product's page, and the answers to ``pieces``, which are looked up with them."""
    related, complementary, curation = around.found(RELATED), around.found(COMPLEMENTARY), around.curation
    wanted = [*related[: SPARE * n], *complementary[: SPARE * n]]
    hidden = [*curation.never, *curation.complementary]
    # Where too few are known from the outset, those that stand in for them are looked up together with the others.
    stand_ins = []
    if len(related) < n:
        stand_ins = _same_category(product, 2 * n, [*(f.product_id for f in related), *hidden])
    there = hydrate([*wanted, *pieces, *stand_ins], with_sizes=bool(pieces))
    answers = {(answer.product.pk, answer.reason_code): answer for answer in there}
    nearest = _pick(related, answers, n, product.style_code, curation.related)
    if len(nearest) < n:
        taken = [answer.product.pk for answer in nearest]
        if stand_ins:
            more = [a for f in stand_ins if (a := answers.get((f.product_id, f.reason_code)))]
        else:
            more = hydrate(_same_category(product, 2 * n, [*taken, *hidden]))
        nearest = one_per_style([*nearest, *more], product.style_code)[:n]
    goes_with = _pick(complementary, answers, n, product.style_code, curation.complementary)
    return nearest, goes_with, [a for p in pieces if (a := answers.get((p.product_id, p.reason_code)))]


def related_to(product: Product, n: int = 6) -> list[Answer]:
    """Products of the same category that are near in looks; of one model only one colour."""
    return neighbours_of(product, n)[0]


def complementary_to(product: Product, n: int = 6) -> list[Answer]:
    """Products of other kinds that go with it."""
    return neighbours_of(product, n)[1]


def network_version() -> int | None:
    """The cluster network that is served; None before the first refresh."""
    return ClusterNetwork.objects.filter(status=Version.Status.ACTIVE).values_list("pk", flat=True).first()


def _pick(
    found: list[Found],
    answers: dict[tuple[int, str], Answer],
    n: int,
    own_style: str,
    places: Mapping[int, int],
) -> list[Answer]:
    there = (answers.get((item.product_id, item.reason_code)) for item in found)
    kept = one_per_style((answer for answer in there if answer is not None), own_style)
    return in_place(kept, places, lambda answer: answer.product.pk)[:n]


def _same_category(product: Product, n: int, without: Sequence[int]) -> list[Found]:
    """The newest of the category, for a product whose neighbours are not known yet or are too few."""
    newest = (
        Product.objects.visible()
        .in_stock()
        .filter(category_id=product.category_id)
        .exclude(pk__in=[product.pk, *without])
        .order_by("-created_at", "-pk")
        .values_list("pk", flat=True)[:n]
    )
    return [Found(pk, 0.3, "same_category") for pk in newest]


def _stored_lists(
    shopper: Shopper, latest: Sequence[int]
) -> tuple[int | None, bool, list[Candidate], dict[int, list[tuple[int, float]]]]:
    """The version that is served; whether the shopper has a list in it; that list or else the newcomers'; and where
    the ``latest`` products lead. One query."""
    user_id = shopper.user_id if shopper.personalised else None
    lists = (
        RecommendationList.objects.filter(version=OuterRef("pk"))
        .filter(Q(user_id=user_id) | Q(user=None))
        .order_by(F("user_id").asc(nulls_last=True))
        .values(json=JSONObject(user="user_id", **{name: name for name in LIST_COLUMNS}))[:1]
    )
    leads = ProductLeads.objects.filter(version=OuterRef("pk"), product_id__in=latest).values(
        json=JSONObject(product="product_id", products="products", scores="scores")
    )
    served = (
        RecommendationVersion.objects.filter(status=Version.Status.ACTIVE)
        .values_list("pk", ArraySubquery(lists), ArraySubquery(leads))
        .first()
    )
    if served is None:
        return None, False, [], {}
    version_id, rows, led = served
    lines = zip(*(rows[0][name] for name in LIST_COLUMNS), strict=True) if rows else ()
    return (
        version_id,
        bool(rows) and rows[0]["user"] is not None,
        [Candidate(*line) for line in lines],
        # The array of what is asked for nothing is null.
        {row["product"]: list(zip(row["products"], row["scores"], strict=True)) for row in led or ()},
    )


def _wished(shopper: Shopper, answers: Sequence[Answer]) -> set[int]:
    """The products on the wish list now that some of ``answers`` go with; no query where none goes with anything."""
    because = {answer.because_id for answer in answers if answer.reason_code == "goes_with"}
    if shopper.user_id is None or not because:
        return set()
    rows = WishlistItem.objects.filter(user_id=shopper.user_id, product__in=because)
    return set(rows.values_list("product_id", flat=True))


def _browsed(events: Sequence[Event]) -> dict[int, datetime]:
    """Each product the shopper browsed, latest first, and when that was."""
    browsed: dict[int, datetime] = {}
    for event in events:  # newest first
        if event.kind in BROWSED:
            browsed.setdefault(event.product_id, event.at)
    return browsed


def _not_again(events: Sequence[Event]) -> set[int]:
    """What was dismissed or bought, unless it was saved or put into the bag since. To look at it again, perhaps from
    the order's page, is no wish to have it recommended."""
    latest: dict[int, str] = {}
    for event in events:  # newest first
        if event.kind not in LOOKED:
            latest.setdefault(event.product_id, event.kind)
    return {pk for pk, kind in latest.items() if kind in AGAIN_NEVER}


def _strongest_kinds(events: Sequence[Event]) -> dict[int, str]:
    """The weightiest thing done with each product."""
    kinds: dict[int, str] = {}
    for event in events:
        if event.product_id not in kinds or WEIGHTS[event.kind] > WEIGHTS[kinds[event.product_id]]:
            kinds[event.product_id] = event.kind
    return kinds
