"""From the bag to an order that awaits payment."""

from decimal import Decimal

import pytest

from catalog.models import Variant
from shop.checkout.models import Cart, Order
from tests.factories import AddressFactory
from tests.shopping import DELIVERY, checkout_form


def test_a_guest_orders_and_is_sent_to_the_payment(buyer, tee):
    response = buyer.post("/checkout/", checkout_form(buyer))
    order = Order.objects.get()
    assert response.url == f"/checkout/{order.number}/pay/"
    assert order.status == "awaiting_payment"
    assert (order.subtotal, order.shipping, order.total) == (
        Decimal("20.00"),
        Decimal("4.90"),
        Decimal("24.90"),
    )
    line = order.lines.get()
    assert (line.name, line.size, line.quantity, line.price) == ("Breton tee", "M", 1, Decimal("20.00"))
    assert order.name == "Gwen Guest"


def test_ordering_sets_the_pieces_aside_and_empties_the_bag(buyer, tee, place):
    place(buyer)
    tee.refresh_from_db()
    assert tee.stock == 2
    assert not Cart.objects.get().lines.exists()
    assert buyer.session["cart_count"] == 0


def test_the_last_piece_makes_the_card_say_sold_out(client, coat, place):
    client.post("/bag/add/", {"variant": coat.pk})
    place(client)
    coat.product.refresh_from_db()
    assert coat.product.in_stock is False


def test_the_checkout_of_an_empty_bag_leads_to_the_bag(client, db):
    assert client.get("/checkout/").url == "/bag/"
    assert client.post("/checkout/", {**DELIVERY, "seen": "", "token": "t"}).url == "/bag/"
    assert not Order.objects.exists()


@pytest.mark.parametrize("field", ["email", "name", "street", "postcode", "city", "country"])
def test_what_is_missing_is_asked_for_and_what_was_typed_stays(buyer, field):
    form = checkout_form(buyer, phone="0660 123") | {field: ""}
    response = buyer.post("/checkout/", form)
    page = response.content.decode()
    assert response.status_code == 422
    assert "This field is required." in page
    assert "0660 123" in page
    assert not Order.objects.exists()


def test_a_country_we_do_not_deliver_to_is_refused(buyer):
    assert buyer.post("/checkout/", checkout_form(buyer, country="XX")).status_code == 422


def test_a_script_in_every_field_stays_text(buyer, place):
    attack = "<script>alert(1)</script>"
    order = place(
        buyer, name=attack, street=attack, city=attack, extra=attack, phone=attack, postcode="<script>"
    )
    page = buyer.get(f"/orders/{order.number}/").content.decode()
    assert attack not in page
    assert "&lt;script&gt;" in page


def test_a_signed_in_shopper_orders_to_a_saved_address_without_typing(client, shopper, tee):
    address = AddressFactory(user=shopper, street="1 Loom Lane")
    client.force_login(shopper)
    client.post("/bag/add/", {"variant": tee.pk})
    form = client.get("/checkout/").context["form"]
    client.post(
        "/checkout/",
        {
            "email": shopper.email,
            "address": address.pk,
            "seen": form["seen"].value(),
            "token": form["token"].value(),
        },
    )
    order = Order.objects.get(user=shopper)
    assert (order.street, order.email) == ("1 Loom Lane", shopper.email)


def test_the_address_of_somebody_else_cannot_be_chosen(client, shopper, stranger, tee):
    AddressFactory(user=shopper)
    theirs = AddressFactory(user=stranger, street="13 Secret Street")
    client.force_login(shopper)
    client.post("/bag/add/", {"variant": tee.pk})
    response = client.post("/checkout/", checkout_form(client, address=str(theirs.pk)))
    assert response.status_code == 422
    assert "13 Secret Street" not in response.content.decode()
    assert not Order.objects.exists()


def test_a_new_address_is_kept_when_wanted(client, shopper, tee, place):
    client.force_login(shopper)
    client.post("/bag/add/", {"variant": tee.pk})
    place(client, keep="on")
    assert shopper.addresses.get().street == DELIVERY["street"]
    client.post("/bag/add/", {"variant": tee.pk})
    place(client, address="new", keep="")
    assert shopper.addresses.count() == 1


# --- What changes between looking and ordering --------------------------------------------------------------------


def test_a_changed_price_is_told_and_nothing_is_lost(buyer, tee):
    form = checkout_form(buyer)
    Variant.objects.filter(pk=tee.pk).update(price=Decimal("25.00"))
    response = buyer.post("/checkout/", form)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Breton tee M now costs 25.00 EUR, not 20.00." in page
    assert "Gwen Guest" in page
    assert not Order.objects.exists()
    again = {**form, "seen": response.context["form"]["seen"].value()}
    buyer.post("/checkout/", again)  # the shopper has seen the new price now
    assert Order.objects.get().subtotal == Decimal("25.00")


def test_a_bag_that_changed_in_another_tab_is_shown_again(buyer, tee):
    form = checkout_form(buyer)
    buyer.post("/bag/add/", {"variant": tee.pk})
    page = buyer.post("/checkout/", form).content.decode()
    assert "Your bag has changed since this page was opened." in page
    assert not Order.objects.exists()


def test_sold_out_while_typing_is_told_and_the_other_pieces_stay(buyer, tee, coat):
    buyer.post("/bag/add/", {"variant": coat.pk})
    form = checkout_form(buyer)
    Variant.objects.filter(pk=coat.pk).update(stock=0)
    page = buyer.post("/checkout/", form).content.decode()
    assert "Wool coat L is sold out. Please take it out." in page
    tee.refresh_from_db()
    assert tee.stock == 3
    assert not Order.objects.exists()


@pytest.mark.parametrize("seen", ["", "rubbish", "1*1*0.01"])
def test_a_forged_memory_of_prices_orders_nothing(buyer, seen):
    response = buyer.post("/checkout/", checkout_form(buyer, seen=seen))
    assert response.status_code == 409
    assert not Order.objects.exists()


def test_a_double_click_places_one_order(buyer, tee):
    form = checkout_form(buyer)
    first = buyer.post("/checkout/", form)
    second = buyer.post("/checkout/", form)
    assert first.url == second.url
    assert Order.objects.count() == 1
    tee.refresh_from_db()
    assert tee.stock == 2


def test_the_back_button_and_another_send_lead_to_the_order_that_is_there(buyer):
    form = checkout_form(buyer)
    first = buyer.post("/checkout/", form)
    assert buyer.post("/checkout/", form | {"street": "Somewhere else"}).url == first.url


def test_somebody_elses_token_gives_no_access_to_their_order(buyer, tee):
    form = checkout_form(buyer)
    buyer.post("/checkout/", form)
    thief = type(buyer)()
    thief.post("/bag/add/", {"variant": tee.pk})
    mine = checkout_form(thief) | {"token": form["token"]}
    thief.post("/checkout/", mine)
    assert Order.objects.count() == 2
