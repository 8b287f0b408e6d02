"""Paying an order, through providers that all look alike.

A payment exists as *pending* before anything is asked of a provider. Whatever brings the answer (the call itself,
the shopper's return from the bank, a message of the provider) ends in ``settle``, which locks the order and may be
called any number of times.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal, Protocol

import structlog
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from shop.checkout.models import Order, OrderEvent, Payment
from shop.checkout.signals import order_paid
from shop.checkout.timeline import happened

logger = structlog.get_logger(__name__)

State = Literal["paid", "declined", "redirect"]


@dataclass(frozen=True)
class Outcome:
    """What a provider says: paid, declined (``message`` tells the shopper why), or: send the shopper to ``url``."""

    state: State
    message: str = ""
    url: str = ""


class Provider(Protocol):
    """Somebody who moves money."""

    name: str
    choices: Mapping[str, str]

    def start(self, payment: Payment, choice: str) -> Outcome:
        """Ask for the payment's amount. Called outside of any transaction: it may take its time."""

    def question_url(self, payment: Payment) -> str:
        """Where the shopper answers for a payment that is pending."""

    def refund(self, payment: Payment) -> None:
        """Give the payment's amount back."""


class TestProvider:
    """Moves no money. The shopper chooses what happens, so that every path can be walked without a network."""

    __test__ = False  # its name is no invitation to pytest
    name = "test"
    choices = {
        "approve": "Test card that pays",
        "ask": "Test card that asks your bank first",
        "decline": "Test card that is declined",
    }

    def start(self, payment: Payment, choice: str) -> Outcome:
        match choice:
            case "approve":
                return Outcome("paid")
            case "ask":
                return Outcome("redirect", url=self.question_url(payment))
            case "decline":
                return Outcome("declined", "The card was declined. Nothing was charged: try another one.")
        raise ValueError(f"{choice!r} is none of {', '.join(self.choices)}")

    def question_url(self, payment: Payment) -> str:
        return reverse("payment_bank", args=[payment.order.number, payment.reference])

    def refund(self, payment: Payment) -> None:
        logger.info("test_payment_refunded", reference=payment.reference, amount=str(payment.amount))


PROVIDERS: dict[str, Provider] = {"test": TestProvider()}


class NotPayable(Exception):
    """The order does not await payment; ``str(error)`` is a sentence for the shopper."""


def new_token() -> str:
    """Names one attempt to pay: the form carries it, so that a double click is one attempt."""
    return uuid.uuid4().hex


def pay(order: Order, choice: str, token: str, provider: Provider = PROVIDERS["test"]) -> Outcome:
    """Make one attempt to pay ``order``. The same ``token`` again asks nobody again.

    Raises:
        NotPayable: when the order is paid or cancelled.
        ValueError: for a choice that the provider does not offer.
    """
    if choice not in provider.choices:
        raise ValueError(f"{choice!r} is none of {', '.join(provider.choices)}")
    payment, is_new = _open(order, token, provider)
    if not is_new:
        return outcome_of(payment)
    outcome = provider.start(payment, choice)
    if outcome.state == "redirect":
        return outcome
    return outcome_of(settle(payment.reference, is_paid=outcome.state == "paid", message=outcome.message))


def _open(order: Order, token: str, provider: Provider) -> tuple[Payment, bool]:
    """The pending payment of this attempt, and whether it is new. An unfinished older attempt ends here."""
    reference = f"{order.number}-{token}"[:100]
    with transaction.atomic():
        locked = Order.objects.select_for_update().get(pk=order.pk)
        known = locked.payments.filter(reference=reference).first()
        if known:
            return known, False
        if locked.status != Order.Status.AWAITING_PAYMENT:
            raise NotPayable(_why_not_payable(locked))
        locked.payments.filter(status=Payment.Status.PENDING).update(
            status=Payment.Status.DECLINED, message="Another attempt to pay was started."
        )
        payment = Payment.objects.create(
            order=locked,
            provider=provider.name,
            reference=reference,
            amount=locked.total,
            currency=locked.currency,
        )
    return payment, True


def _why_not_payable(order: Order) -> str:
    if order.status == Order.Status.CANCELLED:
        return "This order was cancelled and its pieces went back on the shelf. Put them into your bag again to order."
    return "This order is paid already. You need not do anything."


def outcome_of(payment: Payment) -> Outcome:
    """What a payment has come to so far."""
    match payment.status:
        case Payment.Status.PAID:
            return Outcome("paid")
        case Payment.Status.PENDING:
            return Outcome("redirect", url=PROVIDERS[payment.provider].question_url(payment))
    return Outcome("declined", payment.message)


def settle(reference: str, *, is_paid: bool, message: str = "") -> Payment:
    """Write down how a payment ended. Safe to call twice, late, and from two places at once.

    Money that comes for an order which no longer awaits it (cancelled meanwhile, or paid by a later attempt) goes
    straight back.

    Raises:
        Payment.DoesNotExist: for an unknown reference.
    """
    with transaction.atomic():
        order_id = Payment.objects.values_list("order_id", flat=True).get(reference=reference)
        order = Order.objects.select_for_update().get(pk=order_id)
        payment = Payment.objects.select_related("order").get(reference=reference)
        if payment.status in (Payment.Status.PAID, Payment.Status.REFUNDED):
            return payment
        if not is_paid:
            if payment.status == Payment.Status.PENDING:
                payment.status, payment.message = Payment.Status.DECLINED, message
                payment.save(update_fields=["status", "message"])
            return payment
        if order.status == Order.Status.AWAITING_PAYMENT and payment.status == Payment.Status.PENDING:
            payment.status = Payment.Status.PAID
            order.status, order.paid_at = Order.Status.PAID, timezone.now()
            order.save(update_fields=["status", "paid_at"])
            happened(order, OrderEvent.Kind.PAID)
            order_paid.send(Order, order=order)
        else:
            payment.status = Payment.Status.REFUNDED
            payment.message = "The order did not await this payment any more: the money goes back."
            transaction.on_commit(partial(PROVIDERS[payment.provider].refund, payment))
        payment.save(update_fields=["status", "message"])
    logger.info("payment_settled", order=order.number, status=payment.status)
    return payment
