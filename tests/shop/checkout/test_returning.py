"""Sending pieces back: asked for, answered, received, paid back."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from catalog.models import Variant
from shop.checkout import delivering, outbox, refunding, returning
from shop.checkout.access import key_of
from shop.checkout.fulfilling import advance
from shop.checkout.models import OrderEvent, OutboxMessage, Payment, Refund, Return, ReturnLine
from shop.checkout.returning import NotReturnable, Wanted
from tests.power_cuts import cut_everywhere
from tests.rest import V1, assert_problem, program


@pytest.fixture
def arrived(client, tee, coat, place, pay):
    """Two tees and a coat, in the guest's hands."""
    client.post("/bag/add/", {"variant": tee.pk, "quantity": 2})
    client.post("/bag/add/", {"variant": coat.pk})
    order = place(client)
    pay(client, order)
    for status in ("packed", "shipped", "delivered"):
        advance(order, status)
    order.refresh_from_db()
    return order


@pytest.fixture
def tees(arrived) -> int:
    return arrived.lines.get(name="Breton tee").pk


def want(line: int, quantity: int = 1) -> list[Wanted]:
    return [Wanted(line, quantity, "too_small")]


def state(asked: Return) -> str:
    asked.refresh_from_db()
    return asked.state


def form_of(client: Client, order, line: int, **changes: str) -> dict[str, str]:
    form = client.get(f"/orders/{order.number}/return/").context["form"]
    return {
        "token": form["token"].value(),
        f"pieces-{line}": "1",
        f"reason-{line}": "too_small",
        **{name: "0" for name in form.fields if name.startswith("pieces-") and name != f"pieces-{line}"},
        **changes,
    }


# --- Asking ---------------------------------------------------------------------------------------------------------


def test_a_guest_asks_on_the_order_page_and_sees_what_became_of_it(client, arrived, tees):
    assert "Send something back" in client.get(f"/orders/{arrived.number}/").content.decode()
    form = form_of(client, arrived, tees, words="A bit tight")
    page = client.post(f"/orders/{arrived.number}/return/", form, follow=True).content.decode()
    assert "We have your return and write to you" in page
    assert "You want to send 1 piece back." in page
    asked = Return.objects.get()
    assert (asked.words, asked.lines.get().reason) == ("A bit tight", "too_small")


def test_a_double_click_asks_once(client, arrived, tees):
    form = form_of(client, arrived, tees)
    for _ in range(2):
        assert client.post(f"/orders/{arrived.number}/return/", form).status_code == 302
    assert Return.objects.count() == 1


def test_a_form_without_a_reason_or_a_piece_is_shown_again(client, arrived, tees):
    url = f"/orders/{arrived.number}/return/"
    response = client.post(url, form_of(client, arrived, tees, **{f"reason-{tees}": ""}))
    assert response.status_code == 422
    assert "Choose why it goes back." in response.content.decode()
    response = client.post(url, form_of(client, arrived, tees, **{f"pieces-{tees}": "0"}))
    assert response.status_code == 409
    assert "Choose at least one piece" in response.content.decode()
    assert client.post(url, {}).status_code == 422
    assert not Return.objects.exists()


def test_the_link_of_the_mail_is_enough_and_a_guess_is_not(arrived, tees):
    elsewhere = Client()
    url = f"/orders/{arrived.number}/return/"
    assert elsewhere.get(url, {"key": "guess"}).status_code == 404
    assert elsewhere.get(url, {"key": key_of(arrived)}).status_code == 200
    answer = elsewhere.post(
        url,
        {
            "key": key_of(arrived),
            "token": "t",
            f"pieces-{tees}": "2",
            f"reason-{tees}": "damaged",
            f"pieces-{arrived.lines.get(name='Wool coat').pk}": "0",
        },
    )
    assert answer.status_code == 302
    assert ReturnLine.objects.get().quantity == 2


def test_who_has_nothing_yet_sends_nothing_back(buyer, place, pay):
    order = place(buyer)
    pay(buyer, order)
    page = buyer.get(f"/orders/{order.number}/return/").content.decode()
    assert "once the order has arrived" in page
    assert "Send something back" not in buyer.get(f"/orders/{order.number}/").content.decode()
    with pytest.raises(NotReturnable, match="once the order has arrived"):
        returning.ask(order, want(order.lines.get().pk))


