"""What was sold out and is back, or became cheaper, since a shopper met it: told once, and only where it is true."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts.shopper import Shopper
from catalog.models import PriceChange
from recommendations import recording, serving
from recommendations.models import Interaction
from recommendations.news import news_of
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db
ME = Shopper(visitor="v" * 32)


def met(product, *, days_ago=1, kind="view"):
    Interaction.objects.create(
        session_key=ME.visitor,
        product=product,
        kind=kind,
        created_at=timezone.now() - timedelta(days=days_ago),
    )


def priced(product, price):
    """Give all sizes another price, as the admin does, one by one."""
    for variant in product.variants.all():
        variant.price = Decimal(price)
        variant.save()


def stocked(product, stock):
    for variant in product.variants.all():
        variant.stock = stock
        variant.save()


def since_last_week(product):
    """Its first price stood already when the shopper met it."""
    PriceChange.objects.bulk_create(
        PriceChange(variant=v, price=v.price, currency=v.currency, since=timezone.now() - timedelta(days=7))
        for v in product.variants.all()
    )


def news():
    """The rows of news, a minute later."""
    cache.clear()
    return {rail.name: [a.product.pk for a in rail.answers] for rail in serving.home_for(ME).news}


@pytest.fixture
def coat():
    product = ProductFactory(name="Wool coat", variants=[("S", 2), ("M", 0)])
    priced(product, "100.00")
    since_last_week(product)
    return product


def test_a_size_that_was_sold_out_and_came_back_since_is_told(coat):
    met(coat)
    assert news() == {}
    stocked(coat, 3)
    assert news() == {"back-in-stock": [coat.pk]}


def test_more_of_what_was_never_sold_out_is_no_news():
    tee = ProductFactory(variants=[("S", 2)])
    met(tee)
    stocked(tee, 9)
    assert news() == {}


def test_what_is_sold_out_again_is_not_said_to_be_back(coat):
    met(coat)
    stocked(coat, 3)
    stocked(coat, 0)
    assert news() == {}


def test_a_price_that_fell_since_is_told_and_one_that_rose_is_not(coat):
    met(coat)
    priced(coat, "120.00")
    assert news() == {}
    priced(coat, "80.00")
    assert news() == {"price-drop": [coat.pk]}
    priced(coat, "100.00")
    assert news() == {}


def test_whoever_has_looked_again_knows(coat):
    met(coat)
    priced(coat, "80.00")
    recording.record(ME, coat.pk, "view")
    assert news() == {}


def test_what_is_news_stands_in_no_other_row_and_says_why(coat):
    met(coat)
    priced(coat, "80.00")
    home = serving.home_for(ME)
    assert coat.pk not in {answer.product.pk for answer in (*home.recent, *home.for_you)}
    ((answer,),) = (rail.answers for rail in home.news)
    assert answer.why == "You met it before, and a size of it costs less now."
    assert answer.because_id == coat.pk


@pytest.mark.parametrize("kind", ["purchase", "dismiss"])
def test_what_was_bought_or_is_not_for_me_is_no_news(coat, kind):
    met(coat, days_ago=2)
    met(coat, kind=kind)
    priced(coat, "80.00")
    assert news() == {}


def test_those_who_want_no_personal_pages_get_no_news(coat):
    met(coat)
    priced(coat, "80.00")
    assert serving.home_for(Shopper(visitor=ME.visitor, personalised=False)).news == []


def test_a_newcomers_page_asks_for_no_news(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert news_of([]) == {}
