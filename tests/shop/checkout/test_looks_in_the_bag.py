"""A whole look into the bag: one of each, once, and a sentence for what could not come."""

import pytest

from accounts.shopper import Shopper
from recommendations.models import Interaction
from shop.checkout.bags import look_into
from shop.checkout.carts import add_look, cart_of
from shop.checkout.models import CartLine
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db
SCRIPT = {"Accept": "application/json"}


def send(client, *variants, **options):
    return client.post("/bag/add-look/", {"variant": [getattr(v, "pk", v) for v in variants]}, **options)


def in_bag() -> dict:
    return {line.variant: line.quantity for line in CartLine.objects.select_related("variant")}


def test_all_pieces_come_with_one_click(client, tee, coat):
    page = send(client, tee, coat, follow=True).content.decode()
    assert in_bag() == {tee: 1, coat: 1}
    assert "2 pieces of the look are in your bag." in page
    assert set(Interaction.objects.values_list("kind", "product")) == {
        ("cart", tee.product_id),
        ("cart", coat.product_id),
    }


def test_a_look_that_is_sent_twice_comes_once(client, tee, coat):
    send(client, tee, coat)
    again = send(client, tee, coat, headers=SCRIPT)
    assert in_bag() == {tee: 1, coat: 1}
    assert again.json() == {"added": True, "message": "2 of them were there already.", "count": 2}
    assert Interaction.objects.count() == 2


def test_what_was_in_the_bag_before_stays_as_it_was(client, tee, coat):
    client.post("/bag/add/", {"variant": tee.pk, "quantity": 2})
    answer = send(client, tee, coat, headers=SCRIPT).json()
    assert in_bag() == {tee: 2, coat: 1}
    assert answer["message"] == "Wool coat L is in your bag. Breton tee M was there already."
    assert answer["count"] == 3


def test_a_piece_that_sold_out_meanwhile_is_named_and_the_others_come(client, tee, coat):
    type(coat).objects.filter(pk=coat.pk).update(stock=0)
    answer = send(client, tee, coat, headers=SCRIPT)
    assert answer.status_code == 200
    assert in_bag() == {tee: 1}
    assert answer.json()["message"] == (
        "Breton tee M is in your bag. Wool coat L is sold out. Another size or colour may be there."
    )


def test_where_nothing_can_come_the_answer_says_why(client, coat):
    type(coat).objects.filter(pk=coat.pk).update(stock=0)
    answer = send(client, coat, headers=SCRIPT)
    assert (answer.status_code, answer.json()["added"]) == (409, False)
    assert "Wool coat L is sold out" in answer.json()["message"]


def test_a_piece_without_a_size_is_asked_for_and_the_others_come(client, tee):
    answer = send(client, tee, "", headers=SCRIPT).json()
    assert in_bag() == {tee: 1}
    assert "Choose a size of every piece" in answer["message"]


def test_a_piece_that_left_the_shop_is_told_of(client, tee, coat):
    type(coat.product).objects.filter(pk=coat.product_id).update(status="archived")
    message = send(client, tee, coat, headers=SCRIPT).json()["message"]
    assert (
        message
        == "Breton tee M is in your bag. One of the pieces is no longer sold. Swap it for another one."
    )


@pytest.mark.parametrize("nonsense", [[], ["x"], ["9" * 40], ["-1"], ["²"]])
def test_nonsense_adds_nothing_and_says_what_to_do(client, nonsense):
    answer = send(client, *nonsense, headers=SCRIPT)
    assert answer.status_code == 409
    assert answer.json()["message"].startswith("There was no piece to add.")
    assert in_bag() == {}


def test_a_bag_of_another_currency_keeps_what_it_has(tee):
    cart = cart_of(Shopper(visitor="v"), create=True)
    francs = ProductFactory(name="Swiss scarf", variants__currency="CHF").variants.get()
    look = add_look(cart, [tee, francs])
    assert look.came == [tee]
    assert "Please order it apart." in look.sentence
    assert len(look_into(cart).lines) == 1
