"""A product's neighbours, for pages of the admin."""

from typing import Any

from django import template

from catalog.models import Product
from recommendations.models import Membership, Version
from recommendations.serving import neighbours_of

register = template.Library()

N_SHOWN = 12


@register.inclusion_tag("admin/catalog/product/_neighbours.html")
def neighbours(product: Product) -> dict[str, Any]:
    """Related and complementary products as shoppers see them now, and the product's place in the network."""
    place = (
        Membership.objects.filter(product=product, network__status=Version.Status.ACTIVE)
        .select_related("cluster__category", "network")
        .defer("network__shared_vocabulary")
        .first()
    )
    related, complementary = neighbours_of(product, N_SHOWN)
    return {"place": place, "rows": [("Related", related), ("Complementary", complementary)]}
