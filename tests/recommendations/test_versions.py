"""A version is begun, filled, switched on in one moment, and can be taken back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from recommendations import versions
from recommendations.models import ClusterNetwork, Version

pytestmark = pytest.mark.django_db


def test_nothing_is_served_before_the_first_version_is_switched_on():
    versions.begin(ClusterNetwork)
    assert versions.active(ClusterNetwork) is None


def test_switching_on_retires_what_was_served():
    first, second = (versions.begin(ClusterNetwork),), None
    versions.activate(first[0])
    second = versions.begin(ClusterNetwork)
    versions.activate(second)
    first[0].refresh_from_db()
    assert versions.active(ClusterNetwork) == second
    assert first[0].status == Version.Status.RETIRED


def test_two_refreshes_never_run_at_once():
    versions.begin(ClusterNetwork)
    with pytest.raises(versions.RefreshRunningError, match="A refresh is running since"):
        versions.begin(ClusterNetwork)


def test_a_refresh_whose_worker_was_lost_makes_way_after_two_hours():
    lost = versions.begin(ClusterNetwork)
    ClusterNetwork.objects.filter(pk=lost.pk).update(moved_at=timezone.now() - timedelta(hours=3))
    versions.begin(ClusterNetwork)
    lost.refresh_from_db()
    assert lost.status == Version.Status.FAILED


def test_a_failed_refresh_leaves_the_old_version_served():
    served = versions.begin(ClusterNetwork)
    versions.activate(served)
    broken = versions.begin(ClusterNetwork)
    versions.fail(broken, "The disk is full.")
    assert versions.active(ClusterNetwork) == served
    assert versions.begin(ClusterNetwork)


def test_rolling_back_serves_the_version_before():
    first = versions.begin(ClusterNetwork)
    versions.activate(first)
    versions.activate(versions.begin(ClusterNetwork))
    assert versions.roll_back(ClusterNetwork) == first
    assert versions.active(ClusterNetwork) == first
    with pytest.raises(LookupError, match="no earlier version"):
        versions.roll_back(ClusterNetwork)


def test_only_a_few_retired_versions_are_kept():
    for _ in range(versions.KEPT + 4):
        versions.activate(versions.begin(ClusterNetwork))
    assert ClusterNetwork.objects.count() == versions.KEPT + 1


def test_blocks_are_counted():
    network = versions.begin(ClusterNetwork, blocks=2)
    versions.block_done(network)
    versions.block_done(network)
    network.refresh_from_db()
    assert (network.blocks_done, network.blocks_total) == (2, 2)


def test_a_refresh_that_stopped_moving_is_taken_up_again():
    stalled = versions.begin(ClusterNetwork, blocks=3)
    with pytest.raises(versions.RefreshRunningError):
        versions.begin(ClusterNetwork, resume=True)  # it may well be alive
    versions.set_aside(stalled, "Stopped.")
    with pytest.raises(versions.RefreshRunningError):
        versions.begin(ClusterNetwork)
    assert versions.begin(ClusterNetwork, resume=True) == stalled
    with pytest.raises(versions.RefreshRunningError):
        versions.begin(ClusterNetwork, resume=True)  # somebody is at it now
