"""Writes what was computed for a network into its rows: memberships, clusters, complements; copies what is unchanged.

A large shop has some ten thousand rows with six lists each, so the rows of a block go in one statement for many.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from django.db import connection
from psycopg2.extras import execute_values

from catalog.models import Product
from recommendations.clusters import NO_PRODUCT, CategoryClusters, Ids, Neighbours, similarity
from recommendations.models import CategoryNetwork, Cluster, ClusterNetwork, Membership
from recommendations.network_files import to_bytes

BATCH = 1_000
RELATED = ("related", "related_scores", "related_reasons")
COMPLEMENTARY = ("complementary", "complementary_scores", "complementary_reasons")
_TYPES = ("bigint[]", "double precision[]", "varchar[]")


def store_category(
    block: CategoryNetwork, clusters: CategoryClusters, related: Neighbours, source_hashes: Sequence[str]
) -> None:
    """Write a category's part of a network: arrays, clusters, a membership for each product that is still there."""
    block.arrays = to_bytes(clusters.to_arrays())
    block.choice = clusters.choice
    sizes = np.bincount(clusters.labels, minlength=len(clusters.centres))
    rows = Cluster.objects.bulk_create(
        Cluster(network_id=block.network_id, category_id=block.category_id, number=number, size=int(size))
        for number, size in enumerate(sizes)
    )
    away = clusters.features.astype(np.float64) - clusters.centres[clusters.labels]
    scores = similarity((away**2).sum(axis=1))
    there = set(Product.objects.filter(pk__in=clusters.product_ids.tolist()).values_list("pk", flat=True))
    Membership.objects.bulk_create(
        [
            Membership(
                network_id=block.network_id,
                product_id=product_id,
                cluster=rows[clusters.labels[i]],
                similarity=float(scores[i]),
                source_hash=source_hashes[i],
                **neighbour_columns("related", related, i),
            )
            for i, product_id in enumerate(clusters.product_ids.tolist())
            if product_id in there  # one may have been deleted while the block was computed
        ],
        batch_size=BATCH,
    )


def take_over(block: CategoryNetwork, before: CategoryNetwork) -> None:
    """Copy a category's part of another network, inside the database."""
    block.arrays, block.choice, block.fallback = before.arrays, before.choice, before.fallback
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO recommendations_cluster (network_id, category_id, number, size) "
            "SELECT %s, category_id, number, size FROM recommendations_cluster "
            "WHERE network_id = %s AND category_id = %s",
            [block.network_id, before.network_id, block.category_id],
        )
        lists = ", ".join([*RELATED, *COMPLEMENTARY])
        same = f"product_id, similarity, similarity_error, is_approximate, source_hash, {lists}"
        cursor.execute(
            f"INSERT INTO recommendations_membership (network_id, cluster_id, attached_at, {same}) "  # noqa: S608 - our own names
            f"SELECT %s, new.id, now(), {same} FROM recommendations_membership m "
            "JOIN recommendations_cluster old ON old.id = m.cluster_id "
            "JOIN recommendations_cluster new ON new.network_id = %s AND new.category_id = old.category_id "
            "AND new.number = old.number "
            "WHERE m.network_id = %s AND old.category_id = %s",
            [block.network_id, block.network_id, before.network_id, block.category_id],
        )


def store_neighbours(
    network: ClusterNetwork, names: tuple[str, str, str], product_ids: Ids, found: Neighbours
) -> None:
    """Write one kind of neighbours of some products; a product without a membership has none to write to."""
    write_lists(
        network,
        names,
        (
            (product_id, *neighbour_columns("", found, i).values())
            for i, product_id in enumerate(product_ids.tolist())
        ),
    )


def write_lists(
    network: ClusterNetwork, names: tuple[str, str, str], rows: Iterable[tuple[int, list, list, list]]
) -> None:
    """Write lists (product id; ids, scores, reasons) into the columns ``names`` of the products' memberships."""
    sets = ", ".join(
        f"{name} = v.c{i}::{kind}" for i, (name, kind) in enumerate(zip(names, _TYPES, strict=True))
    )
    with connection.cursor() as cursor:
        execute_values(
            cursor.cursor,
            f"UPDATE recommendations_membership m SET {sets} FROM (VALUES %s) v (product_id, c0, c1, c2) "  # noqa: S608
            f"WHERE m.network_id = {int(network.pk)} AND m.product_id = v.product_id",
            list(rows),
            page_size=BATCH,
        )


def neighbour_columns(name: str, neighbours: Neighbours, row: int) -> dict[str, list[Any]]:
    """The three array columns of one membership, without the filling of short rows."""
    there = neighbours.product_ids[row] != NO_PRODUCT
    return {
        name: neighbours.product_ids[row][there].tolist(),
        f"{name}_scores": neighbours.scores[row][there].tolist(),
        f"{name}_reasons": [str(code) for code in neighbours.reasons[row][there]],
    }
