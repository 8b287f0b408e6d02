"""A refresh of the cluster network with real workers, one of which is killed."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from recommendations.models import CategoryNetwork, ClusterNetwork, Membership
from recommendations.refreshing_clusters import begin_network
from tests.factories import CategoryFactory
from tests.recommendations.seen import seen_product

BLOCK = "Task recommendations.refresh_category"
FINISH = "Task recommendations.refresh_clusters_finish"
LONG_AGO = timedelta(minutes=10)

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_refresh_whose_worker_was_killed_goes_on_with_the_block_that_it_lost(start_worker):
    shelves = [CategoryFactory(name=name) for name in ("Tops", "Jeans", "Shoes")]
    for number, shelf in enumerate(shelves):
        seen_product(2 * number, category=shelf)
        seen_product(2 * number + 1, category=shelf)
    network, categories = begin_network()
    stop_moving(network)
    with transaction.atomic():
        lost = CategoryNetwork.objects.select_for_update().get(network=network, category=categories[1])
        worker = start_worker("refresh")  # takes up what stands still, and stands still itself at this block
        worker.wait_for(BLOCK, "succeeded")
        worker.kill()
    blocks = dict(network.categories.values_list("category_id", "state"))
    assert blocks == {categories[0]: "built", categories[1]: "waiting", categories[2]: "waiting"}
    assert not ClusterNetwork.objects.filter(status="active").exists()
    kept = rows_of(network, categories[0])
    stop_moving(network)
    start_worker("refresh").wait_for(FINISH, "succeeded")
    network.refresh_from_db()
    assert (network.status, network.blocks_done) == ("active", 3)
    assert rows_of(network, categories[0]) == kept  # what was done before was not done again
    lost.refresh_from_db()
    assert lost.state == "built"


def stop_moving(network):
    """Let time go by; the last block may wait in the queue still, and will move the network on."""
    ClusterNetwork.objects.filter(pk=network.pk).update(moved_at=timezone.now() - LONG_AGO)
    network.categories.filter(begun_at__isnull=False).update(begun_at=timezone.now() - LONG_AGO)


def rows_of(network, category_id):
    rows = Membership.objects.filter(network=network, cluster__category=category_id)
    return set(rows.values_list("pk", flat=True))
