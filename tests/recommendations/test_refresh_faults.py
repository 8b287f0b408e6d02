"""What shoppers and curators see when a refresh runs into a full disk, a category that goes away, damaged keypoints, or
loses a worker."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone
from structlog.testing import capture_logs

from catalog.models import Category, Product
from recommendations import refreshing_clusters, tasks, versions
from recommendations.attaching import attach_products
from recommendations.models import CategoryNetwork, ClusterNetwork, Membership
from recommendations.refreshing_clusters import begin_network, build_block, finish_network
from shop.celery import app
from tests.factories import CategoryFactory
from tests.recommendations.seen import see, seen_product
from vision.models import VisualDescriptors

pytestmark = pytest.mark.django_db(transaction=True)

LONG_AGO = timedelta(minutes=10)


@pytest.fixture
def wardrobe() -> list[Product]:
    """Seven tops, seven jeans and a pair of shoes; the network that is served knows them all."""
    kinds = {"Tops": ("Tshirts", 7), "Jeans": ("Jeans", 7), "Shoes": ("Casual Shoes", 1)}
    products = [
        seen_product(10 * number + i, category=CategoryFactory(name=shelf), article_type=kind)
        for number, (shelf, (kind, count)) in enumerate(kinds.items())
        for i in range(count)
    ]
    call_command("refresh_clusters")
    return products


@pytest.fixture
def worker() -> Iterator[None]:
    """Whatever is queued is done at once."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


