"""What the till leaves to the worker."""

from celery import shared_task

from shop.checkout import carts, idempotency, mailing, placing


@shared_task(name="checkout.mail_order", autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def mail_order(order_id: int) -> None:
    """Confirm an order by mail."""
    mailing.mail_order(order_id)


@shared_task(name="checkout.mail_waiting_orders")
def mail_waiting_orders() -> None:
    """Confirm the orders whose mail could not be queued or sent when they were paid."""
    for order_id in mailing.waiting_orders():
        mail_order.delay_on_commit(order_id)


@shared_task(name="checkout.expire_unpaid_orders")
def expire_unpaid_orders() -> None:
    """Give the pieces of orders back that nobody paid in time."""
    placing.expire_unpaid_orders()


@shared_task(name="checkout.tidy_up")
def tidy_up() -> None:
    """Delete what nobody will ask for again: bags of visitors long gone, old idempotency keys."""
    carts.forget_visitors_carts()
    idempotency.forget_old_answers()
