"""The offline test provider: every path of a payment can be walked without a network, and no money moves."""

import json
from collections.abc import Mapping
from datetime import timedelta

import requests
import structlog
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from shop.checkout import outbox
from shop.checkout.models import OutboxMessage, Payment, Refund
from shop.checkout.providers import signatures
from shop.checkout.providers.interface import Forged, News, Outcome

logger = structlog.get_logger(__name__)

SIGNATURE_HEADER = "Test-Signature"
ANSWERS_AFTER = timedelta(seconds=5)


class TestProvider:
    """Moves no money. The shopper chooses what happens."""

    __test__ = False  # its name is no invitation to pytest
    name = "test"

    @property
    def choices(self) -> Mapping[str, str]:
        return {
            "approve": _("Test card that pays"),
            "ask": _("Test card that asks your bank first"),
            "later": _("Test bank that answers after some seconds"),
            "decline": _("Test card that is declined"),
        }

    def start(self, payment: Payment, choice: str) -> Outcome:
        match choice:
            case "approve":
                return Outcome("paid")
            case "ask":
                return Outcome(
                    "redirect", url=reverse("payment_bank", args=[payment.order.number, payment.reference])
                )
            case "later":
                outbox.put(OutboxMessage.Kind.BANK, payment=payment, due_at=timezone.now() + ANSWERS_AFTER)
                return Outcome("waiting")
            case "decline":
                return Outcome("declined", _("The card was declined. Nothing was charged: try another one."))
        raise ValueError(f"{choice!r} is none of {', '.join(self.choices)}")

    def look(self, payment: Payment) -> News | None:
        return None  # the bank's page and its message are the only ones who know

    def refund(self, refund: Refund) -> None:
        logger.info("test_payment_refunded", refund=refund.key, amount=str(refund.amount))

    def read(self, body: bytes, headers: Mapping[str, str]) -> News:
        signatures.check(_secret(), body, headers.get(SIGNATURE_HEADER, ""))
        try:
            told = json.loads(body)
            return News(told["id"], "payment", reference=told["reference"], is_paid=told["is_paid"] is True)
        except (ValueError, KeyError, TypeError) as error:
            raise Forged("The message makes no sense.") from error

    def answer(self, message: OutboxMessage) -> None:
        """Be the bank: tell the shop over HTTP that the payment has come, twice, as real providers sometimes do."""
        body, headers = message_about(message.payment)
        for _again in range(2):
            url = f"{settings.SHOP_URL}{reverse('payment_webhook', args=[self.name])}"
            requests.post(url, data=body, headers=headers, timeout=10).raise_for_status()


def message_about(payment: Payment, *, is_paid: bool = True) -> tuple[bytes, dict[str, str]]:
    """The test bank's message: body and signed headers."""
    told = {"id": f"test-{payment.pk}-{is_paid}", "reference": payment.reference, "is_paid": is_paid}
    body = json.dumps(told).encode()
    return body, {"Content-Type": "application/json", SIGNATURE_HEADER: signatures.signed(_secret(), body)}


def _secret() -> str:
    return salted_hmac("shop.checkout.offline_bank", "webhook", algorithm="sha256").hexdigest()
