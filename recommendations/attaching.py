"""Attaches new products to the network at once: the database side of ``recommendations.mapper``.

What is written is approximate until the next refresh; a product whose picture the network knows is not written.
"""

from collections.abc import Sequence

import numpy as np

from catalog.models import Product
from recommendations import versions
from recommendations.complements import ComplementFinder
from recommendations.curating import pinned_cluster
from recommendations.gathering import Pictures, cover_pictures, traits_of
from recommendations.joining_categories import N_COMPLEMENTARY, N_RELATED, finder_from
from recommendations.mapper import Attachment, attach
from recommendations.models import Cluster, ClusterNetwork, Membership
from recommendations.network_files import clusters_of, vocabulary_from
from recommendations.pinning import companies
from recommendations.storing_clusters import neighbour_columns


def attach_products(product_ids: Sequence[int]) -> int:
    """Give each product a place in the active network, with related and complementary products.

    Products that are there with the same picture are left as they are, and so are products of a category that the
    network does not have yet: their pages show their category until the next refresh. Returns how many were written.
    """
    network = versions.active(ClusterNetwork)
    if network is None:
        return 0
    pictures = cover_pictures(product_ids=product_ids)
    known = dict(
        Membership.objects.filter(network=network, product_id__in=pictures.product_ids.tolist()).values_list(
            "product_id", "source_hash"
        )
    )
    new = [
        i for i, pk in enumerate(pictures.product_ids.tolist()) if known.get(pk) != pictures.source_hashes[i]
    ]
    categories = dict(Product.objects.filter(pk__in=product_ids).values_list("pk", "category_id"))
    pins = companies(product_ids)
    finder: ComplementFinder | None = None
    written = 0
    for i in new:
        pk = int(pictures.product_ids[i])
        found = _attach(network, pictures, i, categories[pk], pins.get(pk, []))
        if found is None:
            continue
        finder = finder or finder_of(network)
        _store(network, pk, categories[pk], found, pictures, i, finder)
        written += 1
    return written


def _attach(
    network: ClusterNetwork, pictures: Pictures, row: int, category_id: int, company: Sequence[int]
) -> Attachment | None:
    clusters = clusters_of(network.pk, category_id)
    if clusters is None:
        return None
    return attach(
        clusters,
        pictures.descriptors[row],
        product_id=int(pictures.product_ids[row]),
        embedding=pictures.embeddings[row],
        colour=pictures.colours[row],
        facts=pictures.facts.chosen([row]),
        cluster=pinned_cluster(company, clusters.cluster_of()) if company else None,
        n=N_RELATED,
    )


_finders: dict[int, ComplementFinder] = {}


def finder_of(network: ClusterNetwork) -> ComplementFinder:
    """The network's complement finder, read once in each process and dropped when another network is asked for."""
    if network.pk not in _finders:
        _finders.clear()
        _finders[network.pk] = finder_from(network)
    return _finders[network.pk]


def _store(
    network: ClusterNetwork,
    product_id: int,
    category_id: int,
    found: Attachment,
    pictures: Pictures,
    row: int,
    finder: ComplementFinder,
) -> None:
    words = vocabulary_from(network.shared_vocabulary).histogram(pictures.descriptors[row])
    complements, looks = finder.complete(words[None], traits_of([product_id]), N_COMPLEMENTARY)
    related = found.related_ids >= 0
    cluster = Cluster.objects.get(network=network, category_id=category_id, number=found.cluster)
    Membership.objects.update_or_create(
        network=network,
        product_id=product_id,
        defaults={
            "cluster": cluster,
            "similarity": found.score,
            "similarity_error": found.error,
            "is_approximate": True,
            "source_hash": pictures.source_hashes[row],
            "related": found.related_ids[related].tolist(),
            "related_scores": found.related_scores[related].tolist(),
            "related_reasons": [str(code) for code in np.asarray(found.related_reasons)[related]],
            **neighbour_columns("complementary", complements, 0),
            "look": looks[0],
        },
    )
