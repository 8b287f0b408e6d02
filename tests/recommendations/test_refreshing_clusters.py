"""The network is built in blocks that may stop and start, switched on whole, and new products are attached at once."""

import json

import numpy as np
import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recommendations import versions
from recommendations.attaching import attach_products
from recommendations.models import Cluster, ClusterNetwork, ComplementRule, Membership
from recommendations.refreshing_clusters import begin_network, build_block, finish_network
from tests.factories import CategoryFactory
from tests.recommendations.seen import see, seen_product

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
        assert {category[pk] for pk in place.related} <= {category[place.product_id]}
        assert category[place.product_id] not in {category[pk] for pk in place.complementary}
        assert len(place.related) == len(place.related_scores) == len(place.related_reasons)
        assert sorted(place.related_scores, reverse=True) == place.related_scores
    top = Membership.objects.get(network=network, product=wardrobe[0])
    assert {category[pk] for pk in top.complementary} == {wardrobe[6].category_id, wardrobe[11].category_id}


def test_a_category_of_one_product_works_and_says_what_was_done(wardrobe):
    network = refresh()
    alone = Membership.objects.get(network=network, product=wardrobe[11])
    assert alone.related == []
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
