"""The network is built in blocks that may stop and start, switched on whole, and new products are attached at once."""

import json

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from psycopg2.errors import DiskFull
from structlog.testing import capture_logs

from catalog.models import Category
from recommendations import refreshing_clusters, versions
from recommendations.attaching import attach_products
from recommendations.golden_queries import WorseNetworkError
from recommendations.models import (
    Cluster,
    ClusterNetwork,
    ComplementRule,
    FixedClusterCount,
    GoldenPair,
    Membership,
)
from recommendations.refreshing_clusters import begin_network, build_block, finish_network
from tests.factories import CategoryFactory
from tests.recommendations.seen import see, seen_product
from vision.models import VisualDescriptors

pytestmark = pytest.mark.django_db


@pytest.fixture
def wardrobe():
    """Six tops, five jeans, a single pair of shoes."""
    tops, jeans, shoes = (CategoryFactory(name=name) for name in ("Tops", "Jeans", "Shoes"))
    return (
        [seen_product(n, category=tops, article_type="Tshirts") for n in range(6)]
        + [seen_product(10 + n, category=jeans, article_type="Jeans") for n in range(5)]
        + [seen_product(20, category=shoes, article_type="Casual Shoes")]
    )


def refresh() -> ClusterNetwork:
    network, categories = begin_network()
    for category_id in categories:
        build_block(network, category_id)
    return finish_network(network)


def test_every_seen_product_gets_a_place_in_its_own_category(wardrobe):
    network = refresh()
    places = {m.product_id: m for m in Membership.objects.filter(network=network).select_related("cluster")}
    assert set(places) == {product.pk for product in wardrobe}
    for product in wardrobe:
        assert places[product.pk].cluster.category_id == product.category_id
        assert 0 <= places[product.pk].similarity <= 1
        assert not places[product.pk].is_approximate
    assert sum(cluster.size for cluster in Cluster.objects.filter(network=network)) == len(wardrobe)


def test_related_is_the_same_category_and_complementary_another(wardrobe):
    network = refresh()
    category = {product.pk: product.category_id for product in wardrobe}
    for place in Membership.objects.filter(network=network):
        assert place.product_id not in place.related
        own_shelf = [
            pk
            for pk, reason in zip(place.related, place.related_reasons, strict=True)
            if reason != "other_shelf"
        ]
        assert {category[pk] for pk in own_shelf} <= {category[place.product_id]}
        assert category[place.product_id] not in {category[pk] for pk in place.complementary}
        assert len(place.related) == len(place.related_scores) == len(place.related_reasons)
        assert sorted(place.related_scores, reverse=True) == place.related_scores
    top = Membership.objects.get(network=network, product=wardrobe[0])
    assert {category[pk] for pk in top.complementary} == {wardrobe[6].category_id, wardrobe[11].category_id}


def test_a_category_of_one_product_works_and_says_what_was_done(wardrobe):
    network = refresh()
    assert Membership.objects.get(network=network, product=wardrobe[11]).cluster.size == 1
    assert network.categories.get(category=wardrobe[11].category).fallback


def test_a_curators_rule_decides_what_goes_together(wardrobe):
    ComplementRule.objects.create(slot="top", goes_with="feet", weight=1.0)
    network = refresh()
    top = Membership.objects.get(network=network, product=wardrobe[0])
    assert top.complementary == [wardrobe[11].pk]


def test_nothing_of_a_half_built_network_is_served(wardrobe):
    served = refresh()
    network, categories = begin_network()
    build_block(network, categories[0])
    assert versions.active(ClusterNetwork) == served
    with pytest.raises(RuntimeError, match="1 of 3 categories are built"):
        finish_network(network)


def test_a_block_that_runs_twice_leaves_one_result(wardrobe):
    network, categories = begin_network()
    for category_id in [*categories, categories[0]]:
        build_block(network, category_id)
    finish_network(network)
    assert Membership.objects.filter(network=network).count() == len(wardrobe)


def test_the_same_pictures_give_the_same_network(wardrobe):
    def related(network):
        return dict(Membership.objects.filter(network=network).values_list("product_id", "related"))

    assert related(refresh()) == related(refresh())


