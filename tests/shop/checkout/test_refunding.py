"""Money that goes back: in part, for pieces, never more than was paid, once."""

import random
from decimal import Decimal

import pytest
import requests
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from shop.checkout import delivering, refunding
from shop.checkout.models import Invoice, OrderEvent, OutboxMessage, Payment, Refund, RefundLine
from shop.checkout.providers import PROVIDERS, ProviderRefused
from shop.checkout.refunding import NotRefundable, price_of_pieces, refund
from tests.power_cuts import cut_everywhere


@pytest.fixture
def paid(client, tee, coat, place, pay):
    """Two tees (20 each) and a coat (150), delivered for nothing."""
    client.post("/bag/add/", {"variant": tee.pk, "quantity": 2})
    client.post("/bag/add/", {"variant": coat.pk})
    order = place(client)
    pay(client, order)
    order.refresh_from_db()
    assert order.total == Decimal("190.00")
    return order


def payment_of(order) -> Payment:
    return order.payments.get()


def test_a_sum_goes_back_and_the_rest_may_follow(paid, curator):
    refund(paid, amount=Decimal("10.50"), reason="A stain", by=curator)
    assert (payment_of(paid).status, payment_of(paid).refunded) == ("paid", Decimal("10.50"))
    refund(paid)
    assert (payment_of(paid).status, payment_of(paid).refunded) == ("refunded", Decimal("190.00"))
    assert list(Refund.objects.order_by("pk").values_list("amount", flat=True)) == [
        Decimal("10.50"),
        Decimal("179.50"),
    ]
    with pytest.raises(NotRefundable, match="Nothing of this order is left"):
        refund(paid)
    told = paid.events.filter(kind="refunded").first()
    assert (told.by, told.words.replace("\xa0", " ")) == (curator, "€ 10.50 goes back to you.")


def test_pieces_go_back_at_what_they_cost_and_each_once(paid):
    tees = paid.lines.first()
    assert refund(paid, pieces={tees.pk: 1}).amount == Decimal("20.00")
    with pytest.raises(NotRefundable, match="not left to pay back"):
        refund(paid, pieces={tees.pk: 2})
    assert refund(paid, pieces={tees.pk: 1}).amount == Decimal("20.00")
    assert RefundLine.objects.count() == 2
    assert refunding.pieces_left(paid)[tees.pk] == 0


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({"amount": Decimal("190.01")}, "more than the 190.00"),
        ({"amount": Decimal("0.00")}, "Say how much"),
        ({"amount": Decimal("-5.00")}, "Say how much"),
        ({"pieces": {0: 1}}, "not left to pay back"),
    ],
)
def test_what_makes_no_sense_changes_nothing(paid, wanted, sentence):
    with pytest.raises(NotRefundable, match=sentence):
        refund(paid, **wanted)
    assert payment_of(paid).refunded == 0
    assert not Refund.objects.exists()


def test_an_order_that_nobody_paid_has_nothing_to_give_back(buyer, place):
    with pytest.raises(NotRefundable):
        refund(place(buyer), amount=Decimal("1.00"))


def test_the_database_itself_refuses_more_than_was_paid(paid):
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.update(refunded=Decimal("190.01"))


@given(
    paid=st.decimals("0.00", "9999.99", places=2),
    takes=st.lists(st.integers(1, 5), min_size=1, max_size=6),
)
def test_shares_of_a_line_add_up_to_it_however_the_pieces_come(paid, takes):
    quantity, before, shares = sum(takes), 0, []
    for pieces in takes:
        shares.append(price_of_pieces(paid, quantity, before, pieces))
        before += pieces
    assert sum(shares) == paid
    assert min(shares) >= 0


@given(st.data())
def test_more_pieces_than_are_left_have_no_price(data):
    quantity = data.draw(st.integers(1, 5))
    before = data.draw(st.integers(0, quantity))
    with pytest.raises(ValueError, match="given back already"):
        price_of_pieces(Decimal("10.00"), quantity, before, quantity - before + 1)


@pytest.mark.parametrize("seed", range(5))
def test_any_row_of_refunds_never_exceeds_the_payment(paid, seed):
    """Sums and pieces, sensible and not, one after the other."""
    dice = random.Random(seed)
    lines = list(paid.lines.values_list("pk", flat=True))
    for _ in range(12):
        wanted = (
            {"pieces": {dice.choice(lines): dice.randint(1, 2)}}
            if dice.random() < 0.4
            else {"amount": Decimal(dice.randint(1, 9000)) / 100}
        )
        try:
            refund(paid, **wanted)
        except NotRefundable:
            continue
    total = sum(Refund.objects.values_list("amount", flat=True))
    assert total == payment_of(paid).refunded <= payment_of(paid).amount


