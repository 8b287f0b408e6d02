"""Handing over what lies in the outbox."""

import http.client
from collections.abc import Callable, Mapping

import structlog
from django.db import transaction
from django.utils import timezone

from shop.checkout import mailing, outbox, refunding, webhooks
from shop.checkout.models import OutboxMessage
from shop.checkout.providers import PROVIDERS
from shop.checkout.webhooks import NotDelivered

logger = structlog.get_logger(__name__)


def _bank_answers(message: OutboxMessage) -> None:
    PROVIDERS[message.payment.provider].answer(message)


# What each kind of message takes. A carrier returns when it is handed over and raises otherwise.
CARRIERS: Mapping[str, Callable[[OutboxMessage], None]] = {
    OutboxMessage.Kind.MAIL: mailing.send,
    OutboxMessage.Kind.WEBHOOK: webhooks.send,
    OutboxMessage.Kind.REFUND: refunding.hand_over,
    OutboxMessage.Kind.BANK: _bank_answers,
}


def deliver(message_id: int) -> bool:
    """Hand one message over. False: it is not due, somebody else is at it, or it failed and comes again later.

    The row stays locked while it is handed over, and what marks it is committed with the lock: no two workers hand
    the same message over.

    Raises:
        Exception: what is no failure of others, but a mistake of ours. The message comes again all the same.
    """
    try:
        with transaction.atomic():
            message = (
                OutboxMessage.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related("event__order", "endpoint", "refund__payment", "payment")
                .filter(pk=message_id, state=OutboxMessage.State.WAITING, due_at__lte=timezone.now())
                .first()
            )
            if message is None:
                return False
            CARRIERS[message.kind](message)
            message.state, message.done_at = OutboxMessage.State.DONE, timezone.now()
            message.attempts += 1
            message.error = ""
            message.save(update_fields=["state", "done_at", "attempts", "error"])
    except (OSError, http.client.HTTPException, NotDelivered) as error:
        _failed(message_id, str(error) or type(error).__name__)
        return False
    except Exception as error:
        _failed(message_id, f"{type(error).__name__}: {error}")
        raise
    return True


def _failed(message_id: int, why: str) -> None:
    with transaction.atomic():
        message = (
            OutboxMessage.objects.select_for_update(of=("self",))
            .select_related("endpoint")
            .get(pk=message_id)
        )
        outbox.postpone(message, why)
        if message.endpoint:
            webhooks.note_failure(message.endpoint)
    logger.warning("message_not_delivered", message=message_id, kind=message.kind, error=why)