def test_a_new_product_is_attached_at_once_and_the_refresh_makes_it_exact(wardrobe):
    network = refresh()
    new = seen_product(30, category=wardrobe[0].category, article_type="Tshirts")
    assert attach_products([new.pk]) == 1
    place = Membership.objects.get(network=network, product=new)
    assert place.is_approximate
    assert set(place.related) == {product.pk for product in wardrobe[:6]}
    assert place.complementary
    assert not Membership.objects.get(network=refresh(), product=new).is_approximate


def test_a_known_picture_changes_nothing(wardrobe):
    network = refresh()
    before = list(Membership.objects.filter(network=network).order_by("pk").values())
    with CaptureQueriesContext(connection) as queries:
        assert attach_products([product.pk for product in wardrobe]) == 0
    assert {query["sql"].split()[0] for query in queries} == {"SELECT"}
    assert list(Membership.objects.filter(network=network).order_by("pk").values()) == before


def test_another_picture_moves_the_product(wardrobe):
    network = refresh()
    see(wardrobe[0], 77)
    assert attach_products([wardrobe[0].pk]) == 1
    assert Membership.objects.get(network=network, product=wardrobe[0]).source_hash == f"{77:064d}"


def test_without_a_network_or_without_the_category_nothing_is_attached(wardrobe):
    assert attach_products([wardrobe[0].pk]) == 0
    refresh()
    hat = seen_product(40, category=CategoryFactory(name="Hats"))
    assert attach_products([hat.pk]) == 0


def test_an_empty_shop_can_be_refreshed():
    network = refresh()
    assert network.figures["products"] == 0


def test_the_command_reports_in_json(wardrobe, capsys):
    call_command("refresh_clusters", json="-")
    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert report["blocks"] == 3
    assert report["items"] == len(wardrobe)
    assert report["version"] == versions.active(ClusterNetwork).pk


def test_scores_of_neighbours_are_between_zero_and_one(wardrobe):
    network = refresh()
    for place in Membership.objects.filter(network=network):
        for scores in (place.related_scores, place.complementary_scores):
            assert np.all((np.array(scores) >= 0) & (np.array(scores) <= 1))


def test_a_stopped_refresh_goes_on_with_the_blocks_that_are_left(wardrobe):
    network, categories = begin_network()
    build_block(network, categories[0])
    versions.set_aside(network, "Stopped.")
    again, left = begin_network()
    assert (again, left) == (network, categories[1:])
    for category_id in left:
        build_block(again, category_id)
    assert finish_network(again).status == ClusterNetwork.Status.ACTIVE
    assert Membership.objects.filter(network=again).count() == len(wardrobe)


def test_a_block_that_a_lost_worker_had_done_is_counted_once(wardrobe):
    network, categories = begin_network()
    for category_id in [categories[0], *categories]:
        build_block(network, category_id)
    network.refresh_from_db()
    assert network.blocks_done == network.blocks_total == 3


def test_categories_in_which_nothing_changed_are_taken_over(wardrobe):
    first = refresh()
    before = rows_of(first)
    second = refresh()
    assert rows_of(second) == before
    assert {block.state for block in second.categories.all()} == {"reused"}
    assert second.figures["categories taken over"] == 3
    new = seen_product(30, category=wardrobe[0].category, article_type="Tshirts")
    third = refresh()
    states = {block.category_id: block.state for block in third.categories.all()}
    assert states == {
        wardrobe[0].category_id: "built",
        wardrobe[6].category_id: "reused",
        wardrobe[11].category_id: "reused",
    }
    assert new.pk in Membership.objects.get(network=third, product=wardrobe[0]).related


@pytest.fixture
def extending(monkeypatch):
    """Also small categories are extended."""
    monkeypatch.setattr("recommendations.outlines.FEWEST_TO_EXTEND", 4)


def test_a_category_with_one_more_product_is_extended_and_clustered_anew_when_many_have_come(
    wardrobe, extending
):
    first = refresh()
    before = rows_of(first)
    tops = wardrobe[0].category
    new = seen_product(30, category=tops, article_type="Tshirts")
    second = refresh()
    block = second.categories.get(category=tops)
    assert block.state == "extended"
    assert block.fallback.startswith("1 joined since 6 were clustered")
    assert second.figures["categories extended"] == 1
    places = {place.product_id: place for place in Membership.objects.filter(network=second)}
    assert set(places) == {*(product.pk for product in wardrobe), new.pk}
    assert places[new.pk].is_approximate
    assert 0 < places[new.pk].similarity_error < 1
    assert {product.pk for product in wardrobe[:6]} <= set(places[new.pk].related)
    assert all(new.pk in places[product.pk].related for product in wardrobe[:6])
    assert sum(cluster.size for cluster in second.clusters.filter(category=tops)) == 7
    assert rows_of(first) == before  # and can be gone back to
    seen_product(31, category=tops, article_type="Tshirts")
    third = refresh()
    assert third.categories.get(category=tops).state == "built"
    assert not Membership.objects.filter(network=third, is_approximate=True).exists()


