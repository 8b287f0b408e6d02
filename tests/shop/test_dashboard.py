"""The admin's first page: today's business and what waits."""

import re
import xml.etree.ElementTree as ET
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from recommendations import versions
from recommendations.models import ClusterNetwork, Interaction
from shop.charts import Chart
from shop.checkout.models import Order
from shop.storefront.models import ContactMessage
from tests import factories


@pytest.fixture
def desk(curator) -> Client:
    client = Client()
    client.force_login(curator)
    return client


def order(total: str, **fields: object) -> Order:
    fields = {"status": Order.Status.PAID, "paid_at": timezone.now(), **fields}
    address = {"name": "Ada", "street": "1 Loom Lane", "postcode": "1010", "city": "Vienna", "country": "AT"}
    amount = Decimal(total)
    return Order.objects.create(
        email="ada@example.com",
        currency="EUR",
        subtotal=amount,
        shipping=0,
        total=amount,
        **address,
        **fields,
    )


def tiles(client: Client) -> dict[str, str]:
    """Each tile's title and figure, as the page shows them."""
    page = client.get("/admin/").content.decode()
    found = re.findall(r'class="tile[^"]*">\s*<span>([^<]*)</span>\s*<b>([^<]*)</b>', page)
    return dict(found)


def test_todays_orders_and_revenue_are_counted(desk):
    order("20.00")
    order("1180.50", status=Order.Status.SHIPPED)
    order("99.00", paid_at=timezone.now() - timedelta(days=2))
    order("50.00", status=Order.Status.CANCELLED)
    order("70.00", status=Order.Status.AWAITING_PAYMENT, paid_at=None)
    shown = tiles(desk)
    assert shown["Paid orders today"] == "2"
    assert shown["Revenue today"] == "1,200.50 EUR"
    assert shown["Orders to send"] == "2"
    assert shown["Awaiting payment"] == "1"


def test_what_waits_is_counted(desk):
    factories.ProductFactory(variants=[("S", 1), ("M", 9)]).images.update(state="broken")
    factories.ProductFactory(status="draft", variants=[("S", 0)]).images.update(state="waiting")
    ContactMessage.objects.create(name="Eve", email="eve@example.com", subject="?", message="?")
    shown = tiles(desk)
    assert shown["Broken pictures"] == "1"
    assert shown["Waiting pictures"] == "1"
    assert shown["Sizes running out"] == "1"
    assert shown["Drafts"] == "1"
    assert shown["Unanswered messages"] == "1"


def test_a_failed_refresh_is_told_until_one_succeeds(desk):
    assert tiles(desk)["Clusters"] == "never"
    versions.activate(versions.begin(ClusterNetwork))
    versions.fail(versions.begin(ClusterNetwork), "The disk is full.")
    assert "1 refresh failed since" in desk.get("/admin/").content.decode()
    versions.activate(versions.begin(ClusterNetwork))
    assert "failed since" not in desk.get("/admin/").content.decode()


def test_every_chart_has_a_table_beside_it(desk):
    order("20.00")
    product, user = factories.ProductFactory(), factories.UserFactory()
    Interaction.objects.create(user=user, product=product, kind="view", created_at=timezone.now())
    page = desk.get("/admin/").content.decode()
    charts = re.findall(r'<svg viewBox="0 0 420.*?</svg>', page, re.S)
    assert len(charts) == 3
    for chart in charts:
        assert len(ET.fromstring(chart).findall("rect")) == 14  # noqa: S314 - our own page
    assert page.count("As a table") == 3


def test_the_page_asks_a_fixed_number_of_questions(desk):
    def questions() -> int:
        with CaptureQueriesContext(connection) as queries:
            desk.get("/admin/")
        return len(queries)

    order("20.00")
    questions()
    few = questions()
    for _ in range(5):
        order("20.00")
        factories.ProductFactory()
    assert questions() == few
    assert few <= 16


def test_everybody_sees_what_they_may_look_at(db):
    user = factories.UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_order"))
    client = Client()
    client.force_login(user)
    assert "Paid orders today" in tiles(client)
    assert "Broken pictures" not in tiles(client)
    page = client.get("/admin/").content.decode()
    assert "/admin/checkout/order/" in page
    assert "/admin/catalog/product/" not in page


def test_bars_are_as_high_as_their_share_of_the_highest():
    chart = Chart("Sales", [("Mon", 0), ("Tue", 5), ("Wed", 10)])
    nothing, half, full = chart.bars
    assert nothing.height == 0
    assert half.height == pytest.approx(full.height / 2)
    assert full.y + full.height == pytest.approx(chart.base)
    assert nothing.x < half.x < full.x <= chart.width - full.width


def test_a_chart_of_nothing_has_flat_bars():
    assert [bar.height for bar in Chart("Sales", [("Mon", 0), ("Tue", 0)]).bars] == [0, 0]
    assert Chart("Sales", []).bars == []
