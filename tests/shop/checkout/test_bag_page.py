"""The bag, over HTTP, without scripts."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from catalog.models import Variant
from recommendations.models import Interaction
from shop.checkout.cart import MAX_PER_LINE
from shop.checkout.carts import cart_count, forget_visitors_carts
from shop.checkout.models import Cart, CartLine
from tests.factories import PASSWORD, ProductFactory


def bag_of(client):
    return {item.variant: item.line.quantity for item in client.get("/bag/").context["bag"].lines}


def line_url(variant) -> str:
    return f"/bag/{CartLine.objects.get(variant=variant).pk}/"


def test_an_empty_bag_says_what_to_do_next(client, db):
    page = client.get("/bag/").content.decode()
    assert "Your bag is empty" in page
    assert "Look around" in page


def test_looking_into_the_bag_leaves_no_trace(client, db):
    client.get("/bag/")
    assert Cart.objects.count() == 0


def test_a_guest_puts_a_piece_into_the_bag_and_finds_it_there(client, tee):
    response = client.post("/bag/add/", {"variant": tee.pk, "quantity": 2}, follow=True)
    page = response.content.decode()
    assert bag_of(client) == {tee: 2}
    assert "Breton tee M is in your bag." in page
    assert "44.90" in page  # two tees and the delivery


def test_the_header_counts_pieces_without_a_query(client, tee, django_assert_num_queries, rf):
    client.post("/bag/add/", {"variant": tee.pk, "quantity": 2})
    request = rf.get("/")
    request.session = client.session
    request.session.get("warm")
    with django_assert_num_queries(0):
        assert cart_count(request) == 2


def test_adding_is_written_down_as_an_interaction(buyer, tee):
    event = Interaction.objects.get()
    assert (event.kind, event.product) == ("cart", tee.product)


def test_nothing_is_written_down_for_who_does_not_want_it(client, tee):
    client.post("/account/privacy/consent/")
    client.post("/bag/add/", {"variant": tee.pk})
    assert bag_of(client) == {tee: 1}
    assert not Interaction.objects.exists()


def test_more_than_there_is_does_not_fit_and_the_shopper_hears_it(client, tee):
    page = client.post("/bag/add/", {"variant": tee.pk, "quantity": 9}, follow=True).content.decode()
    assert bag_of(client) == {tee: 3}
    assert "We had only 3 more of Breton tee M" in page
    page = client.post("/bag/add/", {"variant": tee.pk}, follow=True).content.decode()
    assert "All 3 of Breton tee M that we have are in your bag already." in page


def test_a_huge_quantity_is_held_to_what_a_bag_holds(client, db):
    socks = ProductFactory(name="Socks", variants__stock=5000).variants.get()
    client.post("/bag/add/", {"variant": socks.pk, "quantity": 9999})
    assert bag_of(client) == {socks: MAX_PER_LINE}


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({}, "Choose a size first."),
        ({"variant": "1 OR 1=1"}, "Enter a whole number."),
        ({"variant": "1", "quantity": "-5"}, "Choose how many"),
        ({"variant": "1", "quantity": "1e9"}, "Choose how many"),
    ],
)
def test_a_form_that_makes_no_sense_gets_a_sentence(client, db, form, sentence):
    assert sentence in client.post("/bag/add/", form, follow=True).content.decode()


def test_a_hidden_or_unknown_piece_cannot_be_added(client, tee):
    tee.product.status = "archived"
    tee.product.save()
    assert client.post("/bag/add/", {"variant": tee.pk}).status_code == 404
    assert client.post("/bag/add/", {"variant": 10**17}).status_code == 404


def test_two_currencies_do_not_mix_in_one_bag(buyer, tee, coat):
    Variant.objects.filter(pk=coat.pk).update(currency="USD")
    page = buyer.post("/bag/add/", {"variant": coat.pk}, follow=True).content.decode()
    assert "Wool coat L is priced in USD, the rest of your bag in EUR." in page
    assert bag_of(buyer) == {tee: 1}


def test_a_piece_whose_currency_changed_is_shown_and_stops_the_checkout(buyer, tee, coat):
    buyer.post("/bag/add/", {"variant": coat.pk})
    Variant.objects.filter(pk=coat.pk).update(currency="USD")
    response = buyer.get("/bag/")
    assert response.context["bag"].totals.subtotal == tee.price
    assert "Please order it apart." in response.content.decode()


def test_a_script_gets_json(client, coat):
    answer = client.post("/bag/add/", {"variant": coat.pk}, headers={"accept": "application/json"})
    assert answer.json() == {"added": True, "message": "Wool coat L is in your bag.", "count": 1}
    answer = client.post("/bag/add/", {"variant": coat.pk}, headers={"accept": "application/json"})
    assert answer.status_code == 409
    assert answer.json()["count"] == 1


def test_a_quantity_is_set_not_added(buyer, tee):
    buyer.post(line_url(tee), {"quantity": 3})
    buyer.post(line_url(tee), {"quantity": 2})
    assert bag_of(buyer) == {tee: 2}


def test_setting_more_than_there_is_is_lowered_with_a_sentence(buyer, tee):
    page = buyer.post(line_url(tee), {"quantity": 500}, follow=True).content.decode()
    assert bag_of(buyer) == {tee: 3}
    assert "3 is the most we can put into your bag" in page


@pytest.mark.parametrize("quantity", ["", "many", "-1", "99999999999"])
def test_a_quantity_that_is_none_changes_nothing(buyer, tee, quantity):
    page = buyer.post(line_url(tee), {"quantity": quantity}, follow=True).content.decode()
    assert "Choose how many" in page
    assert bag_of(buyer) == {tee: 1}


@pytest.mark.parametrize("form", [{"quantity": "0"}, {"quantity": "2", "remove": "1"}])
def test_a_piece_taken_out_comes_back_with_undo(buyer, tee, form):
    page = buyer.post(line_url(tee), form, follow=True).content.decode()
    assert bag_of(buyer) == {}
    assert "Breton tee M is out of your bag." in page
    assert "Undo" in page
    buyer.post("/bag/undo/")
    assert bag_of(buyer) == {tee: 1}
    buyer.post(line_url(tee), {"quantity": "2"})
    buyer.post("/bag/undo/")
    assert bag_of(buyer) == {tee: 2}  # an undo works once, for the last removal


def test_sold_out_meanwhile_is_said_in_the_bag_and_stops_the_checkout(buyer, tee):
    tee.stock = 0
    tee.save()
    page = buyer.get("/bag/").content.decode()
    assert "Breton tee M is sold out. Please take it out." in page
    assert 'href="/checkout/"' not in page


def test_the_bag_needs_few_queries_however_full_it_is(client, db, django_assert_max_num_queries):
    for _ in range(6):
        client.post("/bag/add/", {"variant": ProductFactory().variants.get().pk})
    with django_assert_max_num_queries(8):
        client.get("/bag/")


def test_nobody_changes_a_line_of_somebody_else(buyer, tee, shopper):
    url = line_url(tee)
    stranger = type(buyer)()
    assert stranger.post(url, {"quantity": 3}).status_code == 404
    stranger.force_login(shopper)
    assert stranger.post(url, {"remove": "1"}).status_code == 404
    assert bag_of(buyer) == {tee: 1}


def test_looking_changes_nothing(buyer, tee):
    for url in ("/bag/add/", "/bag/undo/", line_url(tee)):
        assert buyer.get(url, {"variant": tee.pk, "quantity": 3}).status_code == 405
    assert bag_of(buyer) == {tee: 1}


def test_a_form_from_another_site_is_refused(tee):
    assert Client(enforce_csrf_checks=True).post("/bag/add/", {"variant": tee.pk}).status_code == 403


def test_the_way_back_never_leaves_the_shop(client, tee):
    assert client.post("/bag/add/", {"variant": tee.pk, "next": "/all/"}).url == "/all/"
    for elsewhere in ("https://evil.example/", "//evil.example", "javascript:alert(1)", r"\\evil.example"):
        assert client.post("/bag/add/", {"variant": tee.pk, "next": elsewhere}).url == "/bag/"


def test_bags_of_visitors_long_gone_are_forgotten_and_those_of_shoppers_kept(buyer, client, shopper, tee):
    other = Client()
    other.force_login(shopper)
    other.post("/bag/add/", {"variant": tee.pk})
    Cart.objects.update(updated_at=timezone.now() - timedelta(days=61))
    assert forget_visitors_carts() == 1
    assert Cart.objects.get().user == shopper
    assert forget_visitors_carts() == 0


# --- Signing in ---------------------------------------------------------------------------------------------------


def test_the_visitors_bag_joins_the_shoppers_at_sign_in_held_to_stock(client, shopper, tee, coat):
    client.force_login(shopper)
    client.post("/bag/add/", {"variant": tee.pk, "quantity": 2})
    client.logout()
    client.post("/bag/add/", {"variant": tee.pk, "quantity": 2})
    client.post("/bag/add/", {"variant": coat.pk})
    client.force_login(shopper)
    assert bag_of(client) == {tee: 3, coat: 1}  # not four tees: there are three
    assert (
        "2 pieces from your visit before you signed in joined your bag"
        in client.get("/bag/").content.decode()
    )
    assert client.session["cart_count"] == 4


def test_the_merging_can_be_taken_back(client, shopper, tee, coat):
    client.force_login(shopper)
    client.post("/bag/add/", {"variant": tee.pk})
    client.logout()
    client.post("/bag/add/", {"variant": tee.pk})
    client.post("/bag/add/", {"variant": coat.pk})
    client.force_login(shopper)
    client.post("/bag/undo/")
    assert bag_of(client) == {tee: 1}


def test_signing_in_twice_merges_once(client, shopper, tee):
    client.post("/bag/add/", {"variant": tee.pk})
    client.force_login(shopper)
    client.force_login(shopper)
    assert bag_of(client) == {tee: 1}
    assert Cart.objects.count() == 1


def test_the_sign_in_page_merges_too(client, shopper, tee):
    client.post("/bag/add/", {"variant": tee.pk})
    client.post("/account/login/", {"login": shopper.email, "password": PASSWORD})
    assert bag_of(client) == {tee: 1}
    assert Cart.objects.get().user == shopper
