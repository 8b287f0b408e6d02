"""What curators said outlives refreshes, going back, and new pictures."""

import pytest

from accounts.models import User
from recommendations import pinning, serving, versions
from recommendations.attaching import attach_products
from recommendations.models import (
    Cluster,
    ClusterNetwork,
    ClusterPin,
    CuratedPair,
    FixedClusterCount,
    Membership,
)
from recommendations.placing_pins import place_pinned
from recommendations.refreshing_clusters import begin_network, build_block, finish_network
from tests.factories import CategoryFactory
from tests.recommendations.seen import see, seen_product
from tests.recommendations.test_refreshing_clusters import refresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def tops():
    """Two groups of tees: four made from one picture, four from another; served as two clusters."""
    shelf = CategoryFactory(name="Tops")
    names = [
        "Alder",
        "Birch",
        "Cedar",
        "Elm",
        "Fir",
        "Hazel",
        "Larch",
        "Maple",
    ]  # of one name would be one model
    products = [
        seen_product(1 + place // 4, name=name, category=shelf, article_type="Tshirts")
        for place, name in enumerate(names)
    ]
    FixedClusterCount.objects.create(category=shelf, k=2)
    refresh()
    return products


def place_of(product, network=None) -> Membership:
    return Membership.objects.select_related("cluster").get(
        product=product, network=network or versions.active(ClusterNetwork)
    )


def company_of(product, network=None) -> set[int]:
    cluster = place_of(product, network).cluster
    return set(cluster.memberships.exclude(product=product).values_list("product_id", flat=True))


def move(product, beside, by: User) -> ClusterPin:
    return pinning.pin(product.pk, place_of(beside).cluster, by=by)


def ids(products) -> set[int]:
    return {product.pk for product in products}


def test_a_moved_product_is_in_its_new_cluster_at_once_and_its_related_follow(tops, curator):
    assert company_of(tops[0]) == ids(tops[1:4])
    pinned = move(tops[0], beside=tops[4], by=curator)
    assert company_of(tops[0]) == ids(tops[4:])
    assert set(pinned.company) == ids(tops[4:])
    before = place_of(tops[0])
    assert place_pinned(versions.active(ClusterNetwork), [tops[0].pk]) == 1
    after = place_of(tops[0])
    assert after.similarity < before.similarity  # it looks like the others still
    reasons = dict(zip(after.related, after.related_reasons, strict=True))
    assert {reasons[pk] for pk in ids(tops[4:])} == {"same_cluster"}
    assert "same_cluster" not in {reasons[pk] for pk in ids(tops[1:4])}


def test_a_moved_product_stays_through_refreshes(tops, curator):
    move(tops[0], beside=tops[4], by=curator)
    served = versions.active(ClusterNetwork)
    assert company_of(tops[0], refresh()) == ids(tops[4:])  # nothing changed: taken over
    seen_product(2, category=tops[0].category, article_type="Tshirts")  # something changed: built
    network = refresh()
    assert network != served
    assert ids(tops[4:]) < company_of(tops[0], network)
    assert not company_of(tops[0], network) & ids(tops[1:4])


def test_a_move_made_while_a_version_was_built_is_not_lost(tops, curator):
    network, categories = begin_network(full=True)
    for category_id in categories:
        build_block(network, category_id)
    move(tops[0], beside=tops[4], by=curator)
    assert company_of(tops[0], finish_network(network)) == ids(tops[4:])


def test_a_new_picture_does_not_move_a_pinned_product(tops, curator):
    move(tops[0], beside=tops[4], by=curator)
    see(tops[0], 7)
    attach_products([tops[0].pk])
    assert company_of(tops[0]) == ids(tops[4:])


def test_going_back_keeps_a_product_where_it_was_put(tops, curator):
    refresh()
    move(tops[0], beside=tops[4], by=curator)
    earlier = versions.roll_back(ClusterNetwork)
    assert company_of(tops[0]) == ids(tops[1:4])  # as it was then
    place_pinned(earlier)
    assert company_of(tops[0]) == ids(tops[4:])


def test_a_product_that_is_let_go_returns_to_its_own_cluster(tops, curator):
    move(tops[0], beside=tops[4], by=curator).delete()
    place_pinned(versions.active(ClusterNetwork), [tops[0].pk])
    assert company_of(tops[0]) == ids(tops[1:4])


def test_a_pin_whose_company_is_gone_holds_nothing_and_says_so(tops, curator, caplog):
    pinned = move(tops[0], beside=tops[4], by=curator)
    ClusterPin.objects.filter(pk=pinned.pk).update(company=[10**9])
    assert place_pinned(versions.active(ClusterNetwork)) == 0
    assert "pin_without_company" in caplog.text


def test_what_cannot_be_moved_is_refused_in_words(tops, curator):
    shoes = seen_product(9, category=CategoryFactory(name="Shoes"))
    with pytest.raises(pinning.CannotPin, match="version that is served"):
        pinning.pin(shoes.pk, place_of(tops[0]).cluster, by=curator)
    refresh()
    with pytest.raises(pinning.CannotPin, match="of another category"):
        pinning.pin(tops[0].pk, place_of(shoes).cluster, by=curator)
    alone = Cluster.objects.create(
        network=versions.active(ClusterNetwork), category=tops[0].category, number=9
    )
    with pytest.raises(pinning.CannotPin, match="no company to keep"):
        pinning.pin(tops[0].pk, alone, by=curator)


def test_words_about_pairs_outlive_refreshes_and_new_pictures(tops):
    never, always = tops[1], tops[7]
    CuratedPair.objects.create(product=tops[0], verb="never", other=never)
    CuratedPair.objects.create(product=tops[0], verb="related", other=always, place=1)

    def shown() -> list[int]:
        return [answer.product.pk for answer in serving.related_to(tops[0])]

    for change in (lambda: None, refresh, lambda: (see(tops[0], 7), attach_products([tops[0].pk]))):
        change()
        assert shown()[0] == always.pk
        assert never.pk not in shown()
