"""What the shop says of delivery and returns, as the owner's tables have it."""

from decimal import Decimal

import pytest
from django.core.cache import cache

from shop.checkout.models import ShippingMethod, ShippingRate, ShippingZone
from shop.storefront.delivery_terms import delivery_terms, usual_way
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_tables():
    cache.clear()
    ShippingRate.objects.all().delete()
    ShippingMethod.objects.all().delete()
    ShippingZone.objects.all().delete()


@pytest.fixture
def home():
    return ShippingZone.objects.create(name="Home", countries=["AT", "DE"])


def rate(zone, method, price, lower="0", upper=None, free_from=None):
    return ShippingRate.objects.create(
        zone=zone, method=method, price=price, lower=lower, upper=upper, free_from=free_from
    )


def test_every_zone_tells_its_ways_and_the_rest_of_the_world_comes_last(home):
    world = ShippingZone.objects.create(name="World", is_rest_of_world=True)
    post = ShippingMethod.objects.create(name="Post", words="2 to 4 working days")
    parcel = ShippingMethod.objects.create(name="Parcel", charged_by="weight", position=1)
    ShippingMethod.objects.create(name="Courier", is_active=False)
    rate(home, post, "4.90", free_from="100")
    rate(world, post, "0")
    rate(world, parcel, "9.00", upper="2000")
    rate(world, parcel, "19.00", lower="2000", upper="10000")
    assert [(zone.name, zone.ways) for zone in delivery_terms()] == [
        ("Austria, Germany", [("Post", "2 to 4 working days", ["€\u00a04.90, free from €\u00a0100"])]),
        (
            "Everywhere else",
            [
                ("Post", "2 to 4 working days", ["Free"]),
                ("Parcel", "", ["Up to 2.0 kg: €\u00a09", "From 2.0 kg to 10.0 kg: €\u00a019"]),
            ],
        ),
    ]


def test_the_page_names_the_zone_only_where_there_are_several(home, visitor):
    post = ShippingMethod.objects.create(name="Post")
    rate(home, post, "4.90")
    page = visitor.get("/delivery/").content.decode()
    assert "Post: €\u00a04.90" in page
    assert "Austria" not in page
    rate(ShippingZone.objects.create(name="World", is_rest_of_world=True), post, "9")
    assert "Austria, Germany" in visitor.get("/delivery/").content.decode()


def test_a_shop_that_delivers_nowhere_says_so(visitor):
    assert "We do not deliver anywhere yet." in visitor.get("/delivery/").content.decode()


@pytest.mark.parametrize(
    ("free_from", "words"),
    [("30", "Delivery is free."), ("50", "Free delivery from €\u00a050."), (None, None)],
)
def test_a_product_tells_from_when_delivery_is_free_where_it_ever_is(home, visitor, free_from, words):
    rate(home, ShippingMethod.objects.create(name="Post"), "4.90", free_from=free_from)
    assert usual_way("AT").free_from == (Decimal(free_from) if free_from else None)
    page = visitor.get(ProductFactory(variants__price="39.00").get_absolute_url()).content.decode()
    if words:
        assert words in page
    else:
        assert "Free delivery" not in page
        assert "Delivery is free" not in page


def test_where_tax_comes_on_top_the_product_says_so(visitor, settings):
    settings.PRICES_INCLUDE_TAX = False
    page = visitor.get(ProductFactory().get_absolute_url()).content.decode()
    assert "Tax comes on top at the till." in page
    assert "Tax included." not in page


def test_the_days_for_returns_are_the_owners(visitor, settings):
    settings.RETURN_DAYS = 14
    assert "You have 14 days to send it back." in visitor.get("/returns/").content.decode()
    assert "14 days to send it back" in visitor.get(ProductFactory().get_absolute_url()).content.decode()


def test_a_product_tells_how_long_the_usual_way_takes(home, visitor):
    product = ProductFactory()
    assert "What delivery costs" in visitor.get(product.get_absolute_url()).content.decode()
    cache.clear()
    rate(home, ShippingMethod.objects.create(name="Post", words="2 to 4 working days"), "4.90")
    assert "Delivery: 2 to 4 working days" in visitor.get(product.get_absolute_url()).content.decode()
    german = visitor.get(product.get_absolute_url(), headers={"Accept-Language": "de"})
    assert "Lieferung: 2 bis 4 Werktage" in german.content.decode()
