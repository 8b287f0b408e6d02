"""The cluster inspector: a map of each category, one cluster in full, and a product moved from the page."""

import numpy as np
import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from recommendations import cluster_maps, versions
from recommendations.models import CategoryNetwork, Cluster, ClusterNetwork, ClusterPin, Membership
from recommendations.network_files import to_bytes
from tests import factories
from tests.recommendations.test_admin import viewer

pytestmark = pytest.mark.django_db
MAP = "/admin/recommendations/clusternetwork/map/"


@pytest.fixture
def desk(curator) -> Client:
    client = Client()
    client.force_login(curator)
    return client


@pytest.fixture
def placed(monkeypatch) -> list[list[int]]:
    """The products that were left to the worker to place."""
    queued: list[list[int]] = []
    monkeypatch.setattr(
        "recommendations.tasks.place_pinned.delay_on_commit", lambda ids=None: queued.append(ids)
    )
    return queued


def a_network(sizes: list[int], shelf: str = "Tops", pictures: int = 0) -> list[list]:
    """A served network of one category with clusters of these sizes; their products, cluster by cluster."""
    network = versions.begin(ClusterNetwork)
    category = factories.CategoryFactory(name=shelf)
    rng = np.random.default_rng(5)
    rows, groups = [], []
    for number, size in enumerate(sizes):
        cluster = Cluster.objects.create(network=network, category=category, number=number, size=size)
        centre = rng.normal(size=8) * 4
        products = [
            factories.ProductFactory(
                name=f"{['Striped', 'Velvet', 'Linen'][number % 3]} tee {shelf} {row}",
                colour=["Blue", "Red", "Green"][number % 3],
                category=category,
                pictures=pictures,
            )
            for row in range(size)
        ]
        for row, product in enumerate(products):
            rows.append((product.pk, centre + rng.normal(size=8) / 10))
            Membership.objects.create(
                network=network, product=product, cluster=cluster, similarity=0.9 - row / 1000
            )
        groups.append(products)
    CategoryNetwork.objects.create(
        network=network,
        category=category,
        state="built",
        digest="d",
        arrays=to_bytes(
            {
                "product_ids": np.array([pk for pk, _ in rows], np.int64),
                "features": np.array([place for _, place in rows], np.float32),
            }
        ),
    )
    versions.activate(network)
    return groups


def text_of(client: Client, **query: object) -> str:
    return client.get(MAP, query).content.decode()


@pytest.mark.parametrize("sizes", [[1], [1, 1], [12, 8]])
def test_every_product_is_a_dot_and_every_cluster_a_link(desk, sizes):
    a_network(sizes)
    page = text_of(desk)
    assert page.count("<circle cx=") == sum(sizes) + len(sizes)  # and one in each row of the table
    assert page.count('class="on-map"') == len(sizes)
    assert f'aria-label="Cluster 0: {sizes[0]} products, most typical Striped tee Tops 0"' in page


def test_a_crowd_is_thinned_out_and_the_page_says_so(desk, monkeypatch):
    monkeypatch.setattr(cluster_maps, "MOST_DOTS", 10)
    a_network([30, 10])
    page = text_of(desk)
    assert "40 products in 2 clusters." in page
    assert "10 are drawn, of each cluster its share." in page


def test_the_most_typical_products_are_seen_on_the_map(desk, monkeypatch):
    monkeypatch.setattr(cluster_maps, "MOST_THUMBNAILS", 1)
    groups = a_network([2, 3], pictures=1)
    page = text_of(desk)
    assert page.count("<image") == 1
    assert groups[1][0].images.get().url_for(160) in page


def test_a_cluster_shows_its_products_its_words_its_colours_and_what_stands_apart(desk):
    groups = a_network([30, 30])
    stray = groups[0][7]
    Membership.objects.filter(product=stray).update(similarity=0.1)
    page = text_of(desk, cluster=0)
    assert "Cluster 0: 30 products" in page
    assert "<strong>striped</strong>" in page
    assert "<strong>blue</strong>" in page
    assert "<strong>velvet</strong>" not in page
    apart = page[page.index("Far from the centre") : page.index("the most typical first")]
    assert stray.name in apart
    assert groups[0][0].name not in apart
    assert f"/admin/catalog/product/{groups[0][0].pk}/change/" in page
    assert groups[0][0].get_absolute_url() in page
    second = text_of(desk, cluster=0, page=2)
    assert "Page 2 of 2" in second


