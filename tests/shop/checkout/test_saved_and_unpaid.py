"""What is saved for later, and how many unpaid orders one shopper may hold."""

from shop.checkout.carts import merge_visitors_cart
from shop.checkout.models import Cart, CartLine, Order
from shop.checkout.placing import cancel_order
from tests.factories import ProductFactory
from tests.shopping import checkout_form


def line_url(variant) -> str:
    return f"/bag/{CartLine.objects.get(variant=variant).pk}/"


def move(client, variant, how: str):
    return client.post(line_url(variant), {how: "1"}, follow=True)


def test_a_line_is_saved_for_later_and_is_not_part_of_the_order(buyer, tee, coat, place):
    buyer.post("/bag/add/", {"variant": coat.pk})
    page = move(buyer, coat, "later")
    assert "Wool coat L is saved for later." in page.content.decode()
    bag = page.context["bag"]
    assert ([line.variant for line in bag.lines], [line.variant for line in bag.saved]) == ([tee], [coat])
    assert bag.totals.subtotal == tee.price
    assert buyer.session["cart_count"] == 1
    assert place(buyer).lines.get().variant == tee
    assert [line.variant for line in buyer.get("/bag/").context["bag"].saved] == [coat]


def test_a_saved_line_comes_back_as_it_was(buyer, tee):
    buyer.post("/bag/add/", {"variant": tee.pk})
    move(buyer, tee, "later")
    bag = move(buyer, tee, "back").context["bag"]
    assert [(line.variant, line.line.quantity) for line in bag.lines] == [(tee, 2)]
    assert not bag.saved


def test_what_is_sold_out_stays_saved_and_the_shopper_hears_it(buyer, tee):
    move(buyer, tee, "later")
    tee.stock = 0
    tee.save()
    page = move(buyer, tee, "back")
    assert "Breton tee M is sold out." in page.content.decode()
    assert len(page.context["bag"].saved) == 1


def test_adding_what_is_saved_brings_it_back(buyer, tee):
    move(buyer, tee, "later")
    buyer.post("/bag/add/", {"variant": tee.pk})
    bag = buyer.get("/bag/").context["bag"]
    assert ([line.line.quantity for line in bag.lines], bag.saved) == ([1], [])


def test_a_saved_line_is_taken_out_for_good(buyer, tee):
    move(buyer, tee, "later")
    move(buyer, tee, "remove")
    assert not CartLine.objects.exists()


def test_a_bag_of_saved_lines_alone_cannot_be_ordered(buyer, tee):
    form = checkout_form(buyer)
    move(buyer, tee, "later")
    assert buyer.get("/checkout/").url == "/bag/"
    assert buyer.post("/checkout/", form).url == "/bag/"
    assert not Order.objects.exists()


def test_what_a_visitor_saved_survives_signing_in(buyer, tee, shopper):
    move(buyer, tee, "later")
    merge_visitors_cart(Cart.objects.get().session_key, shopper)
    assert shopper.cart.lines.get().is_saved
    assert not shopper.cart.pieces.exists()


# --- Unpaid orders ------------------------------------------------------------------------------------------------


def order_one(client):
    client.post("/bag/add/", {"variant": ProductFactory().variants.get().pk})
    return client.post("/checkout/", checkout_form(client))


def test_who_holds_three_unpaid_orders_pays_or_cancels_one_before_the_next(client, db):
    for _ in range(3):
        assert order_one(client).status_code == 302
    refused = order_one(client)
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "You have 3 orders that wait for their payment." in page
    waiting = Order.objects.first()
    assert f'href="/orders/{waiting.number}/"' in page
    assert Order.objects.count() == 3
    cancel_order(waiting)
    assert client.post("/checkout/", checkout_form(client)).status_code == 302


def test_the_unpaid_orders_of_others_do_not_count(client, db, settings):
    settings.MAX_UNPAID_ORDERS = 1
    assert order_one(client).status_code == 302
    assert order_one(type(client)()).status_code == 302


def test_signing_in_or_out_is_no_way_round(client, shopper, settings):
    settings.MAX_UNPAID_ORDERS = 1
    client.force_login(shopper)
    assert order_one(client).status_code == 302
    assert order_one(client).status_code == 409
