"""Related products: the nearest of a category, its own cluster favoured, and varied.

Six colours of one shirt are one idea, and six white shirts at one price are hardly more: in a list the second of a
model comes after the first of every other model near by, and each further one of the same tone and price falls back a
little (a greedy choice in the manner of Carbonell and Goldstein, "The use of MMR", SIGIR 1998). What is sold out comes
last.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from recommendations.channels import FACT_SPREAD, TYPICAL_SPREAD
from recommendations.clusters import (
    BLOCK_CELLS,
    NO_PRODUCT,
    UNKNOWN,
    CategoryClusters,
    Floats,
    Ids,
    Neighbours,
    similarity,
    squared_distances,
    take_filled,
)

SAME_CLUSTER = "same_cluster"
SAME_MODEL = "same_style"
SAME_BRAND = "same_brand"
SAME_THEME = "same_theme"
SIMILAR_LOOK = "similar_look"
SIMILAR_WORDS = "similar_words"
OTHER_SHELF = "other_shelf"

# How much of a score belongs to the cluster: enough to break near ties in its favour. Set by judgement, not measured.
BIAS = 0.2
# What each further product of the same tone and price loses. Scores of the first ten lie about .2 apart.
TONE_AND_PRICE_AGAIN = 0.02
BEHIND_ALL = 1.0  # scores are at most 1, so a whole turn outweighs any of them
NEVER = -1e9  # worth of what is no candidate: less than anything, more than what is taken already
CODE = "<U16"  # room for any reason
POOL = 64  # so many candidates are looked at closely
FOUND_BY_NUMBER = 0.99  # cosine of two codes of the same word, but for rounding
TELLING = 0.5  # a brand or theme that more than so much of the category shares is no reason
SHARED_CHANNELS = ("embedding", "colour", "type", "gender", "occasion", "theme", "brand")
OTHER_SHELF_WORTH = 0.5  # of a similarity across shelves: what stands on the product's own comes first


def related_within(clusters: CategoryClusters, n: int, *, bias: float = BIAS) -> Neighbours:
    """Find the n products most like each one of a category: Euclidean distance, own cluster favoured, varied.

    A score is ``similarity`` = exp(-d²/2), where two random products of the category are about d² = 2 apart,
    biased towards the cluster: ``(1 - bias/2) · similarity + bias/2`` inside it and without the last term
    outside. At bias 1 every member of the cluster comes before everybody else, at bias 0 distance alone
    decides. A score is never above the one before it in the list.
    """
    return related_rows(clusters, np.arange(len(clusters)), n, bias=bias)


def related_rows(clusters: CategoryClusters, rows: Ids, n: int, *, bias: float = BIAS) -> Neighbours:
    """The same for some rows (q,) of the category."""
    size = max(1, BLOCK_CELLS // len(clusters))
    blocks = [
        nearest(
            clusters,
            clusters.features[part],
            clusters.labels[part],
            n,
            bias=bias,
            own_rows=part,
            models=clusters.models[part],
        )
        for part in (rows[start : start + size] for start in range(0, len(rows), size))
    ]
    return joined(blocks, n)


def joined(blocks: Sequence[Neighbours], n: int) -> Neighbours:
    """Blocks of neighbours below each other; none of them give no rows."""
    return Neighbours(
        np.concatenate([np.zeros((0, n), np.int64), *(block.product_ids for block in blocks)]),
        np.concatenate([np.zeros((0, n)), *(block.scores for block in blocks)]),
        np.concatenate([np.zeros((0, n), CODE), *(block.reasons for block in blocks)]),
    )


def nearest(
    clusters: CategoryClusters,
    features: npt.NDArray[np.float32],
    labels: Ids,
    n: int,
    *,
    bias: float = BIAS,
    own_rows: Ids | None = None,
    models: Ids | None = None,
) -> Neighbours:
    """Rank a category's products for q pictures with features (q, d) in clusters ``labels`` (q,).

    ``own_rows`` (q,), when given, are the pictures' own rows and left out; ``models`` (q,) their models. A quick look
    in single precision chooses ``POOL`` candidates or twice n, whichever is more; among them the order is exact.
    """
    pool = _pool(clusters, features, labels, max(POOL, 2 * n), bias, own_rows)
    there = pool >= 0
    apart = clusters.features[pool].astype(np.float64)
    apart -= features[:, None].astype(np.float64)
    squared = np.einsum("qpd,qpd->qp", apart, apart)
    same_cluster = clusters.labels[pool] == labels[:, None]
    scores = (1 - bias / 2) * similarity(squared) + bias / 2 * same_cluster
    scores[~there] = -1
    # Score and column in one whole number, so that ties in the sixth place are decided by the column on any machine.
    order = (pool - np.rint(scores * 1e6).astype(np.int64) * len(clusters)).argsort(axis=1)
    pool, scores = np.take_along_axis(pool, order, axis=1), np.take_along_axis(scores, order, axis=1)
    chosen = varied_columns(
        scores,
        clusters.models[pool],
        _tones_and_prices(clusters)[pool],
        clusters.available[pool],
        n,
    )
    ids, kept = take_filled(clusters.product_ids[pool], scores, chosen, n)
    rows = np.take_along_axis(pool, chosen, axis=1)
    reasons = _reasons(clusters, features, labels, rows, models)
    reasons = np.pad(reasons, ((0, 0), (0, n - reasons.shape[1])), constant_values="")
    return Neighbours(ids, np.minimum.accumulate(kept, axis=1), np.where(ids == NO_PRODUCT, "", reasons))


def varied_columns(scores: Floats, models: Ids, looks: Ids, available: npt.NDArray[np.bool_], n: int) -> Ids:
    """Choose n of p candidates for each row, one after the other; columns (q, min(n, p)), best first.

    Args:
        scores: (q, p), below 0 for what is no candidate. models, looks: (q, p), ``UNKNOWN`` where nobody knows; each
            further one of a model comes after the firsts of all others, each of the same looks loses a little.
        available: (q, p), what is not comes last.
    """
    worth = np.where(scores < 0, NEVER, scores - BEHIND_ALL * scores.shape[1] * ~available)
    everyone = np.arange(len(scores))
    chosen = np.zeros((len(scores), min(n, scores.shape[1])), np.int64)
    for place in range(chosen.shape[1]):
        best = worth.argmax(axis=1)
        chosen[:, place] = best
        again = (models == models[everyone, best][:, None]) & (models != UNKNOWN)
        alike = (looks == looks[everyone, best][:, None]) & (looks != UNKNOWN)
        worth -= BEHIND_ALL * again + TONE_AND_PRICE_AGAIN * alike
        worth[everyone, best] = -np.inf
    return chosen


def _pool(
    clusters: CategoryClusters,
    features: npt.NDArray[np.float32],
    labels: Ids,
    size: int,
    bias: float,
    own_rows: Ids | None,
) -> Ids:
    """Rows of the candidates of each picture, (q, min(size, m)), in no order; -1 for its own row."""
    theirs = clusters.features
    squared = (features**2).sum(axis=1)[:, None] - 2 * features @ theirs.T + (theirs**2).sum(axis=1)
    rough = np.exp(np.maximum(squared, 0) / -2)
    if bias:
        rough *= np.float32(1 - bias / 2)
        rough += np.float32(bias / 2) * (labels[:, None] == clusters.labels)
    if own_rows is not None:
        rough[np.arange(len(features)), own_rows] = -1
    if size < len(clusters):
        rows = np.argpartition(-rough, size, axis=1)[:, :size].astype(np.int64)
    else:
        rows = np.broadcast_to(np.arange(len(clusters)), rough.shape).copy()
    return np.where(np.take_along_axis(rough, rows, axis=1) < 0, -1, rows)


def _tones_and_prices(clusters: CategoryClusters) -> Ids:
    return np.where(clusters.tones == UNKNOWN, UNKNOWN, clusters.tones ^ clusters.price_bands)


def _reasons(
    clusters: CategoryClusters,
    features: npt.NDArray[np.float32],
    labels: Ids,
    rows: Ids,
    models: Ids | None,
) -> npt.NDArray[np.str_]:
    """Why each of ``rows`` (q, n) stands there; the most telling reason of those that are true."""
    elsewhere = SIMILAR_LOOK if clusters.scales[1:].any() else SIMILAR_WORDS
    reasons = np.where(clusters.labels[rows] == labels[:, None], SAME_CLUSTER, elsewhere).astype(CODE)
    for name, reason in (("brand", SAME_BRAND), ("theme", SAME_THEME)):
        where, scale = clusters.columns(name)
        if not scale:
            continue
        ours, theirs = features[:, where] / scale, clusters.features[:, where] / scale
        # A common word tells nothing: the mean code is long where most products share one.
        if np.linalg.norm(theirs.mean(axis=0)) < TELLING:
            alike = np.einsum("qc,qnc->qn", ours, theirs[rows]) >= FOUND_BY_NUMBER
            reasons[alike] = reason
    if models is not None:
        same = (clusters.models[rows] == models[:, None]) & (models != UNKNOWN)[:, None]
        reasons[same] = SAME_MODEL
    return reasons


def related_elsewhere(clusters: CategoryClusters, others: Sequence[CategoryClusters], n: int) -> Neighbours:
    """Find up to n products of other categories for each one of a small category: by what all categories share, the
    embedding, the colours and the facts, each at its typical spread."""
    usable = [name for name in SHARED_CHANNELS if all(part.columns(name)[1] for part in (clusters, *others))]
    if not usable or not others:
        return Neighbours(
            np.full((len(clusters), n), NO_PRODUCT, np.int64),
            np.zeros((len(clusters), n)),
            np.full((len(clusters), n), "", dtype=CODE),
        )
    mine = _shared_place(clusters, usable)
    candidates = np.concatenate([_shared_place(part, usable) for part in others])
    ids = np.concatenate([part.product_ids for part in others])
    scores = OTHER_SHELF_WORTH * similarity(squared_distances(mine, candidates))
    size = min(POOL, scores.shape[1])
    pool = np.argsort(-scores, axis=1, kind="stable")[:, :size]
    pooled = np.take_along_axis(scores, pool, axis=1)
    models = np.concatenate([part.models for part in others])
    looks = np.concatenate([_tones_and_prices(part) for part in others])
    available = np.concatenate([part.available for part in others])
    chosen = varied_columns(pooled, models[pool], looks[pool], available[pool], n)
    found, kept = take_filled(ids[pool], pooled, chosen, n)
    return Neighbours(
        found, np.minimum.accumulate(kept, axis=1), np.where(found == NO_PRODUCT, "", OTHER_SHELF)
    )


def _shared_place(clusters: CategoryClusters, names: Sequence[str]) -> npt.NDArray[np.float32]:
    """The rows of some channels, each at the spread that it usually has and all worth the same, (m, d)."""
    parts = []
    for name in names:
        where, scale = clusters.columns(name)
        parts.append(clusters.features[:, where] / (scale * TYPICAL_SPREAD.get(name, FACT_SPREAD)))
    return np.asarray(np.concatenate(parts, axis=1) / np.sqrt(len(names)), np.float32)
