"""What is bought together, read from what shoppers did."""

from datetime import timedelta

import pytest
from django.utils import timezone

from recommendations.baskets import bought_together
from recommendations.models import Interaction
from tests import factories

pytestmark = pytest.mark.django_db


def put_into_bags(shirt, tie, visitors: range, days_ago: int = 1) -> None:
    at = timezone.now() - timedelta(days=days_ago)
    Interaction.objects.bulk_create(
        Interaction(session_key=f"visitor-{number}", product=product, kind="cart", created_at=at)
        for number in visitors
        for product in (shirt, tie)
    )


def test_a_shop_without_baskets_has_no_rules() -> None:
    assert bought_together() is None


def test_four_visitors_make_a_rule_and_one_who_comes_daily_does_not() -> None:
    shirt, tie, bag, belt, hat = (factories.ProductFactory() for _ in range(5))
    put_into_bags(shirt, tie, range(4))
    for day in range(1, 6):
        put_into_bags(bag, belt, range(10, 11), days_ago=day)
    put_into_bags(hat, hat, range(20, 24))
    rules = bought_together()
    assert rules.from_item(shirt.pk).ids.tolist() == [tie.pk]
    assert len(rules.from_item(bag.pk)) == 0


def test_what_was_bought_two_years_ago_is_forgotten() -> None:
    shirt, tie = factories.ProductFactory(), factories.ProductFactory()
    put_into_bags(shirt, tie, range(4), days_ago=800)
    assert bought_together() is None
