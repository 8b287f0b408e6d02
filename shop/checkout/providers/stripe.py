"""Stripe, by its Checkout pages: https://docs.stripe.com/api/checkout/sessions, over plain HTTPS.

The shopper pays on a page of Stripe's, so that no card number comes near the shop. Only used where
``STRIPE_SECRET_KEY`` is set.
"""

import json
import time
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import requests
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from shop.checkout.models import OutboxMessage, Payment, Refund
from shop.checkout.providers import signatures
from shop.checkout.providers.interface import Forged, News, Outcome, ProviderRefused

API = "https://api.stripe.com"
VERSION = "2024-06-20"
SECONDS = 20
# Stripe counts these in whole units: https://docs.stripe.com/currencies#zero-decimal
WITHOUT_CENTS = frozenset(
    [
        *("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA"),
        *("PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"),
    ]
)
_ENDS_AFTER = (
    31 * 60
)  # seconds; Stripe keeps a page open for 30 minutes at least, which is also our time to pay


class Stripe:
    """A Stripe account. ``api`` is another address in tests only."""

    name = "stripe"

    def __init__(self, secret_key: str, webhook_secret: str, api: str = API) -> None:
        self._secret_key = secret_key
        self._webhook_secret = webhook_secret
        self._api = api

    @property
    def choices(self) -> Mapping[str, str]:
        return {"card": _("Card, wallet or bank, on the page of Stripe")}

    def start(self, payment: Payment, choice: str) -> Outcome:
        back = (
            f"{settings.SHOP_URL}{reverse('payment_return', args=[payment.order.number, payment.reference])}"
        )
        session = self._ask(
            "POST",
            "/v1/checkout/sessions",
            key=payment.reference,
            data={
                "mode": "payment",
                "client_reference_id": payment.reference,
                "customer_email": payment.order.email,
                "success_url": back,
                "cancel_url": back,
                "expires_at": int(time.time()) + _ENDS_AFTER,
                "line_items[0][quantity]": 1,
                "line_items[0][price_data][currency]": payment.currency.lower(),
                "line_items[0][price_data][unit_amount]": in_units(payment.amount, payment.currency),
                "line_items[0][price_data][product_data][name]": f"{settings.SHOP_NAME} {payment.order.number}",
                "payment_intent_data[metadata][reference]": payment.reference,
            },
        )
        return Outcome("redirect", url=session["url"], reference=session["id"])

    def look(self, payment: Payment) -> News | None:
        if not payment.provider_reference:
            return None
        session = self._ask("GET", f"/v1/checkout/sessions/{payment.provider_reference}")
        return _news_of_session(session, f"look-{session['id']}", "look")

    def refund(self, refund: Refund) -> None:
        payment = refund.payment
        session = self._ask("GET", f"/v1/checkout/sessions/{payment.provider_reference}")
        self._ask(
            "POST",
            "/v1/refunds",
            key=refund.key,
            data={
                "payment_intent": session["payment_intent"],
                "amount": in_units(refund.amount, payment.currency),
                "metadata[refund]": refund.pk,
            },
        )

    def read(self, body: bytes, headers: Mapping[str, str]) -> News:
        signatures.check(self._webhook_secret, body, headers.get("Stripe-Signature", ""))
        try:
            event = json.loads(body)
            event_id, kind, about = event["id"], event["type"], event["data"]["object"]
            if kind.startswith("checkout.session."):
                return _news_of_session(about, event_id, kind) or News(event_id, kind)
            if kind in {"refund.failed", "refund.updated", "charge.refund.updated"} and (
                about.get("status") in {"failed", "canceled"}
            ):
                ours = str(about.get("metadata", {}).get("refund", ""))
                why = str(about.get("failure_reason") or about["status"])
                return News(event_id, kind, message=why, failed_refund=int(ours) if ours.isdigit() else None)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Forged("The message makes no sense.") from error
        return News(event_id, kind)

    def answer(self, message: OutboxMessage) -> None:
        raise ValueError("Stripe puts nothing into our outbox.")

    def _ask(
        self, method: str, path: str, *, key: str = "", data: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Ask Stripe. ``key``: asked again with the same one, it answers again and does nothing more.

        Raises:
            OSError: when Stripe is away, busy (429), or still at the first call with this key (409).
            ProviderRefused: for a request that it understands and refuses.
        """
        headers = {"Authorization": f"Bearer {self._secret_key}", "Stripe-Version": VERSION}
        if key:
            headers["Idempotency-Key"] = key
        response = requests.request(
            method, f"{self._api}{path}", data=data, headers=headers, timeout=SECONDS, allow_redirects=False
        )
        if response.status_code in {409, 429} or response.status_code >= 500:
            raise ConnectionError(f"Stripe answered {response.status_code}.")
        try:
            answer = response.json()
        except ValueError as error:
            raise ConnectionError("Stripe's answer is no JSON.") from error
        if response.status_code >= 300:
            raise ProviderRefused(
                answer.get("error", {}).get("message") or f"Stripe answered {response.status_code}."
            )
        return answer


def in_units(amount: Decimal, currency: str) -> int:
    """An amount as Stripe counts it: cents, or whole units where the currency has no cents."""
    return int(amount if currency in WITHOUT_CENTS else amount * 100)


def _news_of_session(session: Mapping[str, Any], event_id: str, kind: str) -> News | None:
    """What a Checkout session tells of its payment; None while it is open, or complete and not paid yet."""
    reference = session.get("client_reference_id") or ""
    if session.get("payment_status") == "paid":
        currency = str(session["currency"]).upper()
        amount = Decimal(session["amount_total"]) / (1 if currency in WITHOUT_CENTS else 100)
        return News(event_id, kind, reference, is_paid=True, amount=amount)
    if kind == "checkout.session.async_payment_failed":
        return News(
            event_id,
            kind,
            reference,
            is_paid=False,
            message=_("Your bank did not agree. Nothing was charged."),
        )
    if session.get("status") == "expired":
        return News(
            event_id, kind, reference, is_paid=False, message=_("The payment page was open for too long.")
        )
    return None
