"""A product's neighbours and what curators say of them, for pages of the admin."""

from typing import Any

from django import template
from django.db.models import Q
from django.template.context import RequestContext

from catalog.models import Product
from recommendations.curation import ClusterPin, CuratedPair
from recommendations.models import Membership, Version
from recommendations.serving import neighbours_of

register = template.Library()

N_SHOWN = 12


@register.inclusion_tag("admin/catalog/product/_neighbours.html", takes_context=True)
def neighbours(context: RequestContext, product: Product) -> dict[str, Any]:
    """Related and complementary products as shoppers see them now, the product's place in the network, and every word
    of a curator about it."""
    place = (
        Membership.objects.filter(product=product, network__status=Version.Status.ACTIVE)
        .select_related("cluster__category", "network")
        .defer("network__shared_vocabulary")
        .first()
    )
    pairs = list(
        CuratedPair.objects.filter(Q(product=product) | Q(other=product)).with_products().select_related("by")
    )
    never = {
        frozenset((pair.product_id, pair.other_id)) for pair in pairs if pair.verb == CuratedPair.Verb.NEVER
    }
    related, complementary = neighbours_of(product, N_SHOWN)
    may = context["request"].user.has_perm
    return {
        "product": product,
        "place": place,
        "pinned": ClusterPin.objects.filter(product=product).select_related("by").first(),
        "rows": [
            ("Related", CuratedPair.Verb.RELATED, related),
            ("Complementary", CuratedPair.Verb.COMPLEMENTARY, complementary),
        ],
        "words": [
            (pair, pair.state(is_beaten=frozenset((pair.product_id, pair.other_id)) in never))
            for pair in pairs
        ],
        "said_of": {pair.other_id for pair in pairs if pair.product_id == product.pk},
        "may_say": may("recommendations.add_curatedpair"),
        "may_take_back": may("recommendations.delete_curatedpair"),
        "may_look": may("recommendations.view_clusternetwork"),
        "may_let_go": may("recommendations.delete_clusterpin"),
        "here": context["request"].get_full_path(),
        "csrf_token": context.get("csrf_token"),
    }
