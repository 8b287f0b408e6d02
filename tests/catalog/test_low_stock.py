"""The morning's mail of what runs out."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from catalog.low_stock import fell_low_on, mail_low_stock
from catalog.models import Variant
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


def sell(size: str, n: int) -> None:
    Variant.objects.filter(size=size).update(stock=F("stock") - n)


def test_what_fell_below_the_line_today_is_told_once(today):
    ProductFactory(name="Tee", variants=[("S", 5), ("M", 5), ("L", 2), ("XL", 5)])
    sell("S", 3)
    sell("M", 2)  # three are enough
    sell("L", 1)  # was low before
    sell("XL", 5)
    assert [variant.size for variant in fell_low_on(today)] == ["XL", "S"]
    assert fell_low_on(today - timedelta(days=1)) == []


def test_what_is_filled_up_again_or_not_on_sale_is_not_told(today):
    ProductFactory(variants=[("S", 5)])
    ProductFactory(variants=[("M", 5)], status="archived")
    sell("S", 5)
    Variant.objects.filter(size="S").update(stock=20)
    sell("M", 5)
    assert fell_low_on(today) == []


def test_the_owner_gets_one_mail_and_none_when_nothing_runs_out(today, mailoutbox, settings):
    assert mail_low_stock(today) == 0
    assert mailoutbox == []
    ProductFactory(name="Tee & Co", variants=[("S", 5)])
    sell("S", 4)
    assert mail_low_stock(today) == 1
    [mail] = mailoutbox
    assert mail.to == [settings.SHOP_EMAIL]
    assert "1 size running out" in mail.subject
    assert "1 left: Tee & Co S" in mail.body
    assert f"{settings.SHOP_URL}/admin/catalog/product/?status__exact=active&stock=low" in mail.body
