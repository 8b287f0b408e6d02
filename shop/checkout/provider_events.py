"""Messages of payment providers: each is believed only with its signature, and counts once."""

from collections.abc import Mapping

import structlog
from django.db import transaction

from shop.checkout import refunding
from shop.checkout.models import Payment, ProviderEvent
from shop.checkout.payments import WrongAmount, settle
from shop.checkout.providers import PROVIDERS

logger = structlog.get_logger(__name__)


def receive(provider: str, body: bytes, headers: Mapping[str, str]) -> bool:
    """Do what a message says, together with the note that it was heard. False: it was heard before.

    Raises:
        KeyError: for a provider that this shop does not use.
        Forged: for a message that is not the provider's.
    """
    news = PROVIDERS[provider].read(body, headers)
    with transaction.atomic():
        # Two copies at once: the second waits at the unique key until the first is through.
        _, is_new = ProviderEvent.objects.get_or_create(
            provider=provider, event_id=news.event_id, defaults={"kind": news.kind[:100]}
        )
        if not is_new:
            return False
        if news.failed_refund is not None:
            refunding.note_failure(news.failed_refund, news.message)
        elif news.reference and news.is_paid is not None:
            try:
                settle(news.reference, is_paid=news.is_paid, message=news.message, amount=news.amount)
            except (
                Payment.DoesNotExist,
                WrongAmount,
            ) as error:  # another shop's, or a mistake: for people to see
                logger.error("provider_event_not_understood", provider=provider, error=str(error))
    return True
