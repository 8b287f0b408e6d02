"""A curator moves a product to another cluster, where it stays; or lets it go again.

The product's row changes at once. What a worker has to compute (its similarity there, its related products) comes a
moment later, from ``recommendations.placing_pins``.
"""

from collections.abc import Iterable

from django.db import transaction

from accounts.models import User
from recommendations.curation import ClusterPin
from recommendations.models import Cluster, Membership, Version

COMPANY = 5  # so many of the target's most typical members are remembered: some may go away


class CannotPin(ValueError):
    """The product cannot be moved there; the text says why."""


def pin(product_id: int, cluster: Cluster, *, by: User) -> ClusterPin:
    """Move a product of the served network to ``cluster`` and keep it in its company from now on.

    Raises:
        CannotPin: when the cluster or the product is not in the network that is served, or they are of two categories.
    """
    with transaction.atomic():
        place = (
            Membership.objects.select_for_update(of=("self",))
            .filter(product=product_id, network__status=Version.Status.ACTIVE)
            .select_related("cluster")
            .first()
        )
        if place is None or cluster.network_id != place.network_id:
            raise CannotPin("Only products and clusters of the version that is served can be moved.")
        if cluster.category_id != place.cluster.category_id:
            raise CannotPin("That cluster is of another category. Change the product's category first.")
        company = list(
            Membership.objects.filter(cluster=cluster)
            .exclude(product__in=ClusterPin.objects.values("product"))
            .exclude(product=product_id)
            .order_by("-similarity", "product_id")
            .values_list("product_id", flat=True)[:COMPANY]
        )
        if not company:
            raise CannotPin("That cluster has no products of its own, so there is no company to keep.")
        pinned, _ = ClusterPin.objects.update_or_create(
            product_id=product_id, defaults={"company": company, "by": by}
        )
        place.cluster = cluster
        place.save(update_fields=["cluster"])
    return pinned


def companies(product_ids: Iterable[int] | None = None) -> dict[int, list[int]]:
    """Product id -> the company it keeps, of all pinned products or of those among ``product_ids``."""
    pins = (
        ClusterPin.objects.all()
        if product_ids is None
        else ClusterPin.objects.filter(product__in=product_ids)
    )
    return dict(pins.values_list("product_id", "company"))
