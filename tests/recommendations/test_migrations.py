"""What becomes of a shop's networks when it is brought up to date."""

from importlib import import_module

import pytest
from django.apps import apps

from catalog.models import Category
from recommendations import versions
from recommendations.models import CategoryNetwork, ClusterNetwork


@pytest.mark.django_db
def test_a_network_that_cannot_be_read_any_more_is_not_served():
    shelf = Category.objects.create(name="Shoes", slug="shoes")
    older, newer = ClusterNetwork.objects.create(), ClusterNetwork.objects.create()
    CategoryNetwork.objects.create(network=older, category=shelf, arrays=b"as they were")
    CategoryNetwork.objects.create(network=newer, category=shelf, arrays=b"as they are", digest="a1")
    versions.activate(older)

    import_module("recommendations.migrations.0004_forget_older_networks").forget_older_networks(apps, None)

    assert list(ClusterNetwork.objects.all()) == [newer]
    assert versions.active(ClusterNetwork) is None
