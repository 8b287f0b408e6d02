"""What the till leaves to the worker."""

from celery import shared_task

from shop.checkout import carts, delivering, idempotency, outbox, placing


@shared_task(name="checkout.deliver_message")
def deliver_message(message_id: int) -> None:
    """Hand a mail or a webhook over. What fails comes again with the sweep."""
    delivering.deliver(message_id)


@shared_task(name="checkout.deliver_waiting_messages")
def deliver_waiting_messages() -> None:
    """Find the messages that failed before, or that could not be queued when they were written."""
    for message_id in outbox.due_messages():
        deliver_message.delay_on_commit(message_id)


@shared_task(name="checkout.expire_unpaid_orders")
def expire_unpaid_orders() -> None:
    """Give the pieces of orders back that nobody paid in time."""
    placing.expire_unpaid_orders()


@shared_task(name="checkout.tidy_up")
def tidy_up() -> None:
    """Delete what nobody will ask for again: bags of visitors long gone, old idempotency keys, delivered messages."""
    carts.forget_visitors_carts()
    idempotency.forget_old_answers()
    outbox.forget_delivered()
