"""Makes a version of the personal lists, block by block of shoppers, and switches it on.

``begin_lists`` -> ``build_block`` for each block, in any order, on any worker -> ``finish_lists``. Each block may run
twice: it replaces what an interrupted run has left.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models.functions import Extract
from django.utils import timezone
from numpy.typing import NDArray

from catalog.models import Product, ProductAttribute
from recommendations import versions
from recommendations.blending import Hybrid
from recommendations.content import ContentModel
from recommendations.hybrid import SHIPPED, fit_hybrid, fit_voices, leads_from
from recommendations.models import Interaction, ProductLeads, RecommendationList, RecommendationVersion
from recommendations.newcomers import popular_now
from recommendations.profiles import NEWCOMER, Interactions, weigh
from recommendations.proving_blend import Mixture
from recommendations.ranking import Ranking
from recommendations.rehearsing import FEWEST_QUESTIONS, learn_mixture, rehearse
from recommendations.tallies import ListsProof
from vision.models import EMBEDDING_SIZE, ImageAnalysis

N_LIST = 72
N_LEADS = 40
USERS_PER_BLOCK = 200
REMEMBERED = timedelta(days=365)


@dataclass(frozen=True)
class Models:
    """Everything that a block needs, fitted once in each process."""

    hybrid: Hybrid
    interactions: Interactions
    not_for_sale: list[int]


def begin_lists() -> tuple[RecommendationVersion, list[list[int]]]:
    """Start a version; return it with the blocks of shoppers to make lists for.

    Raises:
        RefreshRunningError: when one is being made already.
    """
    users = list(
        Interaction.objects.filter(
            user__isnull=False, user__personalised=True, created_at__gte=timezone.now() - REMEMBERED
        )
        .order_by("user_id")
        .values_list("user_id", flat=True)
        .distinct()
    )
    blocks = [users[i : i + USERS_PER_BLOCK] for i in range(0, len(users), USERS_PER_BLOCK)]
    version = versions.begin(RecommendationVersion, blocks=len(blocks))
    try:
        version.figures = learn(version.created_at)
        version.save(update_fields=["figures"])
    except BaseException as error:
        versions.fail(version, f"The weights could not be learned: {error or type(error).__name__}")
        raise
    return version, blocks


def learn(until: datetime) -> dict[str, Any]:
    """How to blend the voices, by the shop's own log of before ``until``; as a version keeps it.

    The shipped weights where the log has too few questions. ``alone`` says for each bucket in which no blend proved
    itself which voice is heard alone, but for what describes new products; ``worth`` how well each voice, and
    what is made of them, answered.
    """
    content, categories, _ = _shop()
    rehearsal = rehearse(_interactions(until))
    own = len(rehearsal) >= FEWEST_QUESTIONS
    mixture = learn_mixture(fit_voices(rehearsal.past, content, categories), rehearsal) if own else SHIPPED
    return {
        "questions": len(rehearsal),
        "weights_from": "own log" if own else "shipped",
        "weights": {bucket: dict(weights) for bucket, weights in mixture.weights.items()},
        "alone": dict(mixture.alone),
        "spread": mixture.spread,
        "worth": {name: [round(figure, 5) for figure in pair] for name, pair in mixture.worth.items()},
    }


def build_block(version: RecommendationVersion, user_ids: Sequence[int]) -> None:
    """Make the lists of these shoppers."""
    models = models_of(version.pk)
    lists = []
    for user_id in user_ids:
        profile = models.interactions.profile_of(user_id)
        lists.append(
            _as_list(
                version, user_id, models.hybrid.recommend_for(profile, N_LIST, exclude=models.not_for_sale)
            )
        )
    with transaction.atomic():
        RecommendationList.objects.filter(version=version, user_id__in=user_ids).delete()
        RecommendationList.objects.bulk_create(lists)
    versions.block_done(version)


def finish_lists(version: RecommendationVersion) -> RecommendationVersion:
    """Add the newcomers' list and switch the version on.

    Raises:
        RuntimeError: when not every block has been made.
    """
    version.refresh_from_db()
    if version.blocks_done < version.blocks_total:
        raise RuntimeError(
            f"{version.blocks_done} of {version.blocks_total} blocks are made; finish them first."
        )
    models = models_of(version.pk)
    newcomers = models.hybrid.filler.recommend_for(NEWCOMER, N_LIST, exclude=models.not_for_sale)
    row = _as_list(version, None, newcomers)
    # Where shoppers have not said enough yet, what is new completes the list.
    for found in popular_now(N_LIST):
        if len(row.products) < N_LIST and found.product_id not in row.products:
            row.products.append(found.product_id)
            row.scores.append(0.5 * found.score)
            row.reasons.append(found.reason_code)
            row.because.append(0)
    RecommendationList.objects.filter(version=version, user=None).delete()
    row.save()
    _store_leads(version, models)
    version.figures = {
        **version.figures,
        "lists": RecommendationList.objects.filter(version=version).count(),
        "shoppers": models.interactions.n_users,
        "products": models.interactions.n_items,
    }
    version.save(update_fields=["figures"])
    if version.figures.get("worth"):
        ListsProof.objects.update_or_create(
            version_id=version.pk,
            defaults={"questions": version.figures["questions"], "worth": version.figures["worth"]},
        )
    versions.activate(version)
    return version


def _store_leads(version: RecommendationVersion, models: Models) -> None:
    """Write down where each product leads; an interrupted run's are replaced."""
    rows = []
    for product_id in models.interactions.item_ids.tolist():
        found = leads_from(models.hybrid, product_id, N_LEADS, exclude=models.not_for_sale)
        if len(found):
            rows.append(
                ProductLeads(
                    version=version,
                    product_id=product_id,
                    products=found.ids.tolist(),
                    scores=found.scores.tolist(),
                )
            )
    with transaction.atomic():
        ProductLeads.objects.filter(version=version).delete()
        ProductLeads.objects.bulk_create(rows, batch_size=1_000)