def test_a_new_product_comes_into_the_complements_of_shelves_that_are_taken_over(wardrobe, extending):
    refresh()
    new = seen_product(30, category=wardrobe[6].category, article_type="Jeans")
    network = refresh()
    assert network.categories.get(category=wardrobe[0].category).state == "reused"
    place = Membership.objects.get(network=network, product=wardrobe[0])
    assert new.pk in place.complementary
    assert len(place.complementary) == len(place.complementary_scores) == len(place.complementary_reasons)
    assert Membership.objects.get(network=network, product=new).complementary


def test_complements_after_a_few_changes_are_those_of_a_full_refresh(wardrobe, extending):
    refresh()
    seen_product(30, category=wardrobe[6].category, article_type="Jeans")
    wardrobe[1].delete()
    few = refresh()
    assert {block.state for block in few.categories.all()} == {"extended", "reused"}

    def lists(network):
        rows = Membership.objects.filter(network=network).values_list("product_id", "complementary")
        return {pk: set(found) for pk, found in rows}

    in_few = lists(few)
    network, categories = begin_network(full=True)
    for category_id in categories:
        build_block(network, category_id)
    assert lists(finish_network(network)) == in_few


def test_what_has_gone_or_moved_to_another_shelf_is_in_no_list_of_its_old_one(wardrobe, extending):
    refresh()
    gone, moved = wardrobe[0], wardrobe[10]
    gone.status = "archived"
    gone.save()
    moved.category, moved.article_type = wardrobe[1].category, "Tshirts"
    moved.save()
    network = refresh()
    places = {place.product_id: place for place in Membership.objects.filter(network=network)}
    assert gone.pk not in places
    assert not any(
        gone.pk in [*place.related, *place.complementary]
        for place in places.values()
        if place.product_id != wardrobe[11].pk  # alone on its shelf, which is taken over: filtered when shown
    )
    assert places[moved.pk].cluster.category_id == wardrobe[1].category_id
    assert moved.pk not in places[wardrobe[1].pk].complementary
    assert moved.pk in places[wardrobe[6].pk].complementary


def test_a_curators_rule_changes_complements_without_clustering_anew(wardrobe):
    refresh()
    ComplementRule.objects.create(slot="top", goes_with="feet", weight=1.0)
    network = refresh()
    assert {block.state for block in network.categories.all()} == {"reused"}
    assert Membership.objects.get(network=network, product=wardrobe[0]).complementary == [wardrobe[11].pk]


def rows_of(network):
    return list(
        Membership.objects.filter(network=network)
        .order_by("product_id")
        .values_list(
            "product_id", "cluster__category_id", "cluster__number", "similarity", "related", "related_scores",
            "related_reasons", "complementary", "complementary_scores", "complementary_reasons",
        )
    )  # fmt: skip


def test_a_full_refresh_builds_also_what_did_not_change(wardrobe):
    refresh()
    _, categories = begin_network(full=True)
    network = ClusterNetwork.objects.get(status="building")
    build_block(network, categories[0])
    assert network.categories.get(category_id=categories[0]).state == "built"


def test_a_curator_fixes_the_number_of_clusters(wardrobe):
    FixedClusterCount.objects.create(category=wardrobe[0].category, k=3)
    network = refresh()
    block = network.categories.get(category=wardrobe[0].category)
    assert (block.choice["k"], block.choice["by"]) == (3, "fixed")
    assert Cluster.objects.filter(network=network, category=wardrobe[0].category).count() == 3


