"""A demo shop gets visitors with tastes; a shop with real visitors gets none."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from recommendations.invented_visits import invent_visits
from recommendations.models import Interaction
from tests.factories import ProductFactory, UserFactory

pytestmark = pytest.mark.django_db


def visits():
    return list(
        Interaction.objects.order_by("pk").values_list("session_key", "user_id", "product_id", "kind")
    )


def test_visitors_and_accounts_look_save_and_buy():
    products = [ProductFactory(colour=colour, pictures=0) for colour in ("Red", "Blue", "Green") * 5]
    user = UserFactory()
    now = timezone.now()
    written = invent_visits(20, [user], now)
    assert written == Interaction.objects.count()
    assert set(Interaction.objects.values_list("kind", flat=True)) >= {"view", "wish", "cart"}
    assert Interaction.objects.filter(user=user).exists()
    assert Interaction.objects.values("session_key").distinct().count() == 21
    assert not Interaction.objects.filter(created_at__gt=now).exists()
    assert set(Interaction.objects.values_list("product_id", flat=True)) <= {p.pk for p in products}


def test_the_same_seed_invents_the_same_visits():
    for _ in range(8):
        ProductFactory(pictures=0)
    invent_visits(5, [], timezone.now())
    first = visits()
    Interaction.objects.all().delete()
    invent_visits(5, [], timezone.now())
    assert visits() == first


def test_an_empty_shop_has_no_visitors():
    assert invent_visits(5, [], timezone.now()) == 0


def test_where_real_shoppers_have_been_nothing_is_invented():
    ProductFactory(pictures=0)
    call_command("invent_visits", visitors=2)
    with pytest.raises(CommandError, match="has visitors already"):
        call_command("invent_visits", visitors=2)
