"""Telling the owner's own systems what happens to orders.

Messages are signed as https://www.standardwebhooks.com has it: ``webhook-id`` stays the same when a message comes
again, ``webhook-signature`` is ``v1,`` and the base64 of HMAC-SHA256 over ``id.timestamp.body``.
"""

import base64
import binascii
import hashlib
import hmac
import json
import ssl
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from shop.checkout.models import Order, OutboxMessage, WebhookEndpoint
from vision.collecting.fetching import CheckedConnection, Deadline
from vision.collecting.network import Network, Refused, check_address

logger = structlog.get_logger(__name__)

SECONDS = 10.0
DISABLED_AFTER = timedelta(days=3)


class NotDelivered(Exception):
    """The other side did not take it; ``str(error)`` says why."""


def send(message: OutboxMessage) -> None:
    """Post a message to its endpoint.

    Raises:
        NotDelivered: unless the answer is 2xx. Redirects are not followed: they would choose the address.
        OSError, http.client.HTTPException: when nobody answers as a web server does.
    """
    endpoint = message.endpoint
    if not endpoint.is_active:
        raise NotDelivered("The endpoint is switched off.")
    body = json.dumps(body_of(message), cls=DjangoJSONEncoder).encode()
    message_id, stamp = f"msg_{message.pk}", str(int(timezone.now().timestamp()))
    status = _post(
        endpoint.url,
        body,
        {
            "Content-Type": "application/json",
            "User-Agent": f"{settings.SHOP_NAME} webhooks",
            "webhook-id": message_id,
            "webhook-timestamp": stamp,
            "webhook-signature": signature(endpoint.secret, message_id, stamp, body),
        },
    )
    if not 200 <= status < 300:
        raise NotDelivered(f"The endpoint answered {status}.")
    if endpoint.failing_since:
        endpoint.failing_since = None
        endpoint.save(update_fields=["failing_since"])


def signature(secret: str, message_id: str, stamp: str, body: bytes) -> str:
    """The value of ``webhook-signature``. A secret that is no ``whsec_`` base64 counts as the text it is."""
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        key = secret.encode()
    signed = b".".join([message_id.encode(), stamp.encode(), body])
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def body_of(message: OutboxMessage) -> dict[str, Any]:
    """What is posted: the event as it was, the order as it is now. Without an event it is a trial."""
    event = message.event
    if event is None:
        return {"type": "ping", "timestamp": message.created_at, "data": {}}
    data = {"event": event.kind, "details": event.details, "order": _order(event.order)}
    return {"type": f"order.{event.kind}", "timestamp": event.at, "data": data}


def _order(order: Order) -> dict[str, Any]:
    fields = (
        "number",
        "status",
        "email",
        "currency",
        "subtotal",
        "shipping",
        "total",
        "created_at",
        "paid_at",
    )
    address = ("name", "street", "extra", "postcode", "city", "country", "phone")
    lines = ("sku", "name", "size", "colour", "quantity", "price")
    return {
        **{name: getattr(order, name) for name in fields},
        "deliver_to": {name: getattr(order, name) for name in address},
        "lines": [{name: getattr(line, name) for name in lines} for line in order.lines.all()],
    }


def note_failure(endpoint: WebhookEndpoint) -> None:
    """Remember since when an endpoint fails, and switch it off when that has lasted for ``DISABLED_AFTER``."""
    now = timezone.now()
    if endpoint.failing_since is None:
        endpoint.failing_since = now
    elif endpoint.is_active and now - endpoint.failing_since >= DISABLED_AFTER:
        endpoint.is_active = False
        logger.error("webhook_switched_off", endpoint=endpoint.url, failing_since=endpoint.failing_since)
    endpoint.save(update_fields=["failing_since", "is_active"])


def network() -> Network:
    """Connections to public addresses only, unless the operator allows others."""
    return Network(allow_private=settings.WEBHOOKS_ALLOW_PRIVATE)


def check_url(url: str) -> None:
    """Whether messages may go there.

    Raises:
        Refused: for no https (plain http only while private addresses are allowed), a name that leads into a private
            network, or a server that does not answer.
    """
    parts = check_address(url)
    if parts.scheme != "https" and not settings.WEBHOOKS_ALLOW_PRIVATE:
        raise Refused("Orders hold addresses of people: give an address with https://.")
    network().connect(parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80), 3).close()


def _post(url: str, body: bytes, headers: dict[str, str]) -> int:
    try:
        parts = check_address(url)
        connection = CheckedConnection(network(), parts, SECONDS, ssl.create_default_context())
        try:
            connection.connect()
            with Deadline(connection.sock, SECONDS) as deadline:
                target = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
                connection.request("POST", target, body=body, headers=headers)
                status = connection.getresponse().status
            if deadline.passed:
                raise NotDelivered(f"The endpoint took longer than {SECONDS:.0f} seconds.")
        finally:
            connection.close()
    except Refused as refusal:
        raise NotDelivered(str(refusal)) from refusal
    return status