@pytest.mark.django_db(transaction=True)
def test_a_power_cut_during_a_refund_leaves_no_half_refund(paid):
    def books():
        return (
            list(Payment.objects.values_list("status", "refunded")),
            Refund.objects.count(),
            RefundLine.objects.count(),
            OrderEvent.objects.count(),
            OutboxMessage.objects.count(),
            list(Invoice.objects.order_by("pk").values_list("kind", "number")),
        )

    tees = paid.lines.first()
    assert cut_everywhere(lambda: refund(paid, pieces={tees.pk: 1}), books) > 6
    assert Refund.objects.count() == RefundLine.objects.count() == 1


# --- The provider's part ------------------------------------------------------------------------------------------


@pytest.fixture
def provider(monkeypatch):
    """The test provider with a list of the keys it was given, and with whatever ``fails`` says."""

    class Watched(type(PROVIDERS["test"])):
        keys: list[str] = []
        fails: Exception | None = None

        def refund(self, refund):
            self.keys.append(refund.key)
            if self.fails:
                raise self.fails

    watched = Watched()
    watched.keys = []
    monkeypatch.setitem(PROVIDERS, "test", watched)
    return watched


def message_of(written: Refund) -> OutboxMessage:
    return OutboxMessage.objects.filter(refund=written).latest("pk")


def test_the_provider_is_asked_once(paid, provider):
    written = refund(paid, amount=Decimal("5.00"))
    assert delivering.deliver(message_of(written).pk) is True
    assert delivering.deliver(message_of(written).pk) is False
    written.refresh_from_db()
    assert (written.state, len(provider.keys)) == ("done", 1)


def test_a_provider_that_is_away_is_asked_again_under_the_same_key(paid, provider):
    written = refund(paid, amount=Decimal("5.00"))
    provider.fails = requests.ConnectionError("away")
    assert delivering.deliver(message_of(written).pk) is False
    provider.fails = None
    OutboxMessage.objects.update(due_at=paid.created_at)
    assert delivering.deliver(message_of(written).pk) is True
    assert len(provider.keys) == 2
    assert len(set(provider.keys)) == 1


def test_a_refund_that_is_refused_is_told_to_the_owner_who_asks_again(paid, provider, curator, client):
    written = refund(paid, amount=Decimal("5.00"))
    provider.fails = ProviderRefused("The card is closed.")
    delivering.deliver(message_of(written).pk)
    written.refresh_from_db()
    assert (written.state, written.message) == ("failed", "The card is closed.")
    assert payment_of(paid).refunded == Decimal("5.00")  # it is still owed
    desk = Client()
    desk.force_login(curator)
    address = f"/admin/checkout/order/{paid.pk}/change/"
    assert "The card is closed." in desk.get(address).content.decode()
    assert "could not be given back" not in client.get(f"/orders/{paid.number}/").content.decode()
    provider.fails = None
    desk.post(f"/admin/checkout/order/refund/{written.pk}/retry/")
    delivering.deliver(message_of(written).pk)
    written.refresh_from_db()
    assert written.state == "done"
    assert len(set(provider.keys)) == 2  # a provider answers the same key with its first refusal
    desk.post(f"/admin/checkout/order/refund/{written.pk}/retry/")
    assert written.messages.count() == 2


def test_pieces_and_sums_go_back_in_the_admin(paid, curator):
    desk = Client()
    desk.force_login(curator)
    step, page = (
        f"/admin/checkout/order/{paid.pk}/step/refund-part/",
        f"/admin/checkout/order/{paid.pk}/change/",
    )
    assert "At most 190.00 EUR" in desk.get(page).content.decode()
    tees = paid.lines.first()
    desk.post(step, {f"line-{tees.pk}": "1", "reason": "A hole"})
    assert Refund.objects.get().amount == Decimal("20.00")
    answer = desk.post(step, {"amount": "180.00"}, follow=True).content.decode()
    assert "180.00 is more than the 170.00 that are left" in answer
    answer = desk.post(step, {}, follow=True).content.decode()
    assert "Give either a sum or pieces." in answer
    assert Refund.objects.count() == 1


def test_pieces_stay_sold_when_money_goes_back_without_them(paid, tee):
    refund(paid)
    tee.refresh_from_db()
    assert tee.stock == 1