@contextmanager
def full_disk(table: str, event: str) -> Iterator[None]:
    """PostgreSQL answers these writes as it does when it finds no room, with its own code (53100)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION "
            "'could not extend file \"base/5/16384\": No space left on device' USING ERRCODE = 'disk_full'; END $$"
        )
        cursor.execute(
            f"CREATE TRIGGER no_room BEFORE {event} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION no_room()"
        )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION no_room() CASCADE")


def page_of(client, product: Product) -> str:
    page = client.get(product.get_absolute_url())
    assert page.status_code == 200
    return page.content.decode()


def shows(page: str, *products: Product) -> bool:
    return any(product.get_absolute_url() in page for product in products)


def events(logs) -> set[str]:
    return {log["event"] for log in logs}


@pytest.mark.parametrize(
    ("table", "event"),
    [
        ("recommendations_categorynetwork", "INSERT"),  # as it is planned
        ("recommendations_membership", "INSERT"),  # as a block is stored
        ("recommendations_membership", "UPDATE"),  # as the categories are joined
    ],
)
def test_a_full_disk_is_told_and_pages_go_on_with_what_was_served(wardrobe, client, table, event):
    served = versions.active(ClusterNetwork)
    see(wardrobe[0], 99)
    with (
        full_disk(table, event),
        capture_logs() as logs,
        pytest.raises(CommandError, match=r"disk is full.*make room"),
    ):
        call_command("refresh_clusters", full=True)
    assert "disk_full" in events(logs)
    failed = ClusterNetwork.objects.latest("pk")
    assert (failed.status, failed.message) == ("failed", refreshing_clusters.FULL_DISK)
    assert versions.active(ClusterNetwork) == served
    assert shows(page_of(client, wardrobe[0]), *wardrobe[1:7])
    call_command("refresh_clusters")  # there is room again
    assert versions.active(ClusterNetwork) != served


def test_blocks_of_a_network_that_was_given_up_fill_the_disk_no_further(wardrobe, worker):
    with full_disk("recommendations_membership", "INSERT"), capture_logs() as logs:
        tasks.refresh_clusters.delay(full=True)
    network = ClusterNetwork.objects.latest("pk")
    assert (network.status, network.message) == ("failed", refreshing_clusters.FULL_DISK)
    assert {block.state for block in network.categories.all()} == {"waiting"}
    assert [log["event"] for log in logs].count("disk_full") == 1
    assert [log["event"] for log in logs].count("refresh_block_not_wanted") == 2


def test_a_product_that_cannot_be_attached_for_want_of_room_has_a_page(wardrobe, client):
    new = seen_product(40, category=wardrobe[0].category, article_type="Tshirts")
    with full_disk("recommendations_membership", "INSERT"), pytest.raises(OperationalError, match="No space"):
        attach_products([new.pk])
    assert not Membership.objects.filter(product=new).exists()
    assert shows(page_of(client, new), *wardrobe[:7])


@pytest.mark.parametrize("moment", ["before_its_block", "while_it_is_computed", "before_the_end"])
def test_a_category_deleted_during_a_refresh_is_left_out_and_its_products_have_pages(
    wardrobe, client, monkeypatch, moment
):
    shoes, gone = wardrobe[-1], wardrobe[-1].category

    def delete() -> None:
        Product.objects.filter(category=gone).update(category=wardrobe[0].category)
        Category.objects.get(pk=gone.pk).delete()

    network, categories = begin_network(full=True)
    if moment == "before_its_block":
        delete()
    elif moment == "while_it_is_computed":
        related_within = refreshing_clusters.related_within

        def deleted_meanwhile(clusters, n):
            if shoes.pk in clusters.product_ids:
                delete()
            return related_within(clusters, n)

        monkeypatch.setattr(refreshing_clusters, "related_within", deleted_meanwhile)
    with capture_logs() as logs:
        for category_id in categories:
            build_block(network, category_id)
    if moment == "before_the_end":
        delete()
    else:
        assert "refresh_category_gone" in events(logs)
    finish_network(network)
    assert versions.active(ClusterNetwork) == network
    assert set(network.categories.values_list("category_id", flat=True)) == set(categories) - {gone.pk}
    monkeypatch.undo()
    assert shows(page_of(client, shoes), *wardrobe[:7])
    assert shows(page_of(client, wardrobe[0]), *wardrobe[1:7])
    call_command("refresh_clusters")
    assert Membership.objects.filter(network__status="active", product=shoes).exists()


def test_a_product_whose_stored_keypoints_are_damaged_is_attached_by_all_else(wardrobe, client):
    new = seen_product(40, category=wardrobe[0].category, article_type="Tshirts")
    VisualDescriptors.objects.filter(image__product=new).update(descriptors=b"x" * 77)
    with capture_logs() as logs:
        assert attach_products([new.pk]) == 1
    (damaged,) = (log for log in logs if log["event"] == "keypoints_damaged")
    assert (damaged["product"], damaged["bytes"]) == (new.pk, 77)
    assert "analyse_pictures" in damaged["remedy"]
    assert shows(page_of(client, new), *wardrobe[:7])


def test_whoever_builds_the_last_block_has_the_network_finished(wardrobe, worker):
    network, categories = begin_network()
    for number, category_id in enumerate(categories):
        assert versions.active(ClusterNetwork) != network
        tasks.refresh_category.delay(network.pk, category_id)
        assert network.categories.filter(state="waiting").count() == len(categories) - 1 - number
    assert versions.active(ClusterNetwork) == network
    tasks.refresh_category.delay(network.pk, categories[0])  # a message that comes twice
    assert versions.active(ClusterNetwork) == network


def test_a_lost_block_is_built_though_others_move_the_network_on(wardrobe, worker):
    network, (lost, *others) = begin_network()
    CategoryNetwork.objects.filter(network=network, category=lost).update(begun_at=timezone.now() - LONG_AGO)
    for category_id in others:
        tasks.refresh_category.delay(network.pk, category_id)
    assert not versions.stalled(ClusterNetwork)
    tasks.refresh_stalled_clusters.delay()
    assert versions.active(ClusterNetwork) == network


def test_a_network_whose_end_was_lost_is_finished_by_the_sweep(wardrobe, worker):
    network, categories = begin_network()
    for category_id in categories:
        build_block(network, category_id)
    ClusterNetwork.objects.filter(pk=network.pk).update(moved_at=timezone.now() - LONG_AGO)
    tasks.refresh_stalled_clusters.apply()
    assert versions.active(ClusterNetwork) == network
