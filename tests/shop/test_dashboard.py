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

from accounts.shopper import Shopper
from catalog.models import PopularSearch
from recommendations import versions
from recommendations.models import ClusterNetwork, Interaction
from recommendations.showing import note_photo_search, store_tallies
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
    assert len(charts) == 4
    for chart in charts:
        assert len(ET.fromstring(chart).findall("rect")) == 14  # noqa: S314 - our own page
    assert page.count("As a table") == 4


def ranking(client: Client, title: str) -> list[tuple[str, str]]:
    """The rows below a heading, as (words, figure)."""
    page = client.get("/admin/").content.decode()
    [part] = re.findall(rf">{title}[^<]*</h2>(.*?)</section>", page, re.S)
    return re.findall(r"<li><\w+[^>]*>([^<]*)</\w+> <b>([^<]*)</b>", part)


def test_the_way_to_the_till_counts_each_shopper_once(desk):
    product, ada = factories.ProductFactory(), factories.UserFactory()
    for kind in ("view", "view", "click", "cart", "purchase"):
        Interaction.objects.create(user=ada, product=product, kind=kind, created_at=timezone.now())
    for visitor in ("a", "b", "b", "c"):
        Interaction.objects.create(
            session_key=visitor, product=product, kind="view", created_at=timezone.now()
        )
    assert ranking(desk, "From looking to buying") == [
        ("Looked at a product", "4"),
        ("Put one into the bag", "1 (25.0%)"),
        ("Bought", "1 (25.0%)"),
    ]


def test_what_sells_most_comes_first_and_what_was_cancelled_does_not_count(desk):
    tee, shirt = factories.ProductFactory(name="Tee"), factories.ProductFactory(name="Shirt")
    for product, quantity, status in ((tee, 2, "paid"), (shirt, 3, "shipped"), (tee, 9, "cancelled")):
        order("20.00", status=status).lines.create(
            product=product, sku="x", name=product.name, quantity=quantity, price=1
        )
    assert ranking(desk, "Sold most") == [("Shirt", "3"), ("Tee", "2")]


def test_searches_in_vain_lead_to_a_synonym(desk):
    PopularSearch.objects.create(words="jumper", n_shoppers=7, n_found=0)
    PopularSearch.objects.create(words="dress", n_shoppers=9, n_found=4)
    assert ranking(desk, "Searched for in vain") == [("jumper", "7 shoppers")]
    assert "/admin/catalog/synonym/add/?word=jumper" in desk.get("/admin/").content.decode()
    assert 'value="jumper"' in desk.get("/admin/catalog/synonym/add/?word=jumper").content.decode()


def test_photo_searches_are_counted_except_of_those_who_want_nothing_recorded(desk):
    for shopper in (Shopper(visitor="v" * 32), Shopper(visitor="w" * 32, personalised=False)):
        note_photo_search(shopper)
    store_tallies()
    page = desk.get("/admin/").content.decode()
    assert f"<td>{timezone.localdate():%d %b}</td><td>1</td>" in page


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
    assert few <= 20


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
