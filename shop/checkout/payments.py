"""Paying an order, through providers that all look alike.

A payment exists as *pending* before anything is asked of a provider. Whatever brings the answer (the call itself,
the shopper's return from the bank, a message of the provider) ends in ``settle``, which locks the order and may be
called any number of times.
"""

import uuid
from decimal import Decimal

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.checkout import invoicing, refunding
from shop.checkout.models import Order, OrderEvent, Payment
from shop.checkout.providers import PROVIDERS, Outcome, Provider, ProviderRefused, till_provider
from shop.checkout.signals import order_paid
from shop.checkout.timeline import happened

logger = structlog.get_logger(__name__)


class NotPayable(Exception):
    """The order does not await payment; ``str(error)`` is a sentence for the shopper."""


class WrongAmount(Exception):
    """A provider tells of another amount than was asked for. Nothing was changed."""


def new_token() -> str:
    """Names one attempt to pay: the form carries it, so that a double click is one attempt."""
    return uuid.uuid4().hex


def pay(order: Order, choice: str, token: str, provider: Provider | None = None) -> Outcome:
    """Make one attempt to pay ``order``. The same ``token`` again asks nobody again.

    Raises:
        NotPayable: when the order is paid or cancelled.
        ValueError: for a choice that the provider does not offer.
    """
    provider = provider or till_provider()
    if choice not in provider.choices:
        raise ValueError(f"{choice!r} is none of {', '.join(provider.choices)}")
    payment, is_new = _open(order, token, provider)
    if not is_new:
        return outcome_of(payment)
    if not payment.amount:  # a discount has paid for all of it: nobody need be asked
        return outcome_of(settle(payment.reference, is_paid=True))
    try:
        outcome = provider.start(payment, choice)
    except (OSError, ProviderRefused) as error:
        logger.error("payment_not_started", order=order.number, provider=provider.name, error=str(error))
        sentence = _("The payment service does not answer. Nothing was charged: try again in a moment.")
        return outcome_of(settle(payment.reference, is_paid=False, message=sentence))
    if outcome.state in ("redirect", "waiting"):
        Payment.objects.filter(pk=payment.pk).update(url=outcome.url, provider_reference=outcome.reference)
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
            status=Payment.Status.DECLINED, message=_("Another attempt to pay was started.")
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
        return _(
            "This order was cancelled and its pieces went back on the shelf. Put them into your bag again to order."
        )
    return _("This order is paid already. You need not do anything.")


def outcome_of(payment: Payment) -> Outcome:
    """What a payment has come to so far."""
    match payment.status:
        case Payment.Status.PAID:
            return Outcome("paid")
        case Payment.Status.PENDING if payment.url:
            return Outcome("redirect", url=payment.url)
        case Payment.Status.PENDING:
            return Outcome("waiting")
    return Outcome("declined", payment.message)


def look(payment: Payment) -> Payment:
    """Ask the provider what has become of a pending payment, and write it down. For a shopper who comes back from the
    bank before the provider's own message does."""
    if payment.status != Payment.Status.PENDING:
        return payment
    try:
        news = PROVIDERS[payment.provider].look(payment)
    except (OSError, ProviderRefused) as error:
        logger.warning("payment_not_looked_at", reference=payment.reference, error=str(error))
        return payment
    if news is None or news.is_paid is None:
        return payment
    return settle(payment.reference, is_paid=news.is_paid, message=news.message, amount=news.amount)


def settle(reference: str, *, is_paid: bool, message: str = "", amount: Decimal | None = None) -> Payment:
    """Write down how a payment ended. Safe to call twice, late, and from two places at once.

    Money that comes for an order which no longer awaits it (cancelled meanwhile, or paid by a later attempt) goes
    straight back.

    Raises:
        Payment.DoesNotExist: for an unknown reference.
        WrongAmount: when ``amount`` is told and is not what was asked for.
    """
    with transaction.atomic():
        order_id = Payment.objects.values_list("order_id", flat=True).get(reference=reference)
        order = Order.objects.select_for_update().get(pk=order_id)
        payment = Payment.objects.select_related("order").get(reference=reference)
        if payment.status in (Payment.Status.PAID, Payment.Status.REFUNDED):
            return payment
        if not is_paid:
            if payment.status == Payment.Status.PENDING:
                payment.status, payment.message = Payment.Status.DECLINED, message[:200]
                payment.save(update_fields=["status", "message"])
            return payment
        if amount is not None and amount != payment.amount:
            raise WrongAmount(f"{reference}: {amount} instead of {payment.amount}")
        if order.status == Order.Status.AWAITING_PAYMENT and payment.status == Payment.Status.PENDING:
            payment.status = Payment.Status.PAID
            payment.save(update_fields=["status"])
            order.status, order.paid_at = Order.Status.PAID, timezone.now()
            order.save(update_fields=["status", "paid_at"])
            happened(order, OrderEvent.Kind.PAID)
            order_paid.send(Order, order=order)
            invoicing.issue_invoice(order)  # last: everybody who pays waits for its counter
        else:
            sentence = _("The order did not await this payment any more: the money goes back.")
            payment.message = sentence
            payment.save(update_fields=["message"])
            refunding.give_back(payment, payment.amount, reason=sentence, is_stray=True)
    logger.info("payment_settled", order=order.number, status=payment.status)
    return payment
