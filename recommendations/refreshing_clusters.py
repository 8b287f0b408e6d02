"""Builds a version of the biased cluster network, category by category, and switches it on.

``begin_network`` -> ``build_block`` once for each category, in any order, on any worker -> ``finish_network``.
Each block may run twice: it replaces what an interrupted run has left.
"""

from collections.abc import Mapping

import numpy as np
from django.db import transaction

from catalog.models import Product
from recommendations import versions
from recommendations.baskets import bought_together
from recommendations.body_slots import GOES_WITH
from recommendations.clusters import NO_PRODUCT, CategoryClusters, Neighbours, build_category
from recommendations.complements import ComplementFinder, Traits
from recommendations.gathering import cover_pictures, traits_of
from recommendations.models import CategoryNetwork, Cluster, ClusterNetwork, ComplementRule, Membership
from recommendations.network_files import from_bytes, to_bytes, vocabulary_from
from recommendations.related import related_within
from vision.visual_words import VisualVocabulary

N_RELATED = 24
N_COMPLEMENTARY = 24
N_WORDS = 20
N_COMPONENTS = 69
SAMPLE = 1_500  # pictures from which the words are learned that all categories share
SEED = 7
BATCH = 1_000


def begin_network() -> tuple[ClusterNetwork, list[int]]:
    """Start a version: learn the shared words; return it with the ids of the categories to build.

    Raises:
        RefreshRunningError: when one is being built already.
    """
    categories = list(
        Product.objects.visible()
        .filter(images__descriptors__isnull=False)
        .order_by("category_id")
        .values_list("category_id", flat=True)
        .distinct()
    )
    network = versions.begin(ClusterNetwork, blocks=len(categories))
    vocabulary = VisualVocabulary(n_components=N_COMPONENTS, n_words=N_WORDS, seed=SEED)
    vocabulary.fit(cover_pictures(limit=SAMPLE).descriptors)
    network.shared_vocabulary = to_bytes(vocabulary.to_arrays())
    network.save(update_fields=["shared_vocabulary"])
    return network, categories


def build_block(network: ClusterNetwork, category_id: int) -> None:
    """Build one category: its words, clusters, and each product's related ones."""
    pictures = cover_pictures(category_id=category_id)
    with transaction.atomic():
        CategoryNetwork.objects.filter(network=network, category_id=category_id).delete()
        Cluster.objects.filter(network=network, category_id=category_id).delete()
        if len(pictures):
            clusters = build_category(
                pictures.product_ids,
                pictures.descriptors,
                embeddings=pictures.embeddings,
                colours=pictures.colours,
                facts=pictures.facts,
                shared_vocabulary=vocabulary_from(network.shared_vocabulary),
                n_words=N_WORDS,
                n_components=N_COMPONENTS,
                seed=SEED,
            )
            _store_category(network, category_id, clusters, pictures.source_hashes)
    versions.block_done(network)


def _store_category(
    network: ClusterNetwork, category_id: int, clusters: CategoryClusters, source_hashes: list[str]
) -> None:
    CategoryNetwork.objects.create(
        network=network,
        category_id=category_id,
        arrays=to_bytes(clusters.to_arrays()),
        fallback=(clusters.vocabulary.fallback_ or "")[:200],
    )
    sizes = np.bincount(clusters.labels, minlength=len(clusters.centres))
    rows = Cluster.objects.bulk_create(
        Cluster(network=network, category_id=category_id, number=number, size=int(size))
        for number, size in enumerate(sizes)
    )
    related = related_within(clusters, N_RELATED)
    to_centre = np.linalg.norm(clusters.features - clusters.centres[clusters.labels], axis=1)
    Membership.objects.bulk_create(
        [
            Membership(
                network=network,
                product_id=int(product_id),
                cluster=rows[clusters.labels[i]],
                similarity=float(np.exp(-(to_centre[i] ** 2) / 2)),
                source_hash=source_hashes[i],
                **neighbour_columns("related", related, i),
            )
            for i, product_id in enumerate(clusters.product_ids)
        ],
        batch_size=BATCH,
    )


def neighbour_columns(name: str, neighbours: Neighbours, row: int) -> dict[str, list]:
    """The three array columns of one membership, without the filling of short rows."""
    there = neighbours.product_ids[row] != NO_PRODUCT
    return {
        name: neighbours.product_ids[row][there].tolist(),
        f"{name}_scores": neighbours.scores[row][there].tolist(),
        f"{name}_reasons": [str(code) for code in neighbours.reasons[row][there]],
    }


def finish_network(network: ClusterNetwork) -> ClusterNetwork:
    """Join the categories by their complements and switch the version on.

    Raises:
        RuntimeError: when not every category has been built.
    """
    network.refresh_from_db()
    if network.blocks_done < network.blocks_total:
        raise RuntimeError(
            f"{network.blocks_done} of {network.blocks_total} categories are built; finish them first."
        )
    categories = load_categories(network)
    if categories:
        finder, traits = complement_finder(categories)
        for key, clusters in categories.items():
            _store_complements(
                network,
                clusters,
                finder.complements(
                    clusters.shared_histograms, traits[key], N_COMPLEMENTARY, clusters.product_ids
                ),
            )
    network.figures = {
        "products": sum(len(clusters) for clusters in categories.values()),
        "categories": len(categories),
        "clusters": sum(len(clusters.centres) for clusters in categories.values()),
    }
    network.save(update_fields=["figures"])
    versions.activate(network)
    return network


def load_categories(network: ClusterNetwork) -> dict[str, CategoryClusters]:
    """Every category of a network, by its id as text."""
    rows = CategoryNetwork.objects.filter(network=network).order_by("category_id")
    return {
        str(row.category_id): CategoryClusters.from_arrays(from_bytes(row.arrays)) for row in rows.iterator()
    }


def complement_finder(
    categories: Mapping[str, CategoryClusters],
) -> tuple[ComplementFinder, dict[str, Traits]]:
    """A finder over all products of a network, under the rules as the curators have them now."""
    traits = {key: traits_of(clusters.product_ids) for key, clusters in categories.items()}
    finder = ComplementFinder(goes_with=complement_rules(), bought_together=bought_together())
    return finder.fit(categories, traits), traits


def complement_rules() -> Mapping[str, Mapping[str, float]]:
    """What goes with what: the table in the admin, or the default one where it is empty."""
    rules: dict[str, dict[str, float]] = {}
    for slot, goes_with, weight in ComplementRule.objects.values_list("slot", "goes_with", "weight"):
        if weight > 0:
            rules.setdefault(slot, {})[goes_with] = weight
    return rules or GOES_WITH


def _store_complements(network: ClusterNetwork, clusters: CategoryClusters, found: Neighbours) -> None:
    memberships = {
        row.product_id: row
        for row in Membership.objects.filter(
            network=network, product_id__in=clusters.product_ids.tolist()
        ).only("product_id")
    }
    changed = []
    for i, product_id in enumerate(clusters.product_ids.tolist()):
        if row := memberships.get(product_id):  # a product deleted meanwhile has none
            for column, values in neighbour_columns("complementary", found, i).items():
                setattr(row, column, values)
            changed.append(row)
    Membership.objects.bulk_update(
        changed, ["complementary", "complementary_scores", "complementary_reasons"], batch_size=BATCH
    )