def test_after_thirty_days_it_is_too_late(client, arrived, tees):
    form = form_of(client, arrived, tees)
    with time_machine.travel(timezone.now() + timedelta(days=30, minutes=1)):
        response = client.post(f"/orders/{arrived.number}/return/", form)
        assert response.status_code == 409
        assert "The time to send something back ended on" in response.content.decode()
    with time_machine.travel(timezone.now() + timedelta(days=29, hours=23)):
        assert returning.ask(arrived, want(tees))


def test_each_piece_goes_back_once(arrived, tees):
    returning.ask(arrived, want(tees))
    with pytest.raises(NotReturnable, match="So many pieces are not there"):
        returning.ask(arrived, want(tees, 2))
    returning.ask(arrived, [*want(tees), *want(arrived.lines.get(name="Wool coat").pk)])
    with pytest.raises(NotReturnable, match="on their way back already"):
        returning.ask(arrived, want(tees))


def test_two_wishes_for_one_line_count_together(arrived, tees):
    with pytest.raises(NotReturnable, match="So many pieces"):
        returning.ask(arrived, [*want(tees), *want(tees, 2)])
    assert not Return.objects.exists()


def test_what_was_refused_may_be_asked_for_again(arrived, tees):
    asked = returning.ask(arrived, want(tees, 2))
    assert returning.refuse(asked, "It was worn.") is True
    assert returning.ask(arrived, want(tees, 2))


def test_pieces_that_were_paid_back_without_a_return_do_not_come_back_for_money_again(arrived, tees):
    refunding.refund(arrived, pieces={tees: 2})
    with pytest.raises(NotReturnable, match="So many pieces"):
        returning.ask(arrived, want(tees))


# --- Working through them -------------------------------------------------------------------------------------------


@pytest.fixture
def desk(curator) -> Client:
    client = Client()
    client.force_login(curator)
    return client


def do(desk: Client, asked: Return, step: str, **form: str) -> str:
    return desk.post(f"/admin/checkout/return/{asked.pk}/step/{step}/", form, follow=True).content.decode()


def test_a_return_is_accepted_received_and_paid_back_in_the_admin(desk, arrived, tees, tee, curator):
    asked = returning.ask(arrived, want(tees, 2), "Too tight")
    page = desk.get(f"/admin/checkout/return/{asked.pk}/change/").content.decode()
    assert "Too tight" in page
    do(desk, asked, "accept")
    assert state(asked) == "accepted"
    line = asked.lines.get()
    do(desk, asked, "receive", **{f"line-{line.pk}": "on"})
    tee.refresh_from_db()
    assert (state(asked), tee.stock) == ("received", 3)
    do(desk, asked, "pay-back")
    assert state(asked) == "refunded"
    assert asked.refund.amount == Decimal("40.00")
    assert Payment.objects.get().refunded == Decimal("40.00")
    kinds = list(arrived.events.values_list("kind", flat=True))
    assert kinds[-4:] == ["return_asked", "return_accepted", "return_received", "refunded"]
    assert arrived.events.get(kind="return_received").by == curator
    assert asked.refund.reason == str(asked)


def test_damaged_pieces_do_not_go_back_on_the_shelf(desk, arrived, tees, tee):
    asked = returning.ask(arrived, want(tees, 2))
    returning.accept(asked)
    do(desk, asked, "receive")
    tee.refresh_from_db()
    assert (tee.stock, asked.lines.get().is_restocked) == (1, False)


def test_a_refusal_says_why(desk, arrived, tees, client):
    asked = returning.ask(arrived, want(tees))
    assert "Nothing was changed." in do(desk, asked, "refuse")
    do(desk, asked, "refuse", why="It was worn.")
    assert state(asked) == "refused"
    assert "We cannot take it back: It was worn." in client.get(f"/orders/{arrived.number}/").content.decode()


def test_no_step_is_skipped_or_taken_twice(arrived, tees):
    asked = returning.ask(arrived, want(tees))
    assert returning.receive(asked) is False
    assert returning.pay_back(asked) is False
    assert returning.accept(asked) is True
    assert returning.accept(asked) is False
    assert returning.refuse(asked, "Too late to say no.") is False
    assert returning.receive(asked) is True
    assert returning.receive(asked) is False
    assert returning.pay_back(asked) is True
    assert returning.pay_back(asked) is False
    assert Refund.objects.count() == 1