def test_a_product_alone_on_its_shelf_gets_related_ones_from_the_shelves_beside_it(wardrobe):
    network = refresh()
    alone = Membership.objects.get(network=network, product=wardrobe[11])
    assert set(alone.related) == {product.pk for product in wardrobe[:11]}
    assert set(alone.related_reasons) == {"other_shelf"}
    assert sorted(alone.related_scores, reverse=True) == alone.related_scores


def test_a_category_that_is_deleted_during_a_refresh_is_left_out(wardrobe):
    network, categories = begin_network()
    gone = wardrobe[11].category_id
    wardrobe[11].delete()
    Category.objects.get(pk=gone).delete()
    for category_id in categories:
        build_block(network, category_id)
    assert finish_network(network).status == ClusterNetwork.Status.ACTIVE
    assert {block.category_id for block in network.categories.all()} == set(categories) - {gone}


def test_a_damaged_row_of_keypoints_counts_as_none_and_is_named(wardrobe):
    VisualDescriptors.objects.filter(image__product=wardrobe[0]).update(descriptors=b"x" * 77)
    with capture_logs() as logs:
        network = refresh()
    assert any(log["event"] == "keypoints_damaged" and log["product"] == wardrobe[0].pk for log in logs)
    assert "keypoints of 1 pictures damaged" in network.categories.get(category=wardrobe[0].category).fallback
    assert Membership.objects.get(network=network, product=wardrobe[0]).related


def test_a_picture_without_keypoints_has_related_ones(wardrobe):
    VisualDescriptors.objects.filter(image__product=wardrobe[0]).update(descriptors=b"", count=0)
    assert len(Membership.objects.get(network=refresh(), product=wardrobe[0]).related) >= 5


def test_pages_of_products_with_nothing_to_tell_them_by_answer_with_related_products(wardrobe, client):
    blank, damaged, alone = wardrobe[0], wardrobe[1], wardrobe[11]
    VisualDescriptors.objects.filter(image__product=blank).update(descriptors=b"", count=0)
    VisualDescriptors.objects.filter(image__product=damaged).update(descriptors=b"x" * 77)
    refresh()
    for product in (blank, damaged, alone):
        page = client.get(product.get_absolute_url())
        assert page.status_code == 200
        assert any(other.get_absolute_url() in page.content.decode() for other in wardrobe[2:6])


def test_a_full_disk_leaves_the_old_network_served_and_says_so(wardrobe, monkeypatch):
    served = refresh()
    see(wardrobe[0], 99)
    network, _ = begin_network()

    def full(*args):
        raise OperationalError("could not extend file") from DiskFull("could not extend file")

    monkeypatch.setattr(refreshing_clusters, "store_category", full)
    with capture_logs() as logs, pytest.raises(OperationalError):
        build_block(network, wardrobe[0].category_id)
    network.refresh_from_db()
    assert network.status == ClusterNetwork.Status.FAILED
    assert "disk is full" in network.message
    assert any(log["event"] == "disk_full" for log in logs)
    assert versions.active(ClusterNetwork) == served
    monkeypatch.undo()
    assert refresh().status == ClusterNetwork.Status.ACTIVE


def test_a_network_that_answers_worse_is_refused(wardrobe):
    served = refresh()
    network, categories = begin_network()
    for category_id in categories:
        build_block(network, category_id)  # nothing changed: taken over as it is
    Membership.objects.filter(network=network).update(related=[wardrobe[11].pk])
    with (
        capture_logs() as logs,
        pytest.raises(WorseNetworkError, match=r"falls from \d+% to \d+%"),
    ):
        finish_network(network)
    network.refresh_from_db()
    assert (network.status, network.message[:8]) == ("failed", "Refused:")
    assert any(log["event"] == "network_refused" for log in logs)
    assert versions.active(ClusterNetwork) == served


def test_a_pinned_pair_must_not_be_lost(wardrobe, monkeypatch):
    monkeypatch.setattr("recommendations.golden_queries.AMONG", 5)
    refresh()
    GoldenPair.objects.create(product=wardrobe[0], related=wardrobe[1])
    assert refresh().status == ClusterNetwork.Status.ACTIVE
    GoldenPair.objects.create(product=wardrobe[0], related=wardrobe[7])  # jeans, for a top
    with pytest.raises(CommandError, match="1 pinned pairs are lost"):
        call_command("refresh_clusters")
    call_command("refresh_clusters", accept=True)
    assert versions.active(ClusterNetwork).categories.count() == 3
