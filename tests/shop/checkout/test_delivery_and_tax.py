"""What delivery and tax cost where: tables that the owner keeps, and pages that keep to them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from catalog.models import Category
from shop.checkout.models import Order, ShippingMethod, ShippingRate, ShippingZone, TaxRate
from shop.checkout.seeding import seed_prices
from shop.checkout.terms import Destination, quote, ways_to
from tests.shopping import checkout_form


def express(zone: ShippingZone, price: str = "12.00") -> ShippingMethod:
    method = ShippingMethod.objects.create(name="Express", words="Tomorrow", position=1)
    ShippingRate.objects.create(method=method, zone=zone, price=Decimal(price))
    return method


@pytest.fixture
def zone(db) -> ShippingZone:
    """The zone of a new shop: all countries."""
    return ShippingZone.objects.get()


# --- The tables ---------------------------------------------------------------------------------------------------


def test_a_new_shop_delivers_for_the_price_of_the_settings(zone, settings):
    [way], percents = ways_to("AT")
    assert (way.name, way.tariff.bands[0].price) == ("Standard delivery", settings.SHIPPING_PRICE)
    assert percents == {"standard": Decimal("20.00")}


def test_filling_the_tables_again_changes_nothing_that_the_owner_has_made(zone):
    ShippingMethod.objects.update(name="By bicycle")
    seed_prices()
    assert ShippingMethod.objects.get().name == "By bicycle"


def test_a_country_that_a_zone_names_is_not_served_by_the_rest_of_the_world(zone):
    rest = ShippingZone.objects.create(name="World", is_rest_of_world=True)
    method = express(rest)
    assert [way.name for way in ways_to("AT")[0]] == ["Standard delivery"]
    zone.countries = ["AT"]
    zone.save()
    assert [way.id for way in ways_to("NO")[0]] == [method.pk]


def test_what_is_not_offered_is_not_chosen(zone, tee):
    express(zone)
    ShippingMethod.objects.filter(name="Express").update(is_active=False)
    assert [way.name for way in quote([(tee, 1)], Destination("AT")).ways] == ["Standard delivery"]


def test_the_rate_of_the_day_counts(tee):
    today = timezone.localdate()
    TaxRate.objects.create(country="AT", percent=Decimal(22), valid_from=today + timedelta(days=1))
    assert quote([(tee, 1)], Destination("AT")).bill.lines[0].line.tax_percent == 20
    assert ways_to("AT", today + timedelta(days=1))[1]["standard"] == 22


def test_a_product_has_its_categorys_tax_unless_it_says_otherwise(tee):
    TaxRate.objects.create(
        country="AT", tax_class="reduced", percent=Decimal(10), valid_from=date(2026, 1, 1)
    )

    def percent() -> Decimal:
        tee.refresh_from_db()
        return quote([(tee, 1)], Destination("AT")).bill.lines[0].line.tax_percent

    assert percent() == 20
    Category.objects.update(tax_class="reduced")
    assert percent() == 10
    tee.product.tax_class = "standard"
    tee.product.save()
    assert percent() == 20


def test_where_no_reduced_rate_is_known_the_standard_one_counts(tee):
    Category.objects.update(tax_class="reduced")
    tee.refresh_from_db()
    assert quote([(tee, 1)], Destination("DE")).bill.lines[0].line.tax_percent == 19


def test_a_piece_without_a_weight_has_the_usual_one(zone, tee, settings):
    settings.DEFAULT_WEIGHT = 500
    assert quote([(tee, 2)], Destination("AT")).bill.grams == 1000
    tee.weight = 200
    assert quote([(tee, 2)], Destination("AT")).bill.grams == 400


# --- The pages ----------------------------------------------------------------------------------------------------


def test_the_bag_says_which_tax_is_in_the_total(buyer):
    page = buyer.get("/bag/").content.decode()
    assert "incl. VAT" in page
    assert "4.15" in page  # 3.33 of the tee and 0.82 of the delivery, at 20 %


def test_the_order_keeps_delivery_and_tax_as_they_were(buyer, place):
    order = place(buyer)
    line = order.lines.get()
    assert (order.shipping_method, order.shipping_tax, order.tax) == (
        "Standard delivery",
        Decimal("0.82"),
        Decimal("4.15"),
    )
    assert (line.tax, line.tax_percent, line.discount) == (Decimal("3.33"), Decimal("20.00"), 0)


def test_outside_of_the_union_tax_comes_on_top_and_the_order_adds_up(buyer, place, settings):
    settings.PRICES_INCLUDE_TAX = False
    assert "Total, tax included" not in buyer.get("/bag/").content.decode()
    order = place(buyer)
    assert (order.subtotal, order.shipping, order.tax) == (Decimal("20.00"), Decimal("4.90"), Decimal("4.98"))
    assert order.total == Decimal("29.88")
    assert not order.prices_include_tax


def test_the_checkout_offers_the_ways_that_go_there_and_orders_by_the_chosen_one(buyer, zone, place):
    method = express(zone)
    page = buyer.get("/checkout/").content.decode()
    assert "Express, Tomorrow" in page
    asked = buyer.post("/checkout/", checkout_form(buyer, method=str(method.pk), reckon="1"))
    assert asked.status_code == 200
    assert not Order.objects.exists()
    assert asked.context["bag"].totals.total == Decimal("32.00")
    order = place(buyer, method=str(method.pk), seen=asked.context["form"]["seen"].value())
    assert (order.shipping_method, order.total) == ("Express", Decimal("32.00"))


def test_asking_for_another_country_keeps_what_was_typed_and_is_remembered(buyer, zone):
    zone.countries.remove("NO")
    zone.save()
    north = ShippingZone.objects.create(name="North", countries=["NO"])
    ShippingRate.objects.create(method=ShippingMethod.objects.get(), zone=north, price=Decimal("15.00"))
    response = buyer.post("/checkout/", checkout_form(buyer, country="NO", reckon="1"))
    page = response.content.decode()
    assert response.context["bag"].totals.shipping == Decimal("15.00")
    assert "Gwen Guest" in page
    assert "This field is required." not in page
    assert "Reckoned for delivery to Norway." in buyer.get("/bag/").content.decode()


def test_who_orders_to_a_dearer_country_without_asking_is_told_the_new_total_first(buyer, zone):
    zone.countries.remove("NO")
    zone.save()
    north = ShippingZone.objects.create(name="North", countries=["NO"])
    ShippingRate.objects.create(method=ShippingMethod.objects.get(), zone=north, price=Decimal("15.00"))
    response = buyer.post("/checkout/", checkout_form(buyer, country="NO"))
    assert response.status_code == 409
    assert "the total is now 35.00 EUR, not 24.90" in response.content.decode()
    assert not Order.objects.exists()


def test_a_country_that_nobody_delivers_to_gets_a_sentence_before_money_moves(buyer, zone):
    zone.countries.remove("NO")
    zone.save()
    response = buyer.post("/checkout/", checkout_form(buyer, country="NO"))
    assert response.status_code == 409
    assert "We do not deliver to Norway yet." in response.content.decode()
    assert not Order.objects.exists()


def test_a_bag_that_is_too_heavy_is_told_so(buyer, tee, zone):
    ShippingMethod.objects.update(charged_by="weight")
    ShippingRate.objects.update(upper=Decimal(300))
    page = buyer.get("/checkout/").content.decode()
    assert "it weighs 0.4 kg" in page


@pytest.mark.parametrize("method", ["0", "nonsense", "99999999999999999999", "-1"])
def test_a_way_of_delivery_that_makes_no_sense_orders_nothing(buyer, method):
    assert buyer.post("/checkout/", checkout_form(buyer, method=method)).status_code == 422
    assert not Order.objects.exists()


def test_a_way_that_is_gone_meanwhile_is_refused(buyer, zone):
    method = express(zone, "4.90")  # no dearer: the total alone would not tell
    form = checkout_form(buyer, method=str(method.pk))
    method.delete()
    response = buyer.post("/checkout/", form)
    assert response.status_code == 409
    assert "The way of delivery that you chose does not take this bag" in response.content.decode()


# --- Behind the counter -------------------------------------------------------------------------------------------


def rates_form(method: ShippingMethod, zone: ShippingZone, *bands: tuple[str, str]) -> dict[str, str]:
    form = {
        "name": method.name,
        "words": "",
        "charged_by": "price",
        "position": "0",
        "is_active": "on",
        "rates-TOTAL_FORMS": str(len(bands)),
        "rates-INITIAL_FORMS": "0",
    }
    for number, (lower, upper) in enumerate(bands):
        values = {"zone": zone.pk, "lower": lower, "upper": upper, "price": "5.00", "free_from": ""}
        form |= {f"rates-{number}-{name}": str(value) for name, value in values.items()}
    return form


def test_overlapping_bands_are_refused_with_a_sentence(client, curator, zone):
    client.force_login(curator)
    method = ShippingMethod.objects.create(name="Courier")
    url = f"/admin/checkout/shippingmethod/{method.pk}/change/"
    page = client.post(url, rates_form(method, zone, ("0", "50"), ("40", ""))).content.decode()
    assert "overlap: one goes from 0 up to 50, the other begins at 40" in page
    assert client.post(url, rates_form(method, zone, ("0", "50"), ("50", ""))).status_code == 302
    assert method.rates.count() == 2


def test_a_country_in_two_zones_is_refused_with_a_sentence(client, curator, zone):
    client.force_login(curator)
    form = {"name": "North", "countries": ["NO", "SE"]}
    page = client.post("/admin/checkout/shippingzone/add/", form).content.decode()
    assert "Norway, Sweden: in the zone “Where we deliver” already." in page
    page = client.post("/admin/checkout/shippingzone/add/", {"name": "Nowhere"}).content.decode()
    assert "Choose at least one country" in page


@pytest.mark.parametrize("model", ["shippingzone", "shippingmethod", "taxrate"])
def test_the_owner_looks_at_the_tables(client, curator, model):
    client.force_login(curator)
    assert client.get(f"/admin/checkout/{model}/").status_code == 200
    assert client.get(f"/admin/checkout/{model}/add/").status_code == 200