def test_any_version_and_category_can_be_looked_at_and_only_the_served_one_changed(desk):
    a_network([4, 4])
    earlier = versions.active(ClusterNetwork)
    a_network([3, 3], shelf="Hats")
    assert "Clusters of Hats" in text_of(desk)
    assert "Move to" not in text_of(desk, version=earlier.pk, category="tops", cluster=0)
    assert "cannot" not in text_of(desk, version=earlier.pk, category="tops")
    assert "nothing can be moved here" in text_of(desk, version=earlier.pk, category="tops", cluster=0)
    for wrong in ({"version": 99}, {"category": "tops"}, {"cluster": 77}):
        assert desk.get(MAP, wrong).status_code == 404


def test_a_product_attached_later_is_listed_and_said_to_be_on_no_map(desk):
    groups = a_network([4, 4])
    late = factories.ProductFactory(name="Late tee", category=groups[0][0].category)
    cluster = Cluster.objects.get(number=1)
    Membership.objects.create(
        network=cluster.network, product=late, cluster=cluster, similarity=0.5, is_approximate=True
    )
    page = text_of(desk, cluster=1)
    assert "1 came later; the next refresh puts it on the map." in page
    assert "Late tee" in page


def test_a_damaged_part_of_a_network_leaves_the_lists_and_says_what_to_do(desk):
    a_network([4, 4])
    CategoryNetwork.objects.update(arrays=b"not a safetensors file")
    page = text_of(desk, cluster=0)
    assert "manage.py refresh_clusters --full" in page
    assert "Striped tee Tops 0" in page


def test_before_the_first_refresh_the_page_says_what_to_do(desk):
    assert "Refresh the clusters" in text_of(desk)


def test_a_product_is_moved_and_let_go_from_the_page(desk, placed):
    groups = a_network([4, 4])
    product, target = groups[0][0], Cluster.objects.get(number=1)
    here = f"{MAP}?cluster=0"
    move = f"/admin/recommendations/clusternetwork/move/{product.pk}/"
    page = desk.post(move, {"cluster": target.pk, "next": here}, follow=True).content.decode()
    assert "Moved to cluster 1 of Tops, to stay there." in page
    assert "Cluster 0: 3 products" in page
    assert "moved by hand" in text_of(desk, cluster=1)
    assert placed == [[product.pk]]
    assert ClusterPin.objects.get().by.email == "curator@example.com"
    assert f"Moved to cluster 1 of {product.category}" in LogEntry.objects.latest("pk").change_message
    listed = desk.get("/admin/recommendations/clusterpin/").content.decode()
    assert "Velvet tee Tops 0, Velvet tee Tops 1" in listed
    own_page = desk.get(f"/admin/catalog/product/{product.pk}/change/").content.decode()
    assert "Moved by hand" in own_page
    desk.post(f"/admin/recommendations/clusternetwork/let-go/{product.pk}/", {"next": here})
    assert not ClusterPin.objects.exists()
    assert placed == [[product.pk], [product.pk]]


def test_going_back_to_a_version_puts_the_moved_products_where_they_belong(desk, placed):
    a_network([2, 2])
    a_network([2, 2])
    desk.post("/admin/recommendations/clusternetwork/roll-back/")
    assert placed == [None]


def test_who_may_only_look_moves_nothing(desk, placed):
    groups = a_network([4, 4])
    looking = viewer("view_clusternetwork")
    page = text_of(looking, cluster=0)
    assert "Striped tee Tops 0" in page
    assert "Move</button>" not in page
    for action in ("move", "let-go"):
        address = f"/admin/recommendations/clusternetwork/{action}/{groups[0][0].pk}/"
        assert looking.post(address, {"cluster": 1}).status_code == 403
        assert desk.get(address).status_code == 405
    assert viewer("view_product").get(MAP).status_code == 403
    assert placed == []


def test_the_map_costs_as_many_queries_for_many_clusters_as_for_few(desk):
    a_network([3, 3])
    a_network([3] * 9, shelf="Hats")
    counts = []
    for shelf, version in (("tops", ClusterNetwork.objects.order_by("pk").first().pk), ("hats", "")):
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(MAP, {"category": shelf, "version": version, "cluster": 0}).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
