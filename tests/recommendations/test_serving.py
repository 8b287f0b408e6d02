"""The home page turns with every click; neighbours are in stock, varied, and never the product itself."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.shopper import Shopper
from recommendations import recording, serving, versions
from recommendations.models import (
    Cluster,
    ClusterNetwork,
    Membership,
    RecommendationList,
    RecommendationVersion,
)
from tests.factories import CategoryFactory, ProductFactory, ProductImageFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor():
    return Shopper(visitor="v" * 32)


def network_of(*products, related=(), complementary=()):
    """An active network in which the first product has these neighbours."""
    network = versions.begin(ClusterNetwork)
    first = products[0]
    cluster = Cluster.objects.create(network=network, category=first.category, number=0)
    Membership.objects.create(
        network=network,
        product=first,
        cluster=cluster,
        similarity=0.9,
        related=[p.pk for p in related],
        related_scores=[0.9 - i / 10 for i, _ in enumerate(related)],
        related_reasons=["same_cluster"] * len(related),
        complementary=[p.pk for p in complementary],
        complementary_scores=[0.8] * len(complementary),
        complementary_reasons=["complement"] * len(complementary),
    )
    versions.activate(network)
    return network


def names(answers):
    return [answer.product.name for answer in answers]


def test_a_newcomer_sees_what_is_new_from_every_category():
    for shelf in ("Tops", "Shoes"):
        for number in range(3):
            ProductFactory(name=f"{shelf} {number}", category=CategoryFactory(name=shelf))
    home = serving.home_for(Shopper(), n=4)
    assert not home.is_personal
    assert home.recent == []
    assert {answer.product.category.name for answer in home.for_you[:2]} == {"Tops", "Shoes"}


def test_one_click_is_enough_to_turn_the_page(visitor):
    seen, near = ProductFactory(name="Seen"), ProductFactory(name="Near")
    for number in range(8):
        ProductFactory(name=f"Other {number}")
    network_of(seen, related=[near])
    before = serving.home_for(visitor, n=3)
    recording.record(visitor, seen.pk, "click")
    after = serving.home_for(visitor, n=3)
    assert names(after.recent) == ["Seen"]
    assert names(after.for_you)[0] == "Near"
    assert after.for_you[0].reason == "Because you looked at Seen"
    assert names(before.for_you) != names(after.for_you)
    assert after.is_personal


def test_recently_browsed_products_come_first_latest_first_each_once(visitor):
    first, second = ProductFactory(name="First"), ProductFactory(name="Second")
    for product in (first, second, first):
        recording.record(visitor, product.pk, "view")
    assert names(serving.home_for(visitor).recent) == ["First", "Second"]


def test_what_was_dismissed_or_bought_is_not_shown(visitor):
    bought, dismissed, seen = ProductFactory(), ProductFactory(), ProductFactory()
    network_of(seen, related=[bought, dismissed])
    recording.record(visitor, seen.pk, "view")
    recording.record(visitor, bought.pk, "purchase")
    recording.record(visitor, dismissed.pk, "dismiss")
    home = serving.home_for(visitor)
    shown = {answer.product.pk for answer in (*home.recent, *home.for_you)}
    assert shown.isdisjoint({bought.pk, dismissed.pk})
    recording.undismiss(visitor, dismissed.pk)
    assert dismissed.pk in {answer.product.pk for answer in serving.home_for(visitor).for_you}


def test_the_list_of_the_last_refresh_is_served_to_its_shopper_only(shopper, stranger):
    chosen = ProductFactory(name="Chosen")
    version = versions.begin(RecommendationVersion)
    RecommendationList.objects.create(
        version=version, user=shopper, products=[chosen.pk], scores=[1.0], reasons=["taste"], because=[0]
    )
    RecommendationList.objects.create(version=version, user=None)
    versions.activate(version)
    (answer,) = serving.home_for(Shopper(user_id=shopper.pk)).for_you
    assert answer.reason == "Shoppers with your taste"
    assert "taste" not in [a.reason_code for a in serving.home_for(Shopper(user_id=stranger.pk)).for_you]


def test_switching_personal_pages_off_gives_the_newcomers_page(shopper):
    product = ProductFactory()
    recording.record(Shopper(user_id=shopper.pk), product.pk, "view")
    home = serving.home_for(Shopper(user_id=shopper.pk, personalised=False))
    assert not home.is_personal
    assert home.recent == []


def test_related_products_are_in_stock_and_of_one_model_only_one_colour():
    own = ProductFactory(style_code="breton")
    other_colour = ProductFactory(style_code="breton")
    sold_out = ProductFactory(variants__stock=0)
    twins = [ProductFactory(name=f"Twin {i}", style_code="twin") for i in range(2)]
    network_of(own, related=[other_colour, sold_out, *twins])
    related = serving.related_to(own)
    assert names(related)[0] == "Twin 0"
    assert {a.product.pk for a in related}.isdisjoint({own.pk, other_colour.pk, sold_out.pk, twins[1].pk})


def test_a_product_without_neighbours_shows_its_category():
    new = ProductFactory()
    sibling = ProductFactory(name="Sibling")
    ProductFactory(name="Shoe", category=CategoryFactory(name="Shoes"))
    related = serving.related_to(new)
    assert names(related) == [sibling.name]
    assert related[0].reason == "More of the same kind"
    assert serving.complementary_to(new) == []


def test_an_archived_neighbour_is_gone_at_once():
    own, gone = ProductFactory(), ProductFactory()
    network_of(own, related=[gone])
    gone.status = "archived"
    gone.save()
    assert gone.pk not in {answer.product.pk for answer in serving.related_to(own)}


def test_popular_needs_several_shoppers_so_that_nobody_can_be_read_off_it():
    loved, spied = ProductFactory(name="Loved"), ProductFactory(name="Spied")
    for _ in range(4):
        recording.record(Shopper(user_id=UserFactory().pk), loved.pk, "view")
    for _ in range(50):
        recording.record(Shopper(visitor="v"), spied.pk, "purchase")
    codes = {answer.product.name: answer.reason_code for answer in serving.popular(6)}
    assert codes == {"Loved": "popular", "Spied": "new"}


def test_the_home_page_costs_few_queries(visitor, django_assert_max_num_queries):
    seen = ProductFactory()
    network_of(seen, related=[ProductFactory() for _ in range(6)])
    recording.record(visitor, seen.pk, "view")
    with django_assert_max_num_queries(8):
        serving.home_for(visitor)
    with django_assert_max_num_queries(7):  # what is new about what was met is known for a minute
        serving.home_for(visitor)
    with django_assert_max_num_queries(4):
        serving.neighbours_of(seen)


def test_pictures_are_looked_up_of_what_is_shown_and_of_nothing_else(visitor, django_assert_num_queries):
    seen, *others = ProductImageFactory.create_batch(9)
    network_of(seen.product, related=[image.product for image in others])
    recording.record(visitor, seen.product.pk, "view")
    with CaptureQueriesContext(connection) as queries:
        home = serving.home_for(visitor, n=3)
    shown = {answer.product.pk for answer in (*home.recent, *home.for_you)}
    (pictures,) = (query["sql"] for query in queries if 'FROM "catalog_productimage"' in query["sql"])
    asked = re.search(r"IN \(([\d, ]+)\)", pictures)
    assert asked is not None
    assert {int(pk) for pk in asked[1].split(", ")} == shown
    assert len(shown) == 4
    with django_assert_num_queries(0):
        assert all(answer.product.images.all() for answer in (*home.recent, *home.for_you))


def test_looking_again_at_what_was_just_bought_does_not_bring_it_back(visitor):
    bought = ProductFactory()
    for kind in ("view", "purchase", "view"):
        recording.record(visitor, bought.pk, kind)
    home = serving.home_for(visitor)
    assert bought.pk not in {answer.product.pk for answer in (*home.recent, *home.for_you)}


def test_putting_a_bought_product_on_the_wish_list_brings_it_back(visitor):
    bought = ProductFactory(name="Loved")
    for kind in ("purchase", "wish"):
        recording.record(visitor, bought.pk, kind)
    assert names(serving.home_for(visitor).recent) == ["Loved"]


def test_a_click_changes_the_next_page_of_a_shopper_who_is_well_known(shopper):
    me = Shopper(user_id=shopper.pk)
    met, chosen = ([ProductFactory() for _ in range(n)] for n in (25, 6))
    for product in met:
        recording.record(me, product.pk, "view")
    version = versions.begin(RecommendationVersion)
    RecommendationList.objects.create(
        version=version,
        user=shopper,
        products=[p.pk for p in chosen],
        scores=[1 - n / 10 for n in range(6)],
        reasons=["taste"] * 6,
        because=[0] * 6,
    )
    versions.activate(version)
    clicked, near = ProductFactory(), ProductFactory(name="Near")
    network_of(clicked, related=[near])
    assert "Near" not in names(serving.home_for(me, n=4).for_you)
    recording.record(me, clicked.pk, "click")
    assert "Near" in names(serving.home_for(me, n=4).for_you)


def test_what_stands_among_the_recent_can_be_told_to_stop(visitor):
    seen = ProductFactory(style_code="breton")
    recording.record(visitor, seen.pk, "view")
    (answer,) = serving.home_for(visitor).recent
    assert (answer.reason, answer.because_id) == ("You looked at this", seen.pk)
    assert answer.why
