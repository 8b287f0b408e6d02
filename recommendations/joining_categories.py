"""Joins the categories of a network: what completes the products of one stands in others.

After a few changes the lists of the network before are kept: newcomers get lists, and come into those of others where
they belong among the first. After many, and once a week, all is learnt and chosen anew; only then do newcomers come
into the looks of others.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import cache

import numpy as np

from catalog.models import Category
from recommendations.baskets import bought_together
from recommendations.body_slots import GOES_WITH
from recommendations.clusters import NO_PRODUCT, CategoryClusters, Ids
from recommendations.complements import ComplementFinder
from recommendations.entering_complements import Offer, bars_of, varied
from recommendations.extending import FIRST
from recommendations.gathering import cover_pictures, traits_of
from recommendations.judging_pairs import BLENDED
from recommendations.models import (
    CategoryNetwork,
    ClusterNetwork,
    ComplementRule,
    Membership,
    NetworkComplements,
)
from recommendations.network_files import clusters_from, clusters_of, from_bytes, to_bytes, vocabulary_from
from recommendations.outlines import MOST_STRANGERS, Outline
from recommendations.related import related_elsewhere, related_within
from recommendations.storing_clusters import (
    COMPLEMENTARY,
    RELATED,
    holders,
    inherit_complements,
    store_looks,
    store_neighbours,
    write_lists,
)
from recommendations.traits import Traits

N_RELATED = 24
N_COMPLEMENTARY = 24
RECIPE = 4  # raised when the same products no longer give the same complements
MOST_SIBLINGS = 3_000  # products of other categories among which a small one looks for more


def join_categories(network: ClusterNetwork) -> None:
    """Give every product of a network whose blocks are done its complements, and those of small categories related ones
    of the shelves beside them. Safe to run twice."""
    blocks = network.categories.filter(outline__isnull=False)
    now: dict[int, int] = {}
    for data in blocks.values_list("outline", flat=True):
        outline = Outline.from_arrays(from_bytes(data))
        now |= dict(zip(outline.product_ids.tolist(), outline.fingerprints.tolist(), strict=True))
    if now:
        digest = _digest(network)
        before = NetworkComplements.objects.filter(network=network.based_on_id, digest=digest).first()
        if before is None or not _join_few(network, before, now):
            _join_anew(network, digest, now)
    _fill_small_categories(network)


def _join_anew(network: ClusterNetwork, digest: str, now: Mapping[int, int]) -> None:
    """Learn what goes with what from all products, and choose for each one."""
    categories = load_categories(network)
    finder, traits = complement_finder(categories, now)
    for key, clusters in categories.items():
        found, looks = finder.complete(
            clusters.shared_histograms, traits[key], N_COMPLEMENTARY, clusters.product_ids
        )
        store_neighbours(network, COMPLEMENTARY, clusters.product_ids, found)
        store_looks(network, clusters.product_ids, looks)
    _keep(network, finder, digest, len(finder.candidates_), 0)


def _join_few(network: ClusterNetwork, before: NetworkComplements, now: Mapping[int, int]) -> bool:
    """Put a few newcomers among what was there before, and take what has gone out; False when they are too many."""
    finder = _unpacked(before)
    known = Outline.built(
        finder.candidates_.product_ids,
        dict(
            zip(
                finder.candidates_.product_ids.tolist(),
                finder.candidates_.fingerprints.tolist(),
                strict=True,
            )
        ),
    )
    changes = known.changes(now)
    joined = before.joined + len(np.union1d(changes.new, changes.stale))
    if joined > MOST_STRANGERS * before.learned_from:
        return False
    built = network.categories.filter(state=CategoryNetwork.State.BUILT).values_list("category_id", flat=True)
    if built:
        inherit_complements(network, before.network, list(built))
    if changes:
        pictures = cover_pictures(product_ids=changes.new.tolist())
        new = pictures.product_ids
        words = vocabulary_from(network.shared_vocabulary).histograms(pictures.descriptors)
        traits = traits_of(new)
        marks = np.array([now[pk] for pk in new.tolist()], np.int64)
        finder = finder.changed(changes.stale, new, marks, words, traits)
        found, looks = finder.complete(words, traits, N_COMPLEMENTARY, new)
        store_neighbours(network, COMPLEMENTARY, new, found)
        store_looks(network, new, looks)
        _enter(network, finder, new, changes.stale)
    _keep(network, finder, before.digest, before.learned_from, joined)
    return True


def _enter(network: ClusterNetwork, finder: ComplementFinder, new: Ids, stale: Ids) -> None:
    """Put newcomers into the lists of others where they belong among the first, and take what is stale out of all."""
    candidates = finder.candidates_
    offered = finder.newly_offered(new, bars_of(candidates, *_heads(network, candidates.product_ids)))
    about = {
        pk: (slot, kind)
        for pk, slot, kind in zip(
            candidates.product_ids.tolist(), candidates.traits.slots, candidates.traits.kinds, strict=True
        )
    }
    more: dict[int, list[Offer]] = {}
    for row, pk, score, reason in zip(
        offered.rows.tolist(),
        offered.product_ids.tolist(),
        offered.scores.tolist(),
        offered.reasons.tolist(),
        strict=True,
    ):
        more.setdefault(int(candidates.product_ids[row]), []).append(Offer(pk, score, reason, *about[pk]))
    out = {*stale.tolist(), *new.tolist()}
    others = np.setdiff1d(candidates.product_ids, new)
    touched = sorted({*more, *holders(network.pk, "complementary", stale, others)})
    lists = Membership.objects.filter(network=network, product__in=touched).values_list(
        "product_id", *COMPLEMENTARY
    )
    write_lists(network, COMPLEMENTARY, list(_changed_lists(lists, more, about, out)))


def _changed_lists(
    lists: Iterable[tuple[int, list[int], list[float], list[str]]],
    more: Mapping[int, list[Offer]],
    about: Mapping[int, tuple[str, str]],
    out: set[int],
) -> Iterable[tuple[int, list[int], list[float], list[str]]]:
    """The lists with ``more`` in them and without what is ``out`` or has gone."""
    for product_id, *columns in lists:
        kept = [
            Offer(pk, score, reason, *about[pk])
            for pk, score, reason in zip(*columns, strict=True)
            if pk not in out and pk in about
        ]
        offers = varied([*kept, *more.get(product_id, [])], N_COMPLEMENTARY)
        yield (
            product_id,
            [offer.product_id for offer in offers],
            [offer.score for offer in offers],
            [offer.reason for offer in offers],
        )


def _heads(network: ClusterNetwork, product_ids: Ids) -> tuple[Ids, np.ndarray]:
    """The first complements of each product and their scores, (m, FIRST) both; a list that has room for more ends in
    ``NO_PRODUCT``, so that it takes whatever comes."""
    heads = np.full((len(product_ids), FIRST), NO_PRODUCT, np.int64)
    scores = np.zeros((len(product_ids), FIRST))
    row_of = {pk: row for row, pk in enumerate(product_ids.tolist())}
    rows = Membership.objects.filter(network=network).values_list(
        "product_id",
        f"complementary__0_{FIRST}",
        f"complementary_scores__0_{FIRST}",
        f"complementary__{N_COMPLEMENTARY - 1}",
    )
    for pk, ids, worth, last in rows.iterator():
        if (row := row_of.get(pk)) is not None:
            heads[row, : len(ids)] = ids
            scores[row, : len(ids)] = worth
            if last is None:
                heads[row, -1] = NO_PRODUCT
    return heads, scores


def _fill_small_categories(network: ClusterNetwork) -> None:
    """Give the products of categories that are too small for a full list more of the shelves beside them."""
    parents = dict(Category.objects.values_list("pk", "parent_id"))
    part = cache(lambda category_id: clusters_of(network.pk, category_id))
    anew = network.categories.filter(outline__isnull=False).exclude(state=CategoryNetwork.State.REUSED)
    for category_id, data in anew.values_list("category_id", "outline"):
        clusters = part(category_id) if len(Outline.from_arrays(from_bytes(data))) <= N_RELATED else None
        if clusters is None:
            continue
        others = [
            other
            for near in _near(category_id, parents)
            if (other := part(near)) is not None and len(other) <= MOST_SIBLINGS
        ]
        more = related_elsewhere(clusters, others, N_RELATED - (len(clusters) - 1))
        if (more.product_ids != NO_PRODUCT).any():
            own = related_within(clusters, max(1, len(clusters) - 1))
            store_neighbours(network, RELATED, clusters.product_ids, own.followed_by(more))


def _near(category_id: int, parents: Mapping[int, int | None]) -> list[int]:
    """The categories that stand beside one: those of the same parent, the parent itself, its own children; without any
    of them all of the shop."""
    parent = parents.get(category_id)
    near = [
        pk
        for pk, above in parents.items()
        if pk != category_id and (above == category_id or (parent is not None and parent in (above, pk)))
    ]
    return near or [pk for pk in parents if pk != category_id]


def load_categories(network: ClusterNetwork) -> dict[str, CategoryClusters]:
    """Every category of a network, by its id as text."""
    rows = CategoryNetwork.objects.filter(network=network, arrays__isnull=False).order_by("category_id")
    return {str(row.category_id): clusters_from(row.arrays) for row in rows.iterator()}


def complement_finder(
    categories: Mapping[str, CategoryClusters], marks: Mapping[int, int]
) -> tuple[ComplementFinder, dict[str, Traits]]:
    """A finder over all products of a network, with their fingerprints ``marks``, under the rules as the curators have
    them now."""
    traits = {key: traits_of(clusters.product_ids) for key, clusters in categories.items()}
    fingerprints = {
        key: np.array([marks.get(pk, 0) for pk in clusters.product_ids.tolist()], np.int64)
        for key, clusters in categories.items()
    }
    finder = ComplementFinder(goes_with=complement_rules(), bought_together=bought_together())
    return finder.fit(categories, traits, fingerprints), traits


def finder_from(network: ClusterNetwork) -> ComplementFinder:
    """The finder that a network was joined with; made anew for a network of before there were such."""
    row = NetworkComplements.objects.filter(network=network).first()
    return _unpacked(row) if row else complement_finder(load_categories(network), {})[0]


def complement_rules() -> Mapping[str, Mapping[str, float]]:
    """What goes with what: the table in the admin, or the default one where it is empty."""
    rules: dict[str, dict[str, float]] = {}
    for slot, goes_with, weight in ComplementRule.objects.values_list("slot", "goes_with", "weight"):
        if weight > 0:
            rules.setdefault(slot, {})[goes_with] = weight
    return rules or GOES_WITH


def _keep(
    network: ClusterNetwork, finder: ComplementFinder, digest: str, learned_from: int, joined: int
) -> None:
    NetworkComplements.objects.update_or_create(
        network=network,
        defaults={
            "arrays": to_bytes(finder.to_arrays()),
            "digest": digest,
            "learned_from": learned_from,
            "joined": joined,
        },
    )


def _unpacked(row: NetworkComplements) -> ComplementFinder:
    return ComplementFinder.from_arrays(from_bytes(row.arrays), goes_with=complement_rules())


def _digest(network: ClusterNetwork) -> str:
    """Of all that complements are made from beside the products."""
    rules = sorted((slot, sorted(others.items())) for slot, others in complement_rules().items())
    digest = hashlib.sha256(json.dumps([RECIPE, asdict(BLENDED), N_COMPLEMENTARY, rules]).encode())
    digest.update(bytes(network.shared_vocabulary or b""))
    return digest.hexdigest()
