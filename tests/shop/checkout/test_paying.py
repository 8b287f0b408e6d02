"""Payment: approved, declined, asked by the bank, late, twice."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from recommendations.models import Interaction
from shop.checkout import payments, placing
from shop.checkout.models import Order, Payment
from shop.checkout.signals import order_paid
from shop.checkout.tasks import expire_unpaid_orders


def state(order: Order) -> tuple[str, list[str]]:
    order.refresh_from_db()
    return order.status, sorted(order.payments.values_list("status", flat=True))


def test_an_approved_payment_pays_the_order(buyer, place, pay):
    order = place(buyer)
    response = pay(buyer, order)
    assert response.url == f"/orders/{order.number}/"
    assert state(order) == ("paid", ["paid"])
    assert "Thank you, Gwen Guest." in buyer.get(response.url).content.decode()


def test_a_declined_card_leaves_the_order_waiting_for_another_try(buyer, tee, place, pay):
    order = place(buyer)
    response = pay(buyer, order, "decline")
    assert response.url == f"/checkout/{order.number}/pay/"
    assert "The card was declined. Nothing was charged" in buyer.get(response.url).content.decode()
    assert state(order) == ("awaiting_payment", ["declined"])
    pay(buyer, order)
    assert state(order) == ("paid", ["declined", "paid"])
    tee.refresh_from_db()
    assert tee.stock == 2


@pytest.mark.parametrize(
    ("answer", "status"), [("yes", ("paid", ["paid"])), ("no", ("awaiting_payment", ["declined"]))]
)
def test_a_bank_that_asks_decides(buyer, place, pay, answer, status):
    order = place(buyer)
    question = pay(buyer, order, "ask").url
    assert state(order) == ("awaiting_payment", ["pending"])
    assert "24.90" in buyer.get(question).content.decode()
    buyer.post(question, {"answer": answer})
    assert state(order) == status


def test_a_second_click_on_pay_is_the_same_attempt(buyer, place):
    order = place(buyer)
    url = f"/checkout/{order.number}/pay/"
    token = buyer.get(url).context["form"]["token"].value()
    for _ in range(2):
        buyer.post(url, {"choice": "approve", "token": token})
    assert state(order) == ("paid", ["paid"])


def test_a_paid_order_cannot_be_paid_again(buyer, place, pay):
    order = place(buyer)
    url = f"/checkout/{order.number}/pay/"
    pay(buyer, order)
    assert buyer.get(url).url == f"/orders/{order.number}/"
    with pytest.raises(payments.NotPayable, match="paid already"):
        payments.pay(order, "approve", "another")
    assert Payment.objects.count() == 1


@pytest.mark.parametrize("form", [{}, {"choice": "free"}, {"choice": "approve", "token": "../x"}])
def test_a_payment_form_that_makes_no_sense_is_shown_again(buyer, place, form):
    order = place(buyer)
    assert buyer.post(f"/checkout/{order.number}/pay/", form).status_code == 422
    assert state(order) == ("awaiting_payment", [])


def test_the_answer_of_the_provider_may_come_twice(buyer, place, pay):
    order = place(buyer)
    pay(buyer, order, "ask")
    reference = order.payments.get().reference
    paid = []

    def listen(sender, order, **kwargs):
        paid.append(order)

    order_paid.connect(listen)
    try:
        payments.settle(reference, is_paid=True)
        payments.settle(reference, is_paid=True)
        payments.settle(reference, is_paid=False)
    finally:
        order_paid.disconnect(listen)
    assert state(order) == ("paid", ["paid"])
    assert paid == [order]


def test_money_that_comes_after_the_order_was_cancelled_goes_back(buyer, place, pay):
    order = place(buyer)
    pay(buyer, order, "ask")
    placing.cancel_order(order)
    payments.settle(order.payments.get().reference, is_paid=True)
    assert state(order) == ("cancelled", ["refunded"])


def test_money_of_an_attempt_that_was_given_up_goes_back(buyer, place, pay):
    order = place(buyer)
    pay(buyer, order, "ask")
    old = order.payments.get().reference
    pay(buyer, order, "approve")
    payments.settle(old, is_paid=True)
    assert state(order) == ("paid", ["paid", "refunded"])


def test_an_unknown_reference_is_no_payment(db):
    with pytest.raises(Payment.DoesNotExist):
        payments.settle("forged", is_paid=True)


def test_purchases_become_interactions_of_the_shopper(client, shopper, tee, place, pay):
    client.force_login(shopper)
    client.post("/bag/add/", {"variant": tee.pk, "quantity": 2})
    order = place(client)
    assert not Interaction.objects.filter(kind="purchase").exists()
    pay(client, order)
    bought = Interaction.objects.get(kind="purchase")
    assert (bought.user, bought.product) == (shopper, tee.product)


def test_purchases_of_a_guest_belong_to_the_visit(buyer, tee, place, pay):
    pay(buyer, place(buyer))
    assert Interaction.objects.get(kind="purchase").session_key == buyer.session["visitor"]


# --- Cancelling and expiring --------------------------------------------------------------------------------------


def test_cancelling_gives_the_pieces_back(client, coat, place):
    client.post("/bag/add/", {"variant": coat.pk})
    order = place(client)
    client.post(f"/orders/{order.number}/cancel/")
    coat.refresh_from_db()
    coat.product.refresh_from_db()
    assert (coat.stock, coat.product.in_stock) == (1, True)
    assert state(order) == ("cancelled", [])
    client.post(f"/orders/{order.number}/cancel/")
    coat.refresh_from_db()
    assert coat.stock == 1  # given back once


def test_a_paid_order_is_not_cancelled(buyer, place, pay):
    order = place(buyer)
    pay(buyer, order)
    page = buyer.post(f"/orders/{order.number}/cancel/", follow=True).content.decode()
    assert "cannot be cancelled here" in page
    assert state(order) == ("paid", ["paid"])


def test_an_order_that_nobody_pays_expires_after_half_an_hour(buyer, tee, place):
    order = place(buyer)
    with time_machine.travel(timezone.now() + timedelta(minutes=29), tick=False):
        expire_unpaid_orders()
        assert state(order)[0] == "awaiting_payment"
    with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=False):
        expire_unpaid_orders()
        expire_unpaid_orders()
    assert state(order)[0] == "cancelled"
    tee.refresh_from_db()
    assert tee.stock == 3


def test_a_cancelled_order_goes_back_into_the_bag(buyer, tee, place):
    order = place(buyer)
    placing.cancel_order(order)
    assert "Put it back into my bag" in buyer.get(f"/orders/{order.number}/").content.decode()
    buyer.post(f"/orders/{order.number}/again/")
    assert [item.variant for item in buyer.get("/bag/").context["bag"].lines] == [tee]


def test_ordering_again_tells_what_is_gone(buyer, tee, place):
    order = place(buyer)
    type(tee).objects.filter(pk=tee.pk).update(stock=0)
    page = buyer.post(f"/orders/{order.number}/again/", follow=True).content.decode()
    assert "Breton tee M is sold out." in page
    assert "What we still have" not in page


# --- The mail -----------------------------------------------------------------------------------------------------


def test_a_paid_order_is_confirmed_by_a_mail_with_text_and_html(eager_tasks, buyer, place, pay):
    order = place(buyer)
    assert not mail.outbox
    pay(buyer, order)
    (message,) = mail.outbox
    html, kind = message.alternatives[0]
    assert message.to == ["guest@example.com"]
    assert order.number in message.subject
    assert kind == "text/html"
    for body in (message.body, html):
        assert "1 × Breton tee" in body
        assert "24.90" in body
        assert f"/orders/{order.number}/?key=" in body


def test_the_link_in_the_mail_opens_the_guests_order_anywhere(eager_tasks, buyer, place, pay):
    order = place(buyer)
    pay(buyer, order)
    link = next(line for line in mail.outbox[0].body.splitlines() if "?key=" in line)
    elsewhere = type(buyer)()
    page = elsewhere.get("/" + link.split("/", 3)[3])
    assert page.status_code == 200
    assert elsewhere.get(f"/orders/{order.number}/").status_code == 404
