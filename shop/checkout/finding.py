"""The way to an order for who has lost the mail: sent to the order's own address, and told to nobody else."""

from django.core.cache import cache

from shop.checkout import outbox
from shop.checkout.models import Order, OutboxMessage

ASKS_PER_HOUR = 10  # from one address of the network
MAILS_PER_HOUR = 3  # to one mailbox, whoever asks


def may_ask(client: str) -> bool:
    """Count one more question from ``client``, a network address; False when there were too many within the hour."""
    return _count(f"find-order-from-{client}") <= ASKS_PER_HOUR


def mail_the_way(email: str, number: str) -> bool:
    """Mail the link of the order ``number`` to ``email``, if it is that order's address.

    Returns whether a mail was written, for tests and logs alone: who asks must not learn it, since it would tell who
    has ordered here.
    """
    order = Order.objects.filter(number=number.strip().upper(), email__iexact=email.strip()).first()
    if order is None or _count(f"find-order-for-{order.pk}") > MAILS_PER_HOUR:
        return False
    outbox.put(OutboxMessage.Kind.MAIL, order=order)
    return True


def _count(key: str) -> int:
    cache.add(key, 0, 60 * 60)
    try:
        return cache.incr(key)
    except ValueError:  # the hour ended between the two calls
        return 1