def test_money_that_went_back_as_a_sum_before_is_not_given_twice(desk, arrived, tees):
    asked = returning.ask(arrived, want(tees, 2))
    returning.accept(asked)
    returning.receive(asked)
    refunding.refund(arrived, amount=Decimal("180.00"))
    page = do(desk, asked, "pay-back")
    assert "40.00 is more than the 10.00 that are left" in page
    assert state(asked) == "received"


def test_the_shopper_is_told_of_each_answer_by_mail(arrived, tees, settings):
    settings.SHOP_ADDRESS = ["Kindred", "1 Loom Lane", "1010 Vienna"]
    for pk in outbox.due_messages():
        delivering.deliver(pk)
    mail.outbox.clear()
    asked = returning.ask(arrived, want(tees))
    returning.accept(asked)
    returning.receive(asked)
    returning.pay_back(asked)
    for message in OutboxMessage.objects.filter(kind="mail").order_by("pk"):
        delivering.deliver(message.pk)
    subjects = [message.subject.replace(arrived.number, "N") for message in mail.outbox]
    assert subjects == [
        "Your return of order N",
        "How to send order N back",
        "Your parcel of order N has arrived",
        "Money back for your order N",
    ]
    assert "Kindred, 1 Loom Lane, 1010 Vienna" in mail.outbox[1].body


@pytest.mark.django_db(transaction=True)
def test_a_power_cut_at_any_step_of_a_return_leaves_no_half_step(arrived, tees):
    def books():
        return (
            list(Return.objects.values_list("state", "refund")),
            list(ReturnLine.objects.values_list("quantity", "is_restocked")),
            sorted(Variant.objects.values_list("sku", "stock", "product__in_stock")),
            list(Payment.objects.values_list("status", "refunded")),
            Refund.objects.count(),
            OrderEvent.objects.count(),
            OutboxMessage.objects.count(),
        )

    assert cut_everywhere(lambda: returning.ask(arrived, want(tees)), books) > 6
    asked = Return.objects.get()
    line = asked.lines.get().pk
    assert cut_everywhere(lambda: returning.accept(asked), books) > 4
    assert cut_everywhere(lambda: returning.receive(asked, {line}), books) > 6
    assert cut_everywhere(lambda: returning.pay_back(asked), books) > 8
    assert state(asked) == "refunded"
    assert Refund.objects.get().amount == Decimal("20.00")


# --- REST -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def own(arrived, shopper):
    arrived.user = shopper
    arrived.save()
    return arrived


def test_a_program_asks_once_and_reads_what_became_of_it(own, shopper, tees):
    device, url = program(shopper), f"{V1}orders/{own.number}/returns/"
    assert device.get(url).json()["results"] == []
    wish = {"lines": [{"line": tees, "quantity": 1, "reason": "too_large"}], "words": "Wide"}
    first = device.post(url, wish, headers={"Idempotency-Key": "key"})
    assert first.status_code == 201
    again = device.post(url, wish, headers={"Idempotency-Key": "key"})
    assert (again.json(), again["Idempotent-Replayed"]) == (first.json(), "true")
    (listed,) = device.get(url).json()["results"]
    assert listed == first.json()
    assert (listed["state"], listed["lines"]) == ("asked", wish["lines"])
    other = {**wish, "words": "Other words"}
    assert_problem(device.post(url, other, headers={"Idempotency-Key": "key"}), 422)


def test_a_program_is_told_what_cannot_be_sent_back(own, shopper, tees):
    device, url = program(shopper), f"{V1}orders/{own.number}/returns/"
    wish = {"lines": [{"line": tees, "quantity": 3, "reason": "too_large"}]}
    problem = assert_problem(device.post(url, wish, headers={"Idempotency-Key": "key"}), 409)
    assert "So many pieces" in problem["detail"]
    assert_problem(device.post(url, {"lines": []}, headers={"Idempotency-Key": "key"}), 400)
    assert_problem(device.post(url, wish), 400)
    assert not Return.objects.exists()


def test_the_pages_of_an_order_with_a_past_stay_light(client, arrived, tees, django_assert_max_num_queries):
    returning.ask(arrived, want(tees))
    refunding.refund(arrived, amount=Decimal("1.00"))
    for page in ("", "return/"):
        with django_assert_max_num_queries(8):
            assert client.get(f"/orders/{arrived.number}/{page}").status_code == 200
