"""Writes what was computed for a network into its rows: memberships, clusters, complements; copies what is unchanged.

A large shop has some ten thousand rows with six lists each, so the rows of a block go in one statement for many.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from django.db import connection
from psycopg2.extras import execute_values

from catalog.models import Product
from recommendations.clusters import NO_PRODUCT, CategoryClusters, Ids, Neighbours, similarity
from recommendations.mapper import error_bound
from recommendations.models import CategoryNetwork, Cluster, ClusterNetwork, Membership
from recommendations.network_files import to_bytes
from recommendations.outfits.completing import StoredLook

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
    numbers = _store_clusters(block, clusters)
    _store_memberships(block, clusters, numbers, np.arange(len(clusters)), related, source_hashes)


def store_extended(
    block: CategoryNetwork,
    before: CategoryNetwork,
    clusters: CategoryClusters,
    stale: Ids,
    newcomers: tuple[Ids, Neighbours, Sequence[str]],
    touched: tuple[Ids, Neighbours],
) -> None:
    """Write a category's part as an earlier one with some changes: everything is copied inside the database but what is
    ``stale`` (product ids); then come the newcomers, and new lists for those whom they touch.

    ``newcomers`` are rows of the clusters, their related ones and pictures; ``touched`` rows and their related ones.
    """
    block.arrays = to_bytes(clusters.to_arrays())
    block.choice = before.choice
    rows, related, source_hashes = newcomers
    numbers = _store_clusters(block, clusters)
    _copy_memberships(block, before, [*stale.tolist(), *clusters.product_ids[rows].tolist()])
    _store_memberships(block, clusters, numbers, rows, related, source_hashes, is_approximate=True)
    store_neighbours(block.network, RELATED, clusters.product_ids[touched[0]], touched[1])


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
    _copy_memberships(block, before, [])


def _store_clusters(block: CategoryNetwork, clusters: CategoryClusters) -> list[Cluster]:
    sizes = np.bincount(clusters.labels, minlength=len(clusters.centres))
    return Cluster.objects.bulk_create(
        Cluster(network_id=block.network_id, category_id=block.category_id, number=number, size=int(size))
        for number, size in enumerate(sizes)
    )


def _store_memberships(
    block: CategoryNetwork,
    clusters: CategoryClusters,
    numbers: Sequence[Cluster],
    rows: Ids,
    related: Neighbours,
    source_hashes: Sequence[str],
    *,
    is_approximate: bool = False,
) -> None:
    """Write memberships of some rows of the clusters; ``related`` and ``source_hashes`` are theirs, row by row."""
    away = clusters.features[rows].astype(np.float64) - clusters.centres[clusters.labels[rows]]
    squared = (away**2).sum(axis=1)
    scores = similarity(squared)
    ids = clusters.product_ids[rows].tolist()
    there = set(Product.objects.filter(pk__in=ids).values_list("pk", flat=True))
    Membership.objects.bulk_create(
        [
            Membership(
                network_id=block.network_id,
                product_id=product_id,
                cluster=numbers[label],
                similarity=float(scores[i]),
                similarity_error=error_bound(float(squared[i]), numbers[label].size)
                if is_approximate
                else 0.0,
                is_approximate=is_approximate,
                source_hash=source_hashes[i],
                **neighbour_columns("related", related, i),
            )
            for i, (product_id, label) in enumerate(zip(ids, clusters.labels[rows].tolist(), strict=True))
            if product_id in there  # one may have been deleted while the block was computed
        ],
        batch_size=BATCH,
    )


def _copy_memberships(block: CategoryNetwork, before: CategoryNetwork, without: Sequence[int]) -> None:
    """Copy the memberships of a category from another network, but for some products."""
    own = {"id", "network_id", "cluster_id", "attached_at"}
    same = ", ".join(
        f"m.{field.column}" for field in Membership._meta.concrete_fields if field.column not in own
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO recommendations_membership (network_id, cluster_id, attached_at, {same.replace('m.', '')}) "  # noqa: S608 - our own names
            f"SELECT %s, new.id, now(), {same} FROM recommendations_membership m "
            "JOIN recommendations_cluster old ON old.id = m.cluster_id "
            "JOIN recommendations_cluster new ON new.network_id = %s AND new.category_id = old.category_id "
            "AND new.number = old.number "
            "WHERE m.network_id = %s AND old.category_id = %s AND m.product_id <> ALL(%s)",
            [block.network_id, block.network_id, before.network_id, block.category_id, list(without)],
        )


def holders(network_id: int, name: str, held: Ids, among: Ids) -> list[int]:
    """Those of the products ``among`` in whose list ``name`` stands one of ``held``."""
    if not len(held):
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT m.product_id FROM recommendations_membership m, unnest(m.{name}) AS held(id) "  # noqa: S608 - our own names
            "WHERE m.network_id = %s AND m.product_id = ANY(%s) AND held.id = ANY(%s) ORDER BY m.product_id",
            [network_id, among.tolist(), held.tolist()],
        )
        return [row[0] for row in cursor.fetchall()]


def inherit_complements(network: ClusterNetwork, before: ClusterNetwork, category_ids: Sequence[int]) -> None:
    """Give products of these categories the complements and looks that they had in another network."""
    sets = ", ".join(f"{name} = o.{name}" for name in [*COMPLEMENTARY, "look"])
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE recommendations_membership m SET {sets} FROM recommendations_membership o, "  # noqa: S608 - our own names
            "recommendations_cluster c WHERE m.network_id = %s AND c.id = m.cluster_id AND c.category_id = ANY(%s) "
            "AND o.network_id = %s AND o.product_id = m.product_id",
            [network.pk, list(category_ids), before.pk],
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


def store_looks(network: ClusterNetwork, product_ids: Ids, looks: Sequence[StoredLook]) -> None:
    """Write the looks of some products; a product without a membership has none to write to."""
    _write_many(
        "UPDATE recommendations_membership m SET look = v.look::jsonb FROM (VALUES %s) v (product_id, look) "  # noqa: S608
        f"WHERE m.network_id = {int(network.pk)} AND m.product_id = v.product_id",
        [(pk, json.dumps(look)) for pk, look in zip(product_ids.tolist(), looks, strict=True)],
    )


def write_lists(
    network: ClusterNetwork, names: tuple[str, str, str], rows: Iterable[tuple[int, list, list, list]]
) -> None:
    """Write lists (product id; ids, scores, reasons) into the columns ``names`` of the products' memberships."""
    sets = ", ".join(
        f"{name} = v.c{i}::{kind}" for i, (name, kind) in enumerate(zip(names, _TYPES, strict=True))
    )
    _write_many(
        f"UPDATE recommendations_membership m SET {sets} FROM (VALUES %s) v (product_id, c0, c1, c2) "  # noqa: S608
        f"WHERE m.network_id = {int(network.pk)} AND m.product_id = v.product_id",
        list(rows),
    )


def _write_many(statement: str, rows: Sequence[tuple]) -> None:
    """One statement for many rows, at ``VALUES %s``; what the database refuses is Django's error, as everywhere."""
    with connection.cursor() as cursor, connection.wrap_database_errors:
        execute_values(cursor.cursor, statement, rows, page_size=BATCH)


def neighbour_columns(name: str, neighbours: Neighbours, row: int) -> dict[str, list[Any]]:
    """The three array columns of one membership, without the filling of short rows."""
    there = neighbours.product_ids[row] != NO_PRODUCT
    return {
        name: neighbours.product_ids[row][there].tolist(),
        f"{name}_scores": neighbours.scores[row][there].tolist(),
        f"{name}_reasons": [str(code) for code in neighbours.reasons[row][there]],
    }
