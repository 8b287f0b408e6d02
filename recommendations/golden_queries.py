"""What every new network is asked before it is served: it must not answer worse than the one that is.

A sample of products, spread evenly over the catalogue, is looked up in both networks: how many of the first six related
ones are of the same article type, and how many products have six at all. Beside them stand the pairs that curators
pinned (``GoldenPair``).
"""

from dataclasses import dataclass

import numpy as np

from catalog.models import Product
from recommendations.models import ClusterNetwork, GoldenPair, Membership

QUERIES = 300
FIRST = 6
AMONG = 12  # a pinned product must be among so many
# A share of three hundred products' six answers moves by about .01 from one refresh to the next without any cause.
MAY_FALL = 0.05


@dataclass(frozen=True)
class Answers:
    """How a network answers the golden queries, as shares 0..1; None where nothing could be asked."""

    same_type: float | None
    complete: float | None


class WorseNetworkError(Exception):
    """A new network answers worse than the one that is served; the text says what."""


def check(network: ClusterNetwork, served: ClusterNetwork | None) -> Answers:
    """Ask ``network`` the golden queries and hold it against the one that is ``served``.

    Raises:
        WorseNetworkError: when it must not be switched on.
    """
    lost = _lost_pairs(network)
    if lost:
        raise WorseNetworkError(
            f"{len(lost)} pinned pairs are lost, among them: {lost[0]}. Look at the pair, or take it out of the golden "
            "pairs, and refresh again."
        )
    asked = _asked(network, served)
    answers = _answers(network, asked)
    if served is not None:
        before = _answers(served, asked)
        for name, words in (
            ("same_type", "related ones of the same type"),
            ("complete", "products with six related ones"),
        ):
            old, new = getattr(before, name), getattr(answers, name)
            if old is not None and new is not None and new < old - MAY_FALL:
                raise WorseNetworkError(
                    f"The share of {words} falls from {old:.0%} to {new:.0%} on {len(asked)} golden queries. Version "
                    f"{served.pk} is served on; look at what was imported, or refresh with --accept."
                )
    return answers


def _asked(network: ClusterNetwork, served: ClusterNetwork | None) -> list[int]:
    """Products that both networks know, at most ``QUERIES``, evenly spread."""
    # Two plain lists: until the database has counted the rows of a new network it would join two of them badly.
    known = set(Membership.objects.filter(network=network).values_list("product_id", flat=True))
    if served is not None:
        exact = Membership.objects.filter(network=served, is_approximate=False)
        known &= set(exact.values_list("product_id", flat=True))
    ids = sorted(known)
    return (
        [ids[i] for i in np.unique(np.linspace(0, len(ids) - 1, min(QUERIES, len(ids))).astype(int))]
        if ids
        else []
    )


def _answers(network: ClusterNetwork, asked: list[int]) -> Answers:
    found = dict(
        Membership.objects.filter(network=network, product__in=asked).values_list("product_id", "related")
    )
    wanted = {pk for related in found.values() for pk in related[:FIRST]} | set(found)
    types = dict(
        Product.objects.filter(pk__in=wanted).exclude(article_type="").values_list("pk", "article_type")
    )
    shares = [
        float(np.mean([types.get(other) == types[pk] for other in related[:FIRST]]))
        for pk, related in found.items()
        if related and pk in types
    ]
    return Answers(
        same_type=round(float(np.mean(shares)), 4) if shares else None,
        complete=round(float(np.mean([len(related) >= FIRST for related in found.values()])), 4)
        if found
        else None,
    )


def _lost_pairs(network: ClusterNetwork) -> list[GoldenPair]:
    pairs = list(GoldenPair.objects.select_related("product", "related"))
    related = dict(
        Membership.objects.filter(
            network=network, product__in=[pair.product_id for pair in pairs]
        ).values_list("product_id", "related")
    )
    return [
        pair
        for pair in pairs
        if pair.product_id in related and pair.related_id not in related[pair.product_id][:AMONG]
    ]
