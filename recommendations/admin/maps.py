"""The cluster inspector: a map of each category, one cluster in full, and products moved from one to another."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from catalog.models import Product
from recommendations import pinning, tasks
from recommendations.cluster_maps import (
    HEIGHT,
    WIDTH,
    ClusterOnMap,
    Member,
    map_of,
    members_of,
    standing_apart,
)
from recommendations.curation import ClusterPin
from recommendations.models import CategoryNetwork, Cluster, ClusterNetwork, Version

PER_PAGE = 24
MOST_APART = 6
PICTURE = (42, 56)  # on the map, in units of its viewBox


class MapPages:
    """The inspector's addresses, for the admin of cluster networks."""

    def map_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("map/", view(require_safe(self.map)), name="recommendations_map"),
            path("move/<int:product_id>/", view(require_POST(self.move)), name="recommendations_move"),
            path("let-go/<int:product_id>/", view(require_POST(self.let_go)), name="recommendations_let_go"),
        ]

    def map(self, request: HttpRequest) -> HttpResponse:
        """One category of a version: ``?version=&category=&cluster=&page=``; the served one unless told otherwise."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        networks = list(
            ClusterNetwork.objects.filter(categories__arrays__isnull=False)
            .exclude(status=Version.Status.BUILDING)
            .defer("shared_vocabulary")
            .distinct()
        )
        served = next((network for network in networks if network.status == Version.Status.ACTIVE), None)
        network = _chosen(networks, request.GET.get("version"), "pk") or served
        blocks = (
            list(
                CategoryNetwork.objects.filter(network=network, arrays__isnull=False)
                .defer("arrays", "choice")
                .select_related("category")
                .order_by("category__name")
            )
            if network
            else []
        )
        shelves = [block.category for block in blocks]
        shelf = _chosen(shelves, request.GET.get("category"), "slug") or next(iter(shelves), None)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Clusters of {shelf}" if shelf else "Clusters",
            "networks": networks,
            "network": network,
            "shelves": shelves,
            "shelf": shelf,
            "width": WIDTH,
            "height": HEIGHT,
            "here": request.get_full_path(),
        }
        if shelf is not None:
            block = next(block for block in blocks if block.category_id == shelf.pk)
            context |= self._drawn(request, block, network)
        return render(request, "admin/recommendations/map.html", context)

    def _drawn(self, request: HttpRequest, block: CategoryNetwork, network: ClusterNetwork) -> dict[str, Any]:
        """The map, and of the chosen cluster its products, page by page, and those that stand apart."""
        drawn = map_of(block)
        chosen = _chosen(drawn.clusters, request.GET.get("cluster"), "number")
        members = members_of(Cluster(pk=chosen.pk)) if chosen else []
        page = Paginator(members, PER_PAGE).get_page(request.GET.get("page"))
        apart = standing_apart(members)
        shown = [*page, *apart[:MOST_APART]]
        ids = {member.product_id for member in shown}
        ids |= {cluster.medoid_id for cluster in drawn.clusters if cluster.medoid_id}
        products = Product.objects.with_card_data().in_bulk(ids)
        pinned = set(ClusterPin.objects.filter(product__in=ids).values_list("product_id", flat=True))
        may_move = network.status == Version.Status.ACTIVE and request.user.has_perm(
            "recommendations.add_clusterpin"
        )
        query = {"version": network.pk, "category": block.category.slug}
        thumbnails = drawn.thumbnails
        return {
            "map": drawn,
            "clusters": [
                {
                    "cluster": cluster,
                    "address": f"?{urlencode({**query, 'cluster': cluster.number})}#cluster",
                    "medoid": products.get(cluster.medoid_id),
                    "picture": _picture(cluster, products) if cluster.pk in thumbnails else None,
                    "is_chosen": chosen is not None and cluster.pk == chosen.pk,
                }
                for cluster in drawn.clusters
            ],
            "chosen": chosen,
            "page": page,
            "cards": _cards(page, products, pinned),
            "apart": _cards(apart[:MOST_APART], products, pinned),
            "n_apart": len(apart),
            "may_move": may_move,
            "may_let_go": request.user.has_perm("recommendations.delete_clusterpin"),
            "targets": [
                cluster for cluster in drawn.clusters if may_move and chosen and cluster.pk != chosen.pk
            ],
        }

    # --- The curator's hand -------------------------------------------------------------------------------------------

    def move(self, request: HttpRequest, product_id: int) -> HttpResponse:
        """Move a product of the served network to another cluster and keep it there."""
        if not request.user.has_perm("recommendations.add_clusterpin"):
            raise PermissionDenied
        product = get_object_or_404(Product, pk=product_id)
        number = request.POST.get("cluster", "")
        if not number.isdigit():
            raise Http404("There is no such cluster.")
        cluster = get_object_or_404(Cluster.objects.select_related("category"), pk=number)
        try:
            pinning.pin(product.pk, cluster, by=request.user)
        except pinning.CannotPin as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            said = f"Moved to cluster {cluster.number} of {cluster.category}, to stay there."
            LogEntry.objects.log_actions(request.user.pk, [product], CHANGE, said)
            tasks.place_pinned.delay_on_commit([product.pk])
            self.message_user(
                request, f"{product}: {said} Its related products follow in a moment.", messages.SUCCESS
            )
        return back(request, product)

    def let_go(self, request: HttpRequest, product_id: int) -> HttpResponse:
        """Let a product that was moved go back to where its looks belong."""
        if not request.user.has_perm("recommendations.delete_clusterpin"):
            raise PermissionDenied
        product = get_object_or_404(Product, pk=product_id)
        deleted, _ = ClusterPin.objects.filter(product=product).delete()
        if not deleted:
            self.message_user(request, f"{product} was let go already.", messages.INFO)
        else:
            LogEntry.objects.log_actions(request.user.pk, [product], CHANGE, "Let go from its cluster.")
            tasks.place_pinned.delay_on_commit([product.pk])
            self.message_user(
                request, f"{product} goes back to the cluster of its looks in a moment.", messages.SUCCESS
            )
        return back(request, product)


def _chosen(things: list[Any], wanted: str | None, name: str) -> Any:
    """The one whose ``name`` is what the address asks for. Raises Http404 when it asks for something else."""
    if not wanted:
        return None
    for thing in things:
        if str(getattr(thing, name)) == wanted:
            return thing
    raise Http404("The address names a version, category or cluster that is not there.")


def _picture(cluster: ClusterOnMap, products: dict[int, Product]) -> dict[str, Any] | None:
    """The picture of a cluster's most typical product, where it lies on the map."""
    product = products.get(cluster.medoid_id)
    if product is None or product.cover is None or cluster.medoid is None:
        return None
    width, height = PICTURE
    return {
        "url": product.cover.url_for(160),
        "x": cluster.medoid.x - width / 2,
        "y": cluster.medoid.y - height / 2,
        "width": width,
        "height": height,
    }


def _cards(members: Iterable[Member], products: dict[int, Product], pinned: set[int]) -> list[dict[str, Any]]:
    return [
        {
            "product": products[member.product_id],
            "similarity": member.similarity,
            "is_approximate": member.is_approximate,
            "is_pinned": member.product_id in pinned,
        }
        for member in members
        if member.product_id in products
    ]


def back(request: HttpRequest, product: Product) -> HttpResponse:
    """To the page that the button was on."""
    here = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(here, {request.get_host()}, request.is_secure()):
        return HttpResponseRedirect(here)
    return redirect("admin:catalog_product_change", product.pk)
