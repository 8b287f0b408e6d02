"""Puts pinned products where curators want them, in a network that is served or about to be. Worker only."""

from collections.abc import Sequence

import structlog

from catalog.models import Product
from recommendations.curating import pinned_cluster
from recommendations.gathering import cover_pictures
from recommendations.mapper import attach
from recommendations.models import Cluster, ClusterNetwork, Membership
from recommendations.network_files import clusters_of
from recommendations.pinning import companies
from recommendations.storing_clusters import RELATED, write_lists

logger = structlog.get_logger(__name__)


def place_pinned(network: ClusterNetwork, product_ids: Sequence[int] | None = None) -> int:
    """Place pinned products with their company: cluster, similarity, related products. Returns how many were placed.

    Without ``product_ids`` all that are pinned. A named product that is not pinned any more goes back to its own
    cluster. A pin whose company is gone from the network holds nothing, and is logged.
    """
    pins = companies(product_ids)
    wanted = list(pins) if product_ids is None else list(product_ids)
    if not wanted:
        return 0
    pictures = cover_pictures(product_ids=wanted)
    category_of = dict(Product.objects.filter(pk__in=wanted).values_list("pk", "category_id"))
    placed = 0
    for row, pk in enumerate(pictures.product_ids.tolist()):
        membership = Membership.objects.filter(network=network, product_id=pk).first()
        clusters = clusters_of(network.pk, category_of[pk])
        if membership is None or clusters is None:
            continue  # a newcomer of its category: the next refresh has it
        number = pinned_cluster(pins.get(pk, []), clusters.cluster_of())
        if number is None and pk in pins:
            logger.warning("pin_without_company", network=network.pk, product=pk, company=pins[pk])
            continue
        found = attach(
            clusters,
            pictures.descriptors[row],
            product_id=pk,
            embedding=pictures.embeddings[row],
            colour=pictures.colours[row],
            facts=pictures.facts.chosen([row]),
            cluster=number,
        )
        Membership.objects.filter(pk=membership.pk).update(
            cluster=Cluster.objects.get(network=network, category_id=category_of[pk], number=found.cluster),
            similarity=found.score,
            similarity_error=found.error,
        )
        there = found.related_ids >= 0
        write_lists(
            network,
            RELATED,
            [
                (
                    pk,
                    found.related_ids[there].tolist(),
                    found.related_scores[there].tolist(),
                    [str(code) for code in found.related_reasons[there]],
                )
            ],
        )
        placed += 1
    return placed