def _as_list(version: RecommendationVersion, user_id: int | None, ranking: Ranking) -> RecommendationList:
    return RecommendationList(
        version=version,
        user_id=user_id,
        products=ranking.ids.tolist(),
        scores=ranking.scores.tolist(),
        reasons=list(ranking.reasons),
        because=ranking.because.tolist(),
    )


@lru_cache(maxsize=1)
def models_of(version_id: int) -> Models:
    """Fit the models for one version. A worker that makes several blocks fits them once.

    All blocks learn from the same log, that of before the version was begun, whenever they run.
    """
    version = RecommendationVersion.objects.get(pk=version_id)
    content, categories, not_for_sale = _shop()
    interactions = _interactions(version.created_at)
    mixture = Mixture(version.figures["weights"], version.figures["spread"], alone=version.figures["alone"])
    hybrid = fit_hybrid(interactions, content, categories, mixture)
    return Models(hybrid, interactions, not_for_sale)


def _interactions(until: datetime) -> Interactions:
    """What everybody did in the year before; visitors who never signed in count as shoppers of their own."""
    rows = (
        Interaction.objects.filter(
            created_at__gte=until - REMEMBERED, created_at__lte=until, product__status="active"
        )
        .exclude(user__personalised=False)
        .order_by("created_at", "pk")
        .values_list("user_id", "session_key", "product_id", "kind", Extract("created_at", "epoch"))
    )
    visitors: dict[str, int] = {}
    users, items, kinds, times = [], [], [], []
    for user_id, visitor, product_id, kind, epoch in rows.iterator(chunk_size=10_000):
        users.append(user_id if user_id is not None else -1 - visitors.setdefault(visitor, len(visitors)))
        items.append(product_id)
        kinds.append(kind)
        times.append(float(epoch))
    return weigh(users, items, kinds, times, now=until.timestamp())


def _shop() -> tuple[ContentModel, dict[int, int], list[int]]:
    """The content model of all visible products, their categories, and the ids of those that cannot be bought."""
    columns = ("pk", "category_id", "brand_id", "article_type", "colour", "gender", "style_code", "in_stock")
    products = list(Product.objects.visible().order_by("pk").values(*columns))
    extra: dict[int, set[str]] = {}
    for product_id, name, value in ProductAttribute.objects.filter(product__status="active").values_list(
        "product_id", "attribute__slug", "value"
    ):
        extra.setdefault(product_id, set()).add(f"{name}:{value.lower()}")
    attributes = [
        {f"{name}:{p[name]}" for name in columns[1:-1] if p[name]} | extra.get(p["pk"], set())
        for p in products
    ]
    ids = [product["pk"] for product in products]
    content = ContentModel().fit(ids, attributes, _embeddings(ids))
    return (
        content,
        {p["pk"]: p["category_id"] for p in products},
        [p["pk"] for p in products if not p["in_stock"]],
    )


def _embeddings(product_ids: Sequence[int]) -> NDArray[np.float32]:
    """(m, 128) embeddings of the covers; a row of zeros where no picture has been looked at."""
    matrix = np.zeros((len(product_ids), EMBEDDING_SIZE), np.float32)
    row_of = {pk: row for row, pk in enumerate(product_ids)}
    covers = (
        ImageAnalysis.objects.active()
        .filter(image__product__status="active")
        .order_by("image__product_id", "image__position")
        .distinct("image__product_id")
        .values_list("image__product_id", "embedding")
    )
    for product_id, embedding in covers.iterator(chunk_size=2_000):
        if (row := row_of.get(product_id)) is not None:
            matrix[row] = np.asarray(embedding, np.float32)
    return matrix
